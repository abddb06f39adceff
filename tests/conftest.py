"""Fixtures: the small project about a harbour, which was written for the tests, and the dataset.

`make test` runs the tests without the mark `full`; `make test-all` runs those with it.
"""

from __future__ import annotations

import contextlib
import csv
import gc
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from hypothesis import settings

from curation.project import Project, read_project
from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.package import DESCRIPTOR

if TYPE_CHECKING:
    from test_bundle import Bundled

REPOSITORY = Path(__file__).resolve().parents[1]
HARBOUR = Path(__file__).parent / "harbour"
# No test depends on time or chance: the same files give the same examples and the same result.
# HYPOTHESIS_PROFILE=explore tries many more examples.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
TEXT = (HARBOUR / "texts" / "harbour.txt").read_text(encoding="utf-8")


def pytest_collection_finish() -> None:
    """Spare the collector what was imported and collected: going through it again takes a seventh of the CPU time."""
    gc.collect()
    gc.freeze()


def texts_folder() -> Path | None:
    """Return the folder of the source texts, if it has all; under CI any folder, so that a missing one fails."""
    named = os.environ.get("SEED_TEXTS")
    places = [Path(named)] if named else []
    places += [REPOSITORY / "seeds" / "texts", REPOSITORY.parent / "shared" / "seeds"]
    with (REPOSITORY / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        names = [] if os.environ.get("CI") else [row["text_name"] for row in csv.DictReader(file)]
    return next((each for each in places if each.is_dir() and all((each / name).is_file() for name in names)), None)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the dataset."""
    return read_contract(REPOSITORY / "schemas")


@pytest.fixture(scope="session")
def dataset_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundled:
    """The bundle of the dataset, built once for all files."""
    from test_bundle import bundled, make_project

    return bundled(make_project(tmp_path_factory.mktemp("dataset") / "project", REPOSITORY / "seeds"))


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


def record_hashes(root: Path) -> None:
    """Write the size and hash of each table into the descriptor of a package, as after a build."""
    content = json.loads((root / DESCRIPTOR).read_text(encoding="utf-8"))
    for each in content["resources"]:
        data = (root / each["path"]).read_bytes()
        each |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    (root / DESCRIPTOR).write_text(json.dumps(content), encoding="utf-8")


Script = Callable[..., "subprocess.CompletedProcess[str]"]


@cache
def _command(name: str) -> click.Command:
    """Import a script, and return its command."""
    spec = importlib.util.spec_from_file_location(f"scripts_{name}", REPOSITORY / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    command: click.Command = module.main
    return command


def run_script(name: str, *arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of scripts/ in this process, which saves the imports; an exception fails the test."""
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
