"""How two releases differ: the contract, and row by row and cell by cell the tables, compared by type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from curation.release.contract_diff import (
    ContractChange,
    Kind,
    Pair,
    guessed_names,
    matched,
    same_table,
    table_changes,
)
from curation.release.snapshot import Snapshot
from curation.released import id_column
from russia_dprk_claims.checks.cells import sort_key
from russia_dprk_claims.checks.tables import CsvLocations, TextTable, row_name
from russia_dprk_claims.contract import Contract, Table

Value = str | int | bool | Decimal | date | None
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class CellChange:
    """A cell of a row that both releases have, with its text in each; None is an empty cell."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ChangedRow:
    """A row that both releases have, by its primary key, and its cells that are not the same."""

    row: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class WholeRow:
    """A row that one of two releases has, by its primary key, and its cells that are not empty."""

    row: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class TableDiff:
    """How the rows of a table differ: how many there were and are, and which went, changed and came.

    `has_ids` says whether one column identifies a row, so that people can cite it.
    """

    table: str
    has_ids: bool
    before: int
    after: int
    removed: tuple[WholeRow, ...]
    changed: tuple[ChangedRow, ...]
    added: tuple[WholeRow, ...]

    @property
    def is_same(self) -> bool:
        """Whether no row went, changed or came."""
        return not (self.removed or self.changed or self.added)


@dataclass(frozen=True)
class Diff:
    """How a release differs from another: the changes of the contract, and every table of either."""

    contract: tuple[ContractChange, ...]
    tables: tuple[TableDiff, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.contract and all(each.is_same for each in self.tables)


def compare(old: Snapshot, new: Snapshot) -> Diff:
    """Return how a release differs from an older one.

    Parameters
    ----------
    old, new
        The releases. The tables are told in the order of the new one, those that only the old one has last.

    Returns
    -------
    Diff
        The changes of the contract with removals first, and the rows of every table.
    """
    pairs = dict(_pairs(old, new))
    gone = [each for each in old.contract if each.name not in {one.old.name for one in pairs.values()}]
    come = [each for each in new.contract if each.name not in pairs]
    changes = [ContractChange(Kind.TABLE_REMOVED, each.name) for each in gone]
    changes += [ContractChange(Kind.TABLE_ADDED, each.name) for each in come]
    changes += [change for each in pairs.values() for change in table_changes(each)]
    tables = [
        _rows(pairs[each.name], old, new) if each.name in pairs else _all_rows(each, new, is_new=True)
        for each in new.contract
    ]
    tables += [_all_rows(each, old, is_new=False) for each in gone]
    return Diff(tuple(sorted(changes, key=lambda each: list(Kind).index(each.kind))), tuple(tables))


def _pairs(old: Snapshot, new: Snapshot) -> Iterator[tuple[str, Pair]]:
    names = {each.name: each.name for each in new.contract if each.name in old.contract.tables}
    names |= guessed_names(_others(old.contract, names), _others(new.contract, names), same_table)
    for name in (each.name for each in new.contract if each.name in names):
        was = names[name]
        yield name, matched(old.contract[was], new.contract[name], old.tables[was], new.tables[name])


def _others(contract: Contract, names: Mapping[str, str]) -> list[Table]:
    return [each for each in contract if each.name not in names]


# --- rows ---------------------------------------------------------------------------------------------------------


def _rows(pair: Pair, old: Snapshot, new: Snapshot) -> TableDiff:
    """Compare the rows of a table that both releases have, the columns of the old one under their new names."""
    after = new.tables[pair.new.name]
    was = old.tables[pair.old.name].cells
    renamed = {name: was[earlier] for name, earlier in pair.columns.items()}
    lost = {name: was[name] for name in pair.old.columns if name not in pair.columns.values() and name not in renamed}
    before = TextTable(pair.new.name, {**renamed, **lost}, CsvLocations(""))
    keys = _keys(pair, before, after)
    if keys is None:
        # No key identifies the rows of both, so that nobody can say which is which.
        return _table_diff(pair, before, after, range(len(before)), (), range(len(after)))
    there, here = keys
    removed = [index for key, index in there.items() if key not in here]
    added = [index for key, index in here.items() if key not in there]
    both = [(there[key], index) for key, index in here.items() if key in there]
    return _table_diff(pair, before, after, removed, _changed(pair, before, after, both), added)


Keyed = dict[tuple[Value, ...], int]


def _keys(pair: Pair, before: TextTable, after: TextTable) -> tuple[Keyed, Keyed] | None:
    """Return the rows of both by the new key or, where that does not tell the old rows apart, by the old one."""
    old_key = tuple(
        next((new for new, old in pair.columns.items() if old == each), "") for each in pair.old.primary_key
    )
    for key in (pair.new.primary_key, old_key):
        if not all(each in pair.columns for each in key):
            continue
        there, here = (_by_key(pair, raw, key) for raw in (before, after))
        if len(there) == len(before) and len(here) == len(after):
            return there, here
    return None


def _by_key(pair: Pair, raw: TextTable, key: Sequence[str]) -> Keyed:
    columns = [[value_of(_type(pair, name), text) for text in raw.cells[name]] for name in key]
    return {values: index for index, values in enumerate(zip(*columns, strict=True))}


def _changed(
    pair: Pair, before: TextTable, after: TextTable, both: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, tuple[CellChange, ...]]]:
    """Yield the number of each row in the new table that differs, with its cells that do.

    The cells of a column that only one release has are told by the change of the contract, not row by row.
    """
    columns = [
        (name, _type(pair, name), before.cells[name], after.cells[name])
        for name in pair.new.columns
        if name in pair.columns
    ]
    for old, new in both:
        cells = tuple(
            CellChange(name, was[old], now[new])
            for name, type_, was, now in columns
            if was[old] != now[new] and value_of(type_, was[old]) != value_of(type_, now[new])
        )
        if cells:
            yield new, cells


