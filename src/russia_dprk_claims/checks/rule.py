"""What a rule is: the condition that every row of a table must meet, and the columns that the condition reads.

A condition is a Polars expression. It is true for a valid row; null counts as valid, because the contract says whether
a cell may be empty. Besides the columns of its own table it may read
- a row that a foreign key refers to, as `claim_id.char_start`, and so on from there;
- the days that an EDTF column covers, as `event_date.earliest` or `source_id.published_on.latest`;
- computed columns: how many rows of a table match (`Count`), an aggregate of those rows (`Summary`) or of similar rows
  of the same table (`Within`), a function of some cells (`Mapped`), and whether references between rows of the table
  form a cycle (`Cyclic`).

A condition has no window (`over`): in a table larger than memory, a group-by and a join take a fraction of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

import polars as pl
from polars import col

ROW = "#row"
"""The column with the number of a row, in the order in which rows were written."""
ALWAYS = pl.lit(value=True)


@dataclass(frozen=True)
class _Computed:
    name: str

    @property
    def value(self) -> pl.Expr:
        """The computed column, for a condition."""
        return col(self.name)


@dataclass(frozen=True)
class Count(_Computed):
    """How many rows of `table` match this row in the columns `on` (theirs, ours) and have the values `where`."""

    table: str
    on: tuple[tuple[str, str], ...]
    where: tuple[tuple[str, str], ...] = ()
    computed: ClassVar[tuple[Computed, ...]] = ()

    @property
    def rows(self) -> object:
        """What tells the rows that it counts from those of others, except for `where`."""
        return self.table, self.on

    @property
    def paths(self) -> set[str]:
        """The columns of `table` that it reads besides those in `on`."""
        return {name for name, _ in self.where}


@dataclass(frozen=True)
class Summary(_Computed):
    """The aggregate `of` the rows of `table` that match this row in the columns `on` (theirs, ours) and meet `where`.

    `computed` are the computed columns of that table that the aggregate reads. A summary is identified by its name.
    """

    table: str
    on: tuple[tuple[str, str], ...]
    of: pl.Expr = field(compare=False)
    where: pl.Expr = field(default=ALWAYS, compare=False)
    computed: tuple[Computed, ...] = field(default=(), compare=False)

    @cached_property
    def rows(self) -> object:
        """What tells the rows that it aggregates from those of others."""
        return self.table, self.on, self.where.meta.serialize()

    @property
    def paths(self) -> set[str]:
        """The columns of `table`, and the paths from there, that it reads besides those in `on`."""
        return {*paths_of(self.of, self.computed), *self.where.meta.root_names()}


@dataclass(frozen=True)
class Within(_Computed):
    """The aggregate `of` the rows of the same table with the same values of the expressions `by`, null included.

    Only rows that meet `where` count, and only these may read it. It is identified by its name.
    """

    by: tuple[pl.Expr, ...] = field(compare=False)
    of: pl.Expr = field(compare=False)
    where: pl.Expr = field(default=ALWAYS, compare=False)

    @cached_property
    def rows(self) -> object:
        """What tells the groups of rows that it aggregates from those of others."""
        return tuple(each.meta.serialize() for each in (*self.by, self.where))

    @property
    def paths(self) -> set[str]:
        """The columns of its own table that it reads, and the paths to cells elsewhere."""
        return {path for each in (*self.by, self.of, self.where) for path in each.meta.root_names()}


@dataclass(frozen=True)
class Mapped(_Computed):
    """A function of the cells of some columns, null in rows that do not meet `where`.

    It is called once for each different combination of values.
    """

    columns: tuple[str, ...]
    function: Callable[..., bool | None]
    where: pl.Expr = field(default=ALWAYS, compare=False)


@dataclass(frozen=True)
class Cyclic(_Computed):
    """Whether following `column` from row to row of the same table comes back to this row."""

    column: str


Computed = Count | Summary | Within | Mapped | Cyclic


@dataclass(frozen=True, eq=False)
class Rule:
    """The condition of a rule on the rows of one table; the text of the rule is in the catalogue, under its id.

    `column` is the cell that a finding points at, `computed` the computed columns that the condition `holds` reads;
    `suggest` returns what to do about a row, or an empty text. `has_patterns` says that the condition reads the
    characters of texts, as functions of cells do; other conditions only ask whether texts are equal or empty. Rows
    whose own cells do not meet `where` pass, and an engine need not look for what else the condition reads of them.
    """

    id: str
    table: str
    column: str
    holds: pl.Expr = ALWAYS
    computed: tuple[Computed, ...] = ()
    suggest: Callable[[Mapping[str, str | None]], str] | None = None
    has_patterns: bool = False
    where: pl.Expr = ALWAYS

    def requires(self, holds: pl.Expr, *computed: Computed) -> Rule:
        """Return the rule with its condition."""
        return replace(self, holds=holds if self.where is ALWAYS else implies(self.where, holds), computed=computed)

    @property
    def reads_texts(self) -> bool:
        """Whether the condition reads the characters of texts."""
        return self.has_patterns or any(isinstance(each, Mapped) for each in self.computed)

    @property
    def reads_one_row(self) -> bool:
        """Whether the condition reads only cells of its own row, as they are written."""
        return all(isinstance(each, Mapped) for each in self.computed) and not any("." in path for path in self.paths)

    @property
    def needs_other_rows(self) -> bool:
        """Whether the rule reads more than the columns of its own table."""
        return not all(isinstance(each, Within) for each in self.computed) or any("." in path for path in self.paths)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The columns of its own table that the rule reads, and the paths to cells elsewhere."""
        return paths_of(self.holds, self.computed)


def paths_of(expression: pl.Expr, computed: Iterable[Computed]) -> tuple[str, ...]:
    """Return the columns and paths that an expression and its computed columns read, starting at its own table."""
    paths = set(expression.meta.root_names()) - {each.name for each in computed}
    for each in computed:
        match each:
            case Count() | Summary():
                paths |= {ours for _, ours in each.on}
            case Within():
                paths |= each.paths
            case Mapped():
                paths |= set(each.columns)
            case Cyclic():
                paths.add(each.column)
    return tuple(sorted(paths | {path.partition(".")[0] for path in paths}))


def empty(column: str) -> pl.Expr:
    """Return whether a cell is empty."""
    return col(column).is_null()


def present(column: str) -> pl.Expr:
    """Return whether a cell has a value."""
    return col(column).is_not_null()


def is_one_of(column: str, *values: str) -> pl.Expr:
    """Return whether a cell has one of some values; an empty cell has none of them."""
    return col(column).is_in(values).fill_null(value=False)


def implies(condition: pl.Expr, consequence: pl.Expr) -> pl.Expr:
    """Return whether the consequence holds where the condition does."""
    return ~condition | consequence


def first_of_several(key: str) -> pl.Expr:
    """Return the key of the first row of a group; null if it has one row."""
    return pl.when(pl.len() > 1).then(col(key).sort_by(ROW).first())
