"""Revisions: the tables as git has them at a revision, and as they lie in the project folder."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path, PurePosixPath

from russia_dprk_claims.change import Row

DATA = "data"


class RevisionError(Exception):
    """A revision or its tables that cannot be read; the message says why and what to do."""


def merge_base(root: Path, revision: str) -> str:
    """Return the commit at which the work in the project folder left a revision.

    Parameters
    ----------
    root
        The project folder.
    revision
        A branch, tag or commit.

    Raises
    ------
    RevisionError
        If the revision begins with `-`, does not exist, or shares no commit with the work.
    """
    if revision.startswith("-") or not revision:
        raise RevisionError(f"{revision!r} is no revision: name a branch, tag or commit")
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise RevisionError(f"{revision!r} is no revision here: fetch it, or name a branch, tag or commit")
    base = _git(root, "merge-base", commit.decode().strip(), "HEAD")
    if base is None:
        raise RevisionError(f"{revision!r} and HEAD share no commit here: fetch the whole history")
    return base.decode().strip()


def tables_at(root: Path, commit: str) -> dict[str, list[Row]]:
    """Return the rows of `data/` at a commit, by table."""
    listed = _git(root, "ls-tree", "-z", "--name-only", commit, f"./{DATA}/") or b""
    paths = [each for each in listed.decode("utf-8", errors="replace").split("\0") if each.endswith(".csv")]
    return {PurePosixPath(each).stem: _rows(each, _git(root, "show", f"{commit}:./{each}") or b"") for each in paths}


def tables_on_disk(root: Path) -> dict[str, list[Row]]:
    """Return the rows of `data/` in the project folder, by table."""
    return {path.stem: _rows(path.name, path.read_bytes()) for path in sorted((root / DATA).glob("*.csv"))}


def _rows(name: str, data: bytes) -> list[Row]:
    """Return the rows of a CSV file; what is wrong with their cells is for the validation to say."""
    reader = csv.reader(io.StringIO(data.decode("utf-8", errors="replace"), newline=""))
    try:
        header = next(reader, [])
        return [dict(zip(header, cells, strict=False)) for cells in reader]
    except csv.Error as error:
        raise RevisionError(f"{name}: not CSV: {error}; run scripts/build.py") from error


def _git(root: Path, *arguments: str) -> bytes | None:
    """Return what git says, or None where it fails."""
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        raise RevisionError("git cannot be run: install it") from error
    return done.stdout if done.returncode == 0 else None
