"""Typed frames for the rules: the cells of the tables by their types, with what the rules read beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from russia_dprk_claims.cells import LEXICAL
from russia_dprk_claims.checks.structure import ROW, text_frame
from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table
from russia_dprk_claims.edtf import covered
from russia_dprk_claims.tables import Cell, RawTable, RawTables

DTYPES: Mapping[str, type[pl.DataType]] = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


def typed_frame(table: Table, texts: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of texts with every column cast to its type; a cell that is not of its type is null."""
    return texts.with_columns(_typed(each) for each in table.fields)


def _sound(raw: RawTable, faulty: frozenset[Cell]) -> pl.DataFrame:
    """Return a table as texts, with null for every faulty cell."""
    frame = text_frame(raw)
    rows: dict[str, list[int]] = {}
    for table, index, column in faulty:
        if table == raw.name:
            rows.setdefault(column, []).append(index)
    return frame.with_columns(
        pl.when(~pl.col(ROW).is_in(indexes)).then(pl.col(column)).alias(column) for column, indexes in rows.items()
    )


def _typed(column: Field) -> pl.Expr:
    cell = pl.col(column.name)
    if column.type == "string":
        return cell
    well_formed = pl.when(cell.str.contains(LEXICAL[column.type])).then(cell)
    if column.type == "boolean":
        return (well_formed == "true").alias(column.name)
    if column.type == "date":
        return well_formed.str.to_date("%Y-%m-%d", strict=False).alias(column.name)
    return well_formed.cast(DTYPES[column.type], strict=False).alias(column.name)


class Frames:
    """The typed frames of all tables, each with the columns that its rules read from elsewhere."""

    def __init__(self, contract: Contract, tables: RawTables, faulty: frozenset[Cell] = frozenset()) -> None:
        """Cast all tables, faulty cells to null; columns from elsewhere are joined when they are asked for."""
        self._contract = contract
        self._own = {table.name: typed_frame(table, _sound(tables[table.name], faulty)) for table in contract}

    def with_columns(self, table: str, reads: Iterable[str]) -> pl.DataFrame:
        """Return the frame of `table` with the columns named in `reads`, such as `claim_id.char_start` or
        `event_date.latest`.
        """
        frame = self._own[table]
        for path in dict.fromkeys(reads):
            frame = frame.with_columns(self._read(table, path).alias(path))
        return frame.drop(ROW)

    def _read(self, table: str, path: str) -> pl.Series:
        """Return one column from elsewhere, aligned with the rows of `table`."""
        first, _, rest = path.partition(".")
        if not rest:
            return self._own[table][first]
        if self._contract[table].by_name[first].is_edtf:
            return _days(self._own[table][first], rest)
        key = _leading(self._contract[table], first)
        target = pl.DataFrame(
            {"#key": self._own[key.table][key.references[0]], "#value": self._read(key.table, rest)}
        ).unique("#key", keep="first", maintain_order=True)
        return pl.DataFrame({"#key": self._own[table][first]}).join(
            target, on="#key", how="left", maintain_order="left"
        )["#value"]


def _leading(table: Table, column: str) -> ForeignKey:
    """Return the foreign key that leads from one column to a row elsewhere."""
    return next(key for key in table.foreign_keys if key.columns == (column,))


def _days(dates: pl.Series, side: str) -> pl.Series:
    """Return the earliest or latest day of each EDTF date; each different date is parsed once."""
    days = {text: covered(text) for text in dates.unique().drop_nulls()}
    known = {text: getattr(each, side) if each else None for text, each in days.items()}
    return pl.Series([known.get(text) for text in dates], dtype=pl.Date)
