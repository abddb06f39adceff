"""Building: what the seeds say becomes the files of the package, if nothing is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.findings import Finding, has_errors
from russia_dprk_claims.package.files import differences, package_files, stray_files
from russia_dprk_claims.package.publish import finish, publish
from russia_dprk_claims.project import Project


@dataclass(frozen=True)
class Built:
    """What a build gives: the files by path, none where something is wrong, and everything that was found."""

    files: dict[str, bytes]
    findings: list[Finding]


def build(project: Project) -> Built:
    """Return the files that the seeds of a project give.

    Parameters
    ----------
    project
        The project as it was read.

    Returns
    -------
    Built
        The files, or none if a finding is an error.
    """
    from russia_dprk_claims.checks.verdicts import run_rules

    findings = project.findings
    if not has_errors(findings):
        findings = [*findings, *run_rules(project.contract, project.tables, project.faulty)]
    if has_errors(findings) or project.dataset is None:
        return Built({}, findings)
    return Built(package_files(project.contract, project.dataset, project.tables), findings)


def write(root: Path, built: Built) -> bool:
    """Put the files of a build in place, all or none; return whether anything changed."""
    finish(root)
    if not any(differences(root, built.files)):
        return False
    publish(root, built.files, stray_files(root, built.files))
    return True
