"""Fuzzing: whatever a file contains, the program reports printable findings, and never a traceback or a hang.

Files are arbitrary bytes or texts, or real ones that are cut, doubled, spliced and mixed with what readers fail on.
Every run draws the same ones. Tests that check whole tables draw few in the first tier and many in the second (`full`);
`FUZZ=20` draws twenty times as many. What needs memory runs in processes with limits.
"""

from __future__ import annotations

import http.server
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from conftest import HARBOUR, REPOSITORY, record_hashes
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from curation.dataset import read_dataset
from curation.documents.descriptor import descriptor
from curation.generate import package_files
from curation.project import read_project
from curation.report import write_plain
from curation.seeds.anchor import Quote
from russia_dprk_claims.checks.edtf import day_range
from russia_dprk_claims.checks.findings import Finding, in_order
from russia_dprk_claims.checks.frictionless_check import frictionless_findings
from russia_dprk_claims.checks.numerals import Reading, read_figure
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.rules.sources import is_language
from russia_dprk_claims.checks.run import run_rules
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.contract import read_contract

TIMES = int(os.environ.get("FUZZ", "1"))
GENEROUS = 5_000
"""How many milliseconds one example may take; it takes about fifty."""

CONTRACT = read_contract(REPOSITORY / "schemas")
# What readers of YAML, CSV, JSON, numbers and dates have tripped over.
TOKENS = (
    *('"', "'", "{", "}", "[", "]", ": ", ":", "- ", "#", " #", ",", "\n", "\r", "\r\n", "\t", "\0", "\x85", "\u2028"),
    *("&a ", "*a", "!!python/object:os.system ", "!x ", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "|\n", ">-\n", "? "),
    *("\ufeff", "\u202e", "\ufffe", "é", "e\u0301", "\U0001f600", "１２", "²", "٣", "ſ", "ß", "İ", "null", "~", "NaN"),
    *("9" * 200, "-1", "0", "1e999", "9" * 19, "0.1", "x" * 200, "1-" + "9" * 30, "9" * 30 + "-1", "1650-1785"),
    *("C001", "Q1", "SRC-0001", "SRC-0001-C001", "ACT-sarn", "2021-02-30", "../..", "0000", "9999-12-31/..", "202X"),
    *(
        "true",
        "zh-cmn-Hans-CN",
        "en-a-bbb-x-a-ccc",
        "i-klingon",
        "x-private",
        "__proto__",
        "$ref",
        "http://[",
        "file:///",
    ),
)


few_and_many = pytest.mark.parametrize("times", [1, pytest.param(6, marks=pytest.mark.full)], ids=["few", "many"])


