"""Tables in Parquet files, and tables in several files: each file is scanned by itself, and rows are numbered on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import polars as pl

from russia_dprk_claims.checks.engine.scan import NotPlainError, StoredCells, scanned_table
from russia_dprk_claims.checks.findings import Location
from russia_dprk_claims.checks.rule import ROW
from russia_dprk_claims.checks.scanned import BREAKS, ScannedTable
from russia_dprk_claims.checks.tables import Locator
from russia_dprk_claims.contract import Table

_VALUES = (pl.String, pl.Boolean, pl.Date, pl.Categorical, pl.Enum, pl.Null)


@dataclass(frozen=True)
class RowLocations:
    """The locations of rows in a Parquet file: its lines are its rows, counted from 1."""

    path: str

    def locate(self, row: int, _column: str | None) -> Location:
        """Return the number of the row."""
        return Location(self.path, row + 1)


@dataclass(frozen=True)
class PartLocations:
    """The locations of the cells of a table in several files."""

    parts: Sequence[Locator]
    starts: Sequence[int]
    """The number of the first row of each file."""

    def locate(self, row: int, column: str | None) -> Location:
        """Return the location in the file that has the row."""
        part = bisect_right(self.starts, row) - 1
        return self.parts[part].locate(row - self.starts[part], column)


def scan_parquet(table: Table, file: Path, path: str, stored_cells: StoredCells, store: Path) -> ScannedTable:
    """Scan a Parquet file of a table; `NotPlainError` if `parquet_texts` raises it, or it is damaged."""
    try:
        plan = stored_cells.scan(table, parquet_texts(file, table.columns), [pl.lit(0, dtype=pl.UInt32).alias(BREAKS)])
        return scanned_table(
            table, plan, parquet_texts(file, table.columns, ROW), stored_cells, store, RowLocations(path)
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise NotPlainError(f"Polars cannot read it ({str(error).splitlines()[0]:.80})") from error


def parquet_texts(file: Path, columns: Sequence[str], row_index: str | None = None) -> pl.LazyFrame:
    """Return a Parquet file as texts; columns may also be folders on its path, such as `source_id=SRC-0001`.

    Raises
    ------
    NotPlainError
        If it is no Parquet file, lacks a column of the table, or has one that is neither text nor a single value.
    """
    scan = pl.scan_parquet(file.resolve(), row_index_name=row_index, glob=False, hive_partitioning=True)
    try:
        schema = scan.collect_schema()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise NotPlainError(f"Polars cannot read it ({str(error).splitlines()[0]:.80})") from error
    for name in columns:
        dtype = schema.get(name)
        if dtype is None or not (dtype.is_numeric() or dtype.base_type() in _VALUES):
            raise NotPlainError(f"its column {name!r} is {dtype or 'missing'}")
    return scan.select(*filter(None, [row_index]), *(_as_text(name, schema[name]) for name in columns))


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a cell as a CSV of the dataset has it: an empty text is an empty cell, and 2.0 is written as 2."""
    cell = pl.col(name)
    text = cell.cast(pl.String).replace("", None)
    if not dtype.is_float():
        return text
    is_whole = cell.is_finite() & (cell % 1 == 0) & (cell.abs() < 2**53)
    return pl.when(is_whole).then(cell.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(text).alias(name)


def combined(table: Table, parts: Sequence[ScannedTable]) -> ScannedTable:
    """Return the table that has the rows of several files, in this order."""
    starts = [0, *accumulate(len(each) for each in parts)]
    cells: dict[str, list[str | None]] = {name: {} for name in table.columns}  # type: ignore[misc]

    def numbered(frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
        return pl.concat(each.with_columns(pl.col(ROW) + start) for each, start in zip(frames, starts, strict=False))

    return ScannedTable(
        table.name,
        cells,
        PartLocations([each.locator for each in parts], starts[:-1]),
        numbered([each.texts for each in parts]),
        numbered([each.stored for each in parts]),
        parts[0].read,
        pl.concat(each.suspects + start for each, start in zip(parts, starts, strict=False)),
        starts[-1],
    )
