"""Reports: findings as text in one of several formats, which docs/FINDINGS.md describes; and the rules in words.

Every writer is a pure function: findings in, text out. Printing and uploading happen elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from curation.report.counts import by_rule, by_severity
from curation.report.escape import PATH_LIMIT, TEXT_LIMIT, TEXTS, encodable, for_display, truncate
from curation.report.github import write_github
from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import Finding, Severity, did_you_mean

FORMATS = ("text", "json", "github")
# Within a version, the fields of the JSON keep their names and meaning.
VERSION = 2


def write(format_: str, findings: Sequence[Finding]) -> str:
    """Return sorted findings in one of the `FORMATS`."""
    if format_ == "text":
        return write_plain(findings)
    if format_ == "json":
        return _json(findings)
    if format_ == "github":
        return write_github(findings)
    raise ValueError(f"unknown report format {format_!r}; use one of: {', '.join(FORMATS)}")


def write_plain(findings: Sequence[Finding]) -> str:
    """Return `path:line:column: rule: message (hint)` for each finding; a warning begins with `warning: `."""
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


def _json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON object, with invisible characters as JSON escapes."""
    rules = {_text(rule): number for rule, number in by_rule(findings).items()}
    report = {
        "version": VERSION,
        "counts": {"severity": by_severity(findings), "rule": rules},
        "findings": [_finding(each) for each in findings],
    }
    lines = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True).split("\n")
    return "".join(f"{_escaped(line)}\n" for line in lines)


def _escaped(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def _finding(finding: Finding) -> dict[str, object]:
    path, line, column = finding.location.path, finding.location.line, finding.location.column
    location = {"path": _text(path, PATH_LIMIT), "line": line or None, "column": column or None}
    texts = {name: _text(getattr(finding, name)) for name in ("severity", *TEXTS)}
    return {"location": location, **texts}


def _text(text: str, limit: int = TEXT_LIMIT) -> str:
    return encodable(truncate(text, limit))
