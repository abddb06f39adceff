"""Rules on quantities: figures as worded, with the bounds that the words set, in units that fit."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.numerals import read_numbers
from russia_dprk_claims.checks.rule import Cyclic, Mapped, Rule, empty, implies, is_one_of, present

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


_CYCLE = Cyclic("contained in itself", "parent_quantity_id")
_AS_WORDED = Mapped("values are as worded", ("value_text", *_VALUES), figure_as_worded)


def _bounds_fit() -> pl.Expr:
    """Return whether the values that are set are those that the bound type requires."""
    low, best, high = (present(each) for each in _VALUES)
    bound = col("bound_type")
    return (
        (bound.is_in(["exact", "approximate"]) & best)
        | ((bound == "range") & low & high & ~best & (col("value_low") != col("value_high")))
        | (bound.is_in(["at_least", "more_than"]) & low & ~high)
        | (bound.is_in(["up_to", "less_than"]) & high & ~low)
        | ((bound == "vague") & ~low & ~best & ~high)
    )


def _order_rule(lower: str, higher: str) -> Rule:
    return Rule("quantity-order", "quantities", lower).requires(col(lower) <= col(higher))


def _whole_rule(column: str) -> Rule:
    whole = (col(column) >= 0) & (col(column) == col(column).round(0))
    return Rule("quantity-whole", "quantities", column).requires(
        empty(column) | implies(is_one_of("property", "count", "ordinal"), whole)
    )


QUANTITIES = (
    Rule("quantity-span", "quantities", "char_start").requires(
        (col("char_start") >= col("claim_id.char_start")) & (col("char_end") <= col("claim_id.char_end"))
    ),
    _order_rule("value_low", "value_best"),
    _order_rule("value_best", "value_high"),
    _order_rule("value_low", "value_high"),
    Rule("quantity-bounds", "quantities", "bound_type").requires(_bounds_fit()),
    Rule("quantity-as-worded", "quantities", "value_text").requires(_AS_WORDED.value, _AS_WORDED),
    *(_whole_rule(column) for column in _VALUES),
    Rule("ratio-base", "quantities", "property").requires(
        ((col("property") == "ratio") == present("ratio_direction"))
        & ((col("property") == "ratio") == present("ratio_base"))
    ),
    Rule("quantity-parent", "quantities", "parent_quantity_id").requires(
        (col("parent_quantity_id.claim_id") == col("claim_id")) & (col("parent_quantity_id") != col("quantity_id"))
    ),
    Rule("quantity-transfer", "quantities", "transfer_id").requires(
        (present("transfer_id") == present("transfer_measure"))
        & (empty("transfer_id") | (col("transfer_id.claim_id") == col("claim_id")))
    ),
    # A quantity that is its own parent breaks quantity-parent.
    Rule("quantity-cycle", "quantities", "parent_quantity_id").requires(
        (col("parent_quantity_id") == col("quantity_id")) | ~_CYCLE.value, _CYCLE
    ),
)
