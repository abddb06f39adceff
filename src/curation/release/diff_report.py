"""Reports of a difference: for a terminal, as Markdown for a changelog, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from curation.release.diff import Diff, Row
from curation.release.policy import required_bump, required_bumps
from curation.report.escape import CELL_LIMIT, encodable, escape_controls, table_lines, truncate

FORMATS = ("terminal", "markdown", "json")
_NO_ROW = "No row is removed, changed or added."
_COUNTS = ("table", "before", "removed", "changed", "added", "after")
_CELL = 80
_EMPTY = "(empty)"


def write(format_: str, diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return a difference in one of the `FORMATS`, with the names of the two releases.

    Of each table, at most `limit` removed rows are shown, as many changed ones and as many added ones; None shows all.
    Counts are always of all rows.
    """
    if format_ == "terminal":
        return _terminal(diff, names, limit)
    return _markdown(diff, limit) if format_ == "markdown" else _json(diff, names, limit)


def _counts(diff: Diff) -> list[tuple[str, ...]]:
    """Return name, rows before, removed, changed, added and after of each table that differs."""
    return [
        (each.table, *map(str, (each.before, *map(len, each.parts.values()), each.after)))
        for each in diff.changed_tables
    ]


def _terminal(diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return the counts, the changes of the contract, the rows with removals first, and the bump they require."""
    old, new = (escape_controls(truncate(each)) for each in names)
    if diff.is_equal:
        return f"{old} and {new} are equal\n"
    width = max(map(len, ("table", *(each.table for each in diff.tables)))) + 2
    lines = [f"from {old} to {new}", ""]
    for name, before, removed, changed, added, after in (_COUNTS, *_counts(diff)):
        lines.append(f"{name:<{width}}{before:>8}{removed:>9}{changed:>9}{added:>9}{after:>8}")
    lines += ["", *_limited(map(str, diff.contract), limit, "! ")] if diff.contract else []
    for part, mark in (("removed", "-"), ("changed", "~"), ("added", "+")):
        for table in diff.tables:
            rows = table.parts[part]
            shown = map(_changed_line, rows) if part == "changed" else (each.row for each in rows)
            lines += _limited(shown, limit, f"{mark} {table.table} ")
    lines += ["", f"this requires a {required_bump(diff)} version:"]
    lines += [f"  {bump}: {escape_controls(truncate(reason))}" for bump, reason in required_bumps(diff)]
    return "\n".join(lines) + "\n"


def _limited(lines: Iterable[str], limit: int | None, mark: str) -> Iterator[str]:
    lines = list(lines)
    yield from (mark + escape_controls(truncate(line)) for line in lines[:limit])
    if limit is not None and len(lines) > limit:
        yield f"{mark}… and {len(lines) - limit} more"


def _changed_line(row: Row) -> str:
    cells = (f"{column}: {_short(before)} → {_short(after)}" for column, (before, after) in row.cells.items())
    return f"{row.row}  {'; '.join(cells)}"


def _short(text: str | None) -> str:
    return _EMPTY if text is None else truncate(text, _CELL)


def _markdown(diff: Diff, limit: int | None) -> str:
    """Return the table of row counts for the changelog, then the changes as tables, all cells escaped.

    The releases are not named: the heading in the changelog does that.
    """
    if diff.is_equal:
        return "Nothing changed in the data.\n"
    requirement = f"This requires a {required_bump(diff)} version."
    return "\n".join([*counts_table(diff), "", requirement, *change_sections(diff, limit)]) + "\n"


def counts_table(diff: Diff) -> Iterator[str]:
    """Yield the lines of the table of row counts."""
    counts = _counts(diff)
    return table_lines(_COUNTS, counts, numbers=5) if counts else iter((_NO_ROW,))


def change_sections(diff: Diff, limit: int | None) -> Iterator[str]:
    """Yield the lines on the changes of the contract, then on the rows, removals first."""
    changes = [(each.table, each.column, each.kind, each.before, each.after) for each in diff.contract]
    yield from section("The contract", ("table", "column", "change", "before", "after"), changes, limit)
    for part in ("removed", "changed", "added"):
        rows = [(each.table, row) for each in diff.tables for row in each.parts[part][:limit]]
        header: tuple[str, ...] = ("table", "row")
        lines: list[tuple[str, ...]] = [(table, row.row) for table, row in rows]
        if part == "changed":
            header = (*header, "column", "before", "after")
            lines = [
                (table, row.row, column, before or _EMPTY, after or _EMPTY)
                for table, row in rows
                for column, (before, after) in row.cells.items()
            ]
        more = sum(len(each.parts[part]) for each in diff.tables) - len(rows)
        yield from section(part.capitalize(), header, lines, None, more)


def section(
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    limit: int | None,
    more: int = 0,
    width: int = CELL_LIMIT,
) -> Iterator[str]:
    """Yield the lines of a section with a table; none if it has no rows, shown or not (`more`)."""
    more += len(rows) - len(rows[:limit])
    if rows or more:
        yield from ("", f"### {title}", "", *table_lines(header, rows[:limit], width=width))
    if more:
        yield from ("", f"… and {more} more.")


def _json(diff: Diff, names: tuple[str, str], limit: int | None) -> str:
    """Return the whole difference; rows beyond the limit are only counted."""
    tables = [
        {
            "table": table.table,
            "before": table.before,
            "after": table.after,
            **{
                part: {"count": len(rows), "rows": [row._asdict() for row in rows[:limit]]}
                for part, rows in table.parts.items()
            },
        }
        for table in diff.tables
    ]
    content = {
        "old": encodable(names[0]),
        "new": encodable(names[1]),
        "same": diff.is_equal,
        "demands": str(required_bump(diff)),
        "reasons": [{"level": str(bump), "why": reason} for bump, reason in required_bumps(diff)],
        "contract": [each._asdict() for each in diff.contract],
        "tables": tables,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
