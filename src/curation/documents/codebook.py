"""The codebook: every table, column, vocabulary value and rule, generated from the contract and the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import SUMMARY, WIDE, Contract, Field, Table, derived_table

PATH = "docs/CODEBOOK.md"
# The band of each compared column, by table and column.
Bands = Mapping[tuple[str, str], str]
_GROUPS = {
    "files": "Files",
    "records": "Records",
    "structure": "Structure",
    "semantics": "Semantics",
    "passages": "Passages",
    "package": "Packages and releases",
}


def codebook(contract: Contract, tables: TextTables) -> str:
    """Return the codebook as Markdown, with the reliability of the columns that the tables give."""
    return "\n".join(_lines(contract, bands_of(tables))) + "\n"


def bands_of(tables: TextTables) -> Bands:
    """Return the band of each compared column, with alpha over the claims that both coders found."""
    bands = {
        (row["table_name"] or "", row["column_name"] or ""): f"{row['band']} ({row['value'] or 'undefined'})"
        for row in tables["reliability"].rows()
        if (row["measure"], row["unmatched"]) == ("krippendorff_alpha", "excluded")
    }
    return bands | {(WIDE, column): band for (table, column), band in bands.items() if table == "claims"}


def _lines(contract: Contract, bands: Bands) -> Iterator[str]:
    yield from ("# Codebook", "")
    yield "This page defines every table, column, vocabulary value and rule. [CODING.md](CODING.md) explains how to"
    yield "choose among the values. `scripts/build.py` generates this page; do not edit it."
    yield ""
    yield "Reliability is Krippendorff's alpha of two blind codings, with its band: [RELIABILITY.md](RELIABILITY.md)."
    yield ""
    tables = (*contract, derived_table(contract, WIDE), derived_table(contract, SUMMARY))
    yield from (f"- [{each.name}](#{each.name}): {each.title}" for each in tables)
    yield "- [Rules](#rules)"
    for table in tables:
        yield from _about_table(table, bands)
    yield from ("", "## Rules", "")
    yield "Every finding names its rule. `scripts/validate.py --explain RULE` explains one, `--list-rules` lists all."
    for group, title in _GROUPS.items():
        yield from ("", f"### {title}", "")
        rules = (
            (f"`{each.id}`", each.severity, _names(each.tables), each.statement, each.hint)
            for each in catalogue()
            if each.group == group
        )
        yield from markdown_table("rule | severity | tables | requirement | what to do", rules)


def _about_table(table: Table, bands: Bands) -> Iterator[str]:
    yield from ("", f"## {table.name}", "", table.description, "", f"Primary key: {_names(table.primary_key)}.")
    for key in table.foreign_keys:
        yield f"Foreign key: {_names(key.columns)} → `{key.table}` ({_names(key.references)})."
    yield ""
    columns: list[tuple[str, ...]] = [
        (f"`{each.name}`", type_in_words(each), each.description, each.example and f"`{each.example}`")
        for each in table.fields
    ]
    header = "column | type | definition | example"
    if any((table.name, each.name) in bands for each in table.fields):
        header += " | reliability"
        columns = [
            (*cells, bands.get((table.name, each.name), "")) for cells, each in zip(columns, table.fields, strict=True)
        ]
    yield from markdown_table(header, columns)
    for column in table.fields:
        # The vocabularies of these two are those of the tables above them.
        if column.enum and table.name not in {WIDE, SUMMARY}:
            yield from ("", f"### {column.name}", "")
            yield from markdown_table(
                "value | definition", ((f"`{each}`", column.definitions[each]) for each in column.enum)
            )


def type_in_words(column: Field) -> str:
    """Return the type of a column with what else holds for its cells."""
    parts = ["EDTF date" if column.is_edtf else column.type]
    parts += ["required"] if column.required else []
    parts += [f"at most {column.max_words} words"] if column.max_words else []
    parts += [f"default {column.default}"] if column.default is not None else []
    parts += ["computed"] if column.is_computed else []
    return ", ".join(parts)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def markdown_table(header: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a Markdown table, in which each text stays in its cell."""
    yield f"| {header} |"
    yield "|---" * len(header.split(" | ")) + "|"
    for row in rows:
        cells = (text.replace("|", "\\|").replace("\n", " ") for text in row)
        yield f"| {' | '.join(cells)} |"
