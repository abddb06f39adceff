"""Seals: the hash of every long passage, kept beside the records so that a build needs no text to state it.

`seeds/seals/SRC-0005.csv` is written by `scripts/seal.py` from a record and its text. Whoever has the text can tell
at once
whether a span still means the passage that the coder read; whoever has not builds the same tables all the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from curation.lineage import Lineage
from curation.spans import Span, span_of, span_sha256
from russia_dprk_claims.checks.cells import SHORTEST_HASHED
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables, row_name
from russia_dprk_claims.contract import SPAN, Contract, Table

SEALS_FOLDER = "seals"
HEADER = ["span", "span_sha256"]
DERIVED = "span_sha256"

Seals = Mapping[tuple[str, Span], str]
"""The SHA-256 of the folded passage, by source and span."""


def read_seals(folder: Path, prefix: str = "seeds") -> tuple[dict[tuple[str, Span], str], list[Finding]]:
    """Read all seals of a seed folder; findings on files that are not what `seal.py` writes, with their source."""
    seals: dict[tuple[str, Span], str] = {}
    findings: list[Finding] = []
    for path in sorted((folder / SEALS_FOLDER).glob("*.csv")):
        try:
            # What is no file is not waited for.
            of_source = parse_seals(path.read_bytes() if path.is_file() else b"")
            seals.update(((path.stem, span), sha256) for span, sha256 in of_source.items())
        except (OSError, ValueError):
            location = Location(f"{prefix}/{SEALS_FOLDER}/{path.name}")
            message = "this is not a file of seals"
            hint = f"run scripts/seal.py {path.stem}"
            findings.append(Finding(location, "seal", message, hint, table="sources", row=path.stem))
    return seals, findings


def parse_seals(data: bytes) -> dict[Span, str]:
    """Return the seals of one source from the bytes of its file.

    Raises
    ------
    ValueError
        If the bytes are not what `seals_csv` gives.
    """
    try:
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
        if header != HEADER:
            raise ValueError("unexpected header")
    except csv.Error as error:
        raise ValueError(str(error)) from error
    seals: dict[Span, str] = {}
    for span, sha256 in rows:
        start, end = span.split("-")
        seals[Span(int(start), int(end))] = sha256
    return seals


def seals_csv(seals: Mapping[Span, str]) -> bytes:
    """Return the file of the seals of one source, sorted by span."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([str(span), sha256] for span, sha256 in sorted(seals.items()))
    return out.getvalue().encode("utf-8")


def take_seals(contract: Contract, tables: TextTables, source_id: str, text: str) -> dict[Span, str]:
    """Return the seals of all long passages of one source."""
    return {
        span: sha256
        for _, _, _, span, source in _hashed_rows(contract, tables)
        if source == source_id and (sha256 := span_sha256(span.of(text)))
    }


def apply_seals(
    contract: Contract, tables: TextTables, seals: Seals, invalid: Invalid, unread: Container[str] = ()
) -> list[Finding]:
    """Fill the hashes of the tables from the seals.

    Parameters
    ----------
    contract, tables
        The tables, whose hashes are filled in.
    seals
        The seals of all sources.
    invalid
        Is given the cells of the hashes that are missing.
    unread
        The sources whose seals could not be read.

    Returns
    -------
    list of Finding
        One for each long passage without a seal.
    """
    findings: list[Finding] = []
    for table, raw, index, span, source in _hashed_rows(contract, tables):
        if span.end - span.start < SHORTEST_HASHED:
            continue
        sha256 = seals.get((source or "", span))
        if sha256:
            for column in _hash_columns(table):
                raw.cells[column][index] = sha256
            continue
        for column in _hash_columns(table):
            invalid.add(table.name, index, column)
        if source in unread:
            continue
        message = f"the passage {span} has no seal"
        location, name = raw.locator.locate(index, SPAN[0]), row_name(table, raw, index)
        findings.append(Finding(location, "seal", message, "run scripts/seal.py", table=table.name, row=name))
    return findings


def _hash_columns(table: Table) -> list[str]:
    return [each.name for each in table.fields if each.derived == DERIVED]


def _hashed_rows(contract: Contract, tables: TextTables) -> Iterator[tuple[Table, TextTable, int, Span, str | None]]:
    """Iterate over the rows of the tables that keep the hash of their passage, with its span and source."""
    lineage = Lineage(contract, tables)
    for table in contract:
        raw = tables[table.name]
        for index in range(len(raw) if _hash_columns(table) else 0):
            span = span_of(raw, index)
            if span:
                yield table, raw, index, span, lineage.source(table, index)
