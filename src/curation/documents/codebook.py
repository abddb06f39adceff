"""The codebook: every table, column, vocabulary value and rule in one document, generated from the contract and the
catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from russia_dprk_claims.checks.catalogue import Entry, catalogue
from russia_dprk_claims.contract import Contract, Field, Table

PATH = "docs/CODEBOOK.md"
_GROUPS = {
    "files": "Files",
    "records": "Records",
    "structure": "Structure",
    "semantics": "Semantics",
    "passages": "Passages",
    "package": "Packages and releases",
}


def codebook(contract: Contract) -> str:
    """Return the codebook as Markdown."""
    return "\n".join(_lines(contract)) + "\n"


def _lines(contract: Contract) -> Iterator[str]:
    yield "# Codebook"
    yield ""
    yield "This page defines every table, column, vocabulary value and rule. [CODING.md](CODING.md) explains how to"
    yield "choose among the values. `scripts/build.py` generates this page; do not edit it."
    yield ""
    yield from (f"- [{each.name}](#{each.name}): {each.title}" for each in contract)
    yield "- [Rules](#rules)"
    for table in contract:
        yield from _table(table)
    yield from _rules(catalogue())


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"## {table.name}"
    yield ""
    yield table.description
    yield ""
    yield f"Primary key: {_names(table.primary_key)}."
    for key in table.foreign_keys:
        yield f"Foreign key: {_names(key.columns)} → `{key.table}` ({_names(key.references)})."
    yield ""
    yield "| column | type | definition | example |"
    yield "|---|---|---|---|"
    for column in table.fields:
        yield f"| `{column.name}` | {_type(column)} | {_cell(column.description)} | {_code(column.example)} |"
    for column in table.fields:
        if column.enum:
            yield from _vocabulary(column)


def _type(column: Field) -> str:
    parts = ["EDTF date" if column.is_edtf else column.type]
    parts += ["required"] if column.required else []
    parts += [f"at most {column.max_words} words"] if column.max_words else []
    parts += [f"default {column.default}"] if column.default is not None else []
    parts += ["computed"] if column.is_computed else []
    return ", ".join(parts)


def _vocabulary(column: Field) -> Iterator[str]:
    yield ""
    yield f"### {column.name}"
    yield ""
    yield "| value | definition |"
    yield "|---|---|"
    yield from (f"| `{value}` | {_cell(column.definitions[value])} |" for value in column.enum)


def _rules(entries: Iterable[Entry]) -> Iterator[str]:
    entries = list(entries)
    yield ""
    yield "## Rules"
    yield ""
    yield "Every finding names its rule. `scripts/validate.py --explain RULE` explains one, `--list-rules` lists all."
    for group, title in _GROUPS.items():
        yield ""
        yield f"### {title}"
        yield ""
        yield "| rule | severity | tables | requirement | what to do |"
        yield "|---|---|---|---|---|"
        for each in entries:
            if each.group == group:
                tables = ", ".join(f"`{name}`" for name in each.tables)
                yield f"| `{each.id}` | {each.severity} | {tables} | {_cell(each.statement)} | {_cell(each.hint)} |"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _code(text: str) -> str:
    return f"`{_cell(text)}`"


def _cell(text: str) -> str:
    """Return a text that stays in its cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")
