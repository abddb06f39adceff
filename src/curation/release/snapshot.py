"""Snapshots: a release as its contract and its tables, however it was stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from curation.release.files import LIMITS, Limits, SnapshotError, release_files, revision_files, under
from russia_dprk_claims.checks.tables import TextTable, TextTables, read_csv, row_name
from russia_dprk_claims.contract import Contract, ContractError, Table, read_contract
from russia_dprk_claims.package import DESCRIPTOR, data_path
from russia_dprk_claims.releases import Version, VersionError

NOTHING = "none"


@dataclass(frozen=True)
class Snapshot:
    """A release: its name, its version as far as it states one, its contract and its tables."""

    name: str
    version: Version | None
    contract: Contract
    tables: TextTables


EMPTY = Snapshot(NOTHING, None, Contract({}), {})


def read_snapshot(name: str, root: Path, limits: Limits = LIMITS) -> Snapshot:
    """Read a release.

    Parameters
    ----------
    name
        A zip file, a folder or a git revision; `none` is a release with nothing in it.
    root
        The project folder, whose repository has the revisions.
    limits
        How much is read at the most.

    Raises
    ------
    SnapshotError
        If it is no release, or its tables are not what its schemas say.
    """
    if name == NOTHING:
        return EMPTY
    return _snapshot(name, release_files(name, root, limits))


def read_revision(revision: str, root: Path, name: str) -> Snapshot:
    """Read a release that is a revision of the project's repository, even where a file or folder is called the same.

    Parameters
    ----------
    revision
        The revision.
    root
        The project folder.
    name
        What it is called where something is wrong with it.

    Raises
    ------
    SnapshotError
        If it is no release, or its tables are not what its schemas say.
    """
    return _snapshot(name, revision_files(revision, root))


def _snapshot(name: str, files: Mapping[str, bytes]) -> Snapshot:
    contract = _contract(name, under(files, "schemas"))
    known = {data_path(table.name) for table in contract}
    stray = sorted(path for path in files if path.startswith("data/") and path not in known)
    if stray:
        raise SnapshotError(f"{name}: {stray[0]}: no table has this file; remove it, or add the schema")
    tables = {table.name: _table(name, table, files) for table in contract}
    return Snapshot(name, _version(files.get(DESCRIPTOR, b"")), contract, tables)


def _contract(name: str, schemas: Mapping[str, bytes]) -> Contract:
    """Return the contract that schemas state."""
    try:
        return read_contract(schemas)
    except ContractError as error:
        raise SnapshotError(f"{name}/{error}") from error


def _table(name: str, table: Table, files: Mapping[str, bytes]) -> TextTable:
    path = data_path(table.name)
    if path not in files:
        raise SnapshotError(f"{name}: {path} is missing; build the release again")
    raw, findings = read_csv(path, files[path], table)
    if findings:
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        raise SnapshotError(f"{name}: {findings[0]}{more}")
    seen = set()
    for index in range(len(raw)):
        key = raw.key(index, table.primary_key)
        if key in seen:
            raise SnapshotError(
                f"{name}: {raw.locator.locate(index, None)}: {row_name(table, raw, index)} stands twice"
            )
        seen.add(key)
    return raw


def _version(descriptor: bytes) -> Version | None:
    try:
        return Version.of(json.loads(descriptor)["version"])
    except (ValueError, VersionError, KeyError, TypeError, RecursionError):
        return None
