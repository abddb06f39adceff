"""Registries, such as `seeds/actors.yaml`, are sorted by id, so that two contributions seldom add rows at one place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables, cell_finding
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.files import LIMITS

RULE = "registry-order"


def is_registry(table: Table) -> bool:
    """Return whether the rows of a table are in a list of their own and have ids in words, such as ACT-coast-guard."""
    pattern = table.by_name[table.primary_key[0]].pattern
    return not table.nesting and len(table.primary_key) == 1 and "[a-z" in (pattern or "")


def check_order(contract: Contract, tables: TextTables, invalid: Invalid) -> Iterator[Finding]:
    """Yield a finding for each row of a registry that must move to put the ids of its file in order."""
    for table in filter(is_registry, contract):
        rows, (key,) = tables[table.name], table.primary_key
        files: dict[str, list[int]] = {}
        for row, id_ in enumerate(rows.cells[key]):
            if id_ and (table.name, row, key) not in invalid:
                files.setdefault(rows.locator.locate(row, None).path, []).append(row)
        for numbers in files.values():
            yield from _misplaced(table, rows, numbers)


def _misplaced(table: Table, rows: TextTable, numbers: Sequence[int]) -> Iterator[Finding]:
    """Yield a finding for each of some rows that must move; beyond the limit they are only counted."""
    (key,) = table.primary_key
    ids = [rows.cells[key][row] or "" for row in numbers]
    kept = _longest_in_order(ids)
    after = [ids[each] for each in kept]
    wrong = sorted({*range(len(ids))} - {*kept})
    for place in wrong[: LIMITS.findings]:
        at = bisect_right(after, ids[place])
        line = rows.locator.locate(numbers[kept[min(at, len(kept) - 1)]], None).line
        where = f"before {after[at]} in line {line}" if at < len(kept) else f"after {after[-1]} in line {line}"
        message, hint = f"{ids[place]} is not in the order of the ids", f"move it {where}"
        yield cell_finding(table, rows, numbers[place], key, rule=RULE, message=message, hint=hint)
    if more := wrong[LIMITS.findings :]:
        message, hint = f"{len(more):,} more rows are not in the order of the ids", "sort the rows by id"
        yield finding(RULE, rows.locator.locate(numbers[more[0]], key), message, hint=hint, table=table.name)


def _longest_in_order(ids: Sequence[str]) -> list[int]:
    """Return the places of the most ids that are in order, so that the others are those that must move."""
    last: list[int] = []  # the place of the lowest id at which a run of each length can end
    before: list[int | None] = []
    for place, id_ in enumerate(ids):
        length = bisect_left(last, id_, key=lambda each: ids[each])
        before.append(last[length - 1] if length else None)
        last[length : length + 1] = [place]
    run = []
    at = last[-1] if last else None
    while at is not None:
        run.append(at)
        at = before[at]
    return run[::-1]
