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
from collections.abc import Mapping as Map
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from curation.seeds.nodes import NULLS, Mapping, Node, Scalar, Sequence, UnreadableError, read_yaml
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.checks.tables import Invalid, SeedLocations, TextTable
from russia_dprk_claims.contract import SPAN, Contract, Field, Table

DATASET_FILE = "dataset.yaml"
NOT_RECORDS = frozenset({DATASET_FILE, "texts", "seals"})
SPAN_FORM = re.compile(r"^(0|[1-9][0-9]{0,17})-([1-9][0-9]{0,17})$")
_ORDINAL = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class SeedFile:
    """One file of the seed folder: how findings name it, where it is, and the table that it is a row of, if any."""

    name: str
    path: Path
    table: str | None


@dataclass(frozen=True)
class SeedSet:
    """What a seed folder says: its tables as texts, findings, and the cells and tables that could not be read."""

    tables: dict[str, TextTable]
    findings: list[Finding]
    unread: Invalid


def seed_files(folder: Path, contract: Contract, prefix: str = "seeds") -> tuple[list[SeedFile], list[Finding]]:
    """Return the files of a seed folder in the order of their names, and findings on those that are not read."""
    files: list[SeedFile] = []
    findings: list[Finding] = []
    inside = folder.resolve()
    for parts, entry in _entries(folder):
        name = "/".join((prefix, *parts))
        path, is_link = Path(entry.path), entry.is_symlink()
        # A link that leads round in a ring is nothing to a path, and an error to an entry.
        if path.is_dir() if is_link else entry.is_dir():
            if is_link:
                message = "a link to a folder is not followed"
                findings.append(Finding(Location(name), "outside-seeds", message, "put the folder itself there"))
            continue
        if path.suffix != ".yaml":
            if path.suffix.lower() in {".yml", ".yaml"}:
                message = "only files that end in .yaml are read"
                findings.append(Finding(Location(name), "file-name", message, f"rename it to {path.stem}.yaml"))
            continue
        table = parts[0] if len(parts) == 2 else None
        if is_link and path.exists() and not path.resolve().is_relative_to(inside):
            message = "the link leads out of the seed folder and is not followed"
            findings.append(Finding(Location(name), "outside-seeds", message, "copy the file itself"))
        elif not (path.is_file() if is_link else entry.is_file()):
            findings.append(Finding(Location(name), "unreadable-file", "this is no file", "replace or remove it"))
        elif len(parts) > 2 or (table and table not in contract.tables):
            hint = did_you_mean(parts[0], contract.tables)
            message = f"the folder {'/'.join(parts[:-1])!r} is not named after a table"
            findings.append(Finding(Location(name), "file-name", message, hint))
        else:
            files.append(SeedFile(name, path, table))
    return files, findings


