"""Counts of findings, and how reports word them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from russia_dprk_claims.checks.findings import Finding, Severity


def by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings of each severity, including zeros."""
    counts = Counter(each.severity for each in findings)
    return {str(each): counts[each] for each in Severity}


def by_rule(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings of each rule that has any, sorted by rule."""
    return dict(sorted(Counter(each.rule for each in findings).items()))


def tally(findings: Iterable[Finding]) -> str:
    """Return the counts in words, such as `1 error, 2 warnings`."""
    return ", ".join(numbered(number, noun) for noun, number in by_severity(findings).items())


def numbered(number: int, noun: str) -> str:
    """Return a number with its noun, as `1 finding` or `2 findings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def first_names(names: Sequence[str]) -> str:
    """Return the first three names of a list and the number of the others, as `a, b, c and 2 more`."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def first_finding(findings: Sequence[Finding]) -> str:
    """Return the first finding and the number of the others, as `… (and 2 more)`."""
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"{findings[0]}{more}"
