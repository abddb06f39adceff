"""Running a plan over the files of a package: which rows are suspect, and how many rows there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from russia_dprk_claims.plan.batches import BLOCK, Batch, read_batches
from russia_dprk_claims.plan.crossing import Crossing, rows_of
from russia_dprk_claims.plan.judging import Judge, Judged
from russia_dprk_claims.plan.reads import Plan


@dataclass(frozen=True)
class Suspects:
    """The numbers of the suspect rows of each table, in order, and how many rows each table has."""

    rows: Mapping[str, pl.Series]
    counts: Mapping[str, int]


def find_suspects(plan: Plan, paths: Mapping[str, Path], block: int = BLOCK) -> Suspects:
    """Find the rows in which something may be wrong.

    Parameters
    ----------
    plan
        The plan of the dataset.
    paths
        The file of each table.
    block
        About how many bytes of its largest table a batch has.

    Returns
    -------
    Suspects
        At least every row that the checks find something in.

    Raises
    ------
    NotPlainError, NotInOrderError
        If a file cannot be read in batches.
    """
    found: dict[str, list[pl.Series]] = {table.name: [] for table in plan.contract}
    counts = dict.fromkeys(found, 0)
    crossing = Crossing(plan)
    for judged in _judged(plan, paths, block):
        for name, rows in judged.suspects.items():
            found[name].append(rows)
            counts[name] += len(judged.texts[name])
        crossing.add(judged)
    wrong = crossing.settle()
    if wrong:
        for judged in _judged(plan, paths, block):
            for name, rows in rows_of(wrong, crossing.pieces(judged)):
                found[name].append(rows)
    return Suspects({name: pl.concat(rows).unique().sort() for name, rows in found.items() if rows}, counts)


def _judged(plan: Plan, paths: Mapping[str, Path], block: int) -> Iterator[Judged]:
    judge = Judge(plan)
    for family in plan.families.values():
        for batch in _ahead(read_batches(paths, family, block)):
            yield judge.judge(batch)


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Yield batches, of which the next is read while one is judged."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        following = reader.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = reader.submit(next, batches, None)
            yield batch
