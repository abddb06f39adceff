"""Reads a package for the site: its cells as text, its rows as typed values, and who says each claim."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from curation.dataset import Dataset
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.frames import frame, records
from russia_dprk_claims.package import Package, open_package
from russia_dprk_claims.questions.answer import active_claims
from russia_dprk_claims.sentences import attribution_chains

HINT = "rebuild the package with scripts/build.py"
Row = dict[str, Any]


class SiteError(Exception):
    """The site cannot be built; the message is one line that says where, what and what to do."""


@dataclass(frozen=True)
class Content:
    """A package, read whole."""

    package: Package
    dataset: Dataset
    tables: TextTables  # the cells as text

    @property
    def contract(self) -> Contract:
        """The contract of the tables."""
        return self.package.contract

    @cached_property
    def attributions(self) -> dict[str, str]:
        """The chain of attribution of each claim in words, withdrawn claims included."""
        return {str(claim): str(words) for claim, words in attribution_chains(self.package)["attribution"].items()}

    @cached_property
    def claims(self) -> dict[str, Row]:
        """The active claims by id, each with its source and who says it."""
        return {row["claim_id"]: row for row in records(active_claims(self.package).reset_index())}

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table with typed values; an empty cell is None."""
        return records(frame(self.package, table))


def read_content(folder: Path) -> Content:
    """Read the package in a folder.

    Raises SiteError if it is incomplete or refers to a row that it does not have, DamagedDataError if the descriptor is
    damaged.
    """
    package = open_package(folder, "", HINT)
    tables, findings = read_package(folder, package.contract)
    if not findings:
        structure = check_structure(package.contract, tables)
        findings = [each for each in structure.findings if each.rule == "foreign-key"]
    if findings:
        raise SiteError(f"{findings[0]}")
    return Content(package, _dataset(package), tables)


def _dataset(package: Package) -> Dataset:
    """Return the description of the dataset, whose properties have the same names in the descriptor."""
    properties = {
        each.name: package.descriptor[each.name] for each in fields(Dataset) if each.name in package.descriptor
    }
    try:
        return Dataset(**properties)
    except TypeError as error:
        raise SiteError(f"datapackage.json: the description is incomplete ({error}); {HINT}") from error
