"""The exported timeline: the events with a date, each date as the voices give it and as all the days it may mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from textwrap import shorten
from typing import Any

import altair as alt

from curation.site.answers import dates, events
from curation.site.content import Content, Row
from curation.site.figures import Figure, base_chart, colour, humanize, label_lines, points, specification
from russia_dprk_claims.questions.events import dates_given

# Up to this length a date is drawn as a diamond.
SHORT = timedelta(days=10) / timedelta(milliseconds=1)
# The scale extends beyond the dates by this share of its length; arrows there show open ends.
MARGIN = 0.04
LONGEST = 64
CAPTION = (
    "Each line is an event and a date that claims give it, with those who give it; several lines of one event are "
    "different dates. A bar covers the days that the date may mean. A diamond is a date known to within ten days, an "
    "arrow an open end, ≈ an approximate or uncertain date. An event is listed because claims speak of it, not because "
    "it is known to have happened."
)


def timeline(content: Content) -> list[Figure]:
    """Return the figure of all events with a date; no figure if there is none."""
    rows = list(_rows(content))
    if not rows:
        return []
    known = [row[end] for row in rows for end in ("begin", "finish") if row[end] is not None]
    margin = MARGIN * max(max(known) - min(known), 86_400_000.0)
    first, last = min(known) - margin, max(known) + margin
    for number, row in enumerate(rows):
        row |= {"place": number, "open_begin": row["begin"] is None, "open_finish": row["finish"] is None}
        row["begin"] = first if row["begin"] is None else row["begin"]
        row["finish"] = last if row["finish"] is None else row["finish"]
    statuses = content.contract["events"].by_name["date_status"].enum
    undated = len(content.rows("events")) - len({row["id"] for row in rows})
    figure = Figure(
        name="timeline",
        title="What the claims say happened when",
        caption=CAPTION,
        spec=specification(_layers(colour("status", statuses, rows, "The date is"), [first, last]), 40),
        rows=rows,
        note=f"{undated} events have no date and are not drawn." if undated else "",
    )
    return [figure]


def _rows(content: Content) -> Iterator[Row]:
    """Yield a row for each date of each event, with the voices that give it."""
    in_words = dates(content)
    given = dates_given(content.package)
    for event in events(content):
        own = given.get(event["event_id"], {event["date"]: []} if event["date"] else {})
        for date, voices in sorted(own.items()):
            words, begin, finish = in_words[date]
            who = f"{words} ({'; '.join(voices)})" if voices else words
            shown = (shorten(text, LONGEST, placeholder="…") for text in (event["label"], who))
            yield {
                "id": event["event_id"],
                "href": f"#{event['event_id']}",
                "status": event["date_status"],
                "warning": event["warning"],
                "label": f"{event['label']}: {who}; {humanize(event['date_status'])}.",
                "date": date,
                "begin": begin,
                "finish": finish,
                "approximate": any(sign in date for sign in "~?%"),
                "exact": begin is not None and finish is not None and finish - begin <= SHORT,
                "key": label_lines(*shown, f"{event['event_id']} {date}"),
            }


def _layers(status: alt.Color, limits: list[float]) -> Iterator[alt.Chart]:
    axis: dict[str, Any] = {"labelPadding": 12, "labelOverlap": False, "labelLimit": 470}
    plain = base_chart("place", labelExpr="slice(split(datum.label, '\\u2028'), 0, 2)", **axis)
    coloured = plain.encode(color=status)
    scale = alt.Scale(type="utc", nice=False, domainMin=limits[0], domainMax=limits[1])
    years = alt.Axis(format="%Y", tickCount="year", orient="top", labelPadding=6)
    begin, finish = (alt.X(f"{end}:T", scale=scale, title=None, axis=years) for end in ("begin", "finish"))
    yield coloured.transform_filter("!datum.exact").mark_bar(height=9, cornerRadius=2).encode(x=begin, x2="finish:T")
    yield points(coloured, "datum.exact", begin, shape="diamond", size=110)
    yield points(coloured, "datum.open_begin", begin, shape="triangle-left", size=130)
    yield points(coloured, "datum.open_finish", finish, shape="triangle-right", size=130)
    beside: dict[str, Any] = {"align": "left", "dx": 6, "fontSize": 12}
    approximate = plain.transform_filter("datum.approximate && !datum.open_finish")
    yield approximate.mark_text(text="≈", **beside).encode(x=finish)
    contested = plain.transform_filter("datum.warning")
    yield contested.mark_text(**{**beside, "align": "right", "dx": -10}).encode(x=begin, text="warning:N")
