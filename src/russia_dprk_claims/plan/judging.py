"""Judging a batch: which of its rows are suspect, and the rows with all that is read in their family.

A row is suspect where the contract or a rule may be broken in it. What is wrong with it exactly, and whether it is told
once or for a reason not at all, is found out later, for suspect rows alone.

Keys become the numbers of the rows that they lead to: that groups and joins several times as fast as texts, and keeps
their order, as every table is sorted by its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import narwhals as nw
import polars as pl

from russia_dprk_claims.checks.rule import Count, Mapped, Rule
from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Table
from russia_dprk_claims.edtf import covered
from russia_dprk_claims.plan.batches import Batch
from russia_dprk_claims.plan.blocks import empty_frame
from russia_dprk_claims.plan.conditions import cell_conditions, is_free_text, typed, unclean_texts
from russia_dprk_claims.plan.reads import Plan, TablePlan, through_parent

PLACE = "#place"
"""The column that says at which place of its batch the row stands that a row nests in."""


Rules = tuple[list[Rule], list[Rule]]
"""Rules that look into the texts of keys, and rules for which numbers do as well."""


@dataclass(frozen=True)
class Judged:
    """A batch that was judged: its texts, its rows with numbers for keys and all reads, and its suspect rows."""

    texts: Batch
    rows: Batch
    suspects: dict[str, pl.Series]


class Judge:
    """Judges batches of families by a plan; keeps what each function of cells said of each combination."""

    def __init__(self, plan: Plan) -> None:
        """Begin with nothing known."""
        self._plan = plan
        self._mapped: dict[str, dict[tuple[object, ...], bool | None]] = {}
        self._wrong_cells: dict[tuple[str, ...], pl.Expr] = {}
        empty = self._empty_rows()
        self._rules = {name: _by_keys(each, empty[name]) for name, each in plan.tables.items()}

    def judge(self, batch: Batch) -> Judged:
        """Judge a batch."""
        tables = [table for table in self._plan.contract if table.name in batch]
        texts: Batch = {}
        rows: Batch = {}
        for table in tables:
            texts[table.name] = typed(table, batch[table.name])
            rows[table.name] = _numbered(table, texts[table.name], texts)
        suspects: dict[str, pl.Series] = {}
        for table in tables:
            plan = self._plan.tables[table.name]
            rows[table.name] = self._with_reads(plan, rows)
            frames = (texts[table.name], rows[table.name])
            read = batch[table.name]
            suspects[table.name] = _suspects(
                table, read, self._wrong_cell(table, read), frames, self._rules[table.name]
            )
        return Judged(texts, rows, suspects)

    def _wrong_cell(self, table: Table, read: pl.DataFrame) -> pl.Expr:
        """Return what is asked of the cells of a block, by the columns that it has as texts."""
        texts = (table.name, *(name for name, kind in read.schema.items() if kind == pl.String))
        if texts not in self._wrong_cells:
            self._wrong_cells[texts] = _wrong_cell(table, read.schema)
        return self._wrong_cells[texts]

    def _empty_rows(self) -> Batch:
        """Return the frames of a batch without rows, from which the types of all that is read can be told."""
        rows: Batch = {}
        texts = {table.name: typed(table, empty_frame(table)) for table in self._plan.contract}
        for name, frame in texts.items():
            rows[name] = _numbered(self._plan.contract[name], frame, texts)
        for name, plan in self._plan.tables.items():
            rows[name] = self._with_reads(plan, rows)
        return rows

    def _with_reads(self, plan: TablePlan, rows: Batch) -> pl.DataFrame:
        frame = rows[plan.table.name]
        frame = frame.with_columns(_days(frame, path) for path in plan.paths if _is_date(plan.table, path))
        frame = _with_parent(plan, frame, rows)
        for source, on in dict.fromkeys((count.table, count.on) for count in plan.counts):
            counts = [each for each in plan.counts if (each.table, each.on) == (source, on)]
            frame = _with_counts(frame, counts, rows[source])
        return frame.with_columns(self._map(frame, each) for each in plan.mapped)

    def _map(self, frame: pl.DataFrame, read: Mapped) -> pl.Series:
        known = self._mapped.setdefault(read.name, {})
        cells = frame.select(read.columns)
        for values in cells.unique().iter_rows():
            if values not in known:
                known[values] = read.function(*values)
        return pl.Series(read.name, [known[values] for values in cells.iter_rows()], dtype=pl.Boolean)


def _numbered(table: Table, frame: pl.DataFrame, texts: Batch) -> pl.DataFrame:
    """Return a frame with row numbers in the place of its own key and of that of the row that it nests in."""
    own = table.primary_key if len(table.primary_key) == 1 else ()
    numbered = frame.with_columns(pl.col(ROW).alias(name) for name in own)
    if table.nesting is None:
        return numbered
    (ours,), (theirs,) = table.nesting.columns, table.nesting.references
    parents = texts[table.nesting.table]
    # Parents stand in order, so that a key that is repeated stands beside its like; if not, it is suspect anyway.
    keys = parents.select(pl.col(theirs).alias("key")).with_row_index(PLACE)
    keys = keys.filter((pl.col("key") > pl.col("key").shift(1)).fill_null(True))
    # Rows that nest in one row stand together, so each run of equal keys is looked up once.
    runs = frame.select(key=pl.col(ours), run=pl.col(ours).rle_id())
    first = runs.filter(pl.col("run") != pl.col("run").shift(1, fill_value=-1))
    found = first.join(keys, on="key", how="left", maintain_order="left")
    if len(found) > len(first):
        found = first.join(keys.unique("key", keep="any"), on="key", how="left", maintain_order="left")
    place = found[PLACE].gather(runs["run"])
    return numbered.with_columns(place.alias(PLACE), parents[ROW].gather(place).alias(ours))


def _is_date(table: Table, path: str) -> bool:
    return table.by_name[path.partition(".")[0]].is_edtf


def _days(frame: pl.DataFrame, path: str) -> pl.Series:
    column, _, side = path.partition(".")
    dates = frame[column]
    known = dates.unique().drop_nulls()
    days = [getattr(each, side) if (each := covered(text)) else None for text in known]
    mapping = pl.DataFrame({"#text": known, path: pl.Series(days, dtype=pl.Date)})
    return pl.DataFrame({"#text": dates}).join(mapping, on="#text", how="left", maintain_order="left")[path]


def _with_parent(plan: TablePlan, frame: pl.DataFrame, rows: Batch) -> pl.DataFrame:
    """Return a frame with what its rows read in the row that they nest in."""
    wanted = {path: rest for path in plan.paths if (rest := through_parent(plan.table, path))}
    if not wanted or plan.table.nesting is None:
        return frame
    parent, place = rows[plan.table.nesting.table], frame[PLACE]
    return frame.with_columns(parent[rest].gather(place).alias(path) for path, rest in wanted.items())


def _with_counts(frame: pl.DataFrame, counts: Sequence[Count], counted: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with some counts over the same columns of the same table."""
    theirs, ours = [name for name, _ in counts[0].on], [name for _, name in counts[0].on]
    if all(each.where for each in counts):
        counted = counted.filter(reduce(or_, (qualifies(each) for each in counts)))
    found = counted.group_by(theirs).agg(counted_rows(each).alias(each.name) for each in counts)
    joined = frame.join(found, left_on=ours, right_on=theirs, how="left", maintain_order="left")
    return joined.with_columns(pl.col(each.name).fill_null(0) for each in counts)


