"""The page: one HTML file that contains everything, under a policy that lets nothing else in.

Scripts and styles are inline and allowed by their hashes, which works from a folder as well as from a server. Data
are JSON, and the scripts insert them as text.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from curation.documents.metadata import Download
from curation.site.content import Content, SiteError
from curation.site.data import embedded, page_data
from curation.site.figures import Figure, humanize
from russia_dprk_claims.citation import citation
from russia_dprk_claims.package import is_web_address

ASSETS = Path(__file__).parent / "assets"
STYLES = {"text": "Text", "bibtex": "BibTeX", "csl": "CSL-JSON", "cff": "CITATION.cff"}
DOWNLOAD_GROUPS = {
    "Everything": (".zip", ".db", ".json"),
    "Tables as CSV": (".csv",),
    "Tables as Parquet": (".parquet",),
}
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
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["web_address"] = web_address
    text = environment.get_template(TEMPLATE).render(
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
        citations=[(key, name, citation(content.package.descriptor, key)) for key, name in STYLES.items()],
        downloads=[
            (head, members)
            for head, ends in DOWNLOAD_GROUPS.items()
            if (members := [each for each in downloads if each.name.endswith(ends)])
        ],
        folder=DOWNLOADS,
    )
    return text.encode("utf-8")


def web_address(text: str) -> str:
    """Return a text if it is a web address, or an empty text: a description may contain anything.

    >>> web_address("https://a.example/b"), web_address("javascript:alert(1)")
    ('https://a.example/b', '')
    """
    return text if is_web_address(text) else ""


def _asset(path: str) -> str:
    return (ASSETS / path).read_text(encoding="utf-8")


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
    parts = [
        "default-src 'none'",
        f"script-src {' '.join(map(_hash, scripts))}",
        f"style-src {' '.join(map(_hash, styles))}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    ]
    return "; ".join(parts)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def source_lines(content: Content) -> list[dict[str, Any]]:
    """Return the line of each source: its description, numbers of rows, and coverage in per cent of the characters."""
    claims, asides = content.rows("claims"), content.rows("set_asides")
    source_of = {claim["claim_id"]: claim["source_id"] for claim in claims}
    quantities = Counter(source_of.get(row["claim_id"]) for row in content.rows("quantities"))
    lines = []
    for source in content.rows("sources"):
        key, length = source["source_id"], source["text_length"] or 0
        own, aside = ([row for row in rows if row["source_id"] == key] for rows in (claims, asides))
        claimed, coded = (
            len({place for row in rows for place in range(row["char_start"], row["char_end"])})
            for rows in (own, own + aside)
        )
        share = 100 / length if length else 0
        lines.append(
            {
                "source_id": key,
                "label": source["label"] or "",
                "kind": humanize(source["source_type"] or ""),
                "published": source["published_on"] or "",
                "length": length,
                "claims": len(own),
                "quantities": quantities[key],
                "set_asides": len(aside),
                "claimed": share * claimed,
                "aside": share * (coded - claimed),  # set aside, and in no claim
            }
        )
    return lines
