"""The wheel is sufficient: the loader works with pandas alone, the checks with their extra.

Each environment has only the packages that the metadata of the wheel require, linked from that of the tests, so that
nothing is downloaded.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from conftest import REPOSITORY
from loadersite import OFFLINE
from packaging.requirements import Requirement

import russia_dprk_claims as rdc

Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as pip builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(REPOSITORY)], check=True
    )
    (built,) = folder.glob("*.whl")
    return built


def needed(dist: Distribution, extra: str = "") -> Iterator[Distribution]:
    """Yield the packages that a package requires, and those that they require."""
    for text in dist.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            other = distribution(requirement.name)
            yield other
            for each in ("", *requirement.extras):
                yield from needed(other, each)


def environment(folder: Path, wheel: Path, extra: str) -> str:
    """Make an environment with the wheel and what it requires, and return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *options, str(wheel)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (info,) = site.glob("russia_dprk_claims-*.dist-info")
    for dist in needed(Distribution.at(info), extra):
        for top in {each.parts[0] for each in dist.files or () if each.parts[0] not in {"..", "__pycache__"}}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(dist.locate_file(top))))
    return python


def run_in(python: str, program: str, *options: str) -> Run:
    """Run a program far from the checkout, offline."""
    command = [python, *options, "-c", f"{OFFLINE}{program}"]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )


def test_the_wheel_has_the_program_and_the_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"russia_dprk_claims"}
    assert not [name for name in names if "curation" in name or "__pycache__" in name]
    inside = {name.split("/")[1] for name in names if name.startswith("russia_dprk_claims/")}
    assert {"_data", "checks", "loading.py", "py.typed", "releases.json"} <= inside
    assert "russia_dprk_claims/checks/numerals.toml" in names


def long_description(wheel: Path) -> str:
    """Return what a package index shows."""
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return archive.read(path).decode("utf-8").split("\n\n", 1)[1]


def test_the_long_description_has_no_link_that_leads_nowhere(wheel: Path) -> None:
    links = re.findall(r"\]\(([^)]*)\)", long_description(wheel))
    assert [link for link in links if not link.startswith("https://")] == []


def test_with_pandas_alone_every_public_name_works(wheel: Path, tmp_path: Path) -> None:
    program = (
        "import json, sys, russia_dprk_claims as rdc\n"
        "names = [getattr(rdc, name) for name in rdc.__all__]\n"
        "others = sorted({'polars', 'pandera', 'click', 'yaml', 'pooch', 'curation'} & set(sys.modules))\n"
        "old = rdc.resolve('SRC-0005-C018').status\n"
        "print(json.dumps([len(names), others, len(rdc.estimates()), rdc.path('claims').parent.parent.name, old]))"
    )
    python = environment(tmp_path / "venv", wheel, "")
    done = run_in(python, program, "-W", "error")
    assert done.stderr == ""
    assert json.loads(done.stdout) == [len(rdc.__all__), [], len(rdc.estimates()), "_data", "current"]
    example = re.search(r"```python\n(.*?)```", long_description(wheel), re.DOTALL)
    assert example is not None
    done = run_in(python, example.group(1), "-W", "error")
    assert (done.returncode, done.stderr) == (0, "")
    assert rdc.sentence("SRC-0005-C018") in done.stdout


def test_with_the_extra_a_package_can_be_validated(wheel: Path, tmp_path: Path) -> None:
    program = (
        "from russia_dprk_claims.checks import schema, validate\n"
        "from russia_dprk_claims.package import data_dir\n"
        "result = validate(data_dir())\n"
        "print(result.findings, result.frictionless, result.rows['claims'], schema('claims').name)"
    )
    done = run_in(environment(tmp_path / "venv", wheel, "checks"), program)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"[] True {len(rdc.load('claims'))} claims\n"
