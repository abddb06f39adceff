"""Sorting: a copy of a table that is in the order in which rows nest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Table
from russia_dprk_claims.plan.chunks import TableFile


def sort_file(path: Path, table: Table, folder: Path) -> NDArray[np.int64]:
    """Write a copy of a file into a folder, in the order in which rows nest; return the number that each row had.

    This takes as much memory as the file has texts, which those who publish in order are spared.

    Raises
    ------
    NotPlainError
        If the file is not in every respect as our own writer writes it, so that a copy of it could differ.
    """
    file = TableFile(path, table)
    for begin, end in file.cuts(None):
        file.cells(begin, end)
    rows = pl.read_csv(path, infer_schema=False, row_index_name=ROW)
    whole = [name for name in table.primary_key if table.by_name[name].type == "integer"]
    rows = rows.with_columns(pl.col(name).cast(pl.Int64, strict=False).alias(f"#{name}") for name in whole)
    order = dict.fromkeys((*(table.nesting.columns if table.nesting else ()), *table.primary_key))
    rows = rows.sort([f"#{name}" if name in whole else name for name in order], maintain_order=True)
    rows.select(table.columns).write_csv(folder / f"{table.name}.csv")
    return rows[ROW].to_numpy().astype(np.int64)
