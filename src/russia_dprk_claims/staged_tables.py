"""The tables of a large build, written part by part beside their place, and judged there before they take it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.incremental import Change
from russia_dprk_claims.package.descriptor import TableFile, data_path
from russia_dprk_claims.package.hashed import is_file_of, write_hashed
from russia_dprk_claims.package.tablefiles import csv_parts, mended
from russia_dprk_claims.seeds.ordered import in_key_order
from russia_dprk_claims.seeds.pieces import Pieces
from russia_dprk_claims.seeds.stamps import stamp_of_path


@dataclass(frozen=True)
class Staged:
    """The CSV of a table: where it waits, None where it is in its place already, what the descriptor says of it, and
    the stamp by which that is known of the one in its place.
    """

    path: Path | None
    facts: TableFile
    stamp: str = ""


def stage_tables(
    root: Path,
    stage: Path,
    contract: Contract,
    pieces: Pieces,
    known: Mapping[str, tuple[TableFile, str]],
    change: Change | None,
) -> dict[str, Staged]:
    """Write the CSV of every table that is not on disk as it should be.

    Parameters
    ----------
    root
        The project folder.
    stage
        The folder to write to.
    contract
        The tables.
    pieces
        Their rows.
    known
        What is known of the CSV files of the last build, with their stamps.
    change
        What has changed since; None to write all tables, be they in their place or not.

    Raises
    ------
    OSError
        If the disk does not take them.
    StaleError
        If the cache is not what was written.
    """

    def of(table: Table) -> Staged:
        place, path = root / data_path(table.name), stage / data_path(table.name)
        last = known.get(table.name)
        kept = _kept(table, place, path, *last, change) if change and last else None
        return kept or _written(table, place, path, pieces)

    # Polars computes while the other thread hashes and writes.
    with ThreadPoolExecutor(2) as threads:
        return {table.name: each for table, each in zip(contract, threads.map(of, contract), strict=True)}


def _written(table: Table, place: Path, path: Path, pieces: Pieces) -> Staged:
    stamp = stamp_of_path(str(place), time.time_ns())
    facts = write_hashed(path, csv_parts(table, in_key_order(table, pieces)))
    return Staged(None, facts, stamp) if is_file_of(place, facts) else Staged(path, facts)


def _kept(table: Table, place: Path, path: Path, last: TableFile, known: str, change: Change) -> Staged | None:
    """Return a table that is on disk as it was, with the change; None where it must be written anew."""
    stamp = stamp_of_path(str(place), time.time_ns())
    if not (stamp and stamp == known) and not is_file_of(place, last):
        return None
    if table.name not in change.tables:
        return Staged(None, last, stamp)
    parts = mended(table, place, change.old[table.name], change.new[table.name])
    if parts is None:
        return None
    facts = write_hashed(path, parts)
    return Staged(None, facts, stamp) if facts == last else Staged(path, facts)


def package_is_sound(stage: Path, contract: Contract) -> bool:
    """Return whether nothing is wrong with tables of which all CSV files wait in a folder, and that is sure."""
    # Only what is not known to be sound is judged as a whole.
    from russia_dprk_claims.plan.errors import NotInOrderError, NotPlainError, NotPlannedError
    from russia_dprk_claims.plan.package import judge_package

    try:
        judgement = judge_package(stage, contract, {name: data_path(name) for name in contract.tables})
    except (NotPlainError, NotInOrderError, NotPlannedError):
        return False
    return not judgement.findings and not judgement.more
