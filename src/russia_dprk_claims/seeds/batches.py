"""Batches: consecutive seed files read as one, so that their rows can be handed from process to process and kept.

A batch is read alone, and what it is found to be depends on its own files and their seals. A file is `sound` where
nothing is wrong with it that can be told from it alone; what is wrong with any other is told by reading all records
as one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from russia_dprk_claims.checks.passages import Passages, check_set_asides
from russia_dprk_claims.computed import fill_dates
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.lineage import ROOT
from russia_dprk_claims.raw_tables import RawTables
from russia_dprk_claims.seeds.records import Forms, SeedFile, SeedSet, forms_of, read_record, size_of
from russia_dprk_claims.seeds.seals import DERIVED, SEALS_FOLDER, apply_seals, parse_seals
from russia_dprk_claims.texts import Texts

if TYPE_CHECKING:
    import polars as pl

BATCH_BYTES = 1536 * 1024
"""How much is read as one: enough to be worth a process's while, and little enough for its memory."""


@dataclass(frozen=True, slots=True)
class FileRows:
    """A file that was read: its name, the key of what its rows follow from, the number of its rows by table, and
    whether it is sound.
    """

    name: str
    key: str
    rows: Mapping[str, int]
    sound: bool = True

    @property
    def is_source(self) -> bool:
        """Whether it is the file of a source."""
        return self.key.startswith(f"{ROOT} ")


@dataclass(frozen=True)
class Batch:
    """The files of a batch, and their rows in the order of the files, as frames of texts by table."""

    files: tuple[FileRows, ...]
    frames: Mapping[str, pl.DataFrame]

    @property
    def size(self) -> int:
        """How many files there are."""
        return len(self.files)

    @property
    def sources(self) -> int:
        """How many files are of sources."""
        return sum(file.is_source for file in self.files)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with any file, taken by itself."""
        return all(file.sound for file in self.files)

    def total(self, table: str) -> int:
        """Return how many rows of a table there are."""
        return len(self.frames[table])

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the rows of a table, or some columns of them."""
        return self.frames[table].select(columns) if columns else self.frames[table]


def in_batches(files: Iterable[SeedFile], size: int = BATCH_BYTES) -> Iterator[list[SeedFile]]:
    """Yield files in batches of about `size` bytes."""
    batch: list[SeedFile] = []
    total = 0
    for file in files:
        batch.append(file)
        total += size_of(file.path)
        if total >= size:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def file_key(file: SeedFile, seeds: Path) -> str:
    """Return the key of what the rows of a file follow from: its bytes and those of its seals."""
    return _read(file, seeds)[0]


def _read(file: SeedFile, seeds: Path) -> tuple[str, bytes | None, bytes]:
    """Return the key of a file, its bytes or None where they cannot be read, and those of its seals."""
    data = _bytes(file.path)
    seals = _bytes(seeds / SEALS_FOLDER / f"{file.path.stem}.csv") or b"" if file.table == ROOT else b""
    parts = (b"" if data is None else hashlib.sha256(data).digest(), hashlib.sha256(seals).digest())
    return f"{file.table or ''} {hashlib.sha256(b''.join(parts)).hexdigest()}", data, seals


def _bytes(path: Path) -> bytes | None:
    """Return the bytes of a file; None where it is none, which is not waited for, or cannot be read."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def read_batch(contract: Contract, seeds: Path, files: Sequence[SeedFile], forms: Forms | None = None) -> Batch:
    """Read the files of a batch.

    Parameters
    ----------
    contract
        The contract that says what keys mean.
    seeds
        The seed folder.
    files
        The files, in order.
    forms
        What `forms_of` gives for the contract, where many batches are read.
    """
    import polars as pl

    forms = forms or forms_of(contract)
    cells: dict[str, dict[str, list[str | None]]] = {
        table.name: {name: [] for name in table.columns} for table in contract
    }
    read: list[FileRows] = []
    for file in files:
        key, data, seals = _read(file, seeds)
        one = read_record(file, data or b"", contract, forms)
        sound = data is not None and _is_sound(contract, file, one, seals)
        read.append(FileRows(file.name, key, {name: len(raw) for name, raw in one.tables.items() if len(raw)}, sound))
        for name, raw in one.tables.items():
            for column, values in raw.cells.items():
                cells[name][column] += values
    frames = {name: pl.DataFrame(each, schema=dict.fromkeys(each, pl.String)) for name, each in cells.items()}
    return Batch(tuple(read), frames)


def _is_sound(contract: Contract, file: SeedFile, one: SeedSet, seals: bytes) -> bool:
    """Return whether nothing is wrong with what a file says, and fill in what follows from it."""
    tables, source = one.tables, file.path.stem
    if one.findings or one.faulty or not _at_home(contract, file, tables) or _has_empty_texts(tables):
        return False
    try:
        of_source = parse_seals(seals) if file.table == ROOT and seals else {}
    except ValueError:
        return False
    fill_dates(contract, tables)
    unsealed, _ = apply_seals(contract, tables, {(source, span): sha256 for span, sha256 in of_source.items()})
    # No text is at hand here, and that one is missing is said, so that nothing is looked for in all texts.
    return not unsealed and not any(check_set_asides(Passages(contract, tables, Texts({}, (source,)))))


def _has_empty_texts(tables: RawTables) -> bool:
    """Return whether any cell is an empty text, which a CSV does not tell from an empty cell."""
    return any("" in values for raw in tables.values() for values in raw.cells.values())


def _at_home(contract: Contract, file: SeedFile, tables: RawTables) -> bool:
    """Return whether the rows of a file need no other one for their passages.

    In the file of a source that is all that nests in it, and only that; in any other, what has neither a span nor a
    hash.
    """
    if file.table != ROOT:
        return not any(len(tables[table.name]) for table in contract if _is_passage(table))
    return all(_nests_within(table, tables) for table in contract)


def _is_passage(table: Table) -> bool:
    return table.name == ROOT or table.has_span or any(each.derived == DERIVED for each in table.fields)


def _nests_within(table: Table, tables: RawTables) -> bool:
    """Return whether each row of a table nests in a row of the same file."""
    if table.nesting is None:
        return True
    (column,), (key,) = table.nesting.columns, table.nesting.references
    return set(tables[table.name].cells[column]) <= set(tables[table.nesting.table].cells[key])
