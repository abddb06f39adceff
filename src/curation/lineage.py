"""Lineage: which row a row nests in, and so which source and which passage it rests on."""

from __future__ import annotations

from collections import Counter

from curation.seeds.spans import Span, span_of
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract, Table

ROOT = "sources"


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

    def find(self, table: str, key: str) -> int | None:
        """Return the row of a table that has a key, or None."""
        return self._rows.get(table, {}).get(key)

    def parent(self, table: Table, index: int) -> tuple[Table, int] | None:
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
        for table in self.contract.children(ROOT):
            for index in range(len(self.tables[table.name]) if table.has_span else 0):
                span, source = self.span(table, index), self.source(table, index)
                if span and source:
                    spans.setdefault(source, []).append(span)
        return spans

    def counts_by_source(self) -> dict[str, Counter[str]]:
        """Return the number of rows by table and source, for the tables that belong to sources."""
        counts = {
            table.name: Counter(filter(None, (self.source(table, row) for row in range(len(self.tables[table.name])))))
            for table in self.contract
        }
        return {name: by_source for name, by_source in counts.items() if by_source}
