"""Figures as files for papers: SVG and PNG, drawn without a browser and without a network, the same every time."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import vl_convert

from curation.site.figures.figure import MOST_DRAWN, Figure, Row
from curation.site.figures.style import config

VEGA_LITE = "6.4"
PAGE = "../index.html"
SCALE = 1.75
COLOURS = 64
# A relative address would be taken for one of the renderer's own samples; this one is replaced in what is drawn.
_HERE = "https://page.invalid/"
WRAP = 118
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def exported(figures: Iterable[Figure], address: str = "") -> dict[str, bytes]:
    """Return the files of figures by name.

    Parameters
    ----------
    figures
        The figures.
    address
        Where the page is published; its marks then lead there, and else to the page beside the folder.
    """
    files: dict[str, bytes] = {}
    for figure in figures:
        svg = vl_convert.vegalite_to_svg(whole(figure), vl_version=VEGA_LITE).replace(_HERE, address or PAGE)
        files[f"{figure.name}.svg"] = f"{svg}\n".encode()
        files[f"{figure.name}.png"] = _smaller(bytes(vl_convert.svg_to_png(svg, scale=SCALE)))
    return files


def _smaller(png: bytes) -> bytes:
    """Return a picture with as many colours as lines and letters need: a sixth of the bytes, and no eye sees it."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def whole(figure: Figure) -> dict[str, Any]:
    """Return the specification of a figure with its data, its words and the look that it has in print."""
    spec = json.loads(json.dumps(dict(figure.spec)))
    rows = {name: [_leading(row) for row in data] for name, data in drawn(figure).items()}
    for param in spec.get("params", []):
        param["value"] = figure.params.get(param["name"], param.get("value"))
    many = len(figure.data.get("rows", ()))
    more = f"Drawn are the first {MOST_DRAWN} of {many} rows." if many > MOST_DRAWN else ""
    subtitle = [line for text in (figure.caption, figure.left_out, more) for line in _wrapped(text)]
    return {
        **spec,
        "datasets": rows,
        "title": {"text": figure.title, "subtitle": subtitle},
        "config": config("light"),
        "padding": 16,
        "usermeta": {"embedOptions": {}},
    }


def drawn(figure: Figure) -> dict[str, Sequence[Row]]:
    """Return the rows that the specification names; of a long list, the first."""
    named = json.dumps(dict(figure.spec))
    used = {name: rows for name, rows in figure.data.items() if f'"name": "{name}"' in named}
    return {name: rows[:MOST_DRAWN] if name == "rows" else rows for name, rows in used.items()}


def _leading(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose link leads to the page, with no sign in it that XML does not know."""
    row = {key: _NOT_XML.sub("�", value) if isinstance(value, str) else value for key, value in row.items()}
    return {**row, "href": f"{_HERE}{row['href']}"} if str(row.get("href", "")).startswith("#") else row


def _wrapped(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, WRAP)
