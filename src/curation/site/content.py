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
from russia_dprk_claims.package import DESCRIPTOR, Package, open_package
from russia_dprk_claims.questions.answer import active_claims

HINT = "rebuild the package with scripts/build.py"
Row = dict[str, Any]


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
    def claims(self) -> dict[str, Row]:
        """The active claims by id, each with its source and who says it."""
        return {row["claim_id"]: row for row in records(active_claims(self.package).reset_index())}

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table with typed values; an empty cell is None."""
        return records(frame(self.package, table))


def read_content(folder: Path) -> Content:
    """Read the package in a folder.

    Raises DamagedDataError if it is damaged or incomplete, or refers to a row that it does not have.
    """
    package = open_package(folder, "", HINT)
    tables, findings = read_package(folder, package.contract)
    if not findings:
        structure = check_structure(package.contract, tables)
        findings = [each for each in structure.findings if each.rule == "foreign-key"]
    if findings:
        raise package.damaged(str(findings[0].location), f"{findings[0].rule}: {findings[0].message}")
    return Content(package, _dataset(package), tables)


def _dataset(package: Package) -> Dataset:
    """Return the description of the dataset, whose properties have the same names in the descriptor."""
    properties = {
        each.name: package.descriptor[each.name] for each in fields(Dataset) if each.name in package.descriptor
    }
    try:
        return Dataset(**properties)
    except TypeError as error:
        raise package.damaged(DESCRIPTOR, f"the description is incomplete ({error})") from error
