"""Ingredients: everything that goes into a bundle, read once from a project that is valid. What is not listed here
is in no file of a release.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from curation.dataset import Dataset
from curation.validate import Progress
from russia_dprk_claims.checks.findings import Severity
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.package import DESCRIPTOR, data_path, schema_path

PACKAGE = "src/russia_dprk_claims"
# By their place in the project: what stands beside the data in the zip, and what the wheel and the sdist need.
DOCUMENTS = ("CHANGELOG.md", "LICENSE", "LICENSE-DATA", "docs/CODING.md")
PROJECT_FILES = ("CHANGELOG.md", "LICENSE", "LICENSE-DATA", "README.md", "pyproject.toml", "seeds/dataset.yaml")
_CODE = frozenset({".py", ".json", ".typed"})


class BundleError(Exception):
    """Why there is no bundle, in one line that says where, what and what to do."""


@dataclass(frozen=True)
class Ingredients:
    """What a bundle is made of.

    `package` are the descriptor, the tables and their schemas, `documents` what stands beside them in the zip, and
    `program` what the wheel and the sdist are built from besides; all by path, the first two from the root of the zip.
    """

    contract: Contract
    dataset: Dataset
    tables: TextTables
    package: Mapping[str, bytes]
    documents: Mapping[str, bytes]
    program: Mapping[str, bytes]

    @property
    def data(self) -> Mapping[str, bytes]:
        """The CSV by table."""
        return {table.name: self.package[data_path(table.name)] for table in self.contract}


def read_ingredients(root: Path, progress: Progress) -> Ingredients:
    """Read what a bundle is made of.

    Parameters
    ----------
    root
        The project folder.
    say
        Is told what is being done.

    Raises
    ------
    BundleError
        If the project is not valid, a file is missing, or the committed metadata are not up to date.
    ContractError
        If `schemas/` is not sound.
    """
    from russia_dprk_claims.checks.reading import read_package

    _refuse_invalid(root, progress)
    progress("reading what goes into the bundle")
    contract = read_contract(root / "schemas")
    dataset = _dataset(root)
    tables, findings = read_package(root, contract)
    if findings:
        raise BundleError(f"{findings[0]}")
    paths = [DESCRIPTOR, *(path(table.name) for table in contract for path in (data_path, schema_path))]
    return Ingredients(
        contract=contract,
        dataset=dataset,
        tables=tables,
        package={path: _read(root, path) for path in paths},
        documents={Path(path).name: _read(root, path) for path in DOCUMENTS},
        program={path: _read(root, path) for path in [*PROJECT_FILES, *_code(root)]},
    )


def _refuse_invalid(root: Path, progress: Progress) -> None:
    from curation.validate import validate_project

    errors = [each for each in validate_project(root, None, progress).findings if each.severity is Severity.ERROR]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BundleError(f"the project is not valid: {errors[0]}{more}; run scripts/validate.py")


def _dataset(root: Path) -> Dataset:
    """Return the description, if the committed metadata are what it gives."""
    from curation.dataset import read_dataset
    from curation.documents.metadata.files import stale_files

    dataset, findings = read_dataset(root / "seeds")
    if dataset is None:
        raise BundleError(f"{findings[0]}")
    for path in stale_files(root, dataset):
        raise BundleError(f"{path}: missing, or not what seeds/dataset.yaml gives; run scripts/metadata.py")
    return dataset


def _code(root: Path) -> Iterator[str]:
    """Yield the paths of the program: what Python needs, and nothing that was left lying beside it."""
    for path in sorted((root / PACKAGE).rglob("*")):
        inside = path.relative_to(root)
        if (
            path.suffix in _CODE
            and path.is_file()
            and "__pycache__" not in inside.parts
            and "_data" not in inside.parts
        ):
            yield inside.as_posix()


def _read(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except OSError as error:
        raise BundleError(f"{path}: {os.strerror(error.errno or 0)}; a bundle needs it") from error
