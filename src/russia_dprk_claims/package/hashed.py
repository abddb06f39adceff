"""Files that are hashed as they are written or read, piece by piece, so that none is held in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from russia_dprk_claims.package.descriptor import TableFile

CHUNK = 1024 * 1024


def write_hashed(path: Path, parts: Iterable[bytes]) -> TableFile:
    """Write a file part by part, and return what the descriptor says of it.

    Raises
    ------
    OSError
        If the disk does not take it.
    """
    digest, length = hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            length += len(part)
    return TableFile(digest.hexdigest(), length)


def read_parts(path: Path, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file from one place up to another, part by part.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        file.seek(start)
        while data := file.read(CHUNK if end is None else min(CHUNK, end - start)):
            yield data
            start += len(data)


def is_file_of(path: Path, facts: TableFile) -> bool:
    """Return whether a file has the bytes of which so much is known."""
    try:
        if not path.is_file() or path.stat().st_size != facts.length:
            return False
        digest = hashlib.sha256()
        for part in read_parts(path):
            digest.update(part)
    except OSError:
        return False
    return digest.hexdigest() == facts.sha256
