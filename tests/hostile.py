"""Inputs of about ten megabytes that try to use up time or memory, and their validation within limits.

Each is a kind of input, and not a file of the corpus, because the corpus lists every finding.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from conftest import REPOSITORY, record_hashes
from faultcases import contract, copy_package, copy_seeds, valid_package

SIZE = 10_000_000
SEED = 8_000_000  # a seed file is not larger
GIGABYTE, SECONDS = 1 << 30, 30
# A small process starts the other one, as the peak of a process counts what it was forked from.
LAUNCHED = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
done = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stdout.buffer.write(done.stdout)
sys.stderr.write(f"{done.returncode} {used.ru_maxrss * 1024} {used.ru_utime + used.ru_stime}")
"""


def filled(unit: bytes, size: int = SIZE) -> bytes:
    """Return a unit as often as it fits."""
    return unit * (size // len(unit))


def numbered(form: str, size: int) -> bytes:
    """Return a form with the numbers 0, 1, 2 and so on, up to a size."""
    return "".join(form.replace("@", str(number)) for number in range(size // len(form))).encode()


def several(begin: bytes, unit: bytes, each: int, files: int) -> Mapping[str, bytes]:
    """Return files that stay below the limit of one file, but not together."""
    return {f"seeds/more{number}.yaml": begin + unit * each for number in range(files)}


def table(name: str, rows: bytes) -> Mapping[str, bytes]:
    """Return a table with other rows."""
    return {f"data/{name}.csv": f"{','.join(contract()[name].columns)}\n".encode() + rows}


def descriptor(old: str, new: str) -> Mapping[str, bytes]:
    """Return the descriptor with something else."""
    return {"datapackage.json": valid_package()["datapackage.json"].replace(old.encode(), new.encode(), 1)}


def one(data: bytes, path: str = "seeds/more.yaml") -> Mapping[str, bytes]:
    """Return one file."""
    return {path: data}


_RELATION = "- {claim_id: SRC-0001-C@, related_claim_id: SRC-0001-C001, relation: qualifies, aspect: existence}\n"
_ACTOR = "ACT-a@,N,state,,,,,,\n"
SEEDS: Mapping[str, Callable[[], Mapping[str, bytes]]] = {
    "records without a cell": lambda: one(b"actors:\n" + filled(b"- {}\n", SEED)),
    "records without a cell in many files": lambda: several(b"claims:\n", b"- {}\n", 33_000, 60),
    "words in the place of records": lambda: several(b"claims:\n", b"- a\n", 290_000, 8),
    "nothings in the place of records": lambda: one(b"actors:\n" + filled(b"- \n", SEED)),
    "mappings in one line": lambda: one(b"actors: [" + filled(b"{},", SEED) + b"]"),
    "unknown tables": lambda: {f"seeds/m{n}.yaml": numbered("k@: x\n", 700_000) for n in range(12)},
    "unknown columns": lambda: {f"seeds/m{n}.yaml": b"actors:\n" + numbered("- {k@: x}\n", 300_000) for n in range(30)},
    "one key again and again": lambda: one(filled(b"a: 1\n", SEED)),
    "dangling references": lambda: one(b"claim_relations:\n" + numbered(_RELATION, 3_000_000)),
    "lines of a file of hashes": lambda: one(b"span,span_sha256\n" + filled(b"\n", SEED), "seeds/seals/SRC-0001.csv"),
    "released ids": lambda: one(b"table,id,successor\n" + filled(b"claims,x,\n", SEED), "seeds/released.csv"),
    "keys of the description": lambda: one(numbered("k@: x\n", SEED), "seeds/dataset.yaml"),
    "files": lambda: {f"seeds/x{n}.yaml": b"" for n in range(10_001)},
}
PACKAGES: Mapping[str, Callable[[], Mapping[str, bytes]]] = {
    "empty lines": lambda: table("actors", filled(b"\n")),
    "empty lines alone": lambda: one(filled(b"\n"), "data/actors.csv"),
    "rows of empty cells": lambda: table("claims", filled(b"," * (len(contract()["claims"].columns) - 1) + b"\n")),
    "short rows of empty cells": lambda: table("claim_agreements", filled(b",,\n")),
    "a header of 32,000 columns": lambda: one(numbered("column@,", 32_000 * 8), "data/actors.csv"),
    "a header of millions of columns": lambda: one(filled(b"a,"), "data/actors.csv"),
    "a row of millions of cells": lambda: table("actors", filled(b"a,")),
    "one key in every row": lambda: table("actors", filled(b"ACT-a,N,state,,,,,,\n")),
    "wrong words": lambda: table("actors", numbered("ACT-a@,N,stat@,,,,,,\n", SIZE)),
    "dangling parents": lambda: table("actors", numbered("ACT-a@,N,state,,ACT-b@,,,,\n", SIZE)),
    "rows that break a rule": lambda: table("actors", numbered(_ACTOR, SIZE)),
    "a chain of parents": lambda: table(
        "actors", "".join(f"ACT-a{n},N,state,,ACT-a{n + 1},,,,\n" for n in range(250_000)).encode()
    ),
    "wide characters": lambda: table("actors", "😀".encode() + filled(b"\n")),
    "a cell of millions of characters": lambda: table("actors", b"ACT-a," + filled(b"x") + b",state,,,,,,\n"),
    "large cells in every column": lambda: table("events", b",".join([b"1" * 900_000] * 8) + b"\n"),
    "resources": lambda: one(
        b'{"version": "1.0.0", "resources": [' + filled(b'{"name": "actor"},', SEED) + b"{}]}", "datapackage.json"
    ),
    "keys of a dialect": lambda: descriptor('"delimiter": ",",', numbered('"k@": 0,', SEED).decode()),
    "licences": lambda: descriptor('"licenses": [', '"licenses": [' + '{"path": "x:"},' * 500_000),
    "numbers of a descriptor": lambda: one(b'{"a": [' + filled(b"1,", SEED) + b"1]}", "datapackage.json"),
}


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, its output, its peak memory in bytes, and its CPU time."""

    returncode: int
    printed: str
    peak: int
    seconds: float


def lay(case: str, root: Path) -> bool:
    """Put a hostile input under `root`; return whether it is one of the seeds."""
    in_seeds = case in SEEDS
    copy_package(root)
    if in_seeds:
        copy_seeds(root)
    for path, data in (SEEDS | PACKAGES)[case]().items():  # type: ignore[operator]
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)
    if (root / "datapackage.json").read_bytes() == valid_package()["datapackage.json"]:
        record_hashes(root)  # a wrong hash would end the checks early
    return in_seeds


def validate(case: str, root: Path) -> Ended:
    """Validate a hostile input, and assert that it stays within a gigabyte; too much CPU time ends the process."""
    in_seeds = lay(case, root)
    target = ["--project", str(root)] if in_seeds else [str(root), "--project", str(REPOSITORY)]
    ended = bounded(REPOSITORY / "scripts" / "validate.py", *target)
    shutil.rmtree(root)
    assert ended.peak < GIGABYTE, f"{case}: {ended.peak >> 20} MB"
    return ended


def bounded(*command: str | Path) -> Ended:
    """Run a Python program with a limit on its CPU time."""
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHED, str(SECONDS), sys.executable, *map(str, command)],
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "2"},
    )
    code, peak, seconds = done.stderr.split()[-3:]
    return Ended(int(code), done.stdout.decode("utf-8"), int(peak), float(seconds))


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file, compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return out.getvalue()
