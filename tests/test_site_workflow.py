"""The workflow that publishes the site is well formed, runs what exists, and gives each job no more than it needs."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY

FOLDER = REPOSITORY / ".github" / "workflows"
PATH = FOLDER / "pages.yml"
TEXT = PATH.read_text(encoding="utf-8")
# Every scalar as a text, so that `on` stays `on`.
WORKFLOW: dict[str, Any] = yaml.load(TEXT, Loader=yaml.BaseLoader)  # noqa: S506
RELEASE: dict[str, Any] = yaml.load((FOLDER / "release.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+")


def steps(job: str) -> list[dict[str, Any]]:
    return list(JOBS[job]["steps"])


def pins(text: str) -> dict[str, str]:
    """Return the pin of each action that a workflow uses."""
    return dict(re.findall(r"uses:\s*(\S+)@(.+)", text))


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_it_is_a_workflow(schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(PATH)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "ok -- validation done\n")


def test_what_makes_a_release_publishes_the_site_and_nothing_else_does() -> None:
    assert WORKFLOW["on"] == RELEASE["on"] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}


def test_every_action_is_pinned_by_hash_and_as_the_release_pins_it() -> None:
    used = re.findall(r"^\s*(?:- )?uses:\s*(.+)$", TEXT, re.MULTILINE)
    assert used
    assert [each for each in used if not PINNED.fullmatch(each)] == []
    own, released = pins(TEXT), pins((FOLDER / "release.yml").read_text(encoding="utf-8"))
    shared = set(own) & set(released)
    assert shared
    assert {each: own[each] for each in shared} == {each: released[each] for each in shared}


def test_each_job_may_do_what_it_needs_and_no_more() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in JOBS.items()} == {
        "build": None,
        "publish": {"pages": "write", "id-token": "write"},
    }


def test_what_may_write_runs_no_code_of_the_project() -> None:
    assert all("run" not in step for step in steps("publish"))
    assert [step["uses"].partition("@")[0] for step in steps("publish")] == ["actions/deploy-pages"]
    assert JOBS["publish"]["needs"] == "build"


def test_no_credential_is_left_lying_and_none_is_asked_for() -> None:
    (checkout,) = [step for step in steps("build") if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"]["persist-credentials"] == "false"
    assert re.search(r"secrets\s*[.\[:]|github\.token|GITHUB_TOKEN", TEXT) is None
    assert all("${{" not in step.get("run", "") for job in JOBS for step in steps(job))


def test_the_site_is_built_from_what_is_up_to_date_looked_at_and_then_handed_over() -> None:
    lines = [line for step in steps("build") for line in step.get("run", "").splitlines()]
    assert lines == [
        "make setup",
        ".venv/bin/python scripts/build.py --check",
        ".venv/bin/python scripts/site.py",
        ".venv/bin/python -m pytest tests/test_site_browser.py",
    ]
    kept = [step["with"]["path"] for step in steps("build") if "upload" in step.get("uses", "")]
    assert kept == ["dist/screenshots/", "site/"]
    assert "uses" in steps("build")[-1]
