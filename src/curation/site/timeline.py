"""The timeline: what the claims say happened or will happen, by topic; a date is drawn as all the days it may mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import Any

import altair as alt

from curation.site.content import Content, Row
from curation.site.figures import Figure, base_chart, certainty, colour, humanize, label_lines, points, specification
from russia_dprk_claims.checks import edtf

# Up to this length a date is drawn as a diamond.
SHORT = timedelta(days=10)
# The scale extends beyond the dates by this share of its length; arrows there show open ends.
MARGIN = 0.04
COLUMNS = {
    "date": "Date (EDTF)",
    "topic_words": "Topic",
    "claim": "Claim",
    "attribution": "Who says so",
    "basis_words": "How the date is known",
    "certainty": "Modality",
    "id": "Row",
}
CAPTION = (
    "Each bar is one claim and covers the days that its date may mean. A diamond is a date known to within ten days, "
    "an arrow an open end, ≈ an approximate or uncertain date. Hollow: hedged. Crossed out: denied."
)


def timeline(content: Content) -> list[Figure]:
    """Return the figure of all active claims with a date; no figure if no claim has one."""
    rows = [row for each in content.claims.values() if (row := _row(each))]
    if not rows:
        return []
    fields = content.contract["claims"].by_name
    topics, bases = fields["topic"].enum, fields["date_basis"].enum
    rows.sort(key=lambda row: (topics.index(row["topic"]), row["begin"], row["finish"], row["id"]))
    known = [row[end] for row in rows for end in ("begin", "finish") if abs(row[end]) != inf]
    margin = MARGIN * max(max(known) - min(known), 86_400_000.0)
    first, last = min(known) - margin, max(known) + margin
    _assign_lanes(rows, first, last)
    undated = len(content.claims) - len(rows)
    figure = Figure(
        name="timeline",
        view="timeline",
        choice="",
        title="What the claims say happened when, by topic",
        caption=CAPTION,
        spec=specification(_layers(colour("basis", bases, rows, "The date is"), [first, last]), 17),
        rows=rows,
        columns=COLUMNS,
        note=f"{undated} claims have no date and are not drawn." if undated else "",
    )
    return [figure]


def _row(cells: Row) -> Row | None:
    days = edtf.day_range(cells["event_date"] or "")
    if days is None or not (days.earliest or days.latest):
        return None
    begin, finish = days.earliest, days.latest and days.latest + timedelta(days=1)
    return {
        "id": cells["claim_id"],
        "href": f"#{cells['claim_id']}",
        "date": cells["event_date"],
        "topic": cells["topic"],
        "topic_words": humanize(cells["topic"]),
        "claim": cells["claim_text"],
        "attribution": cells["attribution"],
        "basis": cells["date_basis"],
        "basis_words": f"{humanize(cells['date_basis'])}, {humanize(cells['date_status'])}",
        "hedged": cells["modality"] != "certain",
        "denied": cells["polarity"] != "affirmed",
        "certainty": certainty(cells["modality"], cells["polarity"]),
        "begin": _milliseconds(begin) if begin else -inf,
        "finish": _milliseconds(finish) if finish else inf,
        "approximate": any(sign in cells["event_date"] for sign in "~?%"),
        "exact": bool(begin and finish and finish - begin <= SHORT),
    }


def _milliseconds(day: date) -> float:
    """Return the start of a day as a time scale counts it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def _assign_lanes(rows: Sequence[Row], first: float, last: float) -> None:
    """Assign each row to the first free lane of its topic, and end open dates at the edges of the scale."""
    lanes: dict[str, list[float]] = {}
    gap = (last - first) / 150
    for row in rows:
        row["open_begin"], row["open_finish"] = row["begin"] < first, row["finish"] > last
        row["begin"], row["finish"] = max(row["begin"], first), min(row["finish"], last)
        ends = lanes.setdefault(row["topic"], [])
        lane = next((number for number, end in enumerate(ends) if end + gap <= row["begin"]), len(ends))
        ends[lane : lane + 1] = [max(row["finish"], row["begin"] + gap)]
        row["key"] = label_lines(row["topic_words"], f"{lane:05d}")
        row["place"] = list(lanes).index(row["topic"]) * 100_000 + lane


def _layers(basis: alt.Color, limits: list[float]) -> Iterator[alt.Chart]:
    # The topic is the label of its first lane.
    first_lane = "split(datum.label, '\\u2028')[1] == '00000'"
    opacity = alt.condition(first_lane.replace("datum.label", "datum.value"), alt.value(1), alt.value(0))
    plain = base_chart(
        "place",
        labelExpr=f"{first_lane} ? split(datum.label, '\\u2028')[0] : ''",
        gridOpacity=opacity,
        bandPosition=0,
        labelOverlap=False,
        labelPadding=12,
    )
    # Labels are put together where they are drawn, as they would double the data of the page.
    label = "datum.date + ': ' + datum.claim + ' ' + datum.attribution + ', ' + datum.certainty + '.'"
    plain = plain.transform_calculate(label=label, detail="'Date ' + datum.basis_words + ' · ' + datum.id")
    coloured = plain.encode(color=basis)
    scale = alt.Scale(type="utc", nice=False, domainMin=limits[0], domainMax=limits[1])
    years = alt.Axis(format="%Y", tickCount="year", orient="top", labelPadding=6)
    begin, finish = (alt.X(f"{end}:T", scale=scale, title=None, axis=years) for end in ("begin", "finish"))
    hollow: dict[str, Any] = {"filled": False, "strokeWidth": 1.5}
    sure = coloured.transform_filter("!datum.exact && !datum.hedged")
    yield sure.mark_bar(height=9, cornerRadius=2, opacity=1).encode(x=begin, x2="finish:T")
    hedged = coloured.transform_filter("!datum.exact && datum.hedged")
    yield hedged.mark_bar(height=8, cornerRadius=2, strokeDash=[4, 2], **hollow).encode(x=begin, x2="finish:T")
    yield points(coloured, "datum.exact && !datum.hedged", begin, shape="diamond", size=110)
    yield points(coloured, "datum.exact && datum.hedged", begin, shape="diamond", size=100, **hollow)
    yield points(coloured, "datum.open_begin", begin, shape="triangle-left", size=130)
    yield points(coloured, "datum.open_finish", finish, shape="triangle-right", size=130)
    approximate = plain.transform_filter("datum.approximate && !datum.open_finish")
    yield approximate.mark_text(text="≈", align="left", dx=6, fontSize=12).encode(x=finish)
    yield points(plain, "datum.denied", begin, shape="cross", angle=45, size=110, xOffset=5)
