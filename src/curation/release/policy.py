"""The version policy: which bump a difference requires, and why. docs/RELEASING.md states it for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

from curation.release.diff import Diff, Kind, Row, TableDiff
from curation.report.counts import first_names, numbered
from russia_dprk_claims.releases import Version

FIRST = Version(1, 0, 0)
# The cell that withdraws a row. The row stays, so that citations resolve, but no longer counts.
WITHDRAWN = ("record_status", "withdrawn")


class Bump(IntEnum):
    """The part of the version that a change raises."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


BUMPS: Mapping[Kind, Bump] = {
    **dict.fromkeys(Kind, Bump.MAJOR),
    Kind.VALUE_ADDED: Bump.MINOR,
    Kind.REWORDED: Bump.PATCH,
}


class RequiredBump(NamedTuple):
    """The bump that one part of a difference requires, and that part in words."""

    bump: Bump
    reason: str


def required_bumps(diff: Diff) -> list[RequiredBump]:
    """Return the bumps that a difference requires, the largest first."""
    found = [RequiredBump(BUMPS[each.kind], str(each)) for each in diff.contract]
    found += [each for table in diff.tables for each in _of_rows(table)]
    return sorted(found, key=lambda each: -each.bump)


def required_bump(diff: Diff) -> Bump:
    """Return the largest bump that a difference requires."""
    return max((each.bump for each in required_bumps(diff)), default=Bump.NONE)


def least_version(previous: Version, bump: Bump) -> Version:
    """Return the lowest version for a bump from the last release.

    >>> str(least_version(Version(1, 9, 3), Bump.MINOR))
    '1.10.0'
    """
    if bump is Bump.MAJOR:
        return Version(previous.major + 1, 0, 0)
    if bump is Bump.MINOR:
        return Version(previous.major, previous.minor + 1, 0)
    return Version(previous.major, previous.minor, previous.patch + 1)


def _of_rows(table: TableDiff) -> Iterator[RequiredBump]:
    """Yield the bumps that the rows of a table require.

    Only a row with an id can be cited, so only its removal is a loss. Removing a row of a link table is a correction.
    """
    noun, removal = ("id", Bump.MAJOR) if table.has_ids else ("row", Bump.PATCH)
    for bump, rows, unit, what in (
        (removal, table.removed, noun, "removed"),
        (Bump.MAJOR, [each for each in table.changed if _is_withdrawn(each)], "id", "withdrawn"),
        (Bump.MINOR, table.added, "row", "added"),
        (Bump.PATCH, [each for each in table.changed if not _is_withdrawn(each)], "row", "corrected"),
    ):
        if rows:
            names = first_names([each.row for each in rows])
            yield RequiredBump(bump, f"{table.table}: {numbered(len(rows), unit)} {what} ({names})")


def _is_withdrawn(row: Row) -> bool:
    column, value = WITHDRAWN
    return column in row.cells and row.cells[column][1] == value
