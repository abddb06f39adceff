"""The layout of a package: its descriptor, and where the files of a table are."""

from __future__ import annotations

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def data_path(table: str) -> str:
    """Return where the CSV of a table is, from the descriptor."""
    return f"data/{table}.csv"


def schema_path(table: str) -> str:
    """Return where the schema of a table is, from the descriptor."""
    return f"schemas/{table}.json"
