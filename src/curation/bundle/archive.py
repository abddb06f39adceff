"""Zip files with the same bytes for the same files, whatever the clock, machine, umask and zlib."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath

# The earliest date that a zip file can have.
EPOCH = datetime(1980, 1, 1)
_UNIX = 3
# The upper half is for Unix; the lower is the folder attribute of MS-DOS.
_FOLDER = (stat.S_IFDIR | 0o755) << 16 | 0x10
_FILE = (stat.S_IFREG | 0o644) << 16


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by path and of their folders, sorted by path, with fixed dates and permissions."""
    # The npm client creates only folders that have an entry of their own.
    folders = {f"{folder}/": b"" for path in files for folder in PurePosixPath(path).parents if folder.name}
    return stored({**files, **folders})


def stored(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip of exactly these entries; a path that ends in `/` is a folder."""
    out = io.BytesIO()
    # Stored, because the output of deflate differs between versions of zlib.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(entries.items()):
            info = zipfile.ZipInfo(path, EPOCH.timetuple()[:6])
            info.create_system = _UNIX
            info.external_attr = _FOLDER if path.endswith("/") else _FILE
            archive.writestr(info, content)
    return out.getvalue()
