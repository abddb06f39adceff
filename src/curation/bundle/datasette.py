"""What Datasette shows beside the database: titles, descriptions, the licence, and which column names a row."""

from __future__ import annotations

import json
from typing import Any

from curation.bundle.sqlite import SEARCHED
from curation.dataset import Dataset
from russia_dprk_claims.contract import Contract, Table


def datasette_json(contract: Contract, dataset: Dataset, database: str) -> bytes:
    """Return the bytes of the file for `datasette DATABASE --metadata FILE`.

    Parameters
    ----------
    contract
        The tables.
    dataset
        The description.
    database
        The name of the database: that of its file, without the ending.
    """
    license_ = dataset.licenses[0]
    content = {
        "title": f"{dataset.title} {dataset.version}",
        "description": dataset.description,
        "license": license_["title"],
        "license_url": license_["path"],
        "databases": {database: {"tables": {table.name: _table(table) for table in contract}}},
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _table(table: Table) -> dict[str, Any]:
    content: dict[str, Any] = {
        "title": table.title,
        "description": table.description,
        "columns": {each.name: each.description for each in table.fields},
    }
    label = _label(table)
    return content | ({"label_column": label} if label else {})


def _label(table: Table) -> str | None:
    """Return the column that stands for a row in links: the text of a claim, else what is called name or label."""
    named = (*SEARCHED[1], "name", "label")
    return next((name for name in named if name in table.columns and len(table.primary_key) == 1), None)
