"""The workflow of a release is well formed, runs what exists, and gives each of its jobs no more than it needs."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY

PATH = REPOSITORY / ".github" / "workflows" / "release.yml"
TEXT = PATH.read_text(encoding="utf-8")
# Every scalar as a text, so that `on` stays `on`.
WORKFLOW: dict[str, Any] = yaml.load(TEXT, Loader=yaml.BaseLoader)  # noqa: S506
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]

PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+")
EXCUSED = re.compile(r"[\w./-]+@v[0-9]+\.[0-9]+\.[0-9]+ # not pinned by hash: .+")


def commands(job: str) -> list[str]:
    return [line for step in JOBS[job]["steps"] for line in step.get("run", "").splitlines()]


def actions(job: str) -> list[str]:
    return [step["uses"].partition("@")[0] for step in JOBS[job]["steps"] if "uses" in step]


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_it_is_a_workflow(schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(PATH)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "ok -- validation done\n")


def test_only_a_tag_of_a_version_starts_it() -> None:
    assert WORKFLOW["on"] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}


def test_every_action_is_pinned_by_hash_with_its_version_beside_it() -> None:
    used = re.findall(r"^\s*(?:- )?uses:\s*(.+)$", TEXT, re.MULTILINE)
    assert len(used) == sum(len(actions(job)) for job in JOBS)
    assert [each for each in used if not PINNED.fullmatch(each) and not EXCUSED.fullmatch(each)] == []


def test_an_action_has_one_pin() -> None:
    used = set(re.findall(r"uses:\s*(\S+)@(\S+)", TEXT))
    assert len(used) == len({name for name, _ in used})


def test_each_job_may_do_what_it_needs_and_no_more() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in JOBS.items()} == {
        "build": None,
        "attest": {"id-token": "write", "attestations": "write"},
        "github": {"contents": "write"},
        "pypi": {"id-token": "write"},
    }


def test_what_may_write_runs_no_code_of_the_project() -> None:
    for name in set(JOBS) - {"build"}:
        assert "actions/checkout" not in actions(name)
        assert "build" in JOBS[name]["needs"]
    assert commands("attest") == commands("pypi") == []
    assert [line.split()[:3] for line in commands("github")] == [["gh", "release", "create"]]


def test_nothing_is_there_to_take() -> None:
    assert "secrets." not in TEXT
    assert [name for name, job in JOBS.items() if "github.token" in str(job)] == ["github"]
    (checkout,) = [step for step in JOBS["build"]["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"] == {"fetch-depth": "0", "persist-credentials": "false"}


def test_no_expression_is_put_into_a_command() -> None:
    assert [line for job in JOBS for line in commands(job) if "${{" in line] == []
    # A name that a stranger chose may stand in quotes only.
    assert [line for job in JOBS for line in commands(job) if re.search(r'(?<!")\$\{?GITHUB_REF_NAME', line)] == []


def test_pypi_is_published_to_from_its_environment_by_trust() -> None:
    assert JOBS["pypi"]["environment"] == "pypi"
    assert actions("pypi") == ["actions/download-artifact", "pypa/gh-action-pypi-publish"]
    assert JOBS["pypi"]["steps"][1]["with"] == {"packages-dir": "dist/"}
    assert "password" not in TEXT.replace("there is no password", "")


def test_what_is_attested_and_released_is_what_was_built() -> None:
    kept = {step["with"]["name"]: step["with"]["path"] for step in JOBS["build"]["steps"] if "upload" in str(step)}
    assert kept == {"bundle": "dist/", "distributions": "dist/*.whl\ndist/*.tar.gz\n", "notes": "notes.md"}
    for name in ("attest", "github", "pypi"):
        fetched = {step["with"]["name"] for step in JOBS[name]["steps"] if "download" in step.get("uses", "")}
        assert fetched <= set(kept)
    assert JOBS["attest"]["steps"][1]["with"] == {"subject-path": "dist/*"}


def test_a_release_that_has_begun_is_finished_in_time() -> None:
    assert WORKFLOW["concurrency"]["cancel-in-progress"] == "false"
    assert all(int(job["timeout-minutes"]) <= 60 for job in JOBS.values())


def test_the_build_runs_the_commands_that_there_are() -> None:
    lines = commands("build")
    assert lines == [
        "make setup",
        ".venv/bin/python scripts/build.py --check",
        ".venv/bin/python scripts/validate.py --engine pandera --format github",
        '.venv/bin/python scripts/release.py "${GITHUB_REF_NAME#v}" --notes notes.md',
    ]
    for line in lines[1:]:
        script, *words = line.split()[1:]
        command = [sys.executable, str(REPOSITORY / script), "--help"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert all(each in told for each in words if each.startswith("--")), line
