"""Validating: the seeds of the project and what was built of them, or any package folder, judged by every check
there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from russia_dprk_claims.checks.findings import Finding, Location, has_errors, in_order
from russia_dprk_claims.checks.tables import Cell, TextTables
from russia_dprk_claims.contract import Contract

Progress = Callable[[str], None]
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
    """What validation found, how many rows of each table it looked at, a line on texts that were not at hand, whether
    Frictionless was asked, and in how many more rows something may be wrong.
    """

    findings: list[Finding]
    rows: dict[str, int]
    unverified: str = ""
    second_opinion: bool = True
    more: int = 0


class Engine(StrEnum):
    """Who runs the rules: the compiled plan, Pandera with all tables in memory, or Spark; they find the same."""

    DIRECT = "direct"
    PANDERA = "pandera"


LARGE = 64_000_000
"""From how many bytes of tables on a package is large: Frictionless then takes minutes."""


def table_bytes(folder: Path) -> int:
    """Return how many bytes the tables of a package have."""
    return sum(each.stat().st_size for each in folder.rglob("*.csv") if each.is_file())


def is_large(folder: Path) -> bool:
    """Return whether the tables of a package are large."""
    return table_bytes(folder) > LARGE


def validate_project(
    root: Path, texts: Path | None, progress: Progress, engine: Engine = Engine.DIRECT, *, frictionless: bool = True
) -> Verdict:
    """Validate the seeds of a project, located where they were written, and the package built of them.

    Parameters
    ----------
    root
        The project folder.
    texts
        Where the source texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.
    say
        Is told what is being done.
    engine
        Who runs the rules of meaning; what is in memory already, the expressions judge without more ado.
    frictionless
        Whether Frictionless is asked where nothing else is wrong.

    Raises
    ------
    ContractError
        If `schemas/` is not sound.
    """
    progress("starting")
    from curation.generate import package_files
    from curation.project import read_project
    from curation.summary import unverified
    from curation.write import differences
    from russia_dprk_claims.checks.tables import count_rows

    progress("reading the seeds: records, structure, passages")
    project = read_project(root, texts)
    progress("the rules of meaning")
    findings = [*project.findings, *_meaning(engine)(project.contract, project.tables, project.faulty)]
    if not has_errors(findings) and project.dataset:
        progress("the package on disk")
        files = package_files(project.contract, project.dataset, project.tables)
        findings += [
            Finding(Location(each.path), "stale", "the file is not what the seeds give", "run scripts/build.py")
            for each in differences(project.root, files)
        ]
    asked = frictionless and not has_errors(findings)
    if asked:
        progress("Frictionless")
        findings += _second_opinion(root, None)
    rows = count_rows(project.contract, project.tables)
    return Verdict(in_order(findings), rows, "\n".join(unverified(project)), asked)


def validate_package(
    folder: Path, root: Path, progress: Progress, engine: Engine = Engine.DIRECT, *, frictionless: bool = True
) -> Verdict:
    """Validate a package folder, located in its CSV files.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    root
        The project folder, whose `schemas/` the tables must keep to.
    say
        Is told what is being done.
    engine
        Who runs the rules of meaning.
    frictionless
        Whether Frictionless is asked where the descriptor is safe; it takes a hundred times as long as the plan.

    Raises
    ------
    ContractError
        If `schemas/` is not sound.
    SparkInputError
        If Spark is asked and not there, or the folder is none that it reads.
    """
    progress("starting")
    from russia_dprk_claims.contract import read_contract

    contract = read_contract(root / "schemas")
    verdict, tables = _in_memory(folder, contract, progress, engine)
    if not frictionless or any(each.rule in _UNSAFE for each in verdict.findings):
        return replace(verdict, second_opinion=False)
    progress("Frictionless")
    return replace(verdict, findings=in_order([*verdict.findings, *_second_opinion(folder, tables)]))


def _in_memory(folder: Path, contract: Contract, progress: Progress, engine: Engine) -> tuple[Verdict, TextTables]:
    from russia_dprk_claims.checks.reading import read_package
    from russia_dprk_claims.checks.structure import check_structure
    from russia_dprk_claims.checks.tables import count_rows

    progress("reading the package")
    tables, findings = read_package(folder, contract)
    progress("structure")
    structure = check_structure(contract, tables)
    progress("the rules of meaning")
    findings += [*structure.findings, *_meaning(engine)(contract, tables, structure.faulty)]
    return Verdict(in_order(findings), count_rows(contract, tables)), tables


def _meaning(engine: Engine) -> Callable[[Contract, TextTables, frozenset[Cell]], list[Finding]]:
    """Return who runs the rules; Pandera is imported only where it does."""
    if engine is not Engine.PANDERA:
        from russia_dprk_claims.checks.verdicts import run_rules

        return run_rules
    from russia_dprk_claims.checks.meaning import check_meaning

    return check_meaning


def _second_opinion(folder: Path, tables: TextTables | None) -> list[Finding]:
    from russia_dprk_claims.checks.frictionless_check import frictionless_findings

    return frictionless_findings(folder, tables)
