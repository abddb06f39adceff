"""The page: one HTML file that has everything in it, under a policy that lets nothing else in.

Scripts and styles stand in the page and are allowed by their hash, as no other way holds alike from a folder and from
a server. Data come as JSON, and the scripts put them in place as text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from curation.documents.metadata.jsonld import Download
from curation.site.content import Content
from curation.site.data import embedded, page_data
from curation.site.figures.figure import Figure
from curation.site.overview import citations, counts, grouped, size_in_words, source_lines
from curation.site.vendor import ASSETS, vega_script

# In the order in which they need each other.
SCRIPTS = (
    *("guard", "dom", "store", "words", "route", "theme", "grid", "tables", "ribbon", "claim", "records"),
    *("charts", "figures", "contradictions", "agreements", "search", "app"),
)
TEMPLATE, STYLE = "index.html.jinja", "style.css"
DOWNLOADS, FIGURES = "downloads", "figures"


def page(content: Content, figures: Sequence[Figure], downloads: Sequence[Download], jsonld: Any) -> bytes:
    """Return the bytes of the page.

    Parameters
    ----------
    content
        The package.
    figures
        Its figures.
    downloads
        The files that can be had beside the page.
    jsonld
        What search engines for datasets read.
    """
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
            counts=counts(content),
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
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["address"] = address
    return made


def address(text: str) -> str:
    """Return an address of the web, or nothing where it is none: a description may hold any text.

    Examples
    --------
    >>> address("https://a.example/b"), address("javascript:alert(1)")
    ('https://a.example/b', '')
    """
    return text if re.fullmatch(r"https?://[^\s]+", text) else ""


def _asset(path: str) -> str:
    return (ASSETS / path).read_text(encoding="utf-8")


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the Content-Security-Policy of a page that runs these scripts and no other, and asks nobody for anything.

    Where the browser knows trusted types, not even the scripts of the page can write HTML.

    Parameters
    ----------
    scripts, styles
        The texts of the elements in the page.
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
