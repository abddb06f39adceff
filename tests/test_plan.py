"""The compiled plan finds what the checks find: on the whole corpus of faults, on broken data, and cut anywhere.

The excerpts of suspect rows are taken however small a package is, as it is they that could leave something out.
"""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path

import mutations_meaning
import mutations_structure
import narwhals as nw
import pytest
from conftest import REPOSITORY
from faultcases import (
    PACKAGE,
    SCHEMAS,
    SEEDS,
    TESTS,
    Case,
    break_files,
    broken_project,
    contract,
    lay_package,
    lines,
    read_broken,
    read_cases,
    sound_package,
)
from mutations import KINDS, Draft, Kind

from russia_dprk_claims.cells import INVISIBLE
from russia_dprk_claims.checks.rule import Count
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract, ForeignKey
from russia_dprk_claims.package.files import package_files
from russia_dprk_claims.package.reading import table_files
from russia_dprk_claims.plan.chunks import TableFile
from russia_dprk_claims.plan.conditions import ORDINARY
from russia_dprk_claims.plan.errors import NotPlainError, NotPlannedError
from russia_dprk_claims.plan.judgement import Limits
from russia_dprk_claims.plan.package import judge_package
from russia_dprk_claims.plan.scheme import make_scheme
from russia_dprk_claims.project import read_project
from russia_dprk_claims.raw_tables import RawTables, to_csv
from russia_dprk_claims.validate import validate_package

assert mutations_meaning and mutations_structure  # they register the kinds


def by_the_plan(root: Path, chunk: int = 1 << 20) -> list[str] | None:
    """What the plan finds in a package; None where it leaves the files to the strict reader."""
    paths, _ = table_files(root, contract())
    if set(paths) != set(contract().tables) or not all((root / path).is_file() for path in paths.values()):
        return None
    try:
        return lines(judge_package(root, contract(), paths, chunk, Limits(few_rows=0)).findings)
    except NotPlainError:
        return None


def by_the_checks(root: Path) -> list[str]:
    tables, findings, faulty = read_broken(root)
    of_files = [each for each in findings if not each.table or each.rule.startswith("csv-")]
    return lines([each for each in findings if each not in of_files] + run_rules(contract(), tables, faulty))


def lay_seed_case(case: Case, root: Path) -> bool:
    """Put the package that the broken seeds of a case give under `root`, if they give one."""
    project = broken_project(case, root / "seeded")
    if project.dataset is None:
        return False
    shutil.copytree(SCHEMAS, root / "schemas")
    for path, data in package_files(contract(), project.dataset, project.tables).items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)
    return True


SEED_CASES = [case for case in read_cases(SEEDS) if case.findings]
PACKAGE_CASES = read_cases(PACKAGE)


@pytest.mark.parametrize("case", SEED_CASES, ids=[case.name for case in SEED_CASES])
def test_the_plan_finds_what_the_checks_find_in_the_package_of_broken_seeds(case: Case, tmp_path: Path) -> None:
    if lay_seed_case(case, tmp_path):
        found = by_the_plan(tmp_path)
        assert found is None or found == by_the_checks(tmp_path)


@pytest.mark.parametrize("case", PACKAGE_CASES, ids=[case.name for case in PACKAGE_CASES])
def test_the_plan_finds_what_the_checks_find_in_a_broken_package(case: Case, tmp_path: Path) -> None:
    lay_package(tmp_path)
    break_files(case, tmp_path)
    found = by_the_plan(tmp_path)
    assert found is None or found == by_the_checks(tmp_path)


def test_the_plan_reads_most_of_the_corpus_itself(tmp_path: Path) -> None:
    read = 0
    for number, case in enumerate(SEED_CASES[::10]):
        root = tmp_path / str(number)
        root.mkdir()
        read += lay_seed_case(case, root) and by_the_plan(root) is not None
    assert read > len(SEED_CASES[::10]) // 2


# --- broken data, cut anywhere ---------------------------------------------------------------------------------------


@cache
def real() -> RawTables:
    """The real tables, read once, without texts."""
    return read_project(REPOSITORY, TESTS / "no-such-folder").tables


