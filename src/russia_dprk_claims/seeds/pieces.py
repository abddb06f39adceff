"""Pieces: consecutive files of a batch, of which the rows are asked for table by table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from russia_dprk_claims.contract import Table
from russia_dprk_claims.seeds.batches import Batch, FileRows
from russia_dprk_claims.seeds.kept import KeptBatch

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Piece:
    """Some consecutive files of a batch, from `first` on, up to but without `end`."""

    batch: Batch | KeptBatch
    first: int
    end: int

    @cached_property
    def files(self) -> tuple[FileRows, ...]:
        """The files."""
        return self.batch.files[self.first : self.end]

    @property
    def is_whole(self) -> bool:
        """Whether these are all files of the batch."""
        return (self.first, self.end) == (0, self.batch.size)

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, int]]:
        """Where the rows of each table begin in the batch, and how many they are."""
        before, here = _counted(self.batch.files[: self.first]), _counted(self.files)
        return {table: (before.get(table, 0), number) for table, number in here.items()}

    def rows(self, table: str) -> int:
        """Return how many rows of a table there are."""
        if self.is_whole or not self.batch.total(table):
            return self.batch.total(table)
        return self._places.get(table, (0, 0))[1]

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the rows of a table that has rows, or some columns of them."""
        frame = self.batch.frame(table, columns)
        return frame if self.is_whole else frame.slice(*self._places[table])

    def reach(self, table: Table) -> tuple[str, str]:
        """Return between which first cells of keys the rows of a table lie that has rows."""
        if isinstance(self.batch, KeptBatch):
            return self.batch.reach(table.name)
        (name,) = columns = table.primary_key[:1]
        cells = self.frame(table.name, columns)[name].fill_null("")
        return str(cells.min()), str(cells.max())


def _counted(files: Iterable[FileRows]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for file in files:
        for table, number in file.rows.items():
            counts[table] = counts.get(table, 0) + number
    return counts


Pieces = tuple[Piece, ...]


def frames_of(pieces: Iterable[Piece], table: Table, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
    """Yield the rows of a table in some pieces, piece by piece, or some columns of them."""
    return (each.frame(table.name, columns) for each in pieces if each.rows(table.name))


def frames_with(
    pieces: Iterable[Piece], table: Table, columns: Sequence[str], on: Sequence[str], keys: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Yield some columns of the rows of a table whose cells in the columns `on` are a row of `keys`, piece by piece.

    Pieces in which no such row can be, by the first cells of their keys, are not read.
    """
    cells = keys.to_series(0)
    low, high = cells.min(), cells.max()
    for piece in pieces:
        if not piece.rows(table.name) or low is None or high is None:
            continue
        if on[0] == table.primary_key[0]:
            lowest, highest = piece.reach(table)
            if highest < str(low) or lowest > str(high):
                continue
        frame = piece.frame(table.name, list(dict.fromkeys((*columns, *on))))
        yield frame.join(keys, left_on=list(on), right_on=keys.columns, how="semi").select(columns)


def rows_of(pieces: Iterable[Piece], table: Table, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return the rows of a table in some pieces, or some columns of them."""
    import polars as pl

    parts = list(frames_of(pieces, table, columns))
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(columns or table.columns, pl.String))


def count(pieces: Iterable[Piece], table: str) -> int:
    """Return how many rows of a table some pieces have."""
    return sum(piece.rows(table) for piece in pieces)


def of_sources(pieces: Iterable[Piece], wanted: bool = True) -> Pieces:
    """Return the files of sources among some pieces, or all but them."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.batch.sources == (piece.batch.size if wanted else 0):
            found.append(piece)
        elif piece.batch.sources not in {0, piece.batch.size}:
            numbers = [number for number, file in enumerate(piece.files, piece.first) if file.is_source is wanted]
            found += [Piece(piece.batch, number, number + 1) for number in numbers]
    return tuple(found)
