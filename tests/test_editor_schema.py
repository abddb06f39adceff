"""The editor's schema accepts every record that the reader accepts, and marks the same mistakes.

A record is looked at in two ways: typed, as an editor sees it, where `40` is a number; and as the reader sees it, where
every scalar is a text. Null is null in both. The fault corpus says what the reader finds.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import HARBOUR, REPOSITORY, Script
from faultcases import SEEDS as SEED_FAULTS
from faultcases import Case, read_cases, valid_project
from jsonschema import Draft7Validator, FormatChecker

from curation.documents.editor_schema import editor_files, editor_schema, modeline
from curation.lineage import ROOT
from curation.project import read_project
from curation.seeds.records import CANDIDATE
from curation.write import json_bytes
from russia_dprk_claims.contract import SPAN, Contract, read_contract

# What YAML 1.2 makes of a scalar without quotes.
NULL = re.compile(r"~|null|Null|NULL|")
BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WAYS = pytest.mark.parametrize("typed", [True, False], ids=["typed", "as texts"])

# The rules of the reader and of the structure that speak of the form of one record, as the schema does.
FORM = {"computed-column", "minimum", "no-mapping", "pattern", "pattern-by", "required", "span-form", "type"}
FORM |= {"unknown-key", "vocabulary", "wrong-type"}


def table_of(name: str) -> str | None:
    """Return the table of which a seed file is one row."""
    return ROOT if name.startswith(f"{ROOT}/") else None


def value(node: yaml.Node, typed: bool) -> Any:
    """Return the value of a node of YAML 1.2, with the scalars typed or as texts."""
    if isinstance(node, yaml.MappingNode):
        return {value(key, typed=False): value(item, typed) for key, item in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [value(item, typed) for item in node.value]
    text, is_plain = str(node.value), not getattr(node, "style", None)
    if is_plain and NULL.fullmatch(text):
        return None
    if is_plain and typed:
        if BOOLEAN.fullmatch(text):
            return text.lower() == "true"
        if NUMBER.fullmatch(text):
            return float(text) if re.search(r"[.eE]", text) else int(text)
    return text


@cache
def validator(table: str | None) -> Draft7Validator:
    """The validator of the records of a table, or of files with several tables."""
    return Draft7Validator(editor_schema(read_contract(REPOSITORY / "schemas"), table), format_checker=FormatChecker())


def mistakes(table: str | None, text: str, typed: bool = True) -> list[str]:
    """Return the messages of a validator about a record, each with its path."""
    root = yaml.compose(text, Loader=yaml.CBaseLoader)
    assert root is not None
    found = validator(table).iter_errors(value(root, typed))
    return sorted(f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found)


def seed_paths(folder: Path) -> list[Path]:
    """Return the seed files that hold records; blind codings are frozen with the contract that they had."""
    paths = [path for path in sorted(folder.rglob("*.yaml")) if path.name != "dataset.yaml"]
    return [path for path in paths if "codings" not in path.relative_to(folder).parts]


SEEDS = [*seed_paths(REPOSITORY / "seeds"), *seed_paths(HARBOUR / "seeds")]


@WAYS
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_the_committed_records_are_accepted(path: Path, typed: bool) -> None:
    assert mistakes(table_of(f"{path.parent.name}/"), path.read_text(encoding="utf-8"), typed) == []


def corpus() -> list[Case]:
    """Return the cases of the corpus that edit records, and leave them so that the reader checks their cells."""
    unread = re.compile(r": (yaml-[a-z]+|duplicate-key|not-utf-8|empty-file|file-name|file-size): ")
    edited = [case for case in read_cases(SEED_FAULTS) if case.edits and not (case.write or case.bytes or case.remove)]
    records = [case for case in edited if all(is_record(edit.file) for edit in case.edits)]
    return [case for case in records if not any(unread.search(finding) for finding in case.findings)]


def is_record(file: str) -> bool:
    """Return whether a file of the seeds has a schema for editors."""
    return file.endswith(".yaml") and file != "dataset.yaml"


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case.name)
def test_the_schema_marks_the_same_mistakes_as_the_reader(case: Case) -> None:
    texts: dict[str, str] = {}
    for edit in case.edits:
        text = texts.get(edit.file) or (HARBOUR / "seeds" / edit.file).read_text(encoding="utf-8")
        texts[edit.file] = text.replace(edit.find, edit.put * edit.times, 1)
    found = [
        each
        for file, text in texts.items()
        for typed in (True, False)
        for each in mistakes(table_of(file), text, typed)
    ]
    assert bool(found) is bool(FORM & {finding.split(": ")[1] for finding in case.findings})


CLAIM = "- {claim_id: C001, span: 0-9, claim_text: It is., topic: visit, statement_kind: event, temporal_status: past"
HEADER = """source_id: SRC-0001
label: A report
source_type: news
published_basis: unknown
language: en
access: open
text_name: a.txt
text_sha256: {}
text_length: 9
coded_by: coder-1
coded_on: 2026-11-22
codebook_version: 1.0.0
""".format("0" * 63 + "f")


def record(claim: str = "", header: str = HEADER) -> str:
    """Return a record with one claim, whose required columns are followed by `claim`."""
    return f"{header}claims:\n{CLAIM}{claim}}}\n"


@WAYS
@pytest.mark.parametrize(
    "claim",
    [
        "",
        ", polarity: denied, modality: ~, note: , event_date: 2024",
        ", claim_attributions: [{act: asserts, joint: true}, {act: asserts, step: 1, joint: false}]",
        ", claim_id: SRC-0001-C001",
        ", superseded_by: C002, record_status: withdrawn",
        ", quantities: [{quantity_id: Q1, quote: 40, value_text: 40, item: 1, property: ratio, value_best: 0.5, "
        "bound_type: exact, unit: 1}]",
        ", quantities: ~, claim_actors: []",
        ", source_id: SRC-0001",
    ],
)
def test_every_way_to_write_a_value_is_accepted(claim: str, typed: bool) -> None:
    assert mistakes(ROOT, record(claim), typed) == []


@WAYS
@pytest.mark.parametrize(
    ("claim", "mistake"),
    [
        (", claim: x", "claims.0: Additional properties are not allowed ('claim' was unexpected)"),
        (", span_sha256: x", "claims.0: Additional properties are not allowed ('span_sha256' was unexpected)"),
        (", polarity: affirm", "claims.0.polarity: 'affirm' is not one of ['affirmed', 'denied', 'unknown', None]"),
        (", topic: ~", "claims.0.topic: None is not one of ['arms_transfer', "),
        (", claim_text: [It is.]", "claims.0.claim_text: ['It is.'] is not of type 'string', 'number', 'boolean'"),
        (", claim_text: ~", "claims.0.claim_text: None is not of type 'string', 'number', 'boolean'"),
        (", claim_id: C1", "claims.0.claim_id: 'C1' does not match '^(SRC-[0-9]{4,6}-)?C[0-9]{3}$'"),
        (", claim_id: SRC-0001-C1", "claims.0.claim_id: 'SRC-0001-C1' does not match '^(SRC-[0-9]{4,6}-)?C[0-9]{3}$'"),
        (", origin_id: kirby", "claims.0.origin_id: 'kirby' does not match '^ORI-[a-z0-9]+(-[a-z0-9]+)*$'"),
        (", quote: It is", "claims.0: {"),
        (", span: 9", "claims.0.span: "),
        (", quantities: {}", "claims.0.quantities: {} is not of type 'array', 'null'"),
        (", claim_actors: [ACT-sarn]", "claims.0.claim_actors.0: 'ACT-sarn' is not of type 'object'"),
        (", claim_attributions: [{step: 0}]", "claims.0.claim_attributions.0: 'act' is a required property"),
        (", claim_attributions: [{act: asserts, joint: yes}]", "claims.0.claim_attributions.0.joint: 'yes' does not"),
    ],
)
def test_each_mistake_is_marked_where_it_is(claim: str, mistake: str, typed: bool) -> None:
    found = mistakes(ROOT, record(claim), typed)
    assert [each[: len(mistake)] for each in found] == [mistake]


@pytest.mark.parametrize("column", ["source_id", "language", "text_length", "coded_on"])
def test_a_missing_required_value_is_marked(column: str) -> None:
    header = "".join(line for line in HEADER.splitlines(keepends=True) if not line.startswith(f"{column}:"))
    assert mistakes(ROOT, record(header=header)) == [f": '{column}' is a required property"]


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("text_length: nine", "text_length: 'nine' does not match"),
        ("text_length: 0", "text_length: 0 is less than the minimum of 1"),
        ("text_length: 9.5", "text_length: 9.5 is not of type 'integer', 'string'"),
        ("coded_on: 2026-02-30", "coded_on: '2026-02-30' is not a 'date'"),
        ("codebook_version: 1.0", "codebook_version: 1.0 is not of type 'string'"),
    ],
)
def test_values_of_the_header_are_marked(line: str, mistake: str) -> None:
    header = re.sub(rf"(?m)^{line.partition(':')[0]}:.*$", line, HEADER)
    assert [each[: len(mistake)] for each in mistakes(ROOT, record(header=header))] == [mistake]


def test_a_row_without_a_span_or_quote_is_marked() -> None:
    assert mistakes(ROOT, record().replace("span: 0-9, ", "quote: It … is, ")) == []
    assert mistakes(ROOT, record().replace("span: 0-9, ", "char_start: 0, char_end: 9, ")) == []
    (found,) = mistakes(ROOT, record().replace("span: 0-9, ", ""))
    assert found.endswith("is not valid under any of the given schemas")


def test_a_row_in_a_file_of_its_table_names_its_parent_and_has_a_full_id() -> None:
    text = f"claims:\n{CLAIM}}}\n"
    short, parent = mistakes(None, text)
    assert parent == "claims.0: 'source_id' is a required property"
    assert short == "claims.0.claim_id: 'C001' does not match '^SRC-[0-9]{4,6}-C[0-9]{3}$'"
    assert mistakes(None, text.replace("claim_id: C001", "claim_id: SRC-0001-C001, source_id: SRC-0001")) == []


def test_a_table_that_does_not_exist_is_marked() -> None:
    assert mistakes(None, "claim: []\n") == [": Additional properties are not allowed ('claim' was unexpected)"]


@pytest.mark.parametrize("table", [None, "sources", "actors", "claims"])
def test_the_schemas_are_valid_json_schemas(contract: Contract, table: str | None) -> None:
    Draft7Validator.check_schema(editor_schema(contract, table))


def test_exactly_the_columns_that_people_write_are_explained(contract: Contract) -> None:
    definitions = editor_schema(contract, None)["definitions"]
    assert list(definitions) == [table.name for table in contract]
    for table in contract:
        properties = definitions[table.name]["properties"]
        written = {column.name for column in table.fields if not column.is_computed}
        shorthand = {"span", "quote"} if table.has_span else set()
        children = {each.name for each in contract.children(table.name)}
        assert set(properties) == written | shorthand | children | {CANDIDATE}
        assert all(each["title"] and each["description"] for each in properties.values())


def test_every_value_of_a_vocabulary_is_explained(contract: Contract) -> None:
    topic = editor_schema(contract, ROOT)["definitions"]["claims"]["properties"]["topic"]
    assert topic["enum"] == list(contract["claims"].by_name["topic"].enum)
    assert topic["enumDescriptions"][0] == contract["claims"].by_name["topic"].definitions["arms_transfer"]
    for table in editor_schema(contract, None)["definitions"].values():
        for cell in table["properties"].values():
            assert len(cell.get("enum", ())) == len(cell.get("enumDescriptions", ()))


def test_every_example_is_valid(contract: Contract) -> None:
    schema = editor_schema(contract, None)
    for table in contract:
        for name, cell in schema["definitions"][table.name]["properties"].items():
            for example in cell.get("examples", []) if name not in SPAN else []:
                Draft7Validator({**cell, "ids": schema["ids"]}).validate(example)


def test_references_are_completed_by_id_and_name(contract: Contract) -> None:
    schema = editor_schema(contract, ROOT, valid_project().tables)
    actors = schema["ids"]["actors"]
    assert dict(zip(actors["enum"], actors["enumDescriptions"], strict=True))["ACT-northport"] == "Northport"
    assert sorted(schema["ids"]) == ["actors", "agreements", "events", "items", "origins"]
    rows = schema["definitions"]
    for table, column, target in (
        ("claim_actors", "actor_id", "actors"),
        ("transfers", "item_id", "items"),
        ("claim_events", "event_id", "events"),
        ("claims", "origin_id", "origins"),
        ("claim_agreements", "agreement_id", "agreements"),
    ):
        assert rows[table]["properties"][column]["anyOf"] == [{"$ref": f"#/ids/{target}"}, {}]
    tables = editor_schema(contract, None, valid_project().tables)["definitions"]
    assert tables["actors"]["properties"]["parent_id"]["anyOf"][0] == {"$ref": "#/ids/actors"}
    assert "anyOf" not in tables["actors"]["properties"]["actor_id"]


def test_a_new_id_is_not_marked() -> None:
    text = record(", claim_actors: [{actor_id: ACT-nobody-yet, role: agent}]")
    assert mistakes(ROOT, text) == []


def test_the_committed_schemas_are_generated_from_the_contract(contract: Contract) -> None:
    files = editor_files(contract, read_project(REPOSITORY, REPOSITORY / "nowhere", contract).tables)
    assert sorted(files) == ["editor/sources.schema.json", "editor/tables.schema.json"]
    assert {path: (REPOSITORY / path).read_bytes() for path in files} == files


def test_the_bytes_do_not_depend_on_the_run(contract: Contract) -> None:
    program = (
        "import sys; from pathlib import Path; from russia_dprk_claims.contract import read_contract; "
        "from curation.documents.editor_schema import editor_schema; from curation.write import json_bytes; "
        f"contract = read_contract(Path({str(REPOSITORY / 'schemas')!r})); "
        "sys.stdout.buffer.write(json_bytes(editor_schema(contract, None)))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "LC_ALL": "C"},
        )
        assert done.stdout == json_bytes(editor_schema(contract, None))


@pytest.mark.parametrize("path", seed_paths(REPOSITORY / "seeds"), ids=lambda path: path.name)
def test_the_first_line_of_a_seed_file_refers_to_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == modeline(table_of(f"{path.parent.name}/"))
    assert (path.parent / first.split("$schema=")[1]).is_file()


def test_build_writes_and_checks_the_schemas(harbour: Path, script: Script) -> None:
    assert (
        "editor/sources.schema.json: missing\neditor/tables.schema.json: missing\n" in script("build", "--check").stdout
    )
    assert not (harbour / "editor").exists()
    assert "editor/sources.schema.json, editor/tables.schema.json" in script("build").stdout
    assert script("build", "--check").stdout == "up to date\n"
    (harbour / "editor" / "tables.schema.json").write_text("{}\n", encoding="utf-8")
    done = script("build", "--check")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "--- editor/tables.schema.json (on disk)")


def test_the_template_of_a_record_begins_with_the_line(harbour: Path, script: Script, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("A new text.\n", encoding="utf-8")
    script("add_source", tmp_path / "new.txt")
    new = (harbour / "seeds" / ROOT / "SRC-0002.yaml").read_text(encoding="utf-8")
    assert new.splitlines()[0] == modeline(ROOT)
