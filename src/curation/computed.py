"""Computed columns: values that follow from other cells, and that records do not state or only override."""

from __future__ import annotations

import polars as pl

from russia_dprk_claims.checks.edtf import day_range, is_valid
from russia_dprk_claims.checks.frames import RuleFrames
from russia_dprk_claims.checks.rule import ROW, Computed, paths_of
from russia_dprk_claims.checks.rules.agreements import LATEST_CLAIM, STATUS_AS_OF
from russia_dprk_claims.checks.rules.events import DATES, EVENT_DATE, EVENT_DATE_STATUS
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract

_DERIVED: dict[str, tuple[pl.Expr, tuple[Computed, ...]]] = {
    "event_date": (EVENT_DATE, DATES),
    "event_date_status": (EVENT_DATE_STATUS, DATES),
    "status_as_of": (STATUS_AS_OF, (LATEST_CLAIM,)),
}
"""The value of each column that is derived from other tables, and what it reads. Rules use the same expressions."""


def fill_computed(contract: Contract, tables: TextTables) -> None:
    """Fill the computed columns, except the hashes of passages; what a record states stays."""
    _fill_days(contract, tables)
    _fill_as_of(tables)
    frames = RuleFrames(contract, tables, Invalid())
    for table in contract:
        derived = {each.name: _DERIVED[each.derived] for each in table.fields if each.derived in _DERIVED}
        if not derived:
            continue
        paths = {path for value, reads in derived.values() for path in paths_of(value, reads)}
        frame = frames.read(table.name, paths, [each for _, reads in derived.values() for each in reads])
        values = {name: value for name, (value, _) in derived.items()}
        computed = frame.select(ROW, **values).collect(engine="in-memory").sort(ROW)
        cells = tables[table.name].cells
        for name in derived:
            cells[name] = [old or new for old, new in zip(cells[name], computed[name], strict=True)]


def _fill_days(contract: Contract, tables: TextTables) -> None:
    """Fill the first and last days that the EDTF dates cover; empty where a date is open or invalid."""
    for table in contract:
        cells = tables[table.name].cells
        for column in table.fields:
            side, _, date_column = (column.derived or "").partition(":")
            if side in {"edtf_earliest", "edtf_latest"}:
                days = [getattr(day_range(text), side.removeprefix("edtf_"), None) for text in cells[date_column]]
                cells[column.name] = [day.isoformat() if day else None for day in days]


def _fill_as_of(tables: TextTables) -> None:
    """Fill each empty `as_of` of a claim with the publication date of its source.

    An invalid publication date is not copied, so that it is reported only where it was written.
    """
    sources, claims = tables["sources"].cells, tables["claims"].cells
    dates = zip(sources["source_id"], sources["published_on"], strict=True)
    published = {source: date for source, date in dates if is_valid(date)}
    claims["as_of"] = [
        as_of or published.get(source) for as_of, source in zip(claims["as_of"], claims["source_id"], strict=True)
    ]
