"""A package folder judged by the plan: suspects are found in a stream, and judged by their texts in an excerpt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.plan.errors import NotInOrderError, NotPlainError
from russia_dprk_claims.plan.judgement import Judgement, Limits
from russia_dprk_claims.plan.run import Suspects, find_suspects
from russia_dprk_claims.plan.scheme import Scheme, make_scheme

if TYPE_CHECKING:
    from numpy.typing import NDArray


def judge_package(
    folder: Path, contract: Contract, paths: Mapping[str, str], chunk: int | None = None, limits: Limits | None = None
) -> Judgement:
    """Judge the tables of a package by structure and meaning.

    Parameters
    ----------
    folder
        The folder of the package.
    contract
        The tables.
    paths
        Where the CSV of each table is, from the folder.
    chunk
        About how many bytes are looked at at once; by default what suits the package.
    limits
        How far suspect rows are looked into.

    Raises
    ------
    NotPlainError, NotPlannedError
        If a file, the contract or a rule is left to the checks that read everything into memory.
    """
    files = {name: folder / path for name, path in paths.items()}
    suspects = _find_suspects(make_scheme(contract, RULES), files, chunk)
    if not any(map(len, suspects.rows.values())):
        return Judgement([], dict(suspects.counts))
    import polars as pl

    from russia_dprk_claims.plan.judging import judge_suspects

    rows = {name: pl.Series(numbers, dtype=pl.UInt32) for name, numbers in suspects.rows.items()}
    return judge_suspects(folder, contract, paths, rows, suspects.counts, limits or Limits())


def _find_suspects(scheme: Scheme, files: Mapping[str, Path], chunk: int | None) -> Suspects:
    """Find suspects also where tables are not in order: in copies that are."""
    numbers: dict[str, NDArray[np.int64]] = {}
    with TemporaryDirectory() as folder:
        files = dict(files)
        while True:
            try:
                suspects = find_suspects(scheme, files, chunk)
            except NotInOrderError as error:
                if error.table in numbers:
                    raise NotPlainError(f"{error.table} cannot be put in order") from error
                from russia_dprk_claims.plan.sorting import sort_file

                table = scheme.contract[error.table]
                numbers[table.name] = sort_file(files[table.name], table, Path(folder))
                files[table.name] = Path(folder, f"{table.name}.csv")
            else:
                rows = {
                    name: np.sort(numbers[name][each]) if name in numbers else each
                    for name, each in suspects.rows.items()
                }
                return Suspects(rows, suspects.counts)
