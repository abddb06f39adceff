"""CSV files read as texts, with the true line and column of every cell on demand, also after line breaks inside
cells.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from russia_dprk_claims.contract import Table
from russia_dprk_claims.findings import Finding, Origin, did_you_mean
from russia_dprk_claims.tables import RawTable

MAX_CELL = 1_000_000


@dataclass
class CsvPlaces:
    """The places of the cells of a CSV file: the line in which each record begins; columns are found when asked for."""

    path: str
    lines: Sequence[str]
    header: Sequence[str]
    starts: list[int]

    def locate(self, row: int, column: str | None) -> Origin:
        """Return the line and column at which a cell begins, or its record where there is no such column."""
        line = self.starts[row]
        if column is None or column not in self.header:
            return Origin(self.path, line, 1)
        return Origin(self.path, *_cell_place(self.lines, line, self.header.index(column)))


def _cell_place(lines: Sequence[str], line: int, field: int) -> tuple[int, int]:
    """Walk a record from its first line to the beginning of its field number `field`."""
    quoted, column, seen = False, 1, 0
    while seen < field and line <= len(lines):
        for each in lines[line - 1]:
            if seen == field:
                break
            column += 1
            if each == '"':
                quoted = not quoted
            elif each == "," and not quoted:
                seen += 1
        if seen < field:
            line, column = line + 1, 1
    return line, column


def read_csv(path: str, data: bytes, table: Table) -> tuple[RawTable, list[Finding]]:
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
    RawTable, list of Finding
        The rows that have the columns of the table, and a finding for each record or header that has not.
    """
    findings: list[Finding] = []
    text = _decode(path, data, findings)
    lines = text.split("\n")
    places = CsvPlaces(path, lines, [], [])
    raw = RawTable(table.name, {name: [] for name in table.columns}, places)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    old_limit = csv.field_size_limit(MAX_CELL)
    try:
        places.header = next(reader, [])
        findings += _check_header(path, table, places.header)
        if not findings:
            _read_records(reader, path, raw, places, findings)
    except csv.Error as error:
        message = f"the record that begins or goes on here is not CSV: {error}"
        hint = "look for a quote that is not closed or not doubled"
        findings.append(Finding(Origin(path, reader.line_num or 1, 1), "csv-syntax", message, hint, table=table.name))
    finally:
        csv.field_size_limit(old_limit)
    return raw, findings


def _decode(path: str, data: bytes, findings: list[Finding]) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        findings.append(Finding(Origin(path, line), "not-utf-8", message, "save the file with the encoding UTF-8"))
        return ""
    for sign, rule, message, hint in (
        ("\ufeff", "byte-order-mark", "the file begins with a byte order mark", "save it as UTF-8 without one"),
        ("\0", "nul-byte", "the file has a NUL byte", "remove it"),
        ("\r", "line-end", "a line ends in a carriage return", "save the file with the line ends of Unix"),
    ):
        if sign in text:
            before = text[: text.index(sign)]
            origin = Origin(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
            findings.append(Finding(origin, rule, message, hint))
    return text


def _check_header(path: str, table: Table, header: Sequence[str]) -> list[Finding]:
    findings = []
    if not header:
        return [Finding(Origin(path), "csv-header", "the file is empty", f"begin with {','.join(table.columns)}")]
    if tuple(header) == table.columns:
        return []
    for name in header:
        if name not in table.columns:
            message = f"{name!r} is no column of {table.name}"
            findings.append(Finding(Origin(path, 1, 1), "csv-header", message, did_you_mean(name, table.columns)))
    for name in table.columns:
        if name not in header:
            message = f"the column {name!r} is missing"
            findings.append(Finding(Origin(path, 1, 1), "csv-header", message, f"begin with {','.join(table.columns)}"))
    if not findings:
        message = "a column stands twice, or the columns are not in their order"
        findings.append(Finding(Origin(path, 1, 1), "csv-header", message, f"begin with {','.join(table.columns)}"))
    return [Finding(each.origin, each.rule, each.message, each.hint, table=table.name) for each in findings]


def _read_records(reader: object, path: str, raw: RawTable, places: CsvPlaces, findings: list[Finding]) -> None:
    columns = list(raw.cells.values())
    start = reader.line_num + 1  # type: ignore[attr-defined]
    for record in reader:  # type: ignore[attr-defined]
        if len(record) != len(columns):
            message = f"the record has {len(record)} cells, the header {len(columns)}"
            hint = "look for a comma outside quotes, or a missing one"
            findings.append(Finding(Origin(path, start, 1), "csv-cells", message, hint, table=raw.name))
        else:
            places.starts.append(start)
            for column, cell in zip(columns, record, strict=True):
                column.append(cell or None)
        start = reader.line_num + 1  # type: ignore[attr-defined]
