"""Measures of agreement between two coders, and their bootstrap.

`weights` has a row for each draw: how often each unit was drawn. All sums are of whole numbers below 2⁵³, and so the
same on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import krippendorff
import numpy as np
from numpy.typing import NDArray

from curation.reliability.codings import Level, Value

DRAWS, SEED = 2000, 20240623
_WHOLE = math.lcm(*range(1, 17))
"""The distance of two sets without a common element: those of other small sets are then whole numbers, too."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class Codings(NamedTuple):
    """The values of both coders by unit, as indexes into a list of values, and the distances between these."""

    first: Codes
    second: Codes
    level: Level
    distance: Floats


def number(values: Sequence[Sequence[Value]], level: Level, order: Sequence[str] = ()) -> Codings:
    """Number the values that both coders gave to each unit, by rank if they have an `order`."""
    ranks = {text: rank for rank, text in enumerate(order)}
    present = {each for unit in values for each in unit}
    known = sorted(present, key=lambda value: sorted((ranks.get(cells[0], 0), cells) for cells in value))
    codes = {value: code for code, value in enumerate(known)}
    first, second = np.array([[codes[each] for each in unit] for unit in values]).T
    distance = jaccard(known) if level == "set" else 1 - np.eye(len(known))
    return Codings(first, second, level, distance)


def jaccard(sets: Sequence[Value]) -> Floats:
    """Return the Jaccard distances between different sets, as whole numbers."""
    distances = [[round(_WHOLE * (1 - len(a & b) / len(a | b))) if a != b else 0 for b in sets] for a in sets]
    return np.array(distances, dtype=np.float64)


def percent_agreement(coded: Codings, weights: Floats) -> Floats:
    """Return the share of units with the same value."""
    return np.asarray((weights * (coded.first == coded.second)).sum(axis=1) / weights.sum(axis=1))


def ac1(coded: Codings, weights: Floats) -> Floats:
    """Return Gwet's AC1; NaN if there is only one value."""
    counts = _counts(coded, weights)
    squared = counts.sum(axis=1) ** 2
    chance = (squared - (counts**2).sum(axis=1)) / (squared * (len(coded.distance) - 1))
    return np.asarray((percent_agreement(coded, weights) - chance) / (1 - chance))


def f1(coded: Codings, weights: Floats) -> Floats:
    """Return the F1 of the units that a coder has (1) or lacks (0)."""
    both = (weights * coded.first * coded.second).sum(axis=1)
    return np.asarray(2 * both / (weights * (coded.first + coded.second)).sum(axis=1))


def alpha(coded: Codings, weights: Floats) -> Floats:
    """Return Krippendorff's alpha; NaN if there is only one value."""
    counts = _counts(coded, weights)
    distance = coded.distance[None]
    if coded.level == "ordinal":
        ranks = np.cumsum(counts, axis=1) - counts / 2
        distance = (ranks[:, :, None] - ranks[:, None, :]) ** 2
    observed = (weights * distance[:, coded.first, coded.second]).sum(axis=1)
    expected = (np.matmul(counts[:, None, :], distance)[:, 0] * counts).sum(axis=1)
    return np.asarray(1 - 2 * (counts.sum(axis=1) - 1) * observed / expected)


def package_alpha(coded: Codings, weights: Floats) -> float:
    """Return the alpha of one draw as the package `krippendorff` computes it, which is too slow for all draws."""
    data = [np.repeat(codes, weights.astype(int)) for codes in (coded.first, coded.second)]
    if len(np.unique(data)) < 2:
        return math.nan
    metric: Any = coded.level if coded.level == "ordinal" else lambda one, other, **_: coded.distance[one, other]
    return float(krippendorff.alpha(data, level_of_measurement=metric))


def _counts(coded: Codings, weights: Floats) -> Floats:
    """Return how often each value was given, by draw."""
    identity = np.eye(len(coded.distance))
    return np.asarray(weights @ (identity[coded.first] + identity[coded.second]))


MEASURES: Mapping[Level, Mapping[str, Callable[[Codings, Floats], Floats]]] = {
    "nominal": {"krippendorff_alpha": alpha, "percent_agreement": percent_agreement, "ac1": ac1},
    "ordinal": {"krippendorff_alpha": alpha, "percent_agreement": percent_agreement},
    "set": {"krippendorff_alpha": alpha, "percent_agreement": percent_agreement},
    "unit": {"f1": f1},
}


def resample(groups: Sequence[Hashable]) -> Floats:
    """Return the weights of units, by the group of each: first one each, then for draws of whole groups."""
    index = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    # NumPy promises that the raw numbers stay the same in later versions, but not what its generators make of them.
    drawn = np.random.PCG64(SEED).random_raw((DRAWS, len(index))) % len(index)
    counts = [np.bincount(each, minlength=len(index)) for each in drawn.astype(np.int64)]
    return np.array([np.ones(len(index)), *counts])[:, [index[group] for group in groups]]


def estimate(measure: str, coded: Codings, resamples: Sequence[Floats]) -> tuple[float, float, float] | None:
    """Return a measure and the widest of its 95 % intervals, or None where it is undefined.

    Draws in which it is undefined are left out.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        results = [MEASURES[coded.level][measure](coded, weights) for weights in resamples]
    value = package_alpha(coded, resamples[0][0]) if measure == "krippendorff_alpha" else float(results[0][0])
    if math.isnan(value):
        return None
    intervals = [np.nanquantile(result[1:], (0.025, 0.975)) for result in results]
    low, high = max(intervals, key=lambda each: float(each[1] - each[0]))
    return value, float(low), float(high)
