"""The Frictionless check: what Frictionless, which knows nothing of our checks, finds in a package.

Frictionless follows whatever a descriptor says: it fetches a schema from an address, unpacks archives of any size and
reads a table from several files. So it is asked only where the descriptor keeps to plain files of the package.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from frictionless import Package, system
from frictionless.exception import FrictionlessException

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import CsvLocations, TextTable, TextTables
from russia_dprk_claims.package import DESCRIPTOR, PROFILE, data_path


def frictionless_findings(folder: Path, located: TextTables | None = None) -> list[Finding]:
    """Validate the package in a folder with Frictionless.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    located
        The tables as they were read from the CSV files, which know the line of a cell; without them a finding names
        the file.

    Returns
    -------
    list of Finding
        One for each error that Frictionless reports, its type behind `frictionless:`.
    """
    unsafe = [
        finding("resource-path", Location(DESCRIPTOR), f"{each}, so Frictionless is not asked")
        for each in _unsafe_settings(folder)
    ]
    if unsafe:
        return unsafe
    try:
        with system.use_context(trusted=False):
            report = Package(str(folder / DESCRIPTOR)).validate()
    except FrictionlessException as error:
        message = f"{error.error.title}: {error.error.note}"
        return [Finding(Location(DESCRIPTOR), f"frictionless:{error.error.type}", message)]
    except Exception as error:  # it stumbles over descriptors whose values are of other types than it expects
        message = f"Frictionless cannot read the descriptor: {type(error).__name__}: {error}"
        return [Finding(Location(DESCRIPTOR), "frictionless:error", message)]
    findings = [_finding(error, DESCRIPTOR, None) for error in report.errors]
    for task in report.tasks:
        raw = (located or {}).get(task.name)
        findings += [_finding(error, data_path(task.name), raw) for error in task.errors]
    return findings


# What a resource may say of how it is read, where it says it; and what no resource may say.
_PLAIN = {"scheme": "file", "format": "csv"}
_PROFILES = (PROFILE, "data-package", "tabular-data-package", "data-resource", "tabular-data-resource")
_STEERING = ("extrapaths", "compression", "innerpath", "data", "checklist", "pipeline", "detector")


def _unsafe_settings(folder: Path) -> Iterator[str]:
    """Yield what in a descriptor would make Frictionless read anything but a plain CSV or schema of the folder."""
    try:
        content = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return  # Frictionless says so itself
    if not isinstance(content, Mapping):
        return
    yield from _wrong_profiles("the package", content)
    resources = content.get("resources")
    for number, each in enumerate(resources if isinstance(resources, list) else [], start=1):
        name = f"the resource {each['name']!r}" if isinstance(each, Mapping) and "name" in each else f"number {number}"
        if not isinstance(each, Mapping):
            yield f"resource {name} is not written out"
            continue
        yield from _wrong_profiles(name, each)
        yield from (f"{name} has {key!r}" for key in _STEERING if key in each)
        yield from (
            f"{name} has a {key} other than {plain}" for key, plain in _PLAIN.items() if each.get(key, plain) != plain
        )
        if not isinstance(each.get("dialect", {}), Mapping):
            yield f"the dialect of {name} is not written out"
        if not _is_inside(folder, each.get("schema", {})):
            yield f"the schema of {name} is not a file of the package"
        if not str(each.get("path", "")).endswith(".csv"):
            yield f"{name} is not a CSV file"


def _wrong_profiles(name: str, content: Mapping[str, Any]) -> Iterator[str]:
    for key in ("profile", "$schema"):
        if key in content and content[key] not in _PROFILES:
            yield f"{name} has an unknown {key}"


def _is_inside(folder: Path, schema: object) -> bool:
    """Return whether a schema is written out or a JSON file of the folder."""
    if isinstance(schema, Mapping):
        return True
    if not isinstance(schema, str) or "://" in schema or "\0" in schema or PurePosixPath(schema).suffix != ".json":
        return False
    try:
        return (folder / schema).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links, or a name that is too long
        return False


def _finding(error: Any, path: str, raw: TextTable | None) -> Finding:
    number = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    location = Location(path)
    if raw is not None and isinstance(raw.locator, CsvLocations) and isinstance(number, int):
        # The number counts records, not lines, with the header as the first.
        location = raw.locator.locate_record(number, column)
    value = str(getattr(error, "cell", "") or "")
    return Finding(location, f"frictionless:{error.type}", error.note, column=column or "", value=value)
