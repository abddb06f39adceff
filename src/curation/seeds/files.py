"""The seed folder on disk: the only place that opens seed files. The source texts in it are not read here."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from curation.report.escape import encodable
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.files import LIMITS, read_file

SEEDS, TEXTS = "seeds", "texts"
CODINGS = "codings"
"""The folder of the blind codings in the seed folder. They are frozen, and no part of the dataset."""
DATASET = f"{SEEDS}/dataset.yaml"

SeedFiles = Mapping[str, bytes | None]
"""The bytes of seed files by their path in the project; None for what is not a regular file or cannot be read."""


def read_seed_files(root: Path) -> tuple[SeedFiles, list[Finding]]:
    """Read the seed folder of a project."""
    files: dict[str, bytes | None] = {}
    findings: list[Finding] = []
    left, total = LIMITS.entries, LIMITS.total
    for path in _paths(root / SEEDS):
        name = path.relative_to(root).as_posix()
        left -= 1
        found = _name_problem(root, path, name, left)
        if found:
            findings.append(found)
        elif path.suffix.lower() in {".yaml", ".yml", ".csv"} and not _is_text(name):
            files[name] = _read(path, root, total)
            total -= len(files[name] or b"")
        if left < 0:
            break
    for path in sorted((root / SEEDS / TEXTS).glob("SRC-*.yaml")):
        location, message = Location(path.relative_to(root).as_posix()), "a record among the texts is not read"
        findings.append(finding("file-name", location, message, hint=f"move it to {SEEDS}/sources/{path.name}"))
    return files, findings


def _is_text(name: str) -> bool:
    return f"{name}/".startswith(f"{SEEDS}/{TEXTS}/")


def _name_problem(root: Path, path: Path, name: str, left: int) -> Finding | None:
    """Return what is wrong with a file, link or folder before it is read."""
    location, inside = Location(name), (root / SEEDS).resolve()
    if left < 0:
        return finding("file-size", location, f"the seeds have more than {LIMITS.entries:,} files")
    if encodable(name) != name and not _is_text(name):
        return finding("file-name", location, "the name is not UTF-8")
    if not path.is_symlink():
        return finding("unreadable-file", location, "the folder cannot be read") if path.is_dir() else None
    if path.is_dir() and not _is_text(name):
        hint = "put the folder itself here"
        return finding("outside-seeds", location, "the link to a folder is not followed", hint=hint)
    with suppress(OSError, RuntimeError):  # reading a loop of links says what it is
        if path.exists() and not path.resolve().is_relative_to(inside):
            return finding("outside-seeds", location, "the link leads out of the seed folder")
    return None


def _paths(folder: Path) -> Iterator[Path]:
    """Yield the files and links in and below a folder by name, except hidden ones, the codings and texts.

    A link in the place of the folder is yielded, and not followed; so is a folder that cannot be read.
    """
    if folder.is_symlink():
        yield folder
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except FileNotFoundError:
        return
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith(".") or (folder.name == SEEDS and entry.name == CODINGS):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _paths(Path(entry.path))
        else:
            yield Path(entry.path)


def _read(path: Path, root: Path, limit: int) -> bytes | None:
    """Return the bytes of a file, or None if it must not or cannot be read."""
    try:
        return read_file(path, root, limit)
    except OSError:
        return None


def parse_csv(data: bytes, header: Sequence[str]) -> list[list[str]]:
    """Return the rows below the header of a CSV file that a command wrote; ValueError if it has another header."""
    try:
        first, *rows = islice(csv.reader(io.StringIO(data.decode("utf-8"), newline="")), LIMITS.rows + 2)
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if first != [*header] or len(rows) > LIMITS.rows:
        raise ValueError("unexpected header, or too many rows")
    return rows


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the bytes of a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode("utf-8")
