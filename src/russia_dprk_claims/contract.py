"""The contract: the Table Schemas of `schemas/` as frozen records.

Nothing else in the program lists tables, columns, vocabularies, keys or nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from russia_dprk_claims.files import LIMITS, parse_json, read_file

WIDE, SUMMARY = "claims_wide", "event_summary"
_DERIVED = Path(__file__).with_name("derived.json")
EDTF_TYPE = "http://id.loc.gov/datatypes/edtf/EDTF"
SPAN = ("char_start", "char_end")

Value = str | int | float | bool | date


@dataclass(frozen=True)
class CellType:
    """A type of cells: the pattern of its texts, its name in error messages, and the function that parses a text.

    The patterns are stricter than Table Schema, so that every value has exactly one spelling: no plus sign, space,
    underscore, leading zero or exponent, and no `2020-1-2`.
    """

    pattern: str | None
    expected: str
    parse: Callable[[str], Value]


SHORTEST_HASHED = 60
"""A passage of fewer code points has no hash: a short text can be guessed from it."""

TEXT = CellType(None, "a text", str)
CELL_TYPES: Mapping[str, CellType] = {
    "string": TEXT,
    "integer": CellType(r"^(?:0|-?[1-9][0-9]{0,17})$", "a whole number such as 12", int),
    "number": CellType(
        r"^(?:0|-?[1-9][0-9]{0,17}|-?(?:0|[1-9][0-9]{0,14})\.[0-9]*[1-9])$",
        "a number such as 4800000 or 0.5",
        float,
    ),
    "boolean": CellType(r"^(?:true|false)$", "true or false", lambda text: text == "true"),
    "date": CellType(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a day that exists, such as 2024-06-23", date.fromisoformat),
}


@dataclass(frozen=True)
class PatternsBy:
    """The pattern of a cell for each value of another column of its row."""

    column: str
    patterns: Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One column of a table, as its Table Schema defines it."""

    name: str
    title: str
    description: str
    type: str
    required: bool = False
    unique: bool = False
    pattern: str | None = None
    minimum: int | None = None
    enum: tuple[str, ...] = ()
    order: tuple[str, ...] = ()  # the vocabulary from least to most, if it is ordered
    definitions: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None  # the value where a seed record has none
    derived: str | None = None  # how it is computed
    overridable: bool = False  # computed only where a record leaves it out
    text: str | None = None  # `verbatim`: copied from the passage; `own_words`: never; `name`: a name in a text
    max_words: int | None = None
    patterns_by: PatternsBy | None = None
    rdf_type: str | None = None
    example: str = ""

    @property
    def cell_type(self) -> CellType:
        """The type of the cells; a type that this version does not know is read as text."""
        return CELL_TYPES.get(self.type, TEXT)

    def parse(self, text: str) -> Value:
        """Return the value of a cell; ValueError if its text does not fit the type or the vocabulary of the column."""
        type_ = self.cell_type
        if self.enum and text not in self.enum:
            raise ValueError(f"{text!r} is not in its vocabulary")
        with suppress(ValueError):
            if type_.pattern is None or re.fullmatch(type_.pattern, text):
                return type_.parse(text)
        raise ValueError(f"{text!r} is not {type_.expected}")

    @property
    def is_edtf(self) -> bool:
        """Whether the column holds an EDTF date."""
        return self.rdf_type == EDTF_TYPE

    @property
    def is_ordinal(self) -> bool:
        """Whether the cell counts the rows of a list, starting at the column's minimum."""
        return self.derived == "ordinal"

    @property
    def is_computed(self) -> bool:
        """Whether the cell is always computed and never written in a record."""
        return self.derived is not None and not self.overridable


