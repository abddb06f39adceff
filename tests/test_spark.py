"""On Spark the same is found as on one machine: in the whole corpus of faults, in generated packages, and in Parquet.

All packages are judged in one session, the corpus and the generated ones each in the same jobs, which tell packages
apart by their keys. Where Spark leaves the files of a package to the strict reader, it says why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import REPOSITORY
from faultcases import break_files, contract, lay_package, lines
from sparkenv import environment, judged_on_spark, spark_python
from test_plan import PACKAGE_CASES, SEED_CASES, by_the_checks, lay_seed_case

from russia_dprk_claims.bench.faults import FAULTS, put_fault
from russia_dprk_claims.bench.package import dataset_of, read_outline, write_package
from russia_dprk_claims.bundle.parquet import parquet_bytes
from russia_dprk_claims.package.descriptor import data_path, schema_path
from russia_dprk_claims.package.reading import read_package, table_files
from russia_dprk_claims.plan.package import judge_package

pytestmark = pytest.mark.clients

CLAIMS = 1000
ONE_LINE = [name for name in FAULTS if name != "line-break"]
ALL_CASES = {
    f"{part}: {case.name}": case
    for part, cases in (("seeds", SEED_CASES), ("package", PACKAGE_CASES))
    for case in cases
}
# Judged by excerpts that Spark takes, which costs a job for whatever is fetched.
EXCERPTED = ("repeated-key", "dangling")


class Judged:
    """The packages, and what Spark finds in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = {name: folder / "corpus" / str(number) for number, name in enumerate(ALL_CASES)}
        self.laid = [name for name in ALL_CASES if self._lay_case(name)]
        self.generated = {name: folder / "generated" / name for name in ("sound", *FAULTS)}
        self._lay_generated()
        self.parquet = {name: folder / "parquet" / name for name in ("sound", "parted")}
        self._lay_parquet()

    def _lay_case(self, name: str) -> bool:
        root = self.corpus[name]
        root.mkdir(parents=True)
        case = ALL_CASES[name]
        if case in SEED_CASES:
            return lay_seed_case(case, root)
        lay_package(root)
        break_files(case, root)
        paths, _ = table_files(root, contract())
        return set(paths) == set(contract().tables) and all((root / path).is_file() for path in paths.values())

    def _lay_generated(self) -> None:
        sound = self.generated["sound"]
        write_package(read_outline(REPOSITORY, CLAIMS), REPOSITORY, sound)
        for name in FAULTS:
            shutil.copytree(sound, self.generated[name])
            put_fault(contract(), self.generated[name], FAULTS[name], 0.7)
        broken = self.folder / "all-faults"
        shutil.copytree(sound, broken)
        for number, name in enumerate(ONE_LINE, start=1):
            put_fault(contract(), broken, FAULTS[name], number / 10)
        self.generated["all"] = broken

    def _lay_parquet(self) -> None:
        for name, package in (("sound", "sound"), ("parted", "all")):
            write_parquet(self.generated[package], self.parquet[name])
        file = self.parquet["parted"] / "generated-claims.parquet"
        pl.read_parquet(file).write_parquet(self.parquet["parted"] / "claims", partition_by="source_id")
        file.unlink()

    @cached_property
    def found(self) -> dict[str, list[Any]]:
        """What Spark finds, by group."""
        groups: dict[str, tuple[str, dict[str, int], list[Path]]] = {
            "corpus": ("csv", {}, [self.corpus[name] for name in self.laid]),
            "generated": ("csv", {}, list(self.generated.values())),
            "suspects": ("csv", {"judged": 0}, [self.generated["sound"], self.generated["all"]]),
            "excerpts": ("csv", {"whole": 0}, [self.generated["all"]]),
            "parquet": ("parquet", {}, list(self.parquet.values())),
            "broadcast": ("exchanges", {}, [self.generated["sound"]]),
            "hashed": ("exchanges", {"broadcast": 0}, [self.generated["sound"]]),
        }
        asked = [
            {"kind": kind, "limits": limits, "folders": list(map(str, folders))}
            for kind, limits, folders in groups.values()
        ]
        return dict(zip(groups, judged_on_spark(asked, self.folder), strict=True))


def write_parquet(package: Path, folder: Path) -> None:
    """Write the tables of a package as the bundle has them in Parquet."""
    folder.mkdir(parents=True)
    tables, findings = read_package(package, contract())
    assert findings == []
    for table in contract():
        schema = (package / schema_path(table.name)).read_bytes()
        data = parquet_bytes(table, tables[table.name], dataset_of(CLAIMS), schema)
        (folder / f"generated-{table.name}.parquet").write_bytes(data)


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    spark_python()
    return Judged(tmp_path_factory.mktemp("spark"))


