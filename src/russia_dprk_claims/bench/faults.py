"""Faults: one bad cell put into a generated package at a chosen place, to see that it is found and located."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.bench.package import measure_tables
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.findings import Origin
from russia_dprk_claims.package.csvfiles import CsvPlaces
from russia_dprk_claims.package.descriptor import data_path

Row = dict[str, str]


class FaultError(ValueError):
    """A package into which a fault cannot be put."""


@dataclass(frozen=True)
class Fault:
    """A way to be wrong: the cell, the rule that must find it, what the cell becomes, given its row and the row before
    it, and in which rows this breaks that rule and no other.
    """

    name: str
    table: str
    column: str
    rule: str
    change: Callable[[Row, Row], str]
    fits: Callable[[Row], bool] = lambda _: True


@dataclass(frozen=True)
class Broken:
    """A cell that was made wrong: where it is, what it was and what it is."""

    origin: Origin
    fault: Fault
    before: str
    after: str


FAULTS: Mapping[str, Fault] = {
    each.name: each
    for each in (
        Fault("vocabulary", "claims", "polarity", "vocabulary", lambda row, _: f"{row['polarity'][:-1]}x"),
        Fault("dangling", "claim_relations", "related_claim_id", "foreign-key", lambda _, __: "SRC-0001-C999"),
        Fault("repeated-key", "claims", "claim_id", "primary-key", lambda _, before: before["claim_id"]),
        Fault("line-break", "claims", "note", "text-invisible", lambda row, _: f"{row['note']} First,\nthen second."),
        Fault(
            *("figure", "quantities", "value_best", "quantity-as-worded", lambda _, __: "987654321"),
            lambda row: row["value_best"] != "",
        ),
        Fault(
            *("span", "claims", "char_end", "span-in-text", lambda row, _: str(int(row["char_start"]) + 9_999_999)),
            lambda row: row["span_sha256"] != "",
        ),
    )
}


def fault_named(name: str) -> Fault:
    """Return a fault by its name.

    Raises
    ------
    FaultError
        If there is none; the message lists those that there are.
    """
    if name not in FAULTS:
        raise FaultError(f"there is no fault {name!r}; one of: {', '.join(FAULTS)}")
    return FAULTS[name]


def put_fault(contract: Contract, folder: Path, fault: Fault, share: float) -> Broken:
    """Make one cell of a package wrong, and its descriptor right again.

    Parameters
    ----------
    contract
        The tables.
    folder
        The package; its tables have one record a line, as generated ones do.
    fault
        How the cell becomes wrong.
    share
        Where in the table the first row that fits is looked for: 0 is its second row, 1 the last.

    Returns
    -------
    Broken
        The place of the cell, as validation must tell it.

    Raises
    ------
    FaultError
        If the folder holds no such package.
    """
    table, path = contract[fault.table], folder / data_path(fault.table)
    new = path.with_suffix(".new")
    try:
        with path.open("rb") as lines:
            last = sum(1 for _ in lines)
        if last < 3:
            raise FaultError(f"{path}: there are no two rows")
        number = 3 + round((last - 3) * min(max(share, 0.0), 1.0))
        with path.open("rb") as lines, new.open("wb") as out:
            broken = _copy(table, fault, lines, out, number)
        new.replace(path)
        measure_tables(folder, [table.name])
    except (OSError, KeyError, ValueError) as error:
        new.unlink(missing_ok=True)
        raise error if isinstance(error, FaultError) else FaultError(f"{folder}: not a generated package") from error
    return broken


def _copy(table: Table, fault: Fault, lines: io.BufferedReader, out: io.BufferedWriter, number: int) -> Broken:
    broken = None
    before = b""
    for count, line in enumerate(lines, start=1):
        row = _row(table, line) if broken is None and count >= number else None
        if row is not None and fault.fits(row):
            row_before = _row(table, before)
            changed = {**row, fault.column: fault.change(row, row_before)}
            text = _line(table, changed)
            out.write(text.encode())
            broken = Broken(_place(table, text, count, fault.column), fault, row[fault.column], changed[fault.column])
        else:
            out.write(line)
        before = line
    if broken is None:
        raise FaultError(f"{data_path(table.name)}: no row from line {number} on takes the fault {fault.name!r}")
    return broken


def _row(table: Table, line: bytes) -> Row:
    (cells,) = csv.reader([line.decode()], strict=True)
    return dict(zip(table.columns, cells, strict=True))


def _line(table: Table, row: Row) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow([row[name] for name in table.columns])
    return out.getvalue()


def _place(table: Table, text: str, number: int, column: str) -> Origin:
    places = CsvPlaces(data_path(table.name), ["", *text.split("\n")], table.columns, starts=[2])
    found = places.locate(0, column)
    return Origin(found.path, found.line - 2 + number, found.column)
