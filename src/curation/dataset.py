"""The description of the dataset: what `seeds/dataset.yaml` says, from which everything that cites or describes it
is made.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from curation.seeds.nodes import Mapping, Node, Scalar, Sequence, UnreadableError, read_yaml
from curation.seeds.records import DATASET_FILE
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.releases import is_version

# Files of a release are named by it, and in the addresses of Datasette a dot begins the name of a format.
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
_DOI = re.compile(r"^10\.[0-9]{4,9}(\.[0-9]+)*/[A-Za-z0-9:/_;().\[\]-]+$")
_ADDRESS = re.compile(r"^https://[^\s/]+\.[^\s]+$")


def is_day(text: str) -> bool:
    """Return whether a text is a day that exists, as 2026-11-22."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True)
class _Form:
    """The form of a property that is one text: whether a text has it, what a text that has not is not, and a hint."""

    fits: Callable[[str], object]
    name: str
    hint: str


_FORMS: Map[str, _Form] = {
    "name": _Form(_NAME.fullmatch, "a name for files", "write small letters, digits, '_' and '-', without dots"),
    "version": _Form(is_version, "a version", "write it as 1.2.0"),
    "released": _Form(is_day, "a day", "write it as 2026-11-22"),
    "doi": _Form(_DOI.fullmatch, "a DOI", "write it as 10.5281/zenodo.1234567, without an address before it"),
    "homepage": _Form(_is_address, "an address", "begin it with https://"),
    "repository": _Form(_is_address, "an address", "begin it with https://"),
}
# What every item of a list must say; an item of any other list is one text.
_ITEMS: Map[str, tuple[str, ...]] = {
    "licenses": ("name", "title", "path"),
    "contributors": ("title",),
    "sources": ("title",),
}
_ONE_TEXT = "write one text behind the colon, in quotes if it begins with [ or {"


@dataclass(frozen=True)
class Dataset:
    """The properties of the dataset; each has the name and meaning that Data Package v2 gives it, but for three.

    `released` is the day of the release of this version, `doi` the identifier of the dataset and `repository` where
    it is made. Each is empty until there is one.
    """

    name: str
    title: str
    description: str
    version: str
    licenses: list[Map[str, Any]]
    contributors: list[Map[str, Any]]
    sources: list[Map[str, Any]]
    keywords: list[str]
    homepage: str = ""
    released: str = ""
    doi: str = ""
    repository: str = ""


def read_dataset(seeds: Path, prefix: str = "seeds") -> tuple[Dataset | None, list[Finding]]:
    """Read `dataset.yaml` of a seed folder; None with findings where it is not a description."""
    name = f"{prefix}/{DATASET_FILE}"
    try:
        root, findings = read_yaml(name, (seeds / DATASET_FILE).read_bytes())
    except UnreadableError as error:
        return None, [error.finding]
    except OSError as error:
        hint = "write what the dataset is called, its version and licences"
        return None, [Finding(Location(name), "unreadable-file", os.strerror(error.errno or 0), hint)]
    findings += _check(name, root)
    if findings:
        return None, findings
    return Dataset(**{key.text: _plain(value) for key, value in root.entries}), []


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return "" if node.is_null else node.text
    if isinstance(node, Sequence):
        return [_plain(each) for each in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def _check(name: str, root: Mapping) -> list[Finding]:
    expected = {each.name: each for each in fields(Dataset)}
    findings: list[Finding] = []
    meant: set[str] = set()
    for key, value in root.entries:
        if key.text not in expected:
            message = f"{key.text!r} is no property of the dataset"
            location = Location(name, key.line, key.column)
            findings.append(Finding(location, "unknown-key", message, did_you_mean(key.text, expected)))
            meant.update(get_close_matches(key.text, expected, n=1))
        elif _is_list(expected[key.text]):
            findings += _check_list(name, key.text, value)
        else:
            findings += _check_text(name, key.text, value, optional=expected[key.text].default is not MISSING)
    for each in expected.values():
        # A property that is misspelt is not missing as well.
        if each.default is MISSING and root.get(each.name) is None and each.name not in meant:
            findings.append(Finding(Location(name), "required", f"{each.name} is missing", _how_to_write(each)))
    return findings


def _is_list(field: Field[Any]) -> bool:
    return str(field.type).startswith("list")


def _how_to_write(field: Field[Any]) -> str:
    """Return the hint for a property that is missing or empty."""
    if _is_list(field):
        return f"write {field.name}: and below it {_how_to_begin(field.name)}"
    form = _FORMS.get(field.name)
    return f"{form.hint}, behind {field.name}:" if form else f"write {field.name}: and a text"


def _how_to_begin(key: str) -> str:
    """Return how an item of a list begins."""
    return f"- {_ITEMS[key][0]}: and a text" if key in _ITEMS else "- and a text"


def _is_text(node: Node | None) -> bool:
    return isinstance(node, Scalar) and not node.is_null and node.text != ""


def _check_text(name: str, key: str, value: Node, optional: bool) -> Iterator[Finding]:
    location = Location(name, value.line, value.column)
    if not isinstance(value, Scalar):
        yield Finding(location, "wrong-type", f"{key} is one text", _ONE_TEXT)
    elif not _is_text(value):
        if not optional:
            yield Finding(location, "required", f"{key} is empty", "write a text behind the colon")
    elif key in _FORMS and not _FORMS[key].fits(value.text):
        yield Finding(location, "pattern", f"{value.text!r} is not {_FORMS[key].name}", _FORMS[key].hint)


def _check_list(name: str, key: str, value: Node) -> Iterator[Finding]:
    location, hint = Location(name, value.line, value.column), f"begin each item with {_how_to_begin(key)}"
    if not isinstance(value, Sequence):
        yield Finding(location, "wrong-type", f"{key} is a list", hint)
        return
    if not value.items:
        yield Finding(location, "required", f"{key} is empty", hint)
    for item in value.items:
        location = Location(name, item.line, item.column)
        if key not in _ITEMS:
            if not _is_text(item):
                yield Finding(location, "wrong-type", f"every item of {key} is one text", hint)
        elif not isinstance(item, Mapping):
            yield Finding(location, "wrong-type", f"every item of {key} says its {' and '.join(_ITEMS[key])}", hint)
        else:
            yield from _check_item(name, key, item)


def _check_item(name: str, key: str, item: Mapping) -> Iterator[Finding]:
    for part in _ITEMS[key]:
        if item.get(part) is None:
            message, hint = f"an item of {key} has no {part}", _misspelt(part, item) or f"write {part}: and a text"
            yield Finding(Location(name, item.line, item.column), "required", message, hint)
    for part_key, value in item.entries:
        location = Location(name, value.line, value.column)
        if part_key.text == "roles":
            if not isinstance(value, Sequence) or not all(_is_text(each) for each in value.items):
                yield Finding(location, "wrong-type", "roles is a list of texts", "write it as [coder]")
        elif not _is_text(value):
            yield Finding(location, "wrong-type", f"{part_key.text} is one text", _ONE_TEXT)


def _misspelt(part: str, item: Mapping) -> str:
    """Return the hint that a key of an item is a part of it under another spelling, or nothing."""
    near = get_close_matches(part, [key.text for key, _ in item.entries], n=1)
    return f"is {near[0]!r} meant to be {part}?" if near else ""
