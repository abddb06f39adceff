"""Judging: suspect rows judged by their texts, in an excerpt with all that the checks need to see of the package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.structure import ROW, check_structure
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.findings import Finding
from russia_dprk_claims.plan.excerpt import take_excerpt
from russia_dprk_claims.plan.fetching import PackageRows
from russia_dprk_claims.plan.judgement import Judgement, Limits
from russia_dprk_claims.plan.places import places_of
from russia_dprk_claims.raw_tables import RawTable, RawTables


def judge_suspects(
    folder: Path,
    contract: Contract,
    paths: Mapping[str, str],
    suspects: Mapping[str, pl.Series],
    counts: Mapping[str, int],
    limits: Limits,
) -> Judgement:
    """Judge suspect rows of a package.

    Parameters
    ----------
    folder
        The folder of the package.
    contract
        The tables.
    paths
        Where the CSV of each table is, from the folder.
    suspects
        The numbers of the suspect rows, by table.
    counts
        How many rows each table has.
    limits
        How many suspects are judged, and how large a package is judged as a whole.
    """
    files = {name: folder / path for name, path in paths.items()}
    wanted = first_rows(suspects, limits.judged)
    more = sum(map(len, suspects.values())) - sum(map(len, wanted.values()))

    fetch = PackageRows(contract, files).fetch
    if sum(counts.values()) <= limits.few_rows:
        rows = {name: fetch(name, [], pl.DataFrame()) for name in files}
    else:
        rows, wanted = take_excerpt(contract, RULES, wanted, counts, fetch)
    tables = {name: _raw(contract[name], paths[name], frame) for name, frame in rows.items()}
    found = judge_excerpt(contract, tables, counts)
    told = {paths[name]: {number + 2 for number in numbers} for name, numbers in wanted.items()}
    findings = [each for each in found if each.origin.line in told.get(each.origin.path, ())]
    return Judgement(findings, dict(counts), more)


def judge_excerpt(contract: Contract, tables: RawTables, sizes: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what the checks find in an excerpt of tables that have so many rows in all."""
    structure = check_structure(contract, tables, sizes=sizes)
    yield from structure.findings
    yield from run_rules(contract, tables, structure.faulty)


def first_rows(rows: Mapping[str, pl.Series], number: int) -> dict[str, pl.Series]:
    """Return the first of some rows, so many in all."""
    first: dict[str, pl.Series] = {}
    for name, numbers in rows.items():
        first[name] = numbers.head(number)
        number -= len(first[name])
    return {name: numbers for name, numbers in first.items() if len(numbers)}


def _raw(table: Table, path: str, frame: pl.DataFrame) -> RawTable:
    cells = {name: frame[name].to_list() for name in table.columns}
    return RawTable(table.name, cells, places_of(path, table, cells, frame[ROW].to_list()))
