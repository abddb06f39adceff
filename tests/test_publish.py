"""Publishing takes effect all or not at all, wherever the program is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import REPOSITORY, Script

from curation.publish import READY, STAGE, begin, finish, publish

OLD = {"data/a.csv": b"old a\n", "data/b.csv": b"old b\n", "datapackage.json": b"old\n"}
NEW = {"data/a.csv": b"new a\n", "data/c.csv": b"new c\n", "datapackage.json": b"new\n"}


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and STAGE not in path.parts
    }


def test_new_files_replace_old_ones_and_obsolete_ones_go(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    publish(tmp_path, NEW, ["data/b.csv"])
    assert files(tmp_path) == NEW
    assert not (tmp_path / STAGE).exists()


def test_files_that_wait_in_the_stage_or_elsewhere_are_moved_into_place(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    publish(root, OLD)
    stage = begin(root)
    (stage / "data").mkdir()
    (stage / "data" / "a.csv").write_bytes(NEW["data/a.csv"])
    (stage / "rows").mkdir()
    elsewhere.write_bytes(NEW["data/c.csv"])
    waiting: dict[str, bytes | Path] = {**NEW, "data/a.csv": stage / "data" / "a.csv", "data/c.csv": elsewhere}
    publish(root, waiting, ["data/b.csv"])
    assert files(root) == NEW
    assert not (root / STAGE).exists()


def test_a_file_that_waits_no_more_leaves_the_old_ones(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    stage = begin(tmp_path)
    with pytest.raises(FileNotFoundError):
        publish(tmp_path, {"datapackage.json": b"new\n", "data/a.csv": stage / "data" / "a.csv"}, ["data/b.csv"])
    finish(tmp_path)
    assert files(tmp_path) == OLD


KILLED = """
import os, pathlib, shutil, sys
from curation import publish as module

root, step = pathlib.Path(sys.argv[1]), int(sys.argv[2])
new = {"data/a.csv": b"new a\\n", "data/c.csv": b"new c\\n", "datapackage.json": b"new\\n"}
left = step

def killing(function):
    def wrapper(*arguments, **options):
        global left
        if left == 0:
            os._exit(9)
        left -= 1
        return function(*arguments, **options)
    return wrapper

os.fsync = killing(os.fsync)
pathlib.Path.replace = killing(pathlib.Path.replace)
pathlib.Path.unlink = killing(pathlib.Path.unlink)
shutil.rmtree = killing(shutil.rmtree)
module.publish(root, new, ["data/b.csv"])
"""


def test_killed_at_any_step_the_next_run_finds_all_old_or_all_new(tmp_path: Path) -> None:
    seen: list[dict[str, bytes]] = []
    for step in range(40):
        root = tmp_path / str(step)
        publish(root, OLD)
        done = subprocess.run([sys.executable, "-c", KILLED, str(root), str(step)], check=False)
        finish(root)
        assert files(root) in (OLD, NEW), f"a mix after a kill at step {step}"
        assert not (root / STAGE).exists()
        seen.append(files(root))
        if done.returncode == 0:
            break
        assert done.returncode == 9
    assert done.returncode == 0, "the last run was not killed"
    assert OLD in seen and NEW in seen
    assert len(seen) > 8


def test_a_build_after_a_kill_says_nothing_odd(harbour: Path, script: Script) -> None:
    first = script("build")
    stage = harbour / STAGE / "data"
    stage.mkdir(parents=True)
    (stage / "claims.csv").write_bytes(b"half written")
    again = script("build")
    assert again.returncode == 0
    assert again.stderr == ""
    assert again.stdout == first.stdout.replace("written:", "unchanged:")
    assert not (harbour / STAGE).exists()


@pytest.mark.parametrize("delay", [0.05, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2])
def test_a_killed_build_leaves_all_old_or_all_new(harbour: Path, script: Script, delay: float) -> None:
    assert script("build").returncode == 0
    old = files(harbour)
    record = harbour / "seeds" / "sources" / "SRC-0001.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace("was fish.", "was dried fish."), encoding="utf-8")
    changed = {record.relative_to(harbour).as_posix(): record.read_bytes()}
    command = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(harbour)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    # Killed among the moves, it leaves them to whoever comes next.
    finish(harbour)
    after = files(harbour)
    assert script("build").returncode == 0
    assert after in ({**old, **changed}, files(harbour))


def test_an_interrupt_waits_until_the_files_are_in_place(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import os, pathlib, signal, sys
        from curation import publish as module
        # Where the tests run in the background, an interrupt is ignored from the start.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        replace = pathlib.Path.replace
        def interrupted(*arguments):
            os.kill(os.getpid(), signal.SIGINT)
            return replace(*arguments)
        pathlib.Path.replace = interrupted
        module.publish(pathlib.Path(sys.argv[1]), {"a": b"new", "b": b"new"})
        """
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, capture_output=True, text=True)
    assert "KeyboardInterrupt" in done.stderr
    assert files(tmp_path) == {"a": b"new", "b": b"new"}


def test_a_full_disk_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, OLD)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        publish(tmp_path, NEW)
    assert files(tmp_path) == OLD
    assert not (tmp_path / STAGE / READY).exists()