def qualifies(count: Count) -> pl.Expr:
    """Return whether a row counts."""
    return reduce(and_, (pl.col(name) == value for name, value in count.where))


def counted_rows(count: Count) -> pl.Expr:
    """Return how many rows of a group count."""
    return qualifies(count).sum() if count.where else pl.len()


def _by_keys(plan: TablePlan, empty: pl.DataFrame) -> Rules:
    """Return the rules by whether they look into the texts of keys or can do with numbers."""
    on_texts: list[Rule] = []
    on_numbers: list[Rule] = []
    for rule in plan.rules:
        try:
            nw.from_native(empty).select(holds=rule.holds)
            on_numbers.append(rule)
        except (pl.exceptions.PolarsError, nw.exceptions.NarwhalsError):
            on_texts.append(rule)
    return on_texts, on_numbers


def _suspects(
    table: Table, read: pl.DataFrame, wrong_cell: pl.Expr, frames: tuple[pl.DataFrame, pl.DataFrame], rules: Rules
) -> pl.Series:
    """Return the numbers of the rows of a table that are suspect; the frames have texts, and numbers, for keys."""
    # A key of several columns is compared by numbers; that of one is its own number, and compared by its text.
    bad = read.select(bad=wrong_cell)["bad"] | _out_of_order(table, frames[len(table.primary_key) > 1])
    free = [each for each in table.fields if is_free_text(each) and each.name not in _inherited(table)]
    for name, wrong in unclean_texts(free, read):
        bad = bad | read[name].is_in(wrong.implode()).fill_null(False)
    if table.nesting:
        bad = bad | frames[1][table.nesting.columns[0]].is_null()
    for frame, asked in zip(frames, rules, strict=True):
        if asked:
            # Lazily, as Polars then works out once what several rules have in common.
            bad = bad | nw.from_native(frame.lazy()).select(bad=broken(asked)).to_native().collect()["bad"]
    return read[ROW].filter(bad)


def _inherited(table: Table) -> tuple[str, ...]:
    return table.nesting.columns if table.nesting else ()


def _wrong_cell(table: Table, kinds: Mapping[str, pl.DataType]) -> pl.Expr:
    """Return whether a cell of a row may be wrong by the contract."""
    conditions = (each for column in table.fields for each in cell_conditions(table, column, kinds[column.name]))
    return pl.any_horizontal(condition.fill_null(False) for condition in conditions)


def broken(rules: Iterable[Rule]) -> nw.Expr:
    """Return whether a row may break one of some rules."""
    sure = (rule.holds if rule.surely is None else rule.surely for rule in rules)
    return nw.any_horizontal(*(~each.fill_null(True) for each in sure), ignore_nulls=False)


def _out_of_order(table: Table, rows: pl.DataFrame) -> pl.Series:
    """Return which rows do not have a greater key than the row before, and so might have the key of another."""
    greater: pl.Expr = pl.lit(False)
    for name in reversed(table.primary_key):
        own = pl.col(name).cast(pl.String) if isinstance(rows.schema[name], pl.Enum) else pl.col(name)
        before = own.shift(1)
        greater = (own > before) | ((own == before) & greater)
    return rows.select((~greater).fill_null(False).alias("bad")).to_series()
