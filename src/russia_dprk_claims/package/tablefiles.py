"""The CSV of large tables: written from frames, byte for byte as `to_csv` writes it from rows, or mended."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from csv import reader
from pathlib import Path

import polars as pl

from russia_dprk_claims.contract import Table
from russia_dprk_claims.package.hashed import read_parts


def in_order(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows in the order of their primary key: integers by value, texts by code points, an empty cell first."""
    return frame.sort([_sorting(table, name) for name in table.primary_key], maintain_order=True)


def _sorting(table: Table, name: str) -> pl.Expr:
    cell = pl.col(name)
    return cell.cast(pl.Int64, strict=False) if table.by_name[name].type == "integer" else cell


def csv_parts(table: Table, frames: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """Yield the CSV of the rows of a table that are sound, part by part: UTF-8, LF, comma.

    Parameters
    ----------
    table
        The table.
    frames
        The rows, in the order of the primary key.
    """
    yield _csv(pl.DataFrame(schema=dict.fromkeys(table.columns, pl.String)), header=True)
    for frame in frames:
        # An empty text is an empty cell, which Polars would write in quotes.
        yield _csv(frame.select(pl.when(pl.col(name) != "").then(pl.col(name)) for name in table.columns))


def _csv(frame: pl.DataFrame, header: bool = False) -> bytes:
    out = io.BytesIO()
    frame.write_csv(out, include_header=header, line_terminator="\n", quote_style="necessary")
    return out.getvalue()


def frame_csv(table: Table, frame: pl.DataFrame) -> bytes:
    """Return the CSV of the rows of a table that are sound, which are put in order."""
    return b"".join(csv_parts(table, [in_order(table, frame)]))


def mended(table: Table, path: Path, old: pl.DataFrame, new: pl.DataFrame) -> Iterator[bytes] | None:
    """Return the CSV of a table, part by part, in which rows take the place of others, or None where that is not so
    simple.

    It is where the rows that go stand together, and those that come belong between the same neighbours.

    Parameters
    ----------
    table
        The table.
    path
        The CSV as it was.
    old, new
        The rows that go and those that come.

    Raises
    ------
    OSError
        If the CSV cannot be read.
    """
    first = table.primary_key[0]
    if table.by_name[first].type == "integer" or old.is_empty() or new.is_empty():
        return None
    (_, before), (_, after) = (csv_parts(table, [in_order(table, each)]) for each in (old, new))
    # No cell that is sound has a line feed, so that rows are lines.
    place = _find(path, b"\n" + before) + 1
    if place == 0:
        return None
    end = place + len(before)
    keys = sorted([*old[first], *new[first]])
    is_first = place == len(_line_from(path, 0))
    last, following = _first_cell(table, _line_before(path, place)), _first_cell(table, _line_from(path, end))
    if (is_first or (last and last < keys[0])) and (not following or keys[-1] < following):
        return _replaced(path, place, end, after)
    return None


def _replaced(path: Path, place: int, end: int, content: bytes) -> Iterator[bytes]:
    yield from read_parts(path, 0, place)
    yield content
    yield from read_parts(path, end)


def _find(path: Path, wanted: bytes) -> int:
    """Return where some bytes stand in a file, or -1."""
    start, held = 0, b""
    for part in read_parts(path):
        held += part
        place = held.find(wanted)
        if place >= 0:
            return start + place
        passed = max(len(held) - len(wanted) + 1, 0)
        start, held = start + passed, held[passed:]
    return -1


LONGEST = 1024 * 1024


def _line_before(path: Path, place: int) -> bytes:
    """Return the line that ends at a place, or nothing where it is very long."""
    with path.open("rb") as file:
        begin = max(place - LONGEST, 0)
        file.seek(begin)
        data = file.read(place - begin)
    start = data.rfind(b"\n", 0, -1) + 1
    return data[start:] if start or not begin else b""


def _line_from(path: Path, place: int) -> bytes:
    """Return the line that begins at a place, or nothing at the end."""
    with path.open("rb") as file:
        file.seek(place)
        return file.readline()


def _first_cell(table: Table, line: bytes) -> str:
    """Return the first cell of the primary key of a row, or nothing where there is none."""
    row = next(reader([line.decode("utf-8")]), [])
    return row[table.columns.index(table.primary_key[0])] if row else ""
