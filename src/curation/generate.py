"""Builds every generated file of a project, and writes those that changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from curation.dataset import Dataset
from curation.documents import codebook
from curation.documents.descriptor import descriptor
from curation.documents.editor_schema import editor_files
from curation.documents.metadata import CITATION, ZENODO, citation_cff, zenodo_json
from curation.project import Project
from curation.write import stray_files, write_files
from russia_dprk_claims.checks.findings import Finding, has_errors, in_order
from russia_dprk_claims.checks.tables import TextTables, to_csv
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package import DESCRIPTOR, data_path


def package_files(contract: Contract, dataset: Dataset, tables: TextTables) -> dict[str, bytes]:
    """Return the tables and the descriptor of the package."""
    data = {table.name: to_csv(table, tables[table.name]) for table in contract}
    files = {data_path(name): content for name, content in data.items()}
    return {**files, DESCRIPTOR: descriptor(contract, dataset, data)}


def document_files(contract: Contract, dataset: Dataset, tables: TextTables) -> dict[str, bytes]:
    """Return the codebook, the JSON Schemas for editors and the citation metadata."""
    return {
        codebook.PATH: codebook.codebook(contract, tables).encode("utf-8"),
        **editor_files(contract, tables),
        **metadata_files(dataset),
    }


def metadata_files(dataset: Dataset) -> dict[str, bytes]:
    """Return the files at the root of the project that GitHub and Zenodo read."""
    return {CITATION: citation_cff(dataset), ZENODO: zenodo_json(dataset)}


MANY_ROWS = 50_000
"""The number of rows of all tables from which rules run without Pandera."""


class Built(NamedTuple):
    """The generated files by path (none if there is an error), and the findings in order."""

    files: Mapping[str, bytes]
    findings: list[Finding]


def build(project: Project) -> Built:
    """Check a project and return the files generated from it."""
    from russia_dprk_claims.checks.run import run_rules, with_pandera, with_polars

    find_broken = with_pandera if sum(map(len, project.tables.values())) < MANY_ROWS else with_polars
    # The rules skip what was found invalid before, so that one error does not hide another.
    broken = run_rules(project.contract, project.tables, project.invalid, find_broken=find_broken)
    findings = in_order([*project.findings, *broken])
    if has_errors(findings) or project.dataset is None:
        return Built({}, findings)
    files = package_files(project.contract, project.dataset, project.tables)
    return Built({**files, **document_files(project.contract, project.dataset, project.tables)}, findings)


def write(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files that changed and remove stray CSV files; return the paths of both."""
    obsolete = stray_files(root, files)
    return sorted([*write_files(root, files, obsolete), *obsolete])
