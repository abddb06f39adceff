"""Makes the files of the site: the page, the figures and the downloads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from curation.documents.metadata import Download, jsonld
from curation.site.content import Content
from curation.site.estimates import estimates
from curation.site.figures import Figure, exported
from curation.site.page import DOWNLOADS, FIGURES, page
from curation.site.timeline import timeline
from curation.write import SUMS, sums
from russia_dprk_claims.package import data_path

INDEX = "index.html"
README_FIGURES = ("estimates-shell.svg",)
README_FOLDER = "docs/figures"


def all_figures(content: Content) -> list[Figure]:
    """Return every figure of a package."""
    return [*estimates(content), *timeline(content)]


def site_files(content: Content, bundle: Mapping[str, bytes], progress: Callable[[str], None]) -> dict[str, bytes]:
    """Return the bytes of every file of the site by its path.

    `bundle` has the files of the package's bundle by name; without it, the downloads are the CSV files.
    """
    progress("drawing the figures")
    figures = all_figures(content)
    files = {f"{FIGURES}/{name}": data for name, data in exported(figures, content.dataset.homepage).items()}
    progress("making the page")
    about = _jsonld(content, bundle)
    downloads = [
        Download(each["name"], each["description"], each["encodingFormat"], bundle[each["name"]])
        for each in about["distribution"]
    ]
    for table in content.contract:
        data = content.package.read(data_path(table.name))
        downloads.append(Download(f"{table.name}.csv", f"{table.title}.", "text/csv", data))
    offered = {each.name: each.content for each in downloads}
    files |= {f"{DOWNLOADS}/{name}": data for name, data in offered.items()}
    files[f"{DOWNLOADS}/{SUMS}"] = sums(offered)
    files[INDEX] = page(content, downloads, about)
    files[SUMS] = sums(files)
    return files


def readme_figures(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the figures that the README shows, by their path in the project; those without data are left out."""
    paths = {f"{README_FOLDER}/{name}": f"{FIGURES}/{name}" for name in README_FIGURES}
    return {path: files[name] for path, name in paths.items() if name in files}


def _jsonld(content: Content, bundle: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the description for search engines, that of the bundle if there is one.

    A file that has no address on the web has its path in the site instead.
    """
    own = bundle.get(f"{content.dataset.name}-{content.dataset.version}.jsonld")
    about: dict[str, Any] = json.loads(own or jsonld(content.contract, content.dataset, []))
    for each in about["distribution"]:
        if "://" not in each["contentUrl"]:
            each["contentUrl"] = f"{DOWNLOADS}/{each['contentUrl']}"
    return about
