"""Figures: quantities whose values are the numbers that their words name, in digits, scales and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic import dates
from russia_dprk_claims.bench.synthetic.cells import Cells, any_of, frame, joined, pick, sprinkled, text, vocabulary
from russia_dprk_claims.bench.synthetic.cells import where as cell_where
from russia_dprk_claims.bench.synthetic.draws import Flags, Numbers, below, chance
from russia_dprk_claims.bench.synthetic.links import nested
from russia_dprk_claims.bench.synthetic.passages import Passages, notes, published_month
from russia_dprk_claims.bench.synthetic.phrases import MATTERS
from russia_dprk_claims.bench.synthetic.profile import Profile
from russia_dprk_claims.contract import Contract

# The words before a figure, by what they make of it.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "exact": ("", "", "", "exactly "),
    "approximate": ("about ", "some ", "roughly ", "almost "),
    "at_least": ("at least ", "no fewer than "),
    "more_than": ("more than ", "over "),
    "up_to": ("up to ", "as many as "),
    "less_than": ("fewer than ", "under "),
}
_SIDE = {"at_least": "low", "more_than": "low", "up_to": "high", "less_than": "high"}
_VAGUE = ("dozens", "several", "many", "a great number", "“countless”", "more and more")
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PLACED = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    "twelfth",
)
# Units of the kinds of figure that the real dataset does not have.
_UNITS: Mapping[str, tuple[str, ...]] = {
    "mass": ("kg", "t"),
    "money": ("USD", "RUB", "KRW"),
    "share": ("%",),
    "length": ("mm", "km"),
    "duration": ("a", "mo", "wk", "d"),
    "ratio": ("1",),
}
_TENTHS = tuple(each for each in range(11, 100) if each % 10)
# Where a figure is a place in an order or a ratio, its bound stays as it is.
_BOUND = ("ordinal", "ratio")


@dataclass(frozen=True)
class _Figures:
    """Numbers as words, and the same as cells."""

    words: pl.Series
    values: pl.Series


def quantity_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `quantities`."""
    profile = made.outline.profile
    contract, real = profile.contract, profile["quantities"]
    owner, row, own = nested(made, "quantities")
    kind = _kinds(profile, row, own)
    bound = _bounds(profile, row, own, kind)
    value_text, values = _worded(own, kind, bound)
    start = made.start[owner] + below("place", own, 10)
    end = np.minimum(start + value_text.str.len_chars().to_numpy(), made.end[owner])
    ids = joined(made.ids.gather(pl.Series(owner)), "-Q", text(_number(owner)))
    ratio: Flags = (kind == "ratio").to_numpy()
    has_parent = real.has("parent_quantity_id", row)
    cells: Cells = {
        "quantity_id": ids,
        "claim_id": made.ids.gather(pl.Series(owner)),
        "char_start": start,
        "char_end": end,
        "value_text": value_text,
        "item": any_of("matter", own, MATTERS),
        "property": kind,
        **values,
        "bound_type": bound,
        "unit": _unit(profile, own, kind),
        "stage": sprinkled("stage", own, real.column("stage", row), vocabulary(contract, "quantities", "stage"), 0.15),
        "value_modality": sprinkled(
            *("value modality", own, real.column("value_modality", row)),
            *(vocabulary(contract, "quantities", "value_modality"), 0.1),
        ),
        "period": cell_where(chance("period", own, 0.03), _periods(made, owner, own)),
        "ratio_direction": cell_where(
            ratio, any_of("direction", own, vocabulary(contract, "quantities", "ratio_direction"))
        ),
        "ratio_base": cell_where(ratio, any_of("base", own, MATTERS)),
        "parent_quantity_id": cell_where(has_parent, joined(made.ids.gather(pl.Series(owner)), "-Q1")),
        "rhetorical": real.column("rhetorical", row),
        "note": cell_where(real.has("note", row), notes("quantities", own)),
    }
    return frame(contract["quantities"], cells)


def _number(owner: Numbers) -> Numbers:
    """Return the number of each figure in its claim, from 1."""
    first = np.searchsorted(owner, owner, side="left")
    return np.arange(len(owner)) - first + 1


def _periods(made: Passages, owner: Numbers, own: Numbers) -> pl.Series:
    month = published_month(made.source[owner]) - below("period", own, 12)
    return dates.calendar()["date"].gather(pl.Series(dates.any_date("period", own, month)))


# --- kinds, bounds and units --------------------------------------------------------------------------------------


def _kinds(profile: Profile, row: Numbers, own: Numbers) -> pl.Series:
    real = profile["quantities"].column("property", row)
    return sprinkled("kind", own, real, vocabulary(profile.contract, "quantities", "property"), 0.15)


def _bounds(profile: Profile, row: Numbers, own: Numbers, kind: pl.Series) -> pl.Series:
    real = profile["quantities"].column("bound_type", row)
    free: Flags = ~kind.is_in(list(_BOUND)).to_numpy()
    made = sprinkled("bound", own, real, vocabulary(profile.contract, "quantities", "bound_type"), 0.3, free)
    return cell_where(free, made, "exact")


