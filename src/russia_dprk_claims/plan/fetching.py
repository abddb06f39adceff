"""Fetching: rows of a package that have some keys, picked out of its files by hash and told apart by their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.plan.chunks import Cells, TableFile
from russia_dprk_claims.plan.kept import Index
from russia_dprk_claims.plan.kernels.calling import cells as kernels
from russia_dprk_claims.plan.kernels.calling import rows as row_kernels
from russia_dprk_claims.plan.reading import hashes_of

Pick = Callable[[Cells], NDArray[np.intp]]
"""Tells which records of a chunk are wanted."""


class PackageRows:
    """The rows of the tables of a package, by their keys or numbers."""

    def __init__(self, contract: Contract, files: Mapping[str, Path]) -> None:
        """Take the files, of which each is as our own writer writes it."""
        self._contract, self._files = contract, files

    def fetch(self, table: str, columns: Sequence[str], keys: pl.DataFrame) -> pl.DataFrame:
        """Return the rows whose cells in some columns are a row of `keys`, as texts, with their numbers in `#row`.

        Parameters
        ----------
        table
            The name of the table.
        columns
            The columns of the keys: those of the table, `#row` alone, or none for all rows.
        keys
            The keys, none of them with an empty cell.
        """
        if not columns:
            return self._picked(table, lambda cells: np.arange(len(cells)))
        if list(columns) == [ROW]:
            return self._numbered(table, keys[ROW].to_numpy())
        index = Index.of(_mixed([hashes_of([_written(each) for each in keys[name]]) for name in columns]))
        found = self._picked(table, partial(_with_keys, columns=columns, index=index))
        return found.join(keys, on=list(columns), how="semi", maintain_order="left")  # a hash decides nothing

    def _numbered(self, table: str, numbers: NDArray[np.uint32]) -> pl.DataFrame:
        wanted = np.sort(numbers.astype(np.int64))
        frames = []
        for first, cells in self._chunks(table):
            here = wanted[np.searchsorted(wanted, first) : np.searchsorted(wanted, first + len(cells))]
            frames.append(_frame(cells, here - first, first))
        return self._together(table, frames)

    def _picked(self, table: str, pick: Pick) -> pl.DataFrame:
        """Return the rows that are picked, of chunks that are looked at side by side."""
        file = TableFile(self._files[table], self._contract[table])

        def look(cut: tuple[int, int]) -> tuple[int, pl.DataFrame]:
            cells = file.cells(*cut)
            return len(cells), _frame(cells, pick(cells), 0)

        with ThreadPoolExecutor(2) as threads:
            looked = list(threads.map(look, file.cuts(None)))
        before = np.cumsum([0, *(number for number, _ in looked)])
        frames = [
            frame.with_columns((pl.col(ROW) + number).cast(pl.UInt32).alias(ROW))
            for number, (_, frame) in zip(before.tolist(), looked, strict=False)
        ]
        return self._together(table, frames)

    def _chunks(self, table: str) -> Iterator[tuple[int, Cells]]:
        file = TableFile(self._files[table], self._contract[table])
        first = 0
        for cut in file.cuts(None):
            cells = file.cells(*cut)
            yield first, cells
            first += len(cells)

    def _together(self, table: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
        schema = {ROW: pl.UInt32(), **dict.fromkeys(self._contract[table].columns, pl.String())}
        return pl.concat([pl.DataFrame(schema=schema), *frames])


def _frame(cells: Cells, rows: NDArray[np.intp], first: int) -> pl.DataFrame:
    """Return some records of a chunk, whose first one has a number, as texts."""
    numbers = pl.Series(ROW, rows + first, dtype=pl.UInt32)
    texts = (pl.Series(name, cells.texts(name, rows), dtype=pl.String) for name in cells.table.columns)
    return pl.DataFrame([numbers, *texts])


def _with_keys(cells: Cells, columns: Sequence[str], index: Index) -> NDArray[np.intp]:
    hashes = []
    for name in columns:
        place, found = cells.column(name), np.empty(len(cells), dtype=np.uint64)
        kernels.hash_cells(cells.data, place.starts, place.ends, found)
        hashes.append(found)
    return np.flatnonzero(index.rows(_mixed(hashes)) >= 0)


def _mixed(hashes: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Return one key for the hashes of several columns."""
    first, *others = hashes
    for other in others:
        row_kernels.mix_in(first, other)
    return first


def _written(text: str) -> bytes:
    """Return a text as it stands in a file, without the quotes around it."""
    return text.replace('"', '""').encode()
