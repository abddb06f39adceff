"""The timeline: what the claims say happened or will, by topic; an imprecise date is drawn as the days it covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import altair as alt

from curation.site.content import Content
from curation.site.figures.figure import Figure, Row, in_words, lines, text_of
from curation.site.figures.style import Chart, links, specification
from russia_dprk_claims.checks import edtf

SURE = "certain"
SHORT = timedelta(days=10)
# The scale reaches this share of its length beyond the dates, where arrows show that an end is open.
MARGIN = 0.04
_COLUMNS = {
    "date": "Date (EDTF)",
    "topic_words": "Topic",
    "claim": "Claim",
    "attribution": "Who says so",
    "basis_words": "How the date is known",
    "surety": "How surely",
    "id": "Row",
}


def timeline(content: Content) -> list[Figure]:
    """Return the figure of all claims that stand and have a date; none where no claim has."""
    rows = [row for each in content.claims.reset_index().to_dict("records") if (row := _row(each))]
    if not rows:
        return []
    fields = content.contract["claims"].by_name
    topics = {topic: number for number, topic in enumerate(fields["topic"].enum)}
    rows.sort(key=lambda row: (topics[row["topic"]], row["begin"], row["finish"], row["id"]))
    first, last = _bounds(rows)
    _place(rows, first, last)
    bases = [each for each in fields["date_basis"].enum if any(row["basis"] == each for row in rows)]
    undated = len(content.claims) - len(rows)
    figure = Figure(
        name="timeline",
        view="timeline",
        choice="",
        title="When, by topic: what the claims say happened or will",
        caption="Each bar is one claim and covers the days that its date may mean; a diamond is a date known to within "
        "days, an arrow an end left open, ≈ a date given as approximate or doubtful. Hollow: hedged. A cross: denied.",
        spec=specification(_chart(list(fields["date_basis"].enum), bases)),
        data={"rows": rows},
        columns=_COLUMNS,
        params={"first": first, "last": last},
        left_out=f"{undated} claims have no date and are not drawn." if undated else "",
    )
    return [figure]


def _row(cells: dict[str, Any]) -> Row | None:
    worded = text_of(cells["event_date"])
    days = edtf.covered(worded)
    if days is None:
        return None
    surety, polarity, topic = str(cells["modality"]), str(cells["polarity"]), str(cells["topic"])
    begin, finish = days.earliest, days.latest and days.latest + timedelta(days=1)
    row: Row = {
        "id": cells["claim_id"],
        "href": f"#{cells['claim_id']}",
        "date": worded,
        "topic": topic,
        "topic_words": in_words(topic),
        "claim": cells["claim_text"],
        "attribution": cells["attribution"],
        "basis": cells["date_basis"],
        "basis_words": f"{in_words(str(cells['date_basis']))}, {in_words(str(cells['date_status']))}",
        "hedged": surety != SURE,
        "denied": polarity != "affirmed",
        "surety": ", ".join([in_words(surety), *([in_words(polarity)] if polarity != "affirmed" else [])]),
        "begin": _instant(begin) if begin else None,
        "finish": _instant(finish) if finish else None,
        "approximate": any(sign in worded for sign in "~?%"),
        "exact": bool(begin and finish and finish - begin <= SHORT),
    }
    row["begin"], row["finish"] = row["begin"] or float("-inf"), row["finish"] or float("inf")
    return row


def _instant(day: date) -> float:
    """Return a day as the milliseconds that a time scale counts."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def _bounds(rows: Iterable[Row]) -> tuple[float, float]:
    known = [row[end] for row in rows for end in ("begin", "finish") if abs(row[end]) != float("inf")]
    margin = MARGIN * max(max(known) - min(known), 86_400_000.0)
    return min(known) - margin, max(known) + margin


