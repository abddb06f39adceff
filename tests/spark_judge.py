"""Judge packages on Spark, in one session: run by the Python of the environment that has Spark, told what by a file.

The file lists, as JSON, groups of folders: what kind of files they have, and the limits that are set for them. What is
found is printed as JSON, a list for each group.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.findings import in_order
from russia_dprk_claims.package.reading import table_files
from russia_dprk_claims.plan.judgement import Judgement
from russia_dprk_claims.spark.exchanges import exchanges
from russia_dprk_claims.spark.package import Limits, judge_csv, judge_parquet
from russia_dprk_claims.spark.session import session


def judge_group(spark: SparkSession, contract: Contract, group: dict[str, Any]) -> list[Any]:
    limits = Limits(**group["limits"])
    folders = [Path(each) for each in group["folders"]]
    if group["kind"] == "parquet":
        return [told(judge_parquet(spark, contract, folder, limits)) for folder in folders]
    if group["kind"] == "exchanges":
        return [list(map(str, exchanges(spark, contract, folder, limits))) for folder in folders]
    return [
        told(each) for each in judge_csv(spark, contract, [(each, files(each, contract)) for each in folders], limits)
    ]


def files(folder: Path, contract: Contract) -> dict[str, str]:
    return table_files(folder, contract)[0]


def told(judgement: Judgement | str) -> Any:
    if isinstance(judgement, str):
        return judgement
    found = [
        [str(each), each.rule, each.table, each.row, each.column, each.value] for each in in_order(judgement.findings)
    ]
    return {"findings": found, "rows": judgement.rows, "more": judgement.more}


def main(asked: Path, answer: Path, schemas: Path) -> None:
    contract = read_contract(schemas)
    with session("local[2]") as spark:
        groups = json.loads(asked.read_text(encoding="utf-8"))
        found = [judge_group(spark, contract, each) for each in groups]
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
