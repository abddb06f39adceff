"""CONTRIBUTING.md works as it says: its commands, its record and its edits are applied in order to a copy of the small
project.

A fenced block whose first line names a path is a file (`text`, `yaml`) or an edit of one (`diff`); `sh` is run, and
`powershell` is not.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import HARBOUR, REPOSITORY

from curation.seeds.template import template
from russia_dprk_claims.contract import read_contract

PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECORD = "seeds/sources/SRC-0002.yaml"
TEXT = "seeds/texts/pier.txt"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the path that it is about, if any, and its lines."""

    language: str
    path: str
    lines: str


def blocks() -> list[Block]:
    """Return the fenced blocks of the page in order."""
    found = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [Block(*each) for each in found]


def apply(diff: str, old: str) -> str:
    """Return a file after an edit; one without any line of context is added at the end."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines()]
    before = "".join(f"{line}\n" for sign, line in lines if sign != "+")
    after = "".join(f"{line}\n" for sign, line in lines if sign != "-")
    if not before:
        return old + after
    assert old.count(before) == 1, f"the context of the edit is not there once:\n{before}"
    return old.replace(before, after)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who follows the page in a clone, and the output of each command."""

    root: Path
    outputs: list[tuple[str, str]]

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        path = self.root / block.path
        if block.language == "diff":
            path.write_text(apply(block.lines, path.read_text("utf-8")), "utf-8")
        elif block.path:
            path.write_text(block.lines, "utf-8")
        elif block.language == "sh":
            for command in block.lines.splitlines():
                self.outputs.append((command, self.run(command)))

    def run(self, command: str) -> str:
        """Run a command of the page in the clone, and return what it prints."""
        done = subprocess.run(
            ["/bin/bash", "-c", command],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """No settings of the user, and the program of the clone."""
        who = {
            f"GIT_{role}_{part}": "coder-2@example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
        }
        settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        return {**who, **settings, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(self.root / "src")}


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """Somebody with a clone of the small project as `make` leaves it: set up and built."""
    root = tmp_path_factory.mktemp("newcomer") / "clone"
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")
    for name in ("schemas", "scripts", "src"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / ".gitignore", root)
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n### Added\n\n", encoding="utf-8")
    (root / ".venv").mkdir()
    for path in Path(sys.prefix).iterdir():
        (root / ".venv" / path.name).symlink_to(path)
    someone = Newcomer(root, [])
    someone.run(".venv/bin/python scripts/build.py")
    someone.run("git init --quiet --bare ../fork.git && git init --quiet --initial-branch main")
    someone.run("git remote add origin ../fork.git && git add . && git commit --quiet -m 'The small project'")
    return someone


@pytest.fixture(scope="module")
def followed(newcomer: Newcomer) -> Newcomer:
    """The same after the whole page."""
    for block in blocks()[1:]:
        newcomer.follow(block)
    return newcomer


def outputs_of(newcomer: Newcomer, command: str) -> list[str]:
    """Return the output of each run of the command."""
    return [words for line, words in newcomer.outputs if command in line]


def test_the_page_begins_with_the_set_up_that_the_gate_runs() -> None:
    assert blocks()[0] == Block("sh", "", "make\n")
    assert [each for each in blocks()[1:] if "make" in each.lines.split()] == []


def test_every_block_is_a_file_or_an_edit_or_a_command() -> None:
    assert {(each.language, bool(each.path)) for each in blocks()} == {
        ("sh", False),
        ("powershell", False),
        ("text", True),
        ("yaml", True),
        ("diff", True),
    }
    assert len(blocks()) == PAGE.count("\n```") / 2


def test_every_command_of_the_page_works(followed: Newcomer) -> None:
    scripts = [
        Path(each).stem for each in re.findall(r"scripts/\w+\.py", " ".join(line for line, _ in followed.outputs))
    ]
    assert scripts == [
        "add_source",
        "check",
        "diff",
        "check",
    ]
    assert outputs_of(followed, "add_source.py")[0].startswith(f"written: {RECORD};")


def test_the_result_is_clean_and_verified_against_the_text(followed: Newcomer) -> None:
    for words in outputs_of(followed, "check.py"):  # the withdrawn claim is not among them
        assert words.startswith("\nSRC-0002-C001\n"), "there are findings before the review"
        assert words.endswith("\n4 claims; 0 passages not covered\n")
    assert followed.run("git status --porcelain") == ""


def test_the_claim_is_shown_beside_its_passage(followed: Newcomer) -> None:
    passage = next(each.lines for each in blocks() if each.path == TEXT).splitlines()[2].split(". ")[2]
    assert f"» {passage}. «" in outputs_of(followed, "check.py")[0]


def test_the_change_is_shown_as_in_the_pull_request(followed: Newcomer) -> None:
    (summary,) = outputs_of(followed, "diff.py")
    assert "| sources | 1 | 0 | 0 | 1 | 2 |" in summary
    assert "| claims | 5 | 0 | 0 | 4 | 9 |" in summary
    assert "| transfers | 3 | 0 | 0 | 1 | 4 |" in summary


def test_the_text_is_never_committed(followed: Newcomer) -> None:
    assert (followed.root / TEXT).is_file()
    assert followed.run("git log --all --format= --name-only -- seeds/texts") == ""
    assert "pier" in followed.run("git ls-remote --heads origin")


def test_the_withdrawn_claim_stays_in_the_data(followed: Newcomer) -> None:
    rows = (followed.root / "data" / "claims.csv").read_text("utf-8").splitlines()
    (withdrawn,) = [row for row in rows if row.startswith("SRC-0002-C003,")]
    assert ",withdrawn,SRC-0002-C005," in withdrawn


def test_the_record_of_the_page_has_the_values_of_the_template(newcomer: Newcomer) -> None:
    (record,) = [each.lines for each in blocks() if each.path == RECORD and each.language == "yaml"]
    (text,) = [each.lines for each in blocks() if each.path == TEXT]
    known = template("SRC-0002", "pier.txt", text.encode(), read_contract(newcomer.root / "schemas")).splitlines()
    filled = [line for line in known if "  # " not in line and not line.endswith(": []")]
    assert [line for line in filled if line not in record.splitlines()] == []


@pytest.mark.parametrize("name", re.findall(r"`((?:docs|scripts|seeds|schemas|editor|tests|data)/[\w./-]*)`", PAGE))
def test_every_path_that_the_page_names_exists(name: str) -> None:
    made_on_the_way = {RECORD, TEXT, "seeds/texts/"}
    assert name in made_on_the_way or (REPOSITORY / name).exists()