def texts(judgement: dict[str, Any]) -> list[str]:
    return [each[0] for each in judgement["findings"]]


def by_the_plan(package: Path) -> list[str]:
    paths, _ = table_files(package, contract())
    return lines(judge_package(package, contract(), paths).findings)


def wrong_cells(package: Path) -> list[list[str]]:
    """What the plan finds in a package, without where it stands."""
    paths, _ = table_files(package, contract())
    found = judge_package(package, contract(), paths).findings
    return sorted([each.rule, each.table, each.row, each.column, each.value] for each in found)


@pytest.mark.parametrize("name", ALL_CASES)
def test_spark_finds_what_the_checks_find_in_the_corpus(name: str, judged: Judged) -> None:
    if name in judged.laid:
        found = judged.found["corpus"][judged.laid.index(name)]
        assert isinstance(found, str) or texts(found) == by_the_checks(judged.corpus[name])


def test_spark_reads_most_of_the_corpus_itself(judged: Judged) -> None:
    left = [found for found in judged.found["corpus"] if isinstance(found, str)]
    assert len(left) < len(judged.laid) / 10


@pytest.mark.parametrize("name", ["sound", "all", *ONE_LINE])
def test_spark_finds_what_the_plan_finds_in_generated_packages(name: str, judged: Judged) -> None:
    found = judged.found["generated"][list(judged.generated).index(name)]
    assert texts(found) == by_the_plan(judged.generated[name])
    assert bool(texts(found)) == (name != "sound")


def test_a_line_break_in_a_cell_is_left_to_the_strict_reader_in_words(judged: Judged) -> None:
    found = judged.found["generated"][list(judged.generated).index("line-break")]
    assert found == f"{data_path('claims')}: a record that is not as our own writer writes it"


def test_few_rows_are_suspect_and_none_of_a_sound_package(judged: Judged) -> None:
    sound, broken = judged.found["suspects"]
    assert sound["more"] == 0
    assert len(ONE_LINE) <= broken["more"] <= 4 * len(ONE_LINE)


def test_excerpts_taken_by_spark_give_the_same_findings(judged: Judged) -> None:
    (found,) = judged.found["excerpts"]
    assert texts(found) == by_the_plan(judged.generated["all"])


def test_parquet_gives_the_same_findings_located_by_file(judged: Judged) -> None:
    sound, broken = judged.found["parquet"]
    assert sound["findings"] == []
    assert sorted(each[1:] for each in broken["findings"]) == wrong_cells(judged.generated["all"])
    whole = [each for each in broken["findings"] if each[2] != "claims"]
    assert all(each[0].startswith(f"generated-{each[2]}.parquet: ") for each in whole)
    of_claims = [each[0] for each in broken["findings"] if each[2] == "claims"]
    assert whole and of_claims
    assert all(each.startswith("claims/source_id=SRC-") for each in of_claims)


def test_every_package_has_its_rows_counted(judged: Judged) -> None:
    paths, _ = table_files(judged.generated["sound"], contract())
    rows = {
        name: len(pl.read_csv(judged.generated["sound"] / path, infer_schema=False)) for name, path in paths.items()
    }
    assert judged.found["generated"][0]["rows"] == rows
    assert judged.found["parquet"][0]["rows"] == rows


def joins(found: list[str], table: str) -> Iterator[str]:
    return (each for each in found if each.startswith(f"{table}: "))


def test_small_tables_are_sent_to_every_worker_and_others_by_the_hash_of_the_key(judged: Judged) -> None:
    (small,), (large,) = judged.found["broadcast"], judged.found["hashed"]
    by_hash = "Exchange hashpartitioning(related_claim_id"
    assert not any(by_hash in each for each in joins(small, "claim_relations"))
    assert any(by_hash in each for each in joins(large, "claim_relations"))
    assert any("BroadcastExchange" in each for each in joins(small, "claim_relations"))


def test_a_folder_without_the_files_is_refused_in_words(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from russia_dprk_claims.spark.tables import find_parquet\n"
        "from russia_dprk_claims.contract import read_contract\n"
        "find_parquet(Path(sys.argv[1]), read_contract(Path(sys.argv[2])))"
    )
    (tmp_path / "x-actors.parquet").touch()
    (tmp_path / "y-actors.parquet").touch()
    command = [str(spark_python()), "-c", code, str(tmp_path), str(REPOSITORY / "schemas")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment()})
    assert done.stderr.splitlines()[-1] == (
        f"russia_dprk_claims.spark.errors.SparkInputError: {tmp_path}: one of actors.parquet, NAME-actors.parquet or a "
        "folder actors is needed, but there is x-actors.parquet, y-actors.parquet; give a folder with datapackage.json "
        "or with the Parquet files of all tables"
    )
