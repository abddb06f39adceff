"""Seals: the hash of every long passage, kept beside the records so that a build needs no text to state it.

`seeds/seals/SRC-0005.csv` is written by `scripts/seal.py` from a record and its text. Whoever has the text can tell
at once whether a
span still means the passage that the coder read; whoever has not builds the same tables all the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.contract import SPAN, Contract, Table
from russia_dprk_claims.findings import Finding, Origin
from russia_dprk_claims.spans import SHORTEST_HASHED, Span, span_sha256
from russia_dprk_claims.tables import RawTables, row_name, span_of

SEALS_FOLDER = "seals"
HEADER = ["row", "span", "span_sha256"]
DERIVED = "span_sha256"


@dataclass(frozen=True)
class Seal:
    """The hash of the passage of one row, with the span that it was taken of."""

    row: str
    span: Span
    sha256: str


def sealed_tables(contract: Contract) -> list[tuple[Table, str]]:
    """Return the tables that keep the hash of their passages, each with the column that holds it."""
    return [(table, each.name) for table in contract for each in table.fields if each.derived == DERIVED]


def read_seals(folder: Path, prefix: str = "seeds") -> tuple[dict[str, Seal], list[Finding]]:
    """Read all seals of a seed folder, by row; findings on files that are not what `seal.py` writes."""
    seals: dict[str, Seal] = {}
    findings: list[Finding] = []
    for path in sorted((folder / SEALS_FOLDER).glob("*.csv")):
        try:
            header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
            if header != HEADER:
                raise ValueError("unexpected header")
            for row, span, sha256 in rows:
                start, end = span.split("-")
                seals[row] = Seal(row, Span(int(start), int(end)), sha256)
        except (OSError, ValueError, csv.Error):
            origin = Origin(f"{prefix}/{SEALS_FOLDER}/{path.name}")
            message = "this is not a file of seals"
            findings.append(Finding(origin, "seal", message, f"run scripts/seal.py {path.stem}"))
    return seals, findings


def seals_csv(seals: Iterable[Seal]) -> bytes:
    """Return the file of the seals, sorted by row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([seal.row, str(seal.span), seal.sha256] for seal in sorted(seals, key=lambda each: each.row))
    return out.getvalue().encode("utf-8")


def take_seals(contract: Contract, tables: RawTables, source_id: str, text: str) -> list[Seal]:
    """Return the seals of all long passages of one source."""
    seals: list[Seal] = []
    for table, _ in sealed_tables(contract):
        raw = tables[table.name]
        for index in range(len(raw)):
            span = span_of(raw, index)
            sha256 = span_sha256(span.of(text)) if span else None
            if span and sha256 and raw.cells["source_id"][index] == source_id:
                seals.append(Seal(row_name(table, raw, index), span, sha256))
    return seals


def apply_seals(contract: Contract, tables: RawTables, seals: dict[str, Seal]) -> list[Finding]:
    """Fill the hashes of the tables from the seals; a finding for each long passage without one of its span."""
    findings: list[Finding] = []
    for table, column in sealed_tables(contract):
        raw = tables[table.name]
        for index in range(len(raw)):
            span, name = span_of(raw, index), row_name(table, raw, index)
            if span is None or span.end - span.start < SHORTEST_HASHED:
                continue
            seal = seals.get(name)
            if seal and seal.span == span:
                raw.cells[column][index] = seal.sha256
                continue
            message = f"the passage {span} of {name} has no seal"
            origin = raw.locator.locate(index, SPAN[0])
            findings.append(Finding(origin, "seal", message, "run scripts/seal.py", table=table.name, row=name))
    return findings
