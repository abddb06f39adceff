"""The files of a package as bytes, and how they differ from those on disk."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.dataset import Dataset
from russia_dprk_claims.package.descriptor import DESCRIPTOR, data_path, descriptor
from russia_dprk_claims.raw_tables import RawTables, to_csv

SHOWN_LINES = 12


def package_files(contract: Contract, dataset: Dataset, tables: RawTables) -> dict[str, bytes]:
    """Return the bytes of every file of the package, by its path from the descriptor."""
    data = {table.name: to_csv(table, tables[table.name]) for table in contract}
    files = {data_path(name): content for name, content in data.items()}
    files[DESCRIPTOR] = descriptor(contract, dataset, data)
    return files


def stray_files(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return the CSV files of `data/` that no table has."""
    return sorted(path for each in (root / "data").glob("*.csv") if (path := f"data/{each.name}") not in files)


@dataclass(frozen=True)
class Difference:
    """A file on disk that is not the one that the seeds give, with a short diff."""

    path: str
    diff: str


def differences(root: Path, files: Mapping[str, bytes]) -> Iterator[Difference]:
    """Yield each file on disk that is not the one given, with those that are missing or too many."""
    for path in sorted(files):
        place = root / path
        if not place.is_file():
            yield Difference(path, f"{path}: missing")
        elif (on_disk := place.read_bytes()) != files[path]:
            yield Difference(path, _short_diff(path, on_disk, files[path]))
    yield from (Difference(path, f"{path}: no table has this file") for path in stray_files(root, files))


def _short_diff(path: str, old: bytes, new: bytes) -> str:
    lines = list(
        difflib.unified_diff(
            old.decode("utf-8", errors="replace").splitlines(),
            new.decode("utf-8", errors="replace").splitlines(),
            f"{path} (on disk)",
            f"{path} (from the seeds)",
            lineterm="",
            n=0,
        )
    )
    if not lines:
        return f"{path}: the line ends differ"
    more = len(lines) - SHOWN_LINES
    return "\n".join([*lines[:SHOWN_LINES], *([f"… {more} more lines"] if more > 0 else [])])