def _place(rows: list[Row], first: float, last: float) -> None:
    """Put each row into the first lane of its topic that is free, and its open ends at the edges of the scale."""
    lanes: dict[str, list[float]] = {}
    gap = (last - first) / 150
    for row in rows:
        row["open_begin"], row["open_finish"] = row["begin"] < first, row["finish"] > last
        row["begin"], row["finish"] = max(row["begin"], first), min(row["finish"], last)
        ends = lanes.setdefault(row["topic"], [])
        lane = next((number for number, end in enumerate(ends) if end + gap <= row["begin"]), len(ends))
        ends[lane : lane + 1] = [max(row["finish"], row["begin"] + gap)]
        row["lane"] = lane
        row["key"] = lines(row["topic_words"], f"{lane:05d}")
        row["place"] = list(lanes).index(row["topic"]) * 100_000 + lane


def _chart(bases: list[str], shown: list[str]) -> Chart:
    first_lane = "split(datum.label, '\\u2028')[1] == '00000'"
    axis = alt.Axis(
        labelExpr=f"{first_lane} ? split(datum.label, '\\u2028')[0] : ''",
        title=None,
        ticks=False,
        domain=False,
        grid=True,
        gridOpacity=alt.condition(first_lane.replace("datum.label", "datum.value"), alt.value(1), alt.value(0)),
        bandPosition=0,
        labelOverlap=False,
        labelPadding=12,
    )
    y = alt.Y("key:N", sort=alt.EncodingSortField("place", op="min"), axis=axis)
    colour = alt.Color(
        "basis:N",
        scale=alt.Scale(domain=bases),
        legend=alt.Legend(title="The date is", values=shown, labelExpr="replace(datum.label, '_', ' ')"),
    )
    # What a mark says is put together where it is drawn: written out, it would double the data of the page.
    said = "datum.date + ': ' + datum.claim + ' ' + datum.attribution + ', ' + datum.surety + '.'"
    more = "'Date ' + datum.basis_words + ' · ' + datum.id"
    plain = alt.Chart(alt.NamedData("rows")).transform_calculate(said=said, more=more).encode(y=y, **links())
    layers = list(_marks(plain.encode(color=colour), plain))
    edges = [alt.param("first", value=0), alt.param("last", value=1)]
    return alt.layer(*layers).add_params(*edges).properties(height=alt.Step(17), width=860)


def _x(column: str) -> alt.X:
    ends = {"domainMin": alt.ExprRef("first"), "domainMax": alt.ExprRef("last")}
    axis = alt.Axis(format="%Y", tickCount="year", orient="top", labelPadding=6)
    return alt.X(f"{column}:T", scale=alt.Scale(type="utc", nice=False, **ends), title=None, axis=axis)


def _marks(base: alt.Chart, plain: alt.Chart) -> Iterator[alt.Chart]:
    ranged = base.transform_filter("!datum.exact")
    sure, hedged = (ranged.transform_filter(f"datum.hedged == {each}") for each in ("false", "true"))
    yield sure.mark_bar(height=9, cornerRadius=2, opacity=1).encode(x=_x("begin"), x2="finish:T")
    yield hedged.mark_bar(height=8, cornerRadius=2, filled=False, strokeWidth=1.5, strokeDash=[4, 2]).encode(
        x=_x("begin"), x2="finish:T"
    )
    exact = base.transform_filter("datum.exact")
    yield (
        exact.transform_filter("!datum.hedged")
        .mark_point(shape="diamond", size=110, filled=True, opacity=1)
        .encode(x=_x("begin"))
    )
    yield (
        exact.transform_filter("datum.hedged")
        .mark_point(shape="diamond", size=100, filled=False, strokeWidth=1.5, opacity=1)
        .encode(x=_x("begin"))
    )
    arrow: dict[str, Any] = {"size": 130, "filled": True, "opacity": 1}
    yield (base.transform_filter("datum.open_begin").mark_point(shape="triangle-left", **arrow).encode(x=_x("begin")))
    yield (
        base.transform_filter("datum.open_finish").mark_point(shape="triangle-right", **arrow).encode(x=_x("finish"))
    )
    roughly = plain.transform_filter("datum.approximate && !datum.open_finish")
    yield roughly.mark_text(text="≈", align="left", dx=6, fontSize=12).encode(x=_x("finish"))
    denied = plain.transform_filter("datum.denied")
    yield denied.mark_point(shape="cross", angle=45, size=110, filled=True, opacity=1, xOffset=5).encode(x=_x("begin"))
