"""Reads files that nobody vouches for: regular files inside one folder, within limits, and JSON without surprises."""

from __future__ import annotations

import errno
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn


@dataclass(frozen=True)
class Limits:
    """The limits of what is read; SECURITY.md says what each of them prevents.

    They are far above what the dataset needs, and keep ten megabytes of anything within 30 seconds and a gigabyte.
    """

    entries: int = 10_000  # files and folders of a package or of the seeds
    file: int = 1 << 27  # bytes of one file
    total: int = 1 << 28  # bytes of the files of a package or of the seeds
    expanded: int = 1 << 25  # bytes of the files of a zip
    ratio: int = 100  # bytes of the files of a zip for each byte of the zip
    json: int = 1 << 23  # bytes of a descriptor or a schema
    seed: int = 1 << 23  # bytes of a seed file
    text: int = 1 << 26  # bytes of a source text
    columns: int = 500  # columns of a CSV, resources of a package, and findings on one resource
    rows: int = 1_000_000  # rows of a table
    records: int = 100_000  # records in the seeds, nested ones included, whatever their size
    record: int = 100  # bytes of the seeds that allow one more record
    cell: int = 1_000_000  # characters of a cell
    nodes: int = 300_000  # values, lists and mappings of a seed file
    findings: int = 1_000  # rows of a table, or findings of a file, after which nothing more is looked for there


LIMITS = Limits()


class JsonError(ValueError):
    """JSON that programs read in different ways."""


def read_file(path: Path, folder: Path, limit: int = LIMITS.file) -> bytes:
    """Return the bytes of a file.

    Parameters
    ----------
    path, folder : pathlib.Path
        The file, and the folder out of which no link may lead.
    limit : int, optional
        The number of bytes above which the file is refused.

    Raises
    ------
    OSError
        If it is missing, too large, not a regular file or not inside the folder; `strerror` says which.
    """
    size = regular_file(path, folder)
    if size > limit:
        _refuse(path, f"it has {size:,} bytes, more than the limit of {limit:,}")
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        _refuse(path, f"the file cannot be read ({error.strerror})")


def regular_file(path: Path, folder: Path) -> int:
    """Return the size of a regular file inside a folder; raise the OSError of `read_file` if it is anything else."""
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            _refuse(path, "the path points outside the package")
        # A pipe or a device would never end.
        if not path.is_file():
            _refuse(path, "not a regular file" if path.is_symlink() or path.exists() else "the file is missing")
        return path.stat().st_size
    except RuntimeError:
        _refuse(path, "the path is a loop of links")
    except OSError as error:
        if error.errno == errno.EINVAL:
            raise
        _refuse(path, f"the file cannot be read ({error.strerror})")


def _refuse(path: Path, reason: str) -> NoReturn:
    raise OSError(errno.EINVAL, reason, str(path))


def parse_json(data: bytes) -> Any:
    """Return the content of a JSON file; ValueError or RecursionError unless every program reads it in the same way.

    Examples
    --------
    >>> parse_json(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    russia_dprk_claims.files.JsonError: the key 'a' is there twice
    """
    return json.loads(
        data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite_number
    )


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise JsonError(f"the key {key[:80]!r} is there twice")
        content[key] = value
    return content


def _no_number(text: str) -> NoReturn:
    raise JsonError(f"{text} is not a number of JSON")


def _finite_number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise JsonError(f"the number {text[:80]} is too large")
    return number
