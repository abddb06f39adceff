"""Git, run with fixed arguments: revisions as zip files, tagged releases and uncommitted files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from russia_dprk_claims.package import DESCRIPTOR, FOLDERS
from russia_dprk_claims.releases import Version, is_version

# Another index or repository in the environment, as within a hook, would be that of another project.
_MISLEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE")
# The files of a revision as they were committed, whatever the settings of this machine.
_UNCHANGED = ("-c", "core.autocrlf=false", "-c", f"core.attributesFile={os.devnull}")


class ReleaseError(Exception):
    """A release or the repository cannot be read; the message says in one line where, why and what to do."""


def commit_of(root: Path, revision: str) -> str:
    """Return the commit of a branch, tag or other revision."""
    commit = None
    # A word that begins with `-` never reaches git, which would take it for an option.
    if revision and not revision.startswith("-") and "\0" not in revision:
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        commit = _output(root, *arguments)
    if commit is None:
        raise ReleaseError(f"{revision!r} is not a known revision: fetch it, or give a branch, tag or commit")
    return commit.decode("ascii").strip()


def merge_base(root: Path, revision: str) -> str:
    """Return the commit at which the current branch left another one."""
    base = _output(root, "merge-base", commit_of(root, revision), "HEAD")
    if base is None:
        raise ReleaseError(f"{revision!r} and HEAD have no common commit: fetch the full history")
    return base.decode("ascii").strip()


def package_zip(root: Path, commit: str) -> bytes:
    """Return the descriptor, tables and schemas of a commit as a zip file."""
    parts = [f"./{part}" for part in (*FOLDERS, DESCRIPTOR)]
    present = [path for path in _run(root, "ls-tree", "--name-only", "-z", commit, *parts).decode().split("\0") if path]
    return _run(root, *_UNCHANGED, "archive", "--format=zip", commit, "--", *present) if present else b""


def file_of(root: Path, revision: str, path: str) -> bytes | None:
    """Return the bytes of a file at a revision, by its path in the project; None if it is not there."""
    return _output(root, *_UNCHANGED, "cat-file", "blob", f"{commit_of(root, revision)}:./{path}")


def files_at(root: Path, revision: str, folder: str) -> list[str]:
    """Return the paths of the files in a folder of the project at a revision."""
    listed = _output(root, "ls-tree", "-r", "-z", "--name-only", commit_of(root, revision), "--", folder) or b""
    return [path for path in map(os.fsdecode, listed.split(b"\0")) if path]


def committable_files(root: Path) -> list[str]:
    """Return the paths in the project folder that git tracks or would add; none without git."""
    try:
        listed = _output(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".") or b""
    except ReleaseError:
        return []
    return sorted({path for path in map(os.fsdecode, listed.split(b"\0")) if path})


def uncommitted(root: Path) -> list[str]:
    """Return the paths in the project folder that differ from the last commit, untracked files included."""
    listed = _run(root, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ".")
    return sorted(entry[3:].decode("utf-8", errors="replace") for entry in listed.split(b"\0") if entry)


def tagged_releases(root: Path) -> dict[Version, str]:
    """Return the commit of each release with a tag such as `v1.2.0`, by its version."""
    if _run(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise ReleaseError("the history is shallow: fetch the full history with its tags")
    tags = _run(root, "tag", "--list", "v*").decode("utf-8", errors="replace").splitlines()
    names = (tag.removeprefix("v") for tag in tags)
    return {Version.of(name): commit_of(root, f"refs/tags/v{name}") for name in names if is_version(name)}


def _run(root: Path, *arguments: str) -> bytes:
    output = _output(root, *arguments)
    if output is None:
        raise ReleaseError("the project folder is not in a git repository with a commit")
    return output


def _output(root: Path, *arguments: str) -> bytes | None:
    """Return the output of git, or None if it fails."""
    environment = {name: text for name, text in os.environ.items() if name not in _MISLEADING}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "--literal-pathspecs", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment)  # noqa: S603
    except OSError as error:
        raise ReleaseError("git cannot be run: install it") from error
    return done.stdout if done.returncode == 0 else None
