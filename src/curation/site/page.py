"""The page: one HTML file that contains everything, under a policy that lets nothing else in.

Scripts and styles are inline and allowed by their hashes, which works from a folder as well as from a server. Data
are JSON, and the scripts insert them as text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from curation.documents.metadata import Download
from curation.site.content import Content, SiteError
from curation.site.data import embedded, page_data
from curation.site.figures import Figure
from curation.site.overview import citations, grouped, size_in_words, source_lines

ASSETS = Path(__file__).parent / "assets"
# In the order in which they use each other.
SCRIPTS = ("dom", "store", "words", "tables", "claim", "records", "figures", "contradictions", "search", "app")
TEMPLATE, STYLE, LICENCES = "index.html.jinja", "style.css", "THIRD-PARTY.txt"
DOWNLOADS, FIGURES = "downloads", "figures"

# The libraries come with vl-convert-python, which also draws the exported figures; the hash pins them.
VEGA = "6.2.0"
VEGA_SHA256 = "6a09929d02af64b8a333f728770056d52e067f01ad02ccdbc5bbf1c7d629425c"
# The only global name that they define.
_SNIPPET = "window.rdcVega = vegaEmbed;"


def page(content: Content, figures: Sequence[Figure], downloads: Sequence[Download], jsonld: Any) -> bytes:
    """Return the bytes of the page; `jsonld` is the description for dataset search engines."""
    script = "".join(_asset(f"js/{name}.js") for name in SCRIPTS)
    vega, style = vega_script(), _asset(STYLE)
    data = page_data(content, figures)
    text = (
        _environment()
        .get_template(TEMPLATE)
        .render(
            policy=policy([script, vega], [style]),
            dataset=content.dataset,
            style=style,
            script=script,
            vega=vega,
            about=data.pop("about"),
            data=data,
            jsonld=embedded(jsonld),
            counts=[(table, len(content.tables[table.name])) for table in content.contract],
            sources=source_lines(content),
            citations=citations(content),
            downloads=grouped(downloads),
            folder=DOWNLOADS,
            size=size_in_words,
        )
    )
    return text.encode("utf-8")


def _environment() -> Environment:
    loader = FileSystemLoader(ASSETS)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["web_address"] = web_address
    return environment


def web_address(text: str) -> str:
    """Return a text if it is a web address, or an empty text: a description may contain anything.

    Examples
    --------
    >>> web_address("https://a.example/b"), web_address("javascript:alert(1)")
    ('https://a.example/b', '')
    """
    return text if re.fullmatch(r"https?://[^\s]+", text) else ""


def _asset(path: str) -> str:
    return (ASSETS / path).read_text(encoding="utf-8")


def licences() -> bytes:
    """Return the licences of the libraries in the page."""
    return (ASSETS / LICENCES).read_bytes()


@cache
def vega_script() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one classic script, if they are the pinned ones."""
    bundle = str(vl_convert.javascript_bundle(_SNIPPET))
    found = hashlib.sha256(bundle.encode("utf-8")).hexdigest()
    if found != VEGA_SHA256:
        raise SiteError(
            f"Vega {vl_convert.get_vega_version()} of vl-convert-python is not the pinned {VEGA} (SHA-256 {found}); "
            "install the packages of constraints.txt"
        )
    return f'(()=>{{"use strict";{bundle}}})();'


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the Content-Security-Policy of a page that has only these scripts and styles and makes no request.

    In browsers with trusted types, even the scripts of the page cannot insert HTML.
    """
    parts = {
        "default-src": "'none'",
        "script-src": " ".join(_hash(each) for each in scripts),
        "style-src": " ".join(_hash(each) for each in styles),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "default",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