def examples(number: int) -> settings:
    """Return the settings for a number of examples, the same ones in every run."""
    return settings(
        derandomize=True,
        max_examples=number * TIMES,
        deadline=GENEROUS,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def mangled(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a file that was real before some of it was cut, doubled, moved or overwritten."""
    data = whole
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        start = draw(st.integers(min_value=0, max_value=len(data)))
        end = min(len(data), start + draw(st.sampled_from([1, 3, 10, 40, 400])))
        place = draw(st.integers(min_value=0, max_value=len(data)))
        match draw(st.sampled_from(["cut", "double", "splice", "token", "value", "value", "bytes"])):
            case "cut":
                data = data[:start] + data[end:]
            case "double":
                data = data[:end] + data[start:end] + data[end:]
            case "splice":
                data = data[:place] + data[start:end] + data[place:]
            case "token":
                data = data[:start] + draw(st.sampled_from(TOKENS)).encode() + data[start:]
            case "value":
                values = list(re.finditer(rb"(?<=[:,{\n] )[^:,{}\n]+|(?<=,)[^,\n]+", data))
                if values:
                    match = values[place % len(values)]
                    data = data[: match.start()] + draw(st.sampled_from(TOKENS)).encode() + data[match.end() :]
            case _:
                data = data[:start] + draw(st.binary(min_size=1, max_size=4)) + data[end:]
    return data


def files(whole: bytes) -> st.SearchStrategy[bytes]:
    """Return files of any kind, most of them like a real one."""
    return st.one_of(
        mangled(whole),
        mangled(whole),
        mangled(whole),
        st.binary(max_size=400),
        st.text(max_size=400).map(lambda text: text.encode("utf-8", errors="surrogatepass")),
        st.lists(st.sampled_from(TOKENS), max_size=30).map(lambda tokens: "".join(tokens).encode()),
    )


def assert_printable(findings: Iterable[Finding], root: Path) -> None:
    """Assert that findings are printed one per line, each with a location that exists in the file."""
    ordered = in_order(findings)
    printed = write_plain(ordered).split("\n")
    assert printed.pop() == ""
    assert len(printed) == len(ordered)
    for line, finding in zip(printed, ordered, strict=True):
        line.encode("utf-8")
        assert re.match(r"[^:]+(:\d+(:\d+)?)?: [a-z0-9:-]+: \S", line), line
        path = root / finding.location.path
        if finding.location.line:
            # A file that ends in a line end has a last, empty line.
            lines = path.read_bytes().count(b"\n") + path.read_bytes().count(b"\r") + 1
            lines += path.read_bytes().count("\x85".encode()) + path.read_bytes().count("\u2028".encode())
            lines += path.read_bytes().count("\u2029".encode())
            assert 1 <= finding.location.line <= lines, line


def all_findings(root: Path) -> list[Finding]:
    project = read_project(root, HARBOUR / "texts", CONTRACT)
    return [*project.findings, *run_rules(project.contract, project.tables, project.invalid)]


# --- seed files ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project, whose files are overwritten one by one."""
    root = tmp_path_factory.mktemp("fuzz")
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    (root / "seeds" / "released.csv").write_text(
        "table,id,successor\nclaims,SRC-0001-C001,\nactors,ACT-sarn,\nquantities,SRC-0001-C001-Q1,\n", encoding="utf-8"
    )
    return root


SEEDS = (
    "seeds/sources/SRC-0001.yaml",
    "seeds/actors.yaml",
    "seeds/agreements.yaml",
    "seeds/relations.yaml",
    "seeds/dataset.yaml",
    "seeds/seals/SRC-0001.csv",
    "seeds/released.csv",
)


@few_and_many
@pytest.mark.parametrize("path", SEEDS)
def test_any_seed_file_gives_findings_that_can_be_printed(path: str, times: int, project: Path) -> None:
    whole = (project / path).read_bytes()

    @examples(times * (18 if path.startswith("seeds/sources") else 6))
    @given(data=files(whole))
    def holds(data: bytes) -> None:
        (project / path).write_bytes(data)
        assert_printable(all_findings(project), project)

    try:
        holds()
    finally:
        (project / path).write_bytes(whole)


def test_any_description_is_refused_or_becomes_a_descriptor(project: Path) -> None:
    path = project / "seeds" / "dataset.yaml"
    whole = path.read_bytes()

    @examples(100)
    @given(data=files(whole))
    def holds(data: bytes) -> None:
        path.write_bytes(data)
        dataset, findings = read_dataset(project / "seeds")
        assert (dataset is None) == bool(findings)
        if dataset:
            content = json.loads(descriptor(CONTRACT, dataset, {table.name: b"" for table in CONTRACT}))
            assert content["version"] == dataset.version

    try:
        holds()
    finally:
        path.write_bytes(whole)


# --- packages --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project as a package, whose files are overwritten one by one."""
    root = tmp_path_factory.mktemp("package")
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    built = read_project(root, HARBOUR / "texts")
    assert built.dataset is not None
    for path, data in package_files(built.contract, built.dataset, built.tables).items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)
    shutil.rmtree(root / "seeds")
    return root


def package_findings(root: Path) -> list[Finding]:
    tables, findings = read_package(root, CONTRACT)
    structure = check_structure(CONTRACT, tables)
    return [*findings, *structure.findings, *run_rules(CONTRACT, tables, structure.invalid)]


# One reader reads all tables: many files of a few tables find more than a few of each.
OFTEN = {"actors", "claim_attributions", "claims", "quantities"}


@pytest.mark.parametrize(
    "table", [pytest.param(each, marks=[] if each in OFTEN else pytest.mark.full) for each in CONTRACT.tables]
)
def test_any_csv_gives_findings_that_can_be_printed(table: str, package: Path) -> None:
    path = package / "data" / f"{table}.csv"
    whole = path.read_bytes()

    @examples(20)
    @given(data=files(whole))
    def holds(data: bytes) -> None:
        path.write_bytes(data)
        assert_printable(package_findings(package), package)

    try:
        holds()
    finally:
        path.write_bytes(whole)


def any_json(names: Iterable[str]) -> st.SearchStrategy[object]:
    """Return any JSON, with keys that a descriptor has."""
    keys = st.one_of(st.sampled_from(sorted(names)), st.text(max_size=5))
    texts = st.one_of(st.sampled_from([*CONTRACT.tables, *TOKENS, "data/claims.csv", "data", ".", ""]), st.text())
    scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
    return st.recursive(
        scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4))
    )


