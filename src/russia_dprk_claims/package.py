"""Reads a data package in place, from a folder or a zip file: descriptor, contract and the bytes of its files.

Nothing is unpacked to disk, no path leaves the package, and only regular files are read, up to size limits.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from russia_dprk_claims.contract import Contract, ContractError, Table, read_contract
from russia_dprk_claims.errors import DamagedDataError, unknown

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
FOLDERS = ("data", "schemas")
HINT = "download it or build it again"
LONGEST_PATH = 1000
_LISTED = re.compile(r"data/[^/]+\.csv|schemas/[^/]+\.json|datapackage\.json")
_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What zipfile raises for a damaged, encrypted or hostile file.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)

Source = Path | bytes | BinaryIO | Mapping[str, bytes]


def data_path(table: str) -> str:
    """Return the path of the CSV of a table, relative to the descriptor."""
    return f"data/{table}.csv"


def schema_path(table: str) -> str:
    """Return the path of the schema of a table, relative to the descriptor."""
    return f"schemas/{table}.json"


@dataclass(frozen=True)
class Limits:
    """Limits of a package: the number of its entries, the bytes of one file, and the bytes of all files together."""

    entries: int = 10_000
    file: int = 1 << 30
    total: int = 1 << 31


LIMITS = Limits()
_CHECKOUT = Path(__file__).resolve().parents[2]
_INSTALLED = Path(__file__).resolve().parent / "_data"


def data_dir() -> Path:
    """Return the folder of the package that comes with the program: the checkout, else the installed data.

    The checkout comes first, because an editable install copies the data once and never updates them.
    """
    return _CHECKOUT if (_CHECKOUT / "schemas" / "claims.json").is_file() else _INSTALLED


def open_package(source: Source, name: str | None = None, hint: str = HINT, limits: Limits = LIMITS) -> Package:
    """Open a package for reading; `DamagedDataError` if it does not exist or is a damaged, unsafe or large zip file.

    Parameters
    ----------
    source : pathlib.Path, bytes, binary file or mapping of str to bytes
        A folder, whose files are read on demand; a zip file as a path, as bytes or as an open binary file; or the
        bytes of each file by its path.
    name, hint : str, optional
        The name of the package in error messages (by default its path; "" for none), and their advice.
    limits : Limits, optional
        The limits above which the package is refused.

    Examples
    --------
    >>> boats = open_package({"datapackage.json": b'{"version": "1.0.0"}'}, "boats")
    >>> boats.version, boats.paths
    ('1.0.0', ('datapackage.json',))
    """
    if name is None:
        name = str(source) if isinstance(source, Path) else "the package"
    return Package(source, name, hint, limits)


@cache
def installed() -> Package:
    """Return the installed package, or that of the checkout; it is read once."""
    return open_package(data_dir(), "", "reinstall the package, or rebuild the checkout with `make`")


class Package:
    """A data package, opened by `open_package`. Its descriptor and contract are parsed once."""

    def __init__(self, source: Source, name: str, hint: str, limits: Limits) -> None:
        """Open the package."""
        self.name, self.hint, self.limits = name, hint, limits
        self._sizes: dict[str, int] = {}
        self._total = 0
        self._folder: Path | None = None
        self._members: Mapping[str, bytes] = {}
        if isinstance(source, Mapping):
            self._members = source
        elif isinstance(source, Path) and source.is_dir():
            self._folder = source
        else:
            self._members = self._unzip(self._zip_bytes(source))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of the descriptor, the tables and the schemas that the package has, sorted."""
        paths = self._members if self._folder is None else self._listed(self._folder)
        return tuple(sorted(path for path in paths if _LISTED.fullmatch(path)))

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The content of `datapackage.json`."""
        data = self.read(DESCRIPTOR)
        try:
            content = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self.damaged(DESCRIPTOR, "this is not JSON") from error
        if not isinstance(content, dict) or not isinstance(content.get("version"), str):
            raise self.damaged(DESCRIPTOR, "this is not the descriptor of a release")
        return content

    @property
    def version(self) -> str:
        """The version of the data."""
        return str(self.descriptor["version"])

    @cached_property
    def contract(self) -> Contract:
        """The contract, from the schemas in the package."""
        paths = [path for path in self.paths if path.startswith("schemas/")]
        try:
            return read_contract({path.removeprefix("schemas/"): self.read(path) for path in paths})
        except ContractError as error:
            where, _, what = str(error).partition(": ")
            raise self.damaged(where, what) from error

    def table(self, name: str) -> Table:
        """Return the contract of a table."""
        if name not in self.contract.tables:
            raise unknown("table", name, self.contract.tables)
        return self.contract[name]

    def table_path(self, table: str) -> str:
        """Return the path that the descriptor gives for the CSV of a table."""
        resources = self.descriptor.get("resources")
        for each in resources if isinstance(resources, list) else ():
            if isinstance(each, dict) and each.get("name") == table and isinstance(each.get("path"), str):
                return str(each["path"])
        raise self.damaged(DESCRIPTOR, f"it names no file for the table {table!r}")

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; refuse a path outside the package, and a file that is irregular or too large."""
        problem = path_problem(path)
        if problem:
            raise self.damaged(path[:LONGEST_PATH], problem)
        if self._folder is not None:
            return self._read_from(self._folder, path)
        data = self._members.get(PurePosixPath(path).as_posix())
        if data is None:
            raise self.damaged(path, "the file is missing")
        return data

    def damaged(self, path: str, what: str) -> DamagedDataError:
        """Return the error for a file of the package, or for the package itself if there is no path."""
        return DamagedDataError(": ".join(filter(None, (self.name, path))) or "the package", what, self.hint)

    def _check_entries(self, number: int) -> None:
        """Refuse too many entries."""
        if number > self.limits.entries:
            raise self.damaged("", f"it has more than {self.limits.entries:,} entries, which no release has")

    def _check_size(self, path: str, size: int) -> None:
        """Refuse a file that is too large."""
        if size > self.limits.file:
            raise self.damaged(path, f"it has {size:,} bytes, more than the limit of {self.limits.file:,}")

    def _add_size(self, path: str, size: int) -> None:
        """Add the bytes of a file to the total, once for each path, and refuse too many."""
        self._check_size(path, size)
        self._total += size - self._sizes.get(path, 0)
        self._sizes[path] = size
        if self._total > self.limits.total:
            raise self.damaged("", f"its files have more than {self.limits.total:,} bytes together")

    def _listed(self, folder: Path) -> Iterator[str]:
        """Yield the path of the descriptor and of everything in `data/` and `schemas/`."""
        try:
            folders = [folder / part for part in FOLDERS if (folder / part).is_dir()]
            inside = [path.relative_to(folder).as_posix() for part in folders for path in part.iterdir()]
        except OSError as error:
            raise self.damaged("", os.strerror(error.errno or 0)) from error
        self._check_entries(len(inside) + 1)
        yield from (path for path in (DESCRIPTOR, *inside) if os.path.lexists(folder / path))

    def _read_from(self, folder: Path, path: str) -> bytes:
        place = folder / path
        try:
            if not place.resolve().is_relative_to(folder.resolve()):
                raise self.damaged(path, "the path points outside the package")
            # A pipe or a device would never end.
            if not place.is_file():
                there = os.path.lexists(place)
                raise self.damaged(path, "not a regular file" if there else "the file is missing")
            self._add_size(path, place.stat().st_size)
            return place.read_bytes()
        except OSError as error:
            raise self.damaged(path, f"the file cannot be read ({os.strerror(error.errno or 0)})") from error
        except RuntimeError as error:
            raise self.damaged(path, "the path is a loop of links") from error

    def _zip_bytes(self, source: Path | bytes | BinaryIO) -> bytes:
        if isinstance(source, bytes):
            return source
        if not isinstance(source, Path):
            return source.read()
        try:
            if not source.is_file():
                raise self.damaged("", "not a regular file" if source.exists() else "there is no such file or folder")
            self._check_size("", source.stat().st_size)
            return source.read_bytes()
        except OSError as error:
            raise self.damaged("", f"the file cannot be read ({os.strerror(error.errno or 0)})") from error

    def _unzip(self, data: bytes) -> dict[str, bytes]:
        """Return the files of a zip after checking that every entry is safe; zipfile compares all checksums."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._check_entries(len(archive.infolist()))
                return {each.filename: archive.read(each) for each in self._safe(archive.infolist())}
        except DamagedDataError:
            raise
        except _ZIP_ERRORS as error:
            raise self.damaged("", f"not a valid zip file ({error})") from error

    def _safe(self, entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        """Return the entries that are files; refuse unsafe, repeated and large ones before anything is read."""
        files: dict[str, zipfile.ZipInfo] = {}
        for each in entries:
            path = each.filename
            problem = path_problem(path)
            if problem:
                raise self.damaged(repr(path[:LONGEST_PATH]), problem)
            if path in files:
                raise self.damaged(path, "the zip file has this entry twice")
            # The upper half are the mode bits of Unix, where the zip file was made there.
            if stat.S_IFMT(each.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise self.damaged(path, "not a regular file")
            if each.compress_type not in _COMPRESSIONS:
                raise self.damaged(path, "it is compressed with something else than deflate")
            if not each.is_dir():
                self._add_size(path, each.file_size)
                files[path] = each
        return list(files.values())


def path_problem(path: str) -> str | None:
    """Return why a path is not valid inside a package, or None if it is.

    Examples
    --------
    >>> path_problem("../claims.csv"), path_problem("data/claims.csv")
    ('the path points outside the package', None)
    """
    if len(path) > LONGEST_PATH:
        return "the path is too long"
    if "://" in path:
        return "the path is a URL, which is not downloaded"
    if ".." in PurePosixPath(path).parts:
        return "the path points outside the package"
    if any("\ud800" <= each <= "\udfff" for each in path):
        return "the path is not valid Unicode"
    if not path or "\0" in path or "\\" in path or PurePosixPath(path).is_absolute():
        return "this is not a relative path"
    return None
