"""The workflows and hooks are well formed, run commands that exist, and have only the permissions they need."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY

FOLDER = REPOSITORY / ".github" / "workflows"
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")


def read(path: str) -> Any:
    """Return a YAML file with every scalar as a text, so that `on` stays `on`."""
    return yaml.load((REPOSITORY / path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506


TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
WORKFLOWS: dict[str, dict[str, Any]] = {name: read(f".github/workflows/{name}") for name in TEXTS}
RELEASE, PAGES = WORKFLOWS["release.yml"]["jobs"], WORKFLOWS["pages.yml"]["jobs"]
TAG_OF_A_VERSION = {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}

PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+")
# Every other job may only read.
MAY_WRITE = {
    ("release.yml", "attest"): {"id-token": "write", "attestations": "write"},
    ("release.yml", "github"): {"contents": "write"},
    ("release.yml", "pypi"): {"id-token": "write"},
    ("pages.yml", "publish"): {"pages": "write", "id-token": "write"},
}
COMMANDS = {
    "nightly.yml": ["make setup-clients", "make test-all"],
    "pages.yml": [
        "make setup-test",
        ".venv/bin/python scripts/build.py --check",
        ".venv/bin/python scripts/site.py",
        ".venv/bin/python -m pytest tests/test_site_browser.py",
    ],
    "release.yml": [
        "make setup-test",
        ".venv/bin/python scripts/build.py --check",
        ".venv/bin/python scripts/validate.py --format github",
        '.venv/bin/python scripts/release.py "${GITHUB_REF_NAME#v}" --notes notes.md',
        'gh release create "$GITHUB_REF_NAME" --verify-tag --title "$GITHUB_REF_NAME" '
        "--notes-file notes/notes.md dist/*",
    ],
    "test.yml": ["make setup-test", "make test"],
    "validate.yml": [
        "make setup",
        '.venv/bin/python scripts/diff.py HEAD^1 --format review >> "$GITHUB_STEP_SUMMARY"',
        ".venv/bin/python scripts/validate.py --format github --base HEAD^1",
        ".venv/bin/python scripts/build.py --check",
    ],
}

each_workflow = pytest.mark.parametrize("name", WORKFLOWS)


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the file, the name and the content of each job."""
    for file, workflow in WORKFLOWS.items():
        for name, job in workflow["jobs"].items():
            yield file, name, job


def steps(workflow: str) -> list[dict[str, Any]]:
    """Return the steps of all jobs of a workflow."""
    return [step for file, _, job in jobs() if file == workflow for step in job["steps"]]


def actions(job: dict[str, Any]) -> list[str]:
    """Return the actions that a job uses, without their pins."""
    return [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]


@cache
def help_of(script: str) -> str:
    """Return what a command prints with --help."""
    command = [sys.executable, str(REPOSITORY / script), "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def assert_runs(line: str) -> None:
    """Assert that a command line names targets, scripts and options that exist."""
    program, *words = line.partition(">>")[0].split()
    if program == "make":
        assert all(re.search(rf"^{re.escape(each)}:", MAKEFILE, re.MULTILINE) for each in words), line
    elif program != "gh":
        assert program.startswith(".venv/bin/"), line
        assert all((REPOSITORY / each).exists() for each in words if each.endswith(".py")), line
        if words[0].startswith("scripts/"):
            assert all(each in help_of(words[0]) for each in words[1:] if each.startswith("--")), line


# --- every workflow ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_every_workflow_is_well_formed(schema: str) -> None:
    paths = [str(FOLDER / name) for name in WORKFLOWS]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "ok -- validation done\n")


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    (program,) = [each.locate() for each in distribution("zizmor").files or () if each.stem == "zizmor"]
    command = [
        str(program),
        "--offline",
        "--quiet",
        "--color",
        "never",
        "--persona",
        "pedantic",
        str(REPOSITORY / ".github"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "No findings to report. Good job!\n"), done.stdout + done.stderr


def test_every_action_is_pinned_by_hash_with_its_version_beside_it_and_has_one_pin() -> None:
    used = re.findall(r"^\s*(?:- )?uses:\s*(.+)$", "\n".join(TEXTS.values()), re.MULTILINE)
    assert len(used) == sum(len(actions(job)) for _, _, job in jobs())
    assert [each for each in used if not PINNED.fullmatch(each)] == []
    assert len(set(used)) == len({each.partition("@")[0] for each in used})


def test_no_job_has_a_permission_that_it_does_not_need() -> None:
    assert all(workflow["permissions"] == {"contents": "read"} for workflow in WORKFLOWS.values())
    assert {(file, name): job["permissions"] for file, name, job in jobs() if "permissions" in job} == MAY_WRITE


def test_a_job_that_may_write_runs_no_code_of_the_project() -> None:
    for file, name, job in jobs():
        if (file, name) in MAY_WRITE:
            assert "actions/checkout" not in actions(job)
            assert "build" in job["needs"]
            assert all(step.get("run", "gh release create").startswith("gh release create") for step in job["steps"])


def test_there_is_no_secret_and_no_token_except_for_the_release_on_github() -> None:
    for name, text in TEXTS.items():
        assert "pull_request_target" not in text and "workflow_run" not in text
        tokens = re.findall(r"secrets\s*[.\[:]|github\.token|GITHUB_TOKEN", text)
        assert tokens == (["github.token"] if name == "release.yml" else [])
        checkouts = [step for step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]
        assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)
    assert [name for name, job in RELEASE.items() if "github.token" in str(job)] == ["github"]


