"""How two releases differ: the contract, and the tables row by row and cell by cell.

Cells are compared as texts, as the contract allows one spelling of each value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, NamedTuple

from curation.release.snapshot import Snapshot
from curation.released import id_column
from russia_dprk_claims.checks.tables import CsvLocations, TextTable
from russia_dprk_claims.contract import Field, Table

Cells = Mapping[str, str | None]
ByKey = Mapping[Any, Cells]

# Properties of a column whose changes have a kind of their own, or follow from one that has.
_OWN_KIND = frozenset({"name", "type", "required", "enum", "order", "definitions", "rdf_type"})


class Kind(StrEnum):
    """The kinds of change of a contract, in the order of reports."""

    TABLE_REMOVED = "table removed"
    COLUMN_REMOVED = "column removed"
    VALUE_REMOVED = "vocabulary value removed"
    KEY_CHANGED = "primary key changed"
    COLUMN_RETYPED = "column retyped"
    COLUMNS_REORDERED = "columns reordered"
    VALUES_REORDERED = "vocabulary reordered"
    TABLE_ADDED = "table added"
    COLUMN_ADDED = "column added"
    VALUE_ADDED = "vocabulary value added"
    REWORDED = "contract reworded"


class ContractChange(NamedTuple):
    """One change of the contract: its table and column, and what was there before and after."""

    kind: Kind
    table: str
    column: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return the change in one line, such as `claims.topic: vocabulary value added: energy`."""
        place = ".".join(filter(None, (self.table, self.column)))
        values = " → ".join(filter(None, (self.before, self.after)))
        return ": ".join(filter(None, (place, self.kind, values)))


class Row(NamedTuple):
    """A row, named by its primary key, with cells by column.

    A row of only one release has the text of each cell that is not empty. A row of both has the text before and after
    of each cell that differs; None is an empty cell.
    """

    row: str
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class TableDiff:
    """How the rows of a table differ, with the number of rows before and after."""

    table: str
    has_ids: bool  # one column identifies a row, so that people can cite it
    before: int
    after: int
    removed: Sequence[Row] = ()
    changed: Sequence[Row] = ()
    added: Sequence[Row] = ()

    @property
    def parts(self) -> dict[str, Sequence[Row]]:
        """The rows by what happened to them, removals first."""
        return {"removed": self.removed, "changed": self.changed, "added": self.added}


@dataclass(frozen=True)
class Diff:
    """How two releases differ: the changes of the contract, and the tables of both."""

    contract: Sequence[ContractChange]
    tables: Sequence[TableDiff]

    @property
    def changed_tables(self) -> list[TableDiff]:
        """The tables with rows that were removed, changed or added."""
        return [each for each in self.tables if any(each.parts.values())]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not self.contract and not self.changed_tables


class Pair(NamedTuple):
    """A table of both releases, with its rows before and after."""

    old: Table
    new: Table
    before: TextTable
    after: TextTable

    @property
    def columns(self) -> list[str]:
        """The columns that both releases have, in the new order."""
        return [name for name in self.new.columns if name in self.old.by_name]


def compare(old: Snapshot, new: Snapshot) -> Diff:
    """Return how a release differs from an older one.

    The changes of the contract are in the order of their kinds. The tables are in the order of the new release, then
    those that only the old one has.
    """
    changes: list[ContractChange] = []
    tables = []
    for name in dict.fromkeys([*new.contract.tables, *old.contract.tables]):
        table = new.contract.tables.get(name) or old.contract[name]
        no_rows = TextTable(name, {column: [] for column in table.columns}, CsvLocations(""))
        before, after = (side.tables.get(name, no_rows) for side in (old, new))
        pair = Pair(old.contract.tables.get(name, table), table, before, after)
        if name in old.contract.tables and name in new.contract.tables:
            changes += _table_changes(pair)
        else:
            kind = Kind.TABLE_ADDED if name in new.contract.tables else Kind.TABLE_REMOVED
            changes.append(ContractChange(kind, name))
        tables.append(_compare_rows(pair))
    return Diff(sorted(changes, key=lambda each: list(Kind).index(each.kind)), tables)


