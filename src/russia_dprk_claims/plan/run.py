"""Running a scheme over the files of a package: which rows are suspect, and how many rows there are."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.chunks import CHUNK, FROM, SMALLER_CHUNK, TableFile
from russia_dprk_claims.plan.gathering import Gathering
from russia_dprk_claims.plan.kept import Kept
from russia_dprk_claims.plan.memory import Memory
from russia_dprk_claims.plan.scan import Scanned, Scanner
from russia_dprk_claims.plan.scheme import Scheme
from russia_dprk_claims.plan.settling import settle

MOST_THREADS = 8
S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Suspects:
    """The numbers of the suspect rows of each table, in order, and how many rows each table has."""

    rows: Mapping[str, NDArray[np.int64]]
    counts: Mapping[str, int]


def find_suspects(scheme: Scheme, paths: Mapping[str, Path], chunk: int | None = None) -> Suspects:
    """Find the rows in which something may be wrong.

    Parameters
    ----------
    scheme
        What is done with each table.
    paths
        The file of each table.
    chunk
        About how many bytes are looked at at once; by default what suits the package.

    Returns
    -------
    Suspects
        At least every row that the checks find something in.

    Raises
    ------
    NotPlainError, NotInOrderError, NotPlannedError
        If a file or a rule is left to the checks.
    """
    memory = Memory()
    if chunk is None:
        chunk = CHUNK if sum(path.stat().st_size for path in paths.values()) < FROM else SMALLER_CHUNK
    tables: dict[str, Kept] = {}
    gathered: dict[str, Gathering] = {}
    files = {name: TableFile(paths[name], own.table) for name, own in scheme.tables.items()}
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as threads:
        for level in scheme.levels:
            scanners = [Scanner(scheme, scheme.tables[name], tables, files[name], memory) for name in level]
            gathered |= {name: Gathering(scheme, scheme.tables[name], tables) for name in level}
            for name, scanned in _scanned(scanners, chunk, threads):
                gathered[name].add(scanned)
            tables |= {name: gathered[name].finish() for name in level}
    for name, own in scheme.tables.items():
        for number in range(len(own.waiting)):
            parts = gathered[name].waiting.get(number, [])
            gathered[name].wrong += settle(scheme, name, number, tables, parts, memory)
    counts = {name: each.size for name, each in tables.items()}
    return Suspects({name: _together(each.wrong, counts[name]) for name, each in gathered.items()}, counts)


def _scanned(scanners: Sequence[Scanner], chunk: int, threads: ThreadPoolExecutor) -> Iterator[tuple[str, Scanned]]:
    """Yield what is left of each chunk, in the order of its table; a few are scanned at a time, in turn of each table,
    as in some most of the time is spent in Python, where only one thread runs.
    """
    running: deque[tuple[str, Future[Scanned]]] = deque()
    for scanner, (begin, end) in in_turn(scanners, lambda each: _cuts(each, chunk)):
        running.append((scanner.own.table.name, threads.submit(scanner.scan, begin, end)))
        if len(running) > threads._max_workers + 1:
            name, future = running.popleft()
            yield name, future.result()
    for name, future in running:
        yield name, future.result()


def _cuts(scanner: Scanner, chunk: int) -> Iterator[tuple[int, int]]:
    return scanner.file.cuts(scanner.roots if scanner.own.table.nesting else None, chunk)


def in_turn(sources: Sequence[S], parts: Callable[[S], Iterator[T]]) -> Iterator[tuple[S, T]]:
    """Yield a part of each source, then another of each that has more, and so on."""
    left = [(each, parts(each)) for each in sources]
    while left:
        for pair in list(left):
            part = next(pair[1], None)
            if part is None:
                left.remove(pair)
            else:
                yield pair[0], part


def _together(parts: list[NDArray[Any]], size: int) -> NDArray[np.int64]:
    """Return the rows of all parts, each once and in order."""
    suspect = np.zeros(size, dtype=np.bool_)
    for rows in parts:
        suspect[rows] = True
    return np.flatnonzero(suspect)
