"""The descriptor, `datapackage.json`: made from the contract, the description and the bytes of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from curation.dataset import Dataset
from curation.write import json_bytes, sha256
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.package import PROFILE, data_path, schema_path

# Stated in full, because some clients guess the delimiter otherwise.
DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def descriptor(contract: Contract, dataset: Dataset, data: Mapping[str, bytes]) -> bytes:
    """Return the bytes of `datapackage.json`; `data` has the CSV by table."""
    content = {
        "$schema": PROFILE,
        **{name: value for name, value in asdict(dataset).items() if value},
        "resources": [_resource(table, data[table.name]) for table in contract],
    }
    return json_bytes(content)


def _resource(table: Table, data: bytes) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        # What clients of version 1 of the standard look for.
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        "path": data_path(table.name),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "bytes": len(data),
        "hash": f"sha256:{sha256(data)}",
        "schema": schema_path(table.name),
    }
