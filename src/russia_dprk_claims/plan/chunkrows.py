"""The rows of a chunk, as expressions read them: their own cells, what they lead to, and counts within a family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.checks.rule import Count, Mapped
from russia_dprk_claims.contract import leading
from russia_dprk_claims.plan.automata import automaton
from russia_dprk_claims.plan.chunks import Cells
from russia_dprk_claims.plan.errors import NotPlannedError
from russia_dprk_claims.plan.kept import Tables
from russia_dprk_claims.plan.kernels.calling import cells as kernels
from russia_dprk_claims.plan.kernels.calling import rows as row_kernels
from russia_dprk_claims.plan.memory import Memory
from russia_dprk_claims.plan.reading import matches, words_of
from russia_dprk_claims.plan.scheme import Columns, Scheme, TableScheme, leads_elsewhere
from russia_dprk_claims.plan.values import (
    Kind,
    Mask,
    Values,
    of_codes,
    of_decimals,
    of_truths,
    of_wholes,
    truth,
    unless_all,
)
from russia_dprk_claims.plan.windows import Windows, grouped, key_of, summed


class ChunkRows:
    """The rows of a chunk; what is read is kept, as several rules read the same."""

    def __init__(
        self,
        scheme: Scheme,
        own: TableScheme,
        tables: Tables,
        cells: Cells,
        encoded: dict[str, Any],
        memory: Memory,
    ) -> None:
        """Take the cells, with the numbers of those that are no texts; `tables` has what is kept of those before."""
        self.cells = cells
        self.windows = Windows(len(cells), own.table.primary_key)
        self._scheme, self._own, self._tables = scheme, own, tables
        self._encoded, self._memory = encoded, memory
        self._known: dict[str, Values] = {}
        self._rows: dict[str, NDArray[np.int32]] = {}
        self._keys: dict[Columns, NDArray[np.uint64]] = {}
        self._listed: dict[Columns, NDArray[np.int32]] = {}
        self._hashed: dict[str, NDArray[np.uint64]] = {}
        self._signs: dict[str, NDArray[np.int8]] = {}

    # --- what expressions ask ---------------------------------------------------------------------------------------

    def read(self, name: str) -> Values:
        """Return what the rows have for a read."""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def matches(self, values: Values, pattern: str) -> Values:
        """Return which texts of a column have a form."""
        if values.column is None:
            raise NotPlannedError("a form of what is no cell")
        return truth(matches(self.cells, values.column, automaton(pattern)), values.known)

    def shortened(self, values: Values, sign: str) -> Values:
        """Return the texts of a column up to the last time that a sign stands in them."""
        if values.column is None or not sign.isascii():
            raise NotPlannedError("what is no cell is shortened")
        hashes = np.empty(len(self.cells), dtype=np.uint64)
        place = values.column
        kernels.hash_shortened(self.cells.data, place.starts, place.ends, ord(sign), hashes)
        return Values(Kind.TEXT, hashes, values.known)

    def hash_of(self, text: str) -> int:
        """Return the hash of a text."""
        return self._memory.hash_of(text)

    # --- what scanning asks -----------------------------------------------------------------------------------------

    def key(self, columns: Columns) -> NDArray[np.uint64]:
        """Return a key of some columns, 0 where one of them is empty; it is the hash of the text where it is one."""
        if columns not in self._keys:
            values = [self.read(name) for name in columns]
            if len(values) == 1 and values[0].kind in {Kind.TEXT, Kind.KEY}:
                self._keys[columns] = values[0].data
            else:
                keys = key_of(values, len(self.cells))
                for each in values:
                    if each.known is not None:
                        keys[~each.known] = 0
                self._keys[columns] = keys
        return self._keys[columns]

    def key_rows(self, column: str) -> NDArray[np.int32]:
        """Return the row that a column leads to, -1 where it leads to none."""
        if column not in self._rows:
            key = leading(self._scheme.contract, self._own.table, column)
            self._rows[column] = self._tables[key.table].indexes[key.references].rows(self._hashes(column))
        return self._rows[column]

    def signs(self, column: str) -> NDArray[np.int8]:
        """Return whether each cell of a column is greater than the one before (1), equal (0) or less (-1)."""
        if column not in self._signs:
            signs = self._signs[column] = np.zeros(len(self.cells), dtype=np.int8)
            self.settle_order(column, signs)
        return self._signs[column]

    def settle_order(self, column: str, signs: NDArray[np.int8]) -> None:
        """Compare the cells of a column with those before where rows are equal by other columns (0)."""
        numbers = self._encoded.get(column)
        if numbers is not None and numbers.dtype == np.int32:
            row_kernels.order_numbers(numbers, signs)
        else:
            place = self.cells.column(column)
            row_kernels.order_texts(self.cells.data, place.starts, place.ends, signs)

    def having(self, where: Iterable[tuple[str, str]]) -> Mask:
        """Return which rows have some values."""
        holds = np.ones(len(self.cells), dtype=np.bool_)
        for name, value in where:
            values = self.read(name)
            if values.kind is not Kind.CODE:
                raise NotPlannedError(f"{name} is counted by a value, and has no vocabulary")
            holds &= values.data == (values.words.index(value) if value in values.words else len(values.words))
        return holds

    def to_keep(self, name: str) -> Values:
        """Return what is kept of a column, or of a side of a date, in numbers of which some stand for none."""
        if name in self._own.table.columns and self._leads(name):
            key = leading(self._scheme.contract, self._own.table, name)
            if key.table == self._own.table.name:
                raise NotPlannedError(f"{name} is read by way of rows of its own table")
            return Values(Kind.KEY, None, rows=self.key_rows(name), table=key.table)
        values = self.read(name)
        if values.kind is Kind.BOOL:
            values = of_codes(self._encoded[name], ())
            return Values(Kind.BOOL, values.data)
        return Values(values.kind, values.data, words=values.words)

    # --- reads ------------------------------------------------------------------------------------------------------

    def _read(self, name: str) -> Values:
        if name in self._own.table.columns:
            return self._cell(name)
        read = self._own.reads[name]
        if self._scheme.is_open(self._own.table.name, name):
            return self._later(name)
        if isinstance(read, Mapped):
            return self._mapped(read)
        if isinstance(read, Count):
            return self._counted(read)
        if not isinstance(read, str):
            raise NotPlannedError(f"{name} cannot be read")
        if leads_elsewhere(self._own.table, read):
            return self._led_to(read)
        return self._side(read)

    def _cell(self, name: str) -> Values:
        column = self._own.table.by_name[name]
        if words_of(column):
            codes = self._encoded[name]
            return of_truths(codes) if column.type == "boolean" else of_codes(codes, column.enum)
        if column.type == "number":
            return of_decimals(self._encoded[name])
        if column.type != "string":
            return of_wholes(self._encoded[name])
        place = self.cells.column(name)
        known = unless_all(place.ends > place.starts)
        data = self._hashes(name) if name in self._own.hashed else None
        if self._leads(name):
            key = leading(self._scheme.contract, self._own.table, name)
            rows = None if key.table == self._own.table.name else self.key_rows(name)
            return Values(Kind.KEY, data, known, rows=rows, table=key.table, column=place)
        if (name,) == self._own.table.primary_key:
            # Rows rise with their key.
            rows = np.arange(len(self.cells), dtype=np.int32)
            return Values(Kind.KEY, data, known, rows=rows, table=self._own.table.name, column=place)
        return Values(Kind.TEXT, data, known, column=place)

    def _leads(self, name: str) -> bool:
        return any(name in key.columns for key in self._own.table.foreign_keys)

    def _hashes(self, name: str) -> NDArray[np.uint64]:
        if name not in self._hashed:
            place = self.cells.column(name)
            hashes = self._hashed[name] = np.empty(len(self.cells), dtype=np.uint64)
            if name in self._signs:
                kernels.hash_runs(self.cells.data, place.starts, place.ends, self._signs[name], hashes)
            else:
                kernels.hash_cells(self.cells.data, place.starts, place.ends, hashes)
        return self._hashed[name]

    def _led_to(self, path: str) -> Values:
        first, _, rest = path.partition(".")
        table = leading(self._scheme.contract, self._own.table, first).table
        rows = self.key_rows(first)
        while leads_elsewhere(self._scheme.contract[table], rest):
            first, _, rest = rest.partition(".")
            rows = self._tables[table].at(first, rows).rows
            table = leading(self._scheme.contract, self._scheme.contract[table], first).table
        return truths_of(self._tables[table].at(rest, rows))

    def _later(self, name: str) -> Values:
        """Return what is settled later: whatever can be said of it now is where it will be empty."""
        read = self._own.reads[name]
        size = len(self.cells)
        open_ = np.ones(size, dtype=np.bool_)
        if isinstance(read, str):
            open_ = self.key((read.partition(".")[0],)) != 0
        return self._kind_of(read, size).having(known=np.zeros(size, dtype=np.bool_), open=open_)

    def _kind_of(self, read: Any, size: int) -> Values:
        """Return values of the kind that a read will have."""
        if isinstance(read, Count):
            return Values(Kind.NUMBER, np.zeros(size, dtype=np.int32))
        if not isinstance(read, str):
            return truth(np.zeros(size, dtype=np.bool_))
        table, rest = self._own.table, read
        while leads_elsewhere(table, rest):
            first, _, rest = rest.partition(".")
            table = self._scheme.contract[leading(self._scheme.contract, table, first).table]
        return empty_values(self._scheme, table.name, rest, size)

    def _mapped(self, read: Mapped) -> Values:
        keys = np.zeros(len(self.cells), dtype=np.uint64)
        for name in read.columns:
            row_kernels.mix_in(keys, self._hashes(name))
        different, first, places = np.unique(keys, return_index=True, return_inverse=True)

        def values(numbers: NDArray[np.intp]) -> Iterator[tuple[Any, ...]]:
            return zip(*(self._values(name, first[numbers]) for name in read.columns), strict=True)

        return of_truths(self._memory.verdicts(read, different, values)[places])

    def _values(self, name: str, rows: NDArray[np.intp]) -> list[Any]:
        """Return the values of some cells of a column, as rules have them."""
        values = self.read(name)
        if values.kind in {Kind.TEXT, Kind.KEY, Kind.CODE}:
            return self.cells.texts(name, rows)
        known = np.broadcast_to(True if values.known is None else values.known, len(self.cells))
        pairs = zip(values.data[rows].tolist(), known[rows].tolist(), strict=True)
        return [value if there else None for value, there in pairs]

    def _counted(self, count: Count) -> Values:
        ours = tuple(name for _, name in count.on)
        keys = self.key(ours)
        if count.name in self._own.listed:
            listing, condition = self._own.listed[count.name]
            counts = self._tables[listing.counted].counts[listing.columns]
            place = (listing.counted, *listing.columns, *ours)
            if place not in self._listed:
                self._listed[place] = counts.index.rows(keys)
            return Values(Kind.NUMBER, counts.at(self._listed[place], condition))
        groups = self.windows.known.get(("count", *ours)) or grouped(keys)
        self.windows.known["count", *ours] = groups
        totals = summed(groups, self.having(count.where) & (keys != 0))
        return Values(Kind.NUMBER, np.where(keys == 0, 0, totals))

    def _side(self, path: str) -> Values:
        """Return the first or the last day of a date; most dates are plain days."""
        name, _, side = path.partition(".")
        place = self.cells.column(name)
        days = np.empty(len(self.cells), dtype=np.int32)
        odd = np.zeros(len(self.cells), dtype=np.bool_)
        kernels.read_days(self.cells.data, place.starts, place.ends, days, odd)
        sides = {"earliest": days, "latest": days.copy()}
        rows = np.flatnonzero(odd)
        if len(rows):
            different, first, places = np.unique(self._hashes(name)[rows], return_index=True, return_inverse=True)
            found = self._memory.days_of(different, self.cells.texts(name, rows[first]))
            for number, each in enumerate(sides.values()):
                each[rows] = found[places, number]
        for each_side, each in sides.items():
            self._known[f"{name}.{each_side}"] = of_wholes(each)
        return self._known[path] if side else of_wholes(days)


def truths_of(values: Values) -> Values:
    """Return kept values as expressions have them: truths are kept as 0, 1 and the number for none."""
    if values.kind is Kind.BOOL:
        return values.having(data=values.data == 1)
    return values


def empty_values(scheme: Scheme, table: str, name: str, size: int) -> Values:
    """Return values of the kind of a column, or of a side of a date, of which none is known."""
    own = scheme.contract[table]
    known = np.zeros(size, dtype=np.bool_)
    if name not in own.columns:
        return Values(Kind.NUMBER, np.zeros(size, dtype=np.int32), known)
    column = own.by_name[name]
    if column.type == "boolean":
        return truth(known, known)
    if column.enum:
        return Values(Kind.CODE, np.full(size, -1, dtype=np.int8), known, words=column.enum)
    if column.type != "string":
        return Values(Kind.NUMBER, np.zeros(size, dtype=np.int32), known)
    if any(name in key.columns for key in own.foreign_keys):
        target = leading(scheme.contract, own, name).table
        return Values(Kind.KEY, None, known, rows=np.full(size, -1, dtype=np.int32), table=target)
    return Values(Kind.TEXT, np.zeros(size, dtype=np.uint64), known)
