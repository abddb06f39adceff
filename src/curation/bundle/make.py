"""The files of a bundle, made from its ingredients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curation.bundle.ingredients import Ingredients
from curation.documents.metadata.citation import CITATION, citation_cff
from curation.documents.metadata.croissant import CROISSANT, croissant_json
from curation.documents.metadata.jsonld import Download, jsonld
from curation.validate import Progress
from curation.write import SUMS, sha256, sums
from russia_dprk_claims.package import schema_path


def bundle_files(ingredients: Ingredients, progress: Progress) -> dict[str, bytes]:
    """Return the bytes of every file of the bundle by its name.

    Parameters
    ----------
    ingredients
        What it is made of.
    say
        Is told what is being done.

    Raises
    ------
    BundleError
        If the wheel or the sdist cannot be built.
    """
    from curation.bundle.wheels import build_distributions

    citation = {CITATION: citation_cff(ingredients.dataset)}
    progress("the zip, the database and Parquet")
    data = list(_data_files(ingredients, citation))
    files = {name: content for name, _, _, content in data}
    downloads = [Download(name, what, type_, len(content), sha256(content)) for name, what, type_, content in data]
    progress("wheel and sdist")
    files |= build_distributions({**ingredients.program, **citation}, ingredients.package)
    files[f"{_stem(ingredients)}.jsonld"] = jsonld(ingredients.contract, ingredients.dataset, downloads)
    files[SUMS] = sums(files)
    return files


def _stem(ingredients: Ingredients) -> str:
    return f"{ingredients.dataset.name}-{ingredients.dataset.version}"


def _data_files(ingredients: Ingredients, citation: Mapping[str, bytes]) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield name, description, media type and bytes of each file that has the data in it."""
    from curation.bundle.datasette import datasette_json
    from curation.bundle.parquet import parquet_bytes
    from curation.bundle.sqlite import sqlite_bytes
    from curation.bundle.zipped import zip_bytes

    contract, dataset, tables, stem = ingredients.contract, ingredients.dataset, ingredients.tables, _stem(ingredients)
    members = _zip_members(ingredients, citation)
    yield (
        f"{stem}.zip",
        "The tables as CSV in a Data Package, with the codebook.",
        "application/zip",
        zip_bytes(members),
    )
    database = sqlite_bytes(contract, dataset, tables)
    yield f"{dataset.name}.db", "The tables as a SQLite database.", "application/vnd.sqlite3", database
    shown = datasette_json(contract, dataset, dataset.name)
    yield f"{dataset.name}-datasette.json", "What Datasette shows beside the database.", "application/json", shown
    for table in contract:
        schema = ingredients.package[schema_path(table.name)]
        content = parquet_bytes(table, tables[table.name], dataset, schema)
        yield (
            f"{dataset.name}-{table.name}.parquet",
            f"{table.title}, as Parquet.",
            "application/vnd.apache.parquet",
            content,
        )


def _zip_members(ingredients: Ingredients, citation: Mapping[str, bytes]) -> dict[str, bytes]:
    from curation.documents.codebook import codebook

    return {
        **ingredients.package,
        **ingredients.documents,
        **citation,
        "CODEBOOK.md": codebook(ingredients.contract).encode("utf-8"),
        CROISSANT: croissant_json(ingredients.contract, ingredients.dataset, ingredients.data),
    }
