"""The metadata that is committed at the root of the project, where GitHub and Zenodo look for it."""

from __future__ import annotations

from curation.dataset import Dataset
from curation.documents.metadata.citation import CITATION, citation_cff
from curation.documents.metadata.zenodo import ZENODO, zenodo_json


def metadata_files(dataset: Dataset) -> dict[str, bytes]:
    """Return the bytes of the files by their path from the root of the project."""
    return {CITATION: citation_cff(dataset), ZENODO: zenodo_json(dataset)}
