"""Turns seed records into tables; the contract defines which tables nest in which.

A file in `seeds/TABLE/` is one row of TABLE; any other `seeds/*.yaml` maps names of tables to lists of rows. A key of
a row is a column or the name of a child table. The parent's key is inherited, a short id is completed with it,
ordinals count the list, and a cell that is left out takes the default that the contract states.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from curation.seeds.files import DATASET, SEEDS, SeedFiles
from curation.seeds.yaml import Mapping, Node, Scalar, Sequence, UnreadableError, read_yaml
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.checks.tables import Invalid, SeedLocations, TextTable
from russia_dprk_claims.contract import SPAN, Contract, Table
from russia_dprk_claims.errors import similar
from russia_dprk_claims.files import LIMITS

SPAN_FORM = re.compile(r"^(0|[1-9][0-9]{0,17})-([1-9][0-9]{0,17})$")
CANDIDATE = "draft"
"""The key of a record that a draft proposes; remove it to accept the record."""
_SHOWN_CANDIDATES = 10
_ORDINAL = re.compile(r"[0-9]{1,18}")

Counts = dict[tuple[str, ...], int]
"""The last ordinal of each group of a list."""


@dataclass(frozen=True)
class SeedSet:
    """What seed files say: the tables as texts, the findings, and the cells and tables that could not be read."""

    tables: dict[str, TextTable]
    findings: list[Finding]
    unread: Invalid


def read_seeds(files: SeedFiles, contract: Contract, *, complete: bool = True) -> SeedSet:
    """Read seed records.

    `complete` is false if a seed file was refused, so that rows of any table may be missing. Files that are not
    records are skipped. An invalid record gives findings, never an exception.
    """
    reader = _Reader(contract)
    if not complete:
        reader.mark_incomplete(None)
    for path, data in files.items():
        if path.lower().endswith((".yaml", ".yml")) and path != DATASET and not reader.is_stopped:
            reader.read_file(path, data, files)
    return SeedSet(reader.tables(), reader.findings, reader.unread)


@dataclass
class _Row:
    """A row: its table, where it begins, its cells, where each was written, and those that could not be read."""

    table: Table
    location: Location
    cells: dict[str, str | None] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


class _Reader:
    """Walks the nodes of the files and collects rows and findings."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.findings: list[Finding] = []
        self.unread = Invalid()
        self.is_stopped = False
        self._records = 0
        self._first: dict[bytes, str] = {}
        self._rows_of: dict[str, list[_Row]] = {table.name: [] for table in contract}
        self._candidates: list[Location] = []

    def tables(self) -> dict[str, TextTable]:
        """Return all that was read, table by table."""
        tables = {}
        for table in self.contract:
            rows = self._rows_of[table.name]
            cells = {column: [row.cells.get(column) for row in rows] for column in table.columns}
            places = SeedLocations([row.location for row in rows], [row.locations for row in rows])
            tables[table.name] = TextTable(table.name, cells, places)
        return tables

    def read_file(self, path: str, data: bytes | None, files: SeedFiles) -> None:
        """Read one file: a row of the table that its folder is named after, or lists of rows by table."""
        _, *folders, name = PurePosixPath(path).parts
        stem, location = PurePosixPath(name).stem, Location(path)
        table = self.contract.tables.get(folders[0]) if len(folders) == 1 else None
        try:
            if folders and table is None:
                message = f"the folder {'/'.join(folders)!r} is not named after a table"
                raise UnreadableError("file-name", location, message, did_you_mean(folders[0], self.contract.tables))
            if not name.endswith(".yaml"):
                message, hint = "only files that end in .yaml are read", f"rename it to {stem}.yaml"
                raise UnreadableError("file-name", location, message, hint)
            if data is None:
                raise UnreadableError("unreadable-file", location, "this is not a file that can be read")
            root, duplicates = read_yaml(path, data)
            self._check_place(path, data, root, table, files)
            self.findings += duplicates
            self._read_root(root, table, stem)
            self._report_candidates()
        except UnreadableError as error:
            self.findings.append(error.finding)
            self.mark_incomplete(table.name if table else None)
        if len(self.findings) > LIMITS.findings:
            rule = self.findings[LIMITS.findings].rule
            more = f"there are {len(self.findings) - LIMITS.findings:,} more such errors in this file"
            hint = "correct those before; no more is read"
            self.findings[LIMITS.findings :] = [finding(rule, location, more, hint=hint)]
            self._stop()

    def _read_root(self, root: Mapping, table: Table | None, stem: str) -> None:
        if table:
            self._row(table, root, None, {}, stem)
            return
        for key, value in root.entries:
            if key.text in self.contract.tables:
                self._rows(self.contract[key.text], value, None)
            else:
                self._mark_meant(self._unknown_key(key, list(self.contract.tables), "table"))

    def _stop(self) -> None:
        """Read no more files: rows of any table are missing."""
        self.is_stopped = self.unread.too_many = True
        self.mark_incomplete(None)

    def _check_place(self, path: str, data: bytes, root: Mapping, table: Table | None, files: SeedFiles) -> None:
        """Refuse a file that repeats another or belongs elsewhere, instead of each of its rows and keys."""
        key = root.get(table.primary_key[0]) if table else None
        same = str(PurePosixPath(path).with_name(f"{key.text}.yaml")) if isinstance(key, Scalar) else path
        first = self._first.setdefault(data, same if same in files else path)
        if first != path:
            what = "a second record" if table else "a copy"
            raise UnreadableError("repeated-file", Location(path), f"this is {what} of what is in {first}")
        if place := self._place(path, root, table):
            self.mark_incomplete(None)
            message = f"the file has the keys of another folder; it belongs in {place}"
            raise UnreadableError("file-name", Location(path), message, f"move it to {place}")

    def _place(self, path: str, root: Mapping, table: Table | None) -> str:
        """Return where a file belongs if its keys are not those of its folder."""
        keys = {key.text for key, _ in root.entries}
        tables = self.contract.tables
        fit = {name: len(keys & {*each.columns, *self._children(name)}) for name, each in tables.items()}
        best = max(tables, key=lambda name: fit[name])
        here = fit[table.name] if table else len(keys & {*tables})
        key = root.get(tables[best].primary_key[0])
        if isinstance(key, Scalar) and fit[best] > here:
            return f"{SEEDS}/{best}/{key.text}.yaml"
        return f"{SEEDS}/{PurePosixPath(path).name}" if table and len(keys & {*tables}) > here else ""

    def _children(self, table: str) -> dict[str, Table]:
        return {each.name: each for each in self.contract.children(table)}

    def mark_incomplete(self, table: str | None) -> None:
        """Note that rows of a table (of all tables if None), and what nests in them, could not be read."""
        for name in self.contract.tables if table is None else (table,):
            self.unread.incomplete.add(name)
        for child in self.contract.children(table) if table else ():
            self.mark_incomplete(child.name)

    def _report_candidates(self) -> None:
        """Add one finding on the candidates of a file that are not accepted."""
        if self._candidates:
            lines = [str(each.line) for each in self._candidates]
            more = f" and {len(lines) - _SHOWN_CANDIDATES} more" if len(lines) > _SHOWN_CANDIDATES else ""
            where = f"{', '.join(lines[:_SHOWN_CANDIDATES])}{more}"
            message = f"candidates that are not accepted: {len(lines)}, in lines {where}"
            self.findings.append(finding("unaccepted-draft", self._candidates[0], message))
        self._candidates = []

    def _rows(self, table: Table, node: Node, parent: _Row | None) -> None:
        """Read a list of rows."""
        if isinstance(node, Scalar) and node.value is None:
            return
        if not isinstance(node, Sequence):
            message, hint = f"{table.name} must be a list of records", "begin each record with '- '"
            self._add("wrong-type", node, table, message, hint)
            self.mark_incomplete(table.name)
            return
        counts: Counts = {}
        for item in node.items:
            self._records += 1
            if self._records > LIMITS.records:
                self._stop()
                message = f"the seeds have more than {LIMITS.records:,} records"
                raise UnreadableError("file-size", item.location, message)
            if isinstance(item, Mapping):
                self._row(table, item, parent, counts)
                continue
            message, hint = f"an item of {table.name} must be a record", "write 'key: value' lines after the '- '"
            self._add("wrong-type", item, table, message, hint)
            self._complete(_Row(table, item.location, unread=set(table.columns)), parent, counts)
            for child in self.contract.children(table.name):
                self.mark_incomplete(child.name)

    def _row(self, table: Table, node: Mapping, parent: _Row | None, counts: Counts, stem: str = "") -> None:
        """Read one row, then the rows that nest in it; a candidate is not a row yet."""
        candidate = next((each for each in node.entries if each[0].text == CANDIDATE), None)
        if candidate:
            self._candidates.append(candidate[0].location)
            self.mark_incomplete(table.name)
            return
        row = _Row(table, node.location)
        children = self._children(table.name)
        before = ""
        for key, value in node.entries:
            if key.text.isdigit() and row.cells.get(before) and isinstance(value, Scalar) and value.value is None:
                # In { } a comma splits a number: 12,000 is 12 and a key 000.
                row.cells[before] = f"{row.cells[before]},{key.text}"
            elif key.is_rest:
                # In { } a comma ends a text: what is before it is not what was meant.
                row.cells.pop(before, None)
                row.unread.update({before} & {*row.table.columns})
                if before != "quote":  # of which anchoring says the same
                    self._cell(row, key, value)
            elif key.text not in children:
                self._cell(row, key, value)
                before = key.text
        if stem:
            self._check_name(row, stem)
        self._complete(row, parent, counts)
        for key, value in node.entries:
            if key.text in children:
                self._rows(children[key.text], value, row)

    def _cell(self, row: _Row, key: Scalar, value: Node) -> None:
        table, name = row.table, key.text
        column = table.by_name.get(name)
        if table.has_span and name == "span":
            self._span(row, value)
        elif table.has_span and name == "quote":
            self._add("unsealed-quote", key, table, "the quote is not yet a span")
            row.unread.update(SPAN)
        elif column is None:
            children = [each.name for each in self.contract.children(table.name)]
            written = [each.name for each in table.fields if not each.is_computed]
            extra = ["span", "quote"] if table.has_span else []
            what = f"column or child table of {table.name}"
            meant = self._unknown_key(key, [*written, *children, *extra], what)
            # The column that was probably meant is not also reported as missing.
            row.unread.update(SPAN if meant in extra else (meant,) if meant in written else ())
            self._mark_meant(meant)
        elif column.is_computed:
            self._add("computed-column", key, table, f"{name} is computed")
        elif isinstance(value, Scalar):
            row.cells[name] = value.value
            row.locations[name] = value.location
            if value.is_cut and column.type == "string" and not (column.enum or column.pattern):
                self._add("yaml-comment", value, table, f"{name} ends before ' #', where a comment begins")
        else:
            row.unread.add(name)
            self._add("wrong-type", value, table, f"{name} must be one value, not a list or a mapping")

    def _span(self, row: _Row, value: Node) -> None:
        match = SPAN_FORM.fullmatch(value.text) if isinstance(value, Scalar) else None
        row.locations.update(dict.fromkeys(SPAN, value.location))
        if match:
            row.cells.update(zip(SPAN, match.groups(), strict=True))
        else:
            self._add("span-form", value, row.table, "the span is not two numbers")
            row.unread.update(SPAN)

    def _check_name(self, row: _Row, stem: str) -> None:
        """Compare the key of a record with the name of its file, and use the file name as the key."""
        column = row.table.primary_key[0]
        key = row.cells.get(column)
        location = row.locations.get(column, row.location)
        if key is None and column not in row.unread:
            message, hint = f"{column} is missing", f"write {column}: {stem}"
            cell = {"table": row.table.name, "column": column}
            self.findings.append(finding("required", location, message, hint=hint, **cell))
        elif key is not None and key != stem:
            message = f"the record {key!r} is in the file {stem}.yaml"
            hint = f"rename the file to {key}.yaml, or the record to {stem}"
            self.findings.append(finding("file-name", location, message, hint=hint))
        row.cells[column] = stem

    def _complete(self, row: _Row, parent: _Row | None, counts: Counts) -> None:
        """Fill in what the record leaves out, and put the row into its table."""
        if parent:
            _inherit(self.contract, row, parent)
        for column in row.table.fields:
            if row.cells.get(column.name) is None and column.name not in row.unread:
                row.cells[column.name] = column.default
        if row.table.ordinals:
            _count(row, counts)
        rows = self._rows_of[row.table.name]
        for column_name in row.unread:
            if row.cells.get(column_name) is None:
                self.unread.add(row.table.name, len(rows), column_name)
        rows.append(row)

    def _unknown_key(self, key: Scalar, known: list[str], what: str) -> str | None:
        """Add a finding on an unknown key, and return the known one that it resembles."""
        if len(self.findings) > LIMITS.findings:
            self.findings.append(finding("unknown-key", key.location, f"{key.text!r} is not a {what}"))
            return None
        message, hint = f"{key.text!r} is not a {what}", did_you_mean(key.text, known)
        if key.is_rest:
            hint = "put a text that has a comma in quotation marks"
        self.findings.append(finding("unknown-key", key.location, message, hint=hint))
        return next(iter(similar(key.text, known)), None)

    def _mark_meant(self, name: str | None) -> None:
        if name in self.contract.tables:
            self.mark_incomplete(name)

    def _add(self, rule: str, node: Node, table: Table, message: str, hint: str | None = None) -> None:
        self.findings.append(finding(rule, node.location, message, hint=hint, table=table.name))


