"""Turns the records of one seed file into rows; the contract defines which tables nest in which.

A file in `seeds/TABLE/` is one row of TABLE; any other `seeds/*.yaml` maps names of tables to lists of rows. A key of
a row is a column or the name of a child table. The parent's key is inherited, a short id is completed with it,
ordinals count the list, and a cell that is left out takes the default that the contract states.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from curation.seeds.files import SEEDS
from curation.seeds.yaml import Mapping, Node, Scalar, Sequence, UnreadableError, read_yaml
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.contract import SPAN, Contract, Table
from russia_dprk_claims.errors import similar
from russia_dprk_claims.files import LIMITS

SPAN_FORM = re.compile(r"^(0|[1-9][0-9]{0,17})-([1-9][0-9]{0,17})$")
CANDIDATE = "draft"
"""The key of a record that a draft proposes; remove it to accept the record."""
UNWRITTEN = -1
"""The place of the offset of a cell that a record leaves out."""
_SHOWN_CANDIDATES = 10
_ORDINAL = re.compile(r"[0-9]{1,18}")

Counts = dict[tuple[str, ...], int]
"""The last ordinal of each group of a list."""


class Form:
    """What a record of a table may have."""

    def __init__(self, contract: Contract, table: Table) -> None:
        """Look it up in the contract once, as there are many records."""
        self.table = table
        self.children = [each.name for each in contract.children(table.name)]
        self.keys = {*table.columns, *self.children}
        self.special = ("span", "quote") if table.has_span else ()
        self.defaults = {each.name: each.default for each in table.fields if each.default is not None}
        short_ids = [each for each in table.fields if contract.has_short_ids(table, each.name)]
        self.short_ids = {each.name: re.compile(each.pattern or "(?!)") for each in short_ids}
        # The columns that are written, and whether " #" may have been meant as text in them.
        self.written = {
            each.name: each.type == "string" and not (each.enum or each.pattern)
            for each in table.fields
            if not each.is_computed and each.name not in self.special
        }


Forms = Map[str, Form]


def forms_of(contract: Contract) -> Forms:
    """Return what a record of each table may have."""
    return {table.name: Form(contract, table) for table in contract}


def with_nested(forms: Forms, table: str | None) -> set[str]:
    """Return a table and all that nest in it; all tables if it is None."""
    return {table}.union(*(with_nested(forms, each) for each in forms[table].children)) if table else {*forms}


@dataclass
class Rows:
    """Rows of one table: the columns with values, where each row begins, and where each cell was written."""

    cells: dict[str, list[str | None]]
    starts: array[int]
    offsets: dict[str, array[int]]


@dataclass
class FileRows:
    """What one seed file says: rows by table, findings, and the cells and tables that could not be read."""

    table: str | None = None  # that of its folder
    path: str = ""  # the one that its key asks for; empty if the file is not readable
    rows: dict[str, Rows] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # rows by table and column
    incomplete: set[str] = field(default_factory=set)
    records: int = 0


def read_records(forms: Forms, limit: int, path: str, data: bytes | None) -> FileRows:
    """Read one seed file of up to `limit` records. An invalid record gives findings, never an exception."""
    return _Reader(forms, limit).read(path, data)


class _EnoughError(Exception):
    """There are so many findings on the file that nothing more is read."""


@dataclass(slots=True)
class _Row:
    """A row: where it begins, its cells, where each was written, and those that could not be read."""

    form: Form
    start: int
    cells: dict[str, str | None] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


class _Reader:
    """Walks the nodes of one file and collects rows and findings."""

    def __init__(self, forms: Forms, limit: int) -> None:
        self._forms = forms
        self._limit = limit
        self._read = FileRows()
        self.findings = self._read.findings
        self._rows_of: dict[str, list[_Row]] = {name: [] for name in forms}
        self._candidates: list[Location] = []

    def read(self, path: str, data: bytes | None) -> FileRows:
        """Read the file: a row of the table that its folder is named after, or lists of rows by table."""
        _, *folders, name = PurePosixPath(path).parts
        stem, location = PurePosixPath(name).stem, Location(path)
        form = self._forms.get(folders[0]) if len(folders) == 1 else None
        self._read.table = form.table.name if form else None
        try:
            if folders and form is None:
                message = f"the folder {'/'.join(folders)!r} is not named after a table"
                raise UnreadableError("file-name", location, message, did_you_mean(folders[0], self._forms))
            if not name.endswith(".yaml"):
                message, hint = "only files that end in .yaml are read", f"rename it to {stem}.yaml"
                raise UnreadableError("file-name", location, message, hint)
            if data is None:
                raise UnreadableError("unreadable-file", location, "this is not a file that can be read")
            root, duplicates = read_yaml(path, data)
            key = root.get(form.table.primary_key[0]) if form else None
            self._read.path = f"{path.rpartition('/')[0]}/{key.text}.yaml" if isinstance(key, Scalar) else path
            self._check_place(path, root, form)
            for each in duplicates:
                self._found(each)
            self._read_root(root, form, stem)
            self._report_candidates()
        except UnreadableError as error:
            self.findings.append(error.finding)
            self.mark_incomplete(self._read.table)
        except _EnoughError:
            self.mark_incomplete(None)
        self._read.rows = {name: _columns(rows) for name, rows in self._rows_of.items() if rows}
        return self._read

    def _read_root(self, root: Mapping, form: Form | None, stem: str) -> None:
        if form:
            self._row(form, root, None, {}, stem)
            return
        for key, value in root.entries:
            if key.text in self._forms:
                self._rows(self._forms[key.text], value, None)
            else:
                self._mark_meant(self._unknown_key(key, list(self._forms), "table"))

    def _check_place(self, path: str, root: Mapping, form: Form | None) -> None:
        """Refuse a file that belongs elsewhere, instead of each of its keys."""
        if place := self._place(path, root, form):
            self.mark_incomplete(None)
            message = f"the file has the keys of another folder; it belongs in {place}"
            raise UnreadableError("file-name", Location(path), message, f"move it to {place}")

    def _place(self, path: str, root: Mapping, form: Form | None) -> str:
        """Return where a file belongs if its keys are not those of its folder."""
        keys = {key.text for key, _ in root.entries}
        fit = {name: len(keys & each.keys) for name, each in self._forms.items()}
        best = max(fit, key=lambda name: fit[name])
        here = fit[form.table.name] if form else len(keys & {*self._forms})
        key = root.get(self._forms[best].table.primary_key[0])
        if isinstance(key, Scalar) and fit[best] > here:
            return f"{SEEDS}/{best}/{key.text}.yaml"
        return f"{SEEDS}/{PurePosixPath(path).name}" if form and len(keys & {*self._forms}) > here else ""

    def mark_incomplete(self, table: str | None) -> None:
        """Note that rows of a table (of all tables if None), and what nests in them, could not be read."""
        self._read.incomplete |= with_nested(self._forms, table)

    def _report_candidates(self) -> None:
        """Add one finding on the candidates of a file that are not accepted."""
        if self._candidates:
            lines = [str(each.line) for each in self._candidates]
            more = f" and {len(lines) - _SHOWN_CANDIDATES} more" if len(lines) > _SHOWN_CANDIDATES else ""
            where = f"{', '.join(lines[:_SHOWN_CANDIDATES])}{more}"
            message = f"candidates that are not accepted: {len(lines)}, in lines {where}"
            self._found(finding("unaccepted-draft", self._candidates[0], message))
        self._candidates = []

    def _rows(self, form: Form, node: Node, parent: _Row | None) -> None:
        """Read a list of rows."""
        name = form.table.name
        if isinstance(node, Scalar) and node.value is None:
            return
        if not isinstance(node, Sequence):
            message, hint = f"{name} must be a list of records", "begin each record with '- '"
            self._add("wrong-type", node, form.table, message, hint)
            self.mark_incomplete(name)
            return
        counts: Counts = {}
        for item in node.items:
            self._read.records += 1
            if self._read.records > self._limit:
                hint = "build some of the sources in a project of their own"
                message = "from here on the seeds have too many records for their size"
                raise UnreadableError("file-size", item.location, message, hint)
            if isinstance(item, Mapping):
                self._row(form, item, parent, counts)
                continue
            message, hint = f"an item of {name} must be a record", "write 'key: value' lines after the '- '"
            self._add("wrong-type", item, form.table, message, hint)
            self._complete(_Row(form, item.start, unread=set(form.table.columns)), parent, counts)
            for child in form.children:
                self.mark_incomplete(child)

    def _row(self, form: Form, node: Mapping, parent: _Row | None, counts: Counts, stem: str = "") -> None:
        """Read one row, then the rows that nest in it; a candidate is not a row yet."""
        for key, _ in node.entries:
            if key.text == CANDIDATE:
                self._candidates.append(key.location)
                self.mark_incomplete(form.table.name)
                return
        row = _Row(form, node.start)
        cells, offsets, written = row.cells, row.offsets, form.written
        nested: list[tuple[Form, Node]] = []
        before = ""
        for key, value in node.entries:
            name = key.text
            if name in written and isinstance(value, Scalar) and not key.is_rest:
                cells[name] = value.value
                offsets[name] = value.start
                if written[name] and value.is_cut:
                    self._add("yaml-comment", value, form.table, f"{name} ends before ' #', where a comment begins")
                before = name
            elif name in form.children and not key.is_rest:
                nested.append((self._forms[name], value))
            elif name.isdigit() and cells.get(before) and isinstance(value, Scalar) and value.value is None:
                # In { } a comma splits a number: 12,000 is 12 and a key 000.
                cells[before] = f"{cells[before]},{name}"
            elif key.is_rest:
                # In { } a comma ends a text: what is before it is not what was meant.
                cells.pop(before, None)
                row.unread.update({before} & {*form.table.columns})
                if before != "quote":  # of which anchoring says the same
                    self._unknown_cell(row, key)
            else:
                self._other_key(row, key, value)
                before = name
        if stem:
            self._check_name(row, stem, node)
        self._complete(row, parent, counts)
        for each in nested:
            self._rows(*each, row)

    def _other_key(self, row: _Row, key: Scalar, value: Node) -> None:
        """Read a span, or add a finding on what is no cell of the row."""
        form, table, name = row.form, row.form.table, key.text
        if name in form.written:
            row.unread.add(name)
            self._add("wrong-type", value, table, f"{name} must be one value, not a list or a mapping")
        elif name not in form.special and name in table.by_name:
            self._add("computed-column", key, table, f"{name} is computed")
        elif name not in form.special:
            self._unknown_cell(row, key)
        elif name == "span":
            self._span(row, value)
        else:
            self._add("unsealed-quote", key, table, "the quote is not yet a span")
            row.unread.update(SPAN)

    def _unknown_cell(self, row: _Row, key: Scalar) -> None:
        """Add a finding on a key of a row that is not known."""
        form = row.form
        known = [*form.written, *form.children, *form.special]
        meant = self._unknown_key(key, known, f"column or child table of {form.table.name}")
        # The column that was probably meant is not also reported as missing.
        row.unread.update(SPAN if meant in form.special else (meant,) if meant in form.written else ())
        self._mark_meant(meant)

    def _span(self, row: _Row, value: Node) -> None:
        match = SPAN_FORM.fullmatch(value.text) if isinstance(value, Scalar) else None
        row.offsets.update(dict.fromkeys(SPAN, value.start))
        if match:
            row.cells.update(zip(SPAN, match.groups(), strict=True))
        else:
            self._add("span-form", value, row.form.table, "the span is not two numbers")
            row.unread.update(SPAN)

    def _check_name(self, row: _Row, stem: str, node: Mapping) -> None:
        """Compare the key of a record with the name of its file, and use the file name as the key."""
        column = row.form.table.primary_key[0]
        key = row.cells.get(column)
        location = node.source.locate(row.offsets.get(column, row.start))
        if key is None and column not in row.unread:
            message, hint = f"{column} is missing", f"write {column}: {stem}"
            cell = {"table": row.form.table.name, "column": column}
            self._found(finding("required", location, message, hint=hint, **cell))
        elif key is not None and key != stem:
            message = f"the record {key!r} is in the file {stem}.yaml"
            hint = f"rename the file to {key}.yaml, or the record to {stem}"
            self._found(finding("file-name", location, message, hint=hint))
        row.cells[column] = stem

    def _complete(self, row: _Row, parent: _Row | None, counts: Counts) -> None:
        """Fill in what the record leaves out, and put the row into its table."""
        if parent:
            _inherit(row, parent)
        for name, default in row.form.defaults.items():
            if row.cells.get(name) is None and name not in row.unread:
                row.cells[name] = default
        if row.form.table.ordinals:
            _count(row, counts)
        table = row.form.table.name
        rows = self._rows_of[table]
        for name in row.unread:
            if row.cells.get(name) is None:
                self._read.unread.setdefault((table, name), []).append(len(rows))
        rows.append(row)

    def _unknown_key(self, key: Scalar, known: list[str], what: str) -> str | None:
        """Add a finding on an unknown key, and return the known one that it resembles."""
        message, hint = f"{key.text!r} is not a {what}", did_you_mean(key.text, known)
        if key.is_rest:
            hint = "put a text that has a comma in quotation marks"
        self._found(finding("unknown-key", key.location, message, hint=hint))
        return next(iter(similar(key.text, known)), None)

    def _mark_meant(self, name: str | None) -> None:
        if name in self._forms:
            self.mark_incomplete(name)

    def _add(self, rule: str, node: Node, table: Table, message: str, hint: str | None = None) -> None:
        self._found(finding(rule, node.location, message, hint=hint, table=table.name))

    def _found(self, each: Finding) -> None:
        """Add a finding; raise _EnoughError if it is beyond the limit."""
        self.findings.append(each)
        if len(self.findings) > LIMITS.findings:
            raise _EnoughError


def _columns(rows: list[_Row]) -> Rows:
    """Return rows column by column."""
    stated = set().union(*(row.cells for row in rows))
    written = set().union(*(row.offsets for row in rows))
    return Rows(
        {name: [row.cells.get(name) for row in rows] for name in stated},
        array("i", [row.start for row in rows]),
        {name: array("i", [row.offsets.get(name, UNWRITTEN) for row in rows]) for name in written},
    )


def _inherit(row: _Row, parent: _Row) -> None:
    """Take over the key of the record that this one nests in, and complete short ids with it."""
    nesting = row.form.table.nesting
    assert nesting  # noqa: S101
    (column,) = nesting.columns
    inherited = parent.cells.get(nesting.references[0])
    if row.cells.get(column) is None:
        row.cells[column] = inherited
        if inherited is None:
            row.unread.add(column)
    for name, pattern in row.form.short_ids.items():
        value = row.cells.get(name)
        if value and not pattern.fullmatch(value):
            row.cells[name] = f"{inherited}-{value}" if inherited else None
            if not inherited:
                row.unread.add(name)


def _count(row: _Row, counts: Counts) -> None:
    """Fill the ordinals that the record leaves out: each is one more than the last one of its group."""
    group: tuple[str, ...] = ()
    for name in row.form.table.primary_key:
        column = row.form.table.by_name[name]
        value = row.cells.get(name)
        if column.is_ordinal:
            key = (name, *group)
            if value is None:
                value = row.cells[name] = str(counts.get(key, (column.minimum or 0) - 1) + 1)
            if _ORDINAL.fullmatch(value):
                counts[key] = int(value)
        group = (*group, value or "")
