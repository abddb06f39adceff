"""The compiled plan finds what the checks find: on the whole corpus of faults, on broken data, and cut anywhere.

The excerpts of suspect rows are taken however small a package is, as it is they that could leave something out.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from faultcases import (
    PACKAGE,
    SCHEMAS,
    SEEDS,
    Case,
    break_files,
    broken_project,
    contract,
    lay_package,
    lines,
    read_broken,
    read_cases,
    sound_package,
)

from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.package.files import package_files
from russia_dprk_claims.package.reading import table_files
from russia_dprk_claims.plan.blocks import NotPlainError
from russia_dprk_claims.plan.package import judge_package


def by_the_plan(root: Path, block: int = 1 << 20) -> list[str] | None:
    """What the plan finds in a package; None where it leaves the files to the strict reader."""
    paths, _ = table_files(root, contract())
    if set(paths) != set(contract().tables) or not all((root / path).is_file() for path in paths.values()):
        return None
    try:
        return lines(judge_package(root, contract(), paths, block=block, few_rows=0).findings)
    except NotPlainError:
        return None


def by_the_checks(root: Path) -> list[str]:
    tables, findings, faulty = read_broken(root)
    of_files = [each for each in findings if not each.table or each.rule.startswith("csv-")]
    return lines([each for each in findings if each not in of_files] + run_rules(contract(), tables, faulty))


def lay_seed_case(case: Case, root: Path) -> bool:
    """Put the package that the broken seeds of a case give under `root`, if they give one."""
    project = broken_project(case, root / "seeded")
    if project.dataset is None:
        return False
    shutil.copytree(SCHEMAS, root / "schemas")
    for path, data in package_files(contract(), project.dataset, project.tables).items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)
    return True


SEED_CASES = [case for case in read_cases(SEEDS) if case.findings]
PACKAGE_CASES = read_cases(PACKAGE)


@pytest.mark.parametrize("case", SEED_CASES, ids=[case.name for case in SEED_CASES])
def test_the_plan_finds_what_the_checks_find_in_the_package_of_broken_seeds(case: Case, tmp_path: Path) -> None:
    if lay_seed_case(case, tmp_path):
        found = by_the_plan(tmp_path)
        assert found is None or found == by_the_checks(tmp_path)


@pytest.mark.parametrize("case", PACKAGE_CASES, ids=[case.name for case in PACKAGE_CASES])
def test_the_plan_finds_what_the_checks_find_in_a_broken_package(case: Case, tmp_path: Path) -> None:
    lay_package(tmp_path)
    break_files(case, tmp_path)
    found = by_the_plan(tmp_path)
    assert found is None or found == by_the_checks(tmp_path)


def test_the_plan_reads_most_of_the_corpus_itself(tmp_path: Path) -> None:
    read = 0
    for number, case in enumerate(SEED_CASES[::10]):
        root = tmp_path / str(number)
        root.mkdir()
        read += lay_seed_case(case, root) and by_the_plan(root) is not None
    assert read > len(SEED_CASES[::10]) // 2


def test_nothing_is_suspect_in_sound_packages(tmp_path: Path) -> None:
    lay_package(tmp_path)
    assert by_the_plan(tmp_path) == []
    assert by_the_plan(tmp_path, block=1) == []
    assert sound_package()
