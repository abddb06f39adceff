"""Reads a data package in place, from a folder or a zip file: descriptor, contract and the bytes of its files.

Nothing is unpacked to disk, no path leaves the package, and only regular files are read, up to size limits.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from russia_dprk_claims.contract import Contract, ContractError, Table, read_contract
from russia_dprk_claims.errors import DamagedDataError, unknown
from russia_dprk_claims.files import LIMITS, Limits, parse_json, read_file, regular_file

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
FOLDERS = ("data", "schemas")
HINT = "download it or build it again"
LONGEST_PATH = 1000
_LISTED = re.compile(r"data/[^/]+\.csv|schemas/[^/]+\.json|datapackage\.json")
_HASHES = ("", "md5", "sha1", "sha256", "sha512")
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
    return open_package(data_dir(), "", "reinstall the package; in a checkout, run scripts/build.py and restart Python")


class Package:
    """A data package, opened by `open_package`. Its descriptor and contract are parsed once."""

    def __init__(self, source: Source, name: str, hint: str, limits: Limits) -> None:
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

    def __contains__(self, path: str) -> bool:
        return path in self._members if self._folder is None else (self._folder / path).is_file()

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
            content = parse_json(data)
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
        return str(self._resource(table)["path"])

    def _resource(self, table: str) -> Mapping[str, Any]:
        resources = self.descriptor.get("resources")
        for each in resources if isinstance(resources, list) else ():
            if isinstance(each, dict) and each.get("name") == table and isinstance(each.get("path"), str):
                return each
        raise self.damaged(DESCRIPTOR, f"it names no file for the table {table!r}")

    def read_table(self, table: str) -> bytes:
        """Return the bytes of the CSV of a table, if they are those whose size and hash the descriptor records."""
        resource = self._resource(table)
        data = self.read(resource["path"])
        if problem := mismatch(resource, data):
            raise self.damaged(resource["path"], problem)
        return data

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

    def locate(self, path: str) -> Path:
        """Return where a file of a package in a folder is; refuse what `read` refuses, but no size."""
        if problem := path_problem(path):
            raise self.damaged(path[:LONGEST_PATH], problem)
        if self._folder is None:
            raise self.damaged("", "it is not a folder")
        try:
            regular_file(self._folder / path, self._folder)
        except OSError as error:
            raise self.damaged(path, str(error.strerror)) from error
        return self._folder / path

    def locate_parts(self, path: str) -> dict[str, Path]:
        """Return where a file is, or all files in a folder by their paths, without those that begin with `.` or `_`."""
        is_file = path_problem(path) is not None or path.endswith((".csv", ".parquet"))
        if is_file or self._folder is None or not (self._folder / path).is_dir():
            return {path: self.locate(path)}
        below = [each.relative_to(self._folder) for each in (self._folder / path).rglob("*") if not each.is_dir()]
        self._check_entries(len(below))
        names = sorted(each.as_posix() for each in below if not any(part[0] in "._" for part in each.parts))
        if not names:
            raise self.damaged(path, "the folder has no files")
        return {name: self.locate(name) for name in names}

    def damaged(self, path: str, what: str) -> DamagedDataError:
        """Return the error for a file of the package, or for the package itself if there is no path."""
        return DamagedDataError(": ".join(filter(None, (self.name, path))) or "the package", what, self.hint)

    def _check_entries(self, number: int) -> None:
        """Refuse too many entries."""
        if number > self.limits.entries:
            raise self.damaged("", f"it has more than {self.limits.entries:,} entries, which no release has")

    def _add_size(self, path: str, size: int) -> None:
        """Add the bytes of a file to the total, once for each path; refuse too many, in it or together."""
        if size > self.limits.file:
            raise self.damaged(path, f"it has {size:,} bytes, more than the limit of {self.limits.file:,}")
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
        limit = self.limits.json if path.endswith(".json") else self.limits.file
        try:
            data = read_file(folder / path, folder, min(limit, self.limits.file))
        except OSError as error:
            raise self.damaged(path, str(error.strerror)) from error
        self._add_size(path, len(data))
        return data

    def _zip_bytes(self, source: Path | bytes | BinaryIO) -> bytes:
        if not isinstance(source, Path):
            return source if isinstance(source, bytes) else source.read(self.limits.file + 1)
        try:
            # Where the zip file itself is does not matter.
            return read_file(source, Path(source.resolve().anchor), self.limits.file)
        except OSError as error:
            missing = error.strerror == "the file is missing"
            raise self.damaged("", "there is no such file or folder" if missing else str(error.strerror)) from error

    def _unzip(self, data: bytes) -> dict[str, bytes]:
        """Return the files of a zip after checking that every entry is safe; zipfile compares all checksums."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._check_entries(len(archive.infolist()))
                files = self._safe(archive.infolist())
                if self._total > min(self.limits.expanded, max(1 << 20, self.limits.ratio * len(data))):
                    raise self.damaged("", f"its files have {self._total:,} bytes, more than a zip file may expand to")
                return {each.filename: archive.read(each) for each in files}
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


def mismatch(resource: Mapping[str, Any], data: bytes) -> str | None:
    """Return how the bytes of a file differ from what its resource records of them, or None if they do not.

    Examples
    --------
    >>> mismatch({"bytes": 3}, b"abcd")
    'incomplete build or changed file: it has 4 bytes, but datapackage.json records 3'
    """
    return file_mismatch(resource, len(data), io.BytesIO(data))


def file_mismatch(resource: Mapping[str, Any], length: int, file: BufferedIOBase) -> str | None:
    """Return what `mismatch` returns, of an open file with a length, which is read piece by piece."""
    size, recorded = resource.get("bytes"), resource.get("hash")
    problem = ""
    if size is not None and (size != length or isinstance(size, bool)):
        problem = f"it has {length} bytes, but datapackage.json records {size!r:.80}"
    elif recorded is not None:
        # Without a name, the hash is an MD5: that is the rule of Data Package.
        algorithm, _, digest = str(recorded).rpartition(":")
        if algorithm not in _HASHES:
            problem = f"the kind of the recorded hash is unknown: {recorded!r:.80}"
        elif _digest(file, algorithm or "md5") != digest.lower():
            problem = "its hash is not the one that datapackage.json records"
    return f"incomplete build or changed file: {problem}" if problem else None


def _digest(file: BufferedIOBase, algorithm: str) -> str:
    return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def is_web_address(value: object) -> bool:
    """Return whether a value is an address of the web: other links can run a program.

    Examples
    --------
    >>> is_web_address("https://example.org/a"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    return isinstance(value, str) and re.fullmatch(r"https?://[^\s]+", value) is not None


def path_problem(path: str) -> str | None:
    """Return why a path is not valid inside a package, or None if it is.

    Examples
    --------
    >>> path_problem("../claims.csv"), path_problem("data/claims.csv")
    ('the path points outside the package', None)
    """
    if len(path) > LONGEST_PATH:
        return "the path is too long"
    # A drive such as C: is as little a path of the package as a URL is.
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path):
        return "the path is a URL, which is not downloaded"
    if ".." in PurePosixPath(path).parts:
        return "the path points outside the package"
    if any("\ud800" <= each <= "\udfff" for each in path):
        return "the path is not valid Unicode"
    if not path or "\0" in path or "\\" in path or PurePosixPath(path).is_absolute():
        return "this is not a relative path"
    return None
