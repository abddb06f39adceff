"""The fault corpus: each case breaks the small project, or its package, and lists the expected findings.

A case is about one `rule`. It edits files (`file`, `find`, `put`, or a list of such `edits`; `times` repeats what is
put), overwrites them (`write`, or `bytes` in base64), removes them (`remove`), or replaces them with a `link`, a
`folder` or a `pipe`. `findings` are the printed lines; a case that only looks wrong has none.

The corpus has three parts: `faults/*.yaml` break seeds, `faults/package/*.yaml` the package built from them, and
`faults/built/*.yaml` the files on disk that are compared with the seeds.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from curation.generate import package_files
from curation.project import Project, check_project, read_project
from curation.seeds.files import read_seed_files
from russia_dprk_claims.checks.findings import Finding, in_order
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.run import run_rules
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.package import DESCRIPTOR, Source, data_path

TESTS = Path(__file__).parent
FAULTS = TESTS / "faults"
HARBOUR = TESTS / "harbour"
SCHEMAS = TESTS.parent / "schemas"
TEXTS = "seeds/texts/"
SEEDS, PACKAGE, BUILT = ".", "package", "built"


@dataclass(frozen=True)
class Edit:
    """In `file`, `find` becomes `put`, which is repeated `times`."""

    file: str
    find: str
    put: str
    times: int = 1


@dataclass(frozen=True)
class Case:
    """One case: the rule that it is about, what is done to the files, and what is then found.

    `frictionless` is the reason why Frictionless does not find what we find.
    """

    name: str
    rule: str
    findings: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    write: Mapping[str, str] = field(default_factory=dict)
    bytes: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    link: Mapping[str, str] = field(default_factory=dict)
    folder: tuple[str, ...] = ()
    pipe: tuple[str, ...] = ()
    frictionless: str = ""

    @property
    def rules(self) -> set[str]:
        """The rules that its findings name."""
        return {finding.split(": ")[1] for finding in self.findings}


def read_case(raw: dict[str, Any]) -> Case:
    """Read one case; a key that it must not have is an error."""
    edits = raw.pop("edits", [])
    if "file" in raw:
        edits = [{key: raw.pop(key) for key in ("file", "find", "put", "times") if key in raw}, *edits]
    cells: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return Case(edits=tuple(Edit(**each) for each in edits), **cells)


def read_cases(part: str) -> list[Case]:
    """Read one part of the corpus."""
    paths = sorted((FAULTS / part).glob("*.yaml"))
    return [read_case(each) for path in paths for each in yaml.load(path.read_bytes(), yaml.CSafeLoader)]


@cache
def contract() -> Contract:
    """The contract, read once for all cases."""
    return read_contract(SCHEMAS)


# --- the small project, and how it is broken ------------------------------------------------------------------------


def copy_seeds(root: Path) -> None:
    """Copy the small project with its text to `root`."""
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")


def copy_package(root: Path) -> None:
    """Copy the package of the small project to `root`."""
    shutil.copytree(SCHEMAS, root / "schemas")
    lay(root, valid_package())


def lay(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files under `root`."""
    for path, data in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)


@cache
def valid_package() -> dict[str, bytes]:
    """The files of the package of the small project."""
    project = valid_project()
    assert project.dataset is not None
    return package_files(project.contract, project.dataset, project.tables)


@cache
def valid_project() -> Project:
    """The small project as it is."""
    project = read_project(HARBOUR, HARBOUR / "texts", contract())
    assert project.findings == []
    return project