@few_and_many
def test_any_descriptor_gives_findings_that_can_be_printed(times: int, package: Path) -> None:
    path = package / "datapackage.json"
    whole = path.read_bytes()
    names = {"resources", "name", "path", "schema", "data"}
    resources = st.lists(st.dictionaries(st.sampled_from(sorted(names)), any_json(names), max_size=4), max_size=5)
    descriptors = st.one_of(any_json(names), resources.map(lambda each: {"resources": each})).map(
        lambda each: json.dumps(each).encode()
    )

    @examples(20 * times)
    @given(data=st.one_of(files(whole), descriptors))
    def holds(data: bytes) -> None:
        path.write_bytes(data)
        assert_printable(package_findings(package), package)

    try:
        holds()
    finally:
        path.write_bytes(whole)


# --- small readers ---------------------------------------------------------------------------------------------------


SMALL = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(TOKENS), max_size=4).map("".join),
    st.from_regex(r"[0-9X]{4}(-[0-9X]{2}){0,2}[?~%]?(/[0-9X.]{0,4}(-[0-9X]{2}){0,2}[?~%]?)?", fullmatch=True),
    st.lists(
        st.sampled_from(["a", "and", "half", "twenty", "one", "third", "million", "3", "4.5", "1,000", "-", "dozens"])
    ).map(" ".join),
    st.from_regex(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}", fullmatch=True),
)


@examples(500)
@given(text=SMALL)
def test_any_text_is_a_valid_date_number_or_language_or_none(text: str) -> None:
    days = day_range(text)
    assert days is None or not (days.earliest and days.latest) or days.earliest <= days.latest
    assert all(isinstance(each, Reading) for each in read_figure(text))
    assert is_language(text) in {True, False}


@examples(200)
@given(quote=SMALL, text=st.text(max_size=60))
def test_a_quote_is_refused_or_finds_spans_inside_the_text(quote: str, text: str) -> None:
    try:
        found = Quote.parse(quote).find(text)
    except ValueError as error:
        assert "ellipsis" in str(error)
    else:
        assert all(0 <= each.start < each.end <= len(text) for each in found)


# --- what takes memory or time, in processes of its own --------------------------------------------------------------

