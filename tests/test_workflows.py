"""The workflows and hooks are well formed, run what exists, and give a stranger's pull request nothing to take."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.y*ml"))
HOOKS = REPOSITORY / ".pre-commit-config.yaml"
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")

PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+")
EXCUSED = re.compile(r"[\w./-]+@v[0-9]+\.[0-9]+\.[0-9]+ # not pinned by hash: .+")

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def read(path: Path) -> Any:
    """Return a YAML file with every scalar as a text, so that `on` stays `on`."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506


# What a stranger's pull request starts; the release workflow has tests of its own.
for_strangers = pytest.mark.parametrize(
    "path", [path for path in WORKFLOWS if "pull_request" in read(path)["on"]], ids=lambda path: path.name
)


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the steps of a workflow."""
    for job in read(path)["jobs"].values():
        yield from job.get("steps", [])


def commands(path: Path) -> list[str]:
    """Return the lines that a workflow runs."""
    return [line for step in steps(path) for line in step.get("run", "").splitlines()]


def test_there_is_a_workflow_for_pull_requests() -> None:
    assert "validate.yml" in [path.name for path in WORKFLOWS]
    assert set(read(REPOSITORY / ".github" / "workflows" / "validate.yml")["on"]) == {"pull_request", "push"}


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_every_workflow_is_one(schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, WORKFLOWS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@each_workflow
def test_every_action_is_pinned_by_hash_with_its_version_beside_it(path: Path) -> None:
    used = re.findall(r"^\s*(?:- )?uses:\s*(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert used
    assert [each for each in used if not PINNED.fullmatch(each) and not EXCUSED.fullmatch(each)] == []


@for_strangers
def test_nothing_may_be_written(path: Path) -> None:
    workflow = read(path)
    permissions = [workflow["permissions"], *(job.get("permissions", {}) for job in workflow["jobs"].values())]
    assert all(isinstance(each, dict) and set(each.values()) <= {"read", "none"} for each in permissions)


@for_strangers
def test_nothing_is_there_to_take(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "workflow_run" not in text
    assert re.search(r"secrets\s*[.\[:]|github\.token|GITHUB_TOKEN", text) is None
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@each_workflow
def test_no_expression_is_put_into_a_command(path: Path) -> None:
    scripts = [step.get("run", "") + step.get("with", {}).get("script", "") for step in steps(path)]
    assert [each for each in scripts if "${{" in each] == []


@each_workflow
def test_every_job_ends_and_gives_way_to_the_next_push(path: Path) -> None:
    workflow = read(path)
    assert "${{ github.ref }}" in workflow["concurrency"]["group"]
    assert all(int(job["timeout-minutes"]) <= 60 for job in workflow["jobs"].values())


def assert_runs(line: str) -> None:
    """Assert that a command line names targets, scripts and options that there are."""
    words = line.partition(">>")[0].split()
    if words[0] == "make":
        assert all(re.search(rf"^{re.escape(each)}:", MAKEFILE, re.MULTILINE) for each in words[1:]), line
        return
    assert words[0].startswith(".venv/bin/"), line
    if words[1].startswith("scripts/"):
        command = [sys.executable, str(REPOSITORY / words[1]), "--help"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert all(each in told for each in words[2:] if each.startswith("--")), line


@for_strangers
def test_every_command_of_a_workflow_exists(path: Path) -> None:
    assert commands(path)
    for line in commands(path):
        assert_runs(line)


def test_a_pull_request_is_checked_for_all_that_can_be_wrong_with_it() -> None:
    lines = commands(REPOSITORY / ".github" / "workflows" / "validate.yml")
    assert lines == [
        "make setup",
        '.venv/bin/python scripts/summarize_change.py HEAD^1 >> "$GITHUB_STEP_SUMMARY"',
        ".venv/bin/python scripts/validate.py --engine pandera --format github",
        ".venv/bin/python scripts/build.py --check",
        ".venv/bin/python scripts/editor_schema.py --check",
        ".venv/bin/python scripts/codebook.py --check",
        "make lint",
    ]


# --- hooks --------------------------------------------------------------------------------------------------------


def hooks() -> list[dict[str, Any]]:
    """Return the hooks, all of them local: nothing is fetched before a commit."""
    (repository,) = read(HOOKS)["repos"]
    assert set(repository) == {"repo", "hooks"}
    assert repository["repo"] == "local"
    return list(repository["hooks"])


def test_the_hooks_are_well_formed() -> None:
    assert set(read(HOOKS)) == {"repos"}
    ids = [hook["id"] for hook in hooks()]
    assert ids == ["ruff-check", "ruff-format", "build", "validate"]
    for hook in hooks():
        assert {"id", "name", "entry", "language", "pass_filenames"} <= set(hook)
        assert set(hook) <= {"id", "name", "entry", "language", "pass_filenames", "files", "types"}
        assert (hook["language"], hook["pass_filenames"]) == ("system", "false")
        re.compile(hook.get("files", ""))


def test_the_hooks_run_what_the_project_runs() -> None:
    lint = re.findall(r"^\t\$\(BIN\)/(ruff .+)$", MAKEFILE, re.MULTILINE)
    entries = [hook["entry"] for hook in hooks()]
    assert entries[:2] == [f".venv/bin/{each}" for each in lint]
    assert entries[2:] == [".venv/bin/python scripts/build.py --check", ".venv/bin/python scripts/validate.py"]
    for entry in entries:
        assert_runs(entry)


@pytest.mark.parametrize(
    "path", ["seeds/sources/SRC-0001.yaml", "data/claims.csv", "datapackage.json", "schemas/a.json"]
)
def test_a_change_of_the_data_runs_the_hooks_on_it(path: str) -> None:
    patterns = {hook["id"]: hook.get("files", "") for hook in hooks()}
    assert all(re.search(patterns[each], path) for each in ("build", "validate"))
