"""Kept batches: the rows of seed files on the disk, so that memory holds those alone that are being looked at.

A file is named after the SHA-256 of its header, which says what was read and has the SHA-256 of the rows of each
table, as Arrow IPC. So a table is read without the others, and never as anything but what was written.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.seeds.batches import Batch, FileRows

if TYPE_CHECKING:
    import polars as pl

SUFFIX = ".rows"
_LENGTH = 8
_LONGEST_HEADER = 64 * 1024 * 1024


class StaleError(Exception):
    """A part of the cache that is gone or not what was written."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of a table in a file: where they begin, how many bytes they have, and their SHA-256;
    with the lowest and the highest first cell of their keys.
    """

    start: int
    length: int
    sha256: str
    lowest: str
    highest: str


@dataclass(frozen=True)
class KeptBatch:
    """A batch on the disk: where it is, how many files it has, how many of these are of sources, how many rows of each
    table there are, and whether nothing is wrong with them. All else is read when it is asked for, and only where the
    parts begin is remembered.
    """

    place: Path
    size: int
    sources: int
    totals: Mapping[str, int]
    sound: bool = True

    @property
    def files(self) -> tuple[FileRows, ...]:
        """The files.

        Raises
        ------
        StaleError
            If they are not what was written.
        """
        return self._header()[0]

    def total(self, table: str) -> int:
        """Return how many rows of a table there are."""
        return self.totals.get(table, 0)

    def reach(self, table: str) -> tuple[str, str]:
        """Return the lowest and the highest first cell of the keys of a table that has rows.

        Raises
        ------
        StaleError
            If that is not what was written.
        """
        part = self._part(table)
        return part.lowest, part.highest

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the rows of a table that has rows, or some columns of them.

        Raises
        ------
        StaleError
            If they are not what was written.
        """
        import polars as pl
        from polars.exceptions import PanicException, PolarsError

        part = self._part(table)
        try:
            frame = pl.read_ipc(io.BytesIO(self._bytes(part)), columns=list(columns) if columns else None)
        except (OSError, ValueError, PolarsError, PanicException) as error:
            raise StaleError(self.place.name) from error
        if len(frame) != self.total(table) or any(each != pl.String for each in frame.dtypes):
            raise StaleError(self.place.name)
        return frame

    def _part(self, table: str) -> _Part:
        try:
            return self._parts[table]
        except KeyError as error:
            raise StaleError(self.place.name) from error

    def _bytes(self, part: _Part) -> bytes:
        with self.place.open("rb") as file:
            file.seek(part.start)
            data = file.read(part.length)
        if hashlib.sha256(data).hexdigest() != part.sha256:
            raise ValueError(part.sha256)
        return data

    @cached_property
    def _parts(self) -> Mapping[str, _Part]:
        return self._header()[1]

    def _header(self) -> tuple[tuple[FileRows, ...], Mapping[str, _Part]]:
        """Read the files and the parts."""
        try:
            with self.place.open("rb") as file:
                length = int.from_bytes(file.read(_LENGTH), "little")
                data = file.read(min(length, _LONGEST_HEADER))
            if hashlib.sha256(data).hexdigest() != self.place.stem:
                raise ValueError(self.place.stem)
            raw = json.loads(data)
            files = tuple(FileRows(name, key, rows, sound) for name, key, rows, sound in raw["files"])
            begin = _LENGTH + length
            parts = {name: _Part(begin + start, *each) for name, (start, *each) in raw["parts"].items()}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StaleError(self.place.name) from error
        if len(files) != self.size:
            raise StaleError(self.place.name)
        return files, parts


def keep_batch(folder: Path, contract: Contract, batch: Batch) -> KeptBatch:
    """Write a batch into a folder.

    Parameters
    ----------
    folder
        The folder.
    contract
        The contract of the tables.
    batch
        The files and their rows.

    Raises
    ------
    OSError
        If the disk does not take it.
    """
    blobs: list[bytes] = []
    parts: dict[str, list[Any]] = {}
    start = 0
    for table in contract:
        frame = batch.frames[table.name]
        if frame.is_empty():
            continue
        data = packed(frame)
        firsts = frame[table.primary_key[0]].fill_null("")
        digest = hashlib.sha256(data).hexdigest()
        parts[table.name] = [start, len(data), digest, firsts.min(), firsts.max()]
        blobs.append(data)
        start += len(data)
    files = [[file.name, file.key, dict(file.rows), file.sound] for file in batch.files]
    header = json.dumps({"files": files, "parts": parts}).encode()
    place = folder / f"{hashlib.sha256(header).hexdigest()}{SUFFIX}"
    write_whole(place, [len(header).to_bytes(_LENGTH, "little"), header, *blobs])
    totals = {table.name: len(batch.frames[table.name]) for table in contract if len(batch.frames[table.name])}
    return KeptBatch(place, batch.size, batch.sources, totals, batch.sound)


def packed(frame: pl.DataFrame) -> bytes:
    """Return a frame as Arrow IPC."""
    out = io.BytesIO()
    frame.rechunk().write_ipc(out)
    return out.getvalue()


def write_whole(path: Path, parts: Sequence[bytes]) -> None:
    """Write a file whole or not at all; what a sudden halt leaves of it is told by its hash.

    Raises
    ------
    OSError
        If the disk does not take it.
    """
    # Two processes may write the same at the same time.
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with new.open("wb") as file:
        file.writelines(parts)
    new.replace(path)
