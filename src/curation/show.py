"""Shows a row with its nested rows, its passage and the rows that refer to it; and which sources are not verified."""

from __future__ import annotations

from collections.abc import Iterator

from curation.lineage import ROOT
from curation.project import Project
from curation.report.counts import first_names, numbered
from curation.seeds.spans import Span
from russia_dprk_claims.checks.tables import row_name
from russia_dprk_claims.contract import Table

CONTEXT = 80


def find_row(project: Project, name: str) -> tuple[Table, int] | None:
    """Return the row that has `name` as its whole primary key, or None."""
    found = ((table, project.lineage.find(table.name, name)) for table in project.contract)
    return next(((table, index) for table, index in found if index is not None), None)


def row_names(project: Project) -> list[str]:
    """Return every id that can be shown."""
    singles = (each for each in project.contract if len(each.primary_key) == 1)
    return [name for each in singles for name in project.tables[each.name].cells[each.primary_key[0]] if name]


def describe(project: Project, table: Table, index: int) -> Iterator[str]:
    """Yield the lines that show a row."""
    raw = project.tables[table.name]
    yield f"{table.name} {row_name(table, raw, index)}  ({raw.locator.locate(index, None)})"
    yield from (f"  {column}: {value}" for column, value in raw.row(index).items() if value is not None)
    key = raw.cells[table.primary_key[0]][index] or ""
    if table.name == ROOT:
        claims = project.tables["claims"].rows()
        yield from (f"claim {row['claim_id']}: {row['claim_text']}" for row in claims if row["source_id"] == key)
    else:
        yield from _passage(project, table, index)
        yield from _nested(project, table, key)
    for other in project.contract:
        rows = project.tables[other.name]
        for each in other.foreign_keys:
            if each.table == table.name and len(each.columns) == 1 and each != other.nesting:
                column = each.columns[0]
                names = [row_name(other, rows, row) for row, value in enumerate(rows.cells[column]) if value == key]
                if names:
                    yield f"referred to by {other.name}({column}): {'; '.join(names)}"


def _passage(project: Project, table: Table, index: int) -> Iterator[str]:
    span, source = project.lineage.span(table, index), project.lineage.source(table, index)
    if span is None or source is None:
        return
    text = project.texts.by_source.get(source)
    if text is None:
        yield f"passage {span} of {source}: the text is not available"
        return
    before, after = Span(max(0, span.start - CONTEXT), span.start), Span(span.end, span.end + CONTEXT)
    yield f"passage {span} of {source}:"
    yield "  " + " ".join(f"…{before.of(text)}»{span.of(text)}«{after.of(text)}…".split())


def _nested(project: Project, table: Table, key: str) -> Iterator[str]:
    """Yield the rows that nest in one, and those that nest in them."""
    for child in project.contract.children(table.name):
        assert child.nesting  # noqa: S101
        (link,) = child.nesting.columns
        for row in project.tables[child.name].rows():
            if row[link] == key:
                cells = ", ".join(f"{name}: {value}" for name, value in row.items() if value and name != link)
                yield f"{child.name}: {cells}"
                below = _nested(project, child, row[child.primary_key[0]] or "")
                yield from (f"  {line}" for line in below)


def unverified(project: Project) -> str:
    """Return a line with the number and the first of the sources whose text is not available, or nothing."""
    missing = project.texts.missing
    number = numbered(len(missing), "source")
    return f"{number} not verified, as the text is not available: {first_names(missing)}" if missing else ""
