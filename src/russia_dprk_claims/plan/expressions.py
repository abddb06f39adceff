"""Expressions: the rules as they are declared, evaluated over numbers, in the logic of Narwhals.

Narwhals has no way to ask what an expression is made of, so its nodes are gone through; a test evaluates every rule
by both. A node that is not known here is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import narwhals as nw
import numpy as np

from russia_dprk_claims.plan.errors import NotPlannedError
from russia_dprk_claims.plan.kernels.constants import NO_ROW
from russia_dprk_claims.plan.logic import OPERATORS, conjunction, disjunction, inverted, negation
from russia_dprk_claims.plan.values import Kind, Values, both, either, truth
from russia_dprk_claims.plan.windows import Windows, aggregated, shifted

_EPOCH = date(1970, 1, 1)
# What is left of a text before the last of some sign.
_SHORTENS = re.compile(r"(?P<sign>[^\\\[\]^$.*+?(){}|])\[\^(?P=sign)\]\*\$")
_AGGREGATES = ("any", "max", "min", "sum")


class Rows(Protocol):
    """The rows that expressions are evaluated over."""

    @property
    def windows(self) -> Windows:
        """The groups of the rows."""
        ...

    def read(self, name: str) -> Values:
        """Return what the rows have for a read."""
        ...

    def matches(self, values: Values, pattern: str) -> Values:
        """Return which texts have a form."""
        ...

    def shortened(self, values: Values, sign: str) -> Values:
        """Return texts up to the last time that a sign stands in them."""
        ...

    def hash_of(self, text: str) -> int:
        """Return the hash of a text."""
        ...


def evaluate(expression: nw.Expr, rows: Rows) -> Values:
    """Return the values of an expression.

    Parameters
    ----------
    expression
        The expression.
    rows
        What it is evaluated over.

    Raises
    ------
    NotPlannedError
        If it has a part that is not understood.
    """
    known = _KNOWN.get(id(expression))
    windowed = known[1] if known else _remember(expression)
    if windowed and windowed in rows.windows.evaluated:
        return rows.windows.evaluated[windowed]
    values = _through(expression, rows)
    if windowed:
        rows.windows.evaluated[windowed] = values
    return values


# What expressions with windows are in words, as several rules share some; the expression is kept, so that its id is.
_KNOWN: dict[int, tuple[nw.Expr, str]] = {}


def _remember(expression: nw.Expr) -> str:
    words = str(expression)
    words = words if ".over(" in words else ""
    _KNOWN[id(expression)] = (expression, words)
    return words


def _through(expression: nw.Expr, rows: Rows) -> Values:
    nodes = list(_nodes(expression))
    values: Values | None = None
    place = 0
    while place < len(nodes):
        node = nodes[place]
        following = nodes[place + 1] if place + 1 < len(nodes) else None
        if following is not None and following.name == "over":
            if values is None:
                raise NotPlannedError("a window over nothing")
            values = _over(values, node, following, rows)
            place += 1
        else:
            values = _step(values, node, rows)
        place += 1
    if values is None:
        raise NotPlannedError("an expression of nothing")
    return values


def _nodes(expression: Any) -> tuple[Any, ...]:
    return tuple(expression._nodes)


def _step(values: Values | None, node: Any, rows: Rows) -> Values:
    if values is None:
        begin = _BEGINNINGS.get(node.name)
        if begin is None:
            raise NotPlannedError(f"an expression that begins with {node.name}")
        return begin(node, rows)
    if node.name in OPERATORS:
        operand = node.exprs[0]
        other = evaluate(operand, rows) if isinstance(operand, nw.Expr) else literal(operand)
        return OPERATORS[node.name](*_alike(values, other, rows))
    step = _STEPS.get(node.name)
    if step is None:
        raise NotPlannedError(f"{node.name} in an expression")
    return step(values, node, rows)


# --- beginnings -----------------------------------------------------------------------------------------------------


def literal(value: Any) -> Values:
    """Return a value that all rows have."""
    if isinstance(value, bool):
        return truth(np.bool_(value))
    if isinstance(value, date):
        return Values(Kind.NUMBER, np.int32((value - _EPOCH).days))
    if isinstance(value, int | float):
        return Values(Kind.NUMBER, np.float64(value) if isinstance(value, float) else np.int64(value))
    if isinstance(value, str):
        return Values(Kind.TEXT, value)  # what it is as a number depends on what it is compared with
    raise NotPlannedError(f"the value {value!r} in an expression")


def _column(node: Any, rows: Rows) -> Values:
    (name,) = node.kwargs["names"]
    return rows.read(name)


def _together(node: Any, rows: Rows) -> Values:
    if node.kwargs["ignore_nulls"]:
        raise NotPlannedError("any or all where empty cells do not count")
    first, *others = (evaluate(each, rows) for each in node.exprs)
    join = disjunction if node.name == "any_horizontal" else conjunction
    for other in others:
        first = join(first, other)
    return first


def _when(node: Any, rows: Rows) -> Values:
    if len(node.exprs) != 2:
        raise NotPlannedError("otherwise in an expression")
    condition, values = (evaluate(each, rows) for each in node.exprs)
    holds = both(condition.data, condition.known)
    known = both(values.known, holds)
    rows_ = None if values.rows is None else np.where(holds, values.rows, NO_ROW)
    return values.having(known=known, rows=rows_, open=either(condition.open, values.open))


_BEGINNINGS: dict[str, Callable[[Any, Rows], Values]] = {
    "col": _column,
    "lit": lambda node, _: literal(node.kwargs["value"]),
    "any_horizontal": _together,
    "all_horizontal": _together,
    "when_then": _when,
}


# --- operators ------------------------------------------------------------------------------------------------------


def _alike(left: Values, right: Values, rows: Rows) -> tuple[Values, Values]:
    """Return two values as numbers that can be compared."""
    if isinstance(right.data, str):
        return left, _as_number(right.data, left, rows)
    kinds = {left.kind, right.kind}
    if Kind.CODE in kinds and left.words != right.words:
        raise NotPlannedError("values of two vocabularies are compared")
    if len(kinds) == 2 and kinds != {Kind.TEXT, Kind.KEY}:
        raise NotPlannedError(f"{left.kind.name} and {right.kind.name} are compared")
    return left, right


def _as_number(text: str, like: Values, rows: Rows) -> Values:
    """Return a text as the number that it is among the values that it is compared with."""
    if like.kind is Kind.CODE:
        # A word that is none of the vocabulary is no value of it, and no cell has its number.
        code = like.words.index(text) if text in like.words else len(like.words)
        return Values(Kind.CODE, np.int8(code), words=like.words)
    if like.kind in {Kind.TEXT, Kind.KEY} and like.data is not None:
        return Values(Kind.TEXT, np.uint64(rows.hash_of(text)))
    raise NotPlannedError(f"{like.kind.name} is compared with the text {text!r}")


# --- steps ----------------------------------------------------------------------------------------------------------


def _is_in(values: Values, node: Any, rows: Rows) -> Values:
    members = [each for each in node.kwargs["other"] if each is not None]
    if values.kind is Kind.CODE:
        table = np.zeros(len(values.words) + 1, dtype=np.bool_)  # the last for no value
        table[[values.words.index(each) for each in members if each in values.words]] = True
        return truth(table[values.data], values.known, values.open)
    if values.kind in {Kind.TEXT, Kind.KEY} and values.data is not None:
        data = np.isin(values.data, np.array([rows.hash_of(each) for each in members], dtype=np.uint64))
    elif values.kind is Kind.NUMBER:
        data = np.isin(values.data, members)
    else:
        raise NotPlannedError(f"is_in of {values.kind.name}")
    return truth(data, values.known, values.open)


def _is_null(values: Values, _: Any, __: Rows) -> Values:
    known = np.bool_(True) if values.known is None else values.known
    return truth(~known, inverted(values.open), values.open)


def _fill_null(values: Values, node: Any, rows: Rows) -> Values:
    if node.kwargs.get("strategy") is not None:
        raise NotPlannedError("fill_null by a strategy")
    operand = node.exprs[0] if node.exprs else node.kwargs["value"]
    other = evaluate(operand, rows) if isinstance(operand, nw.Expr) else literal(operand)
    values, other = _alike(values, other, rows)
    if values.known is None:
        return values
    if values.kind not in {Kind.BOOL, Kind.NUMBER}:
        raise NotPlannedError(f"fill_null of {values.kind.name}")
    data = np.where(values.known, values.data, other.data)
    return values.having(data=data, known=both(other.known, inverted(values.open)))


def _round(values: Values, node: Any, _: Rows) -> Values:
    return values.having(data=np.round(values.data, node.kwargs["decimals"]))


def _cast(values: Values, _: Any, __: Rows) -> Values:
    if values.kind not in {Kind.BOOL, Kind.NUMBER}:
        raise NotPlannedError(f"cast of {values.kind.name}")
    return Values(Kind.NUMBER, np.asarray(values.data, dtype=np.int64), values.known, values.open)


def _contains(values: Values, node: Any, rows: Rows) -> Values:
    pattern = node.kwargs["pattern"] if "pattern" in node.kwargs else node.exprs[0]
    if node.kwargs.get("literal") or not isinstance(pattern, str):
        raise NotPlannedError("str.contains of no pattern")
    return rows.matches(values, pattern)


def _replace(values: Values, node: Any, rows: Rows) -> Values:
    form = _SHORTENS.fullmatch(node.kwargs["pattern"])
    replacement = node.exprs[0] if node.exprs else node.kwargs.get("value")
    if not form or replacement != "" or node.kwargs.get("literal"):
        raise NotPlannedError("str.replace other than of what begins with the last of a sign")
    return rows.shortened(values, form["sign"])


_STEPS: dict[str, Callable[[Values, Any, Rows], Values]] = {
    "__invert__": lambda values, _, __: negation(values),
    "is_in": _is_in,
    "is_null": _is_null,
    "fill_null": _fill_null,
    "round": _round,
    "cast": _cast,
    "str.contains": _contains,
    "str.replace": _replace,
}


def _over(values: Values, node: Any, window: Any, rows: Rows) -> Values:
    partition = [rows.read(name) for name in window.kwargs["partition_by"]]
    if any(each.open is not None for each in (values, *partition)):
        raise NotPlannedError("a window over what is settled later")
    groups = rows.windows.of(tuple(window.kwargs["partition_by"]), partition)
    if node.name in _AGGREGATES and not window.kwargs["order_by"]:
        return aggregated(node.name, values, groups)
    if node.name == "shift" and node.kwargs["n"] == 1 and rows.windows.is_order(window.kwargs):
        return shifted(values, groups)
    raise NotPlannedError(f"{node.name} over a window")
