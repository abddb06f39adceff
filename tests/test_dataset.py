"""One schema defines `seeds/dataset.yaml`: editors and the build check it."""

from __future__ import annotations

import json
from dataclasses import fields

from conftest import HARBOUR, REPOSITORY
from jsonschema import Draft7Validator

from curation.dataset import SCHEMA, Dataset, parse_dataset

SMALL = (HARBOUR / "seeds" / "dataset.yaml").read_text(encoding="utf-8")


def findings(text: str) -> list[str]:
    return [str(each) for each in parse_dataset(text.encode("utf-8"))[1]]


def test_the_schema_is_valid_and_has_the_properties_of_the_dataset() -> None:
    schema = json.loads(SCHEMA.read_bytes())
    Draft7Validator.check_schema(schema)
    assert set(schema["properties"]) == {each.name for each in fields(Dataset)}


def test_an_editor_finds_the_schema() -> None:
    line = (REPOSITORY / "seeds" / "dataset.yaml").read_text(encoding="utf-8").split("\n")[0]
    assert (REPOSITORY / "seeds" / line.partition("$schema=")[2]).resolve() == SCHEMA.resolve()


def test_a_line_break_at_the_end_of_a_value_is_not_overlooked() -> None:
    text = SMALL.replace('version: "0.1.0"', 'version: "0.1.0\\n"')
    assert findings(text) == [
        "seeds/dataset.yaml:4:10: pattern: '0.1.0\\n' is not a valid version (write it as \"1.2.0\")"
    ]


def test_a_duplicate_list_of_another_length_is_reported() -> None:
    text = f"keywords: [harbour]\n{SMALL.replace('keywords: [harbour]', 'keywords: [a, [b]]')}"
    assert [each.split(": ")[1] for each in findings(text)] == ["duplicate-key", "wrong-type"]
