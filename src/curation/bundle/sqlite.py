"""The SQLite database: the tables with their keys and checks, their documentation, and a full-text index of the claims.

The documentation is in the database twice: as comments in the table definitions, and in the tables `_dataset`,
`_tables`, `_columns` and `_values`, for queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from graphlib import TopologicalSorter
from typing import Any

from sqlite_utils import Database

from curation.dataset import Dataset
from curation.documents.metadata import cite_as, doi_address
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract, Field, Table

_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "string": "TEXT", "date": "TEXT"}
_PAGE_SIZE = 4096


def sqlite_bytes(contract: Contract, dataset: Dataset, tables: TextTables) -> bytes:
    """Return the bytes of the database, the same for the same rows with the same version of SQLite."""
    database = Database(memory=True)
    try:
        database.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        for table in by_reference(contract):
            database.execute(create_sql(table))
            database.table(table.name).insert_all(
                {each.name: _stored(each, row[each.name]) for each in table.fields} for row in tables[table.name].rows()
            )
            for key in table.foreign_keys:
                # The index of the primary key serves a join on its first columns.
                if table.primary_key[: len(key.columns)] != key.columns:
                    database.table(table.name).create_index(key.columns, if_not_exists=True)
        _document(database, contract, dataset, tables)
        if "claims" in contract.tables:
            # Words are stemmed, so that `deliver` finds `delivered`.
            database.table("claims").enable_fts(["claim_text"], tokenize="porter")
        database.vacuum()
        return bytes(database.conn.serialize())
    finally:
        database.close()


def by_reference(contract: Contract) -> list[Table]:
    """Return the tables, each after those that it refers to."""
    keys = {table.name: [key.table for key in table.foreign_keys if key.table != table.name] for table in contract}
    return [contract[name] for name in TopologicalSorter(keys).static_order()]


def _stored(column: Field, text: str | None) -> str | int | float | None:
    """Return a cell as SQLite stores it: a boolean as 0 or 1, a date as text."""
    cell = text and column.parse(text)
    if isinstance(cell, bool):
        return int(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def create_sql(table: Table) -> str:
    """Return the `CREATE TABLE` statement of a table; SQLite keeps its comments, and `.schema` shows them."""
    parts = [(_column(table, each), each.description) for each in table.fields]
    parts.append((f"PRIMARY KEY ({_names(table.primary_key)})", ""))
    for key in table.foreign_keys:
        target = f"{_quoted(key.table)} ({_names(key.references)})"
        parts.append((f"FOREIGN KEY ({_names(key.columns)}) REFERENCES {target}", ""))
    lines = [f"CREATE TABLE {_quoted(table.name)} ( -- {_comment(table.description)}"]
    for number, (definition, comment) in enumerate(parts, start=1):
        comma = "," if number < len(parts) else ""
        lines.append(f"  {definition}{comma}" + (f" -- {_comment(comment)}" if comment else ""))
    return "\n".join([*lines, ")"])


def _column(table: Table, column: Field) -> str:
    words = [_quoted(column.name), _TYPES[column.type]]
    if column.required or column.name in table.primary_key:
        words.append("NOT NULL")
    if column.unique:
        words.append("UNIQUE")
    allowed = ["0", "1"] if column.type == "boolean" else [_quoted(each, "'") for each in column.enum]
    if allowed:
        words.append(f"CHECK ({_quoted(column.name)} IN ({', '.join(allowed)}))")
    return " ".join(words)


def _names(names: Iterable[str]) -> str:
    return ", ".join(_quoted(each) for each in names)


def _quoted(text: str, mark: str = '"') -> str:
    return mark + text.replace(mark, mark * 2) + mark


def _comment(text: str) -> str:
    return " ".join(text.split())


def _document(database: Database, contract: Contract, dataset: Dataset, tables: TextTables) -> None:
    properties = {
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "license": " AND ".join(each["name"] for each in dataset.licenses),
        "doi": doi_address(dataset),
        "cite_as": cite_as(dataset),
    }
    about = ({"property": name, "value": text} for name, text in properties.items() if text)
    database.table("_dataset").insert_all(about, pk="property")
    counted = (
        {
            "table_name": each.name,
            "title": each.title,
            "description": each.description,
            "row_count": len(tables[each.name]),
        }
        for each in contract
    )
    database.table("_tables").insert_all(counted, pk="table_name")
    column = ("table_name", "column_name")
    database.table("_columns").insert_all(
        _column_rows(contract), pk=column, foreign_keys=[("table_name", "_tables", "table_name")]
    )
    database.table("_values").insert_all(
        _value_rows(contract), pk=(*column, "value"), foreign_keys=[(column, "_columns", column)]
    )


def _column_rows(contract: Contract) -> Iterator[dict[str, Any]]:
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


def _value_rows(contract: Contract) -> Iterator[dict[str, Any]]:
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
