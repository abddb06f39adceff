"""The files of a table: CSV or Parquet, one or several. Each is scanned by itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from russia_dprk_claims.checks.engine.guard import NotPlainError
from russia_dprk_claims.checks.findings import Location
from russia_dprk_claims.checks.tables import Locator

_VALUES = (pl.String, pl.Boolean, pl.Date, pl.Categorical, pl.Enum, pl.Null)


class Part(NamedTuple):
    """The rows of one file of a table, as `ScannedTable` has them."""

    locator: Locator
    texts: pl.LazyFrame
    stored: pl.LazyFrame
    suspects: pl.Series
    height: int


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


def file_texts(file: Path, columns: Sequence[str], row_index: str | None = None) -> pl.LazyFrame:
    """Return the rows of a CSV or Parquet file as texts, without missing ones that Polars adds.

    Columns of a Parquet file may also be folders on its path, such as `source_id=SRC-0001`.

    Raises
    ------
    NotPlainError
        If a Parquet file lacks a column of the table, or has one that is neither text nor a single value.
    """
    # A path may have brackets, which are no pattern.
    if file.suffix == ".csv":
        schema = dict.fromkeys(columns, pl.String)
        return pl.scan_csv(file, schema=schema, row_index_name=row_index, glob=False)
    scan = pl.scan_parquet(file, row_index_name=row_index, glob=False, hive_partitioning=True)
    dtypes = scan.collect_schema()
    for name in columns:
        dtype = dtypes.get(name)
        if dtype is None or not (dtype.is_numeric() or dtype.base_type() in _VALUES):
            raise NotPlainError(f"its column {name!r} is {dtype or 'missing'}")
    return scan.select(*filter(None, [row_index]), *(_as_text(name, dtypes[name]) for name in columns))


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a cell as a CSV of the dataset has it: an empty text is an empty cell, and 2.0 is written as 2."""
    cell = pl.col(name)
    text = cell.cast(pl.String).replace("", None)
    if not dtype.is_float():
        return text
    is_whole = cell.is_finite() & (cell % 1 == 0) & (cell.abs() < 2**53)
    return pl.when(is_whole).then(cell.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(text).alias(name)
