"""Seed records become tables: the nesting of a record is the nesting of the foreign keys, and nothing is listed here.

A file in `seeds/TABLE/` is one row of TABLE; any other `seeds/*.yaml` maps names of tables to lists of rows. A key
of a row is a
column or the name of a child table. The parent's key is inherited, a short id is composed with it, ordinals count
the list,
and a cell that is left out takes the default that the contract states.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from russia_dprk_claims.contract import SPAN, Contract, Field, Table
from russia_dprk_claims.findings import Finding, Origin, did_you_mean
from russia_dprk_claims.raw_tables import Cell, Places, RawTable
from russia_dprk_claims.seeds.nodes import Mapping, Node, Scalar, Sequence, UnreadableError, read_yaml

DATASET_FILE = "dataset.yaml"
NOT_RECORDS = frozenset({DATASET_FILE, "texts", "seals"})
SPAN_FORM = re.compile(r"^(0|[1-9][0-9]{0,17})-([1-9][0-9]{0,17})$")
_ORDINAL = re.compile(r"[0-9]{1,18}")
UNREAD = -1
"""The number of the row in a faulty cell that stands for all rows of its table that could not be read."""


@dataclass(frozen=True)
class SeedFile:
    """One file of the seed folder: how findings name it, where it is, and the table that it is a row of, if any."""

    name: str
    path: Path
    table: str | None


@dataclass(frozen=True)
class SeedSet:
    """What a seed folder says: its tables as texts, what could not be read of it, and the cells that are empty for
    it; rows that are missing for it are the cell of their table in the row `UNREAD`.
    """

    tables: dict[str, RawTable]
    findings: list[Finding]
    faulty: frozenset[Cell]


def seed_files(folder: Path, contract: Contract, prefix: str = "seeds") -> tuple[list[SeedFile], list[Finding]]:
    """Return the files of a seed folder in the order of their names, and findings on those that are not read."""
    files: list[SeedFile] = []
    findings: list[Finding] = []
    inside = folder.resolve()
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).parts):
        parts = path.relative_to(folder).parts
        name = "/".join((prefix, *parts))
        if parts[0] in NOT_RECORDS or path.name.startswith("."):
            continue
        if path.is_dir():
            if path.is_symlink():
                message = "a link to a folder is not followed"
                findings.append(Finding(Origin(name), "outside-seeds", message, "put the folder itself there"))
            continue
        if path.suffix != ".yaml":
            if path.suffix.lower() in {".yml", ".yaml"}:
                message = "only files that end in .yaml are read"
                findings.append(Finding(Origin(name), "file-name", message, f"rename it to {path.stem}.yaml"))
            continue
        table = parts[0] if len(parts) == 2 else None
        if path.exists() and not path.resolve().is_relative_to(inside):
            message = "the link leads out of the seed folder and is not followed"
            findings.append(Finding(Origin(name), "outside-seeds", message, "copy the file itself"))
        elif not path.is_file():
            findings.append(Finding(Origin(name), "unreadable-file", "this is no file", "replace or remove it"))
        elif len(parts) > 2 or (table and table not in contract.tables):
            hint = did_you_mean(parts[0], contract.tables)
            message = f"the folder {'/'.join(parts[:-1])!r} is not named after a table"
            findings.append(Finding(Origin(name), "file-name", message, hint))
        else:
            files.append(SeedFile(name, path, table))
    return files, findings


def read_seeds(folder: Path, contract: Contract, prefix: str = "seeds") -> SeedSet:
    """Read all records of a seed folder.

    Parameters
    ----------
    folder
        The seed folder.
    contract
        The contract that says what keys mean.
    prefix
        How findings name the folder.

    Returns
    -------
    SeedSet
        Every table of the contract, and all findings; never raises for anything a record says.
    """
    files, findings = seed_files(folder, contract, prefix)
    reader = _Reader(contract)
    if findings:
        reader.lose(None)
    for each in files:
        try:
            reader.read_file(each, each.path.read_bytes())
        except OSError as error:
            reader.lose(each.table)
            message, hint = os.strerror(error.errno or 0), "see that it can be read"
            findings.append(Finding(Origin(each.name), "unreadable-file", message, hint))
    return SeedSet(reader.tables, findings + reader.findings, frozenset(reader.faulty))


def read_record(file: SeedFile, data: bytes, contract: Contract) -> SeedSet:
    """Read one seed file from its bytes; the tables hold what this file says."""
    reader = _Reader(contract)
    reader.read_file(file, data)
    return SeedSet(reader.tables, reader.findings, frozenset(reader.faulty))


@dataclass(frozen=True)
class _Row:
    """A row on its way: the file, the cells with their places, where the record begins, and what could not be read."""

    path: str
    table: Table
    cells: dict[str, str | None]
    places: dict[str, tuple[int, int]]
    begin: tuple[int, int]
    faulty: set[str]


class _Reader:
    """Walks the nodes of the files and collects rows and findings."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.findings: list[Finding] = []
        self.faulty: set[Cell] = set()
        self.tables = {
            table.name: RawTable(table.name, {name: [] for name in table.columns}, Places()) for table in contract
        }

    def lose(self, table: str | None) -> None:
        """Keep in mind that rows of a table, and what nests in them, could not be read; of all tables for None."""
        for name in self.contract.tables if table is None else (table,):
            self.faulty.add((name, UNREAD, ""))
        for child in self.contract.children(table) if table else ():
            self.lose(child.name)

    def read_file(self, file: SeedFile, data: bytes) -> None:
        """Read one file: a row of the table that its folder is named after, or lists of rows by table."""
        try:
            root, duplicates = read_yaml(file.name, data)
        except UnreadableError as error:
            self.findings.append(error.finding)
            self.lose(file.table)
            return
        self.findings += duplicates
        if file.table is None:
            for key, value in root.entries:
                if key.text in self.contract.tables:
                    self._rows(file.name, self.contract[key.text], value, None)
                else:
                    self._lose_meant(self._unknown(file.name, key, list(self.contract.tables), "table"))
            return
        self._row(file.name, self.contract[file.table], root, None, {}, file.path.stem)

    def _rows(self, path: str, table: Table, node: Node, parent: _Row | None) -> None:
        if isinstance(node, Scalar) and node.is_null:
            return
        if not isinstance(node, Sequence):
            message = f"{table.name} holds a list of records"
            self._add(path, node, "wrong-type", message, "begin each record with '- '", table)
            self.lose(table.name)
            return
        counts: dict[tuple[str, ...], int] = {}
        for item in node.items:
            if isinstance(item, Mapping):
                self._row(path, table, item, parent, counts)
            else:
                message = f"an item of {table.name} is a record"
                self._add(path, item, "wrong-type", message, "write 'key: value' lines behind the '- '", table)
                self._unread_row(path, table, item, parent, counts)

    def _unread_row(
        self, path: str, table: Table, node: Node, parent: _Row | None, counts: dict[tuple[str, ...], int]
    ) -> None:
        """Keep a row of which nothing is known but that it is there."""
        row = _Row(path, table, {}, {}, (node.line, node.column), set(table.columns))
        self._complete(row, parent, counts)
        for child in self.contract.children(table.name):
            self.lose(child.name)

    def _row(
        self,
        path: str,
        table: Table,
        node: Mapping,
        parent: _Row | None,
        counts: dict[tuple[str, ...], int],
        stem: str | None = None,
    ) -> None:
        row = _Row(path, table, {}, {}, (node.line, node.column), set())
        nested: list[tuple[Table, Node]] = []
        children = {each.name: each for each in self.contract.children(table.name)}
        for key, value in node.entries:
            if key.text in children:
                nested.append((children[key.text], value))
            else:
                self._cell(row, key, value)
        if stem:
            self._compare_name(row, stem)
        self._complete(row, parent, counts)
        for child, value in nested:
            self._rows(path, child, value, row)

    def _complete(self, row: _Row, parent: _Row | None, counts: dict[tuple[str, ...], int]) -> None:
        """Fill in what the record leaves out, and put the row into its table."""
        if parent:
            self._inherit(row, parent)
        for each in row.table.fields:
            if row.cells.get(each.name) is None:
                row.cells[each.name] = None if each.name in row.faulty else each.default
        _count(row, counts)
        self._keep(row)

    def _compare_name(self, row: _Row, stem: str) -> None:
        """Hold the key of a record against the name of its file, which counts from here on."""
        column = row.table.primary_key[0]
        key = row.cells.get(column)
        if key is None and column not in row.faulty:
            origin = Origin(row.path, *row.places.get(column, row.begin))
            message, hint = f"{column} is missing", f"write {column}: {stem}"
            self.findings.append(Finding(origin, "required", message, hint, table=row.table.name, column=column))
        elif key is not None and key != stem:
            message = f"the record is {key!r}, its file {stem}.yaml"
            hint = f"call the file {key}.yaml, or the record {stem}"
            self.findings.append(Finding(Origin(row.path, *row.places[column]), "file-name", message, hint))
        row.cells[column] = stem

    def _cell(self, row: _Row, key: Scalar, value: Node) -> None:
        table = row.table
        if key.text == "span" and table.has_span:
            self._span(row, value)
        elif key.text == "quote" and table.has_span:
            message = "the quote is not yet a span"
            self._add(row.path, key, "unsealed-quote", message, "run scripts/seal.py", table)
            row.faulty.update(SPAN)
        elif key.text not in table.by_name:
            children = [each.name for each in self.contract.children(table.name)]
            written = [each.name for each in table.fields if not each.is_computed]
            extra = ["span", "quote"] if table.has_span else []
            known = written + children + extra
            meant = self._unknown(row.path, key, known, f"column or child table of {table.name}")
            # What was meant is not missing as well.
            row.faulty.update(SPAN if meant in extra else (meant,) if meant in written else ())
            self._lose_meant(meant)
        elif table.by_name[key.text].is_computed:
            self._add(row.path, key, "computed-column", f"{key.text} is computed", "leave it out", table)
        elif not isinstance(value, Scalar):
            row.faulty.add(key.text)
            message = f"{key.text} holds one value, not a list or a mapping"
            self._add(row.path, value, "wrong-type", message, "put a value that begins with [ or { in quotes", table)
        else:
            row.cells[key.text] = None if value.is_null else value.text
            row.places[key.text] = (value.line, value.column)

    def _span(self, row: _Row, value: Node) -> None:
        match = SPAN_FORM.fullmatch(value.text) if isinstance(value, Scalar) else None
        for part, column in enumerate(SPAN, start=1):
            row.cells[column] = match.group(part) if match else None
            row.places[column] = (value.line, value.column)
        if not match:
            hint = "write start-end, as in 1650-1785, or a quote and run scripts/seal.py"
            self._add(row.path, value, "span-form", "the span is not two numbers", hint, row.table)
            row.faulty.update(SPAN)

    def _inherit(self, row: _Row, parent: _Row) -> None:
        nesting = row.table.nesting
        assert nesting  # noqa: S101
        column = nesting.columns[0]
        inherited = parent.cells[nesting.references[0]]
        if row.cells.get(column) is None:
            row.cells[column] = inherited
            if inherited is None:
                row.faulty.add(column)
        for each in row.table.fields:
            value = row.cells.get(each.name)
            if value and (each == row.table.local_id or row.table.self_reference(each.name)):
                row.cells[each.name] = _whole_id(each, inherited, value)
                if row.cells[each.name] is None:
                    row.faulty.add(each.name)

    def _keep(self, row: _Row) -> None:
        raw = self.tables[row.table.name]
        self.faulty.update((row.table.name, len(raw), name) for name in row.faulty if row.cells[name] is None)
        for name, column in raw.cells.items():
            column.append(row.cells[name])
        places = raw.locator
        assert isinstance(places, Places)  # noqa: S101
        places.paths.append(row.path)
        places.rows.append(row.begin)
        places.cells.append(row.places)

    def _unknown(self, path: str, key: Scalar, known: list[str], what: str) -> str | None:
        """Add a finding on a key that nothing is called, and return the nearest one that something is."""
        message = f"{key.text!r} is no {what}"
        self.findings.append(
            Finding(Origin(path, key.line, key.column), "unknown-key", message, did_you_mean(key.text, known))
        )
        return next(iter(get_close_matches(key.text, known, n=1)), None)

    def _lose_meant(self, name: str | None) -> None:
        if name in self.contract.tables:
            self.lose(name)

    def _add(self, path: str, node: Node, rule: str, message: str, hint: str, table: Table) -> None:
        origin = Origin(path, node.line, node.column)
        self.findings.append(Finding(origin, rule, message, hint, table=table.name))


