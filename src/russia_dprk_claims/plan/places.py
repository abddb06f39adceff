"""Places: where the cells of some rows of a CSV stand, without reading the file again.

A file that was read by the plan or on Spark is in every respect as our own writer writes it, a record a line; so each
line is known from its cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from russia_dprk_claims.contract import Table
from russia_dprk_claims.package.csvfiles import CsvPlaces


def places_of(path: str, table: Table, cells: Mapping[str, Sequence[str | None]], numbers: Sequence[int]) -> CsvPlaces:
    """Return the places of some rows.

    Parameters
    ----------
    path
        How findings name the file.
    table
        The table.
    cells
        The cells of the rows, by column.
    numbers
        The numbers of the rows in the file, from 0.
    """
    starts = [number + 2 for number in numbers]  # below the header, and a record a line
    lines = {
        start: ",".join(map(_written, row))
        for start, row in zip(starts, zip(*cells.values(), strict=True), strict=True)
    }
    return CsvPlaces(path, _Lines(lines), table.columns, starts, starts)


def _written(cell: str | None) -> str:
    """Return a cell as it was proven to stand in its line."""
    text = (cell or "").replace('"', '""')
    return f'"{text}"' if "," in text or '"' in text else text


class _Lines(Sequence[str]):
    """Some lines of a file."""

    def __init__(self, lines: Mapping[int, str]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return max(self._lines, default=0)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        return self._lines[index + 1]