def _table_changes(pair: Pair) -> Iterator[ContractChange]:
    """Yield what changed in the contract of a table that both releases have."""
    old, new, name, now = pair.old, pair.new, pair.new.name, pair.columns
    was = [each for each in old.columns if each in now]
    yield from (ContractChange(Kind.COLUMN_REMOVED, name, each) for each in old.columns if each not in now)
    yield from (ContractChange(Kind.COLUMN_ADDED, name, each) for each in new.columns if each not in now)
    if now != was:
        yield ContractChange(Kind.COLUMNS_REORDERED, name, "", ", ".join(was), ", ".join(now))
    if new.primary_key != old.primary_key:
        yield ContractChange(Kind.KEY_CHANGED, name, "", ", ".join(old.primary_key), ", ".join(new.primary_key))
    words = [part for part in ("title", "description", "foreign_keys") if getattr(old, part) != getattr(new, part)]
    if words:
        yield ContractChange(Kind.REWORDED, name, after=", ".join(words))
    for each in now:
        yield from _column_changes(name, old.by_name[each], new.by_name[each])


def _column_changes(table: str, old: Field, new: Field) -> Iterator[ContractChange]:
    if _describe_type(old) != _describe_type(new):
        yield ContractChange(Kind.COLUMN_RETYPED, table, new.name, _describe_type(old), _describe_type(new))
    common = set(old.enum) & set(new.enum)
    if common:
        yield from (
            ContractChange(Kind.VALUE_REMOVED, table, new.name, each) for each in old.enum if each not in common
        )
        added = (each for each in new.enum if each not in common)
        yield from (ContractChange(Kind.VALUE_ADDED, table, new.name, after=each) for each in added)
    # Without `order`, the order of values is only that of a list.
    before, after = ([value for value in each.order if value in common] for each in (old, new))
    if before != after:
        yield ContractChange(Kind.VALUES_REORDERED, table, new.name, ", ".join(before), ", ".join(after))
    names = (each.name for each in fields(Field) if each.name not in _OWN_KIND)
    words = [name for name in names if getattr(old, name) != getattr(new, name)]
    if any(old.definitions[value] != new.definitions[value] for value in common):
        words.append("definitions")
    if words:
        yield ContractChange(Kind.REWORDED, table, new.name, after=", ".join(words))


def _describe_type(column: Field) -> str:
    """Return the type of a column, as far as programs that read the data depend on it.

    >>> _describe_type(Field("topic", "Topic", "What it is about.", "string", required=True, enum=("a", "b")))
    'string of a vocabulary, never empty'
    """
    words = "EDTF date" if column.is_edtf else column.type
    if column.enum:
        words += " of a vocabulary"
    return f"{words}, never empty" if column.required else words


def _compare_rows(pair: Pair) -> TableDiff:
    """Compare the rows of a table of both releases, in the order in which they stand there."""
    table, columns = pair.new, pair.columns
    there, here = _by_common_key(pair)
    changed = []
    for row, was in ((row, there[key]) for key, row in here.items() if key in there):
        # A column of only one release is a change of the contract, not of every row.
        cells = {name: (was[name], row[name]) for name in columns if was[name] != row[name]}
        changed += [Row(_name(table, row), cells)] if cells else []
    return TableDiff(
        table=table.name,
        has_ids=id_column(table) is not None,
        before=len(pair.before),
        after=len(pair.after),
        removed=[_whole(table, row) for key, row in there.items() if key not in here],
        changed=changed,
        added=[_whole(table, row) for key, row in here.items() if key not in there],
    )


def _by_common_key(pair: Pair) -> tuple[ByKey, ByKey]:
    """Return the rows of both by the new key or, if that does not identify the old rows, by the old one.

    If neither identifies them, rows cannot be matched: all are removed and added.
    """
    for key in (pair.new.primary_key, pair.old.primary_key):
        if set(key) <= set(pair.columns):
            there, here = (
                {tuple(row[name] for name in key): row for row in raw.rows()} for raw in (pair.before, pair.after)
            )
            if (len(there), len(here)) == (len(pair.before), len(pair.after)):
                return there, here
    old, new = ({(side, each): row for each, row in enumerate(raw.rows())} for side, raw in enumerate(pair[2:]))
    return old, new


def _whole(table: Table, row: Cells) -> Row:
    return Row(_name(table, row), {name: text for name, text in row.items() if text is not None})


def _name(table: Table, row: Cells) -> str:
    return " ".join(filter(None, (row.get(name) for name in table.primary_key)))
