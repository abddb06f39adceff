"""Excerpts: so much of a package that some of its rows can be judged as in the whole of it.

An excerpt has the rows themselves, all that belongs to the same roots, every row that one of these refers to, those
that have the same keys, and those that rules count. So the checks find in the rows what they find in the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from russia_dprk_claims.checks.rule import Count, Rule
from russia_dprk_claims.checks.structure import MOST_SUGGESTED, ROW
from russia_dprk_claims.contract import Contract, Table

# No rule asks for more than whether there are two of a kind or, where both lie in one family, which are more.
MOST_COUNTED = 1000

Fetch = Callable[[str, Sequence[str], pl.DataFrame], pl.DataFrame]
"""Gives the rows of a table, as texts with their numbers, whose cells in some columns are a row of a frame of keys."""


@dataclass
class Excerpt:
    """The rows of an excerpt, by table, as texts with their numbers."""

    contract: Contract
    fetch: Fetch
    rows: dict[str, pl.DataFrame]

    def add(self, table: str, columns: Sequence[str], keys: pl.DataFrame) -> pl.DataFrame:
        """Add the rows with some keys, and return those that were not there before."""
        return self.keep(table, self.rows_with(table, columns, keys))

    def rows_with(self, table: str, columns: Sequence[str], keys: pl.DataFrame) -> pl.DataFrame | None:
        """Return the rows whose cells in some columns are a row of `keys`, whatever its columns are called."""
        named = keys.rename(dict(zip(keys.columns, columns, strict=True))).drop_nulls().unique()
        return self.fetch(table, columns, named) if len(named) else None

    def keep(self, table: str, rows: pl.DataFrame | None) -> pl.DataFrame:
        """Add rows, and return those that were not there before."""
        known = self.rows[table]
        if rows is None:
            return known.clear()
        new = rows.join(known.select(ROW), on=ROW, how="anti")
        self.rows[table] = pl.concat([known, new.select(known.columns)])
        return new


def take_excerpt(
    contract: Contract, rules: Iterable[Rule], wanted: Mapping[str, pl.Series], totals: Mapping[str, int], fetch: Fetch
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.Series]]:
    """Return an excerpt by which some rows can be judged, and those that have the same keys.

    Parameters
    ----------
    contract
        The tables.
    rules
        The rules of meaning that the rows are judged by.
    wanted
        The numbers of the rows, by table.
    totals
        How many rows each table has.
    fetch
        Gives rows of the package.

    Returns
    -------
    dict of DataFrame, dict of Series
        The rows of each table, as texts, in order of their numbers in `#row`, and the numbers of those that can be
        judged.
    """
    schema = {table.name: {ROW: pl.UInt32(), **dict.fromkeys(table.columns, pl.String())} for table in contract}
    excerpt = Excerpt(contract, fetch, {name: pl.DataFrame(schema=each) for name, each in schema.items()})
    asked = {name: excerpt.add(name, [ROW], numbers.to_frame(ROW)) for name, numbers in wanted.items()}
    for name, rows in asked.items():
        table = contract[name]
        for columns in (table.primary_key, *((each.name,) for each in table.fields if each.unique)):
            excerpt.add(name, columns, rows.select(columns))
    asked = {name: excerpt.rows[name] for name in asked}
    _add_families(excerpt)
    for rule in rules:
        for count in rule.reads:
            if isinstance(count, Count) and rule.table in asked:
                _add_counted(excerpt, count, asked[rule.table])
    for name in asked:
        for key in contract[name].foreign_keys:
            if totals[key.table] <= MOST_SUGGESTED:
                excerpt.keep(key.table, fetch(key.table, [], pl.DataFrame()))
    _add_referred(excerpt)
    rows_ = {name: rows.sort(ROW) for name, rows in excerpt.rows.items()}
    return rows_, {name: rows[ROW] for name, rows in asked.items()}


def _add_families(excerpt: Excerpt) -> None:
    """Add the rows that rows nest in, up to their roots, and all that nests in these."""
    tables = list(excerpt.contract)
    for table in reversed(tables):
        if table.nesting:
            keys = excerpt.rows[table.name].select(table.nesting.columns)
            excerpt.add(table.nesting.table, table.nesting.references, keys)
    for table in tables:
        if table.nesting:
            keys = excerpt.rows[table.nesting.table].select(table.nesting.references)
            excerpt.add(table.name, table.nesting.columns, keys)


def _add_counted(excerpt: Excerpt, count: Count, rows: pl.DataFrame) -> None:
    theirs, ours = [name for name, _ in count.on], [name for _, name in count.on]
    counted = excerpt.rows_with(count.table, theirs, rows.select(ours))
    if counted is not None:
        excerpt.keep(count.table, counted.filter(pl.int_range(pl.len()).over(theirs) < MOST_COUNTED))


def _add_referred(excerpt: Excerpt) -> None:
    """Add what rows refer to, and what that refers to, until all of it is there."""
    new = dict(excerpt.rows)
    while any(len(rows) for rows in new.values()):
        added: dict[str, list[pl.DataFrame]] = {name: [] for name in new}
        for table, columns, target, references in _references(excerpt.contract):
            if len(new[table.name]):
                rows = excerpt.add(target, references, new[table.name].select(columns))
                added[target].append(rows)
        new = {name: pl.concat(rows) if rows else new[name].clear() for name, rows in added.items()}


def _references(contract: Contract) -> Iterator[tuple[Table, tuple[str, ...], str, tuple[str, ...]]]:
    return ((table, key.columns, key.table, key.references) for table in contract for key in table.foreign_keys)
