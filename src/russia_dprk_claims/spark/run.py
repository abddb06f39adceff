"""Running Spark over a folder: a package of CSV files, or a folder of Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.findings import Finding
from russia_dprk_claims.package.descriptor import DESCRIPTOR
from russia_dprk_claims.plan.judgement import Judgement
from russia_dprk_claims.spark.errors import SparkInputError


def judge_folder(
    folder: Path, contract: Contract, say: Callable[[str], None]
) -> tuple[list[Finding], Judgement] | None:
    """Judge a folder on Spark; None where only the strict reader can say what is in its files.

    Parameters
    ----------
    folder
        The folder: with `datapackage.json` a package of CSV files, else one of Parquet files.
    contract
        The tables.
    say
        Is told what is being done.

    Returns
    -------
    list of Finding, Judgement
        What is found in the descriptor, and what in the tables.

    Raises
    ------
    SparkInputError
        If Spark is not there, or the folder has neither a descriptor nor the Parquet files of all tables.
    """
    if find_spec("pyspark") is None:
        raise SparkInputError("Spark is not installed; pip install 'russia-dprk-claims[workshop,spark]'")
    from russia_dprk_claims.package.reading import table_files
    from russia_dprk_claims.spark.package import judge_csv, judge_parquet
    from russia_dprk_claims.spark.session import session

    say("starting Spark")
    if not (folder / DESCRIPTOR).exists():
        with session() as spark:
            say("structure and the rules of meaning, on Spark")
            return [], judge_parquet(spark, contract, folder)
    paths, findings = table_files(folder, contract)
    if set(paths) != set(contract.tables) or not all((folder / path).is_file() for path in paths.values()):
        return None
    with session() as spark:
        say("structure and the rules of meaning, on Spark")
        (judged,) = judge_csv(spark, contract, [(folder, paths)])
    if isinstance(judged, str):
        say(f"reading the package, as Spark does not: {judged}")
        return None
    return findings, judged
