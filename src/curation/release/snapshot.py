"""Snapshots: a release as its contract and tables, from a zip file, a folder or a git revision."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation.release.git import ReleaseError, commit_of, package_zip
from curation.report.counts import first_finding
from russia_dprk_claims.checks.tables import TextTable, TextTables, read_csv, row_name
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.files import LIMITS, Limits
from russia_dprk_claims.package import Package, data_path, mismatch, open_package
from russia_dprk_claims.releases import Version, is_version

NOTHING = "none"


@dataclass(frozen=True)
class Snapshot:
    """A release: its name, its version if it states one, its contract and its tables."""

    name: str
    version: Version | None
    contract: Contract
    tables: TextTables


EMPTY = Snapshot(NOTHING, None, Contract({}), {})


def read_snapshot(name: str, root: Path, limits: Limits = LIMITS) -> Snapshot:
    """Read a zip file or folder or, if there is none of this name, a revision of the project's repository.

    `none` is an empty release. A ReleaseError says what is not a release, or where tables do not match their schemas.
    """
    if name == NOTHING:
        return EMPTY
    if "\0" not in name and os.path.lexists(name):
        return _snapshot(Path(name), name, limits)
    try:
        commit = commit_of(root, name)
    except ReleaseError as error:
        raise ReleaseError(f"there is no zip file or folder {name!r}, and {error}") from error
    return _snapshot(package_zip(root, commit), name, limits)


def read_revision(revision: str, root: Path, name: str) -> Snapshot:
    """Read a release from a git revision, even if a file or folder has the same name; errors show `name`."""
    return _snapshot(package_zip(root, commit_of(root, revision)), name, LIMITS)


def _snapshot(source: Path | bytes, name: str, limits: Limits) -> Snapshot:
    try:
        package = open_package(source or {}, name, limits=limits)
        if not any(path.startswith("schemas/") for path in package.paths):
            raise ReleaseError(f"{name}: not a release of the data: it has no schemas/ at its root")
        known = {data_path(table.name) for table in package.contract}
        unknown = [path for path in package.paths if path.startswith("data/") and path not in known]
        if unknown:
            raise ReleaseError(f"{name}: {unknown[0]}: no table has this file; remove it, or add its schema")
        tables = {table.name: _table(package, table) for table in package.contract}
        return Snapshot(name, _version(package), package.contract, tables)
    except DamagedDataError as error:
        raise ReleaseError(str(error)) from error


def _table(package: Package, table: Table) -> TextTable:
    path = data_path(table.name)
    data = package.read(path)
    raw, findings = read_csv(path, data, table)
    if findings:
        raise ReleaseError(f"{package.name}: {first_finding(findings)}")
    seen = set()
    for index in range(len(raw)):
        key = raw.key(index, table.primary_key)
        if key in seen:
            location = raw.locator.locate(index, None)
            raise ReleaseError(f"{package.name}: {location}: the key {row_name(table, raw, index)} is not unique")
        seen.add(key)
    if problem := mismatch(_recorded(package, path), data):
        raise ReleaseError(f"{package.name}: {path}: {problem}; build it again")
    return raw


def _recorded(package: Package, path: str) -> Mapping[str, Any]:
    """Return what the descriptor records of a file; nothing if there is no valid descriptor."""
    try:
        resources = package.descriptor.get("resources")
    except DamagedDataError:
        return {}
    listed = resources if isinstance(resources, list) else []
    return next((each for each in listed if isinstance(each, dict) and each.get("path") == path), {})


def _version(package: Package) -> Version | None:
    """Return the version in the descriptor, if there is one."""
    try:
        return Version.of(package.version) if is_version(package.version) else None
    except DamagedDataError:
        return None
