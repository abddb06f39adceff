"""Validating a project: the seed records, at their own lines, and the package built from them."""

from __future__ import annotations

from collections.abc import Callable

from curation.contribution import against_base, committed_texts, gaps_without_text
from curation.generate import package_files
from curation.project import Project
from curation.report.counts import first_names
from curation.write import differences, torn_tables
from russia_dprk_claims.checks import ValidationResult
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Location, has_errors, in_order
from russia_dprk_claims.checks.tables import count_rows
from russia_dprk_claims.package import DESCRIPTOR

Progress = Callable[[str], None]


def validate_project(
    project: Project, progress: Progress, base: str | None = None, *, frictionless: bool = True
) -> ValidationResult:
    """Validate the records of a project and the package built from them.

    Parameters
    ----------
    project : Project
        The project, whose findings are part of the result.
    progress : callable
        Called with the name of each stage.
    base : str, optional
        The branch, tag or commit that a contribution goes to, to compare ids with.
    frictionless : bool, default True
        Whether to run Frictionless if there are no errors so far.
    """
    # Polars starts threads, beside which no process can be forked to read the records.
    from russia_dprk_claims.checks.run import run_rules

    progress("semantics")
    findings = [*project.findings, *run_rules(project.contract, project.tables, project.invalid)]
    progress("files in git")
    findings += [*committed_texts(project), *gaps_without_text(project)]
    findings += against_base(project, base) if base else []
    if not has_errors(findings) and project.dataset:
        progress("comparing the package on disk")
        files = package_files(project.contract, project.dataset, project.tables)
        torn = torn_tables(project.root)
        if torn:
            torn[DESCRIPTOR] = f"incomplete build or changed files: it does not record {first_names(list(torn))}"
        findings += [
            finding("stale", Location(path), torn.get(path, "the file does not match the seed records"))
            for path, _ in differences(project.root, files)
        ]
    frictionless = frictionless and not has_errors(findings)
    if frictionless:
        from russia_dprk_claims.checks.frictionless_check import frictionless_findings

        progress("Frictionless")
        findings += frictionless_findings(project.root)
    return ValidationResult(in_order(findings), count_rows(project.contract, project.tables), frictionless)
