"""A release at hand, in a folder or in a zip file: its descriptor, its contract and the bytes of its tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from russia_dprk_claims.contract import Contract, ContractError, Table, read_contract
from russia_dprk_claims.loader.errors import DamagedDataError, unknown

if TYPE_CHECKING:
    import zipfile

DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Release:
    """One release of the data.

    Parameters
    ----------
    root
        The folder that has `datapackage.json`, on disk or in a zip file, which is read where it is and never unpacked.
    remedy
        What to do where something is wrong with it.
    """

    root: Path | zipfile.Path
    remedy: str

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """What `datapackage.json` says."""
        data = self.read(DESCRIPTOR)
        try:
            content = json.loads(data)
        except ValueError as error:
            raise self.damaged(DESCRIPTOR, "this is not JSON") from error
        if not isinstance(content, dict) or not isinstance(content.get("version"), str):
            raise self.damaged(DESCRIPTOR, "this is not the descriptor of a release")
        return content

    @property
    def version(self) -> str:
        """The version of the data."""
        return str(self.descriptor["version"])

    @cached_property
    def contract(self) -> Contract:
        """The contract of the tables."""
        try:
            return read_contract(self.root / "schemas")
        except ContractError as error:
            raise self.damaged("schemas", str(error)) from error

    def table(self, name: str) -> Table:
        """Return the contract of a table.

        Raises
        ------
        UnknownNameError
            If there is no such table.
        """
        if name not in self.contract.tables:
            raise unknown("table", name, self.contract.tables)
        return self.contract[name]

    def data_path(self, table: str) -> str:
        """Return where the CSV of a table is, from the descriptor."""
        resources = self.descriptor.get("resources")
        for each in resources if isinstance(resources, list) else ():
            if isinstance(each, dict) and each.get("name") == table and isinstance(each.get("path"), str):
                return str(each["path"])
        raise self.damaged(DESCRIPTOR, f"it names no file for the table {table!r}")

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of the release, which cannot be one outside it.

        Raises
        ------
        DamagedDataError
            If the path leads out of the release, or the file cannot be read.
        """
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or "\\" in path:
            raise self.damaged(DESCRIPTOR, f"the path {path!r} leads out of the release")
        try:
            return (self.root / path).read_bytes()
        except (OSError, KeyError, ValueError) as error:
            raise self.damaged(path, "the file is missing or cannot be read") from error

    def damaged(self, path: str, what: str) -> DamagedDataError:
        """Return the error for a file that is not what it should be."""
        return DamagedDataError(f"{path}: {what}; {self.remedy}")
