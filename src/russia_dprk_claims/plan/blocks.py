"""Blocks: a CSV file read piece by piece as typed frames, each piece proven to have been read without loss.

Polars reads fast and forgives much: it fills short records up, skips carriage returns and reads a stray quote somehow.
So the bytes of a block are accounted for: what was read, with its commas, quotes and line ends, must be as long as the
block is. Where it is not, or where anything else is unusual, the file is given up and read by the strict reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.package.csvfiles import MAX_CELL

QUOTE, COMMA, NEWLINE, SPACE, DELETE = (ord(sign) for sign in '",\n \x7f')


Bytes = NDArray[np.uint8]


class NotPlainError(Exception):
    """A file that is not read in blocks: only the strict reader can say what is in it."""


def read_blocks(path: Path, table: Table, size: int) -> Iterator[pl.DataFrame]:
    """Yield the records of a CSV file as frames of texts and vocabulary values, numbered in the column `#row`.

    Parameters
    ----------
    path
        The file.
    table
        The table that it holds.
    size
        About how many bytes a block has.

    Raises
    ------
    NotPlainError
        If the file is not in every respect as our own writer writes it, or is not of this table.
    """
    schema = _schema(table)
    row = 0
    for data in _cut(path, table, size):
        frame = _parse(data, schema)
        _account(data, frame)
        yield frame.with_row_index(ROW, offset=row)
        row += len(frame)


def empty_frame(table: Table) -> pl.DataFrame:
    """Return a frame without rows, as it is read of a table."""
    return pl.DataFrame(schema=_schema(table)).with_row_index(ROW)


def _schema(table: Table) -> dict[str, pl.DataType]:
    return {column.name: _read_as(column) for column in table.fields}


def _read_as(column: Field) -> pl.DataType:
    """Return what a column is read as: vocabularies and booleans by their values, all else as text."""
    values = ["true", "false"] if column.type == "boolean" else list(column.enum)
    return pl.Enum(values) if values else pl.String()


def _cut(path: Path, table: Table, size: int) -> Iterator[bytes]:
    """Yield the bytes of a file behind its header in pieces that end with a record."""
    with path.open("rb") as file:
        if file.readline() != (",".join(table.columns) + "\n").encode():
            raise NotPlainError("another header")
        rest = b""
        while data := file.read(size):
            data = rest + data
            end = _last_record_end(data)
            rest = data[end:]
            if end:
                yield data[:end]
        if rest:
            raise NotPlainError("the last record has no line end, or a quote is open")


def _last_record_end(data: bytes) -> int:
    """Return where the last whole record of `data` ends: behind a line feed with all quotes closed before it."""
    quotes = data.count(b'"')
    end = len(data)
    while True:
        newline = data.rfind(b"\n", 0, end)
        if newline < 0:
            return 0
        quotes -= data.count(b'"', newline, end)
        if quotes % 2 == 0:
            return newline + 1
        end = newline


def _parse(data: bytes, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    for each in (schema, dict.fromkeys(schema, pl.String())):
        try:
            return pl.read_csv(data, has_header=False, schema=each)
        except pl.exceptions.PolarsError:
            continue  # a value outside a vocabulary is found in texts
    raise NotPlainError("Polars cannot read it")


def _account(data: bytes, frame: pl.DataFrame) -> None:
    """Refuse a block that was not read as it stands."""
    signs = np.frombuffer(data, dtype=np.uint8)
    if np.count_nonzero(signs < SPACE) != len(frame) or signs.view(np.int8).max() == DELETE:
        raise NotPlainError("a control character, or a line break in a cell")
    quotes = np.flatnonzero(signs == QUOTE)
    doubled = _check_quotes(signs, quotes, frame)
    commas = (len(frame.columns) - 1) * len(frame)
    if _length(frame) - doubled + len(quotes) + commas + len(frame) != len(data):
        raise NotPlainError("a record has too few cells, or a cell is not as it was read")


def _check_quotes(signs: Bytes, quotes: NDArray[np.intp], frame: pl.DataFrame) -> int:
    """Return how many quotes the cells have; refuse a block with a quote that neither begins, ends nor is doubled."""
    if not len(quotes):
        return 0
    if not (np.diff(quotes) == 1).any():
        # No quote is doubled, so they open and close in turn; the block ends with a line feed and not with a quote.
        opens, closes = quotes[0::2], quotes[1::2]
        before = signs[opens - 1] if opens[0] else np.append(NEWLINE, signs[opens[1:] - 1])
        if _parts_cells(before).all() and _parts_cells(signs[closes + 1]).all():
            return 0
        raise NotPlainError("a quote inside a cell that has no quotes around it")
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    counts = frame.select(
        pl.sum_horizontal(pl.col(texts).str.count_matches('"', literal=True).sum()).alias("inside"),
        pl.sum_horizontal(pl.col(texts).str.contains('[",\n]').sum()).alias("quoted"),
    )
    inside, quoted = counts.row(0)
    if 2 * (inside + quoted) != len(quotes):
        raise NotPlainError("a quote that need not be there, or one that stands alone")
    return int(inside)


def _parts_cells(signs: Bytes) -> NDArray[np.bool_]:
    parts: NDArray[np.bool_] = np.logical_or(signs == COMMA, signs == NEWLINE)
    return parts


def _length(frame: pl.DataFrame) -> int:
    """Return how many bytes the cells of a frame have."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    lengths = frame.select(pl.col(texts).str.len_bytes().cast(pl.Int64))
    if max((each or 0 for each in lengths.max().row(0)), default=0) > MAX_CELL:
        raise NotPlainError("a cell is larger than a strict reader takes")
    length = int(sum(lengths.sum().row(0)))
    for name, kind in frame.schema.items():
        if isinstance(kind, pl.Enum):
            found = np.bincount(frame[name].to_physical().drop_nulls().to_numpy(), minlength=len(kind.categories))
            length += int(found @ [len(value.encode()) for value in kind.categories])
    return length
