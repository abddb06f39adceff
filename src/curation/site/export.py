"""Exports figures as SVG and PNG for papers, without a browser or a network; every run gives the same bytes."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterable
from textwrap import wrap
from typing import Any

import vl_convert
from PIL import Image

from curation.site.content import Row
from curation.site.figures import MOST_DRAWN, Figure, config

VEGA_LITE = "6.4"
PAGE = "../index.html"
SCALE = 1.75
COLOURS = 64
SUBTITLE_WIDTH = 118
# The renderer would take a relative address for one of its own samples; this one is replaced in the drawing.
_PLACEHOLDER = "https://page.invalid/"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    spec = copy.deepcopy(dict(figure.spec))
    for param in spec.get("params", []):
        param["value"] = figure.params.get(param["name"], param.get("value"))
    total = len(figure.rows)
    more = f"Only the first {MOST_DRAWN} of {total} rows are drawn." if total > MOST_DRAWN else ""
    subtitle = [line for text in (figure.caption, figure.note, more) for line in wrap(text, SUBTITLE_WIDTH)]
    return {
        **spec,
        "datasets": {"rows": [_printable(row) for row in figure.rows[:MOST_DRAWN]]},
        "title": {"text": figure.title, "subtitle": subtitle},
        "config": config("light"),
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