@dataclass(frozen=True)
class ForeignKey:
    """Columns of one table that must name a row of another (or of the same) table."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]

    def describe(self, owner: str) -> str:
        """Return the constraint in words, such as `quantities(claim_id) → claims(claim_id)`."""
        return f"{owner}({', '.join(self.columns)}) → {self.table}({', '.join(self.references)})"


@dataclass(frozen=True, eq=False)
class Table:
    """One table: its columns in order and its keys; `schema` is the Table Schema as written."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    nested_in: str | None  # the table in whose records the rows are written
    schema: Mapping[str, Any] = field(repr=False, compare=False)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the CSV."""
        return tuple(each.name for each in self.fields)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The columns by name."""
        return {each.name: each for each in self.fields}

    @cached_property
    def has_span(self) -> bool:
        """Whether the rows have a span of a source text."""
        return set(SPAN) <= set(self.columns)

    @cached_property
    def ordinals(self) -> tuple[Field, ...]:
        """The columns that count the rows of a list, in key order."""
        return tuple(self.by_name[name] for name in self.primary_key if self.by_name[name].is_ordinal)

    @cached_property
    def nesting(self) -> ForeignKey | None:
        """The foreign key along which the rows nest in a record; None if they do not nest."""
        return next((key for key in self.foreign_keys if key.table == self.nested_in and len(key.columns) == 1), None)

    @cached_property
    def local_id(self) -> Field | None:
        """The column whose value is composed of the parent's key and a short local id, such as `C012`."""
        if self.nesting and len(self.primary_key) == 1:
            return self.by_name[self.primary_key[0]]
        return None


@dataclass(frozen=True)
class Contract:
    """All tables: each comes after the one that its rows nest in, and tables of the same depth are sorted by name."""

    tables: Mapping[str, Table]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    def children(self, parent: str) -> tuple[Table, ...]:
        """Return the tables whose rows nest in a row of `parent`."""
        return tuple(each for each in self if each.nested_in == parent)

    def has_short_ids(self, table: Table, column: str) -> bool:
        """Return whether nested rows may write short ids in a column, such as `T1` for `SRC-0005-C012-T1`.

        They may for their own id, and for references to rows that nest in the same record.
        """
        if table.local_id and column == table.local_id.name:
            return True
        targets = [self[key.table] for key in table.foreign_keys if key.columns == (column,)]
        return any(each.local_id and each.nested_in == table.nested_in for each in targets)


def foreign_key_of(contract: Contract, table: Table, column: str) -> ForeignKey:
    """Return the foreign key by which one column refers to a row.

    If the column is only part of a composite key, follow the column that it references there.
    """
    for key in table.foreign_keys:
        if key.columns == (column,):
            return key
    longer = next(key for key in table.foreign_keys if column in key.columns)
    return foreign_key_of(contract, contract[longer.table], longer.references[longer.columns.index(column)])


class ContractError(ValueError):
    """A schema that is missing, unreadable or inconsistent."""


