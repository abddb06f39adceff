"""The Frictionless check: what Frictionless, an independent validator, finds in a package.

Frictionless follows whatever a descriptor says: it fetches a schema from an address, unpacks archives of any size,
reads a table from several files, and takes `[`, `?` and `*` in a path for a pattern. So it gets bytes instead of paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frictionless import Package as FrictionlessPackage
from frictionless import Resource, system
from frictionless.exception import FrictionlessException

from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import CsvLocations, TextTable, TextTables
from russia_dprk_claims.files import parse_json
from russia_dprk_claims.package import DESCRIPTOR, Package, Source, data_path, open_package

_PASSED_ON = ("name", "path", "bytes", "hash")


def frictionless_findings(source: Source, located: TextTables | None = None) -> list[Finding]:
    """Validate a package with Frictionless; `reading.read_package` must have found its descriptor safe.

    Parameters
    ----------
    source : pathlib.Path, bytes, binary file or mapping of str to bytes
        The package, as `package.open_package` takes it.
    located : mapping of str to TextTable, optional
        The tables as they were read from the CSV files, which know the line of a cell; without them a finding names
        the file.

    Returns
    -------
    list of Finding
        One for each error that Frictionless reports, with `frictionless:` before its type.
    """
    try:
        package = open_package(source, "")
        with system.use_context(trusted=False):
            resources = [_resource(package, each) for each in package.descriptor["resources"]]
            report = FrictionlessPackage(resources=resources).validate()
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


def _resource(package: Package, described: Mapping[str, Any]) -> Resource:
    """Return a resource with its schema and the bytes of its CSV."""
    schema = described.get("schema", {})
    # Without an encoding Frictionless would guess one.
    own = {key: described[key] for key in _PASSED_ON if key in described} | {"encoding": "utf-8", "format": "csv"}
    own["schema"] = parse_json(package.read(schema)) if isinstance(schema, str) else schema
    own["dialect"] = {**described.get("dialect", {})}  # an address is an error
    resource = Resource.from_descriptor({**own, "type": "table"})
    resource.data, resource.scheme, resource.path = package.read(described["path"]), "buffer", None
    return resource


def _finding(error: Any, path: str, text: TextTable | None) -> Finding:
    number = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    location = Location(path)
    if text is not None and isinstance(text.locator, CsvLocations) and isinstance(number, int):
        # The number counts records, not lines, with the header as the first.
        location = text.locator.locate_record(number, column)
    value = str(getattr(error, "cell", "") or "")
    return Finding(location, f"frictionless:{error.type}", error.note, column=column or "", value=value)
