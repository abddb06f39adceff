"""The CSV of a table as a typed pandas frame, the same with every version of pandas.

The cells are read with the module csv, so that no text such as `NA` is taken for a missing value, and a cell that does
not fit the contract is an error instead of a missing value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd

Cells = Sequence[str | None]
# A row as texts. An empty cell is None; the types do not tell required columns apart.
Row = Mapping[str, Any]
# Seconds can hold a day of any year, and every version of pandas supports them.
_TYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "date": "datetime64[s]"}


def frame(package: Package, table: str) -> pd.DataFrame:
    """Return a table of a package as a new data frame; the CSV is parsed only once.

    Raises `UnknownNameError` if there is no such table, `DamagedDataError` if its file does not fit the contract.
    """
    return _frame(package, table).copy()


@lru_cache(maxsize=32)
def _frame(package: Package, table: str) -> pd.DataFrame:
    """Return a table, which callers must not change."""
    contract = package.table(table)
    try:
        return typed_frame(contract, read_cells(package, table))
    except _FormatError as error:
        raise package.damaged(package.table_path(table), str(error)) from error


def typed_frame(table: Table, columns: Mapping[str, Cells]) -> pd.DataFrame:
    """Return a data frame of cells by column, with the types of the contract."""
    import pandas as pd

    return pd.DataFrame({each.name: _array(each, columns[each.name]) for each in table.fields})


@lru_cache(maxsize=32)
def read_cells(package: Package, table: str) -> Mapping[str, Cells]:
    """Return the texts of the cells by column, which callers must not change; an empty cell is None.

    Raises the errors of `frame`, but does not look at the types of the cells.
    """
    contract = package.table(table)
    path = package.table_path(table)
    try:
        return _columns(contract, package.read_table(table))
    except (csv.Error, _FormatError, UnicodeDecodeError) as error:
        raise package.damaged(path, str(error)) from error


def read_rows(package: Package, table: str) -> list[Row]:
    """Return the rows of a table as texts by column; an empty cell is None."""
    return rows_of(read_cells(package, table))


def rows_of(columns: Mapping[str, Cells]) -> list[Row]:
    """Return cells by column as rows."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a data frame, typed as they are there; a missing value is None."""
    values: list[dict[str, Any]] = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return values


class _FormatError(Exception):
    """A header or a cell that does not fit the contract."""


def _columns(table: Table, data: bytes) -> dict[str, Cells]:
    """Return the cells by column; an empty one is None."""
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    if tuple(next(reader, ())) != table.columns:
        raise _FormatError("the header does not have the columns of the table")
    rows = []
    for row in reader:
        if len(row) != len(table.columns):
            raise _FormatError(f"line {reader.line_num}: the row has {len(row)} cells, the header {len(table.columns)}")
        rows.append([cell or None for cell in row])
    cells = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    return dict(zip(table.columns, cells, strict=True))


def _array(field: Field, cells: Cells) -> Any:
    """Return the array of a column."""
    import numpy as np
    import pandas as pd

    values = [None if cell is None else _value(field, number, cell) for number, cell in enumerate(cells, start=1)]
    if field.enum:
        return pd.Categorical(pd.array(values, dtype=text_type()), dtype=category_type(field))
    if field.type == "date":
        return pd.array(np.array(values, dtype=_TYPES["date"]), dtype=_TYPES["date"])
    return pd.array(values, dtype=_TYPES.get(field.type, text_type()))


def _value(field: Field, number: int, cell: str) -> Any:
    """Return the value of a cell; raise _FormatError with the row number if it is invalid."""
    try:
        return field.parse(cell)
    except ValueError as error:
        raise _FormatError(f"row {number}: {field.name}: {error}") from error


def text_type() -> Any:
    """Return the dtype of text columns: Python strings, even if Arrow is installed."""
    import pandas as pd

    return pd.StringDtype("python")


def category_type(field: Field) -> Any:
    """Return the dtype of a column with a vocabulary, ordered if the vocabulary is."""
    import pandas as pd

    return pd.CategoricalDtype(pd.Index(field.order or field.enum, dtype=text_type()), ordered=bool(field.order))
