"""Validating: the seeds of the project and what was built of them, or any package folder, judged by every check
there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.findings import Finding, Origin, has_errors, in_order
from russia_dprk_claims.raw_tables import RawTables

Say = Callable[[str], None]
# Where the package cannot be opened safely or at all, or has schemas of its own, Frictionless is not asked.
_UNSAFE = frozenset(
    {
        "resource-path",
        "resource",
        "resource-schema",
        "descriptor-unreadable",
        "descriptor-syntax",
        "descriptor-resources",
    }
)


@dataclass(frozen=True)
class Verdict:
    """What validation found, how many rows of each table it looked at, a line on texts that were not at hand, and
    whether Frictionless was asked.
    """

    findings: list[Finding]
    rows: dict[str, int]
    unverified: str = ""
    second_opinion: bool = True


def validate_project(root: Path, texts: Path | None, say: Say) -> Verdict:
    """Validate the seeds of a project, located where they were written, and the package built of them.

    Parameters
    ----------
    root
        The project folder.
    texts
        Where the source texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.
    say
        Is told what is being done.

    Raises
    ------
    ContractError
        If `schemas/` is not sound.
    """
    say("starting")
    from russia_dprk_claims.package.files import differences, package_files
    from russia_dprk_claims.project import read_project
    from russia_dprk_claims.raw_tables import count_rows
    from russia_dprk_claims.summary import unverified

    say("reading the seeds: records, structure, passages")
    project = read_project(root, texts)
    say("the rules of meaning")
    from russia_dprk_claims.checks.meaning import check_meaning

    findings = [*project.findings, *check_meaning(project.contract, project.tables, project.faulty)]
    if not has_errors(findings) and project.dataset:
        say("the package on disk")
        files = package_files(project.contract, project.dataset, project.tables)
        findings += [
            Finding(Origin(each.path), "stale", "the file is not what the seeds give", "run scripts/build.py")
            for each in differences(project.root, files)
        ]
    if not has_errors(findings):
        say("Frictionless")
        findings += _second_opinion(root, None)
    rows = count_rows(project.contract, project.tables)
    return Verdict(in_order(findings), rows, "\n".join(unverified(project)))


def validate_package(folder: Path, root: Path, say: Say) -> Verdict:
    """Validate a package folder, located in its CSV files.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    root
        The project folder, whose `schemas/` the tables must keep to.
    say
        Is told what is being done.

    Raises
    ------
    ContractError
        If `schemas/` is not sound.
    """
    say("starting")
    from russia_dprk_claims.checks.structure import check_structure
    from russia_dprk_claims.contract import read_contract
    from russia_dprk_claims.package.reading import read_package
    from russia_dprk_claims.raw_tables import count_rows

    contract = read_contract(root / "schemas")
    say("reading the package")
    tables, findings = read_package(folder, contract)
    say("structure")
    structure = check_structure(contract, tables)
    findings += structure.findings
    say("the rules of meaning")
    from russia_dprk_claims.checks.meaning import check_meaning

    findings += check_meaning(contract, tables, structure.faulty)
    safe = not any(each.rule in _UNSAFE for each in findings)
    if safe:
        say("Frictionless")
        findings += _second_opinion(folder, tables)
    return Verdict(in_order(findings), count_rows(contract, tables), second_opinion=safe)


def _second_opinion(folder: Path, tables: RawTables | None) -> list[Finding]:
    from russia_dprk_claims.package.second_opinion import frictionless_findings

    return frictionless_findings(folder, tables)
