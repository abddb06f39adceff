"""Gathering: the rows of all files of a large seed folder, from the cache where a file is as it was, else read anew.

Rows are told apart only as far as it is asked: which belong to a file that was read anew (`fresh`), and which to one
that is not there any more, or not as it was (`gone`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.seeds.batches import Batch, FileRows, file_key, in_batches
from russia_dprk_claims.seeds.cache import KeptBatch, State
from russia_dprk_claims.seeds.parallel import read_batches
from russia_dprk_claims.seeds.records import SeedFile, size_of
from russia_dprk_claims.seeds.stamps import stamp_of

if TYPE_CHECKING:
    import polars as pl

BATCH_ROWS = 20_000
_HASHED = 64

Advance = Callable[[int, int], None]
"""Is told how many bytes of how many have been read."""


@dataclass(frozen=True)
class Piece:
    """Some consecutive files of a batch, from `first` on, up to but without `end`."""

    batch: Batch | KeptBatch
    first: int
    end: int

    @property
    def files(self) -> tuple[FileRows, ...]:
        """The files."""
        return self.batch.files[self.first : self.end]

    @property
    def is_whole(self) -> bool:
        """Whether these are all files of the batch."""
        return (self.first, self.end) == (0, len(self.batch.files))

    def rows(self, table: str) -> int:
        """Return how many rows of a table there are."""
        return sum(file.rows.get(table, 0) for file in self.files)

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the rows of a table, or some columns of them."""
        start = sum(file.rows.get(table, 0) for file in self.batch.files[: self.first])
        return self.batch.frame(table, columns).slice(start, self.rows(table))


Pieces = tuple[Piece, ...]


def rows_of(pieces: Iterable[Piece], table: Table, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return the rows of a table in some pieces, or some columns of them."""
    import polars as pl

    parts = [each.frame(table.name, columns) for each in pieces if each.rows(table.name)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(columns or table.columns, pl.String))


@dataclass(frozen=True)
class Gathered:
    """The files of a seed folder in the order of their names, the fresh ones among them, those that are gone, and the
    stamps that the files had before they were read.
    """

    pieces: Pieces
    fresh: Pieces
    gone: Pieces
    stamps: Mapping[str, str]

    @property
    def files(self) -> Iterator[FileRows]:
        """All files, in order."""
        return (file for piece in self.pieces for file in piece.files)

    @property
    def kept(self) -> Pieces:
        """The files that are as they were."""
        return tuple(each for each in self.pieces if isinstance(each.batch, KeptBatch))

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with any file, taken by itself."""
        return all(file.sound for file in self.files)

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return sum(piece.rows(table) for piece in self.pieces)


def of_sources(pieces: Iterable[Piece], wanted: bool = True) -> Pieces:
    """Return the files of sources among some pieces, or all but them."""
    return tuple(
        Piece(piece.batch, first, first + 1)
        for piece in pieces
        for first in range(piece.first, piece.end)
        if piece.batch.files[first].is_source is wanted
    )


def gather(
    contract: Contract, seeds: Path, files: Sequence[SeedFile], state: State | None, advance: Advance
) -> Gathered:
    """Gather the rows of the files of a seed folder.

    Parameters
    ----------
    contract
        The contract that says what keys mean.
    seeds
        The seed folder.
    files
        Its files, in order.
    state
        What the last build left, if it is of use.
    advance
        Is told how far the reading is.

    Raises
    ------
    StaleError
        If the cache is not what was written.
    """
    known = _known(state)
    now = time.time_ns()
    stamps = {file.name: stamp_of(file, seeds, now) for file in files}
    keys = _keys(seeds, files, stamps, state) if state else [""] * len(files)
    kept = [known.get((file.name, key)) for file, key in zip(files, keys, strict=True)]
    new = [file for file, place in zip(files, kept, strict=True) if place is None]
    read = list(_read(contract, seeds, new, advance))
    fresh = iter([(batch, index) for batch in read for index in range(len(batch.files))])
    places = [place or next(fresh) for place in kept]
    there = {(id(batch), index) for batch, index in places}
    gone = [place for place in known.values() if (id(place[0]), place[1]) not in there]
    fresh_ones = ((batch, index) for batch in read for index in range(len(batch.files)))
    return Gathered(_pieces(places), _pieces(fresh_ones), _pieces(gone), stamps)


def _keys(seeds: Path, files: Sequence[SeedFile], stamps: Mapping[str, str], state: State) -> list[str]:
    """Return the keys of files: those of the last build where the stamps are the same, else what the files give."""
    keys = {}
    for file in files:
        stamp, key = state.stamps.get(file.name, ("", ""))
        if stamp and stamp == stamps[file.name]:
            keys[file.name] = key
    unknown = [file for file in files if file.name not in keys]
    # Hashing leaves the interpreter free for the next file to be read.
    parts = [unknown[start : start + _HASHED] for start in range(0, len(unknown), _HASHED)]
    with ThreadPoolExecutor() as threads:
        for found in threads.map(lambda part: {each.name: file_key(each, seeds) for each in part}, parts):
            keys.update(found)
    return [keys[file.name] for file in files]


_Place = tuple[Batch | KeptBatch, int]


def _known(state: State | None) -> dict[tuple[str, str], _Place]:
    """Return where each file of the cache is, by its name and key."""
    batches = state.batches if state else ()
    return {(file.name, file.key): (batch, index) for batch in batches for index, file in enumerate(batch.files)}


def _pieces(places: Iterable[_Place]) -> Pieces:
    """Return the pieces that some files make, consecutive ones together."""
    numbered = enumerate(places)
    runs = groupby(numbered, key=lambda each: (id(each[1][0]), each[1][1] - each[0]))
    return tuple(Piece(run[0][1][0], run[0][1][1], run[-1][1][1] + 1) for _, group in runs if (run := list(group)))


def _read(contract: Contract, seeds: Path, files: Sequence[SeedFile], advance: Advance) -> Iterator[Batch]:
    batches = list(in_batches(files))
    sizes = [sum(size_of(file.path) for file in batch) for batch in batches]
    total, done = sum(sizes), 0
    for size, batch in zip(sizes, read_batches(contract, seeds, batches), strict=True):
        yield batch
        done += size
        advance(done, total)


def regrouped(contract: Contract, gathered: Gathered, limit: int = BATCH_ROWS) -> Iterator[Batch | KeptBatch]:
    """Yield all files in batches to be kept: those in the cache as they are, and the others in new ones.

    A batch in the cache that is small is joined with what stands beside it, so that many small changes do not leave
    as many batches.
    """
    waiting: list[Piece] = []
    for piece in gathered.pieces:
        if isinstance(piece.batch, KeptBatch) and piece.is_whole and _rows(piece) >= limit // 4:
            yield from _joined(contract, waiting)
            yield piece.batch
            waiting = []
            continue
        waiting.append(piece)
        if sum(map(_rows, waiting)) >= limit:
            yield from _joined(contract, waiting)
            waiting = []
    yield from _joined(contract, waiting)


def _rows(piece: Piece) -> int:
    return sum(sum(file.rows.values()) for file in piece.files)


def _joined(contract: Contract, pieces: Sequence[Piece]) -> Iterator[Batch | KeptBatch]:
    if len(pieces) == 1 and pieces[0].is_whole:
        yield pieces[0].batch
    elif pieces:
        files = tuple(file for piece in pieces for file in piece.files)
        yield Batch(files, {table.name: rows_of(pieces, table) for table in contract})
