"""Reads: what each rule reads, told apart by where it stands: in the row, in its family, or across families.

A family is a table that nests in none, with all that nests in it: a source with its claims and what belongs to them.
What a rule reads in the family is at hand while the family is looked at; what it reads across is collected until the
end, with keys and texts as hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from russia_dprk_claims.checks.frames import leading
from russia_dprk_claims.checks.rule import Count, Cyclic, Mapped, Read, Rule
from russia_dprk_claims.contract import Contract, Table


@dataclass(frozen=True)
class Lookup:
    """A path that leads across: the column `key` of the row names a row of `table`, in which `rest` is read."""

    name: str
    key: str
    table: str
    references: str
    rest: str


@dataclass(frozen=True)
class TablePlan:
    """How the rules of one table are run: what is read for them, and which can be judged in the family."""

    table: Table
    paths: tuple[str, ...]
    counts: tuple[Count, ...]
    mapped: tuple[Mapped, ...]
    rules: tuple[Rule, ...]
    crossing: tuple[Rule, ...]
    lookups: tuple[Lookup, ...]
    cross_counts: tuple[Count, ...]
    cycles: tuple[Cyclic, ...]

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The columns of a row that its crossing rules need, other than what is found at the end."""
        across: tuple[Lookup | Count | Cyclic, ...] = (*self.lookups, *self.cross_counts, *self.cycles)
        found = {each.name for each in across}
        names: dict[str, None] = {}
        for rule in self.crossing:
            for each in rule.reads:
                name = each if isinstance(each, str) else each.name
                names.update(dict.fromkeys([] if name in found else [name]))
                if isinstance(each, Count):
                    names.update(dict.fromkeys(ours for _, ours in each.on))
                if isinstance(each, Cyclic):
                    names.update({self.table.primary_key[0]: None, each.column: None})
        names.update((each.key, None) for each in self.lookups)
        return tuple(names)

    @property
    def asks_repeat(self) -> bool:
        """Whether two rows may need the same for their crossing rules, as their own key is no part of it."""
        return not set(self.table.primary_key) <= set(self.asks)


@dataclass(frozen=True)
class Plan:
    """The plan of a whole dataset: its families, and how the rules of each table are run."""

    contract: Contract
    families: Mapping[str, tuple[Table, ...]]
    tables: Mapping[str, TablePlan]
    looked_up: Mapping[str, tuple[str, ...]]
    """What is read across in each table that is looked up, by its name."""


def make_plan(contract: Contract, rules: Iterable[Rule]) -> Plan:
    """Return the plan for some rules.

    Parameters
    ----------
    contract
        The tables.
    rules
        The rules, as they are declared.
    """
    families: dict[str, list[Table]] = {}
    for table in contract:
        root = _lineage(contract, table)[-1][1]
        families.setdefault(root, []).append(table)
    rules = tuple(rules)
    plans = {table.name: _table_plan(contract, table, rules) for table in contract}
    paths: dict[str, dict[str, None]] = {table.name: {} for table in contract}
    looked_up: dict[str, dict[str, None]] = {}
    for plan in plans.values():
        for path in plan.paths:
            _need(contract, paths, plan.table, path)
        for lookup in plan.lookups:
            looked_up.setdefault(lookup.table, {})[lookup.rest] = None
            _need(contract, paths, contract[lookup.table], lookup.rest)
    return Plan(
        contract,
        {root: tuple(tables) for root, tables in families.items()},
        {name: replace(plan, paths=tuple(paths[name])) for name, plan in plans.items()},
        {name: tuple(columns) for name, columns in looked_up.items()},
    )


def _need(contract: Contract, paths: dict[str, dict[str, None]], table: Table, path: str) -> None:
    """Add a path to what is read in a table, and what is left of it to what is read in the parent."""
    rest = through_parent(table, path)
    if "." in path:
        paths[table.name][path] = None
    if rest and table.nesting:
        _need(contract, paths, contract[table.nesting.table], rest)


def _lineage(contract: Contract, table: Table) -> list[tuple[str, str]]:
    """Return the columns that name a row, the row that it nests in and so on up to its root, with their tables."""
    steps: list[tuple[str, str]] = []
    if len(table.primary_key) == 1:
        steps.append((table.primary_key[0], table.name))
    parent = table
    while parent.nesting:
        steps.append((parent.nesting.columns[0], parent.nesting.table))
        parent = contract[parent.nesting.table]
    return steps


def _own_lineage(contract: Contract, table: Table) -> set[tuple[str, str]]:
    return {(column, name) for column, name in _lineage(contract, table) if column in table.columns}


def _is_near(contract: Contract, table: Table, count: Count) -> bool:
    """Return whether what is counted lies in the family of the row."""
    theirs, ours = (_own_lineage(contract, each) for each in (contract[count.table], table))
    return any((left, name) in theirs for left, right in count.on for column, name in ours if column == right)


def through_parent(table: Table, path: str) -> str | None:
    """Return what is left of a path behind the row that this one nests in, or None where it leads elsewhere."""
    first, _, rest = path.partition(".")
    return rest if rest and table.nesting and table.nesting.columns == (first,) else None


def _lookup(contract: Contract, table: Table, path: str) -> Lookup | None:
    first, _, rest = path.partition(".")
    if not rest or table.by_name[first].is_edtf or through_parent(table, path):
        return None
    key = leading(contract, table, first)
    return Lookup(path, first, key.table, key.references[0], rest)


def _table_plan(contract: Contract, table: Table, all_rules: Iterable[Rule]) -> TablePlan:
    def is_across(read: Read) -> bool:
        if isinstance(read, str):
            return _lookup(contract, table, read) is not None
        return isinstance(read, Cyclic) or (isinstance(read, Count) and not _is_near(contract, table, read))

    rules = [rule for rule in all_rules if rule.table == table.name]
    reads = dict.fromkeys(read for rule in rules for read in rule.reads)
    near = [read for read in reads if not is_across(read)]
    across = [read for read in reads if is_across(read)]
    lookups = [_lookup(contract, table, read) for read in across if isinstance(read, str)]
    return TablePlan(
        table=table,
        paths=tuple(each for each in near if isinstance(each, str)),
        counts=tuple(each for each in near if isinstance(each, Count)),
        mapped=tuple(each for each in near if isinstance(each, Mapped)),
        rules=tuple(rule for rule in rules if not any(map(is_across, rule.reads))),
        crossing=tuple(rule for rule in rules if any(map(is_across, rule.reads))),
        lookups=tuple(each for each in lookups if each),
        cross_counts=tuple(each for each in across if isinstance(each, Count)),
        cycles=tuple(each for each in across if isinstance(each, Cyclic)),
    )
