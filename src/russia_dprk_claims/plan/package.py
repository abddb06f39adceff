"""A package folder judged by the plan: suspects are found in a stream, and judged by their texts in an excerpt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import overload

import polars as pl

from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.structure import ROW, check_structure
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.findings import Finding
from russia_dprk_claims.package.csvfiles import CsvPlaces
from russia_dprk_claims.plan.batches import BLOCK, NotInOrderError, sort_file
from russia_dprk_claims.plan.blocks import NotPlainError
from russia_dprk_claims.plan.excerpt import take_excerpt
from russia_dprk_claims.plan.reads import Plan, make_plan
from russia_dprk_claims.plan.run import Suspects, find_suspects
from russia_dprk_claims.raw_tables import RawTable, RawTables

MOST_JUDGED = 10_000
"""How many suspect rows are judged; what is wrong in more of them is the same mistake over and over."""
# A package with fewer rows is an excerpt of itself.
FEW_ROWS = 20_000


@dataclass(frozen=True)
class Judgement:
    """What the plan found in a package, how many rows each table has, and how many more rows are suspect."""

    findings: list[Finding]
    rows: dict[str, int]
    more: int = 0


def judge_package(
    folder: Path,
    contract: Contract,
    paths: Mapping[str, str],
    block: int = BLOCK,
    few_rows: int = FEW_ROWS,
    most_judged: int = MOST_JUDGED,
) -> Judgement:
    """Judge the tables of a package by structure and meaning.

    Parameters
    ----------
    folder
        The folder of the package.
    contract
        The tables.
    paths
        Where the CSV of each table is, from the folder.
    block
        About how many bytes of the largest table are read at once.
    few_rows
        Up to how many rows the whole package is judged where something is suspect.
    most_judged
        How many suspect rows are judged; the others are counted.

    Raises
    ------
    NotPlainError, NotInOrderError
        If a file cannot be read in batches.
    """
    files = {name: folder / path for name, path in paths.items()}
    suspects = _find_suspects(make_plan(contract, RULES), files, block)
    total = sum(len(each) for each in suspects.rows.values())
    if not total:
        return Judgement([], dict(suspects.counts))
    wanted = first_rows(suspects.rows, most_judged)
    more = total - sum(map(len, wanted.values()))

    def fetch(table: str, columns: Sequence[str], keys: pl.DataFrame) -> pl.DataFrame:
        rows = pl.scan_csv(files[table], infer_schema=False, row_index_name=ROW)
        chosen = rows.join(keys.lazy(), on=list(columns), how="semi") if columns else rows
        return chosen.collect(engine="streaming")

    if sum(suspects.counts.values()) <= few_rows:
        rows = {name: fetch(name, [], pl.DataFrame()) for name in files}
    else:
        rows, wanted = take_excerpt(contract, RULES, wanted, suspects.counts, fetch)
    tables = {name: _raw(contract[name], paths[name], files[name], frame) for name, frame in rows.items()}
    found = judge_excerpt(contract, tables, suspects.counts)
    told = {paths[name]: {number + 2 for number in numbers} for name, numbers in wanted.items()}
    findings = [each for each in found if each.origin.line in told.get(each.origin.path, ())]
    return Judgement(findings, dict(suspects.counts), more)


def _find_suspects(plan: Plan, files: Mapping[str, Path], block: int) -> Suspects:
    """Find suspects also where tables are not in order: in copies that are."""
    numbers: dict[str, pl.Series] = {}
    with TemporaryDirectory() as folder:
        files = dict(files)
        while True:
            try:
                suspects = find_suspects(plan, files, block)
            except NotInOrderError as error:
                if error.table in numbers:
                    raise NotPlainError(f"{error.table} cannot be put in order") from error
                table = plan.contract[error.table]
                numbers[table.name] = sort_file(files[table.name], table, Path(folder), block)
                files[table.name] = Path(folder, f"{table.name}.csv")
            else:
                rows = {
                    name: numbers[name].gather(each).sort() if name in numbers else each
                    for name, each in suspects.rows.items()
                }
                return Suspects(rows, suspects.counts)


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


def _raw(table: Table, path: str, file: Path, frame: pl.DataFrame) -> RawTable:
    starts = [number + 2 for number in frame[ROW]]  # below the header, and a record a line
    places = CsvPlaces(path, _SomeLines(file, starts), table.columns, starts, starts)
    return RawTable(table.name, {name: frame[name].to_list() for name in table.columns}, places)


class _SomeLines(Sequence[str]):
    """The lines of a file, of which some are read when the first of them is asked for."""

    def __init__(self, file: Path, wanted: Sequence[int]) -> None:
        self._file = file
        self._wanted = wanted
        self._lines: dict[int, str] | None = None

    def __len__(self) -> int:
        return max(self._wanted, default=0)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if self._lines is None:
            self._lines = self._read()
        return self._lines[index]

    def _read(self) -> dict[int, str]:
        wanted = {line - 1 for line in self._wanted}
        with self._file.open(encoding="utf-8", newline="\n") as file:
            lines = islice(enumerate(file), len(self))
            return {number: line.rstrip("\n") for number, line in lines if number in wanted}
