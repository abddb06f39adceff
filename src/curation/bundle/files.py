"""The files of a bundle, from its inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curation.bundle.archive import zip_bytes
from curation.bundle.inputs import BundleInputs
from curation.documents.codebook import codebook
from curation.documents.metadata import CITATION, CROISSANT, Download, citation_cff, croissant_json, jsonld
from curation.validate import Progress
from curation.write import SUMS, sha256, sums
from russia_dprk_claims.package import schema_path


def bundle_files(inputs: BundleInputs, progress: Progress) -> dict[str, bytes]:
    """Return the bytes of every file of the bundle by its name.

    Parameters
    ----------
    inputs
        The inputs.
    progress
        Called with the name of each stage.

    Raises
    ------
    BundleError
        If the wheel or the sdist cannot be built.
    """
    from curation.bundle.distributions import build_distributions

    contract, dataset = inputs.contract, inputs.dataset
    citation = {CITATION: citation_cff(dataset)}
    progress("zip, database and Parquet files")
    data = list(_data_files(inputs, citation))
    files = {name: content for name, _, _, content in data}
    downloads = [Download(name, about, type_, len(content), sha256(content)) for name, about, type_, content in data]
    progress("wheel and sdist")
    files |= build_distributions({**inputs.program, **citation}, inputs.package)
    files[f"{dataset.name}-{dataset.version}.jsonld"] = jsonld(contract, dataset, downloads)
    files[SUMS] = sums(files)
    return files


def _data_files(inputs: BundleInputs, citation: Mapping[str, bytes]) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield name, description, media type and bytes of each file that contains the data."""
    from curation.bundle.parquet import parquet_bytes
    from curation.bundle.sqlite import sqlite_bytes

    contract, dataset, tables = inputs.contract, inputs.dataset, inputs.tables
    members = {
        **inputs.package,
        **inputs.documents,
        **citation,
        "CODEBOOK.md": codebook(contract).encode("utf-8"),
        CROISSANT: croissant_json(contract, dataset, inputs.data),
    }
    about = "The tables as CSV in a Data Package, with the codebook."
    yield f"{dataset.name}-{dataset.version}.zip", about, "application/zip", zip_bytes(members)
    database = sqlite_bytes(contract, dataset, tables)
    yield f"{dataset.name}.db", "The tables as a SQLite database.", "application/vnd.sqlite3", database
    for table in contract:
        content = parquet_bytes(table, tables[table.name], dataset, inputs.package[schema_path(table.name)])
        name = f"{dataset.name}-{table.name}.parquet"
        yield name, f"{table.title}, as Parquet.", "application/vnd.apache.parquet", content
