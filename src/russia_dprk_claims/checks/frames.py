"""Typed frames for the rules: the cells of the tables by their types, with what the rules read beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from russia_dprk_claims.checks.cells import LEXICAL
from russia_dprk_claims.checks.edtf import covered
from russia_dprk_claims.checks.rule import Count, Cyclic, Mapped, Read
from russia_dprk_claims.checks.structure import ROW, text_frame
from russia_dprk_claims.checks.tables import UNREAD, Cell, TextTable, TextTables
from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table, leading

DTYPES: Mapping[str, type[pl.DataType]] = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


def typed_frame(table: Table, texts: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of texts with every column cast to its type; a cell that is not of its type is null."""
    return texts.with_columns(typed_cell(each) for each in table.fields)


def _sound(raw: TextTable, faulty: frozenset[Cell]) -> pl.DataFrame:
    """Return a table as texts, with null for every faulty cell."""
    frame = text_frame(raw)
    rows: dict[str, list[int]] = {}
    for table, index, column in faulty:
        if table == raw.name and index != UNREAD:
            rows.setdefault(column, []).append(index)
    return frame.with_columns(
        pl.when(~pl.col(ROW).is_in(indexes)).then(pl.col(column)).alias(column) for column, indexes in rows.items()
    )


def typed_cell(column: Field) -> pl.Expr:
    """Return a cell of text as its type, null where it is not of it."""
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

    def __init__(self, contract: Contract, tables: TextTables, faulty: frozenset[Cell] = frozenset()) -> None:
        """Cast all tables, faulty cells to null; columns from elsewhere are joined when they are asked for."""
        self._contract = contract
        self._tables = tables
        self._faulty = faulty
        self._doubtful: dict[tuple[str, str], frozenset[int]] = {}
        self._own = {table.name: typed_frame(table, _sound(tables[table.name], faulty)) for table in contract}

    def with_reads(self, table: str, reads: Iterable[Read]) -> pl.DataFrame:
        """Return the frame of `table` with a column for each thing that is read from elsewhere."""
        frame = self._own[table]
        named = {each if isinstance(each, str) else each.name: each for each in reads}
        return frame.with_columns(self._read(table, each).alias(name) for name, each in named.items()).drop(ROW)

    def doubtful(self, table: str, path: str) -> frozenset[int]:
        """Return the rows of `table` from which a path leads by way of a faulty cell or to one."""
        if (table, path) not in self._doubtful:
            self._doubtful[table, path] = frozenset(self._led_to_faulty(table, path))
        return self._doubtful[table, path]

    def _led_to_faulty(self, table: str, path: str) -> Iterator[int]:
        first, _, rest = path.partition(".")
        yield from (index for name, index, column in self._faulty if (name, column) == (table, first))
        if rest and not self._contract[table].by_name[first].is_edtf:
            key = leading(self._contract, self._contract[table], first)
            targets = self._own[key.table][key.references[0]]
            # Nothing is read in a row of which it is not known whether it is the one that was meant.
            wrong = {targets[index] for index in self.doubtful(key.table, rest)} | self._faulty_keys(key)
            wrong -= {None}
            yield from (index for index, value in enumerate(self._own[table][first]) if value in wrong)

    def _faulty_keys(self, key: ForeignKey) -> set[str | None]:
        """Return the keys, as they are written, that were found wrong in the table that a foreign key leads to."""
        cells = self._tables[key.table].cells[key.references[0]]
        return {
            cells[index]
            for table, index, column in self._faulty
            if (table, column) == (key.table, key.references[0]) and index != UNREAD
        }

    def _read(self, table: str, read: Read) -> pl.Series:
        if isinstance(read, Count):
            return self._count(table, read)
        if isinstance(read, Mapped):
            return _mapped(self._own[table], read)
        if isinstance(read, Cyclic):
            return _cyclic(self._own[table], self._contract[table].primary_key[0], read.column)
        return self._follow(table, read)

    def _follow(self, table: str, path: str) -> pl.Series:
        """Return the column at the end of a path, aligned with the rows of `table`."""
        first, _, rest = path.partition(".")
        if not rest:
            return self._own[table][first]
        if self._contract[table].by_name[first].is_edtf:
            return _days(self._own[table][first], rest)
        key = leading(self._contract, self._contract[table], first)
        target = pl.DataFrame(
            {"#key": self._own[key.table][key.references[0]], "#value": self._follow(key.table, rest)}
        ).unique("#key", keep="first", maintain_order=True)
        return pl.DataFrame({"#key": self._own[table][first]}).join(
            target, on="#key", how="left", maintain_order="left"
        )["#value"]

    def _count(self, table: str, read: Count) -> pl.Series:
        """Return how many rows match; null where a row might that has a faulty cell or could not be read."""
        counts, own = self._certain(table, read), self._own[table]
        if (read.table, UNREAD, "") in self._faulty:
            return pl.Series([None] * len(own), dtype=counts.dtype)
        open_ = [self._open(table, read, *each) for each in self._faulty_rows(read)]
        return own.select(pl.when(~pl.col(ROW).is_in([row for rows in open_ for row in rows])).then(counts))["#count"]

    def _certain(self, table: str, read: Count) -> pl.Series:
        theirs = [name for name, _ in read.on]
        ours = [name for _, name in read.on]
        matching = self._own[read.table]
        for name, value in read.where:
            matching = matching.filter(pl.col(name) == value)
        counts = matching.group_by(theirs).len("#count")
        found = self._own[table].join(counts, left_on=ours, right_on=theirs, how="left", maintain_order="left")
        return found["#count"].fill_null(0)

    def _faulty_rows(self, read: Count) -> Iterator[tuple[frozenset[str], list[int]]]:
        """Yield the rows of the counted table that have a faulty cell among those that count, by these columns."""
        counting = {name for name, _ in (*read.on, *read.where)}
        by_row: dict[int, set[str]] = {}
        for table, index, column in self._faulty:
            if table == read.table and column in counting:
                by_row.setdefault(index, set()).add(column)
        for columns in {frozenset(each) for each in by_row.values()}:
            yield columns, [index for index, each in by_row.items() if each == columns]

    def _open(self, table: str, read: Count, unknown: frozenset[str], rows: list[int]) -> list[int]:
        """Return the rows of `table` that `rows` of the counted one match in all that is known of them."""
        maybe = self._own[read.table].filter(pl.col(ROW).is_in(rows))
        for name, value in read.where:
            maybe = maybe if name in unknown else maybe.filter(pl.col(name) == value)
        on = [each for each in read.on if each[0] not in unknown]
        own = self._own[table]
        if not on:
            return own[ROW].to_list() if len(maybe) else []
        theirs, ours = [name for name, _ in on], [name for _, name in on]
        return own.join(maybe, left_on=ours, right_on=theirs, how="semi")[ROW].to_list()


def _days(dates: pl.Series, side: str) -> pl.Series:
    """Return the earliest or latest day of each EDTF date; each different date is parsed once."""
    days = {text: covered(text) for text in dates.unique().drop_nulls()}
    known = {text: getattr(each, side) if each else None for text, each in days.items()}
    return pl.Series([known.get(text) for text in dates], dtype=pl.Date)


def _mapped(frame: pl.DataFrame, read: Mapped) -> pl.Series:
    cells = frame.select(read.columns)
    known = {values: read.function(*values) for values in cells.unique().iter_rows()}
    return pl.Series([known[values] for values in cells.iter_rows()], dtype=pl.Boolean)


def _cyclic(frame: pl.DataFrame, key: str, column: str) -> pl.Series:
    leads = {row: parent for row, parent in frame.select(key, column).iter_rows() if row and parent}

    def comes_round(row: str) -> bool:
        seen: set[str] = set()
        place = leads.get(row)
        while place is not None and place != row and place not in seen:
            seen.add(place)
            place = leads.get(place)
        return place == row

    return pl.Series([comes_round(row) if row else None for row in frame[key]], dtype=pl.Boolean)
