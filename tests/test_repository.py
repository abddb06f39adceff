"""The repository itself: the committed data are what the seeds give, and no text of a source is in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

from curation.build import build
from curation.project import Project, read_project
from curation.spans import runs_of, shared_run
from curation.write import differences


def texts_at_hand() -> Path | None:
    """Return where the source texts are on this machine, if anywhere."""
    named = os.environ.get("SEED_TEXTS")
    places = [Path(named)] if named else []
    places += [REPOSITORY / "seeds" / "texts", REPOSITORY.parent / "shared" / "seeds"]
    return next((each for each in places if each.is_dir()), None)


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project(REPOSITORY, texts_at_hand())


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "-C", str(REPOSITORY), "ls-files", "-z"],  # noqa: S607
        capture_output=True,
        check=True,
    ).stdout
    return [REPOSITORY / name for name in listed.decode("utf-8").split("\0") if name]


def test_nothing_is_wrong_with_the_seeds(project: Project) -> None:
    assert project.findings == []


def test_the_committed_files_are_what_the_seeds_give(project: Project) -> None:
    built = build(project)
    assert built.findings == []
    assert [each.diff for each in differences(REPOSITORY, built.files)] == []


@pytest.mark.skipif(texts_at_hand() is None, reason="the source texts are not at hand")
def test_every_text_is_at_hand_and_verified(project: Project) -> None:
    assert project.texts.missing == ()


@pytest.mark.skipif(texts_at_hand() is None, reason="the source texts are not at hand")
def test_no_file_shares_eight_words_in_a_row_with_a_source(project: Project) -> None:
    runs = frozenset().union(*(runs_of(text, 8) for text in project.texts.by_source.values()))
    shared = {
        path.relative_to(REPOSITORY).as_posix(): run
        for path in tracked_files()
        if path.is_file() and (run := shared_run(path.read_text(encoding="utf-8", errors="replace"), runs, 8))
    }
    assert shared == {}


def test_no_file_names_a_place_on_a_machine_or_an_index() -> None:
    # Assembled, so that this file does not name them itself.
    words = [
        "/" + "work/",
        "/" + "root/",
        "/" + "home/",
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry.npmjs" + ".org",
    ]
    pattern = re.compile("|".join(re.escape(each) for each in words))
    named = {
        path.relative_to(REPOSITORY).as_posix(): match.group()
        for path in tracked_files()
        if path.is_file() and (match := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert named == {}


def test_the_readme_names_the_two_commands_that_the_gate_runs() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    gate = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = re.search(r"```\n(make\n.*?)```", readme, re.DOTALL)
    assert commands is not None
    assert [line for line in gate if line.startswith("make")] == commands.group(1).splitlines()


def test_the_readme_names_every_command() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    scripts = {path.name for path in (REPOSITORY / "scripts").glob("*.py")}
    assert scripts == set(re.findall(r"^\| `scripts/(\w+\.py)` \|", readme, re.MULTILINE))


def test_the_example_of_the_readme_runs() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert example is not None
    done = subprocess.run(
        [sys.executable, "-c", example.group(1)], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "at least 3 million" in done.stdout
