"""The description of the dataset: what `seeds/dataset.yaml` says, from which everything that cites or describes it
is made.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping as Map
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from russia_dprk_claims.findings import Finding, Origin, did_you_mean
from russia_dprk_claims.seeds.nodes import Mapping, Node, Scalar, Sequence, UnreadableError, read_yaml
from russia_dprk_claims.seeds.records import DATASET_FILE

_VERSION = re.compile(r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$")


@dataclass(frozen=True)
class Dataset:
    """The properties of the dataset; each has the name and meaning that Data Package v2 gives it."""

    name: str
    title: str
    description: str
    version: str
    licenses: list[Map[str, Any]]
    contributors: list[Map[str, Any]]
    sources: list[Map[str, Any]]
    keywords: list[str]
    homepage: str = ""


def read_dataset(seeds: Path, prefix: str = "seeds") -> tuple[Dataset | None, list[Finding]]:
    """Read `dataset.yaml` of a seed folder; None with findings where it is not a description."""
    name = f"{prefix}/{DATASET_FILE}"
    try:
        root, findings = read_yaml(name, (seeds / DATASET_FILE).read_bytes())
    except UnreadableError as error:
        return None, [error.finding]
    except OSError as error:
        hint = "write what the dataset is called, its version and licences"
        return None, [Finding(Origin(name), "unreadable-file", os.strerror(error.errno or 0), hint)]
    findings += _check(name, root)
    if findings:
        return None, findings
    return Dataset(**{key.text: _plain(value) for key, value in root.entries}), []


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(each) for each in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def _check(name: str, root: Mapping) -> list[Finding]:
    expected = {each.name: each for each in fields(Dataset)}
    findings = []
    for key, value in root.entries:
        origin = Origin(name, key.line, key.column)
        if key.text not in expected:
            message = f"{key.text!r} is no property of the dataset"
            findings.append(Finding(origin, "unknown-key", message, did_you_mean(key.text, expected)))
        elif isinstance(value, Sequence) != str(expected[key.text].type).startswith("list"):
            wanted = "a list" if str(expected[key.text].type).startswith("list") else "one text"
            findings.append(Finding(Origin(name, value.line, value.column), "wrong-type", f"{key.text} is {wanted}"))
    for each in expected.values():
        if each.default is MISSING and each.default_factory is MISSING and root.get(each.name) is None:
            findings.append(Finding(Origin(name), "required", f"{each.name} is missing"))
    version = root.get("version")
    if isinstance(version, Scalar) and not _VERSION.fullmatch(version.text):
        origin = Origin(name, version.line, version.column)
        findings.append(Finding(origin, "pattern", f"{version.text!r} is not a version", "write it as 1.2.0"))
    return findings
