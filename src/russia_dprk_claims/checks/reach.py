"""The reach of a rule: which columns elsewhere it reads, and whether a row's verdict depends on its source alone.

Both follow from what a rule declares that it reads and from the nesting of the tables. That a window in a rule on such
a row does not span sources is not declared; a test holds the rules to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from russia_dprk_claims.checks.rule import Count, Cyclic, Read, Rule
from russia_dprk_claims.contract import Contract, ForeignKey, Table, leading
from russia_dprk_claims.lineage import ROOT

Column = tuple[str, str]
"""A column, as its table and its name."""


def family(contract: Contract) -> frozenset[str]:
    """Return the tables whose rows belong to a source: `sources` and all that nests in it."""
    found = {ROOT}
    for table in contract:
        if table.nesting and table.nesting.table in found:
            found.add(table.name)
    return frozenset(found)


def columns_read(contract: Contract, rule: Rule) -> frozenset[Column]:
    """Return the columns that a rule reads, of its own table and of others."""
    own = {(rule.table, name) for name in (rule.column, *rule.own_columns)}
    return frozenset(own.union(*(_columns(contract, contract[rule.table], read) for read in rule.elsewhere)))


def _columns(contract: Contract, table: Table, read: Read) -> Iterator[Column]:
    if isinstance(read, Count):
        yield from ((read.table, theirs) for theirs, _ in (*read.on, *read.where))
    elif isinstance(read, str):
        for owner, column, key in _hops(contract, table, read):
            yield owner.name, column
            if key:
                yield key.table, key.references[0]
    else:
        names = (read.column, *table.primary_key) if isinstance(read, Cyclic) else read.columns
        yield from ((table.name, name) for name in names)


def _hops(contract: Contract, table: Table, path: str) -> Iterator[tuple[Table, str, ForeignKey | None]]:
    """Yield each column of a path with its table and the key by which it leads on, if it does."""
    first, _, rest = path.partition(".")
    if not rest or table.by_name[first].is_edtf:
        yield table, first, None
        return
    key = leading(contract, table, first)
    yield table, first, key
    yield from _hops(contract, contract[key.table], rest)


def is_within_source(contract: Contract, rule: Rule) -> bool:
    """Return whether the verdict on a row follows from the rows of its source, and from tables that belong to none."""
    inside = family(contract)
    table = contract[rule.table]
    return table.name in inside and all(_stays(contract, table, read, inside) for read in rule.elsewhere)


def _stays(contract: Contract, table: Table, read: Read, inside: frozenset[str]) -> bool:
    if isinstance(read, Count):
        return read.table not in inside or _counts_own(contract[read.table], table, read)
    if isinstance(read, str):
        hops = [(owner, column, key) for owner, column, key in _hops(contract, table, read) if key]
        return all(key.table not in inside or _leads_up(owner, column, key) for owner, column, key in hops)
    return not isinstance(read, Cyclic)


def _counts_own(counted: Table, table: Table, read: Count) -> bool:
    """Return whether only rows are counted that nest where this row does, or in this row."""
    if counted.nesting is None:
        return False
    up = counted.nesting.columns[0]
    own = [ours for theirs, ours in read.on if theirs == up]
    beside = table.nesting is not None and table.nesting.table == counted.nesting.table
    return (beside and table.nesting is not None and table.nesting.columns[0] in own) or (
        counted.nesting.table == table.name and table.primary_key[0] in own
    )


def _leads_up(owner: Table, column: str, key: ForeignKey) -> bool:
    """Return whether a key leads to the row that this one nests in."""
    return owner.nesting is not None and owner.nesting.columns == (column,) and owner.nesting.table == key.table


def narrowed(contract: Contract, rules: Iterable[Rule]) -> Contract:
    """Return the contract with no more columns than some rules need to be run."""
    rules = list(rules)
    needed = {column for rule in rules for column in columns_read(contract, rule)}
    # A finding names its row by its key.
    needed.update((rule.table, name) for rule in rules for name in contract[rule.table].primary_key)
    return Contract(
        {
            table.name: replace(table, fields=tuple(each for each in table.fields if (table.name, each.name) in needed))
            for table in contract
        }
    )
