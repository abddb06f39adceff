"""JSON Schemas of the seed files, made from the contract, with which editors complete, explain and check a record.

They cover the form of one file. References, semantics and passages are checked by `scripts/validate.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from curation.lineage import ROOT
from curation.seeds.records import CANDIDATE, SPAN_FORM
from curation.write import json_bytes
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import SPAN, Contract, Field, Table
from russia_dprk_claims.files import parse_json

FOLDER = "editor"
# Draft 7 is the newest that the YAML language server and VS Code support whole.
DIALECT = "http://json-schema.org/draft-07/schema#"

Schema = dict[str, Any]

# What YAML makes of a scalar without quotes; the reader takes the text of each.
_ANY_SCALAR = ("string", "number", "boolean")
_TYPED = {"integer": ("integer", "string"), "number": ("number", "string"), "boolean": ("boolean", "string")}


def editor_schema(contract: Contract, table: str | None, rows_of: TextTables | None = None) -> Schema:
    """Return the JSON Schema of a kind of seed file, in draft 7, with the extensions that VS Code reads.

    A file is one row of `table`, such as `sources`, or, if that is None, a file of tables, such as `actors.yaml`.
    With the rows of the tables, editors also complete references to rows that have a name.
    """
    if table is None:
        title = "A file of tables"
        rows = {each.name: _list_of(each, _standing_alone(contract, each)) for each in contract}
        body: Schema = {"type": "object", "properties": rows, "additionalProperties": False}
    else:
        title = f"A record of {table}"
        body = {"allOf": [_standing_alone(contract, contract[table])]}
    reached = list(contract) if table is None else list(_with_children(contract, contract[table]))
    return {
        "$schema": DIALECT,
        "$comment": "Made from schemas/ by scripts/build.py; do not edit.",
        "title": title,
        **body,
        "definitions": {each.name: _row(contract, each) for each in reached},
        "ids": {each.name: _ids(each, name, rows_of) for each in contract if (name := _naming_column(each))},
    }


def _naming_column(table: Table) -> str:
    """Return the column that names the rows which have ids in words, such as ACT-russia; empty for other tables."""
    key = table.by_name[table.primary_key[0]]
    is_in_words = table.nesting is None and "[a-z0-9]" in (key.pattern or "")
    return next((each for each in ("name", "label") if is_in_words and each in table.columns), "")


def _ids(table: Table, name: str, rows_of: TextTables | None) -> Schema:
    """Return the ids of a table, which an editor completes and explains with their names."""
    rows = rows_of[table.name].rows() if rows_of else ()
    names = dict(sorted((row[table.primary_key[0]] or "", row[name] or "") for row in rows))
    return {"enum": list(names), "enumDescriptions": list(names.values())} if names else {}


def editor_files(contract: Contract, rows_of: TextTables | None = None) -> dict[str, bytes]:
    """Return the bytes of the editor's schemas by their path in the project."""
    return {_path(table): json_bytes(editor_schema(contract, table, rows_of)) for table in (ROOT, None)}


def modeline(table: str | None) -> str:
    """Return the first line of a seed file, which tells an editor where its schema is.

    >>> modeline(None)
    '# yaml-language-server: $schema=../editor/tables.schema.json'
    """
    up = "../" if table is None else "../../"
    return f"# yaml-language-server: $schema={up}{_path(table)}"


def _path(table: str | None) -> str:
    return f"{FOLDER}/{table or 'tables'}.schema.json"


def _with_children(contract: Contract, table: Table) -> Iterator[Table]:
    yield table
    for child in contract.children(table.name):
        yield from _with_children(contract, child)


def _list_of(table: Table, row: Schema) -> Schema:
    return {"title": table.title, "description": table.description, "type": ["array", "null"], "items": row}


def _reference(table: Table) -> Schema:
    return {"$ref": f"#/definitions/{table.name}"}


def _standing_alone(contract: Contract, table: Table) -> Schema:
    """Return the schema of a row that nests in no other: it states its parent's key, and its ids are whole."""
    if table.nesting is None:
        return _reference(table)
    whole = {
        each.name: {
            "pattern": each.pattern,
            "patternErrorMessage": f"outside its source, write {each.name} whole, as {each.example}",
        }
        for each in table.fields
        if _parent_form(contract, table, each)
    }
    return {"allOf": [_reference(table), {"properties": whole, "required": list(table.nesting.columns)}]}


def _row(contract: Contract, table: Table) -> Schema:
    """Return the schema of a row that nests in its parent, or has none."""
    children = {each.name: _list_of(each, _reference(each)) for each in contract.children(table.name)}
    schema: Schema = {
        "title": table.title,
        "description": table.description,
        "type": "object",
        "properties": {**dict(_properties(contract, table)), **children, CANDIDATE: _KEYS["candidate"]},
        "required": [each.name for each in table.fields if _must_be_written(table, each)],
        "additionalProperties": False,
    }
    if table.has_span:
        schema["oneOf"] = [{"required": ["span"]}, {"required": ["quote"]}, {"required": list(SPAN)}]
    forms = [rule for each in table.fields for rule in _forms_by(each)]
    return {**schema, "allOf": forms} if forms else schema


