"""Time the commands on copies of the seed records, and print a Markdown table.

    python tools/bench.py            the dataset as it is, and ten times as much
    python tools/bench.py 1 10 100   other numbers of copies

Each copy has identifiers of its own. Whole processes are measured, in turn, and the median of three runs is printed:
wall time, CPU time and peak memory. The source texts are not used, as a copy of a record has no text.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
SCRIPTS = REPOSITORY / "scripts"
REPEATS = 3
# The command that all others are compared with.
BASELINE = "frictionless validate"
SOURCE_ID = re.compile(r"\bSRC-([0-9]{4})")
# The contract holds these to be unique to a text.
TEXT_PROPERTIES = re.compile(r"^text_(?:name|sha256): .*$", re.MULTILINE)


class Command(NamedTuple):
    """A process to measure: its arguments, and where Python finds modules first."""

    arguments: tuple[str, ...]
    modules: Path = REPOSITORY / "src"


class Cost(NamedTuple):
    """What one process took: seconds of wall and CPU time, and MB of memory at its peak."""

    wall: float
    cpu: float
    peak: float


# --- the load ---------------------------------------------------------------------------------------------------------


def make_project(root: Path, copies: int) -> None:
    """Write a project with copies of all sources and relations, its tables, and the loader beside them."""
    for folder in ("seeds", "schemas", "src/russia_dprk_claims"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("texts", "__pycache__"))
    sources = sorted((REPOSITORY / "seeds" / "sources").iterdir())
    relations = (REPOSITORY / "seeds" / "relations.yaml").read_text(encoding="utf-8")
    _, _, rows = relations.partition("\nclaim_relations:\n")
    for copy in range(1, copies):
        shift = copy * len(sources)
        relations += renumbered(rows, shift)
        for path in sources:
            copy_source(root / "seeds", path, shift)
    (root / "seeds" / "relations.yaml").write_text(relations, encoding="utf-8")
    run_checked(Command((sys.executable, str(SCRIPTS / "build.py"), "--project", str(root))))


def renumbered(text: str, shift: int) -> str:
    """Add a number to every identifier of a source, and so to those of its claims."""
    return SOURCE_ID.sub(lambda found: f"SRC-{int(found[1]) + shift:04}", text)


def copy_source(seeds: Path, path: Path, shift: int) -> None:
    """Write a source once more under another identifier, with the hashes of its passages."""
    name = renumbered(path.stem, shift)
    digest = hashlib.sha256(name.encode()).hexdigest()
    text = renumbered(path.read_text(encoding="utf-8"), shift)
    text = TEXT_PROPERTIES.sub("", text) + f"\ntext_name: {name}.txt\ntext_sha256: {digest}\n"
    (seeds / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
    shutil.copyfile(seeds / "seals" / f"{path.stem}.csv", seeds / "seals" / f"{name}.csv")


def claims_of(root: Path) -> int:
    """Count the claims of a project."""
    return (root / "data" / "claims.csv").read_bytes().count(b"\n") - 1


# --- the commands -----------------------------------------------------------------------------------------------------


def commands(root: Path) -> dict[str, Command]:
    """Return the commands to measure on a project, by the words that the table has for them."""

    def script(name: str, *options: str) -> Command:
        return Command((sys.executable, str(SCRIPTS / name), *options, "--project", str(root)))

    def loader(expression: str) -> Command:
        program = f"import russia_dprk_claims as rdc; rdc.{expression}"
        return Command((sys.executable, "-c", program), root / "src")

    frictionless = (sys.executable, "-m", "frictionless", "validate", str(root / "datapackage.json"))
    return {
        BASELINE: Command(frictionless),
        "`validate.py`": script("validate.py"),
        "`validate.py --no-frictionless`": script("validate.py", "--no-frictionless"),
        "`build.py --check`": script("build.py", "--check"),
        '`load("claims")`': loader("load('claims')"),
        "`estimates()`": loader("estimates()"),
        "`conflicts()`": loader("conflicts()"),
        "`import pandas`": Command((sys.executable, "-c", "import pandas")),
        "`import pandera.polars`": Command((sys.executable, "-c", "import pandera.polars")),
    }


def run_checked(command: Command) -> Cost:
    """Run a command and measure it; what it prints is shown only if it fails."""
    # Without the texts, as copies have none.
    environment = {name: value for name, value in os.environ.items() if name != "SEED_TEXTS"}
    environment["PYTHONPATH"] = str(command.modules)
    with TemporaryDirectory() as folder, (Path(folder) / "output").open("w+b") as output:
        began = time.perf_counter()
        process = subprocess.Popen(command.arguments, stdout=output, stderr=output, env=environment, cwd=folder)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command.arguments)} failed:\n{output.read().decode(errors='replace')}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)


def measure(subjects: Mapping[str, Command]) -> dict[str, Cost]:
    """Return the median cost of each command; they take turns, so that a busy moment spoils one run of each."""
    rounds = [{name: run_checked(command) for name, command in subjects.items()} for _ in range(REPEATS)]
    return {name: Cost(*map(median, zip(*(each[name] for each in rounds), strict=True))) for name in subjects}


# --- the table --------------------------------------------------------------------------------------------------------


def table(claims: int, costs: Mapping[str, Cost]) -> Iterator[str]:
    """Yield the lines of the Markdown table for one number of claims."""
    yield f"| {claims:,} claims | wall, s | CPU, s | × {BASELINE} | peak, MB |"
    yield "|---|--:|--:|--:|--:|"
    for name, cost in costs.items():
        ratio = cost.cpu / costs[BASELINE].cpu
        yield f"| {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {ratio:.2f} | {cost.peak:.0f} |"


def main(numbers: list[str]) -> None:
    """Measure with each number of copies."""
    for copies in [int(each) for each in numbers] or [1, 10]:
        with TemporaryDirectory() as folder:
            root = Path(folder) / "project"
            make_project(root, copies)
            print(*table(claims_of(root), measure(commands(root))), "", sep="\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
