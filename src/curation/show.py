"""Showing: a row with what nests in it, the passage that it rests on, and what else names it."""

from __future__ import annotations

from collections.abc import Iterator

from curation.lineage import Lineage
from curation.spans import Span
from curation.texts import Texts
from russia_dprk_claims.checks.tables import TextTables, row_name
from russia_dprk_claims.contract import Contract, Table

CONTEXT = 80


def find_row(contract: Contract, tables: TextTables, name: str) -> tuple[Table, int] | None:
    """Return the row that has `name` as its whole primary key, or None."""
    for table in contract:
        if len(table.primary_key) == 1 and name in tables[table.name].cells[table.primary_key[0]]:
            return table, tables[table.name].cells[table.primary_key[0]].index(name)
    return None


def row_names(contract: Contract, tables: TextTables) -> list[str]:
    """Return every id that can be shown."""
    singles = (each for each in contract if len(each.primary_key) == 1)
    return [name for each in singles for name in tables[each.name].cells[each.primary_key[0]] if name]


def describe(contract: Contract, tables: TextTables, texts: Texts, table: Table, index: int) -> Iterator[str]:
    """Yield the lines that show a row.

    Parameters
    ----------
    contract, tables, texts
        The project.
    table, index
        Which row.
    """
    lineage = Lineage(contract, tables)
    raw = tables[table.name]
    yield f"{table.name} {row_name(table, raw, index)}  ({raw.locator.locate(index, None)})"
    yield from _cells(table, tables, index, "  ")
    if table.name != "sources":
        yield from _passage(lineage, texts, table, index)
        yield from _nested(contract, tables, table, index)
    yield from _named_by(contract, tables, table, index)


def _cells(table: Table, tables: TextTables, index: int, indent: str) -> Iterator[str]:
    for column, value in tables[table.name].row(index).items():
        if value is not None:
            yield f"{indent}{column}: {value}"


def _passage(lineage: Lineage, texts: Texts, table: Table, index: int) -> Iterator[str]:
    span = lineage.span(table, index)
    source = lineage.source(table, index)
    if span is None or source is None:
        return
    text = texts.by_source.get(source)
    if text is None:
        yield f"passage {span} of {source}: the text is not at hand"
        return
    before = text[max(0, span.start - CONTEXT) : span.start]
    after = Span(span.end, min(len(text), span.end + CONTEXT)).of(text)
    yield f"passage {span} of {source}:"
    yield "  " + " ".join(f"…{before}»{span.of(text)}«{after}…".split())


def _nested(contract: Contract, tables: TextTables, table: Table, index: int) -> Iterator[str]:
    key = tables[table.name].cells[table.primary_key[0]][index]
    for child in contract.children(table.name):
        raw = tables[child.name]
        nesting = child.nesting
        assert nesting  # noqa: S101
        for row, parent in enumerate(raw.cells[nesting.columns[0]]):
            if parent == key:
                cells = (
                    f"{name}: {value}" for name, value in raw.row(row).items() if value and name != nesting.columns[0]
                )
                yield f"{child.name}: {', '.join(cells)}"
                if contract.children(child.name):
                    yield from (f"  {line}" for line in _nested(contract, tables, child, row))


def _named_by(contract: Contract, tables: TextTables, table: Table, index: int) -> Iterator[str]:
    """Yield the rows elsewhere that refer to this one other than by nesting in it."""
    key = tables[table.name].cells[table.primary_key[0]][index]
    for other in contract:
        raw = tables[other.name]
        for each in other.foreign_keys:
            if each.table == table.name and len(each.columns) == 1 and each != other.nesting:
                rows = [
                    row_name(other, raw, row) for row, value in enumerate(raw.cells[each.columns[0]]) if value == key
                ]
                if rows:
                    yield f"named by {other.name}({each.columns[0]}): {'; '.join(rows)}"
