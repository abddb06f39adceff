"""Exchanges: what Spark sends between its workers to judge each table, as its plans and its counters have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package.reading import table_files
from russia_dprk_claims.spark.package import LIMITS, Limits, spotter_for
from russia_dprk_claims.spark.tables import read_csv

_EXCHANGE = re.compile(r"(?:BroadcastExchange|Exchange) .*")
_COLUMN_ID = re.compile(r"#\d+L?\b")


@dataclass(frozen=True)
class Exchange:
    """Something that is sent for a table: to every worker, or to one by the hash of some columns; how often."""

    table: str
    how: str
    times: int

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.table}: {self.how} ({self.times})"


def exchanges(spark: SparkSession, contract: Contract, folder: Path, limits: Limits = LIMITS) -> list[Exchange]:
    """Return what is sent to find the suspect rows of a package, as Spark plans it from the sizes of the tables.

    Parameters
    ----------
    spark
        The session.
    contract
        The tables.
    folder
        A package whose files are as our own writer writes them.
    limits
        Up to how many rows a table is sent to every worker.
    """
    paths, _ = table_files(folder, contract)
    rows = {
        table.name: read_csv(spark, table, {0: (folder / paths[table.name], paths[table.name])}) for table in contract
    }
    spotter = spotter_for(contract, rows, [0], False, limits)
    found = [Exchange(name, how, times) for name in rows for how, times in _sent(spotter.suspects(name)).items()]
    spark.catalog.clearCache()
    return found


def _sent(frame: DataFrame) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for each in _lines(frame):
        counted[each] = counted.get(each, 0) + 1
    return dict(sorted(counted.items()))


def _lines(frame: DataFrame) -> Iterator[str]:
    """Yield the exchanges of a plan; what was kept of the tables before is not part of it."""
    for line in frame._jdf.queryExecution().executedPlan().toString().splitlines():
        found = _EXCHANGE.search(line)
        if found:
            yield _COLUMN_ID.sub("", found[0]).partition(", [plan_id")[0].partition(", ENSURE")[0]
