"""`SHA256SUMS`: the hash of every file of a bundle, in the form that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

SUMS = "SHA256SUMS"
_LINE = re.compile(r"^[0-9a-f]{64}  (\S+)$", re.MULTILINE)


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the list of the hashes of files by name, sorted by name.

    Examples
    --------
    >>> sums({"b": b"", "a": b""}).decode().split()[1::2]
    ['a', 'b']
    """
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode("utf-8")


def listed(content: bytes) -> set[str]:
    """Return the names that a list of hashes has."""
    return set(_LINE.findall(content.decode("utf-8", errors="replace")))
