"""Judgements: what is found in a package, and how far suspect rows are looked into."""

from __future__ import annotations

from dataclasses import dataclass

from russia_dprk_claims.findings import Finding

MOST_JUDGED = 10_000
"""How many suspect rows are judged; what is wrong in more of them is the same mistake over and over."""
FEW_ROWS = 20_000
"""A package with fewer rows is an excerpt of itself."""


@dataclass(frozen=True)
class Limits:
    """How many suspect rows are judged, and up to how many rows a package is judged as a whole where it has any."""

    judged: int = MOST_JUDGED
    few_rows: int = FEW_ROWS


@dataclass(frozen=True)
class Judgement:
    """What was found in a package, how many rows each table has, and how many more rows are suspect."""

    findings: list[Finding]
    rows: dict[str, int]
    more: int = 0
