"""Rules on quantities: figures as worded, with the bounds that the words set, in units that fit."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.numerals import read_numbers
from russia_dprk_claims.checks.rule import Cyclic, Mapped, Rule, empty, implies, is_one_of, present
from russia_dprk_claims.contract import SPAN

_VALUES = ("value_low", "value_best", "value_high")


def figure_as_worded(words: str | None, *values: float | None) -> bool | None:
    """Return whether every value that is set is one of the numbers that the words name; null where they name none."""
    numbers = read_numbers(words or "")
    if not numbers:
        return None
    for each in values:
        # Most are the very number; where one is the outcome of a sum, the last binary digits may differ.
        if each is not None and each not in numbers and round(each, 9) not in {round(number, 9) for number in numbers}:
            return False
    return True


_ROUND = Cyclic("contained in itself", "parent_quantity_id")
_AS_WORDED = Mapped("values are as worded", ("value_text", *_VALUES), figure_as_worded)


def _bounds_fit() -> nw.Expr:
    """Return whether the values that are set are those that the type of bound calls for."""
    low, best, high = (present(each) for each in _VALUES)
    bound = nw.col("bound_type")
    return (
        (bound.is_in(["exact", "approximate"]) & best)
        | ((bound == "range") & low & high & ~best & (nw.col("value_low") != nw.col("value_high")))
        | (bound.is_in(["at_least", "more_than"]) & low & ~high)
        | (bound.is_in(["up_to", "less_than"]) & high & ~low)
        | ((bound == "vague") & ~low & ~best & ~high)
    )


def _order_rule(lower: str, higher: str) -> Rule:
    return Rule(
        "quantity-order",
        "quantities",
        lower,
        reads=(lower, higher),
        holds=empty(lower) | empty(higher) | (nw.col(lower) <= nw.col(higher)),
    )


def _whole_rule(column: str) -> Rule:
    return Rule(
        "quantity-whole",
        "quantities",
        column,
        reads=("property", column),
        holds=empty(column)
        | implies(
            is_one_of("property", "count", "ordinal"),
            (nw.col(column) >= 0) & (nw.col(column) == nw.col(column).round(0)),
        ),
    )


QUANTITIES = (
    Rule(
        "quantity-span",
        "quantities",
        "char_start",
        reads=(*SPAN, "claim_id.char_start", "claim_id.char_end"),
        holds=(nw.col("char_start") >= nw.col("claim_id.char_start"))
        & (nw.col("char_end") <= nw.col("claim_id.char_end")),
    ),
    _order_rule("value_low", "value_best"),
    _order_rule("value_best", "value_high"),
    _order_rule("value_low", "value_high"),
    Rule("quantity-bounds", "quantities", "bound_type", reads=("bound_type", *_VALUES), holds=_bounds_fit()),
    Rule("quantity-as-worded", "quantities", "value_text", reads=(_AS_WORDED,), holds=nw.col(_AS_WORDED.name)),
    *(_whole_rule(column) for column in _VALUES),
    Rule(
        "ratio-base",
        "quantities",
        "property",
        reads=("property", "ratio_direction", "ratio_base"),
        holds=((nw.col("property") == "ratio") == present("ratio_direction"))
        & ((nw.col("property") == "ratio") == present("ratio_base")),
    ),
    Rule(
        "quantity-parent",
        "quantities",
        "parent_quantity_id",
        reads=("quantity_id", "claim_id", "parent_quantity_id", "parent_quantity_id.claim_id"),
        holds=empty("parent_quantity_id")
        | (
            (nw.col("parent_quantity_id.claim_id") == nw.col("claim_id"))
            & (nw.col("parent_quantity_id") != nw.col("quantity_id"))
        ),
    ),
    Rule(
        "quantity-transfer",
        "quantities",
        "transfer_id",
        reads=("claim_id", "transfer_id", "transfer_id.claim_id", "transfer_measure"),
        holds=(present("transfer_id") == present("transfer_measure"))
        & (empty("transfer_id") | (nw.col("transfer_id.claim_id") == nw.col("claim_id"))),
    ),
    Rule(
        "quantity-cycle",
        "quantities",
        "parent_quantity_id",
        reads=("quantity_id", "parent_quantity_id", _ROUND),
        holds=(nw.col("parent_quantity_id") == nw.col("quantity_id")) | ~nw.col(_ROUND.name),
    ),
)
