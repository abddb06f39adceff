"""Frames: the CSV of a table becomes a pandas frame with the types that the contract gives, the same with every
pandas.

The cells are read with the module csv, so that no text is ever taken for a missing value, and a cell that is not
what the contract says is an error instead of an empty one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd

Cells = Sequence[str | None]


def frame(release: Package, table: str) -> pd.DataFrame:
    """Return a table of a release.

    Parameters
    ----------
    release
        The release.
    table
        The name of the table.

    Raises
    ------
    UnknownNameError
        If the release has no such table.
    DamagedDataError
        If its file is missing or is not what the contract says.
    """
    import pandas as pd

    contract = release.table(table)
    path = release.table_path(table)
    try:
        columns = _columns(contract, release.read(path))
        return pd.DataFrame({each.name: _typed(each, columns[each.name]) for each in contract.fields})
    except (csv.Error, _CellError, UnicodeDecodeError) as error:
        raise release.damaged(path, str(error)) from error


class _CellError(Exception):
    """A header or a cell that is not what the contract says."""


def _columns(table: Table, data: bytes) -> dict[str, Cells]:
    """Return the cells by column; an empty one is None."""
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    if tuple(next(reader, ())) != table.columns:
        raise _CellError("the header does not have the columns of the table")
    rows = []
    for row in reader:
        if len(row) != len(table.columns):
            raise _CellError(f"line {reader.line_num}: the row has {len(row)} cells, the header {len(table.columns)}")
        rows.append([cell or None for cell in row])
    cells = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    return dict(zip(table.columns, cells, strict=True))


def text_type() -> Any:
    """Return the type of a column of text: pandas' own strings, whichever backend is installed beside it."""
    import pandas as pd

    return pd.StringDtype("python")


def category_type(field: Field) -> Any:
    """Return the type of a column with a vocabulary, ordered where the contract orders it."""
    import pandas as pd

    return pd.CategoricalDtype(pd.Index(field.order or field.enum, dtype=text_type()), ordered=bool(field.order))


def _typed(field: Field, cells: Cells) -> Any:
    """Return the array of a column."""
    import pandas as pd

    if field.enum:
        _convert(field, dict(zip(field.enum, field.enum, strict=True)).__getitem__, cells)
        return pd.Categorical(pd.array(cells, dtype=text_type()), dtype=category_type(field))
    if field.type not in _CONVERTED:
        return pd.array(cells, dtype=text_type())
    convert, dtype = _CONVERTED[field.type]
    return pd.array(_convert(field, convert, cells), dtype=dtype)


def _convert(field: Field, convert: Callable[[str], Any], cells: Cells) -> list[Any]:
    """Return the values of cells; one that is no value is told with its row."""
    values = []
    for number, cell in enumerate(cells, start=1):
        try:
            values.append(None if cell is None else convert(cell))
        except (ValueError, KeyError) as error:
            expected = "in its vocabulary" if field.enum else f"a value of the type {field.type}"
            raise _CellError(f"row {number}: {field.name}: {cell!r} is not {expected}") from error
    return values


def _day(text: str) -> Any:
    import numpy as np

    return np.datetime64(text, "s")


_CONVERTED: dict[str, tuple[Callable[[str], Any], str]] = {
    "integer": (int, "Int64"),
    "number": (float, "Float64"),
    "boolean": ({"true": True, "false": False}.__getitem__, "boolean"),
    # Seconds: a day of any year fits, and it is the same type with every pandas.
    "date": (_day, "datetime64[s]"),
}
