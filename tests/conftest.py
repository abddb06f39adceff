"""Fixtures: the small project about a harbour, written for the tests, and the real one."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings

from curation.project import Project, read_project
from russia_dprk_claims.contract import Contract, read_contract

REPOSITORY = Path(__file__).resolve().parents[1]
HARBOUR = Path(__file__).parent / "harbour"
# No test asserts a time, and the same tree gives the same verdict: examples are drawn by the test, not by chance.
# To look further, run with HYPOTHESIS_PROFILE=explore.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
TEXT = (HARBOUR / "texts" / "harbour.txt").read_text(encoding="utf-8")


def texts_folder() -> Path | None:
    """Return the folder of the source texts, if it is on this machine."""
    named = os.environ.get("SEED_TEXTS")
    places = [Path(named)] if named else []
    places += [REPOSITORY / "seeds" / "texts", REPOSITORY.parent / "shared" / "seeds"]
    return next((each for each in places if each.is_dir()), None)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the dataset."""
    return read_contract(REPOSITORY / "schemas")


@pytest.fixture
def harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small project, with the real contract, and its text in the default place."""
    monkeypatch.delenv("SEED_TEXTS", raising=False)
    root = tmp_path / "harbour"
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    return root


@pytest.fixture
def record(harbour: Path) -> Path:
    """The one record of the small project."""
    return harbour / "seeds" / "sources" / "SRC-0001.yaml"


def read(root: Path) -> Project:
    """Read a project with the texts in its own folder."""
    return read_project(root, root / "seeds" / "texts")


Script = Callable[..., "subprocess.CompletedProcess[str]"]


@cache
def _command(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"scripts_{name}", REPOSITORY / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def run_script(name: str, *arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of scripts/ in this process; what it raises but for its exit is a fault of the program."""
    with contextlib.chdir(cwd):
        result = CliRunner().invoke(_command(name), [*map(str, arguments)], env=environment, prog_name=f"{name}.py")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess([name], result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def script(harbour: Path) -> Script:
    """Run a command of scripts/ on the small project."""

    def run(name: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_script(name, *arguments, "--project", harbour, cwd=harbour, **environment)

    return run
