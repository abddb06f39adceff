"""The policy: how far a difference must raise the version, and why. docs/RELEASING.md says the same to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from curation.release.contract_diff import Kind
from curation.release.diff import ChangedRow, Diff, TableDiff
from curation.release.versions import FIRST, Bump, raised
from russia_dprk_claims.releases import Version

# The cell that withdraws a row: it stays, so that a citation of it resolves, and no longer counts.
WITHDRAWN = ("record_status", "withdrawn")

LEVELS: Mapping[Kind, Bump] = {
    Kind.TABLE_REMOVED: Bump.MAJOR,
    Kind.TABLE_RENAMED: Bump.MAJOR,
    Kind.TABLE_ADDED: Bump.MAJOR,
    Kind.COLUMN_REMOVED: Bump.MAJOR,
    Kind.COLUMN_RENAMED: Bump.MAJOR,
    Kind.COLUMN_ADDED: Bump.MAJOR,
    Kind.COLUMNS_REORDERED: Bump.MAJOR,
    Kind.COLUMN_RETYPED: Bump.MAJOR,
    Kind.KEY_CHANGED: Bump.MAJOR,
    Kind.VALUE_REMOVED: Bump.MAJOR,
    Kind.VALUES_REORDERED: Bump.MAJOR,
    Kind.VALUE_ADDED: Bump.MINOR,
    Kind.REWORDED: Bump.PATCH,
}

_NAMED = 3


@dataclass(frozen=True)
class RequiredBump:
    """What one part of a difference demands, and the part in words."""

    level: Bump
    why: str


def required_bumps(diff: Diff) -> tuple[RequiredBump, ...]:
    """Return what a difference demands, the weightiest first; nothing where nothing differs."""
    found = [RequiredBump(LEVELS[each.kind], str(each)) for each in diff.contract]
    found += [each for table in diff.tables for each in _of_rows(table)]
    return tuple(sorted(found, key=lambda each: -each.level))


def required_bump(diff: Diff) -> Bump:
    """Return the level of the weightiest change."""
    return max((each.level for each in required_bumps(diff)), default=Bump.NONE)


def least_version(previous: Version | None, level: Bump) -> Version:
    """Return the least version that a release may have.

    Parameters
    ----------
    previous
        The version of the last release; None before the first.
    level
        What the difference from it demands.
    """
    return FIRST if previous is None else raised(previous, level)


def _of_rows(table: TableDiff) -> Iterator[RequiredBump]:
    """Yield what the rows of a table demand.

    Only a row with an id can be cited, so only there is it a loss that it goes. A row of a link table that goes
    corrects what it was about.
    """
    if table.removed:
        names = [each.row for each in table.removed]
        if table.has_ids:
            yield RequiredBump(Bump.MAJOR, f"{table.table}: {_told(names, 'id gone', 'ids gone')}")
        else:
            yield RequiredBump(Bump.PATCH, f"{table.table}: {_told(names, 'row taken out', 'rows taken out')}")
    withdrawn = [each.row for each in table.changed if _is_withdrawn(each)]
    if withdrawn:
        yield RequiredBump(Bump.MAJOR, f"{table.table}: {_told(withdrawn, 'id withdrawn', 'ids withdrawn')}")
    if table.added:
        names = [each.row for each in table.added]
        yield RequiredBump(Bump.MINOR, f"{table.table}: {_told(names, 'row added', 'rows added')}")
    corrected = [each.row for each in table.changed if not _is_withdrawn(each)]
    if corrected:
        yield RequiredBump(Bump.PATCH, f"{table.table}: {_told(corrected, 'row corrected', 'rows corrected')}")


def _is_withdrawn(row: ChangedRow) -> bool:
    return any((each.column, each.after) == WITHDRAWN for each in row.cells)


def _told(names: Sequence[str], one: str, many: str) -> str:
    """Return how many rows there are, the first of them by name."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{len(names)} {one if len(names) == 1 else many} ({', '.join(names[:_NAMED])}{more})"
