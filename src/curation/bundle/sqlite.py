"""The SQLite database: the tables with their keys, what their columns mean, and a full-text index over the claims.

What the contract says stands in it twice: as comments in the definitions, and in the tables `_dataset`, `_tables`,
`_columns` and `_values`, where queries can use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlite_utils import Database

from curation.bundle.tabledefs import by_reference, create_sql
from curation.bundle.values import Value, value
from curation.dataset import Dataset
from curation.documents.metadata.citation import cite_as, doi_address
from russia_dprk_claims.checks.tables import TextTable, TextTables
from russia_dprk_claims.contract import Contract, Table

# What is searched: the table, the columns, and stems of English words, so that `deliver` finds `delivered`.
SEARCHED = ("claims", ("claim_text",))
TOKENIZER = "porter"
_PAGE = 4096


def sqlite_bytes(contract: Contract, dataset: Dataset, tables: TextTables) -> bytes:
    """Return the bytes of the database, the same for the same rows with the same version of SQLite.

    Parameters
    ----------
    contract
        The tables.
    dataset
        The description.
    tables
        The rows, sorted and sound.
    """
    database = Database(memory=True)
    try:
        database.execute(f"PRAGMA page_size = {_PAGE}")
        for table in by_reference(contract):
            database.execute(create_sql(table))
            database.table(table.name).insert_all(_rows(table, tables[table.name]))
            _index_references(database, table)
        _describe(database, contract, dataset, tables)
        name, columns = SEARCHED
        if name in contract.tables:
            database.table(name).enable_fts(list(columns), tokenize=TOKENIZER)
        database.vacuum()
        return bytes(database.conn.serialize())
    finally:
        database.close()


def _rows(table: Table, raw: TextTable) -> Iterator[dict[str, Any]]:
    for row in raw.rows():
        yield {each.name: _stored(value(each, row[each.name])) for each in table.fields}


def _stored(each: Value) -> str | int | float | None:
    """Return a value as SQLite keeps it: truth as 0 or 1, a day as a text."""
    if isinstance(each, bool):
        return int(each)
    return each.isoformat() if isinstance(each, date) else each


def _index_references(database: Database, table: Table) -> None:
    """Make an index for each foreign key that the primary key does not begin with: rows are sought from both ends."""
    for key in table.foreign_keys:
        if table.primary_key[: len(key.columns)] != key.columns:
            database.table(table.name).create_index(key.columns, if_not_exists=True)


def _describe(database: Database, contract: Contract, dataset: Dataset, tables: TextTables) -> None:
    database.table("_dataset").insert_all(_of_dataset(dataset), pk="property")
    database.table("_tables").insert_all(_of_tables(contract, tables), pk="table_name")
    database.table("_columns").insert_all(
        _of_columns(contract), pk=("table_name", "column_name"), foreign_keys=[("table_name", "_tables", "table_name")]
    )
    database.table("_values").insert_all(
        _of_values(contract),
        pk=("table_name", "column_name", "value"),
        foreign_keys=[(("table_name", "column_name"), "_columns", ("table_name", "column_name"))],
    )


def _of_dataset(dataset: Dataset) -> Iterator[dict[str, str]]:
    said = {
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "license": " AND ".join(each["name"] for each in dataset.licenses),
        "doi": doi_address(dataset),
        "cite_as": cite_as(dataset),
    }
    yield from ({"property": name, "value": text} for name, text in said.items() if text)


def _of_tables(contract: Contract, tables: TextTables) -> Iterator[dict[str, Any]]:
    for table in contract:
        yield {
            "table_name": table.name,
            "title": table.title,
            "description": table.description,
            "row_count": len(tables[table.name]),
        }


def _of_columns(contract: Contract) -> Iterator[dict[str, Any]]:
    for table in contract:
        for position, column in enumerate(table.fields, start=1):
            keys = [key.describe(table.name) for key in table.foreign_keys if column.name in key.columns]
            yield {
                "table_name": table.name,
                "column_name": column.name,
                "position": position,
                "title": column.title,
                "type": "edtf" if column.is_edtf else column.type,
                "required": int(column.required),
                "description": column.description,
                "example": column.example,
                "foreign_keys": "; ".join(keys) or None,
            }


def _of_values(contract: Contract) -> Iterator[dict[str, Any]]:
    for table in contract:
        for column in table.fields:
            for position, each in enumerate(column.enum, start=1):
                yield {
                    "table_name": table.name,
                    "column_name": column.name,
                    "value": each,
                    "position": position,
                    "definition": column.definitions[each],
                }
