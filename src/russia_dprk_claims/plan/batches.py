"""Batches: the tables of a family read side by side, so that what belongs to one root is at hand together.

The files of a package are sorted by their primary keys, and the key of a row begins with that of the row it nests in.
So the rows below some root's key are the same roots' rows in every table, and a batch is cut there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path

import polars as pl

from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Table
from russia_dprk_claims.plan.blocks import empty_frame, read_blocks

Batch = dict[str, pl.DataFrame]
BLOCK = 6 << 20
"""About how many bytes of its largest table a batch has."""


class NotInOrderError(Exception):
    """A table whose rows are not in the order of its primary key, so that no batches can be cut."""

    def __init__(self, table: str) -> None:
        """Keep which table it is."""
        super().__init__(f"the rows of {table} are not in the order of their keys")
        self.table = table


class _Stream:
    """The rows of one table that were read and not yet given out."""

    def __init__(self, path: Path, table: Table, size: int) -> None:
        self._table = table
        self._blocks = read_blocks(path, table, size)
        self.column = table.nesting.columns[0] if table.nesting else table.primary_key[0]
        self.rows = empty_frame(table)
        self.done = False
        self._strays: list[pl.DataFrame] = []

    def read(self) -> None:
        """Read one block more."""
        block = next(self._blocks, None)
        if block is None:
            self.done = True
            return
        self._strays += [block.filter(pl.col(self.column).is_null())] if block[self.column].null_count() else []
        block = block.drop_nulls(self.column)
        keys = block[self.column]
        if not keys.is_sorted() or (len(keys) and (self.last or "") > keys[0]):
            raise NotInOrderError(self._table.name)
        self.rows = _joined(self.rows, block) if len(self.rows) else block

    @property
    def last(self) -> str | None:
        """The key of the last row."""
        return self.rows[self.column][-1] if len(self.rows) else None

    def take(self, below: str | None) -> pl.DataFrame:
        """Give out the rows below a key, all of them if it is None."""
        rows = self.rows
        number = len(rows) if below is None else rows[self.column].search_sorted(below, side="left")
        self.rows = rows.slice(number)
        return rows.slice(0, number)

    def strays(self) -> pl.DataFrame:
        """Give out the rows without a key, which belong nowhere."""
        return reduce(_joined, self._strays, self.rows.clear())


def _joined(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Return two blocks as one; a column that one of them has as text is text."""
    if first.schema != second.schema:
        texts = [pl.col(name).cast(pl.String) for name, kind in first.schema.items() if kind != second.schema[name]]
        first, second = first.with_columns(texts), second.with_columns(texts)
    return pl.concat([first, second])


def read_batches(paths: Mapping[str, Path], family: Sequence[Table], block: int = BLOCK) -> Iterator[Batch]:
    """Yield the rows of a family, batch by batch.

    Parameters
    ----------
    paths
        The file of each table.
    family
        The tables, the root first.
    block
        About how many bytes of the largest table a batch has; the others keep pace.

    Raises
    ------
    NotPlainError
        If a file cannot be read in blocks.
    """
    sizes = {table.name: paths[table.name].stat().st_size for table in family}
    largest = max(family, key=lambda table: sizes[table.name]).name
    pace = block / max(sizes[largest], 1)
    streams = {
        table.name: _Stream(paths[table.name], table, max(int(pace * sizes[table.name]), 4096)) for table in family
    }
    leader = streams[largest]
    while not leader.done:
        leader.read()
        for each in streams.values():
            while each is not leader and not (leader.done or each.done) and (each.last or "") <= (leader.last or ""):
                each.read()
        cut = None if leader.done else _cut(leader, streams[family[0].name])
        batch = {name: each.take(cut) for name, each in streams.items()} if cut is not None else {}
        if any(len(rows) for rows in batch.values()):
            yield batch
    yield from _rest(streams)


def _rest(streams: Mapping[str, _Stream]) -> Iterator[Batch]:
    """Yield all that is left; most of it belongs to the last roots of the leader."""
    for each in streams.values():
        while not each.done:
            each.read()
    yield {name: each.take(None) for name, each in streams.items()}
    strays = {name: each.strays() for name, each in streams.items()}
    if any(map(len, strays.values())):
        yield strays


def _cut(leader: _Stream, root: _Stream) -> str | None:
    """Return the highest key of a root below which the leader has all its rows, or None where there is none."""
    keys = root.rows[root.column]
    number = keys.search_sorted(leader.last, side="right") if leader.last is not None else 0
    return keys[number - 1] if number else None


def sort_file(file: Path, table: Table, folder: Path, block: int = BLOCK) -> pl.Series:
    """Write a copy of a file into a folder, in the order in which rows nest; return the number that each row had.

    This takes as much memory as the file has texts, which those who publish in order are spared.
    """
    for _ in read_blocks(file, table, block):
        pass  # so that the copy is of a file that was read as it stands
    rows = pl.read_csv(file, infer_schema=False, row_index_name=ROW)
    whole = [name for name in table.primary_key if table.by_name[name].type == "integer"]
    rows = rows.with_columns(pl.col(name).cast(pl.Int64, strict=False).alias(f"#{name}") for name in whole)
    order = dict.fromkeys((*(table.nesting.columns if table.nesting else ()), *table.primary_key))
    rows = rows.sort([f"#{name}" if name in whole else name for name in order], maintain_order=True)
    rows.select(table.columns).write_csv(folder / f"{table.name}.csv")
    return rows[ROW]
