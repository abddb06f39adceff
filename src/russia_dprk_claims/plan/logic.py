"""Logic: what expressions make of two values, where some are empty and some are not settled yet.

As in Polars, and in Kleene's logic: what is true or false whatever stands in the empty places, is so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from russia_dprk_claims.plan.errors import NotPlannedError
from russia_dprk_claims.plan.kernels.constants import NO_ROW
from russia_dprk_claims.plan.values import Kind, Values, both, either, truth


def conjunction(left: Values, right: Values) -> Values:
    """Return whether both are true: false where either is, however little is known of the other."""
    false = either(both(~left.data, left.known), both(~right.data, right.known))
    data = left.data & right.data
    if left.known is None and right.known is None and left.open is None and right.open is None:
        return truth(data)
    known = _settled(either(_unknown(left), _unknown(right)), false)
    return truth(data & ~false, known, _left(either(left.open, right.open), false))


def disjunction(left: Values, right: Values) -> Values:
    """Return whether one is true, however little is known of the other."""
    true = either(both(left.data, left.known), both(right.data, right.known))
    if left.known is None and right.known is None and left.open is None and right.open is None:
        return truth(left.data | right.data)
    known = _settled(either(_unknown(left), _unknown(right)), true)
    return truth(true, known, _left(either(left.open, right.open), true))


def _unknown(values: Values) -> Any:
    """Return where a truth is empty or open."""
    unknown = None if values.known is None else ~values.known
    return either(unknown, values.open)


def _settled(unknown: Any, decided: Any) -> Any:
    return None if unknown is None else ~unknown | decided


def _left(open_: Any, decided: Any) -> Any:
    return None if open_ is None else open_ & ~decided


def _equal(left: Values, right: Values) -> Values:
    by_key = Kind.KEY in {left.kind, right.kind}
    return _compared(_same_keys(left, right) if by_key else left.data == right.data, left, right)


def _same_keys(left: Values, right: Values) -> Any:
    if left.data is not None and right.data is not None:
        return left.data == right.data
    if left.rows is not None and right.rows is not None and left.table == right.table:
        return left.rows == right.rows
    raise NotPlannedError("keys of two tables are compared")


def _compared(data: Any, left: Values, right: Values) -> Values:
    return truth(data, both(left.known, right.known), either(left.open, right.open))


def _ordered(compare: Callable[[Any, Any], Any]) -> Callable[[Values, Values], Values]:
    def operator(left: Values, right: Values) -> Values:
        if left.kind is Kind.NUMBER:
            return _compared(compare(left.data, right.data), left, right)
        if left.kind is Kind.KEY and left.table == right.table and left.rows is not None and right.rows is not None:
            found = _compared(compare(left.rows, right.rows), left, right)
            # A key that names no row has no place in the order.
            return found.having(known=both(found.known, (left.rows != NO_ROW) & (right.rows != NO_ROW)))
        raise NotPlannedError(f"{left.kind.name} in an order")

    return operator


def _counted(compute: Callable[[Any, Any], Any]) -> Callable[[Values, Values], Values]:
    def operator(left: Values, right: Values) -> Values:
        if left.kind is not Kind.NUMBER:
            raise NotPlannedError(f"{left.kind.name} in a sum")
        # In eight bytes, as four would not hold every sum.
        data = compute(_wide(left.data), _wide(right.data))
        return Values(Kind.NUMBER, data, both(left.known, right.known), either(left.open, right.open))

    return operator


def _wide(data: Any) -> Any:
    return data if data.dtype == np.float64 else data.astype(np.int64)


def negation(values: Values) -> Values:
    """Return what is not true."""
    return truth(~values.data, values.known, values.open)


def inverted(mask: Any) -> Any:
    """Return where a mask is not true, of which None is true nowhere."""
    return None if mask is None else ~mask


OPERATORS: dict[str, Callable[[Values, Values], Values]] = {
    "__and__": conjunction,
    "__or__": disjunction,
    "__eq__": _equal,
    "__ne__": lambda left, right: negation(_equal(left, right)),
    "__lt__": _ordered(lambda left, right: left < right),
    "__le__": _ordered(lambda left, right: left <= right),
    "__gt__": _ordered(lambda left, right: left > right),
    "__ge__": _ordered(lambda left, right: left >= right),
    "__add__": _counted(lambda left, right: left + right),
    "__sub__": _counted(lambda left, right: left - right),
}
"""What each operator of Narwhals makes of two values of one kind."""
