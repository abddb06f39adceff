"""The inputs of a bundle, read once from a valid project. Nothing else goes into the files of a release."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from curation.dataset import Dataset, read_dataset
from curation.generate import metadata_files
from curation.project import read_project
from curation.released import read_list, released_csv
from curation.report.counts import first_finding
from curation.validate import Progress, validate_project
from curation.write import changed_paths
from russia_dprk_claims.checks.findings import Severity
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.loading import RELEASED
from russia_dprk_claims.package import DESCRIPTOR, data_path, schema_path

# Files beside the data in the zip, and files from which the wheel and the sdist are built.
DOCUMENTS = ("CHANGELOG.md", "LICENSE", "LICENSE-DATA", "docs/AUDITS.md", "docs/CODING.md", "docs/RELIABILITY.md")
PROJECT_FILES = ("CHANGELOG.md", "LICENSE", "LICENSE-DATA", "docs/PACKAGE.md", "pyproject.toml", "seeds/dataset.yaml")
# The sdist rebuilds the wheel and nothing else: to rebuild the data, check out the tag, which has seeds/ and
# src/curation together.
WHEEL_SOURCE = "src/russia_dprk_claims"
_SUFFIXES = frozenset({".py", ".json", ".toml", ".typed"})


class BundleError(Exception):
    """A bundle cannot be built; the message says in one line where, why and what to do."""


@dataclass(frozen=True)
class BundleInputs:
    """The inputs of a bundle; the files are by path."""

    contract: Contract
    dataset: Dataset
    tables: TextTables
    package: Mapping[str, bytes]  # descriptor, tables and schemas
    documents: Mapping[str, bytes]  # beside them in the zip
    program: Mapping[str, bytes]  # what the wheel and the sdist need in addition


def read_inputs(root: Path, progress: Progress) -> BundleInputs:
    """Validate a project and return the inputs of its bundle; a BundleError says why there are none."""
    progress("reading the seed records")
    found = validate_project(read_project(root), progress).findings
    errors = [each for each in found if each.severity is Severity.ERROR]
    if errors:
        raise BundleError(f"the project is invalid: {first_finding(errors)}; run scripts/validate.py")
    progress("reading the inputs of the bundle")
    return inputs_of(root)


def inputs_of(root: Path) -> BundleInputs:
    """Return the inputs from a project that is known to be valid."""
    contract = read_contract(root / "schemas")
    tables, findings = read_package(root, contract)
    if findings:
        raise BundleError(str(findings[0]))
    dataset, findings = read_dataset(root / "seeds")
    if dataset is None:
        raise BundleError(str(findings[0]))
    for path in changed_paths(root, metadata_files(dataset)):
        raise BundleError(f"{path}: missing or out of date with seeds/dataset.yaml; run scripts/build.py")
    paths = [DESCRIPTOR, *(path(table.name) for table in contract for path in (data_path, schema_path))]
    program = {path: _read(root, path) for path in (*PROJECT_FILES, *_source_files(root))}
    program[RELEASED] = released_csv(contract, tables, read_list(root))
    return BundleInputs(
        contract=contract,
        dataset=dataset,
        tables=tables,
        package={path: _read(root, path) for path in paths},
        documents={Path(path).name: _read(root, path) for path in DOCUMENTS} | {"released.csv": program[RELEASED]},
        program=program,
    )


def _source_files(root: Path) -> Iterator[str]:
    """Yield the paths of the source files of the wheel, without caches and stray files."""
    for path in sorted((root / WHEEL_SOURCE).rglob("*")):
        inside = path.relative_to(root)
        if path.suffix in _SUFFIXES and path.is_file() and not {"__pycache__", "_data"} & {*inside.parts}:
            yield inside.as_posix()


def _read(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except OSError as error:
        raise BundleError(f"{path}: {os.strerror(error.errno or 0)}; the bundle needs this file") from error