def _inherit(contract: Contract, row: _Row, parent: _Row) -> None:
    """Take over the key of the record that this one nests in, and complete short ids with it."""
    nesting = row.table.nesting
    assert nesting  # noqa: S101
    (column,) = nesting.columns
    inherited = parent.cells.get(nesting.references[0])
    if row.cells.get(column) is None:
        row.cells[column] = inherited
        if inherited is None:
            row.unread.add(column)
    for each in row.table.fields:
        value = row.cells.get(each.name)
        if value and contract.has_short_ids(row.table, each.name):
            if each.pattern and re.fullmatch(each.pattern, value):
                continue
            row.cells[each.name] = f"{inherited}-{value}" if inherited else None
            if not inherited:
                row.unread.add(each.name)


def _count(row: _Row, counts: Counts) -> None:
    """Fill the ordinals that the record leaves out: each is one more than the last one of its group."""
    group: tuple[str, ...] = ()
    for name in row.table.primary_key:
        column = row.table.by_name[name]
        value = row.cells.get(name)
        if column.is_ordinal:
            key = (name, *group)
            if value is None:
                value = row.cells[name] = str(counts.get(key, (column.minimum or 0) - 1) + 1)
            if _ORDINAL.fullmatch(value):
                counts[key] = int(value)
        group = (*group, value or "")
