"""The files of the site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from curation.documents.metadata.jsonld import Download, jsonld
from curation.site.content import Content
from curation.site.figures import all_figures
from curation.site.figures.export import exported
from curation.site.page import DOWNLOADS, FIGURES, page
from curation.site.vendor import LICENCES, licences
from curation.validate import Progress
from curation.write import SUMS, sha256, sums
from russia_dprk_claims.package import data_path

INDEX = "index.html"
# The figures that the README shows, and where it has them.
PRINTED = ("estimates-shell.svg", "timeline.svg")
PRINTED_FOLDER = "docs/figures"
_JSONLD = ".jsonld"


def site_files(content: Content, bundle: Mapping[str, bytes], progress: Progress) -> dict[str, bytes]:
    """Return the bytes of every file of the site by its path.

    Parameters
    ----------
    content
        The package.
    bundle
        The files of its bundle by name, or nothing where there are none to be had; the tables as CSV always are.
    say
        Is told what is being done.

    Raises
    ------
    SiteError
        If the libraries of the page are not the pinned ones.
    """
    progress("the figures")
    figures = all_figures(content)
    files = {f"{FIGURES}/{name}": data for name, data in exported(figures, content.dataset.homepage).items()}
    progress("the page")
    tables = {f"{table.name}.csv": content.release.read(data_path(table.name)) for table in content.contract}
    about = _jsonld(content, bundle)
    downloads = [*_downloads(about), *(_csv(content, name, data) for name, data in tables.items())]
    had = {name: data for name, data in {**bundle, **tables}.items() if name in {each.name for each in downloads}}
    files |= {f"{DOWNLOADS}/{name}": data for name, data in had.items()}
    files[f"{DOWNLOADS}/{SUMS}"] = sums(had)
    files[INDEX] = page(content, figures, downloads, _beside_the_page(about))
    files[LICENCES] = licences().encode("utf-8")
    files[SUMS] = sums(files)
    return files


def _csv(content: Content, name: str, data: bytes) -> Download:
    table = content.contract[name.removesuffix(".csv")]
    return Download(name, f"{table.title}.", "text/csv", len(data), sha256(data))


def _jsonld(content: Content, bundle: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the description for search engines: the one of the bundle, so that page and release say the same."""
    made = next((data for name, data in bundle.items() if name.endswith(_JSONLD)), None)
    said: dict[str, Any] = json.loads(made or jsonld(content.contract, content.dataset, []))
    return said


def _downloads(about: Mapping[str, Any]) -> list[Download]:
    return [
        Download(
            each["name"],
            each["description"],
            each["encodingFormat"],
            int(each["contentSize"].removesuffix(" B")),
            each["sha256"],
        )
        for each in about["distribution"]
    ]


def _beside_the_page(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description with the place of every file that is named without an address."""
    files = [
        {**each, "contentUrl": f"{DOWNLOADS}/{each['contentUrl']}"} if "://" not in each["contentUrl"] else each
        for each in about["distribution"]
    ]
    return {**about, "distribution": files}


def printed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the figures that the README shows by their path in the project; one that the data do not give is none."""
    paths = {f"{PRINTED_FOLDER}/{name}": f"{FIGURES}/{name}" for name in PRINTED}
    return {path: files[name] for path, name in paths.items() if name in files}
