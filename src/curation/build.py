"""Build the package from the seed records: read, check, write; either everything is written or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from curation.generate import package_files
from curation.project import Project
from curation.write import stray_files, write_files
from russia_dprk_claims.checks.findings import Finding, has_errors


@dataclass(frozen=True)
class Built:
    """The files that the seeds give, by path (none where there is an error), and the findings."""

    files: Mapping[str, bytes]
    findings: list[Finding]


def build(project: Project) -> Built:
    """Check a project and return the files of its package."""
    from russia_dprk_claims.checks.run import run_rules

    findings = project.findings
    if not has_errors(findings):
        findings = [*findings, *run_rules(project.contract, project.tables, project.invalid)]
    if has_errors(findings) or project.dataset is None:
        return Built({}, findings)
    return Built(package_files(project.contract, project.dataset, project.tables), findings)


def write(root: Path, built: Built) -> bool:
    """Write the files and remove stray CSV files, all or nothing; return whether anything changed."""
    obsolete = stray_files(root, built.files)
    return bool(write_files(root, built.files, obsolete) or obsolete)