def break_files(case: Case, folder: Path) -> None:
    """Apply a case to the files of a folder."""
    for edit in case.edits:
        path = folder / edit.file
        before = path.read_bytes().decode("utf-8")
        assert edit.find in before, f"{case.name}: the words to replace are not in {edit.file}"
        path.write_bytes(before.replace(edit.find, edit.put * edit.times, 1).encode("utf-8"))
    for name in case.remove:
        (folder / name).unlink()
    new = {name: text.encode("utf-8") for name, text in case.write.items()}
    for name, data in (new | {name: base64.b64decode(code) for name, code in case.bytes.items()}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for name, target in case.link.items():
        (folder / name).symlink_to(target)
    for name in case.folder:
        (folder / name).mkdir()
    for name in case.pipe:
        os.mkfifo(folder / name)


# --- what is found --------------------------------------------------------------------------------------------------


def broken_project(case: Case, root: Path) -> Project:
    """Break the seeds of the small project and read it: in memory, or in `root` if the case adds files."""
    if case.write or case.link or case.folder or case.pipe:
        copy_seeds(root)
        break_files(case, root / "seeds")
        return read_project(root, root / "seeds" / "texts", contract())
    files = broken_files(case, valid_files(), "seeds/")
    seeds = {path: data for path, data in files.items() if not path.startswith(TEXTS)}
    return check_project(root, contract(), seeds, lambda name: files.get(f"{TEXTS}{name}"))


def broken_files(case: Case, valid: Mapping[str, bytes], prefix: str = "") -> dict[str, bytes]:
    """Do to files in memory what a case says."""
    files = dict(valid)
    for edit in case.edits:
        before = files[f"{prefix}{edit.file}"].decode("utf-8")
        assert edit.find in before, f"{case.name}: the words to replace are not in {edit.file}"
        files[f"{prefix}{edit.file}"] = before.replace(edit.find, edit.put * edit.times, 1).encode("utf-8")
    for name in case.remove:
        del files[f"{prefix}{name}"]
    files |= {f"{prefix}{name}": text.encode("utf-8") for name, text in case.write.items()}
    return files | {f"{prefix}{name}": base64.b64decode(code) for name, code in case.bytes.items()}


@cache
def valid_files() -> dict[str, bytes]:
    """The seed files and the text of the small project, by path."""
    seeds, _ = read_seed_files(HARBOUR)
    texts = {f"{TEXTS}{path.name}": path.read_bytes() for path in (HARBOUR / "texts").iterdir()}
    return {**{path: data for path, data in seeds.items() if data is not None}, **texts}


def broken_package(case: Case, root: Path) -> tuple[TextTables, list[Finding], Invalid]:
    """Break the package of the small project and read it: in memory, or under `root` if it adds links or folders.

    The descriptor records the size and hash of the broken files, unless the case is about these.
    """
    if case.link or case.folder or case.pipe:
        copy_package(root)
        break_files(case, root)
        return read_broken(root)
    files = broken_files(case, valid_package() | _schemas())
    return read_broken(files if case.rule == "resource-hash" else rehashed(files))


def rehashed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a package with a descriptor in which the hashes are right, if it has those of the project."""
    data = files.get(DESCRIPTOR, b"")
    for path, old in valid_package().items():
        if path != DESCRIPTOR and path in files:
            data = data.replace(_recorded(old), _recorded(files[path]))
    return {**files, **({DESCRIPTOR: data} if DESCRIPTOR in files else {})}


def _recorded(data: bytes) -> bytes:
    """Return how the descriptor records the size and hash of a file."""
    return f'"bytes": {len(data)},\n      "hash": "sha256:{hashlib.sha256(data).hexdigest()}"'.encode()


@cache
def _schemas() -> dict[str, bytes]:
    return {f"schemas/{path.name}": path.read_bytes() for path in SCHEMAS.glob("*.json")}


def read_broken(source: Source) -> tuple[TextTables, list[Finding], Invalid]:
    """Read a package, and return what reading and structure find."""
    tables, findings = read_package(source, contract())
    structure = check_structure(contract(), tables)
    return tables, [*findings, *structure.findings], structure.invalid


def lines(found: list[Finding]) -> list[str]:
    """Return findings as they are printed."""
    return [str(each) for each in in_order(found)]


def all_findings(tables: TextTables, found: list[Finding], invalid: Invalid) -> list[str]:
    """Return what was found, with what the semantic rules add to it."""
    return lines([*found, *run_rules(contract(), tables, invalid)])


def built_findings(case: Case, root: Path) -> list[str]:
    """Copy the small project with its package to `root`, break any file, and return the findings of validation."""
    from curation.validate import validate_project

    copy_package(root)
    copy_seeds(root)
    break_files(case, root)
    return lines(validate_project(read_project(root, root / "seeds" / "texts"), lambda _: None).findings)


# --- the Frictionless check ------------------------------------------------------------------------------------------


def unseen_by_frictionless(root: Path, names: set[str]) -> list[str]:
    """Return where Frictionless disagrees with our checks on the structure of some tables of a package.

    It disagrees if it finds nothing in the line of one of our findings (or in its column, where both have one), or
    anything in a package in which we find nothing.
    """
    from russia_dprk_claims.checks.frictionless_check import frictionless_findings

    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for path, data in rehashed(files).items():
        (root / path).write_bytes(data)
    tables, found, _ = read_broken(root)
    paths = {data_path(name) for name in names}
    found = [each for each in found if each.location.path in paths]
    _ask_about(root, names)
    theirs = frictionless_findings(root, tables)
    if not found:
        return lines(theirs)
    return lines([ours for ours in found if not any(_same_place(ours, each) for each in theirs)])


def _ask_about(root: Path, names: set[str]) -> None:
    """Reduce the descriptor to some tables and those that they refer to, without hashes, which any edit would break.

    The tables that are referred to are not checked themselves, which would take most of the time.
    """
    descriptor = json.loads((root / DESCRIPTOR).read_text(encoding="utf-8"))
    referred = {key.table for name in names for key in contract()[name].foreign_keys} - names
    resources = [each for each in descriptor["resources"] if each["name"] in names | referred]
    for each in resources:
        del each["bytes"], each["hash"]
        if each["name"] in referred:
            schema = json.loads((root / each["schema"]).read_text(encoding="utf-8"))
            each["schema"] = {key: value for key, value in schema.items() if key != "foreignKeys"}
    (root / DESCRIPTOR).write_text(json.dumps({**descriptor, "resources": resources}), encoding="utf-8")


def _same_place(ours: Finding, theirs: Finding) -> bool:
    if ours.location.path != theirs.location.path:
        return False
    same_column = not (ours.column and theirs.column) or ours.location.column == theirs.location.column
    return theirs.location.line == 0 or (ours.location.line == theirs.location.line and same_column)


def touched_tables(case: Case) -> set[str]:
    """Return the tables whose CSV a case changes."""
    files = {*(edit.file for edit in case.edits), *case.write, *case.bytes, *case.remove}
    return {name.removeprefix("data/").removesuffix(".csv") for name in files}


def build_broken_seeds(case: Case, root: Path) -> set[str]:
    """Put the package that broken seeds would give under `root`; return the tables in which something is wrong."""
    project = broken_project(case, root)
    assert project.dataset is not None, "the description is broken, not a table"
    shutil.copytree(SCHEMAS, root / "schemas")
    lay(root, package_files(project.contract, project.dataset, project.tables))
    return {each.table for each in project.findings}
