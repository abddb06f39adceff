"""Snapshots: a release as its contract and tables, from a zip file, a folder or a git revision."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from curation.release.git import ReleaseError, commit_of, package_zip
from curation.report.counts import first_finding
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.package import open_package
from russia_dprk_claims.releases import Version

NOTHING = "none"


@dataclass(frozen=True)
class Snapshot:
    """A release: its name, its version unless it is none, its contract and its tables."""

    name: str
    version: Version | None
    contract: Contract
    tables: TextTables


EMPTY = Snapshot(NOTHING, None, Contract({}), {})


def read_snapshot(name: str, root: Path) -> Snapshot:
    """Read a zip file or folder or, if there is none of this name, a revision of the project's repository.

    `none` is an empty release. A ReleaseError says what is not a release, or where tables do not match their schemas.
    """
    if name == NOTHING:
        return EMPTY
    if "\0" not in name and os.path.lexists(name):
        return _snapshot(Path(name), name)
    try:
        commit = commit_of(root, name)
    except ReleaseError as error:
        raise ReleaseError(f"there is no zip file or folder {name!r}, and {error}") from error
    return _snapshot(package_zip(root, commit), name)


def read_revision(revision: str, root: Path, name: str) -> Snapshot:
    """Read a release from a git revision, even if a file or folder has the same name; errors show `name`."""
    return _snapshot(package_zip(root, commit_of(root, revision)), name)


def _snapshot(source: Path | bytes, name: str) -> Snapshot:
    try:
        package = open_package(source or {}, name)
        if not any(path.startswith("schemas/") for path in package.paths):
            raise ReleaseError(f"{name}: not a release of the data: it has no schemas/ at its root")
        tables, findings = read_package(source, package.contract)
        if not findings:
            # As in `validate`: commands import this module before they read records.
            from russia_dprk_claims.checks.structure import check_structure

            structure = check_structure(package.contract, tables)
            findings = [each for each in structure.findings if each.rule == "primary-key"]
        if findings:
            raise ReleaseError(f"{name}: {first_finding(findings)}")
        return Snapshot(name, Version.of(package.version), package.contract, tables)
    except DamagedDataError as error:
        raise ReleaseError(str(error)) from error