def _type(pair: Pair, name: str) -> str:
    """Return the type by which two cells are compared: that of both, numbers of either kind as numbers, else texts."""
    types = {pair.old.by_name[pair.columns[name]].type, pair.new.by_name[name].type}
    if types <= {"integer", "number"}:
        return "number"
    return types.pop() if len(types) == 1 else "string"


def value_of(type_: str, text: str | None) -> Value:
    """Return the value that a text stands for, so that two texts of one value are the same; else the text.

    Examples
    --------
    >>> value_of("number", "1.0") == value_of("number", "1"), value_of("boolean", "TRUE")
    (True, True)
    """
    if text is None or type_ == "string":
        return text
    try:
        if type_ in {"integer", "number"}:
            number = Decimal(text)
            return number if number.is_finite() else text
        if type_ == "date":
            return date.fromisoformat(text)
    except (InvalidOperation, ValueError):
        return text
    return _TRUTH.get(text.lower(), text) if type_ == "boolean" else text


def _table_diff(
    pair: Pair,
    before: TextTable,
    after: TextTable,
    removed: Iterable[int],
    changed: Iterable[tuple[int, tuple[CellChange, ...]]],
    added: Iterable[int],
) -> TableDiff:
    table = pair.new
    cells = dict(changed)
    return TableDiff(
        table=table.name,
        has_ids=id_column(table) is not None,
        before=len(before),
        after=len(after),
        removed=_whole(table, before, removed),
        changed=tuple(ChangedRow(row_name(table, after, each), cells[each]) for each in _in_order(table, after, cells)),
        added=_whole(table, after, added),
    )


def _in_order(table: Table, raw: TextTable, rows: Iterable[int]) -> list[int]:
    """Return some rows in the order of the primary key, as far as the table has its columns."""
    key = [(table.by_name[name].type, raw.cells[name]) for name in table.primary_key if name in raw.cells]
    return sorted(rows, key=lambda index: [sort_key(type_, cells[index]) for type_, cells in key])


def _whole(table: Table, raw: TextTable, rows: Iterable[int]) -> tuple[WholeRow, ...]:
    key = [name for name in table.primary_key if name in raw.cells]
    return tuple(
        WholeRow(
            " ".join(part for part in raw.key(index, key) if part),
            {column: text for column, text in raw.row(index).items() if text is not None},
        )
        for index in _in_order(table, raw, rows)
    )


def _all_rows(table: Table, snapshot: Snapshot, is_new: bool) -> TableDiff:
    """Return a table that only one of the releases has."""
    raw = snapshot.tables[table.name]
    rows = _whole(table, raw, range(len(raw)))
    has_ids = id_column(table) is not None
    if is_new:
        return TableDiff(table.name, has_ids, 0, len(raw), (), (), rows)
    return TableDiff(table.name, has_ids, len(raw), 0, rows, (), ())
