"""Parquet: one file for each table, typed by the contract, with the documentation in the metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from curation.bundle.typed import TypedTable
from curation.dataset import Dataset
from curation.documents.metadata import about_dataset
from russia_dprk_claims.contract import Field

_TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "string": pa.string(),
}


def parquet_bytes(typed: TypedTable, dataset: Dataset) -> bytes:
    """Return the bytes of the Parquet file of a table, the same for the same rows with the same version of Arrow."""
    table = typed.table
    about = {
        **about_dataset(dataset),
        "title": table.title,
        "description": table.description,
        "dataset": dataset.title,
        # The published schema, whole, for readers that do not know Arrow.
        "table_schema": _json(table.schema) if table.schema else "",
    }
    fields = pa.schema([_field(each) for each in table.fields], _metadata(about))
    columns = [pa.array(typed.values(each), _TYPES[each.type]) for each in table.fields]
    out = pa.BufferOutputStream()
    # Uncompressed, because the output of a codec differs between its versions.
    pq.write_table(pa.Table.from_arrays(columns, schema=fields), out, compression="none", version="2.6")
    return bytes(out.getvalue())


def _field(column: Field) -> Any:
    about = {"title": column.title, "description": column.description, "rdfType": column.rdf_type or ""}
    if column.enum:
        about["definitions"] = _json({each: column.definitions[each] for each in column.enum})
    return pa.field(column.name, _TYPES[column.type], nullable=not column.required, metadata=_metadata(about))


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _metadata(about: Mapping[str, str]) -> dict[bytes, bytes]:
    return {key.encode(): text.encode() for key, text in about.items() if text}
