"""The JSON-LD of a landing page: the dataset as schema.org's Dataset, with the files that can be had and their hashes,
for the search engines that find datasets.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from curation.dataset import Dataset
from curation.documents.metadata.about import about
from curation.documents.metadata.citation import cite_as
from russia_dprk_claims.contract import Contract


@dataclass(frozen=True)
class Download:
    """A file that can be had: its name, what it is, its media type, size and SHA-256."""

    name: str
    description: str
    media_type: str
    size: int
    sha256: str


def jsonld(contract: Contract, dataset: Dataset, downloads: Iterable[Download]) -> bytes:
    """Return the bytes of the JSON-LD; a page that carries it must escape `</`.

    Parameters
    ----------
    contract
        The tables, whose columns are what is measured.
    dataset
        The description. With the address of its repository a file is at `releases/download/vVERSION/` there, as
        GitHub has it; without, it is named as a file beside the page.
    downloads
        The files.
    """
    content = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        **about(dataset),
        "creditText": cite_as(dataset),
        "isAccessibleForFree": True,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": f"{table.name}.{each.name}", "description": each.description}
            for table in contract
            for each in table.fields
        ],
        "distribution": [_download(dataset, each) for each in downloads],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _download(dataset: Dataset, each: Download) -> dict[str, Any]:
    place = f"{dataset.repository.rstrip('/')}/releases/download/v{dataset.version}/" if dataset.repository else ""
    return {
        "@type": "DataDownload",
        "name": each.name,
        "description": each.description,
        "contentUrl": place + each.name,
        "encodingFormat": each.media_type,
        "contentSize": f"{each.size} B",
        "sha256": each.sha256,
    }
