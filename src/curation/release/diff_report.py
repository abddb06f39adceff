"""Reports of a difference: for a terminal, as Markdown to paste into a changelog, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from curation.release.diff import ChangedRow, Diff, TableDiff, WholeRow
from curation.release.policy import RequiredBump, required_bump, required_bumps
from curation.report.escape import encodable, escape_controls, truncate
from curation.report.markdown import cell, table_lines

FORMATS = ("terminal", "markdown", "json")
CELL = 80
_EMPTY = "(empty)"
_NO_ROW = "No row is removed, changed or added."


def write(format_: str, diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return a difference in one of the `FORMATS`.

    Parameters
    ----------
    format_
        The name of the format.
    diff
        The difference.
    names
        What the two releases are called.
    limit
        How many rows of a table are shown of those removed, changed and added each; the counts are always whole.
        None shows all.
    """
    writers: dict[str, Callable[[Diff, tuple[str, str], int | None], str]] = {
        "terminal": write_terminal,
        "markdown": write_markdown,
        "json": write_json,
    }
    return writers[format_](diff, names, limit)


# --- for a terminal -----------------------------------------------------------------------------------------------


def write_terminal(diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return the counts, what changed in the contract, the rows with removals first, and what the version must be."""
    old, new = (escape_controls(truncate(each)) for each in names)
    if diff.is_same:
        return f"{old} and {new} are the same\n"
    lines = [f"from {old} to {new}", "", *_count_lines(diff), *_contract_lines(diff, limit)]
    for mark, rows in (("-", _removed), ("~", _changed_rows), ("+", _added)):
        for table in diff.tables:
            lines += _shown(list(rows(table)), limit, f"{mark} {table.table} ")
    lines += [
        "",
        f"this demands a {required_bump(diff)} version:",
        *(_demand_line(each) for each in required_bumps(diff)),
    ]
    return "\n".join(lines) + "\n"


def _count_lines(diff: Diff) -> Iterator[str]:
    width = max(len("table"), *(len(each.table) for each in diff.tables)) + 2
    yield f"{'table':<{width}}{'before':>8}{'removed':>9}{'changed':>9}{'added':>9}{'after':>8}"
    for each in diff.tables:
        if not each.is_same:
            numbers = f"{each.before:>8}{len(each.removed):>9}{len(each.changed):>9}{len(each.added):>9}{each.after:>8}"
            yield f"{each.table:<{width}}{numbers}"


def _contract_lines(diff: Diff, limit: int | None) -> Iterator[str]:
    if diff.contract:
        yield ""
        yield from _shown([str(each) for each in diff.contract], limit, "! ")


def _shown(lines: Sequence[str], limit: int | None, begin: str) -> Iterator[str]:
    yield from (begin + escape_controls(truncate(line)) for line in islice(lines, limit))
    if limit is not None and len(lines) > limit:
        yield f"{begin}… and {len(lines) - limit} more"


def _removed(table: TableDiff) -> Iterator[str]:
    return (each.row for each in table.removed)


def _added(table: TableDiff) -> Iterator[str]:
    return (each.row for each in table.added)


def _changed_rows(table: TableDiff) -> Iterator[str]:
    for row in table.changed:
        cells = (f"{each.column}: {_short(each.before)} → {_short(each.after)}" for each in row.cells)
        yield f"{row.row}  {'; '.join(cells)}"


def _short(text: str | None) -> str:
    return _EMPTY if text is None else truncate(text, CELL)


def _demand_line(demand: RequiredBump) -> str:
    return f"  {demand.level}: {escape_controls(truncate(demand.why))}"


# --- Markdown -----------------------------------------------------------------------------------------------------


def write_markdown(diff: Diff, _: tuple[str, str], limit: int | None) -> str:
    """Return the table of row counts for the changelog first, then what changed, as tables.

    Nothing that a cell says is read as Markdown or HTML. The releases are not named: the changelog's heading does it.
    """
    if diff.is_same:
        return "Nothing changed in the data.\n"
    numbers = [
        (each.table, *map(str, (each.before, len(each.removed), len(each.changed), len(each.added), each.after)))
        for each in diff.tables
        if not each.is_same
    ]
    header = ("table", "before", "removed", "changed", "added", "after")
    lines = [*table_lines(header, numbers, numbers=5)] if numbers else [_NO_ROW]
    lines += ["", f"This demands a {required_bump(diff)} version.", *_contract_section(diff, limit)]
    for each in diff.tables:
        lines += _table_sections(each, limit)
    return "\n".join(lines) + "\n"


def _contract_section(diff: Diff, limit: int | None) -> Iterator[str]:
    changes = [(each.table, each.column, str(each.kind), each.before, each.after) for each in diff.contract]
    return _section("The contract", ("table", "column", "change", "before", "after"), changes, limit)


def _table_sections(of: TableDiff, limit: int | None) -> Iterator[str]:
    yield from _section(f"{of.table}: removed", ("row",), [(each.row,) for each in of.removed], limit)
    cells = [cell for row in islice(of.changed, limit) for cell in _cells(row)]
    yield from _section(f"{of.table}: changed", ("row", "column", "before", "after"), cells, None)
    yield from _more(len(of.changed), limit)
    yield from _section(f"{of.table}: added", ("row",), [(each.row,) for each in of.added], limit)


def _cells(row: ChangedRow) -> Iterator[tuple[str, str, str, str]]:
    return ((row.row, each.column, each.before or _EMPTY, each.after or _EMPTY) for each in row.cells)


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], limit: int | None) -> Iterator[str]:
    if rows:
        yield from ("", f"### {cell(title)}", "", *table_lines(header, islice(rows, limit)))
        yield from _more(len(rows), limit)


def write_summary(diff: Diff, limit: int) -> Iterator[str]:
    """Yield the lines of a difference for who reviews it: what is removed from any table comes before all else.

    Parameters
    ----------
    diff
        The difference.
    limit
        How many lines a section has at the most.
    """
    tables = [each for each in diff.tables if not each.is_same]
    yield from ("## What changes in the data", "")
    if tables:
        counts = ((each.table, *map(str, map(len, (each.removed, each.changed, each.added)))) for each in tables)
        yield from table_lines(("table", "removed", "changed", "added"), counts, numbers=3)
    else:
        yield f"Nothing: {_NO_ROW[0].lower()}{_NO_ROW[1:]}"
    removed = [(each.table, row.row) for each in tables for row in each.removed]
    if removed:
        yield from ("", "A released row is withdrawn, never removed: each removal needs a reason.")
    yield from _contract_section(diff, limit)
    yield from _section("Removed", ("table", "row"), removed, limit)
    cells = [(each.table, *cell) for each in tables for row in each.changed for cell in _cells(row)]
    yield from _section("Changed", ("table", "row", "column", "before", "after"), cells, limit)
    added = [(each.table, row.row) for each in tables for row in each.added]
    yield from _section("Added", ("table", "row"), added, limit)


def _more(number: int, limit: int | None) -> Iterator[str]:
    if limit is not None and number > limit:
        yield from ("", f"… and {number - limit} more.")


# --- JSON ---------------------------------------------------------------------------------------------------------


def write_json(diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return the whole difference; where rows are left out, their number still stands."""
    content = {
        "old": encodable(names[0]),
        "new": encodable(names[1]),
        "same": diff.is_same,
        "demands": str(required_bump(diff)),
        "reasons": [{"level": str(each.level), "why": each.why} for each in required_bumps(diff)],
        "contract": [
            {
                "kind": str(each.kind),
                "table": each.table,
                "column": each.column,
                "before": each.before,
                "after": each.after,
            }
            for each in diff.contract
        ],
        "tables": [_json_table(each, limit) for each in diff.tables],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _json_table(table: TableDiff, limit: int | None) -> dict[str, Any]:
    parts: tuple[tuple[str, Sequence[WholeRow | ChangedRow]], ...] = (
        ("removed", table.removed),
        ("changed", table.changed),
        ("added", table.added),
    )
    rows = {
        part: {"count": len(found), "rows": [_json_row(each) for each in islice(found, limit)]} for part, found in parts
    }
    return {"table": table.table, "before": table.before, "after": table.after, **rows}


def _json_row(row: WholeRow | ChangedRow) -> dict[str, Any]:
    if isinstance(row, WholeRow):
        return {"row": row.row, "cells": dict(row.cells)}
    return {"row": row.row, "cells": {each.column: [each.before, each.after] for each in row.cells}}
