"""The scheme: what of each table is read, checked, kept and counted, derived from the contract and the rules.

Each table is read after those that its rows refer to. So what a rule reads in an earlier table is at hand; what it
reads in its own or another one is settled when that has been read, and the rule waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Cyclic, Mapped, Read, Rule
from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table, leading
from russia_dprk_claims.plan.errors import NotPlannedError

Columns = tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """A count of rows that refer to the row that counts them: for each row of `counted`, the row that `key` leads to
    has one more, where `alike` columns (theirs, ours) have the same values and those of `where` hold.
    """

    name: str
    counted: str
    key: str
    alike: tuple[tuple[str, str], ...]
    where: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """Counts of rows of `counted` by what they have in some columns, each with the values that a row must have."""

    counted: str
    columns: Columns
    wheres: tuple[tuple[tuple[str, str], ...], ...]


@dataclass
class TableScheme:
    """What is done with one table; see the attributes.

    `hashed` are the columns whose text matters, `checked_keys` the foreign keys other than into the table itself,
    `own_keys` those into it, `targets` the columns by which its rows are referred to, `kept` what is kept of all rows
    for others to read, `rules` are judged row by row and `waiting` later. `reads` are what rules read, by name, of
    which `tallied` and `listed` are counts of other rows and `cycles` walks from row to row. `tallies` are what its own
    rows add to others, by the key that leads to them, `listings` how they are counted by others.
    """

    table: Table
    hashed: set[str] = field(default_factory=set)
    checked_keys: tuple[ForeignKey, ...] = ()
    own_keys: tuple[ForeignKey, ...] = ()
    targets: dict[Columns, None] = field(default_factory=dict)
    kept: dict[str, None] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    waiting: list[Rule] = field(default_factory=list)
    reads: dict[str, Read] = field(default_factory=dict)
    tallied: dict[str, Tally] = field(default_factory=dict)
    listed: dict[str, tuple[Listing, int]] = field(default_factory=dict)
    tallies: dict[str, list[tuple[str, Tally]]] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    cycles: dict[str, Cyclic] = field(default_factory=dict)


@dataclass(frozen=True)
class Scheme:
    """What is done with each table, in the order in which the tables are read."""

    contract: Contract
    tables: Mapping[str, TableScheme]
    levels: tuple[tuple[str, ...], ...]
    """The tables that are read side by side, as none refers to another of them."""

    def is_open(self, table: str, name: str) -> bool:
        """Return whether a read of a table is settled only when other tables, or all of its own rows, were read."""
        scheme = self.tables[table]
        read = scheme.reads.get(name)
        if isinstance(read, Cyclic) or name in scheme.tallied:
            return True
        if name in scheme.listed:
            return not self.is_before(scheme.listed[name][0].counted, table)
        return isinstance(read, str) and leads_elsewhere(scheme.table, read) and self._key(table, read).table == table

    def is_before(self, earlier: str, later: str) -> bool:
        """Return whether a table is read before another."""
        return self._level[earlier] < self._level[later]

    @cached_property
    def _level(self) -> dict[str, int]:
        return {name: number for number, level in enumerate(self.levels) for name in level}

    def _key(self, table: str, path: str) -> ForeignKey:
        return leading(self.contract, self.contract[table], path.partition(".")[0])


def leads_elsewhere(table: Table, path: str) -> bool:
    """Return whether a path leads to another row; a side of a date does not."""
    first, dot, _ = path.partition(".")
    return bool(dot) and not table.by_name[first].is_edtf


def make_scheme(contract: Contract, rules: Iterable[Rule]) -> Scheme:
    """Return the scheme for some rules.

    Parameters
    ----------
    contract
        The tables.
    rules
        The rules, as they are declared.

    Raises
    ------
    NotPlannedError
        If tables refer to each other in a circle, or a rule counts what is not planned for.
    """
    rules = tuple(rules)
    levels = tuple(_levels(contract))
    tables = {name: TableScheme(contract[name]) for level in levels for name in level}
    scheme = Scheme(contract, tables, levels)
    for each in scheme.tables.values():
        _add_keys(scheme, each)
    for rule in rules:
        for read in rule.reads:
            _add_read(scheme, scheme.tables[rule.table], read)
    for rule in rules:
        own = scheme.tables[rule.table]
        waits = any(scheme.is_open(rule.table, name) for name in names_in(rule.holds))
        (own.waiting if waits else own.rules).append(rule)
        own.hashed |= _read_as_texts(rule.holds) & set(own.table.columns)
    return scheme


def _levels(contract: Contract) -> Iterator[tuple[str, ...]]:
    """Yield tables that refer to none but to themselves and those yielded before."""
    known: set[str] = set()
    left = {table.name: {key.table for key in table.foreign_keys} - {table.name} for table in contract}
    while left:
        level = tuple(name for name, needs in left.items() if needs <= known)
        if not level:
            raise NotPlannedError(f"{', '.join(left)} refer to each other")
        yield level
        known.update(level)
        left = {name: needs for name, needs in left.items() if name not in known}


def _add_keys(scheme: Scheme, own: TableScheme) -> None:
    table = own.table
    own.checked_keys = tuple(key for key in table.foreign_keys if key.table != table.name)
    own.own_keys = tuple(key for key in table.foreign_keys if key.table == table.name)
    for key in table.foreign_keys:
        own.hashed.update(key.columns)
        scheme.tables[key.table].targets[key.references] = None
        scheme.tables[key.table].hashed.update(key.references)
    own.hashed.update(each.name for each in table.fields if each.unique)
    if table.nesting:
        parent = scheme.contract[table.nesting.table]
        if parent.nesting:  # by which the roots of rows are told
            _keep(scheme, parent.name, parent.nesting.columns[0])


def _keep(scheme: Scheme, table: str, path: str) -> None:
    """Keep what a path leads to from the rows of a table, in that table and those that it leads to."""
    own = scheme.tables[table]
    first, _, rest = path.partition(".")
    if leads_elsewhere(own.table, path):
        own.kept[first] = None
        _keep(scheme, leading(scheme.contract, own.table, first).table, rest)
    else:
        own.kept[path] = None
    own.hashed.add(first)


def _add_read(scheme: Scheme, own: TableScheme, read: Read) -> None:
    name = read if isinstance(read, str) else read.name
    own.reads[name] = read
    if isinstance(read, Count):
        _add_count(scheme, own, read)
    elif isinstance(read, Cyclic):
        own.cycles[name] = read
    elif isinstance(read, Mapped):
        own.hashed.update(read.columns)
    elif leads_elsewhere(own.table, read):
        first, _, rest = read.partition(".")
        own.hashed.add(first)
        _keep(scheme, leading(scheme.contract, own.table, first).table, rest)
    elif "." in read:
        own.hashed.add(read.partition(".")[0])


def _add_count(scheme: Scheme, own: TableScheme, count: Count) -> None:
    counted = scheme.tables[count.table]
    counted.hashed.update(theirs for theirs, _ in count.on)
    own.hashed.update(ours for _, ours in count.on)
    tally = _tally(scheme, own.table, count)
    nesting = own.table.nesting
    beside = count.table == own.table.name and all(theirs == ours for theirs, ours in count.on)
    if beside and nesting and (nesting.columns[0],) * 2 in count.on:
        return  # counted in each chunk, as all that nests in one row stands there
    if tally and scheme.is_before(own.table.name, count.table):
        own.tallied[count.name] = tally
        counted.tallies.setdefault(tally.key, []).append((own.table.name, tally))
        for _, ours in tally.alike:
            _keep(scheme, own.table.name, ours)
    elif tally and count.table == own.table.name:
        own.tallied[count.name] = tally
        counted.tallies.setdefault(tally.key, []).append((own.table.name, tally))
        if tally.alike or tally.where:
            raise NotPlannedError(f"{count.name}: rows that refer to rows of their own table are counted by more")
    else:
        _list(own, counted, count)


def _tally(scheme: Scheme, table: Table, count: Count) -> Tally | None:
    """Return a count as a tally, where the counted rows refer to the row that counts them."""
    (theirs, ours), *alike = count.on
    keys = scheme.contract[count.table].foreign_keys
    if any(key.columns == (theirs,) and (key.table, key.references) == (table.name, (ours,)) for key in keys):
        return Tally(count.name, count.table, theirs, tuple(alike), count.where)
    return None


def _list(own: TableScheme, counted: TableScheme, count: Count) -> None:
    columns = tuple(theirs for theirs, _ in count.on)
    for theirs, ours in count.on:
        if counted.table.by_name[theirs].enum != own.table.by_name[ours].enum:
            raise NotPlannedError(f"{count.name}: {theirs} and {ours} have two vocabularies")
    place = next((n for n, each in enumerate(counted.listings) if each.columns == columns), len(counted.listings))
    wheres = counted.listings[place].wheres if place < len(counted.listings) else ()
    wheres = (*wheres, *([] if count.where in wheres else [count.where]))
    listing = Listing(count.table, columns, wheres)
    counted.listings[place : place + 1] = [listing]
    own.listed[count.name] = (listing, wheres.index(count.where))


def nodes_of(expression: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every node of an expression with the one that follows it, the innermost ones too."""
    nodes = list(expression._nodes)
    for place, node in enumerate(nodes):
        yield node, nodes[place + 1] if place + 1 < len(nodes) else None
        for each in node.exprs:
            if isinstance(each, nw.Expr):
                yield from nodes_of(each)


def names_in(expression: nw.Expr) -> set[str]:
    """Return the names of all that an expression reads."""
    names: set[str] = set()
    for node, _ in nodes_of(expression):
        for part in ("names", "partition_by"):
            names.update(node.kwargs.get(part, ()))
    return names


def _read_as_texts(expression: nw.Expr) -> set[str]:
    """Return what an expression reads and does more with than ask whether it is empty, or for its form."""
    names: set[str] = set()
    for node, following in nodes_of(expression):
        if node.name == "col" and (following is None or following.name not in {"is_null", "str.contains"}):
            names.update(node.kwargs["names"])
        names.update(node.kwargs.get("partition_by", ()))
    return names


def form_follows(contract: Contract, table: Table, column: Field) -> bool:
    """Return whether the form of a cell follows from that of the cell that it refers to, so that it need not be
    looked at.
    """
    if table.nesting and table.nesting.columns == (column.name,):
        return True
    for key in table.foreign_keys:
        if key.columns == (column.name,) and key.references == contract[key.table].primary_key:
            target = contract[key.table].by_name[key.references[0]]
            return (target.pattern, target.enum, target.type) == (column.pattern, column.enum, column.type)
    return False
