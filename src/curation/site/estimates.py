"""The estimates: how much was supplied, as the interval that each claim states, by claimant and date.

They are amounts of transfers, coloured by whether these took place, but no carriers and no figures of speech. An open
end is an arrow, a vague quantity its words, a hedged one a dashed line. No midpoint is ever drawn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import shorten
from typing import Any

import altair as alt

from curation.site.content import Content, Row
from curation.site.figures import (
    Figure,
    base_chart,
    colour,
    humanize,
    label_lines,
    points,
    specification,
)
from russia_dprk_claims.checks import edtf
from russia_dprk_claims.frames import records
from russia_dprk_claims.questions.transfers import figure_rows
from russia_dprk_claims.sentences import date_in_words

# Bounds whose words exclude the value: drawn as an open ring, as in mathematics.
EXCLUSIVE = ("more_than", "less_than")
CAPTION = (
    "Each line is one claim. A dot is a stated end, a ring an excluded end, an arrow an open end, a diamond a single "
    "value. Dashed: hedged. Crossed out: denied. Words alone: no value is stated."
)


def amounts(content: Content) -> list[Row]:
    """Return the amounts of transfers with all that a drawing of them needs, the most frequent unit first."""
    figures = records(figure_rows(content.package))
    rows = [_row(each) for each in figures if each["transfer_measure"] == "amount" and not each["rhetorical"]]
    counts = Counter(row["unit"] for row in rows)
    return sorted(rows, key=lambda row: (-counts[row["unit"]], row["unit"], row["sort"], row["id"]))


def estimates(content: Content) -> list[Figure]:
    """Return one figure for each unit of the supplied amounts."""
    vocabulary = content.contract["transfers"].by_name["realization"].enum
    units = groupby(amounts(content), lambda row: row["unit"])
    return [_figure(unit, list(rows), vocabulary) for unit, rows in units]


def file_name(unit: str) -> str:
    """Return a unit as part of a file name, different for each unit.

    >>> file_name("{trading_partner}"), file_name("%"), file_name("a")
    ('trading-partner', 'unit-25', 'unit-61')
    """
    if re.fullmatch(r"\{[a-z]+(_[a-z]+)*\}", unit):
        return unit.strip("{}").replace("_", "-")
    return f"unit-{unit.encode('utf-8').hex()}"


def _row(cells: Row) -> Row:
    day = cells["event_date"] or cells["published_on"] or ""
    date = f"{'' if cells['event_date'] else 'published '}{date_in_words(day)}" if day else "no date"
    days = edtf.day_range(day)
    worded, item, how, key = cells["value_text"], cells["item"], humanize(cells["realization"]), cells["quantity_id"]
    qualifiers = [
        humanize(each) for each in (cells["modality"], cells["polarity"]) if each not in {"certain", "affirmed"}
    ]
    claimant = f"{cells['voice']}, {cells['source_id']}, {date}"
    return {
        "id": key,
        "href": f"#{key}",
        **{name: cells[name] for name in ("unit", "item", "claim_id", "transfer_id", "realization")},
        "worded": worded,
        "low": cells["value_low"],
        "best": cells["value_best"],
        "high": cells["value_high"],
        "bound": cells["bound_type"],
        "open": cells["bound_type"] in EXCLUSIVE,
        "hedged": cells["modality"] != "certain",
        "denied": cells["polarity"] != "affirmed",
        "date": date,
        "sort": str(days.earliest or days.latest) if days and day[:4] != "XXXX" else "9999",
        "key": label_lines(*(shorten(text, 52, placeholder="…") for text in (claimant, item)), key),
        "words": ", ".join([f"“{worded}” {how}", *qualifiers]),
        "label": f"{worded}: {item}, {how}. {cells['attribution']}, {date}.",
    }


def _figure(unit: str, rows: list[Row], realizations: Sequence[str]) -> Figure:
    noun = humanize(unit)
    # The scale ends a little beyond the largest stated value.
    largest = max((row[end] for row in rows for end in ("low", "best", "high") if row[end] is not None), default=1)
    farthest = alt.param("farthest", value=1.12 * largest)
    return Figure(
        name=f"estimates-{file_name(unit)}",
        title=f"How much, according to whom: {noun}",
        caption=CAPTION,
        spec=specification(_layers(noun, colour("realization", realizations, rows, "Realization")), 58, farthest),
        rows=rows,
    )


def _layers(noun: str, realization: alt.Color) -> list[alt.Chart]:
    base = base_chart(
        "sort", labelExpr="slice(split(datum.label, '\\u2028'), 0, 2)", labelPadding=14, labelLineHeight=15
    ).transform_calculate(
        start="datum.best != null ? datum.best : datum.low != null ? datum.low : 0",
        end="datum.best != null ? datum.best : datum.high != null ? datum.high : farthest",
    )
    return [*_intervals(base.encode(color=realization), noun), *_words(base, noun)]


def _x(column: str, noun: str) -> alt.X:
    axis = alt.Axis(labelExpr="format(datum.value, '~s')", tickCount=6)
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("farthest"), nice=False, zero=True)
    return alt.X(f"{column}:Q", scale=scale, title=f"Number ({noun})", axis=axis)


def _intervals(base: alt.Chart, noun: str) -> Iterator[alt.Chart]:
    """Yield the lines, their stated ends, the arrows at open ends, and the single values."""
    start, end = _x("start", noun), _x("end", noun)
    ranged = base.transform_filter("datum.low != null || datum.high != null")
    for hedged, dash in (("false", [1, 0]), ("true", [7, 5])):
        part = ranged.transform_filter(f"datum.hedged == {hedged}")
        yield part.mark_rule(strokeWidth=4, strokeDash=dash).encode(x=start, x2="end:Q")
    for column in ("low", "high"):
        stated = base.transform_filter(f"datum.{column} != null")
        yield points(stated, "!datum.open", _x(column, noun), size=120)
        yield points(stated, "datum.open", _x(column, noun), size=120, filled=False, strokeWidth=3)
    up, down = "datum.low != null && datum.high == null", "datum.low == null && datum.high != null"
    yield points(base, up, end, shape="triangle-right", size=220, xOffset=-5)
    yield points(base, down, start, shape="triangle-left", size=220, xOffset=5)
    yield points(base, "datum.best != null", _x("best", noun), shape="diamond", size=170)


def _words(base: alt.Chart, noun: str) -> Iterator[alt.Chart]:
    """Yield the words of the quantities, and the crosses on denied ones."""
    x, words = _x("start", noun), alt.Text("words:N")
    styles: dict[str, dict[str, Any]] = {
        "datum.bound != 'vague'": {"baseline": "bottom", "dy": -10, "dx": -4},
        "datum.bound == 'vague'": {"baseline": "middle", "dx": 6, "fontStyle": "italic"},
    }
    for condition, style in styles.items():
        part = base.transform_filter(condition).mark_text(align="left", fontSize=12, limit=460, **style)
        yield part.encode(x=x, text=words)
    yield points(base, "datum.denied", x, shape="cross", angle=45, size=260)
