"""The zip: the same bytes for the same members, whatever the clock, the machine, the umask and the version of zlib."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
# Unix reads the upper half of these; what knows folders only by their attribute in MS-DOS, the lower.
_FOLDER = (stat.S_IFDIR | 0o755) << 16 | 0x10
_FILE = (stat.S_IFREG | 0o644) << 16


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of the members and their folders, sorted by path, uncompressed, all of one date.

    All files have one set of permissions, and all folders one.

    Nothing is compressed, because what deflate gives is not the same with every zlib.

    Parameters
    ----------
    members
        The bytes of the files by path; there is no folder around them.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted({*members, *_folders(members)}):
            info = zipfile.ZipInfo(path, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = _FOLDER if path.endswith("/") else _FILE
            archive.writestr(info, members.get(path, b""))
    return out.getvalue()


def _folders(paths: Iterable[str]) -> set[str]:
    """Return the folders of the paths: the npm client makes only those that have an entry of their own."""
    return {f"{folder}/" for path in paths for folder in PurePosixPath(path).parents if folder.name}
