"""The descriptor: `datapackage.json`, made from the contract, the description and the bytes of the tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from mmap import mmap
from typing import Any

from curation.dataset import Dataset
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.package import PROFILE, data_path, schema_path

# Stated in full, because some clients guess the delimiter where it is not said.
DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}


@dataclass(frozen=True)
class TableFile:
    """What the descriptor says of the CSV of a table: its SHA-256 and how many bytes it has."""

    sha256: str
    length: int

    @classmethod
    def of(cls, data: bytes | mmap) -> TableFile:
        """Return what is said of some bytes."""
        return cls(hashlib.sha256(data).hexdigest(), len(data))


def _resource(table: Table, file: TableFile) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        # What clients of version 1 of the standard go by.
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        "path": data_path(table.name),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "bytes": file.length,
        "hash": f"sha256:{file.sha256}",
        "schema": schema_path(table.name),
    }


def descriptor(contract: Contract, dataset: Dataset, data: Mapping[str, bytes]) -> bytes:
    """Return the bytes of `datapackage.json`.

    Parameters
    ----------
    contract
        The tables, in the order of the resources.
    dataset
        The description.
    data
        The bytes of the CSV by table.
    """
    return descriptor_of(contract, dataset, {name: TableFile.of(each) for name, each in data.items()})


def descriptor_of(contract: Contract, dataset: Dataset, files: Mapping[str, TableFile]) -> bytes:
    """Return the bytes of `datapackage.json`, where of the CSV files is known what it says of them."""
    content: dict[str, Any] = {
        "$schema": PROFILE,
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "licenses": dataset.licenses,
        "contributors": dataset.contributors,
        "sources": dataset.sources,
        "keywords": dataset.keywords,
    }
    optional = ("homepage", "repository", "released", "doi")
    content |= {name: value for name in optional if (value := getattr(dataset, name))}
    content["resources"] = [_resource(table, files[table.name]) for table in contract]
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
