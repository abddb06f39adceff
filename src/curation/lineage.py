"""Lineage: the parent, the source and the passage of each row; and the hashes of the passages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from pathlib import PurePosixPath

from curation.seeds.files import SEEDS, SeedFiles
from curation.seeds.spans import Span, parse_hashes, span_of, span_sha256
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTables, row_name
from russia_dprk_claims.contract import SHORTEST_HASHED, SPAN, Contract, Table

ROOT = "sources"
HASHES = f"{SEEDS}/seals"
"""The folder with the passage hashes of each source."""

Row = tuple[Table, int]
Hashes = dict[tuple[str, Span], str]
"""The SHA-256 of a folded passage, by source and span."""


class Lineage:
    """The rows of the tables, and for each the row that it nests in."""

    def __init__(self, contract: Contract, tables: TextTables) -> None:
        """Index the rows that others can nest in by their key."""
        self.contract = contract
        self.tables = tables
        self._rows: dict[str, dict[str, int]] = {}
        for table in contract:
            if len(table.primary_key) == 1:
                keys = tables[table.name].cells[table.primary_key[0]]
                self._rows[table.name] = {key: index for index, key in enumerate(keys) if key is not None}

    def rows(self, tables: Iterable[Table]) -> Iterator[Row]:
        """Iterate over the rows of some tables."""
        return ((table, index) for table in tables for index in range(len(self.tables[table.name])))

    def find(self, table: str, key: str) -> int | None:
        """Return the index of the row of a table with this key, or None."""
        return self._rows.get(table, {}).get(key)

    def parent(self, table: Table, index: int) -> Row | None:
        """Return the row that a row nests in, or None."""
        if table.nesting is None:
            return None
        key = self.tables[table.name].cells[table.nesting.columns[0]][index]
        found = self.find(table.nesting.table, key or "")
        return None if found is None else (self.contract[table.nesting.table], found)

    def source(self, table: Table, index: int) -> str | None:
        """Return the source that a row belongs to, or None."""
        if table.name == ROOT:
            return self.tables[ROOT].cells["source_id"][index]
        parent = self.parent(table, index)
        return self.source(*parent) if parent else None

    def span(self, table: Table, index: int) -> Span | None:
        """Return the span that a row rests on: its own, or that of the row it nests in."""
        if table.has_span:
            return span_of(self.tables[table.name], index)
        parent = self.parent(table, index)
        return self.span(*parent) if parent else None

    def spans_by_source(self) -> dict[str, list[Span]]:
        """Return the spans of the rows that nest directly in a source: its claims and what is set aside."""
        spans: dict[str, list[Span]] = {}
        for row in self.rows(each for each in self.contract.children(ROOT) if each.has_span):
            span, source = self.span(*row), self.source(*row)
            if span and source:
                spans.setdefault(source, []).append(span)
        return spans


def read_hashes(files: SeedFiles) -> tuple[Hashes, list[Finding]]:
    """Return the passage hashes of all sources, and a finding on each invalid file; its row is the source."""
    hashes: Hashes = {}
    findings: list[Finding] = []
    for path, data in files.items():
        if PurePosixPath(path).match(f"{HASHES}/*.csv"):
            source = PurePosixPath(path).stem
            try:
                hashes.update(((source, span), sha256) for span, sha256 in parse_hashes(data or b"").items())
            except ValueError:
                message, hint = "this is not a file of passage hashes", f"run scripts/seal.py {source}"
                findings.append(finding("seal", Location(path), message, hint=hint, table=ROOT, row=source))
    return hashes, findings


def fill_hashes(lineage: Lineage, hashes: Hashes, invalid: Invalid, unread: Container[str]) -> list[Finding]:
    """Fill the hashes of the long passages.

    Missing hashes are added to `invalid`; `unread` are the sources whose file of hashes is invalid.
    """
    findings: list[Finding] = []
    for (table, index), span, source in _hashed_rows(lineage):
        raw, sha256 = lineage.tables[table.name], hashes.get((source or "", span))
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
    spans = {span for _, span, source in _hashed_rows(lineage) if source == source_id}
    return {span: sha256 for span in spans if (sha256 := span_sha256(span.of(text)))}


def _hash_columns(table: Table) -> list[str]:
    return [each.name for each in table.fields if each.derived == "span_sha256"]


def _hashed_rows(lineage: Lineage) -> Iterator[tuple[Row, Span, str | None]]:
    """Iterate over the rows that keep the hash of their long passage, with its span and source."""
    for row in lineage.rows(filter(_hash_columns, lineage.contract)):
        span = lineage.span(*row)
        if span and span.end - span.start >= SHORTEST_HASHED:
            yield row, span, lineage.source(*row)
