"""Subjects: what is measured, each a command line over a generated folder and what is done before each run of it.

The processes that measure import nothing heavy, as the peak memory of a process counts from that of its parent.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

MODULES = "russia_dprk_claims.bench.peers"
# What the validation is asked for besides its folder.
OURS = ("--engine", "plan", "--no-frictionless")
# Stands for all subjects that work on the project itself.
START = "start"
_LENGTH = re.compile(r"^text_length: ([0-9]+)$", re.MULTILINE)


class SubjectError(ValueError):
    """A name that no subject has."""


class Kind(StrEnum):
    """What a subject works on: a generated package, a generated seed folder, or the project itself."""

    PACKAGE = "package"
    SEEDS = "seeds"
    PROJECT = "project"


def _nothing(_: Path, __: Path) -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Subject:
    """A command: its name, what it does in words where the name does not say it, and, from the project and the folder,
    its line and its preparation.
    """

    name: str
    words: str
    kind: Kind
    command: Callable[[Path, Path], list[str]]
    prepare: Callable[[Path, Path], None] = _nothing


def _script(project: Path, name: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, str(project / "scripts" / f"{name}.py"), *map(str, arguments)]


def _tool(name: str) -> str:
    """Return the program of a package that is installed beside this interpreter."""
    return str(Path(sys.executable).with_name(name))


# --- building -----------------------------------------------------------------------------------------------------


def _clear(_: Path, folder: Path) -> None:
    """Remove everything that a build leaves behind."""
    for name in ("data", ".build", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "datapackage.json").unlink(missing_ok=True)


def _change(project: Path, folder: Path) -> None:
    """See that the folder is built, then change one record."""
    if not (folder / "datapackage.json").is_file():
        subprocess.run(_build(project, folder), check=True, capture_output=True)  # noqa: S603
    records = sorted((folder / "seeds" / "sources").glob("*.yaml"))
    record = records[len(records) // 2]
    text = record.read_text(encoding="utf-8")
    record.write_text(_LENGTH.sub(lambda found: f"text_length: {int(found[1]) + 1}", text, count=1), encoding="utf-8")


def _build(project: Path, folder: Path) -> list[str]:
    return _script(project, "build", "--project", folder)


# --- validating ---------------------------------------------------------------------------------------------------


@cache
def _compiled(project: Path, folder: Path) -> None:
    """See that the loops of the plan are compiled, as they are once for an installation."""
    subprocess.run(_script(project, "validate", folder, *OURS), check=False, capture_output=True)  # noqa: S603


# --- all ----------------------------------------------------------------------------------------------------------


def subjects(project: Path) -> Mapping[str, Subject]:
    """Return all subjects by name.

    Parameters
    ----------
    project
        The project folder; the start of each of its scripts is a subject.
    """
    every = [
        Subject(
            "floor",
            "Polars parses the same files and does nothing else",
            Kind.PACKAGE,
            lambda _, folder: [sys.executable, "-m", f"{MODULES}.floor", str(folder)],
        ),
        Subject(
            "ours",
            "the validation of this project",
            Kind.PACKAGE,
            lambda project, folder: _script(project, "validate", folder, *OURS),
            _compiled,
        ),
        Subject(
            "frictionless",
            "frictionless validate: structure and foreign keys",
            Kind.PACKAGE,
            lambda _, folder: [_tool("frictionless"), "validate", str(folder / "datapackage.json")],
        ),
        Subject(
            "pandera-pandas",
            "Pandera on pandas: structure, foreign keys, and the rules that need no other table",
            Kind.PACKAGE,
            lambda _, folder: [sys.executable, "-m", f"{MODULES}.pandera_pandas", str(folder)],
        ),
        Subject(
            "csvw",
            "csvwvalidate: structure and foreign keys",
            Kind.PACKAGE,
            lambda _, folder: [_tool("csvwvalidate"), "--lax", str(folder / "csvw-metadata.json")],
            _describe_for_csvw,
        ),
        Subject("build", "the build from seeds, from cold", Kind.SEEDS, _build, _clear),
        Subject("build-again", "the build after one record changed", Kind.SEEDS, _build, _change),
        Subject(
            "validate-real",
            "the validation of the real dataset, Frictionless not asked",
            Kind.PROJECT,
            lambda project, _: _script(project, "validate", *OURS),
        ),
        Subject(
            "check-real",
            "build.py --check of the real dataset",
            Kind.PROJECT,
            lambda project, _: _script(project, "build", "--check"),
        ),
        *(_help(path.stem) for path in sorted((project / "scripts").glob("*.py"))),
    ]
    return {each.name: each for each in every}


def chosen(project: Path, names: str) -> list[Subject]:
    """Return the subjects of a list of names; `start` stands for all that work on the project itself.

    Raises
    ------
    SubjectError
        If one of them is no subject; the message lists those that there are.
    """
    known = subjects(project)
    found: dict[str, Subject] = {}
    for name in names.split(","):
        if name == START:
            found |= {each.name: each for each in known.values() if each.kind is Kind.PROJECT}
        elif name in known:
            found[name] = known[name]
        else:
            raise SubjectError(f"there is no subject {name!r}; one of: {', '.join([*known, START])}")
    return list(found.values())


def _help(name: str) -> Subject:
    return Subject(f"help-{name}", "", Kind.PROJECT, lambda project, _: _script(project, name, "--help"))


def _describe_for_csvw(_: Path, folder: Path) -> None:
    from russia_dprk_claims.bench.peers.csvw import METADATA, metadata
    from russia_dprk_claims.contract import read_contract

    if not (folder / METADATA).is_file():
        (folder / METADATA).write_text(metadata(read_contract(folder / "schemas")), encoding="utf-8")
