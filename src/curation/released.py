"""Released ids stay, so that citations resolve: `seeds/released.csv` lists them, and `scripts/release.py` writes it.

A major version may remove a row other than a claim; somebody then writes its successor into the list.
"""

from __future__ import annotations

from pathlib import Path

from curation.seeds.files import csv_bytes, parse_csv
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.files import LIMITS, read_file
from russia_dprk_claims.loading import RELEASED

_HEADER = ["table", "id", "successor"]


def id_column(table: Table) -> str | None:
    """Return the column that identifies the rows of a table by itself, or None."""
    return table.primary_key[0] if len(table.primary_key) == 1 else None


def read_list(root: Path) -> bytes | None:
    """Return the bytes of the list of a project, or None if there was no release."""
    path = root / RELEASED
    return read_file(path, root) if path.is_file() else None


def released_csv(contract: Contract, tables: TextTables, before: bytes | None = None) -> bytes:
    """Return the list of all ids of the tables, in the order of the contract, with the removed ids of `before`."""
    columns = {table.name: column for table in contract if (column := id_column(table))}
    rows = {(name, each): "" for name, column in columns.items() for each in tables[name].cells[column] if each}
    for name, id_, successor in parse_csv(before, _HEADER) if before else ():
        rows.setdefault((name, id_), successor)
    return csv_bytes(_HEADER, ([*row, rows[row]] for name in columns for row in sorted(rows) if row[0] == name))


def check_released(data: bytes | None, contract: Contract, tables: TextTables, invalid: Invalid) -> list[Finding]:
    """Return a finding for each released id that was removed without a successor, or with one that does not exist.

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
    known = {id_ for ids in present.values() for id_ in ids}
    findings: list[Finding] = []
    for line, (table_name, id_, successor) in enumerate(rows, start=2):
        if table_name not in present or id_ in present[table_name]:
            continue
        if not successor:
            message = f"{id_!r} was released in {table_name} and has been removed"
        elif successor not in known and len(present) == len(columns):
            message = f"{successor!r}, which replaces {id_!r}, does not exist"
        else:
            continue
        location = Location(RELEASED, line, len(table_name) + 2)
        if len(findings) == LIMITS.findings:
            message, hint = "ids are missing from here on as well", "correct those before; no more is checked"
            return [*findings, finding("released-ids", location, message, hint=hint)]
        findings.append(finding("released-ids", location, message, table=table_name, row=id_))
    return findings