def _entries(folder: Path, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], os.DirEntry[str]]]:
    """Yield what lies in a seed folder, in the order of the names, each with the parts of its path; links are not
    followed, and folders that cannot be looked into are passed over.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda each: each.name)
    except OSError:
        return
    for entry in entries:
        parts = (*above, entry.name)
        if parts[0] in NOT_RECORDS:
            continue
        if not entry.name.startswith("."):
            yield parts, entry
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path), parts)


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
    reader = _Reader(contract, forms_of(contract))
    if findings:
        reader.mark_incomplete(None)
    for each in files:
        reader.read_path(each)
    read = reader.seeds()
    return SeedSet(read.tables, findings + read.findings, read.unread)


def read_record(file: SeedFile, data: bytes | None, contract: Contract, forms: Forms | None = None) -> SeedSet:
    """Read one seed file; the tables hold what this file says.

    Parameters
    ----------
    file
        The file.
    data
        Its bytes; None to read them from the disk.
    contract
        The contract that says what keys mean.
    forms
        What `forms_of` gives for the contract, where many files are read.
    """
    reader = _Reader(contract, forms or forms_of(contract))
    if data is None:
        reader.read_path(file)
    else:
        reader.read_file(file, data)
    return reader.seeds()


class _Form:
    """What the contract says of the records of one table, looked up once: they are many."""

    def __init__(self, contract: Contract, table: Table) -> None:
        self.table = table
        self.children = frozenset(each.name for each in contract.children(table.name))
        self.place = {name: index for index, name in enumerate(table.columns)}
        special = {*self.children, *(("span", "quote") if table.has_span else ())}
        # The keys of a record whose values are cells as they are.
        self.plain = {
            each.name: self.place[each.name]
            for each in table.fields
            if not each.is_computed and each.name not in special
        }
        self.defaults = [
            (self.place[each.name], each.name, each.default) for each in table.fields if each.default is not None
        ]
        self.nested_by = self.place[table.nesting.columns[0]] if table.nesting else None
        self.parent_key = table.nesting.references[0] if table.nesting else ""
        # The columns with ids that may be written short: the row's own and those of its siblings.
        self.composed = [
            (self.place[each.name], each)
            for each in table.fields
            if table.nesting and (each == table.local_id or table.self_reference(each.name))
        ]
        self.counted = bool(table.ordinals)


Forms = Map[str, _Form]


def forms_of(contract: Contract) -> Forms:
    """Return what the reading of records needs of the contract, by table."""
    return {table.name: _Form(contract, table) for table in contract}


@dataclass(slots=True)
class _Row:
    """A row on its way: the file, the cells with their places, where the record begins, and what could not be read."""

    path: str
    form: _Form
    cells: list[str | None]
    places: dict[str, tuple[int, int]]
    begin: tuple[int, int]
    unread: set[str]

    @property
    def table(self) -> Table:
        return self.form.table

    def __getitem__(self, column: str) -> str | None:
        return self.cells[self.form.place[column]]

    def __setitem__(self, column: str, value: str | None) -> None:
        self.cells[self.form.place[column]] = value


class _Reader:
    """Walks the nodes of the files and collects rows and findings."""

    def __init__(self, contract: Contract, forms: Forms) -> None:
        self.contract = contract
        self.findings: list[Finding] = []
        self.unread = Invalid()
        self._forms = forms
        self._rows_of: dict[str, list[list[str | None]]] = {table.name: [] for table in contract}
        self._places = {table.name: SeedLocations() for table in contract}

    def seeds(self) -> SeedSet:
        """Return all that was read."""
        tables = {}
        for table in self.contract:
            rows = self._rows_of[table.name]
            columns = zip(*rows, strict=True) if rows else ((),) * len(table.columns)
            cells = {name: list(column) for name, column in zip(table.columns, columns, strict=True)}
            tables[table.name] = TextTable(table.name, cells, self._places[table.name])
        return SeedSet(tables, self.findings, self.unread)

    def mark_incomplete(self, table: str | None) -> None:
        """Note that rows of a table, and what nests in them, could not be read; of all tables for None."""
        for name in self.contract.tables if table is None else (table,):
            self.unread.incomplete.add(name)
        for child in self.contract.children(table) if table else ():
            self.mark_incomplete(child.name)

    def read_path(self, file: SeedFile) -> None:
        """Read one file from the disk."""
        try:
            data = file.path.read_bytes()
        except OSError as error:
            self.mark_incomplete(file.table)
            message, hint = os.strerror(error.errno or 0), "see that it can be read"
            self.findings.append(Finding(Location(file.name), "unreadable-file", message, hint))
            return
        self.read_file(file, data)

    def read_file(self, file: SeedFile, data: bytes) -> None:
        """Read one file: a row of the table that its folder is named after, or lists of rows by table."""
        try:
            root, duplicates = read_yaml(file.name, data)
        except UnreadableError as error:
            self.findings.append(error.finding)
            self.mark_incomplete(file.table)
            return
        self.findings += duplicates
        if file.table is None:
            for key, value in root.entries:
                if key.text in self.contract.tables:
                    self._rows(file.name, key.text, value, None)
                else:
                    self._mark_meant(self._unknown(file.name, key, list(self.contract.tables), "table"))
            return
        self._row(file.name, self._forms[file.table], root, None, {}, file.path.stem)

    def _rows(self, path: str, name: str, node: Node, parent: _Row | None) -> None:
        if isinstance(node, Scalar) and node.is_null:
            return
        form = self._forms[name]
        if not isinstance(node, Sequence):
            self._add(path, node, "wrong-type", f"{name} holds a list of records", "begin each record with '- '", name)
            self.mark_incomplete(name)
            return
        counts: dict[tuple[str, ...], int] = {}
        for item in node.items:
            if isinstance(item, Mapping):
                self._row(path, form, item, parent, counts)
            else:
                message = f"an item of {name} is a record"
                self._add(path, item, "wrong-type", message, "write 'key: value' lines behind the '- '", name)
                self._unread_row(path, form, item, parent, counts)

    def _unread_row(
        self, path: str, form: _Form, node: Node, parent: _Row | None, counts: dict[tuple[str, ...], int]
    ) -> None:
        """Keep a row of which nothing is known but that it is there."""
        columns = form.table.columns
        row = _Row(path, form, [None] * len(columns), {}, (node.line, node.column), set(columns))
        self._complete(row, parent, counts)
        for child in form.children:
            self.mark_incomplete(child)

    def _row(
        self,
        path: str,
        form: _Form,
        node: Mapping,
        parent: _Row | None,
        counts: dict[tuple[str, ...], int],
        stem: str | None = None,
    ) -> None:
        cells: list[str | None] = [None] * len(form.place)
        places: dict[str, tuple[int, int]] = {}
        row = _Row(path, form, cells, places, (node.line, node.column), set())
        nested: list[tuple[str, Node]] = []
        for key, value in node.entries:
            name = key.text
            index = form.plain.get(name)
            if index is not None and isinstance(value, Scalar):
                cells[index] = None if value.plain and value.text in NULLS else value.text
                places[name] = (value.line, value.column)
            elif name in form.children:
                nested.append((name, value))
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
            _inherit(row, parent)
        for index, name, default in row.form.defaults:
            if row.cells[index] is None and name not in row.unread:
                row.cells[index] = default
        if row.form.counted:
            _count(row, counts)
        self._keep(row)

    def _compare_name(self, row: _Row, stem: str) -> None:
        """Hold the key of a record against the name of its file, which counts from here on."""
        column = row.table.primary_key[0]
        key = row[column]
        if key is None and column not in row.unread:
            location = Location(row.path, *row.places.get(column, row.begin))
            message, hint = f"{column} is missing", f"write {column}: {stem}"
            self.findings.append(Finding(location, "required", message, hint, table=row.table.name, column=column))
        elif key is not None and key != stem:
            message = f"the record is {key!r}, its file {stem}.yaml"
            hint = f"call the file {key}.yaml, or the record {stem}"
            self.findings.append(Finding(Location(row.path, *row.places[column]), "file-name", message, hint))
        row[column] = stem

    def _cell(self, row: _Row, key: Scalar, value: Node) -> None:
        """Take a key that is not simply a column with its value."""
        table = row.table
        if key.text == "span" and table.has_span:
            self._span(row, value)
        elif key.text == "quote" and table.has_span:
            message = "the quote is not yet a span"
            self._add(row.path, key, "unsealed-quote", message, "run scripts/seal.py", table.name)
            row.unread.update(SPAN)
        elif key.text not in table.by_name:
            children = [each.name for each in self.contract.children(table.name)]
            written = [each.name for each in table.fields if not each.is_computed]
            extra = ["span", "quote"] if table.has_span else []
            known = written + children + extra
            meant = self._unknown(row.path, key, known, f"column or child table of {table.name}")
            # What was meant is not missing as well.
            row.unread.update(SPAN if meant in extra else (meant,) if meant in written else ())
            self._mark_meant(meant)
        elif table.by_name[key.text].is_computed:
            self._add(row.path, key, "computed-column", f"{key.text} is computed", "leave it out", table.name)
        else:
            row.unread.add(key.text)
            message = f"{key.text} holds one value, not a list or a mapping"
            self._add(
                row.path, value, "wrong-type", message, "put a value that begins with [ or { in quotes", table.name
            )

    def _span(self, row: _Row, value: Node) -> None:
        match = SPAN_FORM.fullmatch(value.text) if isinstance(value, Scalar) else None
        for part, column in enumerate(SPAN, start=1):
            row[column] = match.group(part) if match else None
            row.places[column] = (value.line, value.column)
        if not match:
            hint = "write start-end, as in 1650-1785, or a quote and run scripts/seal.py"
            self._add(row.path, value, "span-form", "the span is not two numbers", hint, row.table.name)
            row.unread.update(SPAN)

    def _keep(self, row: _Row) -> None:
        name = row.table.name
        rows = self._rows_of[name]
        for column in row.unread:
            if row[column] is None:
                self.unread.add(name, len(rows), column)
        rows.append(row.cells)
        places = self._places[name]
        places.paths.append(row.path)
        places.rows.append(row.begin)
        places.cells.append(row.places)

    def _unknown(self, path: str, key: Scalar, known: list[str], what: str) -> str | None:
        """Add a finding on a key that nothing is called, and return the nearest one that something is."""
        message = f"{key.text!r} is no {what}"
        self.findings.append(
            Finding(Location(path, key.line, key.column), "unknown-key", message, did_you_mean(key.text, known))
        )
        return next(iter(get_close_matches(key.text, known, n=1)), None)

    def _mark_meant(self, name: str | None) -> None:
        if name in self.contract.tables:
            self.mark_incomplete(name)

    def _add(self, path: str, node: Node, rule: str, message: str, hint: str, table: str) -> None:
        self.findings.append(Finding(Location(path, node.line, node.column), rule, message, hint, table=table))


def _inherit(row: _Row, parent: _Row) -> None:
    """Take over the key of the record that this one nests in, and make whole what is written short."""
    form = row.form
    assert form.nested_by is not None  # noqa: S101
    inherited = parent[form.parent_key]
    if row.cells[form.nested_by] is None:
        row.cells[form.nested_by] = inherited
        if inherited is None:
            row.unread.add(form.table.columns[form.nested_by])
    for index, column in form.composed:
        value = row.cells[index]
        if value:
            row.cells[index] = _whole_id(column, inherited, value)
            if row.cells[index] is None:
                row.unread.add(column.name)


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
        value = row[name]
        if column.is_ordinal:
            key = (name, *group)
            if value is None:
                value = row[name] = str(counts.get(key, (column.minimum or 0) - 1) + 1)
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
