"""Settling: the rules that waited, judged when all tables that they read have been read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.checks.rule import Cyclic, Rule
from russia_dprk_claims.contract import leading
from russia_dprk_claims.plan.chunkrows import truths_of
from russia_dprk_claims.plan.errors import NotPlannedError
from russia_dprk_claims.plan.expressions import evaluate
from russia_dprk_claims.plan.kept import Tables
from russia_dprk_claims.plan.memory import Memory
from russia_dprk_claims.plan.scan import Waiting, broken
from russia_dprk_claims.plan.scheme import Scheme, leads_elsewhere
from russia_dprk_claims.plan.values import Kind, Values, truth
from russia_dprk_claims.plan.windows import Windows


class WaitingRows:
    """The rows that a rule waited for, with all that it reads of them."""

    def __init__(self, scheme: Scheme, table: str, tables: Tables, waiting: Waiting, memory: Memory) -> None:
        """Take what was kept of the rows; their numbers are those in the whole table."""
        self.windows = Windows(len(waiting.rows))
        self._numbers = waiting.numbers
        self._scheme, self._own, self._tables = scheme, scheme.tables[table], tables
        self._waiting, self._memory = waiting, memory

    def read(self, name: str) -> Values:
        """Return what the rows have for a read."""
        if name in self._waiting.reads:
            return self._waiting.reads[name]
        own = self._own.table.name
        if name in self._own.tallied:
            return Values(Kind.NUMBER, self._tables[own].totals[name][self._numbers])
        if name in self._own.listed:
            listing, condition = self._own.listed[name]
            counts = self._tables[listing.counted].counts[listing.columns]
            return Values(Kind.NUMBER, counts.at(counts.index.rows(self._waiting.keys[name]), condition))
        read = self._own.reads[name]
        if isinstance(read, Cyclic):
            return truth(self._tables[own].cycles[name][self._numbers])
        if isinstance(read, str):
            return self._led_to(read)
        raise NotPlannedError(f"{name} cannot be read later")

    def _led_to(self, path: str) -> Values:
        contract, table = self._scheme.contract, self._own.table
        first, _, rest = path.partition(".")
        key = leading(contract, table, first)
        rows = self._tables[key.table].indexes[key.references].rows(self._waiting.keys[path])
        while leads_elsewhere(contract[key.table], rest):
            first, _, rest = rest.partition(".")
            rows = self._tables[key.table].at(first, rows).rows
            key = leading(contract, contract[key.table], first)
        return truths_of(self._tables[key.table].at(rest, rows))

    def matches(self, values: Values, pattern: str) -> Values:
        """Refuse: the texts themselves are not kept."""
        raise NotPlannedError(f"the form {pattern} in a rule that waits")

    def shortened(self, values: Values, sign: str) -> Values:
        """Refuse: the texts themselves are not kept."""
        raise NotPlannedError(f"what stands before {sign} in a rule that waits")

    def hash_of(self, text: str) -> int:
        """Return the hash of a text."""
        return self._memory.hash_of(text)


def settle(
    scheme: Scheme, table: str, number: int, tables: Tables, parts: Iterable[Waiting], memory: Memory
) -> Iterator[NDArray[Any]]:
    """Yield the rows of a table that break one of its waiting rules, by the number of the rule."""
    rule: Rule = scheme.tables[table].waiting[number]
    for waiting in parts:
        verdict = evaluate(rule.holds, WaitingRows(scheme, table, tables, waiting, memory))
        bad = np.broadcast_to(broken(verdict), len(waiting.rows))
        yield waiting.numbers[bad]
