"""Tables as texts: the cells of every row with the location where each was written; CSV read and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Protocol

from russia_dprk_claims.checks.cells import sort_key
from russia_dprk_claims.checks.findings import Finding, Location, Severity, did_you_mean
from russia_dprk_claims.contract import Contract, Table

MAX_CELL = 1_000_000
BYTE_ORDER_MARK = "\ufeff"


class Locator(Protocol):
    """Tells where a cell was written."""

    def locate(self, row: int, column: str | None) -> Location:
        """Return the place of a cell, or of its row where `column` is None or was not written."""


@dataclass
class TextTable:
    """The rows of one table as texts, column by column; None is an empty cell.

    `locator` leads from a row and column to the place in the file that a person wrote.
    """

    name: str
    cells: dict[str, list[str | None]]
    locator: Locator

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.cells.values()), ()))

    def row(self, index: int) -> dict[str, str | None]:
        """Return one row by column."""
        return {column: values[index] for column, values in self.cells.items()}

    def rows(self) -> Iterator[dict[str, str | None]]:
        """Iterate over the rows, each by column."""
        return (self.row(index) for index in range(len(self)))

    def key(self, index: int, columns: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of some columns of a row, an empty cell as an empty text."""
        return tuple(self.cells[column][index] or "" for column in columns)


TextTables = Mapping[str, TextTable]

Cell = tuple[str, int, str]
"""A cell: its table, the number of its row, its column."""


class Invalid:
    """What later checks skip: cells that are wrong or could not be read, and tables that lack rows."""

    def __init__(self, cells: Iterable[Cell] = (), incomplete: Iterable[str] = ()) -> None:
        """Begin with some cells, and the names of tables some rows of which could not be read."""
        self._rows: dict[tuple[str, str], set[int]] = {}
        self.incomplete = set(incomplete)
        for cell in cells:
            self.add(*cell)

    def __contains__(self, cell: Cell) -> bool:
        """Return whether a cell is invalid."""
        table, row, column = cell
        return row in self.rows(table, column)

    def add(self, table: str, row: int, column: str) -> None:
        """Add a cell."""
        self._rows.setdefault((table, column), set()).add(row)

    def rows(self, table: str, column: str) -> Set[int]:
        """Return the rows in which a column is invalid."""
        return self._rows.get((table, column), frozenset())

    def copy(self) -> Invalid:
        """Return a copy to which more can be added."""
        return Invalid(
            ((table, row, column) for (table, column), rows in self._rows.items() for row in rows), self.incomplete
        )


@dataclass
class SeedLocations:
    """Where each record of a table begins in the seeds, and where each cell that it states was written."""

    rows: list[Location] = field(default_factory=list)
    cells: list[dict[str, Location]] = field(default_factory=list)

    def locate(self, row: int, column: str | None) -> Location:
        """Return the location of a cell, or of its record where the cell was not written."""
        return self.cells[row].get(column, self.rows[row]) if column else self.rows[row]


def row_name(table: Table, raw: TextTable, index: int) -> str:
    """Return how a finding names a row: its primary key, the parts joined by spaces."""
    return " ".join(part for part in raw.key(index, table.primary_key) if part)


def cell_finding(
    table: Table,
    raw: TextTable,
    index: int,
    column: str,
    *,
    rule: str,
    message: str,
    hint: str,
    severity: Severity = Severity.ERROR,
) -> Finding:
    """Return the finding on a cell, with its place, the name of its row and its value.

    Parameters
    ----------
    table, raw, index, column
        The cell: its table, the rows of that, the number of its row and its column.
    rule, message, hint, severity
        What is wrong with it, and what to do.
    """
    return Finding(
        location=raw.locator.locate(index, column),
        rule=rule,
        message=message,
        hint=hint,
        severity=severity,
        table=table.name,
        row=row_name(table, raw, index),
        column=column,
        value=raw.cells[column][index] or "",
    )


