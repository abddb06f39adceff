"""Generated files: what the commands of the project write beside the tables, all of it from the same sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from curation.dataset import Dataset
from curation.released import RELEASED_FILE, released_csv
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract

RELEASED = f"seeds/{RELEASED_FILE}"


def generated_files(contract: Contract, dataset: Dataset, tables: TextTables) -> dict[str, bytes]:
    """Return the codebook, the schemas for editors, the metadata and the list of released ids, by their path.

    Parameters
    ----------
    contract, dataset, tables
        What they are made from.
    """
    from curation.documents.codebook import PATH, codebook
    from curation.documents.editor_schema import editor_files
    from curation.documents.metadata.files import metadata_files

    return {
        PATH: codebook(contract).encode("utf-8"),
        **editor_files(contract),
        **metadata_files(dataset),
        RELEASED: released_csv(contract, tables),
    }


def not_as_on_disk(root: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the path of each file that is missing in a project folder, or another one there."""
    for path, content in sorted(files.items()):
        place = root / path
        if not place.is_file() or place.read_bytes() != content:
            yield path
