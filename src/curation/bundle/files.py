"""The files of a bundle, from its inputs: a zip, a database, Parquet files, JSON-LD, the wheel and the sdist.

They have the same bytes for the same inputs, whatever the clock, machine, umask and zlib.
"""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from curation.bundle.inputs import BundleError, BundleInputs
from curation.documents.codebook import codebook
from curation.documents.metadata import CITATION, CROISSANT, Download, citation_cff, croissant_json, jsonld
from curation.validate import Progress
from curation.write import SUMS, sums
from russia_dprk_claims.package import data_path, schema_path

_UNIX = 3
# The upper half is for Unix; the lower is the folder attribute of MS-DOS.
_FOLDER = (stat.S_IFDIR | 0o755) << 16 | 0x10
_FILE = (stat.S_IFREG | 0o644) << 16

# The earliest date in a zip file, as a time stamp for hatchling and as zipfile takes it.
SOURCE_DATE_EPOCH, _EPOCH = "315532800", (1980, 1, 1, 0, 0, 0)
CARRIED = "russia_dprk_claims/_data/"
_TIMEOUT = 300


def bundle_files(inputs: BundleInputs, progress: Progress) -> dict[str, bytes]:
    """Return the bytes of every file of the bundle by its name.

    A BundleError says why the wheel or the sdist cannot be built.
    """
    contract, dataset = inputs.contract, inputs.dataset
    citation = {CITATION: citation_cff(dataset)}
    progress("zip, database and Parquet files")
    downloads = list(_downloads(inputs, citation))
    files = {each.name: each.content for each in downloads}
    progress("wheel and sdist")
    files |= build_distributions({**inputs.program, **citation}, inputs.package)
    files[f"{dataset.name}-{dataset.version}.jsonld"] = jsonld(contract, dataset, downloads)
    files[SUMS] = sums(files)
    return files


def _downloads(inputs: BundleInputs, citation: Mapping[str, bytes]) -> Iterator[Download]:
    """Yield the files that contain the data."""
    # Here, because these need the extra `release`.
    from curation.bundle.parquet import parquet_bytes
    from curation.bundle.sqlite import sqlite_bytes

    contract, dataset, tables = inputs.contract, inputs.dataset, inputs.tables
    data = {table.name: inputs.package[data_path(table.name)] for table in contract}
    members = {
        **inputs.package,
        **inputs.documents,
        **citation,
        "CODEBOOK.md": codebook(contract, tables).encode("utf-8"),
        CROISSANT: croissant_json(contract, dataset, data),
    }
    about = "The tables as CSV in a Data Package, with the codebook."
    yield Download(f"{dataset.name}-{dataset.version}.zip", about, "application/zip", zip_bytes(members))
    about, database = "The tables as a SQLite database.", sqlite_bytes(contract, dataset, tables)
    yield Download(f"{dataset.name}.db", about, "application/vnd.sqlite3", database)
    for table in contract:
        content = parquet_bytes(table, tables[table.name], dataset, inputs.package[schema_path(table.name)])
        name = f"{dataset.name}-{table.name}.parquet"
        yield Download(name, f"{table.title}, as Parquet.", "application/vnd.apache.parquet", content)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by path and of their folders, sorted by path, with fixed dates and permissions."""
    # The npm client creates only folders that have an entry of their own.
    folders = {f"{folder}/" for path in files for folder in PurePosixPath(path).parents if folder.name}
    out = io.BytesIO()
    # Stored, because the output of deflate differs between versions of zlib.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted({*files, *folders}):
            info = zipfile.ZipInfo(path, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = _FOLDER if path in folders else _FILE
            archive.writestr(info, files.get(path, b""))
    return out.getvalue()


def build_distributions(program: Mapping[str, bytes], package: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the wheel and the sdist by file name, built in a folder of only their inputs; both carry the package."""
    with tempfile.TemporaryDirectory() as temporary:
        project, out = Path(temporary) / "project", Path(temporary) / "out"
        # Here hatchling stops looking for a .gitignore, so that no folder above can exclude files.
        (project / ".git").mkdir(parents=True)
        for path, content in {**program, **package}.items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_bytes(content)
            (project / path).chmod(0o644)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HATCH_")}
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "hatchling", "build", "-d", str(out), "-t", "sdist", "-t", "wheel"],
            cwd=project,
            env={**environment, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH},
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT,
        )
        if done.returncode != 0:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["no error message"]
            raise BundleError(f"pyproject.toml: hatchling cannot build the wheel: {lines[-1]}")
        wheels = list(out.glob("*.whl"))
        if len(wheels) != 1 or len(list(out.iterdir())) != 2:
            raise BundleError("pyproject.toml: hatchling did not build one wheel and one sdist; restore its settings")
        with zipfile.ZipFile(wheels[0]) as archive:
            carried = {path: archive.read(path) for path in archive.namelist()}
        for path, content in package.items():
            if carried.get(CARRIED + path) != content:
                hint = "force-include datapackage.json, data and schemas in pyproject.toml"
                raise BundleError(f"{wheels[0].name}: {CARRIED}{path} is missing or differs; {hint}")
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}
