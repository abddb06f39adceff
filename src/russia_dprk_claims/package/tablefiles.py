"""The CSV of large tables: written from frames, byte for byte as `to_csv` writes it from rows, or mended in place."""

from __future__ import annotations

import io
from csv import reader
from mmap import mmap

import polars as pl

from russia_dprk_claims.contract import Table


def in_order(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows in the order of their primary key: integers by value, texts by code points, an empty cell first."""
    return frame.sort([_sorting(table, name) for name in table.primary_key], maintain_order=True)


def _sorting(table: Table, name: str) -> pl.Expr:
    cell = pl.col(name)
    return cell.cast(pl.Int64) if table.by_name[name].type == "integer" else cell


def frame_csv(table: Table, frame: pl.DataFrame, header: bool = True) -> bytes:
    """Return the CSV of the rows of a table that are sound: UTF-8, LF, comma, the rows sorted by primary key."""
    # An empty text is an empty cell, which Polars would write in quotes.
    cells = in_order(table, frame).select(pl.when(pl.col(name) != "").then(pl.col(name)) for name in table.columns)
    out = io.BytesIO()
    cells.write_csv(out, include_header=header, line_terminator="\n", quote_style="necessary")
    return out.getvalue()


def mended(table: Table, csv: bytes | mmap, old: pl.DataFrame, new: pl.DataFrame) -> bytes | None:
    """Return the CSV of a table in which rows take the place of others, or None where that is not so simple.

    It is where the rows that go stand together, and those that come belong between the same neighbours.

    Parameters
    ----------
    table
        The table.
    csv
        The CSV as it was.
    old, new
        The rows that go and those that come.
    """
    first = table.primary_key[0]
    if table.by_name[first].type == "integer" or old.is_empty() or new.is_empty():
        return None
    before, after = frame_csv(table, old, header=False), frame_csv(table, new, header=False)
    # No cell that is sound has a line feed, so that rows are lines.
    place = csv.find(b"\n" + before) + 1
    if place == 0:
        return None
    end = place + len(before)
    last, following = (
        _first_of(table, csv[csv.rfind(b"\n", 0, place - 1) + 1 : place]),
        _first_of(table, csv[end : csv.find(b"\n", end) + 1]),
    )
    keys = sorted([*old[first], *new[first]])
    is_first_row = csv.find(b"\n") == place - 1
    if (is_first_row or last < keys[0]) and (end == len(csv) or keys[-1] < following):
        return b"".join((csv[:place], after, csv[end:]))
    return None


def _first_of(table: Table, csv: bytes) -> str:
    """Return the first cell of the primary key of the first of some rows, or nothing where there is none."""
    line = csv[: csv.find(b"\n") + 1].decode("utf-8")
    row = next(reader([line]), [])
    return row[table.columns.index(table.primary_key[0])] if row else ""
