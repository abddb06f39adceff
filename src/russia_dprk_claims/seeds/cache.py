"""The cache of a large seed folder: the rows of every sound file, so that the next build reads only what has changed.

It lies in `.cache/seeds/`, where git does not see it, and holds nothing that the seeds do not say. `state.json` lists
the files with the keys of what their rows follow from; the rows themselves are kept by batch, as Arrow IPC, in files
that are named after their SHA-256. What is not as it was written, or was written under another contract or by another
program, is passed over.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package.descriptor import TableFile
from russia_dprk_claims.seeds.batches import Batch, FileRows

if TYPE_CHECKING:
    import polars as pl

CACHE = ".cache/seeds"
STATE = "state.json"
_HEADER = 8
_LIBRARIES = ("narwhals", "polars", "pycountry", "langcodes", "pyyaml")


class StaleError(Exception):
    """A part of the cache that is gone or not what was written."""


@dataclass(frozen=True)
class KeptBatch:
    """A batch in the cache: its files, and the name of the file that has their rows."""

    files: tuple[FileRows, ...]
    place: Path

    @cached_property
    def _parts(self) -> tuple[memoryview, dict[str, tuple[int, int]]]:
        """The bytes of all frames, and where each is in them; whether they are what was written is seen to first."""
        data = self.place.read_bytes()
        if hashlib.sha256(data).hexdigest() != self.place.stem:
            raise StaleError(self.place.name)
        end = _HEADER + int.from_bytes(data[:_HEADER], "little")
        return memoryview(data)[end:], json.loads(data[_HEADER:end])

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the rows of a table, or some columns of them.

        Raises
        ------
        StaleError
            If they are not what was written.
        """
        import polars as pl
        from polars.exceptions import PanicException, PolarsError

        try:
            data, parts = self._parts
            start, length = parts[table]
            frame = pl.read_ipc(io.BytesIO(data[start : start + length]), columns=list(columns) if columns else None)
        except (OSError, ValueError, TypeError, KeyError, PolarsError, PanicException) as error:
            raise StaleError(self.place.name) from error
        expected = sum(file.rows.get(table, 0) for file in self.files)
        if len(frame) != expected or any(each != pl.String for each in frame.dtypes):
            raise StaleError(self.place.name)
        return frame


@dataclass(frozen=True)
class State:
    """What the last build without a finding left: its batches, the CSV of each table, the released ids it saw, and the
    stamps of files with their keys.
    """

    batches: tuple[KeptBatch, ...]
    tables: Mapping[str, TableFile]
    released: str
    stamps: Mapping[str, tuple[str, str]]


def program_key(contract: Contract) -> str:
    """Return the key of all but the seeds that a build depends on: our code, the libraries and the contract."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes() + b"\0")
    for table in contract:
        digest.update(json.dumps(table.schema, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def load_state(root: Path, program: str) -> State | None:
    """Return what the last build left in the cache of a project, or None where it is of no use."""
    folder = root / CACHE
    try:
        raw = json.loads((folder / STATE).read_bytes())
        if raw["program"] != program:
            return None
        batches = tuple(_kept(folder, each) for each in raw["batches"])
        tables = {name: TableFile(str(each[0]), int(each[1])) for name, each in raw["tables"].items()}
        stamps = {name: (str(stamp), str(key)) for name, (stamp, key) in raw["stamps"].items()}
        return State(batches, tables, str(raw["released"]), stamps)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None


def _kept(folder: Path, raw: Mapping[str, Any]) -> KeptBatch:
    name = str(raw["rows"])
    if not (len(name) == 64 and name.isalnum()):
        raise ValueError(name)
    files = tuple(FileRows(str(file), str(key), _counts(rows)) for file, key, rows in raw["files"])
    return KeptBatch(files, folder / f"{name}.rows")


def _counts(raw: Mapping[str, int]) -> dict[str, int]:
    if not all(isinstance(each, int) and each > 0 for each in raw.values()):
        raise ValueError("a number of rows is none")
    return dict(raw)


def keep_batch(root: Path, batch: Batch) -> KeptBatch:
    """Put the rows of a batch into the cache of a project.

    Raises
    ------
    OSError
        If the disk does not take them.
    """
    parts: dict[str, tuple[int, int]] = {}
    out = io.BytesIO()
    for name, frame in batch.frames.items():
        begin = out.tell()
        frame.rechunk().write_ipc(out)
        parts[name] = (begin, out.tell() - begin)
    header = json.dumps(parts).encode()
    data = b"".join((len(header).to_bytes(_HEADER, "little"), header, out.getbuffer()))
    place = _own_folder(root) / f"{hashlib.sha256(data).hexdigest()}.rows"
    _write(place, data)
    return KeptBatch(batch.files, place)


def save_state(root: Path, program: str, state: State) -> None:
    """Write down what a build leaves for the next one, and remove the rows that are of no use any more.

    Raises
    ------
    OSError
        If the disk does not take it.
    """
    raw = {
        "program": program,
        "released": state.released,
        "stamps": state.stamps,
        "tables": {name: [each.sha256, each.length] for name, each in state.tables.items()},
        "batches": [
            {"rows": batch.place.stem, "files": [[each.name, each.key, dict(each.rows)] for each in batch.files]}
            for batch in state.batches
        ],
    }
    folder = _own_folder(root)
    _write(folder / STATE, json.dumps(raw).encode())
    wanted = {batch.place.name for batch in state.batches}
    for path in folder.glob("*.rows*"):
        if path.name not in wanted:
            path.unlink(missing_ok=True)


def _own_folder(root: Path) -> Path:
    """Return the folder of the cache, made where it is missing; a link in its place could lead anywhere.

    Raises
    ------
    OSError
        If it cannot be made, or is a link.
    """
    folder = root / CACHE
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink() or folder.parent.is_symlink():
        raise OSError(f"{folder} is a link")
    ignored = folder.parent / ".gitignore"
    if not ignored.exists():
        _write(ignored, b"*\n")
    return folder


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; what a sudden halt leaves of it is told by its hash."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(data)
    new.replace(path)
