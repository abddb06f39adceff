"""How two contracts differ for users of the data: tables, columns, types, keys, vocabularies and documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import Field, Table


class Kind(StrEnum):
    """The kinds of change, in the order of reports; a renaming is a guess, hence its question mark."""

    TABLE_REMOVED = "table removed"
    COLUMN_REMOVED = "column removed"
    VALUE_REMOVED = "vocabulary value removed"
    TABLE_RENAMED = "table renamed?"
    COLUMN_RENAMED = "column renamed?"
    KEY_CHANGED = "primary key changed"
    COLUMN_RETYPED = "column retyped"
    COLUMNS_REORDERED = "columns reordered"
    VALUES_REORDERED = "vocabulary reordered"
    TABLE_ADDED = "table added"
    COLUMN_ADDED = "column added"
    VALUE_ADDED = "vocabulary value added"
    REWORDED = "contract reworded"


@dataclass(frozen=True)
class ContractChange:
    """One change of the contract: its table and column, and what was there before and after."""

    kind: Kind
    table: str
    column: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return the change in one line, such as `claims.topic: vocabulary value added: energy`."""
        place = f"{self.table}.{self.column}" if self.column else self.table
        if self.before and self.after:
            return f"{place}: {self.kind}: {self.before} → {self.after}"
        value = self.before or self.after
        return f"{place}: {self.kind}: {value}" if value else f"{place}: {self.kind}"


@dataclass(frozen=True)
class Pair:
    """A table before and after, with the columns that both have: the old name by the new one."""

    old: Table
    new: Table
    columns: Mapping[str, str]


Named = TypeVar("Named", Table, Field)


def guess_renames(
    removed: Iterable[Named], added: Iterable[Named], is_same: Callable[[Named, Named], bool]
) -> dict[str, str]:
    """Return which of the added names may stand for a removed one: the old name by the new one."""
    free = list(added)
    names = {}
    for old in removed:
        new = next((each for each in free if is_same(old, each)), None)
        if new:
            names[new.name] = old.name
            free.remove(new)
    return names


def same_layout(old: Table, new: Table) -> bool:
    """Return whether two tables have the same columns and key."""
    return old.columns == new.columns and old.primary_key == new.primary_key


def match_columns(old: Table, new: Table, before: TextTable, after: TextTable) -> Pair:
    """Return a table before and after, its columns matched by name, then by description or content."""
    columns = {name: name for name in new.columns if name in old.by_name}

    def is_same(one: Field, other: Field) -> bool:
        if (describe_type(one), one.enum) != (describe_type(other), other.enum):
            return False
        return one.description == other.description or _same_cells(before.cells[one.name], after.cells[other.name])

    removed = [each for each in old.fields if each.name not in columns]
    added = [each for each in new.fields if each.name not in columns]
    return Pair(old, new, columns | guess_renames(removed, added, is_same))


def _same_cells(before: Sequence[str | None], after: Sequence[str | None]) -> bool:
    return any(before) and Counter(before) == Counter(after)


def describe_type(column: Field) -> str:
    """Return the type of a column, as far as programs that read the data depend on it.

    Examples
    --------
    >>> describe_type(Field("topic", "Topic", "What it is about.", "string", required=True, enum=("a", "b")))
    'string of a vocabulary, never empty'
    """
    words = "EDTF date" if column.is_edtf else column.type
    if column.enum:
        words += " of a vocabulary"
    return f"{words}, never empty" if column.required else words


def table_changes(pair: Pair) -> Iterator[ContractChange]:
    """Yield what changed in the contract of a table that both releases have."""
    old, new, name = pair.old, pair.new, pair.new.name
    if old.name != name:
        yield ContractChange(Kind.TABLE_RENAMED, name, before=old.name, after=name)
    kept = set(pair.columns.values())
    yield from (ContractChange(Kind.COLUMN_REMOVED, name, each) for each in old.columns if each not in kept)
    yield from (ContractChange(Kind.COLUMN_ADDED, name, each) for each in new.columns if each not in pair.columns)
    now = [each for each in new.columns if each in pair.columns]
    order = [each for each in old.columns if each in kept]
    if [pair.columns[each] for each in now] != order:
        yield ContractChange(Kind.COLUMNS_REORDERED, name, before=", ".join(order), after=", ".join(now))
    if tuple(pair.columns.get(each) for each in new.primary_key) != old.primary_key:
        key, was = ", ".join(new.primary_key), ", ".join(old.primary_key)
        yield ContractChange(Kind.KEY_CHANGED, name, before=was, after=key)
    words = [part for part in ("title", "description", "foreign_keys") if getattr(old, part) != getattr(new, part)]
    if words and old.name == name:
        yield ContractChange(Kind.REWORDED, name, after=", ".join(words))
    for column in now:
        yield from _column_changes(name, old.by_name[pair.columns[column]], new.by_name[column])


# Parts with a kind of change of their own, or that follow from one.
_OWN_KIND = frozenset({"name", "type", "required", "enum", "order", "definitions", "rdf_type"})


def _column_changes(table: str, old: Field, new: Field) -> Iterator[ContractChange]:
    if old.name != new.name:
        yield ContractChange(Kind.COLUMN_RENAMED, table, new.name, old.name, new.name)
    if describe_type(old) != describe_type(new):
        yield ContractChange(Kind.COLUMN_RETYPED, table, new.name, describe_type(old), describe_type(new))
    common = set(old.enum) & set(new.enum)
    if common:
        yield from _vocabulary_changes(table, old, new, common)
    names = (each.name for each in fields(Field) if each.name not in _OWN_KIND)
    words = [name for name in names if getattr(old, name) != getattr(new, name)]
    if any(old.definitions[value] != new.definitions[value] for value in common):
        words.append("definitions")
    if words:
        yield ContractChange(Kind.REWORDED, table, new.name, after=", ".join(words))


def _vocabulary_changes(table: str, old: Field, new: Field, common: set[str]) -> Iterator[ContractChange]:
    for value in old.enum:
        if value not in common:
            yield ContractChange(Kind.VALUE_REMOVED, table, new.name, before=value)
    for value in new.enum:
        if value not in common:
            yield ContractChange(Kind.VALUE_ADDED, table, new.name, after=value)
    # The order of the others is only that of a list.
    before, after = ([value for value in each.order if value in common] for each in (old, new))
    if before != after:
        yield ContractChange(Kind.VALUES_REORDERED, table, new.name, ", ".join(before), ", ".join(after))
