"""Tables on Spark: the rows of one or several packages as texts, each with its package and its number in its file.

Spark numbers nothing by itself. A file is read in splits, in each of which the rows are in order; so a row's number is
its place in the split and the number of rows in the splits before, which are counted first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - what everybody calls it

from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.package.csvfiles import MAX_CELL
from russia_dprk_claims.spark.conditions import CONTROL
from russia_dprk_claims.spark.errors import SparkInputError

PACKAGE = "#package"
_FILE, _START, _PLACE, _PLAIN = "#file", "#start", "#place", "#plain"
_FROM_CSV = {"sep": ",", "quote": '"', "escape": '"', "emptyValue": "", "maxCharsPerColumn": "-1"}


@dataclass(frozen=True)
class Rows:
    """The rows of a table on Spark: texts by column, with `#package` and `#row`; how many each package has.

    `files` has the file of each package's rows with the number of its first one. `strange` says of packages why only
    the strict reader can read their file; none of their rows are there.
    """

    frame: DataFrame
    counts: Mapping[int, int]
    files: Mapping[int, Sequence[tuple[int, str]]]
    strange: Mapping[int, str] = field(default_factory=dict)


class _Split(NamedTuple):
    """Some rows of a file that Spark reads in one go: where they begin, the place of the first, and how many."""

    file: str
    start: int
    first: int
    rows: int
    plain: bool = True


# --- CSV ----------------------------------------------------------------------------------------------------------


def read_csv(spark: SparkSession, table: Table, files: Mapping[int, tuple[Path, str]]) -> Rows:
    """Read the CSV files of a table, each of one package, a record a line.

    Every line is proven to be what is made of its cells again; so nothing can have been read in another way than the
    strict reader reads it.

    Parameters
    ----------
    spark
        The session.
    table
        The table.
    files
        The file of each package, and what findings call it.
    """
    strange = {number: "another header" for number, (path, _) in files.items() if not _has_header(path, table)}
    # By its true path, as Spark makes short work of a `..` in one.
    read = {number: str(path.resolve()) for number, (path, _) in files.items() if number not in strange}
    if not read:
        return Rows(_no_rows(spark, table), {}, {}, strange)
    lines = spark.read.option("lineSep", "\n").text([_without_globs(path) for path in read.values()])
    cells = F.from_csv("value", ", ".join(f"`{name}` string" for name in table.columns), _FROM_CSV).alias("cells")
    parsed = lines.select(
        F.col("_metadata.file_path").alias(_FILE),
        F.col("_metadata.file_block_start").alias(_START),
        F.monotonically_increasing_id().alias(_PLACE),
        "value",
        cells,
    )
    plain = (_line("cells", table) == F.col("value")) & ~F.col("value").rlike(CONTROL)
    plain &= F.length("value") <= MAX_CELL
    parsed = parsed.select(_FILE, _START, _PLACE, F.coalesce(plain, F.lit(False)).alias(_PLAIN), "cells.*").persist()
    splits = _splits(parsed, F.bool_and(_PLAIN))
    by_package = {number: [each for each in splits if _local(each.file) == path] for number, path in read.items()}
    for number, own in by_package.items():
        if not own or not all(each.plain for each in own):
            strange[number] = "a record that is not as our own writer writes it"
    sound = {number: own for number, own in by_package.items() if number not in strange}
    # The header is no row.
    shifts = [shift for number, own in sound.items() for shift in _shifts(number, own, first=-1)]
    return Rows(
        _numbered(spark, parsed, table, shifts).filter(F.col(ROW) >= 0),
        {number: sum(each.rows for each in own) - 1 for number, own in sound.items()},
        {number: [(0, files[number][1])] for number in sound},
        strange,
    )


def _has_header(path: Path, table: Table) -> bool:
    with path.open("rb") as file:
        return file.readline() == (",".join(table.columns) + "\n").encode()


def _without_globs(path: str) -> str:
    """Return a path as Spark takes it for one file, whatever signs are in it."""
    return "".join(f"\\{sign}" if sign in "\\*?[]{}" else sign for sign in path)


def _line(cells: str, table: Table) -> Column:
    """Return the line that the CSV writer makes of cells."""

    def written(cell: Column) -> Column:
        quoted = F.concat(F.lit('"'), F.replace(cell, F.lit('"'), F.lit('""')), F.lit('"'))
        return F.coalesce(F.when(cell.rlike('[",]'), quoted).otherwise(cell), F.lit(""))

    return F.concat_ws(",", *(written(F.col(f"{cells}.{name}")) for name in table.columns))


# --- Parquet ------------------------------------------------------------------------------------------------------


def find_parquet(folder: Path, tables: Iterable[Table]) -> dict[str, Path]:
    """Return the Parquet file of each table of a folder, or the folder of its files.

    Raises
    ------
    SparkInputError
        If a table has none, or more than one.
    """
    found: dict[str, Path] = {}
    for table in tables:
        names = (table.name, f"{table.name}.parquet")
        places = [each for each in sorted(folder.iterdir()) if each.name in names or _is_of(each, table)]
        if len(places) != 1:
            those = ", ".join(each.name for each in places) or "nothing"
            raise SparkInputError(
                f"{folder}: one of {table.name}.parquet, NAME-{table.name}.parquet or a folder {table.name} is needed, "
                f"but there is {those}; give a folder with datapackage.json or with the Parquet files of all tables"
            )
        found[table.name] = places[0]
    return found


def _is_of(path: Path, table: Table) -> bool:
    return path.name.endswith(f"-{table.name}.parquet")


def read_parquet(spark: SparkSession, table: Table, path: Path, folder: Path) -> Rows:
    """Read the Parquet of a table, a file or a folder of files that may be partitioned, as the texts of a CSV.

    Parameters
    ----------
    spark
        The session.
    table
        The table.
    path
        The file or the folder.
    folder
        Where findings count paths from.

    Raises
    ------
    SparkInputError
        If a column is missing.
    """
    files = spark.read.option("mergeSchema", "true").parquet(_without_globs(str(path.absolute())))
    missing = [name for name in table.columns if name not in files.columns]
    if missing:
        raise SparkInputError(f"{path}: the column {missing[0]!r} of {table.name} is missing; write it anew")
    kinds = dict(files.dtypes)
    numbered = files.select(
        F.col("_metadata.file_path").alias(_FILE),
        F.lit(0).cast("long").alias(_START),
        F.col("_metadata.row_index").alias(_PLACE),
        *(_text(each, kinds[each.name]).alias(each.name) for each in table.fields),
    ).persist()
    splits = sorted(_splits(numbered, F.lit(True)), key=lambda each: _local(each.file))
    shifts = _shifts(0, splits, first=0)
    names = [Path(_local(each.file)).relative_to(folder.absolute()).as_posix() for each in splits]
    begins = [sum(each.rows for each in splits[:place]) for place in range(len(splits))]
    return Rows(
        _numbered(spark, numbered, table, shifts),
        {0: sum(each.rows for each in splits)},
        {0: list(zip(begins, names, strict=True))},
    )


def _text(column: Field, kind: str) -> Column:
    """Return a typed cell as its one text; what has none becomes a text that is not of the type."""
    cell = F.col(f"`{column.name}`")
    text = cell.cast("string")
    if kind in {"double", "float"}:
        whole = (cell == F.floor(cell)) & (F.abs(cell) < 1e15)
        digits = F.regexp_replace(cell.try_cast("decimal(38,18)").cast("string"), r"0+\z", "")
        broken = F.abs(cell).between(1e-6, 1e15)
        text = F.when(whole, cell.try_cast("bigint").cast("string")).when(broken, digits).otherwise(text)
    return F.when(text != "", text)


# --- numbers ------------------------------------------------------------------------------------------------------


def _splits(frame: DataFrame, plain: Column) -> list[_Split]:
    counted = frame.groupBy(_FILE, _START).agg(F.min(_PLACE), F.count("*"), plain if plain is not None else F.lit(True))
    return sorted(_Split(*row) for row in counted.collect())


def _shifts(package: int, splits: Sequence[_Split], first: int) -> list[tuple[str, int, int, int]]:
    """Return what makes of the places in the splits of a file, or of several, the numbers of their rows."""
    shifts = []
    for each in splits:
        shifts.append((each.file, each.start, first - each.first, package))
        first += each.rows
    return shifts


def _numbered(
    spark: SparkSession, frame: DataFrame, table: Table, shifts: list[tuple[str, int, int, int]]
) -> DataFrame:
    names = (_FILE, _START, "#shift", PACKAGE)
    kinds = (pa.string(), pa.int64(), pa.int64(), pa.int32())
    parts = zip(*shifts, strict=True) if shifts else [()] * len(names)
    columns = [pa.array(list(each), kind) for each, kind in zip(parts, kinds, strict=True)]
    known = spark.createDataFrame(pa.table(columns, names=list(names)))
    return frame.join(F.broadcast(known), [_FILE, _START]).select(
        PACKAGE, (F.col(_PLACE) + F.col("#shift")).alias(ROW), *(F.col(f"`{name}`") for name in table.columns)
    )


def _no_rows(spark: SparkSession, table: Table) -> DataFrame:
    columns = ", ".join(f"`{name}` string" for name in table.columns)
    return spark.createDataFrame([], f"`{PACKAGE}` int, `{ROW}` bigint, {columns}")


def _local(file: str) -> str:
    """Return the path of a file as Spark names it."""
    return unquote(urlsplit(file).path)


def with_keys(frame: DataFrame, columns: Sequence[str], keys: pa.Table, spark: SparkSession) -> DataFrame:
    """Return the rows of one package whose cells in some columns are a row of `keys`."""
    kinds = [pa.int64() if name == ROW else pa.string() for name in columns]
    parts = [keys[name].cast(kind) for name, kind in zip(columns, kinds, strict=True)]
    wanted = F.broadcast(spark.createDataFrame(pa.table(parts, names=[f"#{name}" for name in columns])))
    alike = reduce(and_, (F.col(f"`{name}`") == F.col(f"`#{name}`") for name in columns))
    return frame.join(wanted, alike, "left_semi")
