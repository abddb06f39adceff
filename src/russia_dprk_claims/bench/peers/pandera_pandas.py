"""Pandera on pandas: the public schemas of the tables run on pandas frames, and the foreign keys as one would write
them by hand.

It checks less than the validation does: the rules that look into other tables are not in the public schemas.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors

from russia_dprk_claims.checks import schema
from russia_dprk_claims.contract import Contract, ForeignKey, Table, read_contract
from russia_dprk_claims.package.descriptor import data_path

_TYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "string": "str"}


def read_table(folder: Path, table: Table) -> pd.DataFrame:
    """Read the CSV of a table with the types of the contract."""
    types = {each.name: _TYPES[each.type] for each in table.fields if each.type in _TYPES}
    days = [each.name for each in table.fields if each.type == "date"]
    return pd.read_csv(
        folder / data_path(table.name), dtype=types, parse_dates=days, keep_default_na=False, na_values=[""]
    )


def dangling(key: ForeignKey, frame: pd.DataFrame, target: pd.DataFrame) -> int:
    """Return how many rows lead nowhere."""
    child = frame[list(key.columns)].dropna()
    if len(key.columns) == 1:
        return int((~child[key.columns[0]].isin(target[key.references[0]])).sum())
    known: Any = pd.MultiIndex.from_frame(target[list(key.references)])
    return int((~pd.MultiIndex.from_frame(child).isin(known)).sum())


def validate(contract: Contract, folder: Path) -> int:
    """Validate a package and return how many faults there are."""
    frames = {table.name: read_table(folder, table) for table in contract}
    faults = 0
    for table in contract:
        try:
            schema(table.name, "pandas").validate(frames[table.name], lazy=True)
        except SchemaErrors as errors:
            faults += len(errors.failure_cases)
            print(table.name, errors.failure_cases.head(), file=sys.stderr)
        for key in table.foreign_keys:
            faults += dangling(key, frames[table.name], frames[key.table])
    return faults


if __name__ == "__main__":
    package = Path(sys.argv[1])
    sys.exit(1 if validate(read_contract(package / "schemas"), package) else 0)
