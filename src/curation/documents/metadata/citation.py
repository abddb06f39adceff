"""CITATION.cff: how the dataset is cited, as the loader says it of the installed data, laid out for people."""

from __future__ import annotations

from dataclasses import asdict

import yaml

from curation.dataset import Dataset
from russia_dprk_claims.citation import citation

CITATION = "CITATION.cff"
_HEAD = "# Made by scripts/build.py from seeds/dataset.yaml; do not edit.\n"


def doi_address(dataset: Dataset) -> str:
    """Return the address at which the DOI of the dataset resolves, or nothing where none is minted."""
    return f"https://doi.org/{dataset.doi}" if dataset.doi else ""


def citation_cff(dataset: Dataset) -> bytes:
    """Return the bytes of `CITATION.cff`; what the description does not say is left out.

    Parameters
    ----------
    dataset
        The description.
    """
    content = yaml.safe_load(citation(asdict(dataset), "cff"))
    return (_HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)).encode("utf-8")


def cite_as(dataset: Dataset) -> str:
    """Return the citation in one line, such as `coder-1 (2026). Title (version 1.0.0) [Data set].`"""
    return citation(asdict(dataset), "text")
