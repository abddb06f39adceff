"""Mutations: the real tables, broken in known ways in any place that qualifies.

A kind of fault lists the cells that it can break, breaks one in a draft of the tables, and names the cells that must be
reported and what else follows, each with the reason. A draft shares unchanged tables with the valid dataset.
"""

from __future__ import annotations

import random
import zlib
from array import array
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple

from curation.seeds.tables import SeedLocations
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import TextTable, TextTables, row_name
from russia_dprk_claims.contract import Contract, Field, Table

Row = dict[str, str | None]


class Place(NamedTuple):
    """A cell that a fault can break."""

    table: str
    row: int
    column: str


class Spot(NamedTuple):
    """A rule, and the cell of the draft where its finding must be."""

    rule: str
    place: Place


class Found(NamedTuple):
    """A finding as the tests compare it: the rule, the cell by names, and the location in the file."""

    rule: str
    table: str
    row: str
    column: str
    location: Location


def found(finding: Finding) -> Found:
    """Return the parts of a finding that the tests compare."""
    return Found(finding.rule, finding.table, finding.row, finding.column, finding.location)


class Draft:
    """Tables to be broken: what is changed is copied first, so that the valid tables do not change."""

    def __init__(self, contract: Contract, tables: TextTables) -> None:
        """Share the tables until they are changed."""
        self.contract = contract
        self.tables: dict[str, TextTable] = dict(tables)
        self._own: set[str] = set()

    def raw(self, table: str) -> TextTable:
        """Return a table that can be changed."""
        if table not in self._own:
            shared = self.tables[table]
            assert isinstance(shared.locator, SeedLocations)
            offsets = {name: copy(each) for name, each in shared.locator.offsets.items()}
            places = SeedLocations(copy(shared.locator.sources), copy(shared.locator.starts), offsets)
            cells = {name: list(column) for name, column in shared.cells.items()}
            self.tables[table] = TextTable(table, cells, places)
            self._own.add(table)
        return self.tables[table]

    def cell(self, place: Place) -> str:
        """Return the text of a cell, an empty one as an empty text."""
        return self.tables[place.table].cells[place.column][place.row] or ""

    def row(self, place: Place) -> Row:
        """Return the row of a place."""
        return self.tables[place.table].row(place.row)

    def put(self, place: Place, value: str | None) -> None:
        """Change one cell."""
        self.raw(place.table).cells[place.column][place.row] = value

    def change(self, place: Place, **cells: str | None) -> None:
        """Change some cells of the row of a place."""
        for column, value in cells.items():
            self.put(place._replace(column=column), value)

    def repeat(self, place: Place, **cells: str | None) -> Place:
        """Add a row like that of a place, but for some cells; return where it is."""
        raw = self.raw(place.table)
        for name, column in raw.cells.items():
            column.append(cells.get(name, column[place.row]) if name in cells else column[place.row])
        places = raw.locator
        assert isinstance(places, SeedLocations)
        places.sources.append(places.sources[place.row])
        for offsets in (places.starts, *places.offsets.values()):
            offsets.append(offsets[place.row])
        return place._replace(row=len(raw) - 1)

    def remove(self, table: str, rows: Iterable[int]) -> None:
        """Remove rows from a table."""
        gone = set(rows)
        raw = self.raw(table)
        places = raw.locator
        assert isinstance(places, SeedLocations)
        kept = [index for index in range(len(raw)) if index not in gone]
        places.sources[:] = [places.sources[index] for index in kept]
        for column in raw.cells.values():
            column[:] = [column[index] for index in kept]
        for offsets in (places.starts, *places.offsets.values()):
            offsets[:] = array("i", [offsets[index] for index in kept])

    def where(self, table: str, **cells: str | None) -> list[int]:
        """Return the rows whose cells have the given values."""
        columns, wanted = [self.tables[table].cells[column] for column in cells], tuple(cells.values())
        return [index for index, row in enumerate(zip(*columns, strict=True)) if row == wanted]

    def found(self, spot: Spot) -> Found:
        """Return the expected finding at a spot, at the location that its table gives."""
        rule, (table, row, column) = spot
        raw = self.tables[table]
        name = row_name(self.contract[table], raw, row)
        return Found(rule, table, name, column, raw.locator.locate(row, column))


