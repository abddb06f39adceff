"""The table `reliability`: every measure of every column that two coders coded, with its interval and band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from curation.documents.editor_schema import modeline
from curation.reliability.codings import ATTRIBUTES, Attribute, Claim, Unit, Value, units
from curation.reliability.measures import MEASURES, Codings, Floats, estimate, number, resample
from curation.seeds.files import SEEDS
from russia_dprk_claims.contract import Contract

THRESHOLDS = (0.3, 0.5, 0.7, 0.9)
PAIRED = 0.5
"""The IoU from which the attributes of two claims are compared."""
RELIABLE, TENTATIVE = 0.8, 0.667
SEED_FILE = f"{SEEDS}/reliability.yaml"
UNMATCHED: Value = frozenset({("unmatched",)})


class Row(NamedTuple):
    """A row of the table; the first five cells are its key."""

    table_name: str
    column_name: str
    measure: str
    threshold: str
    unmatched: str
    level: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    band: str


def reliability(first: Sequence[Claim], second: Sequence[Claim], contract: Contract) -> list[Row]:
    """Return the rows of the table, sorted by key, for two codings by one contract."""
    rows: list[Row] = []
    for threshold in THRESHOLDS:
        every = units(first, second, threshold)
        found = np.array([[each is not None for each in unit] for unit in every], dtype=np.int64)
        coded = Codings(found[:, 0], found[:, 1], "unit", 1 - np.eye(2))
        rows += _rows(Attribute("claims", "span"), "as_value", coded, _resamples(every), len(every), str(threshold))
    every = units(first, second, PAIRED)
    pairs = [unit for unit in every if all(unit)]
    drawn, drawn_pairs = _resamples(every), _resamples(pairs)
    for each in ATTRIBUTES:
        values = values_of(each, pairs)
        if each.shared:
            rows += _rows(each, "excluded", *_together(values, drawn_pairs), len(pairs))
            continue
        coded = number(values, each.level, contract[each.table].by_name[each.column].order)
        rows += _rows(each, "excluded", coded, drawn_pairs, len(pairs))
        # Unmatched claims have no place in an order.
        coded = number(values_of(each, every), "nominal" if each.level == "ordinal" else each.level)
        rows += _rows(each, "as_value", coded, drawn, len(every))
    return sorted(rows)


def values_of(attribute: Attribute, compared: Sequence[Unit]) -> list[list[Value]]:
    """Return the values that both coders gave to each unit; that of no claim is `UNMATCHED`."""
    return [[each.values[attribute] if each else UNMATCHED for each in unit] for unit in compared]


def seed_file(rows: Sequence[Row]) -> bytes:
    """Return the seed file of the table, from which the build makes the CSV."""
    lines = [
        modeline(None),
        "# Made from seeds/codings by scripts/reliability.py; do not edit. The contract: schemas/reliability.json.",
        "reliability:",
    ]
    for row in rows:
        # Without quotes, an editor reads a threshold as a number.
        quoted = row._replace(threshold=f'"{row.threshold}"')._asdict()
        cells = ((name, f"{cell:g}" if isinstance(cell, float) else cell) for name, cell in quoted.items())
        lines.append(f"- {{{', '.join(f'{name}: {cell}' for name, cell in cells if cell is not None)}}}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def band(value: float | None) -> str:
    """Return the band of a value.

    >>> [band(each) for each in (0.8, 0.799, 0.667, 0.666, None)]
    ['reliable', 'tentative', 'tentative', 'caution', 'undefined']
    """
    if value is None:
        return "undefined"
    return "reliable" if value >= RELIABLE else "tentative" if value >= TENTATIVE else "caution"


def _together(values: Sequence[Sequence[Value]], drawn: Sequence[Floats]) -> tuple[Codings, list[Floats]]:
    """Compare for every two claims whether each coder gave them an id in common.

    The units are the four answers that two coders can give; the weight of one is how many pairs of claims have it.
    """
    one, other = (np.array([[bool(a[side] & b[side]) for b in values] for a in values]) for side in (0, 1))
    answers = [(one & other), (one & ~other), (~one & other), (~one & ~other)]
    different = 1 - np.eye(len(values))  # a claim that was drawn twice is no pair
    weights = [[((each @ (answer * different)) * each).sum(axis=1) / 2 for answer in answers] for each in drawn]
    coded = Codings(np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0]), "nominal", 1 - np.eye(2))
    return coded, [np.stack(each, axis=1) for each in weights]


def _resamples(compared: Sequence[Unit]) -> list[Floats]:
    """Draw claims, and draw sources."""
    found = [next(filter(None, unit)) for unit in compared]
    return [resample(range(len(found))), resample([each.source_id for each in found])]


def _rows(
    attribute: Attribute, unmatched: str, coded: Codings, drawn: Sequence[Floats], n: int, threshold: str = "none"
) -> list[Row]:
    rows = []
    for measure in MEASURES[coded.level]:
        found = estimate(measure, coded, drawn) or (None, None, None)
        value, low, high = (None if each is None else round(each, 3) + 0.0 for each in found)  # no -0.0
        key = (attribute.table, attribute.column, measure, threshold, unmatched)
        rows.append(Row(*key, coded.level, n, value, low, high, band(value)))
    return rows
