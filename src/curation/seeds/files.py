"""The seed folder on disk: the only place that opens seed files. The source texts in it are not read here."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from curation.seeds.yaml import MAX_BYTES
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location

SEEDS, TEXTS = "seeds", "texts"
CODINGS = "codings"
"""The folder of the blind codings in the seed folder. They are frozen, and no part of the dataset."""
DATASET = f"{SEEDS}/dataset.yaml"

SeedFiles = Mapping[str, bytes | None]
"""The bytes of seed files by their path in the project; None for what is not a regular file or cannot be read."""


def read_seed_files(root: Path) -> tuple[SeedFiles, list[Finding]]:
    """Read the seed folder of a project."""
    folder = root / SEEDS
    inside = folder.resolve()
    files: dict[str, bytes | None] = {}
    findings: list[Finding] = []
    for path in _paths(folder):
        name = path.relative_to(root).as_posix()
        if path.is_symlink() and path.is_dir():
            message, hint = "the link to a folder is not followed", "put the folder itself here"
            findings.append(finding("outside-seeds", Location(name), message, hint=hint))
        elif path.is_symlink() and path.exists() and not path.resolve().is_relative_to(inside):
            findings.append(finding("outside-seeds", Location(name), "the link leads out of the seed folder"))
        elif path.suffix.lower() in {".yaml", ".yml", ".csv"}:
            files[name] = _read(path)
    return files, findings


def _paths(folder: Path) -> Iterator[Path]:
    """Yield the files and links in and below a folder by name, except hidden ones, the texts and the codings."""
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or (folder.name == SEEDS and entry.name in {TEXTS, CODINGS}):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _paths(Path(entry.path))
        else:
            yield Path(entry.path)


def _read(path: Path) -> bytes | None:
    """Return the bytes of a file, at most one more than the limit."""
    try:
        if not path.is_file():  # a pipe would block
            return None
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return None


def parse_csv(data: bytes, header: Sequence[str]) -> list[list[str]]:
    """Return the rows below the header of a CSV file that a command wrote; ValueError if it has another header."""
    try:
        first, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if first != [*header]:
        raise ValueError("unexpected header")
    return rows


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the bytes of a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode("utf-8")
