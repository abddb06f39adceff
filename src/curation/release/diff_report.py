"""Reports of a difference: for a terminal, as Markdown for a changelog, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from curation.release.diff import ChangedRow, Diff, TableDiff, WholeRow
from curation.release.policy import required_bump, required_bumps
from curation.report.escape import encodable, escape_controls, truncate
from curation.report.markdown import cell, table_lines

FORMATS = ("terminal", "markdown", "json")
NO_ROW = "No row is removed, changed or added."
_CELL = 80
_EMPTY = "(empty)"


def write(format_: str, diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return a difference in one of the `FORMATS`.

    Parameters
    ----------
    format_
        The name of the format.
    diff
        The difference.
    names
        The names of the two releases.
    limit
        How many removed, changed and added rows of a table are shown, each; None shows all. Counts are always whole.
    """
    writers = {"terminal": write_terminal, "markdown": write_markdown, "json": write_json}
    return writers[format_](diff, names, limit)


# --- terminal -----------------------------------------------------------------------------------------------------


def write_terminal(diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return the counts, the changes of the contract, the rows with removals first, and the bump they require."""
    old, new = (escape_controls(truncate(each)) for each in names)
    if diff.is_equal:
        return f"{old} and {new} are equal\n"
    lines = [f"from {old} to {new}", "", *_count_lines(diff)]
    lines += ["", *_limited((str(each) for each in diff.contract), limit, "! ")] if diff.contract else []
    for table in diff.tables:
        lines += _limited((each.row for each in table.removed), limit, f"- {table.table} ")
    for table in diff.tables:
        lines += _limited(map(_changed_line, table.changed), limit, f"~ {table.table} ")
    for table in diff.tables:
        lines += _limited((each.row for each in table.added), limit, f"+ {table.table} ")
    lines += ["", f"this requires a {required_bump(diff)} version:"]
    lines += [f"  {each.bump}: {escape_controls(truncate(each.reason))}" for each in required_bumps(diff)]
    return "\n".join(lines) + "\n"


def _count_lines(diff: Diff) -> Iterator[str]:
    width = max(len("table"), *(len(each.table) for each in diff.tables)) + 2
    yield f"{'table':<{width}}{'before':>8}{'removed':>9}{'changed':>9}{'added':>9}{'after':>8}"
    for name, before, removed, changed, added, after in _counts(diff):
        yield f"{name:<{width}}{before:>8}{removed:>9}{changed:>9}{added:>9}{after:>8}"


def _counts(diff: Diff) -> list[tuple[str, ...]]:
    """Return name, rows before, removed, changed, added and after of each table that differs."""
    return [
        (each.table, *map(str, (each.before, len(each.removed), len(each.changed), len(each.added), each.after)))
        for each in diff.tables
        if not each.is_equal
    ]


def _limited(lines: Iterable[str], limit: int | None, mark: str) -> Iterator[str]:
    lines = list(lines)
    yield from (mark + escape_controls(truncate(line)) for line in islice(lines, limit))
    if limit is not None and len(lines) > limit:
        yield f"{mark}… and {len(lines) - limit} more"


def _changed_line(row: ChangedRow) -> str:
    cells = (f"{each.column}: {_short(each.before)} → {_short(each.after)}" for each in row.cells)
    return f"{row.row}  {'; '.join(cells)}"


def _short(text: str | None) -> str:
    return _EMPTY if text is None else truncate(text, _CELL)


# --- Markdown -----------------------------------------------------------------------------------------------------


def write_markdown(diff: Diff, _: tuple[str, str], limit: int | None) -> str:
    """Return the table of row counts for the changelog, then the changes as tables, all cells escaped.

    The releases are not named: the heading in the changelog does that.
    """
    if diff.is_equal:
        return "Nothing changed in the data.\n"
    counts = _counts(diff)
    header = ("table", "before", "removed", "changed", "added", "after")
    lines = [*table_lines(header, counts, numbers=5)] if counts else [NO_ROW]
    lines += ["", f"This requires a {required_bump(diff)} version.", *contract_section(diff, limit)]
    for each in diff.tables:
        cells = [line for row in islice(each.changed, limit) for line in cell_rows(row)]
        lines += section(f"{each.table}: removed", ("row",), [(row.row,) for row in each.removed], limit)
        lines += section(f"{each.table}: changed", ("row", "column", "before", "after"), cells, None)
        lines += more_line(len(each.changed), limit)
        lines += section(f"{each.table}: added", ("row",), [(row.row,) for row in each.added], limit)
    return "\n".join(lines) + "\n"


def contract_section(diff: Diff, limit: int | None) -> Iterator[str]:
    """Yield the lines on the changes of the contract."""
    changes = [(each.table, each.column, str(each.kind), each.before, each.after) for each in diff.contract]
    return section("The contract", ("table", "column", "change", "before", "after"), changes, limit)


def cell_rows(row: ChangedRow) -> Iterator[tuple[str, str, str, str]]:
    """Yield row, column, text before and after of each changed cell."""
    return ((row.row, each.column, each.before or _EMPTY, each.after or _EMPTY) for each in row.cells)


def section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], limit: int | None) -> Iterator[str]:
    """Yield the lines of a section with a table, or none if there are no rows."""
    if rows:
        yield from ("", f"### {cell(title)}", "", *table_lines(header, islice(rows, limit)))
        yield from more_line(len(rows), limit)


def more_line(number: int, limit: int | None) -> Iterator[str]:
    """Yield the line on the rows beyond the limit."""
    if limit is not None and number > limit:
        yield from ("", f"… and {number - limit} more.")


# --- JSON ---------------------------------------------------------------------------------------------------------


def write_json(diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return the whole difference; rows beyond the limit are only counted."""
    content = {
        "old": encodable(names[0]),
        "new": encodable(names[1]),
        "same": diff.is_equal,
        "demands": str(required_bump(diff)),
        "reasons": [{"level": str(each.bump), "why": each.reason} for each in required_bumps(diff)],
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
    parts: dict[str, Sequence[WholeRow | ChangedRow]]
    parts = {"removed": table.removed, "changed": table.changed, "added": table.added}
    rows = {
        part: {"count": len(found), "rows": [_json_row(each) for each in islice(found, limit)]}
        for part, found in parts.items()
    }
    return {"table": table.table, "before": table.before, "after": table.after, **rows}


def _json_row(row: WholeRow | ChangedRow) -> dict[str, Any]:
    if isinstance(row, WholeRow):
        return {"row": row.row, "cells": dict(row.cells)}
    return {"row": row.row, "cells": {each.column: [each.before, each.after] for each in row.cells}}
