"""Released ids stay, so that citations resolve: `seeds/released.csv` lists them, and `scripts/release.py` writes it."""

from __future__ import annotations

from curation.seeds.files import SEEDS, csv_bytes, parse_csv
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract, Table

RELEASED = f"{SEEDS}/released.csv"
_HEADER = ["table", "id"]


def id_column(table: Table) -> str | None:
    """Return the column that identifies the rows of a table by itself, or None."""
    return table.primary_key[0] if len(table.primary_key) == 1 else None


def released_csv(contract: Contract, tables: TextTables) -> bytes:
    """Return the list of all ids of the tables, in the order of the contract."""
    columns = {table.name: column for table in contract if (column := id_column(table))}
    ids = {name: sorted(filter(None, tables[name].cells[column])) for name, column in columns.items()}
    return csv_bytes(_HEADER, ([name, each] for name in ids for each in ids[name]))


def check_released(data: bytes | None, contract: Contract, tables: TextTables, invalid: Invalid) -> list[Finding]:
    """Return a finding for each released id that was removed.

    A table that has an invalid id or lacks rows is skipped.
    """
    columns = {table.name: column for table in contract if (column := id_column(table))}
    try:
        rows = parse_csv(data or b"", _HEADER)
        wrong = [line for line, row in enumerate(rows, start=2) if len(row) != len(_HEADER) or row[0] not in columns]
        location = Location(RELEASED, wrong[0], 1) if wrong else None
    except ValueError:
        location = Location(RELEASED)
    if location:
        hint = "restore it from the last release"
        return [finding("released-ids", location, "this is not a list of released ids", hint=hint)]
    present = {
        name: set(tables[name].cells[column])
        for name, column in columns.items()
        if name not in invalid.incomplete and not invalid.rows(name, column)
    }
    return [
        finding("released-ids", Location(RELEASED, line, len(table) + 2), message, table=table, row=id_)
        for line, (table, id_) in enumerate(rows, start=2)
        if table in present and id_ not in present[table]
        for message in [f"{id_!r} was released in {table} and has been removed"]
    ]
