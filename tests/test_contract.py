"""The contract is complete and well formed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import REPOSITORY
from frictionless import Schema

from russia_dprk_claims.contract import Contract, ContractError, read_contract

NESTED = {
    "actors": None,
    "actor_names": "actors",
    "agreements": None,
    "agreement_parties": "agreements",
    "coders": None,
    "events": None,
    "items": None,
    "origins": None,
    "reliability": None,
    "sources": None,
    "set_asides": "sources",
    "claims": "sources",
    "claim_actors": "claims",
    "claim_agreements": "claims",
    "claim_attributions": "claims",
    "claim_events": "claims",
    "claim_relations": "claims",
    "quantities": "claims",
    "transfers": "claims",
}


def test_the_contract_has_these_tables_and_declares_how_they_nest(contract: Contract) -> None:
    assert {each.name: each.nesting.table if each.nesting else None for each in contract} == NESTED


def test_parents_come_before_the_tables_nested_in_them(contract: Contract) -> None:
    names = [each.name for each in contract]
    assert all(names.index(each.nesting.table) < names.index(each.name) for each in contract if each.nesting)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "schemas").glob("*.json")), ids=lambda path: path.stem)
def test_every_schema_loads_in_frictionless(path: Path) -> None:
    schema = Schema.from_descriptor(str(path))
    assert schema.field_names
    assert Schema.validate_descriptor(json.loads(path.read_text(encoding="utf-8"))).valid


def test_every_field_is_documented_with_a_valid_example(contract: Contract) -> None:
    for table in contract:
        for field in table.fields:
            where = f"{table.name}.{field.name}"
            assert field.title and field.description.endswith("."), where
            assert not field.enum or field.example in field.enum, where
            assert not field.pattern or re.fullmatch(field.pattern, field.example), where
            if pattern := field.cell_type.pattern:
                assert re.search(pattern, field.example), where
            assert all(text.endswith(".") and len(text) >= 5 for text in field.definitions.values()), where
            assert field.default is None or not field.enum or field.default in field.enum, where


def test_patterns_match_whole_values(contract: Contract) -> None:
    for table in contract:
        for field in table.fields:
            if field.pattern:
                assert field.pattern.startswith("^") and field.pattern.endswith("$")
                depth = 0
                for sign in re.sub(r"\\.|\[[^]]*\]", "", field.pattern):
                    depth += {"(": 1, ")": -1}.get(sign, 0)
                    assert not (sign == "|" and depth == 0), f"{table.name}.{field.name}: group the alternatives"


def broken(tmp_path: Path, table: str, old: str, new: str) -> Path:
    folder = tmp_path / "schemas"
    shutil.copytree(REPOSITORY / "schemas", folder)
    path = folder / f"{table}.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_vocabulary_value_without_definition_is_refused(tmp_path: Path) -> None:
    folder = broken(tmp_path, "claims", '"treaty",', '"treaty", "pact",')
    with pytest.raises(
        ContractError, match=r"claims\.topic: enum, definitions and ordered do not list the same values"
    ):
        read_contract(folder)


def test_a_key_to_a_column_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    folder = broken(tmp_path, "quantities", '"resource": "claims"', '"resource": "claim"')
    with pytest.raises(ContractError, match=r"quantities\(claim_id\) → claim\(claim_id\): refers to a table or column"):
        read_contract(folder)


def test_a_schema_that_is_not_json_is_refused(tmp_path: Path) -> None:
    folder = broken(tmp_path, "claims", '"title": "Claims",', "")
    with pytest.raises(ContractError, match="not a Table Schema of this project: KeyError"):
        read_contract(folder)


def test_a_folder_without_schemas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="there is no schema in this folder"):
        read_contract(tmp_path)


def test_tables_that_nest_in_each_other_are_refused(tmp_path: Path) -> None:
    folder = broken(tmp_path, "sources", '"publisher_id"\n      ],', '"source_id"\n      ],')
    path = folder / "sources.json"
    text = path.read_text(encoding="utf-8").replace('"missingValues"', '"nestedIn": "claims", "missingValues"')
    path.write_text(text.replace('"resource": "actors"', '"resource": "claims"').replace('"actor_id"', '"claim_id"'))
    with pytest.raises(ContractError, match="claims → sources → claims: the tables nest in each other"):
        read_contract(folder)


@pytest.mark.parametrize("parent", ["actors", "items", "nothing"])
def test_a_table_that_nests_without_a_required_foreign_key_is_refused(tmp_path: Path, parent: str) -> None:
    folder = broken(tmp_path, "sources", '"missingValues"', f'"nestedIn": "{parent}", "missingValues"')
    with pytest.raises(ContractError, match="sources: nestedIn needs a foreign key on one required column"):
        read_contract(folder)
