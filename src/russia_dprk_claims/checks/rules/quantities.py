"""Rules on quantities: figures as worded, with the bounds that the words set, in units that fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

import polars as pl
import pycountry
from polars import col

from russia_dprk_claims.checks.numerals import Reading, Row, read_figure, units_named
from russia_dprk_claims.checks.rule import Cyclic, Mapped, Rule, empty, implies, is_one_of, present

_VALUES = ("value_low", "value_best", "value_high")


def figure_as_worded(low: float | None, best: float | None, high: float | None, *row: str | None) -> bool | None:
    """Return whether the words name every value that is set; null if the words are not all known."""
    readings = _read(*row)
    return any(each.allows(low, best, high) for each in readings) if readings else None


def bound_as_worded(
    bound: str | None, low: float | None, best: float | None, high: float | None, *row: str | None
) -> bool | None:
    """Return whether the words bound the values as the bound type says; null if they do not show it."""
    readings = [each for each in _read(*row) if each.allows(low, best, high)]
    return any(each.fits(bound, low, high) for each in readings) if readings and bound else None


def _read(words: str | None, *row: str | None) -> tuple[Reading, ...]:
    return read_figure(words or "", Row(*(each or "" for each in row)))


def _suggest(row: Mapping[str, str | None]) -> str:
    """Return what the words of a figure say, unless they have several meanings or depend on the language."""
    readings = _read(*(row[each] for each in _WORDS[:-1]))
    if len(readings) != 1 or re.search(r"[.,][0-9]{3}(?![0-9])", row["value_text"] or ""):
        return ""
    numbers = " to ".join(f"{float(each):.15g}" for each in readings[0].numbers)
    return f"code what the words say: {' or '.join(sorted(readings[0].bounds))} {numbers}".strip()


def unit_as_worded(words: str | None, measured: str | None, unit: str | None) -> bool | None:
    """Return whether the unit of a measured figure is one that its words name; null where they name none."""
    named = units_named(words or "") if measured in _MEASURED else None
    return unit in named if named else None


_MEASURED = ("duration", "length", "mass", "area", "volume", "temperature")
_CYCLE = Cyclic("contained in itself", "parent_quantity_id")
_WORDS = ("value_text", "property", "unit", "item", "claim_id.source_id.language")
_AS_WORDED = Mapped("values are as worded", (*_VALUES, *_WORDS), figure_as_worded)
_BOUND_AS_WORDED = Mapped("bound is as worded", ("bound_type", *_VALUES, *_WORDS), bound_as_worded)
_CURRENCIES = sorted(each.alpha_3 for each in pycountry.currencies)
_UNIT = Mapped("the unit is as worded", ("value_text", "property", "unit"), unit_as_worded)


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


_PAIRS = tuple(combinations(_VALUES, 2))
_IN_ORDER = pl.all_horizontal((col(lower) <= col(higher)).fill_null(value=True) for lower, higher in _PAIRS)


def _whole_rule(column: str) -> Rule:
    whole = (col(column) >= 0) & (col(column) == col(column).round(0))
    return Rule("quantity-whole", "quantities", column).requires(
        empty(column) | implies(is_one_of("property", "count", "ordinal"), whole)
    )


def _range_rule(column: str) -> Rule:
    value = col(column)
    return Rule("quantity-range", "quantities", column).requires(
        empty(column)
        # A count or an ordinal below zero breaks quantity-whole.
        | implies(is_one_of("property", "duration", "length", "mass", "ratio"), value >= 0)
        & implies(is_one_of("property", "ordinal"), value != 0)
    )


QUANTITIES = (
    Rule("quantity-span", "quantities", "char_start").requires(
        (col("char_start") >= col("claim_id.char_start")) & (col("char_end") <= col("claim_id.char_end"))
    ),
    *(Rule("quantity-order", "quantities", lower).requires(col(lower) <= col(higher)) for lower, higher in _PAIRS),
    Rule("quantity-bounds", "quantities", "bound_type").requires(_bounds_fit()),
    Rule("quantity-as-worded", "quantities", "value_text", suggest=_suggest).requires(_AS_WORDED.value, _AS_WORDED),
    # If the values themselves do not fit the bound type or each other, another rule says so.
    Rule("bound-as-worded", "quantities", "bound_type", suggest=_suggest).requires(
        implies(_bounds_fit() & _IN_ORDER, _BOUND_AS_WORDED.value), _BOUND_AS_WORDED
    ),
    *(_whole_rule(column) for column in _VALUES),
    *(_range_rule(column) for column in _VALUES),
    Rule("unit-as-worded", "quantities", "unit").requires(_UNIT.value, _UNIT),
    Rule("money-unit", "quantities", "unit").requires(~is_one_of("property", "money") | col("unit").is_in(_CURRENCIES)),
    Rule("value-modality", "quantities", "value_modality").requires(col("value_modality") != col("claim_id.modality")),
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
