"""Gathered rows as records: what is wrong with them is told where it was written, which is found by reading again.

Places are many times as large as what they are the places of, and hardly any is ever asked for. So none is kept while
files are gathered, and of a file in which something is wrong they are read when they are asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.findings import Finding, Origin
from russia_dprk_claims.raw_tables import Cell, RawTable
from russia_dprk_claims.seeds.gathering import Gathered
from russia_dprk_claims.seeds.pieces import rows_of
from russia_dprk_claims.seeds.records import UNREAD, SeedFile, SeedSet, forms_of, read_record


class _Files:
    """The files of a seed folder, each read again at most once."""

    def __init__(self, contract: Contract, files: Sequence[SeedFile]) -> None:
        self.contract = contract
        self.files = files
        self._forms = forms_of(contract)
        self._read: dict[int, SeedSet] = {}

    def records(self, number: int) -> SeedSet:
        """Return what one file says."""
        if number not in self._read:
            self._read[number] = read_record(self.files[number], None, self.contract, self._forms)
        return self._read[number]


@dataclass(frozen=True)
class PlacesInFiles:
    """The places of the cells of a table whose rows stand in many files: `starts` has the first row of each."""

    table: str
    files: _Files
    starts: Sequence[int]

    def locate(self, row: int, column: str | None) -> Origin:
        """Return the place of a cell, or of its record where the cell was not written."""
        number = bisect_right(self.starts, row) - 1
        raw, within = self.files.records(number).tables[self.table], row - self.starts[number]
        if within >= len(raw):  # the file has been changed since
            return Origin(self.files.files[number].name)
        return raw.locator.locate(within, column)


def as_records(contract: Contract, files: Sequence[SeedFile], gathered: Gathered) -> SeedSet:
    """Return gathered rows as `read_seeds` gives them.

    Parameters
    ----------
    contract
        The contract that says what keys mean.
    files
        The files of the seed folder, in order.
    gathered
        Their rows.
    """
    again = _Files(contract, files)
    read = list(gathered.files)
    starts = {
        table.name: list(accumulate((file.rows.get(table.name, 0) for file in read), initial=0)) for table in contract
    }
    tables = {}
    for table in contract:
        frame = rows_of(gathered.pieces, table)
        cells = {name: frame[name].to_list() for name in table.columns}
        tables[table.name] = RawTable(table.name, cells, PlacesInFiles(table.name, again, starts[table.name]))
    findings: list[Finding] = []
    faulty: set[Cell] = set()
    for number, file in enumerate(read):
        if not file.sound:
            one = again.records(number)
            findings += one.findings
            faulty.update(
                (name, row if row == UNREAD else row + starts[name][number], column) for name, row, column in one.faulty
            )
    return SeedSet(tables, findings, frozenset(faulty))
