"""The metadata that is committed at the root of the project, where GitHub and Zenodo look for it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curation.dataset import Dataset
from curation.documents.metadata.citation import CITATION, citation_cff
from curation.documents.metadata.zenodo import ZENODO, zenodo_json


def metadata_files(dataset: Dataset) -> dict[str, bytes]:
    """Return the bytes of the files by their path from the root of the project."""
    return {CITATION: citation_cff(dataset), ZENODO: zenodo_json(dataset)}


def stale_files(root: Path, dataset: Dataset) -> Iterable[str]:
    """Yield the path of each of the files that is missing or not what the description gives."""
    for path, content in metadata_files(dataset).items():
        place = root / path
        if not place.is_file() or place.read_bytes() != content:
            yield path
