"""The fault corpus: each case is one edit of the small project and exactly the findings that it must give."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from russia_dprk_claims.checks.verdicts import Judge, judge_directly, run_rules
from russia_dprk_claims.findings import in_order
from russia_dprk_claims.project import Project, read_project

TESTS = Path(__file__).parent
FAULTS = TESTS / "faults"
HARBOUR = TESTS / "harbour"
SCHEMAS = TESTS.parent / "schemas"


@dataclass(frozen=True)
class Case:
    """One case: in `file` of the seeds, `find` becomes `put`; then exactly `findings` are found."""

    name: str
    file: str
    find: str
    put: str
    findings: tuple[str, ...]


def read_cases(path: Path) -> list[Case]:
    """Read one file of the corpus."""
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Case(each["name"], each["file"], each["find"], each["put"], tuple(each.get("findings", ()))) for each in cases
    ]


def all_cases() -> list[Case]:
    """Read the whole corpus."""
    return [case for path in sorted(FAULTS.glob("*.yaml")) for case in read_cases(path)]


def broken_project(case: Case, root: Path) -> Project:
    """Make the small project under `root`, break it, and read it."""
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")
    shutil.copytree(SCHEMAS, root / "schemas")
    path = root / "seeds" / case.file
    before = path.read_bytes().decode("utf-8")
    assert case.find in before, f"{case.name}: the words to replace are not in {case.file}"
    path.write_bytes(before.replace(case.find, case.put, 1).encode("utf-8"))
    return read_project(root, root / "seeds" / "texts")


def findings_of(case: Case, root: Path, judge: Judge = judge_directly) -> list[str]:
    """Return the findings that a case gives, as they are printed."""
    project = broken_project(case, root)
    found = [*project.findings, *run_rules(project.contract, project.tables, project.faulty, judge)]
    return [str(each) for each in in_order(found)]