def _whole_id(column: Field, parent: str | None, value: str) -> str | None:
    """Return the whole id that a short one stands for, if the parent's is known; a value that is whole stays."""
    if column.pattern and re.fullmatch(column.pattern, value):
        return value
    return f"{parent}-{value}" if parent else None


def _count(row: _Row, counts: dict[tuple[str, ...], int]) -> None:
    """Fill the ordinals that the record leaves out: each counts on from the one before it in its group."""
    group: tuple[str, ...] = ()
    for name in row.table.primary_key:
        column = row.table.by_name[name]
        value = row.cells[name]
        if column.is_ordinal:
            key = (name, *group)
            if value is None:
                value = row.cells[name] = str(counts.get(key, (column.minimum or 0) - 1) + 1)
            if _ORDINAL.fullmatch(value):
                counts[key] = int(value)
        group = (*group, value or "")


def written_rows(
    node: Mapping, table: Table, contract: Contract, within: Mapping | None = None
) -> Iterator[tuple[Table, Mapping, Mapping | None]]:
    """Iterate over a record and those nested in it, each with its table and the record that it nests in."""
    yield table, node, within
    children = {each.name: each for each in contract.children(table.name)}
    for key, value in node.entries:
        if key.text in children and isinstance(value, Sequence):
            for item in value.items:
                if isinstance(item, Mapping):
                    yield from written_rows(item, children[key.text], contract, node)
