"""Other processes read what this one would read; where they end, it goes on, and where it ends, they do."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from test_large import lay_port

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.seeds.batches import Batch, in_batches, read_batch
from russia_dprk_claims.seeds.kept import KeptBatch
from russia_dprk_claims.seeds.parallel import read_batches
from russia_dprk_claims.seeds.records import SeedFile, seed_files


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    root = lay_port(tmp_path / "port", 8)
    (root / "seeds" / "sources" / "SRC-0003.yaml").write_text("source_id: [", encoding="utf-8")
    return root / "seeds"


def one_each(seeds: Path, contract: Contract) -> list[list[SeedFile]]:
    return [[file] for file in seed_files(seeds, contract)[0]]


def same(some: Batch | KeptBatch, other: Batch) -> bool:
    names = [name for name in other.frames if other.total(name)]
    return some.files == other.files and all(some.frame(name).equals(other.frame(name)) for name in names)


def test_other_processes_read_what_this_one_does_in_the_same_order(seeds: Path, contract: Contract) -> None:
    batches = one_each(seeds, contract)
    read = list(read_batches(contract, seeds, batches, 2))
    assert all(same(batch, read_batch(contract, seeds, files)) for batch, files in zip(read, batches, strict=True))
    assert [file.name for batch in read for file in batch.files if not file.sound] == ["seeds/sources/SRC-0003.yaml"]


def test_what_is_to_be_kept_is_on_the_disk_and_no_row_is_held(seeds: Path, contract: Contract, tmp_path: Path) -> None:
    batches = one_each(seeds, contract)
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        read = list(read_batches(contract, seeds, batches, processes, folder))
        # What a batch takes up as it passes between processes does not grow with its rows.
        assert max(len(pickle.dumps(batch)) for batch in read) < 700
        assert all(isinstance(batch, KeptBatch) and batch.place.parent == folder for batch in read)
        assert all(same(batch, read_batch(contract, seeds, files)) for batch, files in zip(read, batches, strict=True))
        assert [batch.sound for batch in read].count(False) == 1


def test_what_killed_processes_have_not_read_is_read_here(seeds: Path, contract: Contract) -> None:
    batches = one_each(seeds, contract)
    reading = read_batches(contract, seeds, batches, 2)
    read = [next(reading)]
    for process in multiprocessing.active_children():
        process.kill()
    read += reading
    assert [file.name for batch in read for file in batch.files] == [file.name for files in batches for file in files]
    assert all(same(batch, read_batch(contract, seeds, files)) for batch, files in zip(read, batches, strict=True))


def test_other_processes_end_with_the_one_that_they_read_for(seeds: Path, tmp_path: Path) -> None:
    program = tmp_path / "reading.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import multiprocessing, time
            from pathlib import Path
            from russia_dprk_claims.contract import read_contract
            from russia_dprk_claims.seeds.parallel import read_batches
            from russia_dprk_claims.seeds.records import seed_files

            if __name__ == "__main__":
                seeds = Path({str(seeds)!r})
                contract = read_contract(seeds.parent / "schemas")
                reading = read_batches(contract, seeds, [[file] for file in seed_files(seeds, contract)[0]], 2)
                next(reading)
                print(*[each.pid for each in multiprocessing.active_children()], flush=True)
                time.sleep(60)
            """
        ),
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        others = [int(each) for each in process.stdout.readline().split()]
        process.kill()
    assert len(others) == 2
    until = time.monotonic() + 30
    while any(is_running(each) for each in others):
        assert time.monotonic() < until, "a process goes on for nobody"
        time.sleep(0.05)


def is_running(process: int) -> bool:
    try:
        os.kill(process, signal.SIGCONT)
        # One that has ended and whose end nobody has taken note of yet is not running any more.
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_batches_hold_all_files_in_order_and_are_cut_by_size(seeds: Path, contract: Contract) -> None:
    files = seed_files(seeds, contract)[0]
    batches = list(in_batches(files, 5000))
    assert [file for batch in batches for file in batch] == files
    sizes = [[file.path.stat().st_size for file in batch] for batch in batches]
    assert all(sum(each[:-1]) < 5000 <= sum(each) for each in sizes[:-1])
