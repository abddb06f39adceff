"""The files of a release as bytes, out of a zip, a folder or a git revision.

Only `datapackage.json` and the files right inside `data/` and `schemas/` are read, nothing is unpacked, and no path
leads out of the place that was named.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from curation.release.git import GitError, commit_of, content_of, files_at
from russia_dprk_claims.package import DESCRIPTOR

FOLDERS = ("data", "schemas")
_WANTED = re.compile(r"data/[^/]+\.csv|schemas/[^/]+\.json|datapackage\.json")


class SnapshotError(Exception):
    """Why a release cannot be read, in one line that says where, what and what to do."""


@dataclass(frozen=True)
class Limits:
    """How many entries a zip or folder may have, and how many bytes a file and all files together."""

    entries: int = 10_000
    file: int = 1 << 30
    total: int = 1 << 31


LIMITS = Limits()


@dataclass
class _Room:
    """What is left of the limits while the files of one release are read."""

    name: str
    limits: Limits
    entries: int = 0
    total: int = 0

    def take(self, path: str, size: int) -> None:
        """Make room for a file, or refuse it."""
        self.total += size
        if size > self.limits.file:
            raise SnapshotError(f"{self.name}: {path} has {size:,} bytes, and {self.limits.file:,} is the most")
        if self.total > self.limits.total:
            raise SnapshotError(f"{self.name}: the files have more than {self.limits.total:,} bytes together")

    def count(self) -> None:
        """Count an entry, or refuse it."""
        self.entries += 1
        if self.entries > self.limits.entries:
            raise SnapshotError(f"{self.name}: has more than {self.limits.entries:,} entries, which no release has")


def release_files(name: str, root: Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Return the bytes of the files of a release by their path.

    Parameters
    ----------
    name
        A zip file or folder, if there is one of this name; else a revision of the project's git repository.
    root
        The project folder.
    limits
        How much is read at the most.

    Raises
    ------
    SnapshotError
        If there is nothing of this name, it is unsafe or too large to read, or holds no release.
    """
    path = Path(name)
    try:
        if name and path.is_dir():
            files = dict(_in_folder(name, path, limits))
        elif name and path.exists():
            files = dict(_in_zip(name, path, limits))
        else:
            return revision_files(name, root, limits)
    except OSError as error:
        raise SnapshotError(f"{error.filename or name}: {os.strerror(error.errno or 0)}") from error
    except ValueError as error:
        raise SnapshotError(f"{name!r} is no name of a file, folder or revision") from error
    return _of_release(name, files)


def revision_files(revision: str, root: Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Return the same for what can only be a revision, even where a file or folder has that name.

    Raises
    ------
    SnapshotError
        If there is no such revision, it is too large to read, or holds no release.
    """
    return _of_release(revision, dict(_in_revision(revision, root, limits)))


def _of_release(name: str, files: dict[str, bytes]) -> dict[str, bytes]:
    if not any(each.startswith("schemas/") for each in files):
        raise SnapshotError(f"{name}: no release of the data: it has no schemas/ at its root")
    return files


def _in_folder(name: str, folder: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    room = _Room(name, limits)
    home = folder.resolve()
    inside = [each for part in FOLDERS for each in sorted((folder / part).glob("*"))]
    for place in [folder / DESCRIPTOR, *inside]:
        path = place.relative_to(folder).as_posix()
        room.count()
        if not _WANTED.fullmatch(path) or not os.path.lexists(place):
            continue
        if not place.resolve().is_relative_to(home):
            raise SnapshotError(f"{name}: {path} leads out of the folder")
        # A pipe or device would be waited for without end.
        if not place.is_file():
            raise SnapshotError(f"{name}: {path} is no plain file")
        room.take(path, place.stat().st_size)
        yield path, place.read_bytes()


def _in_zip(name: str, place: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    room = _Room(name, limits)
    if not place.is_file():
        raise SnapshotError(f"{name}: no plain file")
    room.take("the zip", place.stat().st_size)
    room.total = 0
    try:
        with zipfile.ZipFile(place) as archive:
            for each in _wanted(name, archive, room):
                room.take(each.filename, each.file_size)
                # No more is unpacked than the size that the entry states; what does not agree is found out.
                yield each.filename, archive.read(each)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{name}: not a sound zip file ({error}); download or build it again") from error


def _wanted(name: str, archive: zipfile.ZipFile, room: _Room) -> list[zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for each in archive.infolist():
        room.count()
        path = each.filename
        if "\\" in path or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise SnapshotError(f"{name}: the entry {path!r} leads out of the zip")
        if path in found:
            raise SnapshotError(f"{name}: {path} stands in the zip twice")
        if _WANTED.fullmatch(path):
            found[path] = each
    return list(found.values())


def _in_revision(name: str, root: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    room = _Room(name, limits)
    try:
        commit = commit_of(root, name)
    except GitError as error:
        raise SnapshotError(f"there is no zip file or folder {name!r}, and {error}") from error
    try:
        for blob in files_at(root, commit, *(f"{each}/" for each in FOLDERS), DESCRIPTOR):
            room.count()
            if not _WANTED.fullmatch(blob.path):
                continue
            if not blob.is_plain:
                raise SnapshotError(f"{name}: {blob.path} is no plain file")
            room.take(blob.path, blob.size)
            yield blob.path, content_of(root, blob)
    except GitError as error:
        raise SnapshotError(f"{name}: {error}") from error


def under(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """Return the files of a folder by their name in it."""
    return {path.removeprefix(f"{folder}/"): data for path, data in files.items() if path.startswith(f"{folder}/")}
