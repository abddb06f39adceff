"""The streaming engine gives the findings of the checks in memory, for packages of any size.

Each package breaks many things at once: the cases of the fault corpus are shared out to a few packages, as are the
kinds of mutations of the real tables. `full` does each case alone, and validates a large package.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mutations_meaning
import mutations_structure
import polars as pl
import pytest
from conftest import REPOSITORY
from faultcases import (
    PACKAGE,
    SEEDS,
    Case,
    Edit,
    break_files,
    build_broken_seeds,
    contract,
    copy_package,
    lay,
    read_cases,
    rehashed,
    touched_tables,
    valid_files,
    valid_package,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import KINDS, Draft, break_line

from curation.generate import package_files
from curation.project import Project, read_project
from russia_dprk_claims.checks import schema, validate
from russia_dprk_claims.checks.engine import Streaming
from russia_dprk_claims.checks.engine.guard import NotPlainError
from russia_dprk_claims.checks.engine.scan import PLAIN_TEXT, is_code
from russia_dprk_claims.checks.findings import Location
from russia_dprk_claims.checks.rule import Mapped, Rule, Summary, Within
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.structure import NULL_WORDS, TEXT_RULES
from russia_dprk_claims.checks.tables import read_csv
from russia_dprk_claims.package import data_path

sys.path.insert(0, str(REPOSITORY / "tools"))
from bench import make_package

assert mutations_structure and mutations_meaning  # they register the kinds
PACKAGES = 12
CASES = read_cases(PACKAGE)
UNREADABLE = {"byte-order-mark", "csv-cells", "csv-header", "csv-syntax", "line-end", "not-utf-8", "nul-byte"}
STRUCTURE = {
    *("required", "type", "vocabulary", "pattern", "pattern-by", "minimum", "max-words", "primary-key", "unique"),
    *("foreign-key", *(rule for rule, _ in TEXT_RULES)),
}


@pytest.fixture(scope="module")
def dataset() -> Project:
    """The dataset, without its texts."""
    return read_project(REPOSITORY, REPOSITORY / "no-such-folder")


def parquet(**columns: list[Any]) -> bytes:
    """Return a Parquet file."""
    file = BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def assert_same_findings(root: Path, at_least: int = 0) -> None:
    """Assert that both engines find the same, and not too little."""
    expected = validate(root, contract=contract(), engine="memory", frictionless=False)
    found = validate(root, contract=contract(), engine="polars", frictionless=False)
    assert [str(each) for each in found.findings] == [str(each) for each in expected.findings]
    assert found.findings == expected.findings
    assert found.rows == expected.rows
    assert len(found.findings) >= at_least


SEMANTIC = {each.id for each in RULES}
SHARED = [case for case in CASES if case.rules and case.rules <= SEMANTIC | STRUCTURE and not case.write]
MEANING = [case for case in read_cases(SEEDS) if case.rules and case.rules <= SEMANTIC and not case.write]


def together(cases: list[Case], files: Mapping[str, bytes]) -> Case:
    """Return one case that does what many do, without those whose words another has changed."""
    texts = {path: data.decode("utf-8") for path, data in files.items() if path.endswith((".csv", ".yaml"))}
    edits: list[Edit] = []
    for case in cases:
        if all(edit.find in texts.get(edit.file, "") for edit in case.edits):
            for edit in case.edits:
                texts[edit.file] = texts[edit.file].replace(edit.find, edit.put * edit.times, 1)
            edits += case.edits
    return replace(cases[0], edits=tuple(edits))


def break_package(root: Path, number: int) -> None:
    """Put the package of the small project under `root`, with its share of the faults."""
    copy_package(root)
    break_files(together(SHARED[number::PACKAGES], valid_package()), root)


def break_seeds(root: Path, number: int) -> None:
    """Put the package of the small project under `root`, with its share of the faults of the seeds."""
    files = {path.removeprefix("seeds/"): data for path, data in valid_files().items()}
    build_broken_seeds(together(MEANING[number::PACKAGES], files), root)


@pytest.mark.parametrize("number", range(PACKAGES))
@pytest.mark.parametrize("break_", [break_package, break_seeds])
def test_many_faults_give_the_findings_that_they_give_in_memory(
    break_: Callable[[Path, int], None], number: int, tmp_path: Path
) -> None:
    break_(tmp_path, number)
    assert_same_findings(tmp_path, at_least=5)


@pytest.mark.full
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fault_of_a_package_gives_the_findings_that_it_gives_in_memory(case: Case, tmp_path: Path) -> None:
    copy_package(tmp_path)
    break_files(case, tmp_path)
    assert_same_findings(tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("case", MEANING, ids=lambda case: case.name)
def test_each_fault_of_the_seeds_gives_the_findings_that_it_gives_in_memory(case: Case, tmp_path: Path) -> None:
    build_broken_seeds(case, tmp_path)
    assert_same_findings(tmp_path)


def mutate(root: Path, number: int, dataset: Project) -> None:
    """Put the dataset under `root`, with its share of the mutations; line breaks before a fault move its line."""
    broken = Draft(dataset.contract, dataset.tables)
    for kind in KINDS[number :: PACKAGES // 2]:
        # What another kind has removed or broken cannot be broken in each way.
        with suppress(ValueError, IndexError, StopIteration):
            kind.edit(broken, kind.shuffled(broken)[0])
    for table in ("claims", "actors", "events"):
        break_line(broken, table, number)
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    assert dataset.dataset is not None
    lay(root, package_files(dataset.contract, dataset.dataset, broken.tables))


@pytest.mark.parametrize("number", range(PACKAGES // 2))
def test_mutations_of_the_dataset_give_the_findings_that_they_give_in_memory(
    number: int, dataset: Project, tmp_path: Path
) -> None:
    mutate(tmp_path, number, dataset)
    assert_same_findings(tmp_path, at_least=15)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.table}-{rule.column}")
def test_a_rule_says_whether_it_reads_the_characters_of_texts(rule: Rule) -> None:
    """Other texts are stored as hashes. EDTF dates are stored as texts."""
    expressions = [rule.holds]
    for each in rule.computed:
        expressions += (
            [each.of] if isinstance(each, Summary) else [each.of, *each.by] if isinstance(each, Within) else []
        )
    has_patterns = any('"StringExpr"' in each.meta.serialize(format="json") for each in expressions)
    has_functions = any(isinstance(each, Mapped) for each in rule.computed)
    assert rule.reads_texts == (has_functions or (has_patterns and rule.id != "edtf-date"))


# --- what may be scanned ---------------------------------------------------------------------------------------------

COLUMNS = ("coder_id", "description", "kind", "languages", "training")
SIGNS = st.text(alphabet='ab,"\n\r\0 \ufeffé', max_size=30)
LINES = st.lists(
    st.sampled_from(["a,b,c,d,e", 'a,"b,",c,"""d""",e', ",,,,", 'a,"b\nc",c,d,e', "a,b", "", '"a",b,c,d,e'])
)


@given(rows=st.one_of(SIGNS, LINES.map("\n".join)), end=st.sampled_from(["\n", ""]))
def test_a_file_that_is_scanned_has_the_cells_and_lines_of_the_strict_reader(rows: str, end: str) -> None:
    table = contract()["coders"]
    data = f"{','.join(table.columns)}\n{rows}{end}".encode()
    with TemporaryDirectory() as folder:
        (path := Path(folder) / "coders.csv").write_bytes(data)
        try:
            engine = Streaming(contract(), Path(folder))
            part = engine.scan(table, "coders.csv", path)
        except NotPlainError:
            return
        scanned = engine.joined(table, [part])
        strict, findings = read_csv("coders.csv", data, table)
        numbers = range(len(strict))
        scanned.fetch(numbers)
        assert findings == []
        assert len(scanned) == len(strict)
        assert [scanned.row(each) for each in numbers] == list(strict.rows())
        for column in table.columns:
            here, there = scanned.locator, strict.locator
            assert [here.locate(each, column) for each in numbers] == [there.locate(each, column) for each in numbers]


def test_the_later_of_two_rows_alike_is_found_whatever_their_ids(tmp_path: Path) -> None:
    copy_package(tmp_path)
    header, first, second = valid_package()[data_path("items")].decode("utf-8").splitlines()
    assert ",ammunition," in first and first < second
    text = "\n".join([header, second.replace(",shells,", ",Ammunition,"), first, ""])
    lay(tmp_path, rehashed({**valid_package(), data_path("items"): text.encode("utf-8")}))
    assert_same_findings(tmp_path)
    findings = validate(tmp_path, contract=contract(), engine="polars", frictionless=False).findings
    assert [each.location.line for each in findings if each.rule == "name-distinct"] == [3]


@pytest.mark.parametrize("case", [each for each in CASES if each.rules & UNREADABLE], ids=lambda case: case.name)
def test_a_file_that_is_no_csv_of_ours_is_left_to_the_strict_reader(case: Case, tmp_path: Path) -> None:
    copy_package(tmp_path)
    break_files(case, tmp_path)
    for name in touched_tables(case):
        with pytest.raises(NotPlainError):
            table = contract()[name]
            Streaming(contract(), tmp_path).scan(table, data_path(name), tmp_path / data_path(name))


def test_a_package_with_needless_quotes_is_valid_and_the_result_says_how_it_was_read(tmp_path: Path) -> None:
    copy_package(tmp_path)
    path = tmp_path / data_path("coders")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *(f'"{row.partition(",")[0]}",{row.partition(",")[2]}' for row in rows), ""]))
    result = validate(tmp_path, contract=contract(), engine="polars", frictionless=False)
    assert {each.rule for each in result.findings} == {"resource-hash"}
    assert result.notes == ("data/coders.csv was read into memory: it has short rows, needless quotes or empty lines",)


def partitioned(folder: Path) -> None:
    """Write the dataset with typed Parquet files: claims by their source; and transfers as CSV files."""
    shutil.copytree(REPOSITORY / "schemas", folder / "schemas")
    descriptor = json.loads((REPOSITORY / "datapackage.json").read_bytes())
    for resource in descriptor["resources"]:
        name, data = resource["name"], REPOSITORY / resource["path"]
        resource["path"] = f"data/{name}"
        for key in ("bytes", "hash", "format", "mediatype", "dialect", "encoding"):
            resource.pop(key, None)
        dtypes = {column: each.dtype.type for column, each in schema(name).columns.items()}
        rows = pl.read_csv(data, schema_overrides=dtypes)
        (folder / resource["path"]).mkdir(parents=True)
        if name == "claims":
            for (source,), part in rows.group_by("source_id", maintain_order=True):
                path = folder / resource["path"] / f"source_id={source}" / "part-0.parquet"
                path.parent.mkdir()
                part.drop("source_id").write_parquet(path)
            (folder / resource["path"] / "_SUCCESS").touch()
        elif name == "transfers":
            header, *lines = data.read_text(encoding="utf-8").splitlines(keepends=True)
            for number in range(3):
                text = "".join([header, *lines[number::3]])
                (folder / resource["path"] / f"part-{number}.csv").write_text(text, encoding="utf-8")
        else:
            resource["path"] += ".parquet"
            rows.write_parquet(folder / resource["path"])
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def test_tables_may_be_parquet_files_and_folders_of_files(tmp_path: Path) -> None:
    partitioned(tmp_path)
    result = validate(tmp_path, contract=contract())
    assert result.findings == []
    assert result.engine == "polars"
    assert not result.frictionless
    assert result.rows == validate(REPOSITORY, contract=contract(), frictionless=False).rows


def test_a_fault_in_a_table_of_several_files_is_located_in_its_file(tmp_path: Path) -> None:
    partitioned(tmp_path)
    claims = tmp_path / "data" / "claims" / "source_id=SRC-0003" / "part-0.parquet"
    rows = pl.read_parquet(claims, hive_partitioning=False)
    assert rows["claim_id"][4] == "SRC-0003-C005"
    is_fifth = pl.col("claim_id") == "SRC-0003-C005"
    rows.with_columns(polarity=pl.when(is_fifth).then(pl.lit("maybe")).otherwise("polarity")).write_parquet(claims)
    transfers = tmp_path / "data" / "transfers" / "part-1.csv"
    lines = transfers.read_text(encoding="utf-8").split("\n")
    before, _, after = lines[4].partition("ACT-")
    transfers.write_text("\n".join([*lines[:4], f"{before}ACT-no-{after}", *lines[5:]]), encoding="utf-8")
    findings = validate(tmp_path, contract=contract()).findings
    assert [(each.rule, each.location) for each in findings] == [
        ("vocabulary", Location("data/claims/source_id=SRC-0003/part-0.parquet", 5)),
        ("foreign-key", Location("data/transfers/part-1.csv", 5, len(before) + 1)),
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"PAR1 but no more", "Polars cannot read it"),
        (b"", "Polars cannot read it"),
        (parquet(origin_id=["ORI-a"]), "its column 'label' is missing"),
        (parquet(origin_id=["ORI-a"], label=[["a", "b"]]), "its column 'label' is List(String)"),
    ],
    ids=["damaged", "empty", "a column less", "a list"],
)
def test_a_parquet_file_that_is_no_table_is_a_finding(data: bytes, problem: str, tmp_path: Path) -> None:
    partitioned(tmp_path)
    (tmp_path / "data" / "origins.parquet").write_bytes(data)
    (finding, *_) = validate(tmp_path, contract=contract()).findings
    assert (finding.rule, finding.location) == ("unreadable-file", Location("data/origins.parquet"))
    assert problem in finding.message


def test_a_csv_of_several_that_may_be_misread_is_a_finding(tmp_path: Path) -> None:
    partitioned(tmp_path)
    path = tmp_path / "data" / "transfers" / "part-2.csv"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    (finding, *_) = validate(tmp_path, contract=contract()).findings
    assert (finding.rule, finding.location) == ("unreadable-file", Location("data/transfers/part-2.csv"))
    assert "does not end with a line feed" in finding.message


def test_in_memory_a_table_is_a_csv(tmp_path: Path) -> None:
    partitioned(tmp_path)
    findings = validate(tmp_path, contract=contract(), engine="memory").findings
    assert {each.rule for each in findings} == {"resource-path"}
    assert "--engine polars" in findings[0].hint


@pytest.mark.parametrize(("options", "engine"), [((), "memory"), (("--engine", "polars"), "polars")])
def test_the_command_prints_which_engine_ran(
    options: tuple[str, ...], engine: str, script: Callable[..., Any], tmp_path: Path
) -> None:
    copy_package(tmp_path)
    done = script("validate", tmp_path, "--no-frictionless", *options)
    assert (done.returncode, done.stderr) == (0, f"engine: {engine}\n")


def test_without_spark_the_command_says_what_to_install(script: Callable[..., Any], tmp_path: Path) -> None:
    copy_package(tmp_path)
    done = script("validate", tmp_path, "--engine", "spark")
    assert done.returncode == 2
    assert 'an environment of its own, with python -m pip install "russia-dprk-claims[spark]"' in done.stderr


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    root = tmp_path / "[a-b]*? é"
    root.mkdir()
    copy_package(root)
    result = validate(root, contract=contract(), engine="polars", frictionless=False)
    assert (result.findings, result.notes) == ([], ())


def test_a_file_may_be_a_link_to_one_with_any_name(tmp_path: Path) -> None:
    copy_package(tmp_path)
    path = tmp_path / data_path("coders")
    path.rename(tmp_path / "stored")
    path.symlink_to(tmp_path / "stored")
    result = validate(tmp_path, contract=contract(), engine="polars", frictionless=False)
    assert (result.findings, result.notes) == ([], ())


def texts(pattern: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.from_regex(pattern, fullmatch=True), min_size=10)


@settings(max_examples=20)
@given(texts=texts(PLAIN_TEXT))
def test_no_rule_on_characters_is_broken_by_plain_texts(texts: list[str]) -> None:
    assert rules_broken(text for text in texts if text.lower() not in NULL_WORDS) == set()


CODES = sorted({each.pattern or "" for table in contract() for each in table.fields if is_code(each)})


@pytest.mark.parametrize("pattern", CODES)
def test_no_rule_on_characters_is_broken_by_codes(pattern: str) -> None:
    @settings(max_examples=3)
    @given(texts=texts(pattern))
    def holds(texts: list[str]) -> None:
        assert rules_broken(texts) == set()

    holds()


def rules_broken(texts: Iterable[str]) -> set[str]:
    frame = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    broken = frame.select(broken.any().alias(rule) for rule, broken in TEXT_RULES)
    return {rule for rule, is_broken in broken.row(0, named=True).items() if is_broken}


# --- large packages --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of ten thousand claims."""
    root = tmp_path_factory.mktemp("large") / "package"
    make_package(root, 28)
    return root


