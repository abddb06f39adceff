"""What Croissant and the JSON-LD of a landing page both say of the dataset, in the words of schema.org."""

from __future__ import annotations

from typing import Any

from curation.dataset import Dataset
from curation.documents.metadata.citation import doi_address
from curation.documents.metadata.creators import Creator, creators


def about(dataset: Dataset) -> dict[str, Any]:
    """Return the properties of schema.org's Dataset that the description gives; those it does not give are left out."""
    content = {
        "name": dataset.title,
        "alternateName": dataset.name,
        "description": dataset.description,
        "version": dataset.version,
        "datePublished": dataset.released,
        "identifier": doi_address(dataset),
        "url": dataset.homepage or doi_address(dataset) or dataset.repository,
        "license": _one_or_all([each["path"] for each in dataset.licenses]),
        "creator": [_person(each) for each in creators(dataset)],
        "keywords": dataset.keywords,
        "isBasedOn": [{"@type": "CreativeWork", "name": each["title"]} for each in dataset.sources],
    }
    return {key: value for key, value in content.items() if value}


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _person(creator: Creator) -> dict[str, str]:
    named = {"givenName": creator.given, "familyName": creator.family}
    address = f"https://orcid.org/{creator.orcid}" if creator.orcid else ""
    person = {"@type": "Person", "name": creator.title, **named, "sameAs": address}
    return {key: value for key, value in person.items() if value}
