"""How two contracts differ: tables, columns, types, keys, vocabularies and words, as those see it who use the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import Field, Table


class Kind(StrEnum):
    """What changed in a contract, in words; a change of name is a guess. In the order in which changes are told."""

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
    """One change of the contract: in which table and column, what was there before and what is there after."""

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
    """A table as it was and as it is, with the columns that both have: the name before, by the name after."""

    old: Table
    new: Table
    columns: Mapping[str, str]


Named = TypeVar("Named", Table, Field)


def guessed_names(
    gone: Iterable[Named], come: Iterable[Named], alike: Callable[[Named, Named], bool]
) -> dict[str, str]:
    """Return which of the names that have come may stand for one that is gone: the old name by the new."""
    free = list(come)
    names = {}
    for old in gone:
        for new in free:
            if alike(old, new):
                names[new.name] = old.name
                free.remove(new)
                break
    return names


def same_table(old: Table, new: Table) -> bool:
    """Return whether two tables of different names have the same columns and key."""
    return old.columns == new.columns and old.primary_key == new.primary_key


def matched(old: Table, new: Table, before: TextTable, after: TextTable) -> Pair:
    """Return a table as it was and is, with its columns matched by name and, where a name is gone, by content."""
    columns = {name: name for name in new.columns if name in old.by_name}

    def alike(one: Field, other: Field) -> bool:
        if (type_of(one), one.enum) != (type_of(other), other.enum):
            return False
        return one.description == other.description or _same_cells(before.cells[one.name], after.cells[other.name])

    gone = [each for each in old.fields if each.name not in columns]
    come = [each for each in new.fields if each.name not in columns]
    return Pair(old, new, columns | guessed_names(gone, come, alike))


def _same_cells(before: Sequence[str | None], after: Sequence[str | None]) -> bool:
    return any(before) and Counter(before) == Counter(after)


def type_of(column: Field) -> str:
    """Return what may stand in a column, as far as a reader's program depends on it.

    Examples
    --------
    >>> type_of(Field("topic", "Topic", "What it is about.", "string", required=True, enum=("a", "b")))
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


# What has its own kind of change, or follows from one.
_APART = frozenset({"name", "type", "required", "enum", "order", "definitions", "rdf_type"})


def _column_changes(table: str, old: Field, new: Field) -> Iterator[ContractChange]:
    if old.name != new.name:
        yield ContractChange(Kind.COLUMN_RENAMED, table, new.name, old.name, new.name)
    if type_of(old) != type_of(new):
        yield ContractChange(Kind.COLUMN_RETYPED, table, new.name, type_of(old), type_of(new))
    common = set(old.enum) & set(new.enum)
    if common:
        yield from _vocabulary_changes(table, old, new, common)
    words = [part.name for part in fields(Field) if part.name not in _APART and _differ(part.name, old, new)]
    if any(old.definitions[value] != new.definitions[value] for value in common):
        words.append("definitions")
    if words:
        yield ContractChange(Kind.REWORDED, table, new.name, after=", ".join(words))


def _differ(part: str, old: Field, new: Field) -> bool:
    return bool(getattr(old, part) != getattr(new, part))


def _vocabulary_changes(table: str, old: Field, new: Field, common: set[str]) -> Iterator[ContractChange]:
    for value in old.enum:
        if value not in common:
            yield ContractChange(Kind.VALUE_REMOVED, table, new.name, before=value)
    for value in new.enum:
        if value not in common:
            yield ContractChange(Kind.VALUE_ADDED, table, new.name, after=value)
    # Ordered values compare by their order; of the others it is only the order in which they are listed.
    before, after = ([value for value in each.order if value in common] for each in (old, new))
    if before != after:
        yield ContractChange(Kind.VALUES_REORDERED, table, new.name, ", ".join(before), ", ".join(after))