def lay_real(root: Path) -> None:
    """Put the real package under `root`, with a folder for its tables."""
    (root / "data").mkdir()
    for name in ("schemas", "data"):
        shutil.copytree(REPOSITORY / name, root / name, dirs_exist_ok=True)
    shutil.copy(REPOSITORY / "datapackage.json", root)


@pytest.fixture(scope="module")
def real_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("real")
    lay_real(root)
    return root


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_the_plan_finds_what_the_checks_find_in_broken_real_data(kind: Kind, real_package: Path) -> None:
    draft = Draft(contract(), real())
    kind.edit(draft, kind.shuffled(draft)[0])
    changed = {name: raw for name, raw in draft.tables.items() if raw is not real()[name]}
    try:
        for name, raw in changed.items():
            (real_package / f"data/{name}.csv").write_bytes(to_csv(contract()[name], raw))
        found = by_the_plan(real_package, chunk=20_000)
        assert found is None or found == by_the_checks(real_package)
    finally:
        for name in changed:
            shutil.copy(REPOSITORY / f"data/{name}.csv", real_package / "data")


@pytest.mark.parametrize("chunk", [1, 5_000, 40_000, 1 << 20])
def test_nothing_is_suspect_in_the_real_package_however_it_is_cut(chunk: int, real_package: Path) -> None:
    assert by_the_plan(real_package, chunk) == []


def test_a_fault_is_found_in_a_table_that_is_not_in_order(tmp_path: Path) -> None:
    lay_real(tmp_path)
    path = tmp_path / "data/claims.csv"
    header, *records = path.read_text(encoding="utf-8").splitlines(keepends=True)
    records[10] = records[10].replace(",certain,", ",sure,")
    shuffled = records[100:] + records[:100]
    assert "".join(shuffled) != "".join(records)
    path.write_text(header + "".join(shuffled), encoding="utf-8")
    found = by_the_plan(tmp_path)
    assert found == by_the_checks(tmp_path)
    assert found is not None and [line.split(": ")[1] for line in found] == ["vocabulary"]
    assert found[0].startswith(f"data/claims.csv:{shuffled.index(records[10]) + 2}:")


def test_what_is_found_beyond_the_limit_is_counted(real_package: Path, tmp_path: Path) -> None:
    lay_real(tmp_path)
    path = tmp_path / "data/claim_actors.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",exact\n", ",exactly\n"), encoding="utf-8")
    paths, _ = table_files(tmp_path, contract())
    judgement = judge_package(tmp_path, contract(), paths, limits=Limits(judged=7, few_rows=0))
    assert len(judgement.findings) == 7
    assert judgement.more == text.count(",exact\n") - 7


# --- what a chunk is read as -----------------------------------------------------------------------------------------

READ = [
    ("a record that is short", "ACT-a,A,state\n"),
    ("a record that is long", "ACT-a,A,state,,,,,,\n"),
    ("a quote inside a cell", 'ACT-a,A "B" C,state,,,,,\n'),
    ("a quote that is closed too early", 'ACT-a,"A"B,state,,,,,\n'),
    ("a quote that is not closed", 'ACT-a,"A,state,,,,,\n'),
    ("quotes that are doubled for nothing", 'ACT-a,"A ""B""",state,,,,,\nACT-b,"B",state,,,,,\n'),
    ("carriage returns", "ACT-a,A,state,,,,,\r\n"),
    ("an empty line", "ACT-a,A,state,,,,,\n\nACT-b,B,state,,,,,\n"),
    ("a line break in a cell", 'ACT-a,"A\nB",state,,,,,\n'),
    ("a cell without end", f"ACT-a,{'A' * 1_000_001},state,,,,,\n"),
    ("a NUL", "ACT-a,A\0,state,,,,,\n"),
    ("no line end", "ACT-a,A,state,,,,,"),
    ("a byte that is not UTF-8", "ACT-a,A\udcff,state,,,,,\n"),
]


@pytest.mark.parametrize("records", [each[1] for each in READ], ids=[each[0] for each in READ])
def test_a_file_that_is_not_plain_is_left_to_the_strict_reader(records: str, tmp_path: Path) -> None:
    table = contract()["actors"]
    path = tmp_path / "actors.csv"
    path.write_bytes(f"{','.join(table.columns)}\n{records}".encode("utf-8", "surrogateescape"))
    with pytest.raises(NotPlainError):
        file = TableFile(path, table)
        for begin, end in file.cuts(None):
            file.cells(begin, end)