def test_a_large_package_is_valid(large: Path) -> None:
    result = validate(large, engine="polars", frictionless=False)
    assert result.findings == []
    assert result.notes == ()
    assert result.rows["claims"] > 10_000


def test_one_wrong_cell_of_a_large_package_is_located_exactly(large: Path) -> None:
    path = large / data_path("claim_relations")
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[7000] = lines[7000].replace(",repeats,", ",repeat,").replace(",contradicts,", ",contradict,")
    lines[7000] = lines[7000].replace(",corroborates,", ",corroborate,").replace(",denies,", ",deny,")
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        found = validate(large, engine="polars").findings
    finally:
        path.write_text(text, encoding="utf-8")
    column = lines[7000].index(",", lines[7000].index(",") + 1) + 2
    wrong = [each for each in found if each.rule == "vocabulary"]
    assert [each.location for each in wrong] == [Location("data/claim_relations.csv", 7001, column)]
    assert {each.rule for each in found} == {"vocabulary", "resource-hash"}


@pytest.mark.full
def test_a_package_of_a_hundred_thousand_claims_is_valid(tmp_path: Path) -> None:
    make_package(tmp_path / "package", 270)
    result = validate(tmp_path / "package")
    assert result.findings == []
    assert result.engine == "polars"
    assert result.rows["claims"] > 99_000
