"""Metadata made from the description of the dataset: `CITATION.cff`, `.zenodo.json`, Croissant and JSON-LD."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from curation.dataset import Dataset
from curation.documents.responsible import responsible_ai
from curation.write import json_bytes, sha256
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.citation import citation, doi_address, names_of, orcid_of, without_empty
from russia_dprk_claims.contract import Contract, Field, Table
from russia_dprk_claims.files import parse_json
from russia_dprk_claims.package import data_path

CITATION, ZENODO, CROISSANT = "CITATION.cff", ".zenodo.json", "croissant.json"
_HEAD = "# Made by scripts/build.py from seeds/dataset.yaml; do not edit.\n"


def cite_as(dataset: Dataset) -> str:
    """Return the citation in one line, such as `coder-1 (2026). Title (version 1.0.0) [Data set].`"""
    return citation(asdict(dataset), "text")


def about_dataset(dataset: Dataset) -> dict[str, str]:
    """Return what a file says of the dataset that it is part of."""
    return {
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "license": " AND ".join(each["name"] for each in dataset.licenses),
        "cite_as": cite_as(dataset),
    }


def citation_cff(dataset: Dataset) -> bytes:
    """Return the bytes of `CITATION.cff`: the citation that the loader gives, laid out for people."""
    content = yaml.safe_load(citation(asdict(dataset), "cff"))
    return (_HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)).encode("utf-8")


def zenodo_json(dataset: Dataset) -> bytes:
    """Return the bytes of `.zenodo.json`, which Zenodo reads instead of CITATION.cff.

    It never contains a DOI: Zenodo assigns one to each version, and treats one that is given as assigned elsewhere.
    """
    related = (("isDerivedFrom", dataset.repository), ("isDescribedBy", dataset.homepage))
    content = {
        "upload_type": "dataset",
        "access_right": "open",
        "title": dataset.title,
        # Zenodo reads the description as HTML.
        "description": f"<p>{html.escape(dataset.description, quote=False)}</p>",
        "version": dataset.version,
        "publication_date": dataset.released,
        "license": dataset.licenses[0]["name"].lower(),
        "creators": [_zenodo_creator(each) for each in dataset.contributors],
        "keywords": dataset.keywords,
        "related_identifiers": [
            {"identifier": address, "relation": relation, "scheme": "url"} for relation, address in related if address
        ],
    }
    return json_bytes(without_empty(content))


def _zenodo_creator(contributor: Mapping[str, Any]) -> dict[str, Any]:
    """Return a name as `Family, Given`, or the title where no name is given, with the ORCID."""
    name = ", ".join(names_of(contributor)) or contributor["title"]
    return without_empty({"name": name, "orcid": orcid_of(contributor)})


def _about(dataset: Dataset) -> dict[str, Any]:
    """Return the properties of schema.org's Dataset that Croissant and JSON-LD share."""
    licenses = [each["path"] for each in dataset.licenses]
    return without_empty(
        {
            "name": dataset.title,
            "alternateName": dataset.name,
            "description": dataset.description,
            "version": dataset.version,
            "datePublished": dataset.released,
            "identifier": doi_address(dataset.doi),
            "url": dataset.homepage or doi_address(dataset.doi) or dataset.repository,
            "license": licenses[0] if len(licenses) == 1 else licenses,
            "creator": [_person(each) for each in dataset.contributors],
            "keywords": dataset.keywords,
            "isBasedOn": [{"@type": "CreativeWork", "name": each["title"]} for each in dataset.sources],
        }
    )


def _person(contributor: Mapping[str, Any]) -> dict[str, Any]:
    orcid = orcid_of(contributor)
    return without_empty(
        {
            "@type": "Person" if contributor.get("familyName") else "Organization",
            "name": contributor["title"],
            "givenName": contributor.get("givenName"),
            "familyName": contributor.get("familyName"),
            "sameAs": f"https://orcid.org/{orcid}" if orcid else "",
        }
    )


@dataclass(frozen=True)
class Download:
    """A file of a release: its name, what it is, its media type and its bytes."""

    name: str
    description: str
    media_type: str
    content: bytes


def jsonld(contract: Contract, dataset: Dataset, downloads: Iterable[Download]) -> bytes:
    """Return the JSON-LD of a landing page, for search engines; a page that embeds it must escape `</`.

    If the dataset has a repository, the downloads are at `releases/download/vVERSION/` there, as on GitHub; otherwise
    they are beside the page.
    """
    folder = f"{dataset.repository.rstrip('/')}/releases/download/v{dataset.version}/" if dataset.repository else ""
    content = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        **_about(dataset),
        "creditText": cite_as(dataset),
        "isAccessibleForFree": True,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": f"{table.name}.{each.name}", "description": each.description}
            for table in contract
            for each in table.fields
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": each.name,
                "description": each.description,
                "contentUrl": folder + each.name,
                "encodingFormat": each.media_type,
                "contentSize": f"{len(each.content)} B",
                "sha256": sha256(each.content),
            }
            for each in downloads
        ],
    }
    return json_bytes(content)


# The context that version 1.0 of the format prescribes.
_CONTEXT = Path(__file__).with_name("croissant.context.json")
_TYPES = {"string": "Text", "integer": "Integer", "number": "Float", "boolean": "Boolean", "date": "Date"}


def croissant_json(contract: Contract, dataset: Dataset, data: Mapping[str, bytes], tables: TextTables) -> bytes:
    """Return `croissant.json`, which describes the tables, whose CSV is in `data`, for machine learning (MLCommons)."""
    content = {
        "@context": parse_json(_CONTEXT.read_bytes()),
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        **_about(dataset),
        **{f"rai:{name}": said for name, said in responsible_ai(dataset, tables).items()},
        "citeAs": cite_as(dataset),
        "isLiveDataset": False,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": data_path(table.name),
                "name": data_path(table.name),
                "description": table.description,
                "contentUrl": data_path(table.name),
                "contentSize": f"{len(data[table.name])} B",
                "encodingFormat": "text/csv",
                "sha256": sha256(data[table.name]),
            }
            for table in contract
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": table.name,
                "name": table.name,
                "description": table.description,
                "key": [{"@id": f"{table.name}/{name}"} for name in table.primary_key],
                "field": [_field(table, each) for each in table.fields],
            }
            for table in contract
        ],
    }
    return json_bytes(content)


def _field(table: Table, column: Field) -> dict[str, Any]:
    content = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": f"sc:{_TYPES[column.type]}",
        "source": _column(table.name, column.name),
        "references": _reference(table, column.name),
    }
    return without_empty(content)


def _reference(table: Table, column: str) -> dict[str, Any] | None:
    """Return the field that a column refers to, by the foreign key with the fewest columns.

    Within its own table a column refers to the column of the file: mlcroissant takes a field that refers to its own
    record set for a cycle, and then loads nothing.
    """
    keys = sorted((each for each in table.foreign_keys if column in each.columns), key=lambda each: len(each.columns))
    if not keys:
        return None
    target = keys[0].references[keys[0].columns.index(column)]
    own = keys[0].table == table.name
    return _column(table.name, target) if own else {"field": {"@id": f"{keys[0].table}/{target}"}}


def _column(table: str, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": data_path(table)}, "extract": {"column": column}}
