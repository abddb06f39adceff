"""Time commands and builds on copies of the seed records, or engines on copies of the package; print Markdown tables.

    python tools/bench.py                      the commands: the dataset as it is, and ten times as much
    python tools/bench.py 1 10 100             other numbers of copies
    python tools/bench.py --engines 28 270     the engines, on about ten and a hundred thousand claims
    python tools/bench.py --builds 27 270      `build.py`, on seed records of about ten and a hundred thousand claims

Each copy has identifiers of its own. Whole processes are measured, in turn, and the median of three runs is printed:
wall time, CPU time and peak memory. The source texts are not used, as a copy of a record has no text.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from russia_dprk_claims.package import installed

REPOSITORY = Path(__file__).resolve().parents[1]
SCRIPTS = REPOSITORY / "scripts"
REPEATS = 3
# The command that all others are compared with.
BASELINE = "frictionless validate"
SOURCE_ID = re.compile(r"\bSRC-([0-9]{4})")
# The tables whose rows belong to a source.
COPIED = {
    each.name for each in installed().contract if each.name == "sources" or each.nested_in in {"sources", "claims"}
}
# In the sources: the hashes of their texts.
TEXT_HASH = re.compile(r"(?<=,)[0-9a-f]{64}(?=,)")
# The contract holds these to be unique to a text.
TEXT_PROPERTIES = re.compile(r"^text_(?:name|sha256): .*$", re.MULTILINE)


class Cost(NamedTuple):
    """What one process took: seconds of wall and CPU time, and MB of memory at its peak."""

    wall: float
    cpu: float
    peak: float


def make_project(root: Path, copies: int) -> None:
    """Write a project with copies of all sources and relations, its tables, and the program beside them."""
    for folder in ("seeds", "schemas", "src"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("texts", "__pycache__"))
    sources = sorted((REPOSITORY / "seeds" / "sources").iterdir())
    relations = (REPOSITORY / "seeds" / "relations.yaml").read_text(encoding="utf-8")
    for copy in range(1, copies):
        shift = copy * len(sources)
        copied_relations = renumbered(relations, shift)
        (root / "seeds" / f"relations-{copy:04}.yaml").write_text(copied_relations, encoding="utf-8")
        for path in sources:
            name = renumbered(path.stem, shift)
            digest = hashlib.sha256(name.encode()).hexdigest()
            text = TEXT_PROPERTIES.sub("", renumbered(path.read_text(encoding="utf-8"), shift))
            text += f"\ntext_name: {name}.txt\ntext_sha256: {digest}\n"
            (root / "seeds" / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
            hashes = root / "seeds" / "seals" / f"{path.stem}.csv"
            shutil.copyfile(hashes, hashes.with_stem(name))
    measure(root, [sys.executable, str(SCRIPTS / "build.py"), "--project", str(root)])


def renumbered(text: str, shift: int) -> str:
    """Add a number to every identifier of a source, and so to those of its claims."""
    return SOURCE_ID.sub(lambda found: f"SRC-{int(found[1]) + shift:04}", text)


def make_package(root: Path, copies: int) -> None:
    """Write the package of the dataset with copies of its sources; each row of theirs gets identifiers of its own."""
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    (root / "data").mkdir()
    descriptor = json.loads((REPOSITORY / "datapackage.json").read_bytes())
    number = (REPOSITORY / "data" / "sources.csv").read_bytes().count(b"\n") - 1
    for resource in descriptor["resources"]:
        header, _, rows = (REPOSITORY / resource["path"]).read_text(encoding="utf-8").partition("\n")
        is_copied = resource["name"] in COPIED
        with (root / resource["path"]).open("w", encoding="utf-8") as file:
            if copies > 1 and resource["name"] == "events":
                rows = rows.replace(",single_source,", ",agreed,")
            file.write(f"{header}\n{rows}")
            file.writelines(copied(rows, copy * number) for copy in range(1, copies if is_copied else 1))
        with (root / resource["path"]).open("rb") as data:
            resource["hash"] = f"sha256:{hashlib.file_digest(data, 'sha256').hexdigest()}"
        resource["bytes"] = (root / resource["path"]).stat().st_size
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def copied(rows: str, shift: int) -> str:
    """Return rows of a CSV with other identifiers, and with other hashes of the texts."""

    def other(digest: re.Match[str]) -> str:
        return hashlib.sha256(f"{digest[0]}{shift}".encode()).hexdigest()

    return renumbered(TEXT_HASH.sub(other, rows) if rows.startswith("SRC-0001,") else rows, shift)


def commands(root: Path) -> dict[str, list[str]]:
    """Return the commands to measure on a project, by the words that the table has for them."""

    def script(name: str, *options: str) -> list[str]:
        return [sys.executable, str(SCRIPTS / name), *options, "--project", str(root)]

    def loader(expression: str) -> list[str]:
        return [sys.executable, "-c", f"import russia_dprk_claims as rdc; rdc.{expression}"]

    return {
        BASELINE: [sys.executable, "-m", "frictionless", "validate", str(root / "datapackage.json")],
        "`validate.py`": script("validate.py"),
        "`validate.py --no-frictionless`": script("validate.py", "--no-frictionless"),
        "`build.py --check`": script("build.py", "--check"),
        '`load("claims")`': loader("load('claims')"),
        "`estimates()`": loader("estimates()"),
        "`conflicts()`": loader("conflicts()"),
        "`import pandas`": [sys.executable, "-c", "import pandas"],
        "`import pandera.polars`": [sys.executable, "-c", "import pandera.polars"],
    }


FLOOR = """
import sys
from pathlib import Path
import polars as pl
for path in Path(sys.argv[1], "data").glob("*.csv"):
    columns = path.open(encoding="utf-8").readline().strip().split(",")
    scan = pl.scan_csv(path, schema=dict.fromkeys(columns, pl.String))
    scan.select(pl.all().count()).collect(engine="streaming")
