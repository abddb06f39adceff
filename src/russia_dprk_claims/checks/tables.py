"""Tables as texts: the cells of every row with the place where each was written, and the CSV that they make."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from russia_dprk_claims.checks.cells import sort_key
from russia_dprk_claims.checks.findings import Finding, Location, Severity
from russia_dprk_claims.contract import Contract, Table


class Locator(Protocol):
    """Tells where a cell was written."""

    def locate(self, row: int, column: str | None) -> Location:
        """Return the place of a cell, or of its row where `column` is None or was not written."""


@dataclass
class RawTable:
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


RawTables = Mapping[str, RawTable]

UNREAD = -1
"""The number of the row that stands for those of a table that could not be read."""

Cell = tuple[str, int, str]
"""A cell, as its table, the number of its row, and its column: what checks that come later leave alone once it is
found wrong.
"""


@dataclass
class Places:
    """The places of the cells of a table that was read from seed records: one file and one (line, column) by cell
    and row.
    """

    paths: list[str] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)
    cells: list[dict[str, tuple[int, int]]] = field(default_factory=list)

    def locate(self, row: int, column: str | None) -> Location:
        """Return the place of a cell, or of its record where the cell was not written."""
        line, at = self.cells[row].get(column, self.rows[row]) if column else self.rows[row]
        return Location(self.paths[row], line, at)


def row_name(table: Table, raw: RawTable, index: int) -> str:
    """Return how a finding names a row: its primary key, the parts joined by spaces."""
    return " ".join(part for part in raw.key(index, table.primary_key) if part)


def cell_finding(
    table: Table,
    raw: RawTable,
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


def sorted_rows(table: Table, raw: RawTable) -> list[int]:
    """Return the indexes of the rows in the order of the primary key, integers by value, texts by code points."""
    types = [(name, table.by_name[name].type) for name in table.primary_key]

    def key(index: int) -> tuple[tuple[int, int, str], ...]:
        return tuple(sort_key(type_, raw.cells[name][index]) for name, type_ in types)

    return sorted(range(len(raw)), key=key)


def to_csv(table: Table, raw: RawTable) -> bytes:
    """Return the CSV of a table: UTF-8, LF, comma, a header, the rows sorted by primary key."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    columns = [raw.cells[name] for name in table.columns]
    for index in sorted_rows(table, raw):
        writer.writerow([column[index] or "" for column in columns])
    return out.getvalue().encode("utf-8")


def count_rows(contract: Contract, tables: RawTables) -> dict[str, int]:
    """Return the number of rows by table, in the order of the contract."""
    return {table.name: len(tables[table.name]) for table in contract}
