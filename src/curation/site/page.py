"""The page: one HTML file that contains everything, under a policy that lets nothing else in.

Scripts and styles are inline and allowed by their hashes, which works from a folder as well as from a server. Data
are JSON, and the scripts insert them as text.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from curation.documents.metadata import Download
from curation.site.content import Content, Row
from curation.site.data import embedded, page_data
from russia_dprk_claims.citation import citation
from russia_dprk_claims.package import is_web_address

ASSETS = Path(__file__).parent / "assets"
STYLES = {"text": "Text", "bibtex": "BibTeX", "csl": "CSL-JSON", "cff": "CITATION.cff"}
DOWNLOAD_GROUPS = {
    "Everything": (".zip", ".xlsx", ".db", ".json"),
    "Tables as CSV": (".csv",),
    "Tables as Parquet": (".parquet",),
    "Graphs and linked data": (".graphml", ".jsonld"),
    "Other files": ("",),
}
# In the order in which they use each other.
SCRIPTS = (
    *("dom", "store", "words", "tables", "copy", "claim", "records"),
    *("transfers", "events", "contradictions", "sources", "search", "app"),
)
TEMPLATE, STYLE = "index.html.jinja", "style.css"
DOWNLOADS, FIGURES = "downloads", "figures"
# How the method shows the agreement of two coders: on the columns, and on which claims there are.
MEASURES = (("krippendorff_alpha", "excluded"), ("f1", "as_value"))


def page(content: Content, downloads: Sequence[Download], jsonld: Any) -> bytes:
    """Return the bytes of the page; `jsonld` is the description for dataset search engines."""
    script = "".join(_asset(f"js/{name}.js") for name in SCRIPTS)
    style = _asset(STYLE)
    data = page_data(content)
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # A description may contain anything: a link such as javascript: would run.
    environment.tests["web_address"] = is_web_address
    text = environment.get_template(TEMPLATE).render(
        policy=policy([script], [style]),
        dataset=content.dataset,
        style=style,
        script=script,
        about=data.pop("about"),
        data=data,
        jsonld=embedded(jsonld),
        counts=[(table, len(content.tables[table.name])) for table in content.contract],
        reliability=reliability(content),
        bands=content.contract["reliability"].by_name["band"].definitions,
        citations=[(key, name, citation(content.package.descriptor, key)) for key, name in STYLES.items()],
        downloads=list(_grouped(downloads)),
        folder=DOWNLOADS,
    )
    return text.encode("utf-8")


def _grouped(downloads: Sequence[Download]) -> Iterator[tuple[str, list[Download]]]:
    """Yield each group of downloads that has any, with them; a file is in the first group that its name fits."""
    groups: dict[str, list[Download]] = {head: [] for head in DOWNLOAD_GROUPS}
    for each in downloads:
        groups[next(head for head, ends in DOWNLOAD_GROUPS.items() if each.name.endswith(ends))].append(each)
    return ((head, members) for head, members in groups.items() if members)


def reliability(content: Content) -> list[tuple[str, list[Row]]]:
    """Return the bands of reliability in the order of their vocabulary, each with its columns."""
    rows = [row for row in content.rows("reliability") if (row["measure"], row["unmatched"]) in MEASURES]
    bands = content.contract["reliability"].by_name["band"]
    grouped = ((band, [row for row in rows if row["band"] == band]) for band in bands.order or bands.enum)
    return [(band, members) for band, members in grouped if members]


def _asset(path: str) -> str:
    return (ASSETS / path).read_text(encoding="utf-8")


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the Content-Security-Policy of a page that has only these scripts and styles and makes no request.

    In browsers with trusted types, not even the scripts of the page can insert HTML.
    """
    parts = [
        "default-src 'none'",
        f"script-src {' '.join(map(_hash, scripts))}",
        f"style-src {' '.join(map(_hash, styles))}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    return "; ".join(parts)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