"""
PANDAS = """
import sys
from pathlib import Path
import pandas as pd
from russia_dprk_claims.checks import schema
from russia_dprk_claims.contract import read_contract
dtypes = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
contract, frames = read_contract(Path(sys.argv[1], "schemas")), {}
for table in contract:
    types = {each.name: dtypes.get(each.type, "str") for each in table.fields}
    dates = [each.name for each in table.fields if each.type == "date"]
    path = Path(sys.argv[1], "data", f"{table.name}.csv")
    cells = pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])
    for name in dates:
        cells[name] = pd.to_datetime(cells[name]).dt.date
    schema(table.name, engine="pandas").validate(cells, lazy=True)
    frames[table.name] = cells
for table in contract:
    for key in table.foreign_keys:
        (column,), (target,) = key.columns, key.references
        cells, known = frames[table.name][column].dropna(), frames[key.table][target]
        if sys.argv[2] == "isin":
            found = cells.isin(known).sum()
        else:
            found = len(cells.to_frame("key").merge(known.to_frame("key"), on="key"))
        if found < len(cells):
            raise SystemExit(f"{table.name}.{column} refers to rows that are missing")
"""


def engines(root: Path, copies: int) -> dict[str, list[str]]:
    """Return what to measure on a package; what takes very long is left out where it is large."""

    def validate(engine: str) -> list[str]:
        return [sys.executable, str(SCRIPTS / "validate.py"), str(root), "--engine", engine, "--no-frictionless"]

    compared = {
        "Polars, reading only": [sys.executable, "-c", FLOOR, str(root)],
        "`--engine polars`": validate("polars"),
        "Pandera on pandas, references by `isin`": [sys.executable, "-c", PANDAS, str(root), "isin"],
        "Pandera on pandas, references by `merge`": [sys.executable, "-c", PANDAS, str(root), "merge"],
    }
    # In memory, a table has at most a million rows.
    if copies <= 300:
        compared["`--engine memory`"] = validate("memory")
        compared[BASELINE] = [sys.executable, "-m", "frictionless", "validate", str(root / "datapackage.json")]
    return compared


# What a build cannot do without: the events of PyYAML's C parser.
EVENTS = """
import sys
from pathlib import Path
import yaml
for path in Path(sys.argv[1], "seeds").rglob("*.yaml"):
    parser = yaml.CSafeLoader(path.read_bytes())
    while parser.get_event():
        pass
"""


def builds(root: Path) -> dict[str, list[str]]:
    """Return what to measure of a build, which reads everything again, whether one record has changed or all have."""
    return {
        "PyYAML, reading only": [sys.executable, "-c", EVENTS, str(root)],
        "`build.py`": [sys.executable, str(SCRIPTS / "build.py"), "--project", str(root)],
    }


def measure(root: Path, command: list[str]) -> Cost:
    """Run a command and measure it; what it prints is shown only if it fails."""
    # Without the texts, as copies have none.
    environment = {name: value for name, value in os.environ.items() if name != "SEED_TEXTS"}
    environment["PYTHONPATH"] = str((root if (root / "src").is_dir() else REPOSITORY) / "src")
    with TemporaryDirectory() as folder, (Path(folder) / "output").open("w+b") as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, cwd=folder)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{output.read().decode(errors='replace')}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)


def main(arguments: list[str]) -> None:
    """Print a table for each number of copies."""
    mode = arguments[0] if arguments and arguments[0] in {"--engines", "--builds"} else ""
    numbers = [int(each) for each in arguments[bool(mode) :]]
    for copies in numbers or {"--engines": [28, 270], "--builds": [27, 270]}.get(mode, [1, 10]):
        with TemporaryDirectory() as folder:
            root = Path(folder) / "project"
            if mode == "--engines":
                make_package(root, copies)
                print_costs(root, engines(root, copies), "Polars, reading only")
                continue
            make_project(root, copies)
            if mode == "--builds":
                print_costs(root, builds(root), "PyYAML, reading only")
            else:
                print_costs(root, commands(root), BASELINE)


def print_costs(root: Path, compared: dict[str, list[str]], baseline: str) -> None:
    """Measure commands on a project or package, and print a table; CPU times are compared with that of a baseline."""
    claims = (root / "data" / "claims.csv").read_bytes().count(b"\n") - 1
    # They take turns, so that a busy moment spoils one run of each.
    rounds = [{name: measure(root, each) for name, each in compared.items()} for _ in range(REPEATS)]
    costs = {name: Cost(*map(median, zip(*(each[name] for each in rounds), strict=True))) for name in rounds[0]}
    print(f"| {claims:,} claims | wall, s | CPU, s | × {baseline} | peak, MB |\n|---|--:|--:|--:|--:|")
    for name, cost in costs.items():
        ratio = cost.cpu / costs[baseline].cpu
        print(f"| {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {ratio:.2f} | {cost.peak:.0f} |", flush=True)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