def as_text(value: Any) -> str:
    """Return the CSV text of a value written in JSON, so that `false` reads `false`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _field(table: str, raw: Mapping[str, Any]) -> Field:
    limits = raw.get("constraints", {})
    enum = tuple(limits.get("enum", ()))
    ordered = tuple(raw.get("ordered", enum))
    definitions = dict(raw.get("definitions", {}))
    if set(definitions) != set(enum) or set(ordered) != set(enum):
        raise ContractError(f"{table}.{raw['name']}: enum, definitions and ordered do not list the same values")
    return Field(
        name=raw["name"],
        title=raw["title"],
        description=raw["description"],
        type=raw["type"],
        required=limits.get("required", False),
        unique=limits.get("unique", False),
        pattern=limits.get("pattern"),
        minimum=limits.get("minimum"),
        enum=enum,
        order=tuple(raw.get("ordered", ())),
        definitions=definitions,
        default=as_text(raw["default"]) if "default" in raw else None,
        derived=raw.get("derived"),
        overridable=raw.get("overridable", raw.get("derived") == "ordinal"),
        text=raw.get("text"),
        max_words=raw.get("maxWords"),
        patterns_by=next((PatternsBy(name, dict(by)) for name, by in raw.get("patternsBy", {}).items()), None),
        rdf_type=raw.get("rdfType"),
        example=as_text(raw["example"]),
    )


def _table(raw: Mapping[str, Any]) -> Table:
    name = raw["name"]
    keys = tuple(
        ForeignKey(tuple(key["fields"]), key["reference"]["resource"] or name, tuple(key["reference"]["fields"]))
        for key in raw.get("foreignKeys", [])
    )
    return Table(
        name=name,
        title=raw["title"],
        description=raw["description"],
        fields=tuple(_field(name, each) for each in raw["fields"]),
        primary_key=tuple(raw["primaryKey"]),
        foreign_keys=keys,
        nested_in=raw.get("nestedIn"),
        schema=raw,
    )


def derived_table(contract: Contract, name: str) -> Table:
    """Return the definition of what is derived from the tables, as if it were a table of the contract.

    In `derived.json`, a column is one of a table, as `table.column`, or has a definition of its own; the first is the
    key. The rows refer to the tables of `references`.
    """
    raw = parse_json(_DERIVED.read_bytes())[name]
    fields = []
    for each in raw["columns"]:
        if isinstance(each, str):
            table, _, column = each.partition(".")
            fields.append(replace(contract[table].by_name[column], derived=None))
        else:
            fields.append(Field(**{"type": "string", **each}))
    keys = [contract[each].primary_key for each in raw["references"]]
    foreign = tuple(ForeignKey(key, table, key) for key, table in zip(keys, raw["references"], strict=True))
    return Table(name, raw["title"], raw["description"], tuple(fields), (fields[0].name,), foreign, None, {})


def read_contract(schemas: Path | Mapping[str, bytes]) -> Contract:
    """Read the contract from a folder of Table Schemas, one `TABLE.json` per table, or from their bytes by file name.

    Raises ContractError if there is no schema, or one is unreadable or contradicts itself.
    """
    where = schemas if isinstance(schemas, Path) else Path("schemas")
    if isinstance(schemas, Path):
        try:
            schemas = {path.name: read_file(path, where.parent, LIMITS.json) for path in schemas.glob("*.json")}
        except OSError as error:
            raise ContractError(f"{error.filename or where}: {error.strerror}") from error
    tables: dict[str, Table] = {}
    for file, data in sorted(schemas.items()):
        try:
            table = _table(parse_json(data))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ContractError(f"{where / file}: not a Table Schema of this project: {error!r}") from error
        if file != f"{table.name}.json":
            raise ContractError(f"{where / file}: the schema is called {table.name!r}, its file {file!r}")
        tables[table.name] = table
    if not tables:
        raise ContractError(f"{where}: there is no schema in this folder")
    _check_references(tables)
    ordered = sorted(tables.values(), key=lambda each: (_depth(tables, each), each.name))
    return Contract({each.name: each for each in ordered})


def _depth(tables: Mapping[str, Table], table: Table) -> int:
    """Return the nesting depth of a table; raise ContractError if tables nest in each other."""
    path = [table.name]
    while table.nested_in:
        if table.nesting is None or not table.by_name[table.nesting.columns[0]].required:
            raise ContractError(f"{table.name}: nestedIn needs a foreign key on one required column")
        table = tables[table.nested_in]
        if table.name in path:
            raise ContractError(f"{' → '.join([*path, table.name])}: the tables nest in each other")
        path.append(table.name)
    return len(path)


def _check_references(tables: Mapping[str, Table]) -> None:
    for table in tables.values():
        unknown = set(table.primary_key) - set(table.columns)
        for key in table.foreign_keys:
            unknown |= set(key.columns) - set(table.columns)
            if key.table not in tables or set(key.references) - set(tables[key.table].columns):
                raise ContractError(f"{key.describe(table.name)}: refers to a table or column that does not exist")
        if unknown:
            raise ContractError(f"{table.name}: a key names columns that do not exist: {', '.join(sorted(unknown))}")
