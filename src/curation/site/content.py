"""Content: a package read for the site, as texts, as typed frames and as the answers that the loader gives."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.dataset import Dataset
from curation.lineage import Lineage
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.loader.context import of_claims, standing_claims
from russia_dprk_claims.loader.frames import frame
from russia_dprk_claims.loader.voices import chains
from russia_dprk_claims.package import Package, open_package

if TYPE_CHECKING:
    import pandas as pd

REMEDY = "rebuild the package with scripts/build.py"


class SiteError(Exception):
    """Why there is no site, in one line that says where, what and what to do."""


@dataclass(frozen=True)
class Content:
    """What the site is made from: a package, in a folder.

    `release` is the package as the loader reads it, `tables` its cells as texts, and `dataset` its description.
    """

    release: Package
    dataset: Dataset
    tables: TextTables

    @property
    def contract(self) -> Contract:
        """The contract of the tables."""
        return self.release.contract

    @cached_property
    def lineage(self) -> Lineage:
        """Which row nests in which."""
        return Lineage(self.contract, self.tables)

    @cached_property
    def chains(self) -> pd.DataFrame:
        """Who says each claim through whom, withdrawn ones included."""
        return chains(self.release)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """The claims that stand, with who says them and where."""
        return standing_claims(self.release)

    @cached_property
    def cells_of(self) -> dict[str, dict[str, Any]]:
        """The cells of each claim that stands, by column."""
        return dict(zip(map(str, self.claims.index), self.claims.to_dict("records"), strict=True))

    @cached_property
    def actor_names(self) -> dict[str, str]:
        """The preferred name of each actor."""
        actors = self.tables["actors"].cells
        return {str(key): str(name) for key, name in zip(actors["actor_id"], actors["name"], strict=True)}

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table, typed by the contract."""
        return frame(self.release, table)

    def of_claims(self, table: str, *columns: str) -> pd.DataFrame:
        """Return the rows of a table whose claim stands, with columns of the claim beside them."""
        return of_claims(self.frame(table), self.claims, columns)


def read_content(folder: Path) -> Content:
    """Read a package.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`, `data/` and `schemas/`.

    Raises
    ------
    SiteError
        If the package cannot be read whole.
    DamagedDataError
        If the descriptor or a table is not what it should be.
    """
    from russia_dprk_claims.checks.reading import read_package

    release = open_package(folder, "", REMEDY)
    tables, findings = read_package(folder, release.contract)
    if findings:
        raise SiteError(f"{findings[0]}")
    return Content(release, _dataset(release), tables)


def _dataset(release: Package) -> Dataset:
    """Return the description, which the descriptor has under the same names."""
    said = {each.name: release.descriptor[each.name] for each in fields(Dataset) if each.name in release.descriptor}
    try:
        return Dataset(**said)
    except TypeError as error:
        raise SiteError(f"datapackage.json: the description is not whole ({error}); {REMEDY}") from error
