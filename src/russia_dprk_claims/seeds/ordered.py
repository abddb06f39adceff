"""Rows of many files in the order of their keys, some at a time, so that a table is written without being held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from russia_dprk_claims.contract import Table
from russia_dprk_claims.seeds.pieces import Piece, Pieces, count, frames_of, rows_of

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS = 40_000
"""How many rows are put in order at once, where they lie scattered over many files."""
_SAMPLED = 100


def in_key_order(
    table: Table, pieces: Pieces, columns: Sequence[str] | None = None, most: int = MOST_ROWS
) -> Iterator[pl.DataFrame]:
    """Yield all rows of a table in the order of its primary key, part by part.

    Parameters
    ----------
    table
        The table.
    pieces
        The pieces that have its rows.
    columns
        The columns that are wanted, those of the key among them; by default all.
    most
        About how many rows are put in order at once.
    """
    from russia_dprk_claims.package.tablefiles import in_order

    for group in _groups(table, pieces):
        if len(group) == 1 or count(group, table.name) <= most:
            yield in_order(table, rows_of(group, table, columns))
        else:
            for part in _parts(table, group, columns, most):
                yield in_order(table, part)


def _groups(table: Table, pieces: Pieces) -> Iterator[Pieces]:
    """Yield the pieces in the order of the keys in them, together where these overlap."""
    own = [piece for piece in pieces if piece.rows(table.name)]
    if table.by_name[table.primary_key[0]].type == "integer":
        # The order of numbers is not that of their texts.
        yield from [tuple(own)] if own else []
        return
    group: list[Piece] = []
    end = ""
    for lowest, highest, piece in sorted(((*each.reach(table), each) for each in own), key=lambda each: each[:2]):
        if group and lowest > end:
            yield tuple(group)
            group = []
        group.append(piece)
        end = max(end, highest) if len(group) > 1 else highest
    if group:
        yield tuple(group)


def _parts(table: Table, group: Pieces, columns: Sequence[str] | None, most: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of pieces that overlap, so that each part lies behind the one before."""
    import polars as pl

    first = pl.col(table.primary_key[0]).fill_null("")
    for low, high in pairwise(_bounds(table, group, most)):
        inside = (first >= low) if high is None else (first >= low) & (first < high)
        yield pl.concat([frame.filter(inside) for frame in frames_of(group, table, columns)])


def _bounds(table: Table, group: Pieces, most: int) -> list[str | None]:
    """Return first cells of keys between which there are about so many rows, from the lowest on, None at the end."""
    import polars as pl

    samples: list[pl.Series] = []
    # One row in so many is looked at, counted through all pieces, as any of them may be small.
    skipped = 0
    for frame in frames_of(group, table, table.primary_key[:1]):
        samples.append(frame.to_series().fill_null("").sort().gather_every(_SAMPLED, skipped))
        skipped = (skipped - len(frame)) % _SAMPLED
    cuts = pl.concat(samples).sort().gather_every(max(most // _SAMPLED, 1)).unique(maintain_order=True).to_list()
    return ["", *cuts[1:], None]
