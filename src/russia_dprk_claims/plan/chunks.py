"""Chunks: the bytes of a CSV file, read piece by piece, each piece whole records and whole families.

A chunk is cut where one root ends and the next begins, so that all that nests in a root is in one chunk.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.contract import Table
from russia_dprk_claims.package.csvfiles import MAX_CELL
from russia_dprk_claims.plan.errors import NotPlainError
from russia_dprk_claims.plan.kernels import constants
from russia_dprk_claims.plan.kernels.calling import records as kernels
from russia_dprk_claims.plan.kernels.constants import MOST_WHOLE, NEWLINE, SPARE
from russia_dprk_claims.plan.values import Column

CHUNK = 10 << 20
"""About how many bytes a chunk has, so that the work outweighs the calls."""
SMALLER_CHUNK, FROM = 6 << 20, 2 << 30
"""The same for packages from so many bytes on, of which more is kept, so that less room is left."""
_WINDOW = 1 << 14
_SAMPLE = 1 << 16  # by which it is told about how many records there are
_WRONG = {
    constants.OPEN: "a quote is open",
    constants.CONTROL: "a control character, or a line break in a cell",
    constants.NEEDLESS: "a quote that need not be there",
    constants.CELLS: "a record has too few or too many cells",
    constants.STRAY: "a quote inside a cell, or a control character",
    constants.LONG: "a cell is larger than a strict reader takes",
    constants.LETTER: "a byte that is not UTF-8, or a control character",
}


class _Room(threading.local):
    """Room for arrays, for each thread its own: memory that was used before costs far less than new memory."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def of(self, name: str, size: int, dtype: type) -> NDArray[Any]:
        """Return an array of some size, with whatever is in it."""
        known = self._arrays.get(name)
        if known is None or len(known) < size:
            known = self._arrays[name] = np.empty(size + size // 8, dtype=dtype)
        return known[:size]


_ROOM = _Room()


@dataclass(frozen=True)
class Cells:
    """The cells of some records: the bytes, and where each cell begins and ends in them, by column and record."""

    data: NDArray[np.uint8]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    table: Table

    def __len__(self) -> int:
        """Return the number of records."""
        return int(self.starts.shape[1])

    def column(self, name: str) -> Column:
        """Return where the cells of a column stand."""
        place = self.table.columns.index(name)
        return Column(name, self.starts[place], self.ends[place])

    def text(self, name: str, row: int) -> str | None:
        """Return the text of a cell, None where it is empty."""
        return self.texts(name, np.array([row]))[0]

    def texts(self, name: str, rows: NDArray[np.intp]) -> list[str | None]:
        """Return the texts of some cells of a column, None where one is empty."""
        column, data = self.column(name), self.data.data
        places = zip(column.starts[rows].tolist(), column.ends[rows].tolist(), strict=True)
        return [bytes(data[start:end]).decode().replace('""', '"') or None for start, end in places]


def cells_of(data: NDArray[np.uint8], size: int, table: Table) -> Cells:
    """Return the cells of a buffer of whole records.

    Raises
    ------
    NotPlainError
        If they are not in every respect as our own writer writes them.
    """
    columns, sample = len(table.columns), min(size, _SAMPLE)
    room = int(1.2 * np.count_nonzero(data[:sample] == NEWLINE) * size / max(sample, 1)) + 1
    rows = constants.FULL
    while rows == constants.FULL:
        places = _ROOM.of("places", 2 * columns * room, np.int32).reshape(2, columns, room)
        rows = kernels.take_apart(data, size, MAX_CELL, places[0], places[1])
        room *= 2
    if rows < 0:
        raise NotPlainError(_WRONG[rows])
    return Cells(data, places[0, :, :rows], places[1, :, :rows], table)


class TableFile:
    """The CSV file of a table."""

    def __init__(self, path: Path, table: Table) -> None:
        """Look at the header and the end of a file.

        Raises
        ------
        NotPlainError
            If it does not begin with the columns of the table, or its last line has no end.
        """
        self.path = path
        self.table = table
        header = (",".join(table.columns) + "\n").encode()
        with path.open("rb") as file:
            if file.readline() != header:
                raise NotPlainError("another header")
            self.begin = len(header)
            self.end = file.seek(0, os.SEEK_END)
        if self.end > self.begin and self._bytes(self.end - 1, self.end)[0] != NEWLINE:
            raise NotPlainError("the last record has no line end")

    def cells(self, begin: int, end: int) -> Cells:
        """Return the cells of the records from one byte to another; they hold until this thread asks for others.

        Raises
        ------
        NotPlainError
            If they are not as our own writer writes them, or so many that places in them do not fit in four bytes.
        """
        if end - begin > MOST_WHOLE:
            raise NotPlainError("what belongs to one root is larger than two gigabytes")
        return cells_of(self._bytes(begin, end), end - begin, self.table)

    def cuts(self, roots: Callable[[Cells], NDArray[np.int64]] | None, size: int = CHUNK) -> Iterator[tuple[int, int]]:
        """Yield the first byte of each chunk and the one behind it.

        Parameters
        ----------
        roots
            Returns a number for the root of each record, -1 where it has none; None where records stand alone.
        size
            About how many bytes a chunk has.
        """
        begin = self.begin
        while begin < self.end:
            end = self._cut(begin + size, roots)
            yield begin, end
            begin = end

    def _cut(self, aim: int, roots: Callable[[Cells], NDArray[np.int64]] | None) -> int:
        """Return where the first root begins behind the record in which a byte stands."""
        window = _WINDOW
        while aim < self.end:
            data = self._bytes(aim, min(aim + window, self.end))
            lines = np.flatnonzero(data[:-SPARE] == NEWLINE) + 1
            if len(lines) and roots is None:
                return aim + int(lines[0])
            if len(lines) > 2:
                numbers = roots(self.cells(aim + int(lines[0]), aim + int(lines[-1]))) if roots else np.empty(0)
                changes = np.flatnonzero((numbers[1:] != numbers[:-1]) & (numbers[1:] >= 0) & (numbers[:-1] >= 0))
                if len(changes):
                    return aim + int(lines[changes[0] + 1])
            if aim + window >= self.end:
                break
            window *= 4
        return self.end

    def _bytes(self, begin: int, end: int) -> NDArray[np.uint8]:
        """Return some bytes of the file, with a few to spare behind them."""
        data = _ROOM.of("data", end - begin + SPARE, np.uint8)
        data[end - begin :] = 0
        with self.path.open("rb", buffering=0) as file:
            file.seek(begin)
            if file.readinto(data[: end - begin].data) != end - begin:
                raise NotPlainError("the file became shorter while it was read")
        return data
