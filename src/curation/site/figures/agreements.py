"""Agreements: what each source says of each of them, as a grid of sources and agreements."""

from __future__ import annotations

from typing import Any

import altair as alt

from curation.site.content import Content
from curation.site.figures.figure import Figure, Row, in_words, lines, shortened
from curation.site.figures.style import Chart, links, specification

MOST_AGREEMENTS, MOST_SOURCES = 40, 24
SHAPES = ("circle", "square", "cross", "diamond", "triangle-up", "triangle-down", "stroke")
_COLUMNS = {
    "agreement": "Agreement",
    "standing": "Existence and status",
    "source_id": "Source",
    "bearing_words": "What its claims say",
    "count": "Claims",
    "rows": "Which",
}


def agreements(content: Content) -> list[Figure]:
    """Return the figure of what the sources say of the agreements; none where no claim speaks of one."""
    rows = _rows(content)
    if not rows:
        return []
    shown, left_out = _most_spoken_of(rows)
    bearings = content.contract["claim_agreements"].by_name["bearing"].enum
    figure = Figure(
        name="agreements",
        view="agreements",
        choice="",
        title="What each source says of each agreement",
        caption="A sign for each way in which the claims of a source bear on an agreement; the larger, the more "
        "claims. Under each name: whether it exists and how far it had come, as the editors judge by the texts.",
        spec=specification(_chart(bearings, sorted({row["bearing"] for row in rows}, key=bearings.index))),
        data={"rows": shown, "every": rows} if left_out else {"rows": rows},
        columns=_COLUMNS,
        table="every" if left_out else "rows",
        left_out=left_out,
    )
    return [figure]


def _rows(content: Content) -> list[Row]:
    about = {each["agreement_id"]: each for each in content.frame("agreements").to_dict("records")}
    cells: dict[tuple[str, str, str], list[str]] = {}
    for each in content.of_claims("claim_agreements", "source_id").to_dict("records"):
        key = (each["agreement_id"], each["source_id"], str(each["bearing"]))
        cells.setdefault(key, []).append(each["claim_id"])
    return [_row(key, claims, about[key[0]]) for key, claims in sorted(cells.items())]


def _row(key: tuple[str, str, str], claims: list[str], about: Any) -> Row:
    agreement, source, bearing = key
    standing = ", ".join(in_words(str(about[each])) for each in ("form", "existence", "status"))
    number = f"{len(claims)} claim{'s' if len(claims) > 1 else ''}"
    said = f"{about['name']}: {number} of {source}, {in_words(bearing)}"
    return {
        "id": agreement,
        "href": f"#{agreement}?source={source}",
        "agreement": str(about["name"]),
        "standing": standing,
        "source_id": source,
        "bearing": bearing,
        "bearing_words": in_words(bearing),
        "count": len(claims),
        "rows": claims,
        "key": lines(shortened(str(about["name"]), 56), standing, agreement),
        "said": said,
        "more": standing,
    }


def _most_spoken_of(rows: list[Row]) -> tuple[list[Row], str]:
    def most(column: str, number: int) -> set[str]:
        counts: dict[str, int] = {}
        for row in rows:
            counts[row[column]] = counts.get(row[column], 0) + row["count"]
        return set(sorted(counts, key=lambda each: (-counts[each], each))[:number])

    kept, sources = most("id", MOST_AGREEMENTS), most("source_id", MOST_SOURCES)
    shown = [row for row in rows if row["id"] in kept and row["source_id"] in sources]
    words = f"Drawn are the {len(kept)} agreements and {len(sources)} sources with the most claims; the table has all."
    return shown, words if len(shown) < len(rows) else ""


def _chart(bearings: tuple[str, ...], shown: list[str]) -> Chart:
    axis = alt.Axis(
        labelExpr="slice(split(datum.label, '\\u2028'), 0, 2)",
        title=None,
        ticks=False,
        domain=False,
        grid=True,
        labelPadding=10,
        labelLineHeight=14,
        labelLimit=380,
    )
    said = "replace(datum.label, '_', ' ')"
    legend = alt.Legend(title="The claims of the source", values=shown, labelExpr=said, symbolSize=110)
    domain = list(bearings)
    return alt.layer(
        alt.Chart(alt.NamedData("rows"))
        .mark_point(filled=True, opacity=1)
        .encode(
            y=alt.Y("key:N", axis=axis, sort=alt.EncodingSortField("count", op="sum", order="descending")),
            x=alt.X("source_id:N", title=None, axis=alt.Axis(orient="top", labelAngle=0, grid=True, domain=False)),
            xOffset=alt.XOffset("bearing:N", scale=alt.Scale(domain=domain)),
            color=alt.Color("bearing:N", scale=alt.Scale(domain=domain), legend=legend),
            shape=alt.Shape("bearing:N", scale=alt.Scale(domain=domain, range=list(SHAPES[: len(domain)]))),
            size=alt.Size("count:Q", scale=alt.Scale(domainMin=1, range=[70, 420]), legend=None),
            **links(),
        )
    ).properties(height=alt.Step(38), width=720)