GIGABYTE = 1 << 30
CHECKED = """
import sys
from pathlib import Path
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.run import run_rules
from russia_dprk_claims.contract import read_contract
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.frictionless_check import frictionless_findings
from curation.project import read_project

for root in map(Path, sys.argv[2:]):
    if sys.argv[1] == "seeds":
        project = read_project(root, root / "no-texts")
        findings = [*project.findings, *run_rules(project.contract, project.tables, project.invalid)]
    else:
        contract = read_contract(root / "schemas")
        tables, findings = read_package(root, contract)
        structure = check_structure(contract, tables)
        findings = [*findings, *structure.findings, *run_rules(contract, tables, structure.invalid)]
    print(f"--- {root.name}")
    for finding in findings[:20]:
        print(str(finding)[:300])
"""


LAUNCHED = """
import resource, subprocess, sys

gigabytes, seconds, *command = sys.argv[1:]
# Address space is given four times over, as threads and allocators reserve it unused.
resource.setrlimit(resource.RLIMIT_AS, (int(4 * float(gigabytes) * 2**30), resource.RLIM_INFINITY))
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
sys.stdout.buffer.write(done.stdout)
sys.stderr.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
sys.exit(done.returncode != 0)
"""


class Bounded:
    """A process with limits on memory and time: its output and its peak memory.

    A small process starts it, as the peak of a process counts what it was forked from.
    """

    def __init__(self, *command: str | Path, gigabytes: float = 1.5, seconds: int = 60) -> None:
        """Run it to its end."""
        done = subprocess.run(
            [sys.executable, "-c", LAUNCHED, str(gigabytes), str(seconds), sys.executable, *map(str, command)],
            capture_output=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "2"},
        )
        self.returncode = done.returncode
        self.printed = done.stdout.decode("utf-8")
        self.peak = int(done.stderr)
        assert self.peak < gigabytes * GIGABYTE, f"{self.peak / GIGABYTE:.2f} GB at its peak"
        assert "Traceback" not in self.printed, self.printed[-2000:]


def checked(what: str, folders: Path) -> dict[str, list[str]]:
    """Return the findings on each folder in a folder, by its name, as one process with limits prints them."""
    done = Bounded("-c", CHECKED, what, *sorted(folders.iterdir()))
    assert done.returncode == 0, done.printed[-2000:]
    parts = done.printed.removeprefix("--- ").split("\n--- ")
    return {name: lines for name, *lines in (part.splitlines() for part in parts)}


def _bomb() -> bytes:
    lists = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10))
    return f"l0: &l0 [x, x, x, x, x, x, x, x, x]\n{lists}".encode()


LARGE = 10_000_000
LARGE_SEED = 8_000_000
HOSTILE_SEEDS: dict[str, tuple[bytes, str]] = {
    "an alias bomb": (_bomb(), "seeds/more.yaml:1:5: yaml-alias: "),
    "a million lists in lists": (b"actors: " + b"[" * 1_000_000, "seeds/more.yaml:1:28: yaml-depth: "),
    "a million mappings in mappings": (b"actors: " + b"{a: " * 1_000_000, "seeds/more.yaml:1:85: yaml-depth: "),
    "a million records in records": (b"- " * 1_000_000, "seeds/more.yaml:1:41: yaml-depth: "),
    "a line of eight megabytes": (b"actors: " + b"x" * LARGE_SEED, "seeds/more.yaml:1:9: wrong-type: "),
    "a key of eight megabytes": (b"x" * LARGE_SEED + b": y", f"seeds/more.yaml:1:{LARGE_SEED + 1}: yaml-syntax: "),
    "a quote of eight megabytes": (b'actors: "' + b"x" * LARGE_SEED, "seeds/more.yaml:1:9: yaml-syntax: "),
    "more than is read": (b"#" * (33 << 20), "seeds/more.yaml: file-size: "),
    "a span of five thousand digits": (
        b"quantities:\n- {claim_id: SRC-0001-C001, quantity_id: Q9, span: 1-" + b"9" * 5000 + b"}",
        "seeds/more.yaml:2:52: span-form: ",
    ),
    "a step of five thousand digits": (
        b"claim_attributions:\n- {claim_id: SRC-0001-C001, step: " + b"9" * 5000 + b", act: asserts}",
        "seeds/more.yaml:2:35: type: step: ",
    ),
    "ten thousand keys": (
        b"actors:\n- {" + b", ".join(b"k%d: x" % n for n in range(10_000)) + b"}",
        "seeds/more.yaml:2:4: unknown-key: ",
    ),
}


