"""Does to a project what attackers and accidents do: kills, full disks, hostile inputs, odd paths; prints what it did.

    .venv/bin/python tests/torture.py            everything, a few minutes
    .venv/bin/python tests/torture.py --short    every fifth case, for `make test-all`

It works in temporary folders, needs no text, and exits 1 if a promise of SECURITY.md is broken.
"""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import hostile
from conftest import REPOSITORY, record_hashes
from faultcases import contract, copy_package, copy_seeds, valid_package

from curation.write import UNFINISHED, torn_tables, write_files
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.package import DESCRIPTOR, data_path, open_package

KILLS = 100
ODD_NAMES = ("a[1]", "a?", "a*", "a#b", "a%20b", "it's", 'a"b', "-project", "a\nb", " a ", "ä", "a;b&c", "${HOME}", "~")
# Ends itself at the call of that number among those that write, rename or remove a file.
KILLED = """
import os, pathlib, signal, sys
left = int(sys.argv[1])
def killing(function):
    def call(*arguments, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)
    return call
os.fsync = killing(os.fsync)
pathlib.Path.replace, pathlib.Path.unlink = killing(pathlib.Path.replace), killing(pathlib.Path.unlink)
sys.path.insert(0, sys.argv[2])
from curation.write import write_files
root, new = map(pathlib.Path, sys.argv[3:5])
files = {path.relative_to(new).as_posix(): path.read_bytes() for path in new.rglob("*") if path.is_file()}
write_files(root, files, ["data/stray.csv"])
"""


class BrokenPromiseError(Exception):
    """A promise of SECURITY.md does not hold."""


def expect(holds: bool, what: str) -> None:
    """Stop unless something holds."""
    if not holds:
        raise BrokenPromiseError(what)


def tables_read(root: Path) -> Mapping[str, bytes] | None:
    """Return what a reader gets of all tables, or None if it refuses them."""
    try:
        package = open_package(root)
        return {name: package.read_table(name) for name in contract().tables}
    except DamagedDataError as error:
        message = str(error)
        expect("incomplete build" in message or "missing" in message, message)
        return None


def packages(folder: Path) -> tuple[Path, Path]:
    """Return two packages in which every table differs."""
    old, new = folder / "old", folder / "new"
    for root in (old, new):
        copy_package(root)
        shutil.rmtree(root / "schemas")
    for path in (new / "data").iterdir():
        path.write_bytes(path.read_bytes() + b"one row more\n")
    record_hashes(new)
    # More files to rename between the tables and the descriptor, so that a hundred steps end behind the last.
    shutil.copytree(REPOSITORY / "schemas", new / "docs")
    return old, new


def kills(short: bool) -> Iterator[str]:
    """Kill a build at each step of its writing: no reader takes a mix for a dataset, and the next build repairs it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        old, new = packages(folder)
        wanted = [{path: (root / data_path(path)).read_bytes() for path in contract().tables} for root in (old, new)]
        seen = {"old": 0, "new": 0, "refused": 0}
        steps = range(0, KILLS, 5 if short else 1)
        for step in steps:
            root = folder / f"project-{step}"
            shutil.copytree(old, root)
            (root / "data" / "stray.csv").write_bytes(b"x\n")
            command = [sys.executable, "-c", KILLED, str(step), str(REPOSITORY / "src"), str(root), str(new)]
            ended = subprocess.run(command, check=False, capture_output=True).returncode
            expect(ended in {0, -signal.SIGKILL}, f"kill {step}: exit code {ended}")
            read = tables_read(root)
            expect(read is None or read in wanted, f"kill {step}: a mix was read")
            expect(read is not None or bool(torn_tables(root)), f"kill {step}: a mix was not reported")
            seen["refused" if read is None else "old" if read == wanted[0] else "new"] += 1
            files = {path.relative_to(new).as_posix(): path.read_bytes() for path in new.rglob("*") if path.is_file()}
            write_files(root, files, ["data/stray.csv"])
            left = [path.name for path in root.rglob(f"*{UNFINISHED}")]
            expect(not left and tables_read(root) == wanted[1], f"kill {step}: not repaired")
            shutil.rmtree(root)
        yield f"{len(steps)} kills: {', '.join(f'{name} {number}' for name, number in seen.items())}"


def project(root: Path) -> Path:
    """Make the small project with its contract, not yet built."""
    copy_seeds(root)
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    return root


def command(script: str, *arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the project in a process of its own."""
    line = [sys.executable, str(REPOSITORY / "scripts" / f"{script}.py"), *map(str, arguments)]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        line, check=False, capture_output=True, text=True, errors="replace", env=environment, **options
    )


