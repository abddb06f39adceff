"""Validating a project: the seed records, at their own lines, and the package built from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.checks import ValidationResult
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Location, has_errors, in_order

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ProjectResult(ValidationResult):
    """What validation found in a project, with a line on the texts that are not available."""

    unverified: str = ""


def validate_project(root: Path, texts: Path | None, progress: Progress, *, frictionless: bool = True) -> ProjectResult:
    """Validate the seed records of a project, and the package built from them.

    Parameters
    ----------
    root
        The project folder.
    texts
        The folder of the source texts; by default the variable `SEED_TEXTS` or `seeds/texts`.
    progress
        Called with the name of each stage.
    frictionless
        Whether to run Frictionless if there are no errors so far.

    Returns
    -------
    ProjectResult
        The findings refer to the lines of the seed records.

    Raises
    ------
    ContractError
        If a schema is invalid.
    """
    progress("starting")
    from curation.generate import package_files
    from curation.project import read_project
    from curation.show import unverified
    from curation.write import differences
    from russia_dprk_claims.checks.run import run_rules
    from russia_dprk_claims.checks.tables import count_rows

    progress("reading the seed records: structure, passages")
    project = read_project(root, texts)
    progress("semantics")
    findings = [*project.findings, *run_rules(project.contract, project.tables, project.invalid)]
    if not has_errors(findings) and project.dataset:
        progress("comparing the package on disk")
        files = package_files(project.contract, project.dataset, project.tables)
        message = "the file does not match the seed records"
        findings += [finding("stale", Location(each.path), message) for each in differences(root, files)]
    frictionless = frictionless and not has_errors(findings)
    if frictionless:
        from russia_dprk_claims.checks.frictionless_check import frictionless_findings

        progress("Frictionless")
        findings += frictionless_findings(root)
    rows = count_rows(project.contract, project.tables)
    return ProjectResult(in_order(findings), rows, frictionless, "\n".join(unverified(project)))