HOSTILE_VALUES: dict[str, tuple[str, str, str]] = {
    "a place of five thousand digits": (
        "span: 20-157",
        f"char_start: 20\n  char_end: {'9' * 5000}",
        "seeds/sources/SRC-0001.yaml:20:13: type: ",
    ),
    "a name of three hundred letters": (
        "text_name: harbour.txt",
        f"text_name: {'x' * 300}",
        "",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), list(HOSTILE_VALUES.values()), ids=list(HOSTILE_VALUES))
def test_a_hostile_value_is_reported_without_a_traceback(old: str, new: str, expected: str, project: Path) -> None:
    path = project / "seeds" / "sources" / "SRC-0001.yaml"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(old.encode(), new.encode(), 1))
    try:
        printed = write_plain(all_findings(project))
    finally:
        path.write_bytes(whole)
    assert new != old
    assert expected in printed


def test_hostile_records_are_reported_within_limits(harbour: Path, tmp_path: Path) -> None:
    for name, (data, _) in HOSTILE_SEEDS.items():
        shutil.copytree(harbour, tmp_path / "records" / name)
        (tmp_path / "records" / name / "seeds" / "more.yaml").write_bytes(data)
    found = checked("seeds", tmp_path / "records")
    missed = {
        name
        for name, (_, expected) in HOSTILE_SEEDS.items()
        if not any(line.startswith(expected) for line in found[name])
    }
    assert missed == set()


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def own_package(package: Path, tmp_path: Path) -> Path:
    """A copy of the package, to be made hostile."""
    shutil.copytree(package, tmp_path / "package")
    return tmp_path / "package"


def test_one_invalid_cell_in_many_rows_is_located_in_its_line(own_package: Path) -> None:
    bad = 17_777
    rows = [f"SRC-0001,{n},{n + 1},{'heading' if n != bad else 'headings'}\n" for n in range(20_000)]
    text = "source_id,char_start,char_end,reason\n" + "".join(rows)
    (own_package / "data" / "set_asides.csv").write_text(text, encoding="utf-8")
    sources = own_package / "data" / "sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8").replace(",433,coder", ",20000,coder"), encoding="utf-8")
    record_hashes(own_package)
    column = len(f"SRC-0001,{bad},{bad + 1},") + 1
    assert [str(each) for each in package_findings(own_package)] == [
        f"data/set_asides.csv:{bad + 2}:{column}: vocabulary: 'headings' is not in the vocabulary of reason "
        "(did you mean 'heading'?)"
    ]


