"""The Frictionless check: what Frictionless, an independent validator, finds in a package.

Frictionless follows whatever a descriptor says: it fetches a schema from an address, unpacks archives of any size and
reads a table from several files. So it gets a descriptor of our own, which names only CSV files and schemas of the
package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from frictionless import Package, system
from frictionless.exception import FrictionlessException

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import CsvLocations, TextTable, TextTables
from russia_dprk_claims.package import DESCRIPTOR, data_path, path_problem

# What Frictionless gets of a resource; what is left out, because it only describes; and what has one possible value.
_PASSED_ON = ("name", "path", "schema", "dialect", "encoding", "bytes", "hash")
_DESCRIPTIVE = ("title", "description", "mediatype", "licenses", "sources")
_FIXED = {"type": "table", "profile": "tabular-data-resource", "scheme": "file", "format": "csv"}


def frictionless_findings(folder: Path, located: TextTables | None = None) -> list[Finding]:
    """Validate the package in a folder with Frictionless.

    Parameters
    ----------
    folder : pathlib.Path
        The folder that holds `datapackage.json`.
    located : mapping of str to TextTable, optional
        The tables as they were read from the CSV files, which know the line of a cell; without them a finding names
        the file.

    Returns
    -------
    list of Finding
        One for each error that Frictionless reports, with `frictionless:` before its type; or one for each resource
        that Frictionless must not read.
    """
    try:
        resources = json.loads((folder / DESCRIPTOR).read_bytes())["resources"]
        problems = [f"{each.get('name')!r} {problem}" for each in resources if (problem := _problem(folder, each))]
        if problems:
            location = Location(DESCRIPTOR)
            return [finding("resource-path", location, f"{each}, so Frictionless does not run") for each in problems]
        # Without an encoding Frictionless would guess one.
        own = [{"encoding": "utf-8"} | {key: each[key] for key in _PASSED_ON if key in each} for each in resources]
        with system.use_context(trusted=False):
            report = Package.from_descriptor({"resources": own}, basepath=str(folder)).validate()
    except FrictionlessException as error:
        message = f"{error.error.title}: {error.error.note}"
        return [Finding(Location(DESCRIPTOR), f"frictionless:{error.error.type}", message)]
    except Exception as error:  # a descriptor may have values of other types than Frictionless expects
        message = f"Frictionless cannot read the descriptor: {type(error).__name__}: {error}"
        return [Finding(Location(DESCRIPTOR), "frictionless:error", message)]
    findings = [_finding(error, DESCRIPTOR, None) for error in report.errors]
    for task in report.tasks:
        text = (located or {}).get(task.name)
        findings += [_finding(error, data_path(task.name), text) for error in task.errors]
    return findings


def _problem(folder: Path, resource: Mapping[str, Any]) -> str | None:
    """Return why a resource is not a plain CSV file with a schema, both in the folder, or None if it is."""
    for key, value in resource.items():
        if key not in (*_PASSED_ON, *_DESCRIPTIVE) and _FIXED.get(key) != value:
            return f"has an unexpected {key}"
    schema, dialect = resource.get("schema", {}), resource.get("dialect", {})
    if not isinstance(dialect, Mapping):
        return "has a dialect that is not an object"
    if not isinstance(schema, Mapping) and not _is_inside(folder, schema, ".json"):
        return "has a schema that is not a file of the package"
    return None if _is_inside(folder, resource.get("path"), ".csv") else "is not a CSV file of the package"


def _is_inside(folder: Path, path: object, ending: str) -> bool:
    """Return whether a path is that of a file in the folder."""
    if not isinstance(path, str) or path_problem(path) or not path.endswith(ending):
        return False
    try:
        return (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links, or a name that is too long
        return False


def _finding(error: Any, path: str, text: TextTable | None) -> Finding:
    number = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    location = Location(path)
    if text is not None and isinstance(text.locator, CsvLocations) and isinstance(number, int):
        # The number counts records, not lines, with the header as the first.
        location = text.locator.locate_record(number, column)
    value = str(getattr(error, "cell", "") or "")
    return Finding(location, f"frictionless:{error.type}", error.note, column=column or "", value=value)
