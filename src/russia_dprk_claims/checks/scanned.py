"""Tables in files too large for memory: lazy frames of all rows, and the texts of the few rows that findings need."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import polars as pl

from russia_dprk_claims.checks.findings import Location
from russia_dprk_claims.checks.rule import ROW
from russia_dprk_claims.checks.tables import CsvLocations, TextTable, cell_position

BREAKS = "#breaks"


@dataclass
class ScannedTable(TextTable):
    """A table that may be too large for memory; `cells` has only the rows that were fetched, by number."""

    texts: pl.LazyFrame
    """All rows as texts, numbered in `#row`."""
    stored: pl.LazyFrame
    """All rows, numbered in `#row`, with what keys and rules read, and the line feeds in each row.

    Cells are typed; ids and most other texts are hashes, and values of vocabularies are categories. They are equal
    where the texts are. Rules on the texts of one row have their results here.
    """
    read: Mapping[str, Sequence[str]]
    """The columns that `stored` has, and of which columns of the file each is made."""
    suspects: pl.Series
    """The rows that may have an invalid cell."""
    height: int

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.height

    def fetch(self, rows: Iterable[int]) -> None:
        """Read some rows, so that `cells` and the locator have them."""
        missing = set(rows).difference(next(iter(self.cells.values())))
        if not missing:
            return
        found = self.texts.filter(pl.col(ROW).is_in(sorted(missing))).collect(engine="streaming")
        numbers = found[ROW].to_list()
        for name, cells in self.cells.items():
            cells.update(zip(numbers, found[name], strict=True))  # type: ignore[attr-defined]


@dataclass
class ScannedLocations(CsvLocations):
    """The locations of the cells of a CSV file that is known to be written as `to_csv` writes it."""

    table: ScannedTable = field(init=False, repr=False)
    start: int = 0
    """The number in the table of the first row of this file."""

    def locate(self, row: int, column: str | None) -> Location:
        """Return the line and column at which a cell begins, or its record where there is no such column."""
        line = self._line(row)
        if column is None or column not in self.header:
            return Location(self.path, line, 1)
        self.table.fetch([self.start + row])
        record = io.StringIO(newline="")
        csv.writer(record, lineterminator="\n").writerow(self.table.row(self.start + row).values())
        below, place = cell_position(record.getvalue().split("\n"), 1, self.header.index(column))
        return Location(self.path, line + below - 1, place)

    def locate_record(self, number: int, column: str | None) -> Location:
        """Return the location of a cell by the number of its record (the header is 1), or the file if there is none."""
        return self.locate(number - 2, column) if 0 <= number - 2 < len(self.table) else Location(self.path)

    def locate_header(self, column: str | None) -> Location:
        """Return the location of a column in the header, or of the header."""
        before = self.header[: self.header.index(column)] if column in self.header else ()
        return Location(self.path, 1, 1 + sum(len(each) + 1 for each in before))

    def _line(self, row: int) -> int:
        rows, before = self._breaks
        first, here = (before[bisect_left(rows, each)] for each in (self.start, self.start + row))
        return 2 + row + here - first

    @cached_property
    def _breaks(self) -> tuple[list[int], list[int]]:
        """The rows that have line feeds in their cells, and the number of line feeds before each of them."""
        broken = self.table.stored.select(ROW, BREAKS).filter(pl.col(BREAKS) > 0).collect(engine="streaming").sort(ROW)
        return broken[ROW].to_list(), [0, *accumulate(broken[BREAKS])]
