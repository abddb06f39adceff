"""Contradictions: pairs of claims of which one contradicts or denies the other, side by side, each under its chain."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import altair as alt

from curation.site.content import Content
from curation.site.figures.figure import PART, Figure, Row, in_words, shortened, text_of
from curation.site.figures.style import Chart, links, specification
from russia_dprk_claims.loader.conflicts import RELATIONS

WIDTH, COLUMN, GAP = 1020, 470, 80
LETTERS, LINE, PADDING, BETWEEN = 74, 17, 10, 14
MOST = 24
_COLUMNS = {
    "id": "Claim",
    "attribution": "Who says so",
    "claim": "Claim in the editors’ words",
    "relation_words": "Relation",
    "other_id": "Other claim",
    "other_attribution": "Who says that",
    "other_claim": "Other claim in the editors’ words",
}


def conflicts(content: Content) -> list[Figure]:
    """Return the figure of the pairs; none where there are none."""
    pairs = list(_pairs(content))
    if not pairs:
        return []
    boxes, links_between, height = _placed(pairs[:MOST])
    more = len(pairs) - MOST
    figure = Figure(
        name="contradictions",
        view="contradictions",
        choice="",
        title="Claims that contradict or deny each other, and who makes them",
        caption="Side by side, as the sources have them; which of the two is right is not said. The claims are in the "
        "editors’ words, over each stands the whole chain of who says so.",
        spec=specification(_chart(height)),
        data={"boxes": boxes, "between": links_between, "pairs": pairs},
        columns=_COLUMNS,
        table="pairs",
        drawn_on_page=False,
        left_out=f"The first {MOST} of {len(pairs)} pairs." if more > 0 else "",
    )
    return [figure]


def _pairs(content: Content) -> Iterator[Row]:
    claims = content.cells_of
    for each in content.frame("claim_relations").to_dict("records"):
        one, other = each["claim_id"], each["related_claim_id"]
        if each["relation"] in RELATIONS and one in claims and other in claims:
            relation, aspect = in_words(str(each["relation"])), in_words(str(each["aspect"]))
            yield {
                **_side(claims[one], one),
                **{f"other_{key}": value for key, value in _side(claims[other], other).items()},
                "relation": each["relation"],
                "aspect": each["aspect"],
                "independence": each["independence"],
                "relation_words": f"{relation} ({aspect})",
                "note": text_of(each["note"]),
                "href": f"#{one}",
            }


def _side(claim: dict[str, Any], key: str) -> Row:
    date = text_of(claim["event_date"])
    return {
        "id": key,
        "attribution": claim["attribution"],
        "claim": claim["claim_text"],
        "surety": f"{in_words(str(claim['polarity']))}, {in_words(str(claim['modality']))}",
        "date": date,
        "source": f"{claim['source_id']}, {shortened(str(claim['source']), 48)}",
    }


def _placed(pairs: list[Row]) -> tuple[list[Row], list[Row], int]:
    """Return the boxes and what stands between them, at their places in points, and how high all is."""
    boxes: list[Row] = []
    between: list[Row] = []
    top = 0
    for pair in pairs:
        sides = [_box(pair, "", 0), _box(pair, "other_", COLUMN + GAP)]
        height = max(len(side["body"].split(PART)) for side in sides) * LINE + 2 * LINE + 2 * PADDING
        for side in sides:
            boxes.append(side | {"top": top, "bottom": top + height, "head_y": top + PADDING + 11})
            boxes[-1] |= {"body_y": boxes[-1]["head_y"] + 1.3 * LINE, "foot_y": top + height - PADDING}
        words = f"{in_words(str(pair['relation']))}{PART}({in_words(str(pair['aspect']))})"
        said = f"{pair['id']} {pair['relation_words']} {pair['other_id']}"
        between.append(
            {"middle": top + height / 2, "words": words, "said": said, "more": pair["note"], "href": pair["href"]}
        )
        top += height + BETWEEN
    return boxes, between, top


def _box(pair: Row, side: str, left: int) -> Row:
    body = PART.join(wrap(pair[f"{side}claim"], LETTERS))
    said = f"{pair[f'{side}attribution']}: {pair[f'{side}claim']}"
    date = f" · {pair[f'{side}date']}" if pair[f"{side}date"] else ""
    return {
        "href": f"#{pair[f'{side}id']}",
        "left": left,
        "right": left + COLUMN,
        "text_x": left + PADDING,
        "head": shortened(pair[f"{side}attribution"], LETTERS - 6),
        "body": body,
        "foot": shortened(f"{pair[f'{side}id']} · {pair[f'{side}surety']}{date}", LETTERS),
        "said": said,
        "more": f"{pair[f'{side}surety']} · {pair[f'{side}source']}",
    }


def _chart(height: int) -> Chart:
    x, y = alt.Scale(domain=[0, WIDTH], nice=False), alt.Scale(domain=[height, 0], nice=False)

    def at(column: str, row: str) -> tuple[alt.X, alt.Y]:
        return alt.X(f"{column}:Q", scale=x, axis=None), alt.Y(f"{row}:Q", scale=y, axis=None)

    boxes = alt.Chart(alt.NamedData("boxes")).encode(**links())
    frame = boxes.mark_rect(fillOpacity=0.06, strokeOpacity=0.5, strokeWidth=1, cornerRadius=3, style="ink")
    text: dict[str, Any] = {
        "align": "left",
        "baseline": "alphabetic",
        "fontSize": 12,
        "lineBreak": PART,
        "lineHeight": LINE,
    }
    between = alt.Chart(alt.NamedData("between")).encode(**links())
    middle = between.transform_calculate(x=str(COLUMN + GAP / 2))
    return alt.layer(
        frame.encode(*at("left", "top"), alt.X2("right"), alt.Y2("bottom")),
        boxes.mark_text(**text, fontWeight="bold").encode(*at("text_x", "head_y"), text="head:N"),
        boxes.mark_text(**text).encode(*at("text_x", "body_y"), text="body:N"),
        boxes.mark_text(**text | {"fontSize": 11}, style="soft").encode(*at("text_x", "foot_y"), text="foot:N"),
        middle.mark_text(align="center", fontSize=12, lineBreak=PART, lineHeight=15, fontStyle="italic").encode(
            *at("x", "middle"), text="words:N"
        ),
    ).properties(width=WIDTH, height=height)
