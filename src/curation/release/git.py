"""Git, parse_version with fixed words: what a revision holds, which releases are tagged, and what is not committed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.releases import Version, VersionError

# Another index or repository in the environment, as within a hook, would answer for the wrong project.
_MISLEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE")
_FILE_MODES = frozenset({"100644", "100755"})


class GitError(Exception):
    """Why git gives no answer, in one line that says what to do."""


@dataclass(frozen=True)
class Blob:
    """A file of a revision: its path from the project folder, its object, its size, and whether it is a plain file."""

    path: str
    object: str
    size: int
    is_plain: bool


def commit_of(root: Path, revision: str) -> str:
    """Return the commit that a branch, tag or other revision means.

    Parameters
    ----------
    root
        The project folder.
    revision
        What the user wrote. A word that begins with `-` is refused before git sees it.

    Raises
    ------
    GitError
        If there is no such commit.
    """
    commit = None
    if revision and not revision.startswith("-") and "\0" not in revision:
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        commit = _answer(root, *arguments)
    if commit is None:
        raise GitError(f"{revision!r} is no revision here: fetch it, or name a branch, tag or commit")
    return commit.decode("ascii").strip()


def merge_base(root: Path, revision: str) -> str:
    """Return the commit at which the work in the project folder left a branch.

    Raises
    ------
    GitError
        If there is no such revision, or it shares no commit with the work.
    """
    base = _answer(root, "merge-base", commit_of(root, revision), "HEAD")
    if base is None:
        raise GitError(f"{revision!r} and HEAD share no commit here: fetch the whole history")
    return base.decode("ascii").strip()


def files_at(root: Path, commit: str, *folders: str) -> Iterator[Blob]:
    """Yield the files that a commit has in folders of the project, and single files of it."""
    listed = _told(root, "ls-tree", "-r", "-z", "--long", commit, *(f"./{each}" for each in folders))
    for entry in filter(None, listed.split(b"\0")):
        about, _, path = entry.partition(b"\t")
        mode, kind, name, size = about.decode("ascii").split()
        plain = kind == "blob" and mode in _FILE_MODES
        yield Blob(path.decode("utf-8", errors="surrogateescape"), name, int(size) if size != "-" else 0, plain)


def content_of(root: Path, blob: Blob) -> bytes:
    """Return the bytes of a file of a revision."""
    return _told(root, "cat-file", "blob", blob.object)


def uncommitted(root: Path) -> list[str]:
    """Return the paths of the project folder that differ from the last commit, with those that git does not know."""
    listed = _told(root, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ".")
    return sorted(entry[3:].decode("utf-8", errors="replace") for entry in listed.split(b"\0") if entry)


def tagged_releases(root: Path) -> dict[Version, str]:
    """Return the commit of each release that is tagged, as `v1.2.0`, by its version.

    Raises
    ------
    GitError
        If the history is cut short, so that nobody can say which releases there are.
    """
    if _told(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise GitError("the history here is cut short: fetch all of it, with its tags")
    found = {}
    for tag in _told(root, "tag", "--list", "v*").decode("utf-8", errors="replace").splitlines():
        try:
            version = Version.of(tag.removeprefix("v"))
        except VersionError:
            continue
        found[version] = commit_of(root, f"refs/tags/{tag}")
    return found


def _told(root: Path, *arguments: str) -> bytes:
    answer = _answer(root, *arguments)
    if answer is None:
        raise GitError("the project folder is in no sound git repository with a commit")
    return answer


def _answer(root: Path, *arguments: str) -> bytes | None:
    """Return what git says, or None where it fails."""
    environment = {name: text for name, text in os.environ.items() if name not in _MISLEADING}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "--literal-pathspecs", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment)  # noqa: S603
    except OSError as error:
        raise GitError("git cannot be run: install it") from error
    return done.stdout if done.returncode == 0 else None
