"""The release that is installed, or the checkout that the program runs in."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from russia_dprk_claims.home import home
from russia_dprk_claims.package import Package, open_package

if TYPE_CHECKING:
    from russia_dprk_claims.loader.names import TableName


def installed() -> Package:
    """Return the release that came with the program."""
    return open_package(home(), "", "reinstall the package, or rebuild the checkout with `make`")


def tables() -> tuple[TableName, ...]:
    """Return the names of the tables.

    Examples
    --------
    >>> "claims" in tables()
    True
    """
    return cast("tuple[TableName, ...]", tuple(installed().contract.tables))


def path(table: TableName) -> Path:
    """Return where the CSV of a table is, for programs other than pandas.

    Parameters
    ----------
    table
        The name of the table.

    Raises
    ------
    UnknownNameError
        If there is no such table.

    Examples
    --------
    >>> path("claims").name
    'claims.csv'
    """
    release = installed()
    return home() / release.table_path(release.table(table).name)


def datapackage() -> dict[str, Any]:
    """Return what `datapackage.json` says of the data: title, version, licences, people, files and their hashes.

    Examples
    --------
    >>> datapackage()["name"]
    'russia-dprk-claims'
    """
    return deepcopy(installed().descriptor)
