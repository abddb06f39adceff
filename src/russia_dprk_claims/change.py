"""Changes: which rows of the tables a change removes, changes and adds, and how that is told to who reviews it.

Rows are the same where their primary key is. Removals are told first: what was released is withdrawn, never removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from russia_dprk_claims.contract import Contract

Row = Mapping[str, str]
Rows = Mapping[str, Sequence[Row]]

SHOWN_ROWS = 200
SHOWN_LETTERS = 120

# The marks that Markdown, or GitHub within it, may read as more than themselves.
_MARKS = {ord(mark): f"\\{mark}" for mark in r"""\`*_{}[]()<>#|~!&@:$^."""}


@dataclass(frozen=True)
class ChangedCell:
    """A cell of a row that was there before and is there after, with both values."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class TableChange:
    """What changed in one table: the names of the rows removed and added, and the cells that changed."""

    table: str
    removed: tuple[str, ...]
    changed: tuple[ChangedCell, ...]
    added: tuple[str, ...]

    @property
    def changed_rows(self) -> int:
        """The number of rows with a cell that changed."""
        return len({each.row for each in self.changed})


def compare(contract: Contract, before: Rows, after: Rows) -> list[TableChange]:
    """Return what changed, by table in the order of the contract; tables without a change are left out.

    Parameters
    ----------
    contract
        Says which columns identify a row.
    before, after
        The rows by table. A table that the contract does not know is compared by whole rows.

    Examples
    --------
    >>> compare(Contract({}), {"old": [{"a": "1"}]}, {})
    [TableChange(table='old', removed=('1',), changed=(), added=())]
    """
    known = [table.name for table in contract]
    names = [*known, *sorted({*before, *after} - set(known))]
    changes = [_compare_table(contract, name, before.get(name, ()), after.get(name, ())) for name in names]
    return [each for each in changes if each.removed or each.changed or each.added]


def _compare_table(contract: Contract, name: str, before: Sequence[Row], after: Sequence[Row]) -> TableChange:
    key = contract[name].primary_key if name in contract.tables else ()
    old, new = _by_key(key, before), _by_key(key, after)
    return TableChange(
        name,
        removed=tuple(_name(each) for each in sorted(old.keys() - new.keys())),
        changed=tuple(cell for each in sorted(old.keys() & new.keys()) for cell in _cells(each, old[each], new[each])),
        added=tuple(_name(each) for each in sorted(new.keys() - old.keys())),
    )


def _by_key(key: Sequence[str], rows: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    return {tuple(row.get(column, "") for column in key or row): row for row in rows}


def _name(key: tuple[str, ...]) -> str:
    return " ".join(part for part in key if part)


def _cells(key: tuple[str, ...], old: Row, new: Row) -> Iterator[ChangedCell]:
    for column in dict.fromkeys([*old, *new]):
        before, after = old.get(column, ""), new.get(column, "")
        if before != after:
            yield ChangedCell(_name(key), column, before, after)


# --- Markdown -----------------------------------------------------------------------------------------------------


def to_markdown(changes: Sequence[TableChange]) -> str:
    """Return the changes as Markdown: the counts by table, then the rows, removals first.

    Nothing that a cell says is read as Markdown or HTML.
    """
    lines = ["## What changes in the data", ""]
    if not changes:
        return "\n".join([*lines, "Nothing: no row is removed, changed or added.", ""])
    lines += ["| table | removed | changed | added |", "| --- | ---: | ---: | ---: |"]
    for each in changes:
        lines.append(f"| {escape(each.table)} | {len(each.removed)} | {each.changed_rows} | {len(each.added)} |")
    removed = [(each.table, row) for each in changes for row in each.removed]
    cells = [(each.table, *_parts(cell)) for each in changes for cell in each.changed]
    added = [(each.table, row) for each in changes for row in each.added]
    if removed:
        lines += ["", "A released row is withdrawn, never removed: each removal needs a reason."]
    lines += _section("Removed", ("table", "row"), removed)
    lines += _section("Changed", ("table", "row", "column", "before", "after"), cells)
    lines += _section("Added", ("table", "row"), added)
    return "\n".join([*lines, ""])


def escape(text: str) -> str:
    r"""Return a text for a cell of a Markdown table: on one line, cut where it is long, every mark as itself.

    Examples
    --------
    >>> escape("a|b <script>\n@all")
    'a\\|b \\<script\\> \\@all'
    """
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    if len(line) > SHOWN_LETTERS:
        line = f"{line[: SHOWN_LETTERS - 1].rstrip()}…"
    return line.translate(_MARKS)


def _parts(cell: ChangedCell) -> tuple[str, ...]:
    return cell.row, cell.column, cell.before or "(empty)", cell.after or "(empty)"


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield from ("", f"### {title}", "", f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}")
    for row in rows[:SHOWN_ROWS]:
        yield f"| {' | '.join(escape(each) for each in row)} |"
    if len(rows) > SHOWN_ROWS:
        yield from ("", f"… and {len(rows) - SHOWN_ROWS} more.")
