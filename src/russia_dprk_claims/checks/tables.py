"""Tables as texts: the cells of every row and where each was written; reading and writing CSV."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.errors import similar
from russia_dprk_claims.files import LIMITS

if TYPE_CHECKING:
    from _csv import Reader

BYTE_ORDER_MARK = "\ufeff"


class Locator(Protocol):
    """Tells where a cell was written."""

    def locate(self, row: int, column: str | None) -> Location:
        """Return the location of a cell, or of its row if `column` is None or was not written."""


@dataclass
class TextTable:
    """The rows of one table as texts, column by column; None is an empty cell.

    `locator` gives the location of a cell in the file that a person wrote.
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
        """Begin with some cells, and the names of the tables of which some rows could not be read."""
        self._rows: dict[tuple[str, str], set[int]] = {}
        self.incomplete = set(incomplete)
        self.too_many = False  # whether the errors of form are so many that no later check runs
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
        copied = Invalid(
            ((table, row, column) for (table, column), rows in self._rows.items() for row in rows), self.incomplete
        )
        copied.too_many = self.too_many
        return copied


def row_name(table: Table, text: TextTable, index: int) -> str:
    """Return how a finding names a row: its primary key, the parts joined by spaces."""
    return " ".join(part for part in text.key(index, table.primary_key) if part)


def cell_finding(
    table: Table, text: TextTable, row: int, column: str, *, rule: str, message: str, hint: str | None = None
) -> Finding:
    """Return the finding on a cell, with its location, the name of its row and its value.

    Parameters
    ----------
    table, text, row, column : Table, TextTable, int, str
        The cell: its table, the rows of the table, the number of its row and its column.
    rule, message, hint : str
        As `catalogue.finding` takes them.
    """
    cell = {"row": row_name(table, text, row), "column": column, "value": text.cells[column][row] or ""}
    return finding(rule, text.locator.locate(row, column), message, hint=hint, table=table.name, **cell)


def _by_value(text: str | None) -> tuple[int, int, str]:
    """Return what the cell of an integer sorts by: an empty one first, and what is no integer as a text."""
    if text is None:
        return (0, 0, "")
    with suppress(ValueError):
        return (1, int(text), "")
    return (1, 0, text)


def sorted_rows(table: Table, text: TextTable) -> list[int]:
    """Return the indexes of the rows in the order of the primary key, integers by value, texts by code points."""
    keys = (
        map(_by_value, text.cells[name])
        if table.by_name[name].type == "integer"
        else (cell or "" for cell in text.cells[name])
        for name in table.primary_key
    )
    return sorted(range(len(text)), key=list(zip(*keys, strict=True)).__getitem__)


def to_csv(table: Table, text: TextTable) -> bytes:
    """Return the CSV of a table: UTF-8, LF, comma, a header, the rows sorted by primary key."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    order = sorted_rows(table, text)
    writer.writerows(zip(*(map(text.cells[name].__getitem__, order) for name in table.columns), strict=True))
    return out.getvalue().encode("utf-8")


def count_rows(contract: Contract, tables: TextTables) -> dict[str, int]:
    """Return the number of rows by table, in the order of the contract."""
    return {table.name: len(tables[table.name]) for table in contract}


# --- CSV files read ---


@dataclass
class CsvLocations:
    """The locations of the cells of a CSV file; columns are computed on demand."""

    path: str
    text: str = field(default="", repr=False)
    header: Sequence[str] = ()
    starts: array[int] = field(default_factory=lambda: array("q"))  # the first line of each record that became a row
    records: array[int] = field(default_factory=lambda: array("q"))  # the first line of each record except the header
    partial: bool = False  # whether some records did not become rows

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the file, which only findings need."""
        return self.text.split("\n")

    def locate(self, row: int, column: str | None) -> Location:
        """Return the line and column at which a cell begins, or its record where there is no such column."""
        return self._cell(self.starts[row], column)

    def locate_record(self, number: int, column: str | None) -> Location:
        """Return the location of a cell by the number of its record (the header is 1), or the file if there is none."""
        if not 0 <= number - 2 < len(self.records):
            return Location(self.path)
        return self._cell(self.records[number - 2], column)

    def locate_header(self, column: str | None) -> Location:
        """Return the location of a column in the header, or of the header; the file where it is empty."""
        return self._cell(1, column) if any(self.lines) else Location(self.path)

    def _cell(self, line: int, column: str | None) -> Location:
        if column is None or column not in self.header:
            return Location(self.path, line, 1)
        return Location(self.path, *cell_position(self.lines, line, self.header.index(column)))


