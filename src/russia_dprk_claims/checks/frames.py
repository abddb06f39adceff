"""What rules read: one lazy frame for each table, with typed cells and all that its rules read in other tables.

An invalid cell is null. A column that has invalid cells, or that refers to invalid or missing rows, has a flag: a
column with the same name and a `?` at its end, which is true in the rows that a rule skips.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import TypeVar

import polars as pl

from russia_dprk_claims.checks.edtf import day_range
from russia_dprk_claims.checks.rule import ROW, Computed, Count, Cyclic, Mapped, Rule, Summary, Within
from russia_dprk_claims.checks.scanned import ScannedTable
from russia_dprk_claims.checks.structure import text_frame
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables
from russia_dprk_claims.contract import Contract, Field, Table, foreign_key_of

DTYPES: Mapping[str, type[pl.DataType]] = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
# Nobody can make up texts with the same hash; two of ten million have it once in a million times.
_SEED = secrets.randbits(64)
_Each = TypeVar("_Each", Count | Summary, Within)


def typed_cell(column: Field) -> pl.Expr:
    """Return the typed value of a cell; null if its text does not fit the type."""
    cell = pl.col(column.name)
    if (pattern := column.cell_type.pattern) is None:
        return cell
    well_formed = pl.when(cell.str.contains(pattern)).then(cell)
    if column.type == "boolean":
        return (well_formed == "true").alias(column.name)
    if column.type == "date":
        return well_formed.str.to_date("%Y-%m-%d", strict=False).alias(column.name)
    return well_formed.cast(DTYPES[column.type], strict=False).alias(column.name)


def hashed(values: pl.Expr) -> pl.Expr:
    """Return a number for each value: equal for equal values, null for null."""
    return pl.when(values.is_not_null()).then(values.hash(_SEED))


def typed_frame(table: Table, text: TextTable, invalid: Invalid) -> pl.LazyFrame:
    """Return a table with typed cells, null if they are invalid, and a flag for each column with invalid cells.

    A table that was scanned has what was stored of its cells instead.
    """
    if isinstance(text, ScannedTable):
        frame, read = text.stored, text.read
    else:
        frame, read = text_frame(text).with_columns(_typed_cells(table)), {each: (each,) for each in table.columns}
    rows = {
        name: sorted({row for each in cells for row in invalid.rows(table.name, each)}) for name, cells in read.items()
    }
    wrong = {name: pl.col(ROW).is_in(indexes) for name, indexes in rows.items() if indexes}
    flags = (each.alias(f"{name}?") for name, each in wrong.items())
    return frame.with_columns(*(pl.when(~each).then(pl.col(name)) for name, each in wrong.items()), *flags)


@lru_cache(maxsize=100)
def _typed_cells(table: Table) -> list[pl.Expr]:
    return [typed_cell(each) for each in table.fields]


def columns_read(contract: Contract, rules: Iterable[Rule]) -> dict[str, set[str]]:
    """Return the columns of each table that keys, references or rules read."""
    read = {
        table.name: {*table.primary_key, *(each.name for each in table.fields if each.unique)} for table in contract
    }
    for table in contract:
        for key in table.foreign_keys:
            read[table.name].update(key.columns)
            read[key.table].update(key.references)
    for rule in rules:
        _add_read(contract, read, rule.table, rule.paths, rule.computed)
    return read


def _add_read(
    contract: Contract, read: dict[str, set[str]], table: str, paths: Iterable[str], computed: Iterable[Computed]
) -> None:
    """Add the columns to which some paths lead, and those that computed columns read."""
    for path in paths:
        first, _, rest = path.partition(".")
        if first != ROW:
            read[table].add(first)
        if rest and not contract[table].by_name[first].is_edtf:
            _add_read(contract, read, foreign_key_of(contract, contract[table], first).table, [rest], ())
    for each in computed:
        if isinstance(each, Count | Summary):
            _add_read(contract, read, each.table, {*each.paths, *(theirs for theirs, _ in each.on)}, each.computed)


class RuleFrames:
    """The lazy frames of all tables, each with the columns that its rules read."""

    def __init__(self, contract: Contract, tables: TextTables, invalid: Invalid) -> None:
        """Type the cells of all tables, or take what a scan stored of them; `frame` joins columns of other tables."""
        self._contract = contract
        self._invalid = invalid
        self._own = cache(lambda name: typed_frame(contract[name], tables[name], invalid))

    def can_run(self, rule: Rule) -> bool:
        """Return whether all rows that a rule counts or aggregates could be read."""
        return all(map(self._is_readable, rule.computed))

    def _is_readable(self, computed: Computed) -> bool:
        if not isinstance(computed, Count | Summary):
            return True
        return (
            computed.table not in self._invalid.incomplete
            and not any(self._is_flagged(computed.table, path) for path in (*computed.paths, *dict(computed.on)))
            and all(map(self._is_readable, computed.computed))
        )

    def passes(self, rule: Rule) -> pl.Expr:
        """Return whether the rule holds in a row or skips it; null if the condition is null."""
        flags = [pl.col(f"{path}?") for path in rule.paths if self._is_flagged(rule.table, path)]
        within = (each for each in rule.computed if isinstance(each, Within))
        # One row with an invalid cell may change the aggregate of all rows like it.
        flags += [pl.col(f"{each.name}?").fill_null(value=False) for each in within if self._flags(rule.table, each)]
        return pl.any_horizontal(rule.holds, *flags)

    def _is_flagged(self, table: str, path: str) -> bool:
        first, _, rest = path.partition(".")
        if self._invalid.rows(table, first):
            return True
        if not rest or self._contract[table].by_name[first].is_edtf:
            return False
        key = foreign_key_of(self._contract, self._contract[table], first)
        lacking = key.table in self._invalid.incomplete or self._invalid.rows(key.table, key.references[0])
        return bool(lacking) or self._is_flagged(key.table, rest)

    def frame(self, table: str, rules: Iterable[Rule]) -> pl.LazyFrame:
        """Return the frame of a table with every column that some rules read."""
        rules = list(rules)
        paths = (path for rule in rules for path in rule.paths)
        return self.read(table, paths, (each for rule in rules for each in rule.computed))

    def read(self, table: str, paths: Iterable[str], computed: Iterable[Computed]) -> pl.LazyFrame:
        """Return the frame of a table with the cells that some paths lead to, and some computed columns."""
        computed = dict.fromkeys(computed)
        frame = self._following(self._contract[table], sorted(set(paths)))
        frame = self._within(table, frame, [each for each in computed if isinstance(each, Within)])
        frame = self._matching(frame, [each for each in computed if isinstance(each, Count | Summary)])
        for each in computed:
            if isinstance(each, Cyclic):
                frame = self._following_round(frame, self._contract[table], each)
        return frame.with_columns(mapped_cells(each) for each in computed if isinstance(each, Mapped))

    def _following(self, table: Table, paths: Iterable[str]) -> pl.LazyFrame:
        """Return a table with the cells that some paths lead to."""
        frame = self._own(table.name)
        by_first: dict[str, list[str]] = {}
        for path in paths:
            first, _, rest = path.partition(".")
            if rest:
                by_first.setdefault(first, []).append(rest)
        for first, rests in by_first.items():
            if table.by_name[first].is_edtf:
                frame = frame.with_columns(_day(first, side) for side in rests)
                flagged = [side for side in rests if self._is_flagged(table.name, first)]
                frame = frame.with_columns(pl.col(f"{first}?").alias(f"{first}.{side}?") for side in flagged)
            else:
                frame = self._joined(frame, table, first, rests)
        return frame

    def _joined(self, frame: pl.LazyFrame, table: Table, first: str, rests: Sequence[str]) -> pl.LazyFrame:
        """Join what rules read in the rows that a column refers to."""
        key = foreign_key_of(self._contract, table, first)
        target = self._following(self._contract[key.table], rests)
        below = [rest for rest in rests if self._is_flagged(key.table, rest)]
        ends = (pl.col(name).alias(f"{first}.{name}") for name in (*rests, *(f"{rest}?" for rest in below)))
        found = pl.lit(value=True).alias("#found")
        target = target.select(pl.col(key.references[0]).alias(first), found, *ends).drop_nulls(first)
        frame = frame.join(target, on=first, how="left", maintain_order="left")
        missing = pl.col(first).is_not_null() & pl.col("#found").is_null()
        if self._invalid.rows(table.name, first):
            missing |= pl.col(f"{first}?")
        flags = {
            f"{first}.{rest}?": missing | pl.col(f"{first}.{rest}?").fill_null(value=False)
            if rest in below
            else missing
            for rest in rests
            if self._is_flagged(table.name, f"{first}.{rest}")
        }
        return frame.with_columns(**flags).drop("#found")

    def _within(self, table: str, frame: pl.LazyFrame, computed: Sequence[Within]) -> pl.LazyFrame:
        """Join aggregates of similar rows; those of the same rows are computed together."""
        rows = frame
        for group in _grouped(computed):
            keys = {f"#key{number}": key for number, key in enumerate(group[0].by)}
            if len(keys) > 1:
                keys = {"#key": hashed(pl.struct(*keys.values()))}
            of = {each.name: each.of for each in group}
            for each in group:
                if flags := self._flags(table, each):
                    of[f"{each.name}?"] = pl.any_horizontal(flags).any()
            theirs = _aggregated(rows.filter(group[0].where).with_columns(**keys), list(keys), of)
            ours = frame.with_columns(**keys)
            joined = ours.join(theirs, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
            frame = joined.drop(*keys)
        return frame

    def _following_round(self, frame: pl.LazyFrame, table: Table, cyclic: Cyclic) -> pl.LazyFrame:
        """Join whether following the references from each row comes back to it."""
        key = table.primary_key[0]
        pairs = self._own(table.name).select(key, cyclic.column).drop_nulls()
        schema = pl.Schema({key: pairs.collect_schema()[key], cyclic.name: pl.Boolean()})
        found = pairs.map_batches(partial(_cycles, cyclic.name), schema=schema, projection_pushdown=False)
        joined = frame.join(found, on=key, how="left", maintain_order="left")
        return joined.with_columns(pl.col(cyclic.name).fill_null(value=False))

    def _flags(self, table: str, within: Within) -> list[pl.Expr]:
        return [pl.col(f"{path}?") for path in sorted(within.paths) if self._is_flagged(table, path)]

    def _matching(self, frame: pl.LazyFrame, computed: Sequence[Count | Summary]) -> pl.LazyFrame:
        """Join aggregates of the matching rows of other tables; those of the same rows are computed together."""
        for group in _grouped(computed):
            counts = [each for each in group if isinstance(each, Count)]
            theirs, ours = zip(*group[0].on, strict=True)
            paths = {*theirs, *(path for each in group for path in each.paths)}
            rows = self.read(group[0].table, paths, [nested for each in group for nested in each.computed])
            where = pl.any_horizontal(_has(each) if isinstance(each, Count) else each.where for each in group)
            of = {each.name: _number(each) if isinstance(each, Count) else each.of for each in group}
            if len(theirs) > 1:
                # Null matches nothing.
                rows = rows.drop_nulls(theirs).with_columns(hashed(pl.struct(theirs)).alias("#key"))
                frame = frame.with_columns(hashed(pl.struct(ours)).alias("#key"))
                theirs = ours = ("#key",)
            found = _aggregated(rows.filter(where), theirs, of)
            frame = frame.join(found, left_on=ours, right_on=theirs, how="left", maintain_order="left")
            frame = frame.with_columns(pl.col(each.name).fill_null(0) for each in counts)
        return frame


def _grouped(computed: Iterable[_Each]) -> list[list[_Each]]:
    groups: dict[object, list[_Each]] = {}
    for each in computed:
        groups.setdefault(each.rows, []).append(each)
    return list(groups.values())


def _aggregated(rows: pl.LazyFrame, by: Sequence[str], of: Mapping[str, pl.Expr]) -> pl.LazyFrame:
    """Return aggregates of the groups of rows, without the groups for which all of them are null."""
    return rows.group_by(by).agg(**of).filter(pl.any_horizontal(pl.exclude(by).is_not_null()))


def _has(count: Count) -> pl.Expr:
    """Return whether a row has the `where` values of a count."""
    return pl.all_horizontal(pl.lit(value=True), *(pl.col(name) == value for name, value in count.where))


def _number(count: Count) -> pl.Expr:
    """Return how many rows of a group have the `where` values of a count; null if none has."""
    number = _has(count).sum() if count.where else pl.len()
    return pl.when(number > 0).then(number)


def mapped_cells(mapped: Mapped) -> pl.Expr:
    """Return the results of a Python function of some cells."""
    function = partial(_each_once, mapped.function)
    cells = pl.when(mapped.where).then(pl.struct(mapped.columns))
    results = cells.map_batches(function, return_dtype=pl.Boolean, is_elementwise=True)
    return pl.when(mapped.where).then(results).alias(mapped.name)


def _day(column: str, side: str) -> pl.Expr:
    """Return the earliest or latest day of each EDTF date."""

    def days(dates: pl.Series) -> pl.Series:
        texts = dates.drop_nulls().unique().to_list()
        known = pl.Series([getattr(day_range(text), side, None) for text in texts], dtype=pl.Date)
        return dates.replace_strict(pl.Series(texts, dtype=pl.String), known, default=None, return_dtype=pl.Date)

    return pl.col(column).map_batches(days, return_dtype=pl.Date, is_elementwise=True).alias(f"{column}.{side}")


def _each_once(function: Callable[..., bool | None], cells: pl.Series) -> pl.Series:
    """Call a function once for each different combination of cells, but not for rows that are null."""
    rows = cells.struct.unnest()
    different = rows.filter(cells.is_not_null()).unique()
    results = pl.Series("result", [function(*values) for values in different.iter_rows()], dtype=pl.Boolean)
    known = different.with_columns(results)
    return rows.join(known, on=rows.columns, how="left", nulls_equal=True, maintain_order="left")["result"]


def _cycles(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of the rows from which following the references comes back to the row."""
    refers = dict(rows.iter_rows())
    cyclic: set[object] = set()
    seen: set[object] = set()
    for start in refers:
        path: dict[object, None] = {}
        at = start
        while at is not None and at not in seen:
            seen.add(at)
            path[at] = None
            at = refers.get(at)
        if at in path:
            steps = list(path)
            cyclic.update(steps[steps.index(at) :])
    key = rows.columns[0]
    return pl.DataFrame({key: list(cyclic)}, schema={key: rows.schema[key]}).select(key, pl.lit(value=True).alias(name))
