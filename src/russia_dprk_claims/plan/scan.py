"""Scanning: one chunk of a table judged as far as it can be, and what is left of it for later.

What is read here: the cells of the chunk, and what is kept of the tables before. A scan changes nothing, so that chunks
can be scanned side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.checks.rule import Rule
from russia_dprk_claims.contract import ForeignKey
from russia_dprk_claims.plan.chunkrows import ChunkRows
from russia_dprk_claims.plan.chunks import Cells, TableFile
from russia_dprk_claims.plan.errors import NotInOrderError
from russia_dprk_claims.plan.expressions import evaluate
from russia_dprk_claims.plan.kept import Tables
from russia_dprk_claims.plan.kernels.constants import NO_ROW
from russia_dprk_claims.plan.memory import Memory
from russia_dprk_claims.plan.reading import ColumnReader
from russia_dprk_claims.plan.scheme import Columns, Scheme, TableScheme, names_in
from russia_dprk_claims.plan.values import Mask, Values, both

Edge = tuple[bytes, tuple[bytes | int, ...]]
"""What a row is ordered by: the key of the row that it nests in, and its own key."""


@dataclass
class Waiting:
    """Rows for which a rule is not decided yet, and what it reads of them; for what is found by a key later, the key.

    Where nothing is read but totals that all rows have, the rows are only counted.
    """

    rows: NDArray[np.int32] | range
    reads: dict[str, Values]
    keys: dict[str, NDArray[np.uint64]]

    def behind(self, before: int) -> Waiting:
        """Return the same where so many rows stand before those of the chunk."""
        if isinstance(self.rows, range):
            return replace(self, rows=range(before, before + len(self.rows)))
        return replace(self, rows=self.rows + np.int32(before))

    @property
    def numbers(self) -> NDArray[np.int32]:
        """The numbers of the rows."""
        return np.arange(self.rows.start, self.rows.stop, dtype=np.int32) if isinstance(self.rows, range) else self.rows


@dataclass
class Scanned:
    """What is left of a chunk: see the attributes.

    `size` is the number of its rows, `wrong` those that are suspect. Then what is kept of all rows: `kept` columns, the
    keys `targets` by which they are referred to, and `unique` cells. Of some rows: `own` references into the same table
    (rows and keys), `tallies` (the rows that they add to, and to which totals), `listings` (keys, and conditions that
    they meet) and what is `waiting`, by the number of the rule. `edges` are the first and the last row.
    """

    size: int
    wrong: NDArray[np.intp]
    edges: tuple[Edge, Edge] | None = None
    kept: dict[str, Values] = field(default_factory=dict)
    targets: dict[Columns, NDArray[np.uint64]] = field(default_factory=dict)
    unique: dict[str, NDArray[np.uint64]] = field(default_factory=dict)
    own: dict[Columns, tuple[NDArray[np.intp], NDArray[np.uint64]]] = field(default_factory=dict)
    tallies: dict[tuple[str, str], tuple[NDArray[np.int32], NDArray[np.uint8]]] = field(default_factory=dict)
    listings: dict[Columns, tuple[NDArray[np.uint64], NDArray[np.uint8]]] = field(default_factory=dict)
    waiting: dict[int, Waiting] = field(default_factory=dict)


class Scanner:
    """Scans the chunks of one table."""

    def __init__(self, scheme: Scheme, own: TableScheme, tables: Tables, file: TableFile, memory: Memory) -> None:
        """Derive what is asked of the columns; `tables` has all those before."""
        self.scheme, self.own, self.tables, self.file = scheme, own, tables, file
        self._memory = memory
        self._readers = [ColumnReader(scheme.contract, own.table, each) for each in own.table.fields]
        self._waiting = [(rule, sorted(names_in(rule.holds))) for rule in own.waiting]

    def roots(self, cells: Cells) -> NDArray[np.int64]:
        """Return a number for the root of each row, -1 where it has none."""
        chunk = ChunkRows(self.scheme, self.own, self.tables, cells, {}, self._memory)
        table, rows = self.own.table, np.full(len(cells), NO_ROW, dtype=np.int32)
        if table.nesting:
            rows = chunk.key_rows(table.nesting.columns[0])
            table = self.scheme.contract[table.nesting.table]
        while table.nesting:
            up = self.tables[table.name].at(table.nesting.columns[0], rows)
            rows = up.rows if up.known is None else np.where(up.known, up.rows, np.int32(NO_ROW))
            table = self.scheme.contract[table.nesting.table]
        return rows.astype(np.int64)

    def scan(self, begin: int, end: int) -> Scanned:
        """Judge the records between two bytes of the file.

        Raises
        ------
        NotPlainError, NotInOrderError
            If they are not as our own writer writes them.
        """
        cells = self.file.cells(begin, end)
        encoded: dict[str, Any] = {}
        wrong = np.zeros(len(cells), dtype=np.bool_)
        for each in self._readers:
            each.read(cells, encoded, wrong)
        chunk = ChunkRows(self.scheme, self.own, self.tables, cells, encoded, self._memory)
        misshapen = self._mark_forms(cells, encoded, wrong)
        self._mark_order(chunk, wrong)
        self._mark_keys(chunk, wrong)
        for rule in self.own.rules:
            wrong |= broken(evaluate(rule.holds, chunk))
        edges = (self._edge(cells, encoded, 0), self._edge(cells, encoded, len(cells) - 1)) if len(cells) else None
        result = Scanned(len(cells), np.flatnonzero(wrong), edges)
        self._leave(chunk, misshapen, result)
        return result

    def _mark_forms(self, cells: Cells, encoded: dict[str, Any], wrong: Mask) -> dict[str, Mask]:
        found = {}
        for each in self._readers:
            bad = each.misshapen(cells, encoded)
            if bad is not None:
                found[each.column.name] = bad
                wrong |= bad
        return found

    def _mark_keys(self, chunk: ChunkRows, wrong: Mask) -> None:
        for key in self.own.checked_keys:
            keys = chunk.key(key.columns)
            rows = chunk.key_rows(key.columns[0]) if len(key.columns) == 1 else self._rows_of(key, keys)
            wrong |= (rows == NO_ROW) & (keys != 0)

    def _rows_of(self, key: ForeignKey, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        return self.tables[key.table].indexes[key.references].rows(keys)

    def _mark_order(self, chunk: ChunkRows, wrong: Mask) -> None:
        """Mark rows that do not have a greater key than the row before; refuse those that make families fall apart."""
        table = self.own.table
        order = _order(chunk, table.primary_key)
        nesting = _order(chunk, table.nesting.columns) if table.nesting else order
        if (nesting < 0).any() or ((order < 0) & (nesting == 0)).any():
            raise NotInOrderError(table.name)
        wrong |= order <= 0

    def _edge(self, cells: Cells, encoded: Mapping[str, Any], row: int) -> Edge:
        def cell(name: str) -> bytes:
            column = cells.column(name)
            return bytes(cells.data[column.starts[row] : column.ends[row]])

        table = self.own.table
        parts = [int(encoded[name][row]) if _is_whole(encoded, name) else cell(name) for name in table.primary_key]
        return (cell(table.nesting.columns[0]) if table.nesting else b""), tuple(parts)

    def _leave(self, chunk: ChunkRows, misshapen: Mapping[str, Mask], result: Scanned) -> None:
        """Add what is left of a chunk for later."""
        own = self.own
        for name in own.kept:
            result.kept[name] = chunk.to_keep(name)
        for columns in own.targets:
            keys = chunk.key(columns).copy()
            for name in columns:
                if name in misshapen:
                    keys[misshapen[name]] = 0  # so that what refers to it is looked at, too
            result.targets[columns] = keys
        for column in own.table.fields:
            if column.unique:
                result.unique[column.name] = chunk.key((column.name,))
        for key in own.own_keys:
            keys = chunk.key(key.columns)
            rows = np.flatnonzero(keys)
            result.own[key.columns] = rows, keys[rows]
        result.tallies = dict(self._tallies(chunk))
        for listing in own.listings:
            keys = chunk.key(listing.columns)
            if listing.wheres == ((),):  # every row counts, which need not be kept a row
                keys = keys[keys != 0]
                result.listings[listing.columns] = keys, np.broadcast_to(np.uint8(1), len(keys))
                continue
            bits = _bits([chunk.having(where) for where in listing.wheres], len(chunk.cells))
            counts = (bits > 0) & (keys != 0)
            result.listings[listing.columns] = keys[counts], bits[counts]
        for number, (rule, names) in enumerate(self._waiting):
            waiting = self._wait(chunk, rule, names)
            if waiting:
                result.waiting[number] = waiting

    def _tallies(
        self, chunk: ChunkRows
    ) -> Iterator[tuple[tuple[str, str], tuple[NDArray[np.int32], NDArray[np.uint8]]]]:
        for key, tallies in self.own.tallies.items():
            for target in dict.fromkeys(each for each, _ in tallies):
                if target == self.own.table.name:
                    continue  # added when all its rows are known
                rows = chunk.key_rows(key)
                masks = []
                for _, tally in (each for each in tallies if each[0] == target):
                    holds = chunk.having(tally.where)
                    for theirs, ours in tally.alike:
                        kept = self.tables[target].at(ours, rows)
                        values = chunk.read(theirs)
                        holds = both(holds & (values.data == kept.data), both(values.known, kept.known))
                    masks.append(holds)
                bits = _bits(masks, len(chunk.cells))
                counts = (bits > 0) & (rows != NO_ROW)
                yield (key, target), (rows[counts], bits[counts])

    def _wait(self, chunk: ChunkRows, rule: Rule, names: list[str]) -> Waiting | None:
        verdict = evaluate(rule.holds, chunk)
        size = len(chunk.cells)
        open_ = np.broadcast_to(np.bool_(False) if verdict.open is None else verdict.open, size)
        bad = broken(verdict)
        rows = np.flatnonzero(open_ | bad).astype(np.int32)
        if not len(rows):
            return None
        reads = {name: chunk.read(name) for name in names if not self.scheme.is_open(self.own.table.name, name)}
        keys = {}
        for name in names:
            if name in self.own.listed:
                count = self.own.reads[name]
                keys[name] = chunk.key(tuple(ours for _, ours in count.on))[rows]  # type: ignore[union-attr]
            elif isinstance(self.own.reads.get(name), str) and name not in reads:
                keys[name] = chunk.key((name.partition(".")[0],))[rows]
        if len(rows) == size and not reads and not keys:
            return Waiting(range(size), {}, {})
        return Waiting(rows, {name: some(values, rows) for name, values in reads.items()}, keys)


def broken(verdict: Values) -> Mask:
    """Return where a rule is known not to hold."""
    return np.asarray(~verdict.data if verdict.known is None else ~verdict.data & verdict.known, dtype=np.bool_)


def some(values: Values, rows: NDArray[Any]) -> Values:
    """Return values at some rows."""

    def at(part: Any) -> Any:
        return part if part is None or np.ndim(part) == 0 else part[rows]

    # Rows of the same table are counted in the chunk; they are told by their hashes where that matters.
    return values.having(data=at(values.data), known=at(values.known), rows=at(values.rows), open=None)


def _bits(masks: list[Mask], size: int) -> NDArray[np.uint8]:
    bits = np.zeros(size, dtype=np.uint8)
    for number, mask in enumerate(masks):
        bits |= mask.astype(np.uint8) << np.uint8(number)
    return bits


def _is_whole(encoded: Mapping[str, Any], name: str) -> bool:
    return name in encoded and encoded[name].dtype == np.int32


def _order(chunk: ChunkRows, names: Columns) -> NDArray[np.int8]:
    """Return whether each row is greater than the one before by some columns (1), equal (0) or less (-1)."""
    first, *others = names
    signs = chunk.signs(first)
    if others:
        signs = signs.copy()
        for name in others:
            chunk.settle_order(name, signs)
    return signs
