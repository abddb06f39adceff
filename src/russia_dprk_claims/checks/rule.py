"""What a rule is: the condition that every row of a table must meet, and everything that the condition reads.

An expression is written in Narwhals, so that one declaration runs on any engine. It is true of a good row; null counts
as good, because whether a cell may be empty is said by the contract. Besides the columns of its own table it may read
- a row that a foreign key refers to, as `claim_id.char_start`, and so on from there;
- the days that an EDTF column covers, as `event_date.earliest` or `source_id.published_on.latest`;
- how many rows of another table match (`Count`), an aggregate of those rows (`Summary`), a function of some cells
  (`Mapped`), and whether references between rows of the table form a cycle (`Cyclic`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import narwhals as nw


@dataclass(frozen=True)
class Count:
    """How many rows of `table` equal this row in the columns `on` (theirs, ours), and have the values in `where`."""

    name: str
    table: str
    on: tuple[tuple[str, str], ...]
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Summary:
    """An aggregate of the rows of `table` that equal this row in the columns `on` (theirs, ours).

    `reads` is what the aggregate `value` reads in that table. A summary is identified by its name.
    """

    name: str
    table: str
    on: tuple[tuple[str, str], ...]
    reads: tuple[Read, ...] = field(compare=False)
    value: nw.Expr = field(compare=False)


@dataclass(frozen=True)
class Mapped:
    """A function of the cells of some columns; it is called once for each different combination of values."""

    name: str
    columns: tuple[str, ...]
    function: Callable[..., bool | None]


@dataclass(frozen=True)
class Cyclic:
    """Whether following `column` from row to row of the same table comes back to this row."""

    name: str
    column: str


Read = str | Count | Summary | Mapped | Cyclic


@dataclass(frozen=True)
class Rule:
    """The condition of a rule on the rows of one table; its words are in the catalogue, under its id.

    `column` is the cell that a finding points at.
    """

    id: str
    table: str
    column: str
    reads: tuple[Read, ...]
    holds: nw.Expr

    @property
    def elsewhere(self) -> tuple[Read, ...]:
        """What the rule reads that is not a column of its own table."""
        return tuple(each for each in self.reads if not isinstance(each, str) or "." in each)

    @property
    def paths(self) -> tuple[str, ...]:
        """The columns of its own table that the rule rests on, and the paths to cells elsewhere that it reads."""
        return paths_of(self.reads)


def paths_of(reads: Iterable[Read]) -> tuple[str, ...]:
    """Return the columns of a table that some reads rest on, and the paths to cells elsewhere."""
    paths: dict[str, None] = {}
    for each in reads:
        if isinstance(each, str):
            paths |= {each.partition(".")[0]: None, each: None}
        elif isinstance(each, Count | Summary):
            paths |= dict.fromkeys(ours for _, ours in each.on)
        else:
            paths |= dict.fromkeys(each.columns if isinstance(each, Mapped) else (each.column,))
    return tuple(paths)


def empty(column: str) -> nw.Expr:
    """Return whether a cell is empty."""
    return nw.col(column).is_null()


def present(column: str) -> nw.Expr:
    """Return whether a cell has a value."""
    return ~nw.col(column).is_null()


def is_one_of(column: str, *values: str) -> nw.Expr:
    """Return whether a cell has one of some values; an empty cell has none of them."""
    return nw.col(column).is_in(list(values)).fill_null(False)


def implies(condition: nw.Expr, consequence: nw.Expr) -> nw.Expr:
    """Return whether the consequence holds where the condition does."""
    return ~condition | consequence


def same(left: nw.Expr, right: nw.Expr) -> nw.Expr:
    """Return whether two cells are equal, two empty ones included."""
    return ((left == right).fill_null(False)) | (left.is_null() & right.is_null())
