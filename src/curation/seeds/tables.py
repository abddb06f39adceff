"""Puts the rows of all seed files together into tables. On Linux, large seeds are read by a process for each core."""

from __future__ import annotations

import errno
import os
import signal
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from curation.seeds.files import DATASET, SeedFiles
from curation.seeds.records import UNWRITTEN, FileRows, Forms, Rows, forms_of, read_records, with_nested
from curation.seeds.yaml import Source
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTable
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.files import LIMITS

LARGE = 4_000_000
"""The size of all records, in bytes, above which starting processes takes less time than they save."""
_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class SeedSet:
    """What seed files say: the tables as texts, the findings, and the cells and tables that could not be read."""

    tables: dict[str, TextTable]
    findings: list[Finding]
    unread: Invalid


@dataclass
class SeedLocations:
    """Where each record of a table begins in the seeds, and where each cell that it states was written.

    `sources` has the file of each row, `starts` and `offsets` its offset and those of its cells there.
    """

    sources: list[Source] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("i"))
    offsets: dict[str, array[int]] = field(default_factory=dict)

    def locate(self, row: int, column: str | None) -> Location:
        """Return the location of a cell, or of its record where the cell was not written."""
        offset = self.offsets[column][row] if column else UNWRITTEN
        return self.sources[row].locate(self.starts[row] if offset == UNWRITTEN else offset)


def read_seeds(files: SeedFiles, contract: Contract) -> SeedSet:
    """Read seed records.

    Files that are not records are skipped. An invalid record gives findings, never an exception; OSError if a process
    is ended that reads a part of large seeds.
    """
    return start_reading(files, contract)()


def start_reading(files: SeedFiles, contract: Contract, *, complete: bool = True) -> Callable[[], SeedSet]:
    """Return a function that returns what `read_seeds` does; processes read large seeds until it is called.

    `complete` is false if a seed file was refused, so that rows of any table may be missing.
    """
    records = {path: data for path, data in files.items() if path.lower().endswith(_YAML) and path != DATASET}
    size = sum(len(data or b"") for data in records.values())
    limit = LIMITS.records + size // LIMITS.record
    forms = forms_of(contract)
    in_processes = size > LARGE and os.cpu_count() != 1 and _can_fork()
    parts = [*_start_processes(forms, limit, records)] if in_processes else []

    def finish() -> SeedSet:
        try:
            read: dict[str, FileRows] = {path: rows for part in parts for path, rows in part.recv().items()}
        except (EOFError, OSError) as error:
            message = "a process that read seed files was ended: there may be too little memory"
            raise OSError(errno.ENOMEM, message) from error
        seeds = _Seeds(contract, forms, files, limit)
        if not complete:
            seeds.unread.incomplete.update(contract.tables)
        for path, data in records.items():
            seeds.add(path, read.pop(path) if parts else read_records(forms, limit, path, data))
            if seeds.unread.too_many:
                break
        return SeedSet(seeds.tables, seeds.findings, seeds.unread)

    return finish


def _can_fork() -> bool:
    """Return whether there are no other threads, which a fork would break; Polars starts some. Only Linux tells."""
    return len([*Path("/proc/self/task").glob("*")]) == 1


def _start_processes(forms: Forms, limit: int, records: SeedFiles) -> Iterator[Connection]:
    """Let a process for each core read a part of the records; yield where each sends what it read."""
    number, context = os.cpu_count() or 1, get_context("fork")
    by_size = sorted(records, key=lambda path: len(records[path] or b""))
    for first in range(number):
        receiver, sender = context.Pipe(duplex=False)
        part = {path: records[path] for path in by_size[first::number]}
        context.Process(target=_read_part, args=(forms, limit, part, receiver, sender), daemon=True).start()
        sender.close()
        yield receiver


def _read_part(forms: Forms, limit: int, part: SeedFiles, receiver: Connection, sender: Connection) -> None:
    # Only the first process answers to Control-C, and says if there is too little memory here. If it is gone, nobody
    # receives, and sending fails.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receiver.close()
    with suppress(BrokenPipeError, MemoryError):
        sender.send({path: read_records(forms, limit, path, data) for path, data in part.items()})


class _Seeds:
    """The tables, to which what each file says is added in order."""

    def __init__(self, contract: Contract, forms: Forms, files: SeedFiles, limit: int) -> None:
        self.forms = forms
        self.tables = {table.name: _empty(table) for table in contract}
        self.findings: list[Finding] = []
        self.unread = Invalid()
        self._files = files
        self._left = limit
        self._first: dict[bytes | None, str] = {}

    def add(self, path: str, read: FileRows) -> None:
        """Add what a file says, unless it repeats another."""
        data = self._files[path]
        first = self._first.setdefault(data, read.path if read.path in self._files else path) if read.path else path
        if first != path:
            what = "a second record" if read.table else "a copy"
            repeated = finding("repeated-file", Location(path), f"this is {what} of what is in {first}")
            read = FileRows(findings=[repeated], incomplete=with_nested(self.forms, read.table))
        elif read.records > self._left:
            read = read_records(self.forms, self._left, path, data)
            self._stop()
        self._left -= read.records
        source = Source(path, data or b"")
        for (name, column), rows in read.unread.items():
            for row in rows:
                self.unread.add(name, len(self.tables[name]) + row, column)
        for name, added in read.rows.items():
            _append(self.tables[name], added, source)
        self.unread.incomplete |= read.incomplete
        self.findings += read.findings
        if len(self.findings) > LIMITS.findings:
            rule, message = self.findings[LIMITS.findings].rule, "there are more errors in this file"
            more = finding(rule, Location(path), message, hint="correct those before; no more is read")
            self.findings[LIMITS.findings :] = [more]
            self._stop()

    def _stop(self) -> None:
        """Read no more files: rows of any table are missing."""
        self.unread.too_many = True
        self.unread.incomplete.update(self.forms)


def _empty(table: Table) -> TextTable:
    locations = SeedLocations(offsets={name: array("i") for name in table.columns})
    return TextTable(table.name, {name: [] for name in table.columns}, locations)


def _append(table: TextTable, rows: Rows, source: Source) -> None:
    """Add the rows of one file to a table."""
    number, places = len(rows.starts), table.locator
    assert isinstance(places, SeedLocations)  # noqa: S101
    places.sources += repeat(source, number)
    places.starts += rows.starts
    for name in table.cells:
        table.cells[name] += rows.cells.get(name) or repeat(None, number)
        places.offsets[name] += rows.offsets.get(name) or array("i", [UNWRITTEN]) * number
