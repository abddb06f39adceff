"""Estimates of what was supplied: each figure as the interval that its words state, by claimant and date.

Drawn are the amounts of transferred goods: figures with a stage. A rhetorical figure is no measurement and is not
drawn. An end that the words leave open is drawn as an arrow, a vague figure as its words, a hedged one in dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import altair as alt

from curation.site.content import Content
from curation.site.figures.figure import Figure, Row, in_words, lines, number_of, shortened, text_of
from curation.site.figures.style import Chart, links, specification
from russia_dprk_claims.checks import edtf

NOT_SUPPLIED = "not_applicable"
SURE = "certain"
# The words of the bound exclude their value: drawn as an open ring, as mathematicians draw it.
EXCLUSIVE = ("more_than", "less_than")
_CLAIM = ("polarity", "modality", "voice", "attribution", "event_date", "source_id", "source", "published_on")
_COLUMNS = {
    "worded": "As worded",
    "item": "What",
    "stage": "Stage",
    "low": "Lowest",
    "best": "Value",
    "high": "Highest",
    "attribution": "Who says so",
    "date": "Date",
    "surety": "How surely",
    "id": "Row",
}


def estimates(content: Content) -> list[Figure]:
    """Return a figure for each unit in which amounts of transferred goods are stated, the commonest first."""
    rows = sorted(_rows(content), key=lambda row: (row["when"], row["id"]))
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["unit"]] = counts.get(row["unit"], 0) + 1
    stages = content.contract["quantities"].by_name["stage"].enum
    units = sorted(counts, key=lambda unit: (-counts[unit], unit))
    return [_figure(unit, [row for row in rows if row["unit"] == unit], stages) for unit in units]


def file_name(unit: str) -> str:
    """Return a unit as part of a name of files, different for different units.

    Examples
    --------
    >>> file_name("{trading_partner}"), file_name("%"), file_name("a")
    ('trading-partner', 'unit-25', 'unit-61')
    """
    if re.fullmatch(r"\{[a-z]+(_[a-z]+)*\}", unit):
        return unit.strip("{}").replace("_", "-")
    return f"unit-{unit.encode('utf-8').hex()}"


def _rows(content: Content) -> Iterator[Row]:
    for each in content.of_claims("quantities", *_CLAIM).to_dict("records"):
        if each["stage"] != NOT_SUPPLIED and not each["rhetorical"]:
            yield _row(each)


def _row(cells: dict[str, Any]) -> Row:
    surety = cells["modality"] if cells["value_modality"] == "as_claim" else cells["value_modality"]
    date = text_of(cells["event_date"]) or text_of(cells["published_on"])
    kind = "" if text_of(cells["event_date"]) else "published "
    days = edtf.covered(date)
    denied = cells["polarity"] != "affirmed"
    doubts = [in_words(each) for each in (surety, cells["polarity"]) if each not in {SURE, "affirmed"}]
    row: Row = {
        "id": cells["quantity_id"],
        "href": f"#{cells['quantity_id']}",
        "unit": cells["unit"],
        "worded": cells["value_text"],
        "item": cells["item"],
        "stage": cells["stage"],
        "low": number_of(cells["value_low"]),
        "best": number_of(cells["value_best"]),
        "high": number_of(cells["value_high"]),
        "bound": cells["bound_type"],
        "open": cells["bound_type"] in EXCLUSIVE,
        "hedged": surety != SURE,
        "denied": denied,
        "attribution": cells["attribution"],
        "date": f"{kind}{date}" if date else "no date",
        "when": str(days.earliest or days.latest) if days else "9999",
        "surety": ", ".join([in_words(str(surety)), *([in_words(str(cells["polarity"]))] if denied else [])]),
    }
    row["key"] = lines(
        shortened(f"{cells['voice']}, {cells['source_id']}, {row['date']}", 52),
        shortened(cells["item"], 52),
        row["id"],
    )
    row["words"] = f"{'“' + row['worded'] + '”'} {in_words(row['stage'])}" + "".join(f", {each}" for each in doubts)
    row["said"] = f"{row['worded']}: {row['item']}, {in_words(row['stage'])}. {row['attribution']}, {row['date']}."
    row["more"] = f"{row['surety']} · {in_words(row['bound'])} · {row['id']}"
    return row


def _figure(unit: str, rows: list[Row], stages: tuple[str, ...]) -> Figure:
    what = in_words(unit)
    return Figure(
        name=f"estimates-{file_name(unit)}",
        view="estimates",
        choice=what,
        title=f"What was supplied, by whose word: {what}",
        caption="Each line is one claim. A dot is an end that the words state, a ring one that they exclude, an arrow "
        "an end left open; a diamond is a value named. Dashes: hedged. A cross: denied. Words alone: no value stated.",
        spec=specification(_chart(what, stages, sorted({row["stage"] for row in rows}, key=stages.index))),
        data={"rows": rows},
        columns=_COLUMNS,
        params={"farthest": farthest(rows)},
    )


def farthest(rows: list[Row]) -> float:
    """Return the end of the scale: a little beyond the largest value that is stated."""
    return 1.12 * max((row[end] for row in rows for end in ("low", "best", "high") if row[end] is not None), default=1)


def _chart(what: str, stages: tuple[str, ...], shown: list[str]) -> Chart:
    axis = alt.Axis(
        labelExpr="slice(split(datum.label, '\\u2028'), 0, 2)",
        title=None,
        ticks=False,
        domain=False,
        labelPadding=14,
        labelLineHeight=15,
        grid=True,
    )
    y = alt.Y("key:N", sort=alt.EncodingSortField("when", op="min"), axis=axis)
    colour = alt.Color(
        "stage:N",
        scale=alt.Scale(domain=list(stages)),
        legend=alt.Legend(title="Stage", values=shown, labelExpr="replace(datum.label, '_', ' ')", symbolType="square"),
    )
    plain = (
        alt.Chart(alt.NamedData("rows"))
        .encode(y=y, **links())
        .transform_calculate(
            start="datum.best != null ? datum.best : datum.low != null ? datum.low : 0",
            end="datum.best != null ? datum.best : datum.high != null ? datum.high : farthest",
        )
    )
    layers = [*_intervals(plain.encode(color=colour), what), *_words(plain, what)]
    return alt.layer(*layers).add_params(alt.param("farthest", value=1)).properties(height=alt.Step(58), width=860)


def _x(column: str, what: str) -> alt.X:
    axis = alt.Axis(labelExpr="format(datum.value, '~s')", tickCount=6)
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("farthest"), nice=False, zero=True)
    return alt.X(f"{column}:Q", scale=scale, title=f"Number ({what})", axis=axis)


def _intervals(base: alt.Chart, what: str) -> Iterator[alt.Chart]:
    """Yield the marks of what is stated: lines, their ends, arrows where an end is open, and values."""
    ranged = base.transform_filter("datum.low != null || datum.high != null")
    for hedged, dash in (("false", [1, 0]), ("true", [7, 5])):
        part = ranged.transform_filter(f"datum.hedged == {hedged}")
        yield part.mark_rule(strokeWidth=4, strokeDash=dash).encode(x=_x("start", what), x2="end:Q")
    for end in ("low", "high"):
        stated = base.transform_filter(f"datum.{end} != null")
        solid = stated.transform_filter("!datum.open").mark_point(size=120, filled=True, opacity=1)
        yield solid.encode(x=_x(end, what))
        ring = stated.transform_filter("datum.open").mark_point(size=120, filled=False, strokeWidth=3, opacity=1)
        yield ring.encode(x=_x(end, what))
    arrow: dict[str, Any] = {"size": 220, "filled": True, "opacity": 1}
    up = base.transform_filter("datum.low != null && datum.high == null")
    yield up.mark_point(shape="triangle-right", xOffset=-5, **arrow).encode(x=_x("end", what))
    down = base.transform_filter("datum.low == null && datum.high != null")
    yield down.mark_point(shape="triangle-left", xOffset=5, **arrow).encode(x=_x("start", what))
    named = base.transform_filter("datum.best != null").mark_point(shape="diamond", size=170, filled=True, opacity=1)
    yield named.encode(x=_x("best", what))


def _words(base: alt.Chart, what: str) -> Iterator[alt.Chart]:
    """Yield the figures as worded, and the crosses on those that are denied."""
    text: dict[str, Any] = {"align": "left", "fontSize": 12, "limit": 460}
    valued = base.transform_filter("datum.bound != 'vague'")
    yield valued.mark_text(**text, baseline="bottom", dy=-10, dx=-4).encode(x=_x("start", what), text="words:N")
    vague = base.transform_filter("datum.bound == 'vague'")
    yield vague.mark_text(**text, baseline="middle", dx=6, fontStyle="italic").encode(
        x=_x("start", what), text="words:N"
    )
    denied = base.transform_filter("datum.denied")
    yield denied.mark_point(shape="cross", angle=45, size=260, filled=True, opacity=1).encode(x=_x("start", what))
