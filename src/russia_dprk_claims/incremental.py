"""What a change of some seed files can have broken, where all was well before it.

Only what has changed is looked at, with whatever it leads to and whatever leads to it. The answer is yes or no: what is
wrong, and where, is for the checks of the whole to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import cast

import polars as pl

from russia_dprk_claims.checks.reach import Column, columns_read, family, is_within_source, narrowed
from russia_dprk_claims.checks.rule import Rule
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract, ForeignKey, Table
from russia_dprk_claims.findings import Origin
from russia_dprk_claims.raw_tables import RawTable
from russia_dprk_claims.released import id_column
from russia_dprk_claims.seeds.gathering import Gathered
from russia_dprk_claims.seeds.pieces import Pieces, frames_with, of_sources, rows_of
from russia_dprk_claims.seeds.records import UNREAD


class _Nowhere:
    """Stands for the places of rows of which only is asked whether they are sound."""

    def locate(self, row: int, column: str | None) -> Origin:
        return Origin("")


def raw_table(table: Table, frame: pl.DataFrame) -> RawTable:
    """Return a frame of texts as a table for the checks, whose columns may be read but not changed."""
    columns = {name: frame[name] for name in table.columns}
    return RawTable(table.name, cast("dict[str, list[str | None]]", columns), _Nowhere())


class Change:
    """What is not as it was: by table, the new rows and the old ones, and the columns in which they differ."""

    def __init__(self, contract: Contract, gathered: Gathered) -> None:
        """Compare the fresh files with those that are gone."""
        self.contract = contract
        self.gathered = gathered
        self.new = {table.name: rows_of(gathered.fresh, table) for table in contract}
        self.old = {table.name: rows_of(gathered.gone, table) for table in contract}

    @cached_property
    def columns(self) -> frozenset[Column]:
        """The columns that have changed."""
        return self._differing(self.gathered.fresh, self.gathered.gone)

    @cached_property
    def columns_of_others(self) -> frozenset[Column]:
        """The columns that have changed in files other than those of sources."""
        return self._differing(of_sources(self.gathered.fresh, False), of_sources(self.gathered.gone, False))

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables that have changed."""
        return frozenset(table for table, _ in self.columns)

    def rows(self, table: Table, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return all rows of a table as it now is, or some columns of them."""
        return rows_of(self.gathered.pieces, table, columns)

    def all_there(self, table: Table, columns: Sequence[str], wanted: pl.DataFrame) -> bool:
        """Return whether some values are among those of all rows of a table as it now is."""
        left = wanted
        # The new rows first: most of what they need came with them.
        for frame in frames_with((*self.gathered.fresh, *self.gathered.kept), table, columns, columns, wanted):
            left = left.join(frame, left_on=left.columns, right_on=list(columns), how="anti")
            if left.is_empty():
                break
        return left.is_empty()

    def any_has(self, pieces: Pieces, table: Table, columns: Sequence[str], unwanted: pl.DataFrame) -> bool:
        """Return whether any row of a table in some pieces has some values."""
        return any(map(len, frames_with(pieces, table, columns, columns, unwanted)))

    def touches(self, table: Table, columns: Sequence[str]) -> bool:
        """Return whether any of some columns of a table has changed."""
        return any((table.name, each) in self.columns for each in columns)

    def _differing(self, fresh: Pieces, gone: Pieces) -> frozenset[Column]:
        found: set[Column] = set()
        for table in self.contract:
            new, old = rows_of(fresh, table), rows_of(gone, table)
            found.update(
                (table.name, name)
                for name in table.columns
                if len(new) != len(old) or not new[name].equals(old[name], null_equal=True)
            )
        return frozenset(found)


def change_is_sound(change: Change) -> bool:
    """Return whether nothing is wrong after a change, where nothing was before it."""
    return (
        _cells_are_sound(change)
        and all(_keys_are_sound(change, table) for table in change.contract)
        and all(_reference_is_sound(change, table, key) for table in change.contract for key in table.foreign_keys)
        and _rules_hold(change)
    )


def loses_ids(change: Change) -> bool:
    """Return whether an id is gone, which may have been released."""
    for table in change.contract:
        column = id_column(table)
        if column and not _without(change.old[table.name], change.new[table.name], [column]).is_empty():
            return True
    return False


def _without(some: pl.DataFrame, others: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the different values of some columns that others do not have."""
    own = some.select(columns).drop_nulls().unique()
    return own.join(others.select(columns), on=columns, how="anti")


def _cells_are_sound(change: Change) -> bool:
    """Return whether the new rows have the cells that the contract demands; references are not looked up."""
    contract = Contract({name: change.contract[name] for name in change.contract.tables if name in change.tables})
    tables = {table.name: raw_table(table, change.new[table.name]) for table in change.contract}
    unread = frozenset((name, UNREAD, "") for name in tables)
    return not check_structure(contract, tables, unread).findings


def _keys_are_sound(change: Change, table: Table) -> bool:
    """Return whether no new row has a key that another row has."""
    for key in (table.primary_key, *((each.name,) for each in table.fields if each.unique)):
        columns = list(key)
        if not change.touches(table, columns):
            continue
        new = change.new[table.name].select(columns).drop_nulls()
        if new.is_duplicated().any():
            return False
        added = _without(new, change.old[table.name], columns)
        if change.any_has(change.gathered.kept, table, columns, added):
            return False
    return True


def _reference_is_sound(change: Change, table: Table, key: ForeignKey) -> bool:
    """Return whether every new reference leads to a row, and none to a row that is gone."""
    ours, theirs, target = list(key.columns), list(key.references), change.contract[key.table]
    if change.touches(table, ours):
        added = _without(change.new[table.name], change.old[table.name], ours)
        if not change.all_there(target, theirs, added):
            return False
    if change.touches(target, theirs):
        gone = _without(change.old[target.name], change.new[target.name], theirs)
        if change.any_has(change.gathered.pieces, table, ours, gone):
            return False
    return True


def _rules_hold(change: Change) -> bool:
    """Return whether the rules hold wherever the change can have broken them.

    Those that a change of sources alone can have broken, and that look no further than a source, are asked of the
    sources that have changed; the others of all rows.
    """
    everywhere: list[Rule] = []
    within: list[Rule] = []
    for rule in RULES:
        read = columns_read(change.contract, rule)
        if not read.isdisjoint(change.columns):
            alone = read.isdisjoint(change.columns_of_others) and is_within_source(change.contract, rule)
            (within if alone else everywhere).append(rule)
    return _hold(change, everywhere) and _hold(change, within, alone=True)


def _hold(change: Change, rules: Sequence[Rule], alone: bool = False) -> bool:
    """Return whether rules hold, of all rows or of those alone whose sources have changed."""
    if not rules:
        return True
    contract = narrowed(change.contract, rules)
    inside = family(change.contract) if alone else frozenset()
    tables = {}
    for table in contract:
        if not table.columns:
            frame = pl.DataFrame()
        elif table.name in inside:
            frame = _of_changed_sources(change, change.contract[table.name], table.columns)
        else:
            frame = change.rows(table, table.columns)
        tables[table.name] = raw_table(table, frame)
    return not run_rules(contract, tables, rules=rules)


def _of_changed_sources(change: Change, table: Table, columns: Sequence[str]) -> pl.DataFrame:
    """Return the rows that belong to sources whose files have changed: those in the files, and what nests in them
    elsewhere.
    """
    here = rows_of(of_sources(change.gathered.fresh), table, columns)
    others = of_sources(change.gathered.pieces, False)
    if table.nesting is None or not any(piece.rows(table.name) for piece in others):
        return here
    (column,), references = table.nesting.columns, table.nesting.references
    keys = _of_changed_sources(change, change.contract[table.nesting.table], references)
    return pl.concat([here, *frames_with(others, table, columns, [column], keys)])
