"""What the exported figures share: their parts, their look, the links of a mark to its row, and their export.

They are exported as SVG and PNG for papers, without a browser or a network; every run gives the same bytes. The page
draws the same rows by itself, so that they fit every screen.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

import altair as alt
import vl_convert
from PIL import Image

from curation.site.content import Row
from russia_dprk_claims.files import parse_json

# An axis label shows the parts of a text between these as lines.
LINE_SEPARATOR = "\u2028"
# More rows than this cannot be read in one drawing.
MOST_DRAWN = 120

VEGA_LITE = "6.4"
PAGE = "../index.html"
SCALE = 1.75
COLOURS = 64
SUBTITLE_WIDTH = 118
# The renderer would take a relative address for one of its own samples; this one is replaced in the drawing.
_PLACEHOLDER = "https://page.invalid/"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The Vega-Lite configuration. Each colour has a contrast of at least three to one with the ground; they also differ in
# lightness.
_CONFIG = Path(__file__).with_name("assets") / "figures.json"


@dataclass(frozen=True)
class Figure:
    """A figure: a Vega-Lite specification, the rows that it draws, and the text around it."""

    name: str  # of its files
    title: str
    caption: str
    spec: Mapping[str, Any]
    rows: Sequence[Row]
    note: str = ""  # what is not drawn, and why


def base_chart(order: str, **axis: Any) -> alt.Chart:
    """Return a chart of the rows: a line for each `key`, and marks that link to their row and describe it."""
    lines = alt.Axis(title=None, ticks=False, domain=False, grid=True, **axis)
    chart: alt.Chart = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("key:N", sort=alt.EncodingSortField(order, op="min"), axis=lines),
        href=alt.Href("href:N"),
        tooltip=alt.Tooltip("label:N"),
        description=alt.Description("label:N"),
    )
    return chart


def colour(column: str, values: Sequence[str], rows: Sequence[Row], title: str) -> alt.Color:
    """Return a colour for each value of a vocabulary; the legend has those that occur in the rows."""
    shown = [each for each in values if any(row[column] == each for row in rows)]
    words = "replace(datum.label, '_', ' ')"
    legend = alt.Legend(title=title, values=shown, labelExpr=words, symbolType="square")
    return alt.Color(f"{column}:N", scale=alt.Scale(domain=list(values)), legend=legend)


def specification(layers: Iterable[alt.Chart], step: int, *params: alt.Parameter) -> dict[str, Any]:
    """Return the specification of a chart whose lines are `step` pixels high.

    It has neither data nor configuration: these are added where it is drawn.
    """
    chart = alt.layer(*layers).add_params(*params).properties(height=alt.Step(step), width=860)
    spec: dict[str, Any] = chart.to_dict(validate=True)
    spec.pop("config", None)
    return spec


def points(chart: alt.Chart, condition: str, x: alt.X, **mark: Any) -> alt.Chart:
    """Return a layer with a point for each row that meets a condition."""
    part = chart.transform_filter(condition).mark_point(**{"filled": True, "opacity": 1, **mark})
    layer: alt.Chart = part.encode(x=x)
    return layer


def label_lines(*parts: str) -> str:
    """Return one text that an axis label shows as lines."""
    return LINE_SEPARATOR.join(part.replace(LINE_SEPARATOR, " ") for part in parts)


def humanize(value: str) -> str:
    """Return a vocabulary value or a unit in braces as words.

    >>> humanize("arms_transfer"), humanize("{shell}")
    ('arms transfer', 'shell')
    """
    return value.strip("{}").replace("_", " ")


def exported(figures: Iterable[Figure], address: str = "") -> dict[str, bytes]:
    """Return the files of figures by name; their links go to the page at `address`, or to the one beside them."""
    files: dict[str, bytes] = {}
    for figure in figures:
        svg = vl_convert.vegalite_to_svg(complete_spec(figure), vl_version=VEGA_LITE)
        svg = svg.replace(_PLACEHOLDER, address or PAGE)
        files[f"{figure.name}.svg"] = f"{svg}\n".encode()
        files[f"{figure.name}.png"] = _with_few_colours(bytes(vl_convert.svg_to_png(svg, scale=SCALE)))
    return files


def complete_spec(figure: Figure) -> dict[str, Any]:
    """Return the specification of a figure with its rows, its text and the look it has in print."""
    total = len(figure.rows)
    more = f"Only the first {MOST_DRAWN} of {total} rows are drawn." if total > MOST_DRAWN else ""
    subtitle = [line for text in (figure.caption, figure.note, more) for line in wrap(text, SUBTITLE_WIDTH)]
    return {
        **figure.spec,
        "datasets": {"rows": [_printable(row) for row in figure.rows[:MOST_DRAWN]]},
        "title": {"text": figure.title, "subtitle": subtitle},
        "config": parse_json(_CONFIG.read_bytes()),
        "padding": 16,
        "usermeta": {"embedOptions": {}},
    }


def _printable(row: Row) -> Row:
    """Return a row that links to the page and has no character that XML forbids."""
    row = {key: _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value for key, value in row.items()}
    return {**row, "href": f"{_PLACEHOLDER}{row['href']}"}


def _with_few_colours(png: bytes) -> bytes:
    """Return a picture in a few colours, which lines and letters need; it has a sixth of the bytes."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
