"""Building: check the seed records and write every generated file, or write nothing if there is an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from curation.generate import generated_files
from curation.project import Project
from curation.write import stray_files, write_files
from russia_dprk_claims.checks.findings import Finding, has_errors, in_order


class Built(NamedTuple):
    """The generated files by path (none if there is an error), and the findings in order."""

    files: Mapping[str, bytes]
    findings: list[Finding]


def build(project: Project) -> Built:
    """Check a project and return the files generated from it."""
    found = project.findings
    if not has_errors(found):
        from russia_dprk_claims.checks.run import run_rules

        found = [*found, *run_rules(project.contract, project.tables, project.invalid)]
    findings = in_order(found)
    if has_errors(findings) or project.dataset is None:
        return Built({}, findings)
    return Built(generated_files(project.contract, project.dataset, project.tables), findings)


def write(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files that changed and remove stray CSV files; return the paths of both."""
    obsolete = stray_files(root, files)
    return sorted([*write_files(root, files, obsolete), *obsolete])