def cell_position(lines: Sequence[str], line: int, field: int) -> tuple[int, int]:
    """Return where field number `field` of a record begins, or where the record begins if it has fewer fields.

    A quote counts only in a field that begins with one; elsewhere it is a character like any other.
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
    path : str
        How findings name the file.
    data : bytes
        Its bytes.
    table : Table
        The table that it should hold.

    Returns
    -------
    TextTable, list of Finding
        The rows that fit the columns of the table, and a finding for each record or header that does not.
    """
    text, findings = _decode(path, data)
    locations = CsvLocations(path, text)
    read = TextTable(table.name, {name: [] for name in table.columns}, locations)
    if findings and findings[0].rule != "byte-order-mark":
        locations.partial = True
        return read, findings
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    old_limit = csv.field_size_limit(LIMITS.cell)
    try:
        locations.header = next(reader, [])
        wrong = _check_header(locations, table) or _read_records(reader, read, locations)
    except csv.Error as error:
        wrong = [_not_csv(locations, reader.line_num, str(error))]
    finally:
        csv.field_size_limit(old_limit)
    locations.partial = bool(wrong)
    return read, [*findings, *(replace(each, table=table.name) for each in wrong)]


def _not_csv(locations: CsvLocations, last: int, error: str) -> Finding:
    """Return the finding on a record that cannot be read, at its first line."""
    if "end of data" in error:
        error = "a quote is opened in it and never closed"
    begin = locations.records[-1] if locations.records else 1
    where = f", up to line {last}" if last > begin else ""
    return finding("csv-syntax", Location(locations.path, begin, 1), f"the record is not CSV{where}: {error}")


def _decode(path: str, data: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a CSV without its byte order mark, and a finding on the first forbidden byte."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        location = _after(path, data[: error.start].decode("utf-8"))
        return "", [finding("not-utf-8", location, f"the byte 0x{data[error.start]:02x} is not UTF-8")]
    for sign, rule, name in (("\0", "nul-byte", "NUL byte"), ("\r", "line-end", "carriage return")):
        if sign in text:
            return "", [finding(rule, _after(path, text[: text.index(sign)]), f"the file has a {name}")]
    if text.startswith(BYTE_ORDER_MARK):
        return text[1:], [finding("byte-order-mark", Location(path, 1, 1), "the file begins with a byte order mark")]
    return text, []


def _after(path: str, text: str) -> Location:
    """Return the location after `text`, the beginning of a file."""
    return Location(path, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _check_header(locations: CsvLocations, table: Table) -> list[Finding]:
    """Return a finding for each unknown or missing column, or one on what is wrong with the whole header."""
    header, wanted = locations.header, f"begin with {','.join(table.columns)}"
    if tuple(header) == table.columns:
        return []
    if len(header) > LIMITS.columns:
        message = f"the header has {len(header):,} columns, the table {len(table.columns)}"
        return [finding("csv-header", locations.locate_header(None), message, hint=wanted)]
    unknown = [name for name in header if name not in table.columns]
    meant = {near for name in unknown for near in similar(name, table.columns)}
    problems: list[tuple[str | None, str, str | None]] = []
    for name in unknown:
        problems.append((name, f"{name!r} is not a column of {table.name}", did_you_mean(name, table.columns)))
    # A column that is misspelt is not missing as well.
    missing = [name for name in table.columns if name not in {*header, *meant}]
    problems += [(None, f"the column {name!r} is missing", wanted) for name in missing]
    whole = _header_problem(locations, table)
    if whole or not problems:
        problems = [(None, whole or "a column is repeated, or the columns are out of order", wanted)]
    return [
        finding("csv-header", locations.locate_header(name), message, hint=hint) for name, message, hint in problems
    ]


def _header_problem(locations: CsvLocations, table: Table) -> str | None:
    """Return what is wrong with a header that is empty or has another separator."""
    if not locations.header:
        return "the first line is empty" if any(locations.lines) else "the file is empty"
    separator = next((sign for sign in ";\t|" if tuple(locations.header[0].split(sign)) == table.columns), None)
    return f"the columns are separated by {separator!r}, not by commas" if separator else None


def _read_records(reader: Reader, table: TextTable, locations: CsvLocations) -> list[Finding]:
    """Read the records below the header into a table, except those with too few or too many cells."""
    findings: list[Finding] = []
    columns = list(table.cells.values())
    while True:
        start = reader.line_num + 1
        locations.records.append(start)
        record = next(reader, None)
        if record is None:
            locations.records.pop()
            return findings
        if len(findings) == LIMITS.findings or len(locations.records) > LIMITS.rows:
            message = "nothing is read from here on: the file has too many rows, or too many that are wrong"
            return [*findings, finding("csv-cells", Location(locations.path, start, 1), message)]
        if len(record) != len(columns):
            message = f"the record has {len(record)} cells, the header {len(columns)}"
            findings.append(finding("csv-cells", Location(locations.path, start, 1), message))
        else:
            locations.starts.append(start)
            for column, cell in zip(columns, record, strict=True):
                column.append(cell or None)
