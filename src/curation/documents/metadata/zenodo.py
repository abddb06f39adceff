"""`.zenodo.json`: what Zenodo says of a release that it archives. Where it exists, Zenodo does not read CITATION.cff.

There is never a DOI in it: Zenodo mints one for each version, and would take one that stands there for a foreign one.
"""

from __future__ import annotations

import html
import json
from typing import Any

from curation.dataset import Dataset
from curation.documents.metadata.creators import Creator, creators

ZENODO = ".zenodo.json"


def zenodo_json(dataset: Dataset) -> bytes:
    """Return the bytes of `.zenodo.json`; what the description does not say is left out.

    Parameters
    ----------
    dataset
        The description. The first licence is the one that Zenodo shows.
    """
    content = {
        "upload_type": "dataset",
        "access_right": "open",
        "title": dataset.title,
        # Zenodo reads the description as HTML.
        "description": f"<p>{html.escape(dataset.description, quote=False)}</p>",
        "version": dataset.version,
        "publication_date": dataset.released,
        "license": dataset.licenses[0]["name"].lower(),
        "creators": [_creator(each) for each in creators(dataset)],
        "keywords": dataset.keywords,
        "related_identifiers": _related(dataset),
    }
    said = {key: value for key, value in content.items() if value}
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _creator(creator: Creator) -> dict[str, str]:
    return {"name": creator.listed} | ({"orcid": creator.orcid} if creator.orcid else {})


def _related(dataset: Dataset) -> list[dict[str, Any]]:
    """Return where the dataset is made and described."""
    pairs = (("isDerivedFrom", dataset.repository), ("isDescribedBy", dataset.homepage))
    return [{"identifier": address, "relation": relation, "scheme": "url"} for relation, address in pairs if address]
