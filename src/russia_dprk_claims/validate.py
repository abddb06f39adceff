"""Validating: the seeds of the project and what was built of them, or any package folder, judged by every check
there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.findings import Finding, Origin, in_order
from russia_dprk_claims.project import Project
from russia_dprk_claims.tables import RawTables, count_rows

Say = Callable[[str], None]


@dataclass(frozen=True)
class Verdict:
    """What validation found, and how many rows it looked at."""

    findings: list[Finding]
    rows: dict[str, int]


def validate_project(project: Project, say: Say) -> Verdict:
    """Validate the seeds of a project, located where they were written, and the package built of them.

    Parameters
    ----------
    project
        The project as it was read; its findings are part of the verdict.
    say
        Is told what is being done.
    """
    from russia_dprk_claims.checks.meaning import check_meaning
    from russia_dprk_claims.package.files import differences, package_files

    say("the rules of meaning")
    findings = [*project.findings, *check_meaning(project.contract, project.tables, project.faulty)]
    if not findings and project.dataset:
        say("the package on disk")
        files = package_files(project.contract, project.dataset, project.tables)
        findings += [
            Finding(Origin(each.path), "stale", "the file is not what the seeds give", "run scripts/build.py")
            for each in differences(project.root, files)
        ]
    if not findings:
        say("Frictionless")
        findings += _second_opinion(project.root, project.contract)
    return Verdict(in_order(findings), count_rows(project.contract, project.tables))


def validate_package(folder: Path, contract: Contract, say: Say) -> Verdict:
    """Validate a package folder, located in its CSV files.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    contract
        What its tables must keep to.
    say
        Is told what is being done.
    """
    from russia_dprk_claims.checks.meaning import check_meaning
    from russia_dprk_claims.checks.structure import check_structure
    from russia_dprk_claims.package.reading import read_package

    say("reading")
    tables, findings = read_package(folder, contract)
    say("structure")
    structure = check_structure(contract, tables)
    # Where a file could not be read whole, nobody can say what is missing in it.
    findings += structure.findings if not findings else []
    say("the rules of meaning")
    findings += check_meaning(contract, tables, structure.faulty)
    if not any(each.rule in {"resource-path", "descriptor-unreadable", "descriptor-syntax"} for each in findings):
        say("Frictionless")
        findings += _second_opinion(folder, contract, tables)
    return Verdict(in_order(findings), count_rows(contract, tables))


def _second_opinion(folder: Path, contract: Contract, tables: RawTables | None = None) -> list[Finding]:
    from russia_dprk_claims.package.reading import read_package
    from russia_dprk_claims.package.second_opinion import frictionless_findings

    return frictionless_findings(folder, tables if tables is not None else read_package(folder, contract)[0])
