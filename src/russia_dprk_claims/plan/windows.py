"""Windows: the groups of rows that have the same values, and what an expression has over each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.kernels.calling import rows as kernels
from russia_dprk_claims.plan.kernels.constants import NO_ROW
from russia_dprk_claims.plan.values import Kind, Values, truth

_BY_NAME = {"max": kernels.greatest_of_groups, "min": kernels.least_of_groups}


@dataclass(frozen=True)
class Groups:
    """The number of the group of each row, and how many groups there are."""

    numbers: NDArray[np.int32]
    count: int


@dataclass
class Windows:
    """The groups of some rows, each found once; `order` is the columns by which the rows stand in order."""

    size: int
    order: tuple[str, ...] = ()
    known: dict[tuple[str, ...], Groups] = field(default_factory=dict)
    evaluated: dict[str, Values] = field(default_factory=dict)

    def of(self, names: tuple[str, ...], values: Sequence[Values]) -> Groups:
        """Return the groups of rows that have the same values, of which some have none."""
        if names not in self.known:
            self.known[names] = grouped(key_of(values, self.size))
        return self.known[names]

    def is_order(self, window: Mapping[str, Any]) -> bool:
        """Return whether rows of a window stand in the order that it asks for."""
        wanted = [*window["partition_by"], *window["order_by"]]
        return wanted == list(self.order[: len(wanted)])


def key_of(values: Sequence[Values], size: int) -> NDArray[np.uint64]:
    """Return a number a row that is the same for rows with the same values."""
    keys = np.zeros(size, dtype=np.uint64)
    for each in values:
        data = each.rows if each.data is None else each.data
        numbers = (data.view(np.uint64) if data.dtype == np.float64 else data.astype(np.uint64)) + np.uint64(1)
        kernels.mix_in(keys, numbers if each.known is None else np.where(each.known, numbers, np.uint64(0)))
    return keys


def room_for(number: int) -> int:
    """Return a power of two that has room for a number of things and as many again."""
    return 1 << max(int(number * 1.6), 1).bit_length()


def grouped(keys: NDArray[np.uint64]) -> Groups:
    """Return the groups of rows with the same key."""
    numbers = np.empty(len(keys), dtype=np.int32)
    firsts = np.empty(len(keys), dtype=np.int32)
    count = kernels.group(keys, np.empty(room_for(len(keys)), dtype=np.int32), firsts, numbers)
    return Groups(numbers, count)


def summed(groups: Groups, values: Any) -> Any:
    """Return for each row the sum over its group."""
    totals = np.zeros(groups.count, dtype=np.int64)
    kernels.sum_groups(groups.numbers, np.ascontiguousarray(values), totals)
    return totals[groups.numbers]


def aggregated(name: str, values: Values, groups: Groups) -> Values:
    """Return for each row what its group has: whether `any` is true, or the `max`, `min` or `sum` of what is known."""
    size = len(groups.numbers)
    known = np.ones(size, dtype=np.bool_) if values.known is None else values.known
    if name in _BY_NAME:
        data = values.rows if values.kind is Kind.KEY else values.data
        found, is_known = np.zeros(groups.count, dtype=data.dtype), np.zeros(groups.count, dtype=np.bool_)
        _BY_NAME[name](groups.numbers, data, known, found, is_known)
        data, known = found[groups.numbers], is_known[groups.numbers]
        if values.kind is Kind.KEY:
            return values.having(data=None, rows=data, known=known)
        return values.having(data=data, known=known)
    totals = summed(groups, np.where(known, np.broadcast_to(values.data, size), 0).astype(np.int64))
    return truth(totals > 0) if name == "any" else Values(Kind.NUMBER, totals)


def shifted(values: Values, groups: Groups) -> Values:
    """Return for each row the value of the row before it in its group."""
    before = np.empty(len(groups.numbers), dtype=np.int32)
    kernels.rows_before(groups.numbers, np.empty(groups.count, dtype=np.int32), before)
    first = before == NO_ROW
    place = np.where(first, 0, before)
    known = ~first if values.known is None else ~first & values.known[place]
    return values.having(data=values.data[place], known=known)