@pytest.mark.parametrize("size", [1, 60, 1000])
def test_chunks_have_every_record_once_and_in_order(size: int, tmp_path: Path) -> None:
    table = contract()["actors"]
    names = ["Plain", "Ünal, Ş.", 'The "Port"', "a,b,c", "„Haken“", "x" * 200]
    raw = [[f"ACT-{number:03d}", name, "person"] for number, name in enumerate(names * 7)]
    lines = [[*row, *([""] * (len(table.columns) - len(row)))] for row in raw]
    path = tmp_path / "actors.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([table.columns, *lines])
    chunks = TableFile(path, table)
    rows = []
    for cut in chunks.cuts(None, size):
        cells = chunks.cells(*cut)
        rows += [(cells.text("actor_id", row), cells.text("name", row)) for row in range(len(cells))]
    assert rows == [(row[0], row[1]) for row in raw]


def test_ordinary_texts_are_clean_whatever_stands_beside_them() -> None:
    ordinary = [chr(code) for code in range(0x110000) if re.fullmatch(ORDINARY, chr(code)) and chr(code) != " "]
    assert len(ordinary) > 30_000
    for sign in ordinary:
        assert unicodedata.is_normalized("NFC", sign) and not unicodedata.combining(sign) and not sign.isspace()
        assert not re.match(INVISIBLE, sign)
    # Two that stand side by side never become one.
    assert unicodedata.is_normalized("NFC", "".join(ordinary)) and unicodedata.is_normalized(
        "NFC", "".join(ordinary[::-1])
    )


def test_nothing_is_suspect_in_sound_packages(tmp_path: Path) -> None:
    lay_package(tmp_path)
    assert by_the_plan(tmp_path) == []
    assert by_the_plan(tmp_path, chunk=1) == []
    assert sound_package()


# --- what the plan leaves to the checks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "holds",
    [
        nw.col("claim_text").str.len_chars() > 3,
        nw.col("claim_text") > "A",
        nw.col("char_start").mean().over("topic") > 0,
    ],
    ids=["a function that is not known", "an order of texts", "a window that is not known"],
)
def test_a_package_is_judged_in_memory_where_a_rule_is_not_understood(
    holds: nw.Expr, real_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = replace(RULES[0], id="strange", table="claims", reads=("claim_text", "char_start", "topic"), holds=holds)
    monkeypatch.setattr("russia_dprk_claims.plan.package.RULES", (*RULES, rule))
    paths, _ = table_files(real_package, contract())
    with pytest.raises(NotPlannedError):
        judge_package(real_package, contract(), paths)
    monkeypatch.setattr("russia_dprk_claims.validate.SMALL", 0)
    said: list[str] = []
    verdict = validate_package(real_package, real_package, said.append, frictionless=False)
    assert not verdict.findings and "reading the package" in said


def test_a_small_package_is_judged_without_the_plan(real_package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the plan was asked")

    monkeypatch.setattr("russia_dprk_claims.plan.package.judge_package", refuse)
    assert not validate_package(real_package, real_package, print, frictionless=False).findings


def test_a_root_of_more_bytes_than_can_be_numbered_is_left_to_the_strict_reader(
    real_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("russia_dprk_claims.plan.chunks.MOST_WHOLE", 10_000)
    paths, _ = table_files(real_package, contract())
    with pytest.raises(NotPlainError, match="one root"):
        judge_package(real_package, contract(), paths)


def test_tables_that_refer_to_each_other_are_not_planned_for() -> None:
    tables = dict(contract().tables)
    key = ForeignKey(("publisher_id",), "claims", ("claim_id",))
    tables["sources"] = replace(tables["sources"], foreign_keys=(key,))
    with pytest.raises(NotPlannedError, match="refer to each other"):
        make_scheme(Contract(tables), RULES)


def test_counts_within_a_table_by_more_than_the_reference_are_not_planned_for() -> None:
    parts = Count("parts", "actors", (("parent_id", "actor_id"),), (("actor_type", "person"),))
    rule = replace(RULES[0], id="strange", table="actors", reads=(parts,), holds=nw.col("parts") > 0)
    with pytest.raises(NotPlannedError, match="counted by more"):
        make_scheme(contract(), [rule])
