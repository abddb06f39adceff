"""How two releases differ: the contract, and the tables row by row and cell by cell, compared by type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from curation.release.contract_diff import (
    ContractChange,
    Kind,
    Pair,
    guess_renames,
    match_columns,
    same_layout,
    table_changes,
)
from curation.release.snapshot import Snapshot
from curation.released import id_column
from russia_dprk_claims.checks.cells import sort_key
from russia_dprk_claims.checks.tables import CsvLocations, TextTable, row_name
from russia_dprk_claims.contract import Table

Value = str | bool | Decimal | date | None
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class CellChange:
    """A cell that differs in a row of both releases, with its text in each; None is an empty cell."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ChangedRow:
    """A row of both releases, by its primary key, with the cells that differ."""

    row: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class WholeRow:
    """A row of only one release, by its primary key, with its cells that are not empty."""

    row: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class TableDiff:
    """How the rows of a table differ, with the number of rows before and after."""

    table: str
    has_ids: bool  # one column identifies a row, so that people can cite it
    before: int
    after: int
    removed: tuple[WholeRow, ...] = ()
    changed: tuple[ChangedRow, ...] = ()
    added: tuple[WholeRow, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether no row was removed, changed or added."""
        return not (self.removed or self.changed or self.added)


@dataclass(frozen=True)
class Diff:
    """How two releases differ: the changes of the contract, and every table of either."""

    contract: tuple[ContractChange, ...]
    tables: tuple[TableDiff, ...]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not self.contract and all(each.is_equal for each in self.tables)


def compare(old: Snapshot, new: Snapshot) -> Diff:
    """Return how a release differs from an older one.

    Parameters
    ----------
    old, new
        The releases.

    Returns
    -------
    Diff
        The changes of the contract, removals first, and the rows of every table: those of the new release in its
        order, then those that only the old one has.
    """
    pairs = {each.new.name: each for each in _pairs(old, new)}
    removed = [each for each in old.contract if each.name not in {pair.old.name for pair in pairs.values()}]
    added = [each for each in new.contract if each.name not in pairs]
    changes = [ContractChange(Kind.TABLE_REMOVED, each.name) for each in removed]
    changes += [ContractChange(Kind.TABLE_ADDED, each.name) for each in added]
    changes += [change for each in pairs.values() for change in table_changes(each)]
    tables = [
        _compare_rows(pairs[each.name], old, new) if each.name in pairs else _added(each, new) for each in new.contract
    ]
    tables += [_removed(each, old) for each in removed]
    return Diff(tuple(sorted(changes, key=lambda each: list(Kind).index(each.kind))), tuple(tables))


def _pairs(old: Snapshot, new: Snapshot) -> Iterator[Pair]:
    """Yield the tables that both releases have, in the order of the new one; a renamed table is guessed."""
    names = {each.name: each.name for each in new.contract if each.name in old.contract.tables}
    only_old, only_new = ([each for each in side.contract if each.name not in names] for side in (old, new))
    names |= guess_renames(only_old, only_new, same_layout)
    for table in new.contract:
        if table.name in names:
            was = names[table.name]
            yield match_columns(old.contract[was], table, old.tables[was], new.tables[table.name])


def _added(table: Table, new: Snapshot) -> TableDiff:
    rows = _whole_rows(table, new.tables[table.name])
    return TableDiff(table.name, id_column(table) is not None, 0, len(rows), added=rows)


def _removed(table: Table, old: Snapshot) -> TableDiff:
    rows = _whole_rows(table, old.tables[table.name])
    return TableDiff(table.name, id_column(table) is not None, len(rows), 0, removed=rows)


# --- rows ---------------------------------------------------------------------------------------------------------

Indexes = dict[tuple[Value, ...], int]


def _compare_rows(pair: Pair, old: Snapshot, new: Snapshot) -> TableDiff:
    """Compare the rows of a table of both releases, the columns of the old one under their new names."""
    table, after = pair.new, new.tables[pair.new.name]
    cells = old.tables[pair.old.name].cells
    renamed = {name: cells[was] for name, was in pair.columns.items()}
    kept = {*pair.columns.values(), *renamed}
    before = TextTable(
        table.name,
        {**renamed, **{name: cells[name] for name in pair.old.columns if name not in kept}},
        CsvLocations(""),
    )
    # If no key identifies the rows of both, nobody can match them: all are removed and added.
    there, here = _by_common_key(pair, before, after) or ({}, {})
    removed = [index for key, index in there.items() if key not in here] if there else range(len(before))
    added = [index for key, index in here.items() if key not in there] if here else range(len(after))
    changes = dict(_changes(pair, before, after, [(there[key], index) for key, index in here.items() if key in there]))
    return TableDiff(
        table=table.name,
        has_ids=id_column(table) is not None,
        before=len(before),
        after=len(after),
        removed=_whole_rows(table, before, removed),
        changed=tuple(
            ChangedRow(row_name(table, after, each), changes[each]) for each in _in_key_order(table, after, changes)
        ),
        added=_whole_rows(table, after, added),
    )


def _by_common_key(pair: Pair, before: TextTable, after: TextTable) -> tuple[Indexes, Indexes] | None:
    """Return the rows of both by the new key or, if that does not identify the old rows, by the old one."""
    new_names = {old: new for new, old in pair.columns.items()}
    for key in (pair.new.primary_key, tuple(new_names.get(each, "") for each in pair.old.primary_key)):
        if all(each in pair.columns for each in key):
            there, here = (_by_key(pair, raw, key) for raw in (before, after))
            if (len(there), len(here)) == (len(before), len(after)):
                return there, here
    return None


def _by_key(pair: Pair, raw: TextTable, key: Sequence[str]) -> Indexes:
    columns = [[value_of(_type(pair, name), text) for text in raw.cells[name]] for name in key]
    return {values: index for index, values in enumerate(zip(*columns, strict=True))}


def _changes(
    pair: Pair, before: TextTable, after: TextTable, both: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, tuple[CellChange, ...]]]:
    """Yield the index in the new table of each row that differs, with its cells that do.

    A column of only one release is a change of the contract, not of every row.
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
    """Return the type by which two cells are compared: the common one, numbers of any kind as numbers, else text."""
    types = {pair.old.by_name[pair.columns[name]].type, pair.new.by_name[name].type}
    if types <= {"integer", "number"}:
        return "number"
    return types.pop() if len(types) == 1 else "string"


def value_of(type_: str, text: str | None) -> Value:
    """Return the value of a cell, so that two spellings of one value are equal; text that is not of the type as it is.

    Old releases may spell values in ways that validation refuses today. Numbers are exact.

    Examples
    --------
    >>> value_of("number", "1.0") == value_of("number", "1"), value_of("boolean", "TRUE")
    (True, True)
    """
    try:
        if text and type_ in {"integer", "number"}:
            number = Decimal(text)
            return number if number.is_finite() else text
        if text and type_ == "date":
            return date.fromisoformat(text)
    except (InvalidOperation, ValueError):
        return text
    return _BOOLEANS.get(text.lower(), text) if text and type_ == "boolean" else text


def _in_key_order(table: Table, raw: TextTable, rows: Iterable[int]) -> list[int]:
    """Return some rows in the order of the primary key, as far as the table has its columns."""
    key = [(table.by_name[name].type, raw.cells[name]) for name in table.primary_key if name in raw.cells]
    return sorted(rows, key=lambda index: [sort_key(type_, cells[index]) for type_, cells in key])


def _whole_rows(table: Table, raw: TextTable, rows: Iterable[int] | None = None) -> tuple[WholeRow, ...]:
    """Return some rows, or all of them, in the order of the primary key."""
    key = [name for name in table.primary_key if name in raw.cells]
    return tuple(
        WholeRow(
            " ".join(part for part in raw.key(index, key) if part),
            {column: text for column, text in raw.row(index).items() if text is not None},
        )
        for index in _in_key_order(table, raw, range(len(raw)) if rows is None else rows)
    )
