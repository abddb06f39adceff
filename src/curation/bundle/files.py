"""The files of a bundle, from its inputs: the tables in the formats that people use, metadata, the wheel and the sdist.

They have the same bytes for the same inputs, whatever the clock, machine, umask and zlib.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from curation.bundle.archive import zip_bytes
from curation.bundle.cards import README, dataset_card, package_readme, parquet_name, with_links
from curation.bundle.inputs import BundleError, BundleInputs
from curation.bundle.typed import event_summary, typed_tables, with_polarity
from curation.documents.codebook import bands_of, codebook
from curation.documents.metadata import CITATION, CROISSANT, Download, citation_cff, croissant_json, jsonld
from curation.seeds.files import csv_bytes
from curation.validate import Progress
from curation.write import SUMS, sums
from russia_dprk_claims.package import data_path, open_package

# The earliest date in a zip file, as hatchling takes it.
SOURCE_DATE_EPOCH = "315532800"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CARRIED = "russia_dprk_claims/_data/"
_TIMEOUT = 300


def bundle_files(inputs: BundleInputs, progress: Progress) -> dict[str, bytes]:
    """Return the bytes of every file of the bundle by its name.

    A BundleError says why the wheel or the sdist cannot be built.
    """
    contract, dataset = inputs.contract, inputs.dataset
    citation = {CITATION: citation_cff(dataset)}
    progress("the tables in each format")
    downloads = list(data_files(inputs, citation))
    files = {each.name: each.content for each in downloads}
    progress("wheel and sdist")
    files |= build_distributions({**inputs.program, **citation}, inputs.package)
    files[f"{dataset.name}-{dataset.version}.jsonld"] = jsonld(contract, dataset, downloads)
    files[SUMS] = sums(files)
    return files


def data_files(inputs: BundleInputs, citation: Mapping[str, bytes]) -> Iterator[Download]:
    """Yield the files that contain the data."""
    # Here, because these need the extra `release`.
    from curation.bundle.graphs import graphml_bytes, quotation_graph, transfer_graph
    from curation.bundle.linked import linked_data
    from curation.bundle.parquet import parquet_bytes
    from curation.bundle.sqlite import sqlite_bytes
    from curation.bundle.statistics import spss_bytes, stata_bytes
    from curation.bundle.xlsx import xlsx_bytes

    contract, dataset, package = inputs.contract, inputs.dataset, open_package(inputs.package)
    tables = typed_tables(inputs, package)
    data = {table.name: inputs.package[data_path(table.name)] for table in contract}
    book = {"CODEBOOK.md": codebook(contract, inputs.tables).encode("utf-8")}
    wide, summary = tables[0], event_summary(inputs, package)
    wide_csv = csv_bytes(wide.table.columns, wide.text_rows())
    readable = [wide, summary, *tables[1:]]
    members = {
        **inputs.package,
        **inputs.documents,
        **citation,
        **book,
        f"{wide.table.name}.csv": wide_csv,
        f"{summary.table.name}.csv": csv_bytes(summary.table.columns, summary.text_rows()),
        CROISSANT: croissant_json(contract, dataset, data, inputs.tables),
    }
    members = with_links({README: package_readme(dataset, readable, members), **members})
    about = "The tables as CSV in a Data Package, with a README and the codebook."
    yield Download(f"{dataset.name}-{dataset.version}.zip", about, "application/zip", zip_bytes(members))
    about = (
        "A spreadsheet: the claims with everything said of them, the events, the codebook and a sheet for each table."
    )
    workbook = xlsx_bytes(with_polarity(readable), dataset, bands_of(inputs.tables))
    yield Download(f"{dataset.name}.xlsx", about, XLSX, workbook)
    about = "The claims with everything said of them, one per row, as CSV; it is also in the zip."
    yield Download(f"{dataset.name}-{wide.table.name}.csv", about, "text/csv", wide_csv)
    about = "A SQLite database: the tables, what is derived from them, and a search index."
    database = sqlite_bytes(readable, dataset, package)
    yield Download(f"{dataset.name}.db", about, "application/vnd.sqlite3", database)
    beside = with_links({**citation, **book, "LICENSE-DATA": inputs.documents["LICENSE-DATA"]})
    for program, suffix, write in (("Stata", "dta", stata_bytes), ("SPSS", "sav", spss_bytes)):
        files = {f"{each.table.name}.{suffix}": write(each, dataset) for each in tables}
        about = f"The same tables as files of {program}, with the labels of columns and values."
        yield Download(f"{dataset.name}-{program.lower()}.zip", about, "application/zip", zip_bytes(files | beside))
    for each in tables:
        content = parquet_bytes(each, dataset)
        about = f"{each.table.title}, as Parquet."
        yield Download(parquet_name(dataset, each), about, "application/vnd.apache.parquet", content)
    about = "The card of a Hugging Face dataset: its README.md, beside the Parquet files."
    card = dataset_card(dataset, tables, inputs.tables)
    yield Download(f"{dataset.name}-dataset-card.md", about, "text/markdown", card)
    about, content = "The transfers that claims state, as a graph.", graphml_bytes(transfer_graph(package), dataset)
    yield Download(f"{dataset.name}-transfers.graphml", about, "application/graphml+xml", content)
    about, content = "Who quotes whom, as a graph.", graphml_bytes(quotation_graph(package), dataset)
    yield Download(f"{dataset.name}-quotations.graphml", about, "application/graphml+xml", content)
    about, content = "The claims as annotations with their provenance.", linked_data(package, dataset)
    yield Download(f"{dataset.name}-claims.jsonld", about, "application/ld+json", content)


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
