"""Released ids: what a release has published stays, so that every citation resolves.

`seeds/released.csv` lists the ids of the last release, one a line with its table; `scripts/release.py` writes it. A row
that should not have been is withdrawn, never removed.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract, Table

RELEASED_FILE = "released.csv"
RELEASED = f"seeds/{RELEASED_FILE}"
HEADER = ["table", "id"]


def id_column(table: Table) -> str | None:
    """Return the column that identifies the rows of a table by itself, or None."""
    return table.primary_key[0] if len(table.primary_key) == 1 else None


def released_csv(contract: Contract, tables: TextTables) -> bytes:
    """Return the list of all ids of the tables, in the order of the contract."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for table in contract:
        column = id_column(table)
        if column:
            writer.writerows([table.name, each] for each in sorted(filter(None, tables[table.name].cells[column])))
    return out.getvalue().encode("utf-8")


def check_released(
    seeds: Path, contract: Contract, tables: TextTables, invalid: Invalid, prefix: str = "seeds"
) -> list[Finding]:
    """Return a finding for each id of the last release that is gone; none where there has been no release.

    A table that has an invalid id or lacks rows is skipped.
    """
    name, path = f"{prefix}/{RELEASED_FILE}", seeds / RELEASED_FILE
    if not path.exists():
        return []
    try:
        # What is no file is not waited for.
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        header, *rows = csv.reader(io.StringIO(text, newline=""))
    except (OSError, ValueError, csv.Error):
        header, rows = [], []
    known = {table.name for table in contract if id_column(table)}
    wrong = [line for line, row in enumerate(rows, start=2) if len(row) != len(HEADER) or row[0] not in known]
    if header != HEADER or wrong:
        location = Location(name, wrong[0], 1) if header == HEADER else Location(name)
        hint = "restore it from the last release"
        return [Finding(location, "released-ids", "this is not a list of released ids", hint)]
    present = {
        table.name: set(tables[table.name].cells[column])
        for table in contract
        if (column := id_column(table))
        and table.name not in invalid.incomplete
        and not invalid.rows(table.name, column)
    }
    return [
        _gone(Location(name, line, len(table) + 2), table, id_)
        for line, (table, id_) in enumerate(rows, start=2)
        if table in present and id_ not in present[table]
    ]


def _gone(location: Location, table: str, id_: str) -> Finding:
    message = f"{id_!r} was released in {table} and is gone"
    hint = "restore the row; a claim that should not stand is given record_status: withdrawn"
    return Finding(location, "released-ids", message, hint, table=table, row=id_)
