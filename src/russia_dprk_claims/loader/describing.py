"""Describing: what a table or a column means, from the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.errors import unknown
from russia_dprk_claims.loader.installed import installed


@dataclass(frozen=True, repr=False)
class Column:
    """A column as the contract defines it. Printed, it is a short text.

    `type` is that of the Table Schema, or `EDTF date`. `vocabulary` has the definition of every value, in the order of
    the vocabulary, which goes from least to most where `ordered`. `refers_to` is the table whose rows it names.
    """

    table: str
    name: str
    title: str
    definition: str
    type: str
    required: bool
    vocabulary: Mapping[str, str]
    ordered: bool
    refers_to: str | None
    example: str

    def __repr__(self) -> str:
        """Return the description as a text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        traits = [self.type, *(["required"] if self.required else []), *(["ordered"] if self.ordered else [])]
        yield f"{self.table}.{self.name} ({', '.join(traits)})"
        yield self.definition
        if self.refers_to:
            yield f"Refers to: {self.refers_to}"
        yield from (f"  {value}: {definition}" for value, definition in self.vocabulary.items())
        yield f"Example: {self.example}"


@dataclass(frozen=True, repr=False)
class TableDescription:
    """A table as the contract defines it. Printed, it is a short text."""

    name: str
    title: str
    definition: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __repr__(self) -> str:
        """Return the description as a text."""
        lines = [f"{self.name} (key: {', '.join(self.primary_key)})", self.definition]
        return "\n".join([*lines, *(f"  {each.name}: {each.definition}" for each in self.columns)])


def describe(name: str) -> TableDescription | Column:
    """Return what a table or a column means.

    Parameters
    ----------
    name
        A table, such as `claims`, or a column of a table, such as `claims.modality`.

    Raises
    ------
    UnknownNameError
        If there is no such table or column; the error has the nearest.

    Examples
    --------
    >>> describe("agreement_parties.party_role")
    agreement_parties.party_role (string, required)
    In which role.
      party: A party by the texts.
      guarantor: An actor that monitors or guarantees it.
      alleged_party: A party to something that is only alleged or hypothetical.
    Example: party
    """
    table_name, dot, column_name = name.partition(".")
    table = installed().table(table_name)
    if not dot:
        columns = tuple(_column(table, each) for each in table.fields)
        return TableDescription(table.name, table.title, table.description, table.primary_key, columns)
    if column_name not in table.by_name:
        raise unknown(f"column of {table.name}", column_name, table.columns)
    return _column(table, table.by_name[column_name])


def _column(table: Table, field: Field) -> Column:
    leads_to = (key.table for key in table.foreign_keys if key.columns == (field.name,))
    return Column(
        table=table.name,
        name=field.name,
        title=field.title,
        definition=field.description,
        type="EDTF date" if field.is_edtf else field.type,
        required=field.required,
        vocabulary={value: field.definitions[value] for value in field.order or field.enum},
        ordered=bool(field.order),
        refers_to=next(leads_to, None),
        example=field.example,
    )
