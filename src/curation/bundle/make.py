"""Making: the files of a bundle from its ingredients, and a folder that has all of them or is as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from curation.bundle.ingredients import BundleError, Ingredients
from curation.bundle.sums import SUMS, listed, sha256, sums
from curation.documents.metadata.citation import CITATION, citation_cff
from curation.documents.metadata.croissant import CROISSANT, croissant_json
from curation.documents.metadata.jsonld import Download, jsonld
from curation.publish import READY, STAGE, finish, publish
from curation.validate import Progress
from russia_dprk_claims.package import schema_path

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")


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


def put(out: Path, files: Mapping[str, bytes]) -> None:
    """Make `files` the content of a folder, all or nothing; those of an earlier bundle go.

    Parameters
    ----------
    out
        The folder; it may not exist.
    files
        The bytes by name.

    Raises
    ------
    BundleError
        If the folder has files in it that no bundle wrote; they are left alone, also where they have the name of a
        new one.
    OSError
        If the disk does not take the files; the old ones are then untouched.
    """
    if _is_unfinished_bundle(out / STAGE, files):
        finish(out)
    present = {path.name for path in out.iterdir()} if out.is_dir() else set()
    earlier = _of_bundle(out, present, files)
    strange = sorted(present - earlier)
    if strange:
        more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
        what = f"{', '.join(strange[:3])}{more}, which no bundle wrote"
        raise BundleError(f"{out}: holds {what}; name a new or empty folder with --out")
    publish(out, files, sorted(earlier - set(files)))


def _of_bundle(out: Path, present: set[str], files: Mapping[str, bytes]) -> set[str]:
    """Return the files of a folder that an earlier bundle wrote there: plain ones that its list of hashes has.

    Others make lists of this name, too, so one that names nothing that a bundle has, of any version, is a stranger's.
    """
    if SUMS not in present or not (out / SUMS).is_file():
        return set()
    names = {SUMS, *listed((out / SUMS).read_bytes())}
    if not {_of_any_version(each) for each in names - {SUMS}} & {_of_any_version(each) for each in files}:
        return set()
    return {each for each in names & present if (out / each).is_file()}


def _is_unfinished_bundle(stage: Path, files: Mapping[str, bytes]) -> bool:
    """Return whether a folder is what a killed program left, and not a stranger's of the same name."""
    if not stage.is_dir() or stage.is_symlink():
        return False
    known = {_of_any_version(each) for each in (*files, READY, f"{READY}.new")}
    return all(each.is_file() and _of_any_version(each.name) in known for each in stage.iterdir())


def _of_any_version(name: str) -> str:
    return _VERSION.sub("VERSION", name)
