"""The description of the dataset: `seeds/dataset.yaml`, read and checked by `dataset.schema.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from curation.seeds.files import DATASET, read_seed_files
from curation.seeds.yaml import Mapping, Node, Scalar, UnreadableError, read_yaml
from curation.seeds.yaml import Sequence as List
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean, in_order
from russia_dprk_claims.errors import similar

SCHEMA = Path(__file__).with_name("dataset.schema.json")
# What each type must be, and how to write it.
_TYPES = {
    "array": ("a list", "begin each item with '- '"),
    "object": ("a mapping", "write 'key: value' lines after the '- '"),
    "string": ("text", "write one text after the colon, in quotes if it begins with [ or {"),
}


@dataclass(frozen=True)
class Dataset:
    """The properties of the dataset, named and defined as in Data Package v2, and four more.

    These are `repository`, where the dataset is made, `released`, the day of this release, `doi`, and `responsible_ai`,
    what a user must know by the names of Croissant's vocabulary.
    """

    name: str
    title: str
    description: str
    version: str
    licenses: list[Map[str, Any]]
    contributors: list[Map[str, Any]]
    limits: list[str]
    sources: list[Map[str, Any]]
    keywords: list[str]
    homepage: str = ""
    repository: str = ""
    released: str = ""
    doi: str = ""
    responsible_ai: Map[str, str] = field(default_factory=dict)


def read_dataset(seeds: Path) -> tuple[Dataset | None, list[Finding]]:
    """Read the description in a seed folder; None and the findings if it is invalid."""
    return parse_dataset(read_seed_files(seeds.parent)[0].get(DATASET))


def parse_dataset(data: bytes | None) -> tuple[Dataset | None, list[Finding]]:
    """Read the description from the bytes of its file; None and the findings if it is invalid."""
    if data is None:
        message, hint = "there is no such file, or it cannot be read", "restore it from the last commit"
        return None, [finding("unreadable-file", Location(DATASET), message, hint=hint)]
    try:
        root, findings = read_yaml(DATASET, data)
    except UnreadableError as error:
        return None, [error.finding]
    stated = _value(root)
    findings += _check(root, stated)
    if findings:
        return None, in_order(findings)
    properties: dict[str, Any] = {key: value or "" for key, value in stated.items()}
    return Dataset(**properties), []


def is_day(text: str) -> bool:
    """Return whether a text is a day that exists, as 2026-11-22."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _value(node: Node) -> Any:
    """Return the value of a node: a text or None, a list or a dictionary."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, List):
        return [_value(each) for each in node.items]
    return {key.text: _value(value) for key, value in node.entries}


def _check(root: Mapping, stated: Any) -> Iterator[Finding]:
    """Yield the findings on what does not fit the schema."""
    from jsonschema import Draft7Validator, FormatChecker, validators

    checker = FormatChecker(formats=())
    checker.checks("day")(lambda text: not text or is_day(text))
    validator = validators.extend(Draft7Validator, {"pattern": _full_pattern})  # type: ignore[no-untyped-call]
    for error in validator(json.loads(SCHEMA.read_bytes()), format_checker=checker).iter_errors(stated):
        node: Node = root
        for step in error.absolute_path:
            node = node.items[step] if isinstance(node, List) else dict(_entries(node))[step]
        path: list[Any] = ["", *error.absolute_path]
        name = f"an item of {path[-2]}" if isinstance(path[-1], int) else path[-1]
        yield from _findings(error, node, name)


def _full_pattern(_: Any, pattern: str, text: Any, __: Any) -> Iterator[Exception]:
    """Match the whole text: in Python `$` also matches before a line break at the end."""
    from jsonschema import ValidationError

    if text and isinstance(text, str) and not re.fullmatch(pattern, text):
        yield ValidationError(f"{text!r} does not match {pattern!r}")


def _entries(node: Node) -> Iterator[tuple[str, Node]]:
    return ((key.text, value) for key, value in node.entries) if isinstance(node, Mapping) else iter(())


def _findings(error: Any, node: Node, name: str) -> Iterator[Finding]:
    """Yield the findings for one error that the JSON Schema reports."""
    schema = error.schema
    if error.validator == "additionalProperties" and isinstance(node, Mapping):
        known = schema["properties"]
        for key in (key for key, _ in node.entries if key.text not in known):
            message, hint = f"{key.text!r} is not a property of the dataset", did_you_mean(key.text, known)
            yield finding("unknown-key", key.location, message, hint=hint)
    elif error.validator == "required":
        stated = [key for key, _ in _entries(node)]
        for each in set(error.validator_value) - set(stated):
            yield from _missing(each, stated, node.location if name else Location(DATASET), name, schema)
    elif error.validator == "type" and error.instance is not None:
        type_ = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
        what, hint = _TYPES[type_]
        yield finding("wrong-type", node.location, f"{name} must be {what}", hint=hint)
    elif error.validator in {"type", "minLength", "minItems"}:
        yield finding("required", node.location, f"{name} is empty", hint=schema.get("description"))
    else:
        message = f"{error.instance!r} is not a valid {name}"
        yield finding("pattern", node.location, message, hint=schema["patternErrorMessage"])


def _missing(key: str, stated: list[str], location: Location, name: str, schema: Any) -> Iterator[Finding]:
    """Yield the finding on a missing property, unless another finding names the misspelt one."""
    near = similar(key, stated)
    if name:
        hint = f"is {near[0]!r} meant to be {key}?" if near else f"write {key}: and a text"
        yield finding("required", location, f"{name} has no {key}", hint=hint)
    elif not near or near[0] in schema["properties"]:
        yield finding("required", location, f"{key} is missing", hint=schema["properties"][key]["description"])
