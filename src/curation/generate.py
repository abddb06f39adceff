"""Every generated file of a project, by its path, with the function that makes it."""

from __future__ import annotations

from curation.dataset import Dataset
from curation.documents import codebook
from curation.documents.descriptor import descriptor
from curation.documents.editor_schema import editor_files
from curation.documents.metadata import CITATION, ZENODO, citation_cff, zenodo_json
from russia_dprk_claims.checks.tables import TextTables, to_csv
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package import DESCRIPTOR, data_path


def generated_files(contract: Contract, dataset: Dataset, tables: TextTables) -> dict[str, bytes]:
    """Return the bytes of all files that `scripts/build.py` writes."""
    return {**package_files(contract, dataset, tables), **document_files(contract, dataset)}


def package_files(contract: Contract, dataset: Dataset, tables: TextTables) -> dict[str, bytes]:
    """Return the tables and the descriptor of the package."""
    data = {table.name: to_csv(table, tables[table.name]) for table in contract}
    files = {data_path(name): content for name, content in data.items()}
    return {**files, DESCRIPTOR: descriptor(contract, dataset, data)}


def document_files(contract: Contract, dataset: Dataset) -> dict[str, bytes]:
    """Return the codebook, the JSON Schemas for editors and the citation metadata."""
    return {
        codebook.PATH: codebook.codebook(contract).encode("utf-8"),
        **editor_files(contract),
        **metadata_files(dataset),
    }


def metadata_files(dataset: Dataset) -> dict[str, bytes]:
    """Return the files at the root of the project that GitHub and Zenodo read."""
    return {CITATION: citation_cff(dataset), ZENODO: zenodo_json(dataset)}