def _units(profile: Profile, contract: Contract) -> Mapping[str, tuple[str, ...]]:
    """Return the units of each kind of figure: the real ones, and others where there are few."""
    real = profile["quantities"].rows
    return {
        kind: (*real.filter(pl.col("property") == kind)["unit"].unique(maintain_order=True), *_UNITS.get(kind, ()))
        for kind in vocabulary(contract, "quantities", "property")
    }


def _unit(profile: Profile, own: Numbers, kind: pl.Series) -> pl.Series:
    made = pl.Series([None], dtype=pl.String).new_from_index(0, len(own))
    for name, units in _units(profile, profile.contract).items():
        made = cell_where((kind == name).to_numpy(), any_of(f"unit {name}", own, units), made)
    return made


# --- figures ------------------------------------------------------------------------------------------------------


def _either(flags: Flags, then: _Figures, otherwise: _Figures) -> _Figures:
    return _Figures(cell_where(flags, then.words, otherwise.words), cell_where(flags, then.values, otherwise.values))


def _grouped(numbers: Numbers) -> pl.Series:
    """Return numbers with a comma before every three figures."""
    thousands, units = text(numbers // 1000), text(numbers % 1000)
    millions = joined(text(numbers // 1_000_000), ",", text(numbers // 1000 % 1000).str.zfill(3))
    head = cell_where(numbers >= 1_000_000, millions, thousands)
    return cell_where(numbers >= 1000, joined(head, ",", units.str.zfill(3)), units)


def _digits(numbers: Numbers) -> _Figures:
    return _Figures(_grouped(numbers), text(numbers))


def _counted(numbers: Numbers) -> _Figures:
    return _Figures(pick(_COUNTED, numbers % 12), text(numbers % 12 + 1))


def _scaled(tenths: Numbers) -> _Figures:
    """Return figures such as 4.8 million, of which the tenths of a million are given."""
    words = joined(text(tenths // 10), ".", text(tenths % 10), " million")
    return _Figures(words, text(tenths * 100_000))


def _parts(tenths: Numbers) -> _Figures:
    """Return figures such as 2.5, of which the tenths are given: none of them a whole number."""
    odd = tenths + (tenths % 10 == 0)
    number = joined(text(odd // 10), ".", text(odd % 10))
    return _Figures(number, number)


def _any_figure(name: str, own: Numbers, kind: pl.Series) -> _Figures:
    # Shares, ratios and durations are small, counts and sums of any size.
    small: Flags = kind.is_in(["share", "duration", "ratio"]).to_numpy()
    size = 10 ** (1 + np.where(small, 0, below(f"{name} size", own, 6)))
    digits = _digits(size + below(f"{name} digits", own, 9 * size))
    whole = _either(
        ~small & chance(f"{name} in millions", own, 0.2),
        _scaled(np.array(_TENTHS)[below(f"{name} millions", own, len(_TENTHS))]),
        _either(chance(f"{name} in words", own, 0.35), _counted(below(f"{name} words", own, 12)), digits),
    )
    parted: Flags = (small | (kind == "mass").to_numpy()) & chance(f"{name} parts", own, 0.3)
    return _either(parted, _parts(11 + below(f"{name} tenths", own, 900)), whole)


def _worded(own: Numbers, kind: pl.Series, bound: pl.Series) -> tuple[pl.Series, Mapping[str, pl.Series]]:
    """Return figures with the words that bound them, and the cells of their values."""
    figure = _any_figure("figure", own, kind)
    place = below("ordinal", own, 12)
    ordinal: Flags = (kind == "ordinal").to_numpy()
    figure = _either(ordinal, _Figures(pick(_PLACED, place), text(place + 1)), figure)
    words = figure.words
    for name, signs in _SIGNS.items():
        words = cell_where((bound == name).to_numpy(), joined(any_of(f"sign {name}", own, signs), figure.words), words)
    ranged, vague = (bound == "range").to_numpy(), (bound == "vague").to_numpy()
    lower = 10 + below("lower", own, 90_000)
    upper = lower + 1 + below("upper", own, 90_000)
    words = cell_where(ranged, joined("between ", _grouped(lower), " and ", _grouped(upper)), words)
    words = cell_where(vague, any_of("vague", own, _VAGUE), words)
    side = bound.replace_strict(_SIDE, default="best", return_dtype=pl.String)
    one = ~ranged & ~vague
    values = {
        "value_low": cell_where(ranged, text(lower), cell_where(one & (side == "low").to_numpy(), figure.values)),
        "value_best": cell_where(one & (side == "best").to_numpy(), figure.values),
        "value_high": cell_where(ranged, text(upper), cell_where(one & (side == "high").to_numpy(), figure.values)),
    }
    return words, values
