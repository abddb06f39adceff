"""The fault corpus: each fault gives its finding, at its location, in its words, and no other finding.

The corpus has three parts, see `faultcases`: seeds, packages and built files. Frictionless checks the structure of
tables as well; if it finds less, the case says why, and a test shows that the reason still holds. One case of each rule
is checked by Frictionless in the first tier, the others in the second (`full`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from faultcases import (
    BUILT,
    PACKAGE,
    SEEDS,
    Case,
    all_findings,
    break_files,
    broken_package,
    broken_project,
    build_broken_seeds,
    built_findings,
    copy_package,
    read_cases,
    touched_tables,
    unseen_by_frictionless,
)

from russia_dprk_claims.checks.catalogue import catalogue

CASES = {part: read_cases(part) for part in (SEEDS, PACKAGE, BUILT)}
ALL_CASES = [case for cases in CASES.values() for case in cases]
# A project in a git repository breaks these: see test_contribution.py.
IN_GIT = {"committed-text", "id-clash"}
RULES = {each.id: each for each in catalogue() if each.id not in IN_GIT}
IN_TABLES = {each.id for each in catalogue() if each.group == "structure"}
# What Frictionless does not know at all it is asked about in packages only.
IN_SEEDS = {"foreign-key", "minimum", "pattern", "primary-key", "required", "type", "unique", "vocabulary"}
IN_CSV = {"byte-order-mark", "csv-cells", "csv-header", "csv-syntax", "line-end", "not-utf-8", "nul-byte"}


def is_on_description(case: Case) -> bool:
    return any(finding.startswith("seeds/dataset.yaml") for finding in case.findings)


ASKED = {
    PACKAGE: [case for case in CASES[PACKAGE] if case.rule in IN_TABLES | IN_CSV],
    SEEDS: [case for case in CASES[SEEDS] if case.rule in IN_SEEDS and case.findings and not is_on_description(case)],
}


def each_case(cases: list[Case]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


def one_case_of_each_rule_first(cases: list[Case]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test on every case: on the first of each rule in the first tier, on the others in the second."""
    first = {case.rule: case for case in reversed(cases)}
    marks = {case.name: [] if first[case.rule] is case else [pytest.mark.full] for case in cases}
    return pytest.mark.parametrize("case", [pytest.param(each, id=each.name, marks=marks[each.name]) for each in cases])


@each_case(CASES[SEEDS])
def test_each_fault_of_the_seeds_gives_its_findings_and_no_other(case: Case, tmp_path: Path) -> None:
    project = broken_project(case, tmp_path)
    assert all_findings(project.tables, project.findings, project.invalid) == list(case.findings)


@each_case(CASES[PACKAGE])
def test_each_fault_of_a_package_gives_its_findings_and_no_other(case: Case, tmp_path: Path) -> None:
    assert all_findings(*broken_package(case, tmp_path)) == list(case.findings)


@each_case(CASES[BUILT])
def test_each_fault_of_the_built_files_gives_its_findings_and_no_other(case: Case, tmp_path: Path) -> None:
    assert built_findings(case, tmp_path) == list(case.findings)


@one_case_of_each_rule_first(ASKED[PACKAGE])
def test_frictionless_finds_the_faults_of_a_package_or_the_case_says_why_not(case: Case, tmp_path: Path) -> None:
    copy_package(tmp_path)
    break_files(case, tmp_path)
    unseen = unseen_by_frictionless(tmp_path, touched_tables(case))
    assert bool(unseen) == bool(case.frictionless), unseen


@one_case_of_each_rule_first(ASKED[SEEDS])
def test_frictionless_finds_the_faults_of_broken_seeds_or_the_case_says_why_not(case: Case, tmp_path: Path) -> None:
    unseen = unseen_by_frictionless(tmp_path, build_broken_seeds(case, tmp_path))
    assert bool(unseen) == bool(case.frictionless), unseen


def test_only_cases_that_frictionless_checks_mention_it() -> None:
    asked = [*ASKED[PACKAGE], *ASKED[SEEDS]]
    assert [case.name for case in ALL_CASES if case.frictionless and case not in asked] == []


def test_every_rule_has_two_faults_and_a_case_that_looks_like_one() -> None:
    faults = Counter(case.rule for case in ALL_CASES if case.findings)
    right = {case.rule for case in ALL_CASES if not case.findings}
    assert [rule for rule in RULES if faults[rule] < 2 or rule not in right] == []


def test_a_case_breaks_its_rule_or_no_rule() -> None:
    strange = [case.name for case in ALL_CASES if case.findings and case.rule not in case.rules]
    assert strange == []


def test_the_catalogue_has_every_rule_that_a_case_names() -> None:
    named = {rule for case in ALL_CASES for rule in {case.rule, *case.rules}}
    assert named - RULES.keys() == set()


def test_no_two_cases_of_a_part_have_the_same_name() -> None:
    for cases in CASES.values():
        names = [case.name for case in cases]
        assert sorted(set(names)) == sorted(names)