def content(root: Path) -> dict[str, bytes]:
    """Return the files of a folder by path."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def full_disks(short: bool) -> Iterator[str]:
    """Let the disk be full at several sizes: the build names the file, changes nothing and leaves nothing."""
    with tempfile.TemporaryDirectory() as name:
        root = project(Path(name) / "project")
        expect(command("build", "--project", root).returncode == 0, "the project was not built")
        record = root / "seeds" / "sources" / "SRC-0001.yaml"
        record.write_text(record.read_text(encoding="utf-8").replace("was fish.", "was cod."), encoding="utf-8")
        before = content(root)
        for size in (1, 500, 1200)[: 1 if short else 3]:
            limit = (size, size)
            done = command(
                "build",
                "--project",
                root,
                preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
            )
            told = done.stderr.startswith("error: File too large: ") and UNFINISHED in done.stderr
            expect(done.returncode == 2 and told, f"{size} bytes: {done.returncode} {done.stderr}")
            expect(content(root) == before, f"{size} bytes: files changed")
            yield f"a disk with room for {size} bytes: {done.stderr.strip().replace(str(root), '…')}"


def hostile_inputs(short: bool) -> Iterator[str]:
    """Validate ten megabytes of each kind, each within 30 seconds of CPU time and a gigabyte."""
    cases = [*hostile.SEEDS, *hostile.PACKAGES]
    with tempfile.TemporaryDirectory() as name:
        for number, case in enumerate(cases[:: 8 if short else 1]):
            done = hostile.validate(case, Path(name) / str(number))
            expect(done.returncode == 1 and "Traceback" not in done.printed, f"{case}: {done.printed[-300:]}")
            yield f"{case}: {done.seconds:.1f} s, {done.peak >> 20} MB, {done.printed.count(chr(10))} lines"


def odd_paths(short: bool) -> Iterator[str]:
    """Build and validate a project in folders with odd names."""
    with tempfile.TemporaryDirectory() as name:
        for odd in ODD_NAMES[:: 5 if short else 1]:
            root = project(Path(name) / odd / "project")
            for script, arguments in (("build", ()), ("build", ("--check",)), ("validate", ()), ("validate", (root,))):
                done = command(script, *arguments, "--project", root)
                expect(done.returncode == 0, f"{odd!r}: {script}: {done.stdout}{done.stderr}")
            yield f"{odd!r}: built and validated"


def two_at_once(_: bool) -> Iterator[str]:
    """Run three builds of one project at the same time: all succeed."""
    with tempfile.TemporaryDirectory() as name:
        root = project(Path(name) / "project")
        line = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(root)]
        running = [subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        ended = [(*each.communicate(), each.returncode) for each in running]
        expect(all(code == 0 for *_, code in ended), str(ended))
        waited = sum("waiting for another command" in error for _, error, _ in ended)
        descriptor = json.loads((root / DESCRIPTOR).read_bytes())
        expect(tables_read(root) is not None and descriptor["version"] == "0.1.0", "the tables are a mix")
        yield f"three builds at once: {waited} waited for another"


TORTURES: tuple[Callable[[bool], Iterator[str]], ...] = (kills, full_disks, two_at_once, odd_paths, hostile_inputs)


def main(short: bool) -> int:
    """Run everything and print what happened; return the exit code."""
    for torture in TORTURES:
        began = time.perf_counter()
        print(f"{torture.__name__.replace('_', ' ')}: {(torture.__doc__ or '').strip()}")
        try:
            for line in torture(short):
                print(f"  {line}", flush=True)
        except BrokenPromiseError as error:
            print(f"  BROKEN: {error}")
            return 1
        print(f"  ({time.perf_counter() - began:.0f} s)")
    return 0


if __name__ == "__main__":
    assert valid_package()
    sys.exit(main("--short" in sys.argv))