def _properties(contract: Contract, table: Table) -> Iterator[tuple[str, Schema]]:
    unusual = {*(SPAN if table.has_span else ()), *(table.nesting.columns if table.nesting else ())}
    for column in table.fields:
        if table.has_span and column.name == SPAN[0]:
            yield "span", {**_KEYS["span"], "pattern": SPAN_FORM.pattern}
            yield "quote", _KEYS["quote"]
        if not column.is_computed:
            hidden = {"doNotSuggest": True} if column.name in unusual else {}
            cell = _cell(column, _parent_form(contract, table, column)) | hidden
            yield column.name, cell | _completion(contract, table, column)


def _completion(contract: Contract, table: Table, column: Field) -> Schema:
    """Return what completes a reference; an id that is not among the built ones is as good, as it may be new."""
    keys = (each for each in table.foreign_keys if each.columns == (column.name,))
    key = next((each for each in keys if _naming_column(contract[each.table])), None)
    return {"anyOf": [{"$ref": f"#/ids/{key.table}"}, {}]} if key else {}


def _must_be_written(table: Table, column: Field) -> bool:
    """Return whether a nested row must state a column: nothing else gives its value."""
    inherited = table.nesting is not None and column.name in table.nesting.columns
    in_span = table.has_span and column.name in SPAN
    given = inherited or in_span or column.default is not None or column.derived is not None
    return column.required and not given


def _forms_by(column: Field) -> Iterator[Schema]:
    """Yield the forms that a column has for each value of another."""
    if column.patterns_by is None:
        return
    other = column.patterns_by.column
    for value, pattern in column.patterns_by.patterns.items():
        words = f"with {other} {value}, {column.name} has the form {pattern}"
        form = {"pattern": pattern, "patternErrorMessage": words}
        when = {"properties": {other: {"const": value}}, "required": [other]}
        yield {"if": when, "then": {"properties": {column.name: form}}}


# What a record may have that is no column.
_KEYS: Mapping[str, Schema] = parse_json(Path(__file__).with_name("editor.json").read_bytes())


def _cell(column: Field, head: str) -> Schema:
    """Return the schema of one cell as a record writes it; an id may leave out its `head`, the key of the parent."""
    nullable = not column.required or column.default is not None or column.overridable
    words = f" At most {column.max_words} words." if column.max_words else ""
    default = "" if column.default is None else f" Left out: {column.default}."
    example = re.sub(head, "", column.example)
    schema: Schema = {"title": column.title, "description": f"{column.description}{words}{default}"}
    if column.enum:
        meanings = [column.definitions[each] for each in column.enum]
        left_out = "The same as leaving it out" + ("." if column.default is None else f": {column.default}.")
        schema["enum"] = [*column.enum, *([None] if nullable else [])]
        schema["enumDescriptions"] = [*meanings, *([left_out] if nullable else [])]
    else:
        pattern, expected = column.pattern, f"{column.name} in the form of {example}"
        if column.cell_type.pattern:
            pattern, expected = column.cell_type.pattern, column.cell_type.expected
        elif head and pattern:
            pattern = f"^({head.removeprefix('^')})?{pattern.removeprefix(head)}"
        types = [*_types(column, pattern), *(["null"] if nullable else [])]
        schema["type"] = types if len(types) > 1 else types[0]
        if pattern:
            schema |= {"pattern": pattern, "patternErrorMessage": f"write {expected}"}
        if column.type == "date":
            schema["format"] = "date"
        if column.minimum is not None:
            schema["minimum"] = column.minimum
    if column.default is not None:
        schema["default"] = json.loads(column.default) if column.type in _TYPED else column.default
    schema["examples"] = [json.loads(example) if column.type in _TYPED else example]
    return schema


def _types(column: Field, pattern: str | None) -> Iterable[str]:
    """Return what a scalar may be for YAML and yet have a text that the reader accepts: `unit: 1` is a number."""
    if column.cell_type.pattern:
        return _TYPED.get(column.type, ("string",))
    if pattern is None:
        return _ANY_SCALAR
    number = any(re.fullmatch(pattern, text) for text in ("1.5", *("1" * length for length in range(1, 65))))
    boolean = re.fullmatch(pattern, "true")
    return ("string", *(["number"] if number else []), *(["boolean"] if boolean else []))


def _parent_form(contract: Contract, table: Table, column: Field) -> str:
    """Return the pattern of what a nested row leaves out of a short id, as in `C012`; nothing for other columns."""
    if table.nesting is None or not contract.has_short_ids(table, column.name):
        return ""
    key = contract[table.nesting.table].by_name[table.nesting.references[0]].pattern
    head = f"{key.removesuffix('$')}-" if key else ""
    return head if (column.pattern or "").startswith(head) else ""
