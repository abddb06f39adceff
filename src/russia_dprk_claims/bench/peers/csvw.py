"""CSV on the Web: the contract as the metadata that `csvwvalidate` goes by."""

from __future__ import annotations

import json
from typing import Any

from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table
from russia_dprk_claims.package.descriptor import data_path

METADATA = "csvw-metadata.json"
_TYPES = {"integer": "integer", "number": "decimal", "boolean": "boolean", "date": "date", "string": "string"}


def metadata(contract: Contract) -> str:
    """Return the metadata of a package: columns, types, patterns, vocabularies, keys and references.

    Rules that a pattern cannot say, and that a value is unique outside the primary key, are beyond this standard.
    """
    content = {
        "@context": "http://www.w3.org/ns/csvw",
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tables": [_table(table) for table in contract],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "url": data_path(table.name),
        "tableSchema": {
            "columns": [_column(each) for each in table.fields],
            "primaryKey": list(table.primary_key),
            "foreignKeys": [_reference(each) for each in table.foreign_keys],
        },
    }


def _column(column: Field) -> dict[str, Any]:
    datatype: dict[str, Any] = {"base": _TYPES[column.type]}
    if column.enum:
        datatype["format"] = "|".join(column.enum)
    elif column.pattern and column.type == "string":
        datatype["format"] = column.pattern.removeprefix("^").removesuffix("$")
    if column.minimum is not None:
        datatype["minimum"] = column.minimum
    return {"name": column.name, "datatype": datatype, "required": column.required, "null": [""]}


def _reference(key: ForeignKey) -> dict[str, Any]:
    return {
        "columnReference": list(key.columns),
        "reference": {"resource": data_path(key.table), "columnReference": list(key.references)},
    }
