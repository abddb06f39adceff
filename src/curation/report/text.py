"""Text for people: findings, one on each line, and the rules in words."""

from __future__ import annotations

from collections.abc import Sequence

from curation.report.escape import for_display
from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import Finding, Severity, did_you_mean


def write_plain(findings: Sequence[Finding]) -> str:
    """Return `path:line:column: rule: message (hint)` for each finding, as compilers do; a warning says so first."""
    marks = {Severity.ERROR: "", Severity.WARNING: "warning: "}
    return "".join(f"{marks[each.severity]}{for_display(each)}\n" for each in findings)


def rule_list() -> str:
    """Return one line per rule: id, severity and statement."""
    return "\n".join(f"{each.id:<26}{each.severity:<9}{each.statement}" for each in catalogue())


def explain_rule(rule: str) -> str:
    """Return what a rule requires and what to do about a finding; a LookupError suggests the nearest rule."""
    entries = {each.id: each for each in catalogue()}
    if rule not in entries:
        hint = did_you_mean(rule, entries)
        raise LookupError(f"there is no rule {rule!r}" + (f" ({hint})" if hint else ""))
    entry = entries[rule]
    tables = f" on {', '.join(entry.tables)}" if entry.tables else ""
    return f"{entry.id} ({entry.severity}, {entry.group}{tables})\n{entry.statement}\nWhat to do: {entry.hint}"
