"""The second opinion: what Frictionless, which knows nothing of our checks, finds in a package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from frictionless import Package, system
from frictionless.exception import FrictionlessException

from russia_dprk_claims.findings import Finding, Origin
from russia_dprk_claims.package.csvfiles import CsvPlaces
from russia_dprk_claims.package.descriptor import DESCRIPTOR, data_path
from russia_dprk_claims.tables import RawTable, RawTables


def frictionless_findings(folder: Path, located: RawTables | None = None) -> list[Finding]:
    """Validate the package in a folder with Frictionless.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    located
        The tables as they were read from the CSV files, to tell the true line of a cell; without them a finding
        names the file.

    Returns
    -------
    list of Finding
        One for each error that Frictionless reports, its type behind `frictionless:`.
    """
    try:
        with system.use_context(trusted=False):
            report = Package(str(folder / DESCRIPTOR)).validate()
    except FrictionlessException as error:
        message = f"{error.error.title}: {error.error.note}"
        return [Finding(Origin(DESCRIPTOR), f"frictionless:{error.error.type}", message)]
    findings = [_finding(error, DESCRIPTOR, None) for error in report.errors]
    for task in report.tasks:
        raw = (located or {}).get(task.name)
        findings += [_finding(error, data_path(task.name), raw) for error in task.errors]
    return findings


def _finding(error: Any, path: str, raw: RawTable | None) -> Finding:
    number = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    origin = Origin(path)
    if raw is not None and isinstance(raw.locator, CsvPlaces) and isinstance(number, int):
        # The number counts records, not lines, with the header as the first.
        origin = raw.locator.locate_record(number, column)
    value = str(getattr(error, "cell", "") or "")
    return Finding(origin, f"frictionless:{error.type}", error.note, column=column or "", value=value)
