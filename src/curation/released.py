"""Released ids: what a release has published stays, so that every citation resolves.

`seeds/released.csv` lists every id that was ever released, with its table; `scripts/release.py` writes it. A major
version may remove a row that is no claim: then the list names its successor, by hand.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from curation.seeds.files import SEEDS
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract, Table

RELEASED = f"{SEEDS}/released.csv"
_HEADER = ["table", "id", "successor"]


def id_column(table: Table) -> str | None:
    """Return the column that identifies the rows of a table by itself, or None."""
    return table.primary_key[0] if len(table.primary_key) == 1 else None


def read_list(root: Path) -> bytes | None:
    """Return the bytes of the list of a project, or None if there was no release."""
    path = root / RELEASED
    return path.read_bytes() if path.is_file() else None


def read_released(data: bytes | None) -> list[tuple[str, str, str]]:
    """Return the rows of the list: table, id, and the id of what replaces a row that was removed.

    Raises ValueError if the bytes are no such list; its argument is the line, or 0.
    """
    try:
        header, *rows = csv.reader(io.StringIO((data or b"").decode("utf-8"), newline=""))
    except (ValueError, csv.Error) as error:
        raise ValueError(0) from error
    if header != _HEADER:
        raise ValueError(0)
    for line, row in enumerate(rows, start=2):
        if len(row) != len(_HEADER):
            raise ValueError(line)
    return [(table, id_, successor) for table, id_, successor in rows]


def released_csv(contract: Contract, tables: TextTables, before: bytes | None = None) -> bytes:
    """Return the list of all ids of the tables, in the order of the contract, and of the removed ones of `before`."""
    rows = {(table.name, each): "" for table in contract for each in _ids(table, tables)}
    for table_name, id_, successor in read_released(before) if before else ():
        rows.setdefault((table_name, id_), successor)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    for table in contract:
        writer.writerows([*row, rows[row]] for row in sorted(rows) if row[0] == table.name)
    return out.getvalue().encode("utf-8")


def _ids(table: Table, tables: TextTables) -> list[str]:
    column = id_column(table)
    return [each for each in tables[table.name].cells[column] if each] if column else []


def check_released(data: bytes | None, contract: Contract, tables: TextTables, invalid: Invalid) -> list[Finding]:
    """Return a finding for each released id that was removed without a successor, or with one that does not exist.

    A table that has an invalid id or lacks rows is skipped.
    """
    columns = {table.name: column for table in contract if (column := id_column(table))}
    try:
        rows = read_released(data)
        wrong = [line for line, row in enumerate(rows, start=2) if row[0] not in columns]
        if wrong:
            raise ValueError(wrong[0])
    except ValueError as error:
        (line,) = error.args
        location = Location(RELEASED, line, 1) if line else Location(RELEASED)
        hint = "restore it from the last release"
        return [finding("released-ids", location, "this is not a list of released ids", hint=hint)]
    present = {
        name: set(tables[name].cells[column])
        for name, column in columns.items()
        if name not in invalid.incomplete and not invalid.rows(name, column)
    }
    known = {id_ for ids in present.values() for id_ in ids}
    findings = []
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
        findings.append(finding("released-ids", location, message, table=table_name, row=id_))
    return findings
