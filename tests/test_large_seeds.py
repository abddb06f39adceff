"""Large seeds are read by several processes, with the same rows, locations, findings and files as by one."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY

from curation.generate import build
from curation.project import read_project
from curation.seeds import tables
from curation.seeds.files import SeedFiles, read_seed_files
from curation.seeds.tables import SeedSet, read_seeds
from russia_dprk_claims.checks.findings import in_order
from russia_dprk_claims.checks.run import run_rules, with_pandera, with_polars
from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.files import LIMITS, Limits

sys.path.insert(0, str(REPOSITORY / "tools"))
from bench import make_project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process reads all seeds")

# One fault of each kind: of a file, of YAML, of records, and of cells.
FAULTS = {
    "seeds/more.yaml": b"claim_relations: 5\nclaimz:\n- {}\norigins:\n- 7\n- {origin_id: ORI-x, label: [a]}\n",
    "seeds/sources/SRC-0003.yaml": b"source_id: SRC-0003\nclaims:\n- claim_id: C001\n  claim_text: 'never closed\n",
    "seeds/sources/SRC-0008.yaml": b"source_id: SRC-0099\nlabel: x # y\nclaims:\n- {quote: a}\n- {draft: x}\n",
    "seeds/sources/SRC-0010.yaml": b"claims:\n- {}\n",
    "seeds/sources/SRC-0011.yaml": b"\xff\n",
    "seeds/sources/SRC-0012.yml": b"a: b\n",
    "seeds/sources/SRC-0013.yaml": b"source_id: a/b\nlabel: 1\nlabel: 2\n",
    "seeds/sources/SRC-0014.yaml": b"source_id: SRC-0014\nlabel: &a x\n",
    "seeds/zebras/x.yaml": b"a: b\n",
}


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with four copies of the sources and relations, without its texts."""
    root = tmp_path_factory.mktemp("copies") / "project"
    make_project(root, 4)
    return root


# Polars, which the tests import, starts threads, beside which no process is forked.
PRELUDE = """
import os, pickle, signal, sys
from pathlib import Path
from curation.seeds import tables
tables.LARGE = 0
globals().update(pickle.load(sys.stdin.buffer))
tables.LIMITS = limits
assert tables._can_fork()
"""


def run_several(script: str, limits: Limits = LIMITS, **values: object) -> subprocess.CompletedProcess[bytes]:
    """Run a script that has some values, in which any seeds are large, and that has no threads yet."""
    data = pickle.dumps({"limits": limits, **values})
    command = [sys.executable, "-c", PRELUDE + script]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=100)


def by_several(script: str, **values: Any) -> Any:
    """Return what such a script calls `result`."""
    done = run_several(f"{script}\npickle.dump(result, sys.stdout.buffer)", **values)
    assert (done.returncode, done.stderr) == (0, b"")
    return pickle.loads(done.stdout)  # noqa: S301


def places(table: TextTable) -> list[object]:
    """Return the location of every row and cell of a table."""
    return [table.locator.locate(row, column) for row in range(len(table)) for column in (None, *table.cells)]


def assert_same(files: SeedFiles, contract: Contract, limits: Limits = LIMITS) -> SeedSet:
    """Assert that one process and several read the same; return what they read."""
    one = read_seeds(files, contract)
    script = "result = tables.read_seeds(files, contract)"
    several = by_several(script, files=files, contract=contract, limits=limits)
    assert one.findings == several.findings
    assert vars(one.unread) == vars(several.unread)
    for name, table in one.tables.items():
        assert table.cells == several.tables[name].cells
        assert places(table) == places(several.tables[name])
    return one


def test_no_command_starts_threads_before_it_reads_the_seeds() -> None:
    script = """
from curation import generate, record_review, validate
from curation.bundle import inputs
from curation.release import check, prepare
assert tables._can_fork()
"""
    done = run_several(script)
    assert (done.returncode, done.stderr) == (0, b"")


def test_several_processes_read_the_same_faults_in_the_same_order(copies: Path, contract: Contract) -> None:
    files, _ = read_seed_files(copies)
    repeated = {
        "seeds/sources/SRC-0020.yaml": files["seeds/sources/SRC-0001.yaml"],
        "seeds/sources/SRC-0016.yaml": None,
    }
    seeds = assert_same(dict(sorted({**files, **FAULTS, **repeated}.items())), contract)
    assert {each.location.path for each in seeds.findings} == {*FAULTS, *repeated}
    rules = {"repeated-file", "unreadable-file", "yaml-syntax", "not-utf-8", "wrong-type", "unknown-key", "file-name"}
    assert rules | {"duplicate-key", "yaml-comment", "unsealed-quote", "unaccepted-draft"} <= {
        each.rule for each in seeds.findings
    }


@pytest.mark.parametrize("records", [0, 200, 1_500])
def test_several_processes_stop_at_the_same_record(
    records: int, copies: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(LIMITS, records=records, record=sys.maxsize)
    monkeypatch.setattr(tables, "LIMITS", limits)
    seeds = assert_same(read_seed_files(copies)[0], contract, limits)
    assert [each.rule for each in seeds.findings] == ["file-size"]
    nested = sum(len(each) for each in seeds.tables.values()) - len(seeds.tables["sources"])
    assert (nested, seeds.unread.too_many) == (records, True)


def test_several_processes_stop_at_the_same_error(copies: Path, contract: Contract) -> None:
    wrong = {f"seeds/wrong{number}.yaml": b"origins:\n" + b"- %d\n" % number * 400 for number in range(5)}
    seeds = assert_same({**read_seed_files(copies)[0], **wrong}, contract)
    assert seeds.findings[-1].message == "there are more errors in this file"
    assert {each.location.path for each in seeds.findings} == {f"seeds/wrong{number}.yaml" for number in range(3)}


def test_several_processes_build_the_same_files(copies: Path) -> None:
    script = """
from curation.project import read_project
project = read_project(copies)
from curation.generate import build
result = build(project)
"""
    one = build(read_project(copies))
    assert one == by_several(script, copies=copies)
    assert one.files["data/claims.csv"].count(b"\n") > 1_400


@pytest.mark.parametrize("broken", [0, 3])
def test_the_rules_find_the_same_without_pandera(copies: Path, broken: int) -> None:
    project = read_project(copies)
    cells = project.tables["claims"].cells
    for row in range(broken):
        cells["char_start"][row], cells["char_end"][row] = cells["char_end"][row], cells["char_start"][row]
    with_both = [run_rules(project.contract, project.tables, find_broken=each) for each in (with_pandera, with_polars)]
    assert in_order(with_both[0]) == in_order(with_both[1])
    assert len({each.row for each in with_both[1]}) >= broken
    assert bool(with_both[1]) == bool(broken)


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "[0] * sys.maxsize"])
def test_a_process_that_is_ended_is_an_error_in_one_line(end: str, copies: Path) -> None:
    script = f"""
from curation.cli import errors_in_one_line
from curation.project import read_project
tables.read_records = lambda *_: {end}
with errors_in_one_line():
    read_project(copies)
"""
    done = run_several(script, copies=copies)
    assert done.returncode == 2
    assert done.stderr.decode() == "error: a process that read seed files was ended: there may be too little memory\n"


def test_no_process_outlives_the_one_that_started_it(copies: Path, contract: Contract) -> None:
    script = "finish = tables.start_reading(files, contract); os.kill(os.getpid(), signal.SIGKILL)"
    # They have its output, which is waited for.
    done = run_several(script, files=read_seed_files(copies)[0], contract=contract)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGKILL, b"", b"")
