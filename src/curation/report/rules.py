"""The rules in words, as `validate.py --list-rules` and `--explain` print them."""

from __future__ import annotations

from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import did_you_mean


def list_rules() -> str:
    """Return one line per rule: id, severity and statement."""
    return "\n".join(f"{each.id:<26}{each.severity:<9}{each.statement}" for each in catalogue())


def explain(rule: str) -> str:
    """Return what a rule requires and what to do about a finding.

    Raises
    ------
    LookupError
        If there is no such rule; the message suggests the nearest one.
    """
    entries = {each.id: each for each in catalogue()}
    if rule not in entries:
        hint = did_you_mean(rule, entries)
        raise LookupError(f"there is no rule {rule!r}" + (f" ({hint})" if hint else ""))
    entry = entries[rule]
    tables = f" on {', '.join(entry.tables)}" if entry.tables else ""
    return f"{entry.id} ({entry.severity}, {entry.group}{tables})\n{entry.statement}\nWhat to do: {entry.hint}"
