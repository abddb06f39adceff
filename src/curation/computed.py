"""Computed columns: the cells that no person writes, filled from the cells that they follow from."""

from __future__ import annotations

from russia_dprk_claims.checks.edtf import covered
from russia_dprk_claims.checks.tables import TextTable, TextTables
from russia_dprk_claims.contract import Contract, Field


def fill_dates(contract: Contract, tables: TextTables) -> None:
    """Fill the first and last days that the EDTF dates of the tables cover; empty where a date is open or is none."""
    for table in contract:
        for column in table.fields:
            side, _, date_column = (column.derived or "").partition(":")
            if side in {"edtf_earliest", "edtf_latest"}:
                _fill_side(tables[table.name], column, side.removeprefix("edtf_"), date_column)


def _fill_side(raw: TextTable, column: Field, side: str, date_column: str) -> None:
    for index, text in enumerate(raw.cells[date_column]):
        days = covered(text)
        day = getattr(days, side) if days else None
        raw.cells[column.name][index] = day.isoformat() if day else None
