"""Gathering: the rows of all files of a large seed folder, from the cache where a file is as it was, else read anew.

Rows are told apart only as far as it is asked: which belong to a file that was read anew (`fresh`), and which to one
that is not there any more, or not as it was (`gone`).
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, count
from pathlib import Path

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.seeds.batches import Batch, FileRows, file_key, in_batches
from russia_dprk_claims.seeds.cache import State
from russia_dprk_claims.seeds.kept import KeptBatch, keep_batch
from russia_dprk_claims.seeds.parallel import read_batches
from russia_dprk_claims.seeds.pieces import Piece, Pieces, rows_of
from russia_dprk_claims.seeds.records import SeedFile, size_of
from russia_dprk_claims.seeds.stamps import stamp_of

BATCH_ROWS = 10_000
SCATTERED = 40
"""From how many pieces on, beyond two for as many rows as a batch has, small ones are joined."""
_HASHED = 64

Advance = Callable[[int, int], None]
"""Is told how many bytes of how many have been read."""


@dataclass(frozen=True)
class Gathered:
    """The files of a seed folder in the order of their names, the fresh ones among them and those that are gone; with
    the names of the files, the stamps that they had before they were read, and their keys.
    """

    pieces: Pieces
    fresh: Pieces
    gone: Pieces
    names: Sequence[str]
    stamps: Sequence[str]
    keys: Sequence[str]

    @property
    def files(self) -> Iterator[FileRows]:
        """All files, in order."""
        return (file for piece in self.pieces for file in piece.files)

    @property
    def kept(self) -> Pieces:
        """The files that are as they were."""
        fresh = {id(each.batch) for each in self.fresh}
        return tuple(each for each in self.pieces if id(each.batch) not in fresh)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with any file, taken by itself; one that is as it was is sound."""
        return all(piece.batch.sound for piece in self.fresh)


def gather(
    contract: Contract,
    seeds: Path,
    files: Sequence[SeedFile],
    state: State | None,
    advance: Advance,
    keep: Path | None = None,
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
    keep
        The folder that rows are put into as they are read, by default none: they stay in memory.

    Raises
    ------
    StaleError
        If the cache is not what was written.
    OSError
        If the disk does not take the rows.
    """
    now = time.time_ns()
    stamps = [stamp_of(file, seeds, now) for file in files]
    numbers = _unchanged(seeds, files, stamps, state) if state else [-1] * len(files)
    new = [file for file, number in zip(files, numbers, strict=True) if number < 0]
    read = list(_read(contract, seeds, new, advance, keep))
    known = _Places(state.pieces if state else ())
    fresh = _Places(tuple(Piece(batch, 0, batch.size) for batch in read))
    following, read_keys = count(), (file.key for batch in read for file in batch.files)
    pieces = _pieces(known.of(number) if number >= 0 else fresh.of(next(following)) for number in numbers)
    keys = [state.keys[number] if state and number >= 0 else next(read_keys) for number in numbers]
    left = set(range(len(state.names) if state else 0)).difference(numbers)
    gone = _pieces(map(known.of, sorted(left)))
    return Gathered(pieces, fresh.pieces, gone, [file.name for file in files], stamps, keys)


def _unchanged(seeds: Path, files: Sequence[SeedFile], stamps: Sequence[str], state: State) -> list[int]:
    """Return the number that each file had in the last build, -1 where it is not as it was."""
    known = {name: number for number, name in enumerate(state.names)}
    numbers = [known.get(file.name, -1) for file in files]
    doubtful = [
        place
        for place, number in enumerate(numbers)
        if number >= 0 and not (stamps[place] and stamps[place] == state.stamps[number])
    ]
    # Hashing leaves the interpreter free for the next file to be read.
    parts = [doubtful[start : start + _HASHED] for start in range(0, len(doubtful), _HASHED)]
    with ThreadPoolExecutor() as threads:
        keys = threads.map(lambda part: [file_key(files[place], seeds) for place in part], parts)
        for place, key in zip(doubtful, (each for part in keys for each in part), strict=True):
            if key != state.keys[numbers[place]]:
                numbers[place] = -1
    return numbers


_Place = tuple[Batch | KeptBatch, int]


class _Places:
    """Where each of the files of some pieces is: its batch, and its number in that."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self._starts = list(accumulate((each.end - each.first for each in pieces), initial=0))

    def of(self, number: int) -> _Place:
        at = bisect_right(self._starts, number) - 1
        return self.pieces[at].batch, self.pieces[at].first + number - self._starts[at]


def _pieces(places: Iterable[_Place]) -> Pieces:
    """Return the pieces that some files make, consecutive ones together."""
    found: list[Piece] = []
    run: tuple[Batch | KeptBatch, int, int] | None = None
    for batch, index in places:
        if run and run[0] is batch and run[2] == index:
            run = (batch, run[1], index + 1)
            continue
        if run:
            found.append(Piece(*run))
        run = (batch, index, index + 1)
    return tuple([*found, Piece(*run)] if run else found)


def _read(
    contract: Contract, seeds: Path, files: Sequence[SeedFile], advance: Advance, keep: Path | None
) -> Iterator[Batch | KeptBatch]:
    batches = list(in_batches(files))
    sizes = [sum(size_of(file.path) for file in batch) for batch in batches]
    total, done = sum(sizes), 0
    for size, batch in zip(sizes, read_batches(contract, seeds, batches, keep=keep), strict=True):
        yield batch
        done += size
        advance(done, total)


def regrouped(contract: Contract, folder: Path, pieces: Pieces, limit: int = BATCH_ROWS) -> Pieces:
    """Return pieces in which small ones that stand side by side are joined, where there are many of them.

    So many small changes do not leave as many batches.

    Parameters
    ----------
    contract
        The contract of the tables.
    folder
        Where the new batches are put.
    pieces
        The pieces.
    limit
        How many rows a new batch has at most, or little more.

    Raises
    ------
    StaleError
        If the cache is not what was written.
    OSError
        If the disk does not take the rows.
    """
    sizes = [sum(piece.rows(table.name) for table in contract) for piece in pieces]
    if len(pieces) <= 2 * (sum(sizes) // limit) + SCATTERED:
        return pieces
    found: list[Piece] = []
    waiting: list[Piece] = []
    rows = 0
    for piece, size in zip(pieces, sizes, strict=True):
        if size >= limit // 4:
            found += [*_joined(contract, folder, waiting), piece]
            waiting, rows = [], 0
            continue
        waiting.append(piece)
        rows += size
        if rows >= limit:
            found += _joined(contract, folder, waiting)
            waiting, rows = [], 0
    return (*found, *_joined(contract, folder, waiting))


def _joined(contract: Contract, folder: Path, pieces: Sequence[Piece]) -> Iterator[Piece]:
    if len(pieces) == 1:
        yield pieces[0]
    elif pieces:
        files = tuple(file for piece in pieces for file in piece.files)
        batch = keep_batch(folder, contract, Batch(files, {table.name: rows_of(pieces, table) for table in contract}))
        yield Piece(batch, 0, batch.size)
