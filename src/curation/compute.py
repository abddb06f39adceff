"""Computed columns: the days that a date covers, and the hashes of long passages. No person writes these cells."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import PurePosixPath

from curation.lineage import Lineage
from curation.seeds.files import SEEDS, SeedFiles
from curation.seeds.spans import Span, parse_hashes, span_of, span_sha256
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.cells import SHORTEST_HASHED
from russia_dprk_claims.checks.edtf import covered
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables, row_name
from russia_dprk_claims.contract import SPAN, Contract, Field, Table

HASHES = f"{SEEDS}/seals"
"""The folder with the passage hashes of each source."""

Hashes = dict[tuple[str, Span], str]
"""The SHA-256 of a folded passage, by source and span."""


def fill_dates(contract: Contract, tables: TextTables) -> None:
    """Fill the first and last days that the EDTF dates cover; empty where a date is open or invalid."""
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


def read_hashes(files: SeedFiles) -> tuple[Hashes, list[Finding]]:
    """Return the passage hashes of all sources, and a finding, whose row is the source, on each invalid file."""
    hashes: Hashes = {}
    findings: list[Finding] = []
    for path, data in files.items():
        if PurePosixPath(path).match(f"{HASHES}/*.csv"):
            source = PurePosixPath(path).stem
            try:
                hashes.update(((source, span), sha256) for span, sha256 in parse_hashes(data or b"").items())
            except ValueError:
                message, hint = "this is not a file of passage hashes", f"run scripts/seal.py {source}"
                findings.append(finding("seal", Location(path), message, hint=hint, table="sources", row=source))
    return hashes, findings


def fill_hashes(lineage: Lineage, hashes: Hashes, invalid: Invalid, unread: Container[str] = ()) -> list[Finding]:
    """Fill the hashes of the long passages.

    Missing hashes are added to `invalid`; `unread` are the sources whose file of hashes is invalid.
    """
    findings: list[Finding] = []
    for table, raw, index, span, source in _hashed_rows(lineage):
        if span.end - span.start < SHORTEST_HASHED:
            continue
        sha256 = hashes.get((source or "", span))
        for column in _hash_columns(table):
            raw.cells[column][index] = sha256
            if sha256 is None:
                invalid.add(table.name, index, column)
        if sha256 is None and source not in unread:
            location, row = raw.locator.locate(index, SPAN[0]), row_name(table, raw, index)
            message = f"the hash of the passage {span} is missing"
            findings.append(finding("seal", location, message, table=table.name, row=row))
    return findings


def hash_passages(lineage: Lineage, source_id: str, text: str) -> dict[Span, str]:
    """Return the hashes of all long passages of one source."""
    spans = {span for *_, span, source in _hashed_rows(lineage) if source == source_id}
    return {span: sha256 for span in spans if (sha256 := span_sha256(span.of(text)))}


def _hash_columns(table: Table) -> list[str]:
    return [each.name for each in table.fields if each.derived == "span_sha256"]


def _hashed_rows(lineage: Lineage) -> Iterator[tuple[Table, TextTable, int, Span, str | None]]:
    """Iterate over the rows that keep the hash of their passage, with its span and source."""
    for table in lineage.contract:
        raw = lineage.tables[table.name]
        for index in range(len(raw) if _hash_columns(table) else 0):
            span = span_of(raw, index)
            if span:
                yield table, raw, index, span, lineage.source(table, index)
