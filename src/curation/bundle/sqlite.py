"""The SQLite database: the tables with their keys and checks, what is derived from them, and their documentation.

Two more answers of the loader are stored as tables, and `views.sql` has the views; none of them has a withdrawn claim.
An ordered vocabulary has a column of ranks beside it, because SQL compares its values as texts.

The tables `_dataset`, `_tables`, `_columns` and `_values` have the documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from curation.bundle.typed import TypedTable
from curation.dataset import Dataset
from curation.documents.metadata import about_dataset
from russia_dprk_claims.citation import doi_address
from russia_dprk_claims.contract import Field, Table, Value
from russia_dprk_claims.frames import records
from russia_dprk_claims.package import Package
from russia_dprk_claims.questions.transfers import figure_rows, transfer_rows

_VIEWS = Path(__file__).with_name("views.sql")
_VIEW = re.compile(r"^CREATE VIEW (\w+) AS\n-- (.+)$", re.MULTILINE)
# The words that people search for. Words are stemmed, so that `deliver` finds `delivered`.
_SEARCHED = {
    "claims": ("claim_text",),
    "claims_wide": ("claim_text", "voice", "through", "figures", "transfers", "events", "actors", "agreements"),
    "quantities": ("value_text", "item"),
    "actor_names": ("name",),
}
_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "string": "TEXT", "date": "TEXT"}
_FRAME_TYPES = {"Int64": int, "int8": int, "boolean": int, "Float64": float}


def sqlite_bytes(tables: Sequence[TypedTable], dataset: Dataset, package: Package) -> bytes:
    """Return the bytes of the database, the same for the same rows with the same version of SQLite."""
    database = Database(memory=True)
    try:
        for typed in tables:
            table = typed.table
            database.execute(_create_sql(table))
            records = (map(_stored, row) for row in typed.rows())
            database.table(table.name).insert_all(dict(zip(table.columns, row, strict=True)) for row in records)
            for key in table.foreign_keys:
                # The index of the primary key serves a join on its first columns.
                if table.primary_key[: len(key.columns)] != key.columns:
                    database.table(table.name).create_index(key.columns, if_not_exists=True)
        described = [(each.table.name, each.table.title, each.table.description) for each in tables]
        views = _VIEWS.read_text(encoding="utf-8")
        derived = [*_add_answers(database, package), *_VIEW.findall(views)]
        database.conn.executescript(views)
        described += [(name, name.replace("_", " ").capitalize(), about) for name, about in derived]
        _document(database, dataset, tables, described)
        for name, columns in _SEARCHED.items():
            database.table(name).enable_fts(columns, tokenize="porter")
        database.vacuum()
        return bytes(database.conn.serialize())
    finally:
        database.close()


def _add_answers(database: Database, package: Package) -> Iterator[tuple[str, str]]:
    """Add answers of the loader as tables, keyed by their first column; yield their names and descriptions."""
    answers = (
        ("transfers_wide", "transfers", transfer_rows, "Who gives what to whom, and who says so how surely."),
        ("figures_wide", "quantities", figure_rows, "Every figure, and who says it; modality is that of the value."),
    )
    for name, table, answer, about in answers:
        rows = answer(package)
        for column in rows.columns:
            if hasattr(rows[column], "cat") and rows[column].cat.ordered:
                rows[f"{column}_rank"] = rows[column].cat.codes
        types = {column: _FRAME_TYPES.get(str(rows[column].dtype), str) for column in rows.columns}
        key = rows.columns[0]
        keys = [(key, table, key)]
        for each in (*package.contract[table].foreign_keys, *package.contract["claims"].foreign_keys):
            if len(each.columns) == 1 and each.columns[0] in types:
                keys.append((each.columns[0], each.table, each.references[0]))
        # Created before rows are inserted, because there may be none.
        database.table(name).create(types, pk=key, foreign_keys=keys)
        database.table(name).insert_all(records(rows))
        yield name, about


def _stored(value: Value | None) -> str | int | float | None:
    """Return a value as SQLite stores it: a boolean as 0 or 1, a date as text."""
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _create_sql(table: Table) -> str:
    parts = [part for each in table.fields for part in _column_parts(table, each)]
    parts.append(f"PRIMARY KEY ({_names(table.primary_key)})")
    for key in table.foreign_keys:
        target = f"{_quoted(key.table)} ({_names(key.references)})"
        parts.append(f"FOREIGN KEY ({_names(key.columns)}) REFERENCES {target}")
    return f"CREATE TABLE {_quoted(table.name)} (\n  " + ",\n  ".join(parts) + "\n)"


def _column_parts(table: Table, column: Field) -> Iterator[str]:
    """Yield the definition of a column, and that of its rank if its vocabulary is ordered."""
    yield _column(table, column)
    rank = f"{column.name}_rank"
    if column.order and rank not in table.by_name:
        cases = " ".join(f"WHEN {_literal(value)} THEN {number}" for number, value in enumerate(column.order))
        computed = f"GENERATED ALWAYS AS (CASE {_quoted(column.name)} {cases} END) VIRTUAL"
        yield f"{_quoted(rank)} INTEGER {computed}"


def _column(table: Table, column: Field) -> str:
    words = [_quoted(column.name), _TYPES[column.type]]
    if column.required or column.name in table.primary_key:
        words.append("NOT NULL")
    if column.unique:
        words.append("UNIQUE")
    allowed = ["0", "1"] if column.type == "boolean" else [_literal(each) for each in column.enum]
    if allowed:
        words.append(f"CHECK ({_quoted(column.name)} IN ({', '.join(allowed)}))")
    return " ".join(words)


def _names(names: Iterable[str]) -> str:
    return ", ".join(_quoted(each) for each in names)


def _quoted(text: str, mark: str = '"') -> str:
    return mark + text.replace(mark, mark * 2) + mark


def _literal(text: str) -> str:
    return _quoted(text, "'")


def _document(
    database: Database, dataset: Dataset, tables: Sequence[TypedTable], described: Sequence[tuple[str, str, str]]
) -> None:
    """Add the tables of the documentation; `described` has the name, title and description of each table and view."""
    properties = {"name": dataset.name, **about_dataset(dataset), "doi": doi_address(dataset.doi)}
    about = ({"property": name, "value": text} for name, text in properties.items() if text)
    database.table("_dataset").insert_all(about, pk="property")
    counted = (
        {
            "table_name": name,
            "title": title,
            "description": description,
            "row_count": database.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0],  # noqa: S608
        }
        for name, title, description in described
    )
    database.table("_tables").insert_all(counted, pk="table_name")
    column = ("table_name", "column_name")
    database.table("_columns").insert_all(
        _column_rows(tables), pk=column, foreign_keys=[("table_name", "_tables", "table_name")]
    )
    database.table("_values").insert_all(
        _value_rows(tables), pk=(*column, "value"), foreign_keys=[(column, "_columns", column)]
    )


def _column_rows(tables: Sequence[TypedTable]) -> Iterator[dict[str, Any]]:
    for table in (each.table for each in tables):
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


def _value_rows(tables: Sequence[TypedTable]) -> Iterator[dict[str, Any]]:
    for table in (each.table for each in tables):
        for column in table.fields:
            for position, each in enumerate(column.enum, start=1):
                yield {
                    "table_name": table.name,
                    "column_name": column.name,
                    "value": each,
                    "position": position,
                    "rank": column.order.index(each) if column.order else None,
                    "definition": column.definitions[each],
                }