@each_workflow
def test_no_expression_is_put_into_a_command(name: str) -> None:
    scripts = [step.get("run", "") + step.get("with", {}).get("script", "") for step in steps(name)]
    assert [each for each in scripts if "${{" in each] == []
    # Anyone who can push a tag chooses its name: it must be quoted.
    assert [each for each in scripts if re.search(r'(?<!")\$\{?GITHUB_REF_NAME', each)] == []


def test_every_job_has_a_timeout_and_only_publishing_is_never_interrupted() -> None:
    for name, workflow in WORKFLOWS.items():
        assert "${{ github.ref }}" in workflow["concurrency"]["group"]
        publishes = workflow["on"] == TAG_OF_A_VERSION
        assert (workflow["concurrency"]["cancel-in-progress"] == "false") == publishes, name
    assert all(int(job["timeout-minutes"]) <= 60 for _, _, job in jobs())


@each_workflow
def test_a_workflow_runs_these_commands_and_they_exist(name: str) -> None:
    lines = [line for step in steps(name) for line in step.get("run", "").splitlines()]
    assert lines == COMMANDS[name]
    for line in lines:
        assert_runs(line)


# --- what starts them -------------------------------------------------------------------------------------------------


def test_every_pull_request_is_validated_and_tested_unless_it_changes_data_alone() -> None:
    assert WORKFLOWS["validate.yml"]["on"]["pull_request"] == ""
    assert WORKFLOWS["test.yml"]["on"]["pull_request"] == {"paths-ignore": ["seeds/**", "data/**", "datapackage.json"]}
    for name in ("validate.yml", "test.yml"):
        assert WORKFLOWS[name]["on"]["push"] == {"branches": ["main"]}


def test_a_tag_of_a_version_releases_and_publishes_the_site_and_nothing_else_does() -> None:
    assert [name for name, each in WORKFLOWS.items() if each["on"] == TAG_OF_A_VERSION] == ["pages.yml", "release.yml"]
    assert set(WORKFLOWS["nightly.yml"]["on"]) == {"schedule", "workflow_dispatch"}


# --- what they publish ------------------------------------------------------------------------------------------------


def test_pypi_trusts_the_environment_of_the_release() -> None:
    assert RELEASE["pypi"]["environment"] == "pypi"
    assert actions(RELEASE["pypi"]) == ["actions/download-artifact", "pypa/gh-action-pypi-publish"]
    assert RELEASE["pypi"]["steps"][1]["with"] == {"packages-dir": "dist/"}


def test_the_files_that_are_attested_and_released_are_those_that_were_built() -> None:
    kept = {step["with"]["name"]: step["with"]["path"] for step in RELEASE["build"]["steps"] if "upload" in str(step)}
    assert kept == {"bundle": "dist/", "distributions": "dist/*.whl\ndist/*.tar.gz\n", "notes": "notes.md"}
    for name in ("attest", "github", "pypi"):
        fetched = {step["with"]["name"] for step in RELEASE[name]["steps"] if "download" in step.get("uses", "")}
        assert fetched <= set(kept)
    assert RELEASE["attest"]["steps"][1]["with"] == {"subject-path": "dist/*"}


def test_the_site_is_published_after_it_was_tested() -> None:
    kept = [step["with"]["path"] for step in PAGES["build"]["steps"] if "upload" in step.get("uses", "")]
    assert kept == ["dist/screenshots/", "site/"]
    assert actions(PAGES["build"])[-1] == "actions/upload-pages-artifact"
    assert actions(PAGES["publish"]) == ["actions/deploy-pages"]


# --- hooks ------------------------------------------------------------------------------------------------------------


def hooks() -> list[dict[str, Any]]:
    """Return the hooks, all of them local: nothing is downloaded before a commit."""
    (repository,) = read(".pre-commit-config.yaml")["repos"]
    assert (set(repository), repository["repo"]) == ({"repo", "hooks"}, "local")
    return list(repository["hooks"])


def test_the_hooks_are_well_formed() -> None:
    for hook in hooks():
        assert {"id", "name", "entry", "language", "pass_filenames"} <= set(hook)
        assert set(hook) <= {"id", "name", "entry", "language", "pass_filenames", "files", "types"}
        assert (hook["language"], hook["pass_filenames"]) == ("system", "false")
        re.compile(hook.get("files", ""))


def test_the_hooks_run_the_commands_of_the_project() -> None:
    lint = [f".venv/bin/{each}" for each in re.findall(r"^\t\$\(BIN\)/(ruff .+)$", MAKEFILE, re.MULTILINE)]
    entries = {hook["id"]: hook["entry"] for hook in hooks()}
    assert entries == {
        "ruff-check": lint[0],
        "ruff-format": lint[1],
        "build": ".venv/bin/python scripts/build.py --check",
        "validate": ".venv/bin/python scripts/validate.py",
    }
    for entry in entries.values():
        assert_runs(entry)


@pytest.mark.parametrize(
    "path", ["seeds/sources/SRC-0001.yaml", "data/claims.csv", "datapackage.json", "schemas/a.json"]
)
def test_a_change_of_the_data_runs_the_hooks_on_it(path: str) -> None:
    patterns = {hook["id"]: hook.get("files", "") for hook in hooks()}
    assert all(re.search(patterns[each], path) for each in ("build", "validate"))