def sorted_rows(table: Table, raw: TextTable) -> list[int]:
    """Return the indexes of the rows in the order of the primary key, integers by value, texts by code points."""
    types = [(name, table.by_name[name].type) for name in table.primary_key]

    def key(index: int) -> tuple[tuple[int, int, str], ...]:
        return tuple(sort_key(type_, raw.cells[name][index]) for name, type_ in types)

    return sorted(range(len(raw)), key=key)


def to_csv(table: Table, raw: TextTable) -> bytes:
    """Return the CSV of a table: UTF-8, LF, comma, a header, the rows sorted by primary key."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    columns = [raw.cells[name] for name in table.columns]
    for index in sorted_rows(table, raw):
        writer.writerow([column[index] or "" for column in columns])
    return out.getvalue().encode("utf-8")


def count_rows(contract: Contract, tables: TextTables) -> dict[str, int]:
    """Return the number of rows by table, in the order of the contract."""
    return {table.name: len(tables[table.name]) for table in contract}


# --- CSV files read ---


class _Reader(Protocol):
    """What `csv.reader` gives, which has no name of its own."""

    @property
    def line_num(self) -> int: ...
    def __next__(self) -> list[str]: ...
    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass
class CsvLocations:
    """The places of the cells of a CSV file: the line in which each record begins; columns are found when asked for.

    `starts` has the records that became rows, `records` all but the header; `partial` says that not all of the file
    became rows.
    """

    path: str
    lines: Sequence[str] = ()
    header: Sequence[str] = ()
    starts: list[int] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    partial: bool = False

    def locate(self, row: int, column: str | None) -> Location:
        """Return the line and column at which a cell begins, or its record where there is no such column."""
        return self._cell(self.starts[row], column)

    def locate_record(self, number: int, column: str | None) -> Location:
        """Return the same for a record by its number, the header being the first; its file where there is none."""
        if not 0 <= number - 2 < len(self.records):
            return Location(self.path)
        return self._cell(self.records[number - 2], column)

    def locate_header(self, column: str | None) -> Location:
        """Return the place of a column in the header, or of the header; the file where it is empty."""
        return self._cell(1, column) if any(self.lines) else Location(self.path)

    def _cell(self, line: int, column: str | None) -> Location:
        if column is None or column not in self.header:
            return Location(self.path, line, 1)
        return Location(self.path, *_cell_place(self.lines, line, self.header.index(column)))


def _cell_place(lines: Sequence[str], line: int, field: int) -> tuple[int, int]:
    """Walk a record from its first line to the beginning of its field number `field`.

    A quote counts only in a field that begins with one; elsewhere it is a character like any other. Where the record
    has not so many fields, the place is its beginning.
    """
    first = line
    begins, opened, quoted, column, seen = True, False, False, 1, 0
    while seen < field and line <= len(lines):
        for each in lines[line - 1]:
            if seen == field:
                break
            column += 1
            if each == '"' and (begins or opened):
                opened, quoted = True, not quoted
            begins = each == "," and not quoted
            if begins:
                opened, seen = False, seen + 1
        if seen < field:
            if not quoted:
                break
            line, column = line + 1, 1
    return (line, column) if seen == field else (first, 1)


def read_csv(path: str, data: bytes, table: Table) -> tuple[TextTable, list[Finding]]:
    """Read the CSV of a table.

    Parameters
    ----------
    path
        How findings name the file.
    data
        Its bytes.
    table
        The table that it should hold.

    Returns
    -------
    TextTable, list of Finding
        The rows that have the columns of the table, and a finding for each record or header that has not.
    """
    text, findings = _decode(path, data)
    places = CsvLocations(path, text.split("\n"))
    raw = TextTable(table.name, {name: [] for name in table.columns}, places)
    if findings and findings[0].rule != "byte-order-mark":
        places.partial = True
        return raw, findings
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    old_limit = csv.field_size_limit(MAX_CELL)
    try:
        places.header = next(reader, [])
        wrong = _check_header(places, table) or _read_records(reader, path, raw, places)
    except csv.Error as error:
        wrong = [_not_csv(path, places, reader.line_num, str(error))]
    finally:
        csv.field_size_limit(old_limit)
    places.partial = bool(wrong)
    return raw, [*findings, *(replace(each, table=table.name) for each in wrong)]


def _not_csv(path: str, places: CsvLocations, last: int, error: str) -> Finding:
    """Return the finding on a record that cannot be read, at the line in which it begins."""
    if "end of data" in error:
        error = "a quote is opened in it and never closed"
    begin = places.records[-1] if places.records else 1
    where = f", up to line {last}" if last > begin else ""
    hint = "look for a quote that is not closed or not doubled"
    return Finding(Location(path, begin, 1), "csv-syntax", f"the record is not CSV{where}: {error}", hint)


def _decode(path: str, data: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a CSV without its byte order mark, and a finding on the first byte that it must not have."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        location = _place(path, data[: error.start].decode("utf-8"))
        return "", [Finding(location, "not-utf-8", message, "save the file with the encoding UTF-8")]
    for sign, rule, message, hint in (
        ("\0", "nul-byte", "the file has a NUL byte", "remove it"),
        ("\r", "line-end", "the file has a carriage return", "save it with the line ends of Unix"),
    ):
        if sign in text:
            return "", [Finding(_place(path, text[: text.index(sign)]), rule, message, hint)]
    if text.startswith(BYTE_ORDER_MARK):
        message, hint = "the file begins with a byte order mark", "save it as UTF-8 without one"
        return text[1:], [Finding(Location(path, 1, 1), "byte-order-mark", message, hint)]
    return text, []


def _place(path: str, before: str) -> Location:
    """Return the place of what stands behind the beginning of a file."""
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _check_header(places: CsvLocations, table: Table) -> list[Finding]:
    """Return a finding for each column that is none or is missing, or one on what is wrong with all of them."""
    header, wanted = places.header, f"begin with {','.join(table.columns)}"
    if tuple(header) == table.columns:
        return []
    unknown = [name for name in header if name not in table.columns]
    meant = {near for name in unknown for near in get_close_matches(name, table.columns, n=1)}
    faults: list[tuple[str | None, str, str]]
    faults = [(name, f"{name!r} is no column of {table.name}", did_you_mean(name, table.columns)) for name in unknown]
    # A column that is misspelt is not missing as well.
    missing = [name for name in table.columns if name not in {*header, *meant}]
    faults += [(None, f"the column {name!r} is missing", wanted) for name in missing]
    whole = _wrong_as_a_whole(places, table)
    if whole or not faults:
        message = whole or "a column stands twice, or the columns are not in their order"
        faults = [(None, message, wanted)]
    return [Finding(places.locate_header(name), "csv-header", message, hint) for name, message, hint in faults]


def _wrong_as_a_whole(places: CsvLocations, table: Table) -> str | None:
    if not places.header:
        return "the first line is empty" if any(places.lines) else "the file is empty"
    parted = next((sign for sign in ";\t|" if tuple(places.header[0].split(sign)) == table.columns), None)
    return f"the columns are parted by {parted!r} and not by commas" if parted else None


def _read_records(reader: _Reader, path: str, raw: TextTable, places: CsvLocations) -> list[Finding]:
    findings: list[Finding] = []
    columns = list(raw.cells.values())
    while True:
        start = reader.line_num + 1
        places.records.append(start)
        record = next(reader, None)
        if record is None:
            places.records.pop()
            return findings
        if len(record) != len(columns):
            message = f"the record has {len(record)} cells, the header {len(columns)}"
            hint = "look for a comma outside quotes, or a missing one"
            findings.append(Finding(Location(path, start, 1), "csv-cells", message, hint))
        else:
            places.starts.append(start)
            for column, cell in zip(columns, record, strict=True):
                column.append(cell or None)
