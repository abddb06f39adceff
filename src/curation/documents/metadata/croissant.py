"""`croissant.json`: the tables for those who load datasets for machine learning, in MLCommons' Croissant format.

Every file is named by its path from the description, with its hash; every table is a record set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from curation.dataset import Dataset
from curation.documents.metadata.about import about
from curation.documents.metadata.citation import cite_as
from russia_dprk_claims.contract import Contract, Field, Table
from russia_dprk_claims.package import data_path

CROISSANT = "croissant.json"
CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
_OWN = """citeAs column conformsTo equivalentProperty extract field fileProperty fileObject fileSet format includes
isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate separator
source subField transform"""
# The context that version 1.0 of the format prescribes.
CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{name: f"cr:{name}" for name in _OWN.split()},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}


def croissant_json(contract: Contract, dataset: Dataset, data: Mapping[str, bytes]) -> bytes:
    """Return the bytes of `croissant.json`.

    Parameters
    ----------
    contract
        The tables, each of which becomes a record set.
    dataset
        The description.
    data
        The bytes of the CSV by table.
    """
    content = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        **about(dataset),
        "citeAs": cite_as(dataset),
        "isLiveDataset": False,
        "distribution": [_file(table, data[table.name]) for table in contract],
        "recordSet": [_record_set(table) for table in contract],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _file(table: Table, data: bytes) -> dict[str, Any]:
    path = data_path(table.name)
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "description": table.description,
        "contentUrl": path,
        "contentSize": f"{len(data)} B",
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": _id(table.name, name)} for name in table.primary_key],
        "field": [_field(table, each) for each in table.fields],
    }


def _field(table: Table, column: Field) -> dict[str, Any]:
    content: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": _id(table.name, column.name),
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES[column.type],
        "source": _column(table.name, column.name),
    }
    reference = _reference(table, column.name)
    if reference:
        content["references"] = reference
    return content


def _reference(table: Table, column: str) -> dict[str, Any] | None:
    """Return what a column refers to: a field of another record set, by the key with the fewest columns.

    A column that refers to its own table names the column of the file: mlcroissant takes a field that leads to its own
    record set for a circle and then loads nothing at all.
    """
    keys = sorted((each for each in table.foreign_keys if column in each.columns), key=lambda each: len(each.columns))
    if not keys:
        return None
    target = keys[0].references[keys[0].columns.index(column)]
    if keys[0].table == table.name:
        return _column(table.name, target)
    return {"field": {"@id": _id(keys[0].table, target)}}


def _column(table: str, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": data_path(table)}, "extract": {"column": column}}


def _id(table: str, column: str) -> str:
    return f"{table}/{column}"