Places_ = Callable[[Draft], list[Place]]
Edit = Callable[[Draft, Place], list[Spot]]


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    `places` are the cells that it can be done to, `edit` does it and returns what must be found. `also` has the other
    rules that may be broken by it, each with the reason why that is right; nothing else may be found. `bug` says what
    is known to be wrong in the program.
    """

    name: str
    places: Places_
    edit: Edit
    also: Mapping[str, str] = field(default_factory=dict)
    bug: str = ""

    def shuffled(self, draft: Draft) -> list[Place]:
        """Return the places in an order that is the same in every run and another one for every kind."""
        places = self.places(draft)
        random.Random(zlib.crc32(self.name.encode())).shuffle(places)  # noqa: S311
        return places


KINDS: list[Kind] = []


def kind(name: str, places: Places_, *, bug: str = "", **also: str) -> Callable[[Edit], Edit]:
    """Register the function below as the edit of a kind; `also` names rules with `_` for `-`."""

    def register(edit: Edit) -> Edit:
        KINDS.append(Kind(name, places, edit, {rule.replace("_", "-"): why for rule, why in also.items()}, bug))
        return edit

    return register


# --- where a fault can be done ---------------------------------------------------------------------------------------


def rows(table: str, column: str, good: Callable[[Row], bool] = lambda _: True) -> Places_:
    """Return the places in one column of the rows that qualify."""
    return lambda draft: [
        Place(table, index, column) for index, row in enumerate(draft.tables[table].rows()) if good(row)
    ]


def cells(good: Callable[[Table, Field], bool], *, filled: bool = True) -> Places_:
    """Return the places in all columns that qualify, but for empty cells unless `filled` is false."""

    def places(draft: Draft) -> list[Place]:
        return [
            Place(table.name, index, column.name)
            for table in draft.contract
            for column in table.fields
            if good(table, column)
            for index, value in enumerate(draft.tables[table.name].cells[column.name])
            if value is not None or not filled
        ]

    return places


def narrowed(places: Places_, good: Callable[[Draft, Place], bool]) -> Places_:
    """Return the places that also qualify by other cells."""
    return lambda draft: [place for place in places(draft) if good(draft, place)]


def is_key(table: Table, column: Field) -> bool:
    """Return whether a column is part of a key of its table."""
    return column.name in table.primary_key or any(column.name in key.columns for key in table.foreign_keys)


# --- CSV, written here once more so that the places of its cells are known independently -----------------------------

# A column of each table that no rule on other rows reads: a line break in it breaks its own cell and nothing else.
BREAKABLE = {
    "actor_names": ("source_id", "pattern"),
    "actors": ("note", "text-invisible"),
    "agreement_parties": ("party_role", "vocabulary"),
    "agreements": ("note", "text-invisible"),
    "claim_actors": ("name_as_stated", "text-invisible"),
    "claim_agreements": ("bearing", "vocabulary"),
    "claim_attributions": ("evidence", "vocabulary"),
    "claim_events": ("bearing", "vocabulary"),
    "claim_relations": ("note", "text-invisible"),
    "claims": ("note", "text-invisible"),
    "coders": ("description", "text-invisible"),
    "events": ("note", "text-invisible"),
    "items": ("note", "text-invisible"),
    "origins": ("note", "text-invisible"),
    "quantities": ("item", "text-invisible"),
    "set_asides": ("reason", "vocabulary"),
    "reliability": ("level", "vocabulary"),
    "sources": ("author", "text-invisible"),
    "transfers": ("note", "text-invisible"),
}


def break_line(draft: Draft, table: str, row: int) -> Spot:
    """Put two line breaks, a comma and quotes into a cell of a row, and return the expected findings."""
    column, rule = BREAKABLE[table]
    place = Place(table, row, column)
    value = draft.cell(place)
    draft.put(place, f'{value[:2]}\n",\n""{value[2:]}')
    return Spot(rule, place)


@dataclass(frozen=True)
class CsvTable:
    """The CSV of a table, and the line and column at which each of its cells begins."""

    data: bytes
    places: Mapping[tuple[int, str], tuple[int, int]]


def to_csv_with_places(table: Table, raw: TextTable, *, quote_all: bool = False) -> CsvTable:
    """Write a table as CSV, cell by cell, and record where each begins."""
    text = ",".join(table.columns) + "\n"
    places: dict[tuple[int, str], tuple[int, int]] = {}
    line, parts = 2, [text]
    for index in range(len(raw)):
        column = 1
        for number, name in enumerate(table.columns):
            value = raw.cells[name][index] or ""
            quoted = quote_all or any(sign in value for sign in ',"\n\r')
            written = '"' + value.replace('"', '""') + '"' if quoted else value
            places[index, name] = (line, column)
            after = "," if number + 1 < len(table.columns) else "\n"
            parts.append(written + after)
            line += written.count("\n")
            column = len(written.rpartition("\n")[2]) + 2 if "\n" in written else column + len(written) + 1
        line += 1
    return CsvTable("".join(parts).encode("utf-8"), places)
