"""Writes files and folders atomically, and shows how files differ from those on disk.

A file is first written under a temporary name in its own folder and then renamed. `datapackage.json` is renamed last,
so that after an interruption its hashes expose a mix of old and new tables; the next build repairs it.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from curation.report.counts import first_names
from curation.report.escape import escape_controls
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.files import read_file
from russia_dprk_claims.package import DESCRIPTOR, mismatch, open_package

try:
    import fcntl
except ImportError:  # Windows: there two commands must not write at once
    fcntl = None  # type: ignore[assignment]

SUMS = "SHA256SUMS"
UNFINISHED = ".unfinished"
DIFF_LINES = 12
_SUM = re.compile(r"^[0-9a-f]{64}  (\S+)$", re.MULTILINE)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")


class ForeignFilesError(Exception):
    """An output folder contains files that no earlier run wrote; they are left alone."""


@contextmanager
def locked(root: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Let one command at a time write into a project, and call `waiting` if another does.

    The lock is on the folder itself, so that no file stays, and ends with the process, however that ends.
    """
    if fcntl is None:
        yield
        return
    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(folder, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(folder)


def write_files(root: Path, files: Mapping[str, bytes], obsolete: Iterable[str] = ()) -> list[str]:
    """Write the files, by path in `root`, that differ from those on disk, and remove the obsolete ones.

    Returns the paths that were written. If the disk is too full for all of them, no file is changed.
    """
    obsolete = list(obsolete)
    for folder in sorted({(root / path).parent for path in (*files, *obsolete)}):
        if not folder.resolve().is_relative_to(root.resolve()):
            raise OSError(errno.EINVAL, "a link leads out of the project, so nothing was written", str(folder))
        for leftover in folder.glob(f".*{UNFINISHED}"):
            leftover.unlink()
    changed = changed_paths(root, files)
    try:
        for path in changed:
            _write(_unfinished(root / path), files[path])
        for path in obsolete:
            (root / path).unlink(missing_ok=True)
        for path in changed:
            _unfinished(root / path).replace(root / path)
    finally:
        for path in changed:
            _unfinished(root / path).unlink(missing_ok=True)
    return changed


def changed_paths(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return the paths of the files that are missing on disk or differ there, the descriptor last."""
    paths = sorted(files, key=lambda path: (path == DESCRIPTOR, path))
    return [path for path in paths if _on_disk(root, path)[0] != files[path]]


def _on_disk(root: Path, path: str) -> tuple[bytes | None, str]:
    """Return the bytes of a file of the project; None, and why, if it cannot be read or a link leads out of it."""
    try:
        return read_file(root / path, root), ""
    except OSError as error:
        missing = not os.path.lexists(root / path)
        return None, "missing" if missing else str(error.strerror)


def write_folder(out: Path, files: Mapping[str, bytes], kind: str) -> None:
    """Make files the whole content of a folder, all or nothing.

    Parameters
    ----------
    out : pathlib.Path
        The folder; it need not exist. An earlier one is replaced if its `SHA256SUMS` lists all of its files. If it
        contains anything else, a ForeignFilesError names it.
    files : mapping of str to bytes
        The bytes of each file by its path, `SHA256SUMS` among them.
    kind : str
        What the files are, for the error message: a bundle, a site.
    """
    out = out.resolve()
    new, old = _unfinished(out), out.with_name(f".{out.name}.replaced")
    _clean_up(out, new, old)
    if foreign := _foreign(out, files):
        what = f"{first_names(foreign)}, which no earlier {kind} wrote"
        raise ForeignFilesError(f"{out}: contains {what}; choose a new or empty folder with --out")
    try:
        for path, content in files.items():
            _write(new / path, content)
        if out.exists():
            out.replace(old)
        new.replace(out)
    finally:
        _clean_up(out, new, old)


def _clean_up(out: Path, new: Path, old: Path) -> None:
    """Remove what an interrupted run left; between its two renames the old folder is put back."""
    if old.exists() and not out.exists():
        old.replace(out)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)


def _foreign(out: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return what is in a folder but not listed in its `SHA256SUMS`.

    Other programs write a file of this name, too. A list that shares no file name with ours, apart from versions,
    is not ours.
    """
    if not out.exists() or not any(out.iterdir()):
        return []
    sums_file = out / SUMS
    names = listed(sums_file.read_bytes()) if sums_file.is_file() else set()
    ours = {_VERSION.sub("", each) for each in names} & {_VERSION.sub("", each) for each in files if each != SUMS}
    known = {SUMS, *names} if ours else set()
    folders = {str(parent) for name in known for parent in Path(name).parents}
    present = {path: path.relative_to(out).as_posix() for path in out.rglob("*")}
    return sorted(name for path, name in present.items() if name not in (known if path.is_file() else folders))


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def json_bytes(content: object) -> bytes:
    """Return the bytes of a JSON file."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return `SHA256SUMS`, the hashes of files in the form that `sha256sum --check` reads.

    >>> sums({"b": b"", "a": b""}).decode().split()[1::2]
    ['a', 'b']
    """
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode("utf-8")


def listed(content: bytes) -> set[str]:
    """Return the file names in a `SHA256SUMS`."""
    return set(_SUM.findall(content.decode("utf-8", errors="replace")))


def differences(root: Path, files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each file that is missing on disk, differs there or is stray: its path, and a sentence or short diff."""
    yield from changes(root, files)
    yield from ((path, f"{escape_controls(path)}: no table has this file") for path in stray_files(root, files))


def changes(root: Path, files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each file that is missing on disk or differs there: its path, and a sentence or short diff."""
    for path in changed_paths(root, files):
        before, problem = _on_disk(root, path)
        yield path, f"{path}: {problem}" if before is None else short_diff(path, before, files[path])


def torn_tables(root: Path) -> dict[str, str]:
    """Return how each CSV on disk differs from what the descriptor on disk records, by its path.

    If a build was interrupted, its tables are in place but their hashes are not.
    """
    try:
        package = open_package(root, "")
        resources = package.descriptor["resources"]
        found = {each["path"]: mismatch(each, package.read(each["path"])) for each in resources}
    except (DamagedDataError, KeyError, TypeError):
        return {}
    return {path: problem for path, problem in found.items() if problem}


def stray_files(root: Path, files: Collection[str]) -> list[str]:
    """Return the CSV files in `data/` that belong to no table."""
    return sorted(path for each in (root / "data").glob("*.csv") if (path := f"data/{each.name}") not in files)


def short_diff(path: str, old: bytes, new: bytes) -> str:
    """Return the first lines of a unified diff."""
    before, after = (each.decode("utf-8", errors="replace").split("\n") for each in (old, new))
    names = (f"{path} (on disk)", f"{path} (generated)")
    lines = list(difflib.unified_diff(before, after, *names, lineterm="", n=0))
    if not lines:
        return f"{path}: only the line ends differ"
    more = len(lines) - DIFF_LINES
    return "\n".join([*map(escape_controls, lines[:DIFF_LINES]), *([f"… {more} more lines"] if more > 0 else [])])


def _unfinished(path: Path) -> Path:
    """Return the temporary name of a file or folder."""
    return path.with_name(f".{path.name}{UNFINISHED}")


def _write(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:  # one that occurs while writing does not name the file
        raise OSError(error.errno, error.strerror, str(path)) from error
