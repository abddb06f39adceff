"""The fault corpus: each way of being wrong gives its finding, at its place, in its words, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from faultcases import Case, all_cases, findings_of

from russia_dprk_claims.checks.meaning import judge_by_pandera
from russia_dprk_claims.checks.rules import RULES

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fault_gives_its_findings_and_no_other(case: Case, tmp_path: Path) -> None:
    assert findings_of(case, tmp_path) == list(case.findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_pandera_and_the_direct_judge_agree(case: Case, tmp_path: Path) -> None:
    assert findings_of(case, tmp_path, judge_by_pandera) == list(case.findings)


def test_every_rule_of_meaning_has_a_fault() -> None:
    found = {finding.split(": ")[1] for case in CASES for finding in case.findings}
    assert {rule.id for rule in RULES} <= found


def test_no_two_cases_have_the_same_name() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
