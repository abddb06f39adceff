"""A package judged on Spark: suspects are found there, and judged by the reference checks in an excerpt, here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - what everybody calls it

from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.findings import Finding, Origin
from russia_dprk_claims.plan.excerpt import take_excerpt
from russia_dprk_claims.plan.judgement import FEW_ROWS, MOST_JUDGED, Judgement
from russia_dprk_claims.plan.judging import first_rows, judge_excerpt
from russia_dprk_claims.plan.places import places_of
from russia_dprk_claims.raw_tables import RawTable, row_name
from russia_dprk_claims.spark.suspects import FEW, Spotter
from russia_dprk_claims.spark.tables import PACKAGE, Rows, find_parquet, read_csv, read_parquet, with_keys


@dataclass(frozen=True)
class Limits:
    """What is done where: up to how many rows a table is sent to every worker, up to how many a package is judged as
    a whole where something is suspect, and how many suspect rows are judged.
    """

    broadcast: int = FEW
    whole: int = FEW_ROWS
    judged: int = MOST_JUDGED


LIMITS = Limits()


def judge_csv(
    spark: SparkSession,
    contract: Contract,
    packages: Sequence[tuple[Path, Mapping[str, str]]],
    limits: Limits = LIMITS,
) -> list[Judgement | str]:
    """Judge packages of CSV files, all in the same jobs.

    Parameters
    ----------
    spark
        The session.
    contract
        The tables.
    packages
        The folder of each package, and where the CSV of each table is from there.
    limits
        What is done where.

    Returns
    -------
    list of Judgement or str
        What was found in each package, or why only the strict reader can say what is in its files.
    """
    rows: dict[str, Rows] = {}
    for table in contract:
        files = {
            number: (folder / paths[table.name], paths[table.name]) for number, (folder, paths) in enumerate(packages)
        }
        rows[table.name] = read_csv(spark, table, files)
    strange = {
        number: f"{packages[number][1][name]}: {why}" for name in rows for number, why in rows[name].strange.items()
    }
    sound = [number for number in range(len(packages)) if number not in strange]
    judged = _Bench(spark, contract, rows, sound, len(packages) > 1, limits).judge() if sound else {}
    _forget(spark)
    return [strange[number] if number in strange else judged[number] for number in range(len(packages))]


def judge_parquet(spark: SparkSession, contract: Contract, folder: Path, limits: Limits = LIMITS) -> Judgement:
    """Judge a folder that holds a Parquet file a table, or a folder of such files.

    Raises
    ------
    SparkInputError
        If it does not.
    """
    places = find_parquet(folder, contract)
    rows = {table.name: read_parquet(spark, table, places[table.name], folder) for table in contract}
    judged = _Bench(spark, contract, rows, [0], False, limits).judge()
    _forget(spark)
    return judged[0]


def _forget(spark: SparkSession) -> None:
    """Give back what was kept of the tables."""
    spark.catalog.clearCache()


@dataclass(frozen=True)
class _Bench:
    """Where packages are judged."""

    spark: SparkSession
    contract: Contract
    rows: Mapping[str, Rows]
    packages: Sequence[int]
    together: bool
    limits: Limits

    def judge(self) -> dict[int, Judgement]:
        """Judge all packages."""
        spotter = spotter_for(self.contract, self.rows, self.packages, self.together, self.limits)
        suspects = {name: self._numbers(spotter.suspects(name)) for name in self.rows}
        wanted = {package: _of_package(suspects, package) for package in self.packages}
        whole = [
            package for package in wanted if wanted[package] and sum(self._sizes(package).values()) <= self.limits.whole
        ]
        texts = {name: self._texts(name, whole) for name in self.rows} if whole else {}
        judged: dict[int, Judgement] = {}
        for package in self.packages:
            sizes = self._sizes(package)
            first = first_rows(wanted[package], self.limits.judged)
            more = sum(map(len, wanted[package].values())) - sum(map(len, first.values()))
            if package in whole:
                excerpt = {
                    name: frame.filter(pl.col(PACKAGE) == package).drop(PACKAGE) for name, frame in texts.items()
                }
            else:
                excerpt, first = self._excerpt(package, first, sizes) if first else ({}, {})
            found = self._found(package, excerpt, first, sizes) if first else []
            judged[package] = Judgement(found, sizes, more)
        return judged

    def _sizes(self, package: int) -> dict[str, int]:
        return {name: rows.counts[package] for name, rows in self.rows.items()}

    def _numbers(self, suspects: DataFrame) -> pl.DataFrame:
        frame = pl.from_arrow(suspects.toArrow())
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - which a table always becomes
        return frame.sort(PACKAGE, ROW)

    def _texts(self, name: str, packages: Sequence[int]) -> pl.DataFrame:
        return _here(self.rows[name].frame.filter(F.col(PACKAGE).isin(list(packages))))

    def _excerpt(
        self, package: int, wanted: Mapping[str, pl.Series], sizes: Mapping[str, int]
    ) -> tuple[dict[str, pl.DataFrame], dict[str, pl.Series]]:
        small: dict[str, pl.DataFrame] = {}

        def fetch(name: str, columns: Sequence[str], keys: pl.DataFrame) -> pl.DataFrame:
            rows = self.rows[name].frame.filter(F.col(PACKAGE) == package).drop(PACKAGE)
            if sizes[name] <= self.limits.whole:
                if name not in small:
                    small[name] = _here(rows)
                return small[name].join(keys, on=list(columns), how="semi") if columns else small[name]
            if not columns:
                return _here(rows)
            return _here(
                with_keys(
                    rows, columns, keys.select(columns).to_arrow(compat_level=pl.CompatLevel.oldest()), self.spark
                )
            )

        return take_excerpt(self.contract, RULES, wanted, sizes, fetch)

    def _found(
        self,
        package: int,
        excerpt: Mapping[str, pl.DataFrame],
        asked: Mapping[str, pl.Series],
        sizes: Mapping[str, int],
    ) -> list[Finding]:
        """Return what the checks find in the rows that are asked about."""
        tables = {name: self._raw(self.contract[name], package, frame) for name, frame in excerpt.items()}
        told = {name: _names(self.contract[name], tables[name], excerpt[name], rows) for name, rows in asked.items()}
        found = judge_excerpt(self.contract, tables, sizes)
        return [each for each in found if each.row in told.get(each.table, ())]

    def _raw(self, table: Table, package: int, frame: pl.DataFrame) -> RawTable:
        numbers = frame[ROW].to_list()
        files = self.rows[table.name].files[package]
        cells = {name: frame[name].to_list() for name in table.columns}
        if files and files[0][1].endswith(".parquet"):
            return RawTable(table.name, cells, ParquetPlaces(files, numbers))
        return RawTable(table.name, cells, places_of(files[0][1] if files else "", table, cells, numbers))


def spotter_for(
    contract: Contract, rows: Mapping[str, Rows], packages: Sequence[int], together: bool, limits: Limits
) -> Spotter:
    """Return what spots suspects in the rows of some packages."""
    frames = {name: each.frame for name, each in rows.items()}
    if together:
        frames = {name: frame.filter(F.col(PACKAGE).isin(list(packages))) for name, frame in frames.items()}
    sizes = {name: sum(each.counts.get(package, 0) for package in packages) for name, each in rows.items()}
    return Spotter(contract, frames, sizes, together, limits.broadcast)


def _here(frame: DataFrame) -> pl.DataFrame:
    """Return rows in order, with numbers as the checks have them."""
    here = pl.from_arrow(frame.toArrow())
    assert isinstance(here, pl.DataFrame)  # noqa: S101 - which a table always becomes
    return here.with_columns(pl.col(ROW).cast(pl.UInt32)).sort(ROW)


def _of_package(suspects: Mapping[str, pl.DataFrame], package: int) -> dict[str, pl.Series]:
    rows = {name: frame.filter(pl.col(PACKAGE) == package)[ROW].cast(pl.UInt32) for name, frame in suspects.items()}
    return {name: numbers for name, numbers in rows.items() if len(numbers)}


def _names(table: Table, raw: RawTable, frame: pl.DataFrame, numbers: pl.Series) -> set[str]:
    """Return what findings call some rows; rows of the same name are suspect together, as they have the same key."""
    return {row_name(table, raw, index) for index in frame[ROW].is_in(numbers.implode()).arg_true()}


# --- places -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ParquetPlaces:
    """The places of rows in Parquet files, which have no lines: the file."""

    files: Sequence[tuple[int, str]]
    numbers: Sequence[int]

    def locate(self, row: int, column: str | None) -> Origin:
        """Return the file of a row."""
        place = bisect_right(self.files, self.numbers[row], key=lambda each: each[0]) - 1
        return Origin(self.files[place][1])