LARGE_LINES: dict[str, tuple[bytes, str]] = {
    "one cell": (b"x" * LARGE, "csv-syntax: "),
    "one quoted cell": (b'"' + b"x" * LARGE + b'"', "csv-syntax: "),
    "one open quote": (b'"' + b"x," * (LARGE // 2), "csv-syntax: "),
    "many cells": (b"x," * (LARGE // 2), "csv-cells: the record has 5000001 cells"),
    "many quotes": (b'"",' * (LARGE // 3), "csv-cells: "),
}


def test_csvs_with_a_line_of_ten_megabytes_are_reported_within_limits(package: Path, tmp_path: Path) -> None:
    begin = (package / "data" / "actors.csv").read_bytes()
    line = begin.count(b"\n") + 1
    for name, (data, _) in LARGE_LINES.items():
        shutil.copytree(package, tmp_path / "packages" / name)
        (tmp_path / "packages" / name / "data" / "actors.csv").write_bytes(begin + data)
    found = checked("package", tmp_path / "packages")
    missed = {
        name
        for name, (_, expected) in LARGE_LINES.items()
        if not any(each.startswith(f"data/actors.csv:{line}:1: {expected}") for each in found[name])
    }
    assert missed == set()


@pytest.mark.parametrize(("path", "compression"), [("data/claims.csv", None), ("data/claims.csv.zip", "zip")])
def test_an_archive_is_not_unpacked(path: str, compression: str | None, own_package: Path) -> None:
    huge = (own_package / "data" / "claims.csv").read_bytes().split(b"\n")[0] + b"\nclaim_id," * (GIGABYTE // 40)
    content = json.loads((own_package / "datapackage.json").read_text(encoding="utf-8"))
    for resource_ in content["resources"]:
        if resource_["name"] == "claims":
            resource_ |= {"path": path, **({"compression": compression} if compression else {})}
    (own_package / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    (own_package / path).write_bytes(
        zipped(("claims.csv", huge) if compression else ("inner.zip", zipped(("claims.csv", huge))))
    )
    done = Bounded(REPOSITORY / "scripts" / "validate.py", own_package, "--project", own_package, gigabytes=0.5)
    assert done.returncode == 1
    expected = (
        "datapackage.json: resource-path: claims: " if compression else rf"{path}:1(:\d+)?: (nul-byte|not-utf-8): "
    )
    assert re.search(f"^{expected}", done.printed, re.MULTILINE), done.printed


HOSTILE_DESCRIPTORS = {
    "lists in lists": b"[" * 5_000_000,
    "resources in resources": b'{"resources": [' * 1_000_000,
    "a text without end": b'"' + b"x" * LARGE,
    "a zip": zipped(),
}


def test_hostile_descriptors_are_reported_within_limits(package: Path, tmp_path: Path) -> None:
    for name, data in HOSTILE_DESCRIPTORS.items():
        shutil.copytree(package, tmp_path / "packages" / name)
        (tmp_path / "packages" / name / "datapackage.json").write_bytes(data)
    found = checked("package", tmp_path / "packages")
    pattern = re.compile(r"datapackage\.json(:\d+)*: descriptor-")
    assert {name for name in HOSTILE_DESCRIPTORS if not any(map(pattern.match, found[name]))} == set()


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[str]]]:
    """A local address, and the paths that were requested."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Print nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}/x.json", asked
        finally:
            running.shutdown()
            thread.join()


ADDRESSES = ("schema", "dialect", "profile", "$schema", "extrapaths", "checklist", "pipeline", "path")


@pytest.mark.parametrize(
    ("key", "whole"),
    [
        *((key, False) for key in ADDRESSES),
        # Here Frictionless runs, which takes most of the time.
        *(
            pytest.param(key, True, marks=[] if key in {"profile", "extrapaths"} else pytest.mark.full)
            for key in ADDRESSES
        ),
    ],
)
def test_no_address_in_a_descriptor_is_requested(
    key: str, whole: bool, server: tuple[str, list[str]], own_package: Path
) -> None:
    address, asked = server
    content = json.loads((own_package / "datapackage.json").read_text(encoding="utf-8"))
    (content if whole else content["resources"][0])[key] = [address] if key == "extrapaths" else address
    (own_package / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    tables, found = read_package(own_package, CONTRACT)
    findings = [*found, *frictionless_findings(own_package, tables)]
    assert asked == []
    assert_printable(findings, own_package)
    assert whole or key == "$schema" or {each.rule for each in found} & {"resource-path", "resource-format"}


def test_a_descriptor_that_crashes_frictionless_is_reported(own_package: Path) -> None:
    path = own_package / "datapackage.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["resources"][0]["hash"] = 5
    path.write_text(json.dumps(content), encoding="utf-8")
    (finding,) = frictionless_findings(own_package)
    assert str(finding).startswith("datapackage.json: frictionless:error: Frictionless cannot read the descriptor: ")
