"""Each rule reads columns that exist, is documented, and works on other people's frames."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from conftest import REPOSITORY, Script
from pandera.errors import SchemaErrors

from curation.documents.codebook import PATH, codebook
from curation.project import Project, read_project
from curation.report import FORMATS
from russia_dprk_claims.checks import schema
from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import Location
from russia_dprk_claims.checks.frames import RuleFrames
from russia_dprk_claims.checks.rule import ROW, Rule, Summary, Within
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.rules.events import DATES
from russia_dprk_claims.checks.rules.sources import is_language
from russia_dprk_claims.checks.run import run_rules
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.tables import Invalid, TextTable
from russia_dprk_claims.contract import Contract

DATA = REPOSITORY / "data"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return read_project(REPOSITORY, tmp_path_factory.mktemp("no-texts"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.table}-{rule.column}")
def test_a_rule_reads_columns_that_exist_and_is_true_or_false(rule: Rule, project: Project) -> None:
    frame = RuleFrames(project.contract, project.tables, Invalid()).frame(rule.table, [rule]).collect()
    assert frame.select(holds=rule.holds)["holds"].dtype == pl.Boolean
    assert {each.name for each in rule.computed} <= set(rule.holds.meta.root_names())
    assert {each for each in rule.paths if "." not in each} - {ROW} <= set(project.contract[rule.table].columns)
    assert set(rule.where.meta.root_names()) <= set(project.contract[rule.table].columns)
    assert rule.column in project.contract[rule.table].columns


class Rows:
    """Rows made for a test, each located by its number."""

    def locate(self, row: int, column: str | None) -> Location:
        return Location("rows", row + 1)


def test_a_rule_is_silent_on_what_it_reads_in_a_row_whose_key_another_row_has(project: Project) -> None:
    tables = {
        name: TextTable(name, {column: list(cells) for column, cells in raw.cells.items()}, Rows())
        for name, raw in project.tables.items()
    }
    relations, claims, sources = (tables[name].cells for name in ("claim_relations", "claims", "sources"))
    source_of = dict(zip(claims["claim_id"], claims["source_id"], strict=True))
    pairs = list(zip(relations["claim_id"], relations["related_claim_id"], strict=True))
    row = next(row for row, (claim, related) in enumerate(pairs) if source_of[claim] != source_of[related])
    relations["relation"][row], relations["independence"][row] = "repeats", "same_origin"
    for claim in pairs[row]:
        claims["origin_id"][claims["claim_id"].index(claim)] = tables["origins"].cells["origin_id"][0]
    twice = sources["source_id"].index(source_of[pairs[row][1]])
    for cells in sources.values():
        cells.append(cells[twice])
    structure = check_structure(project.contract, tables)
    assert {each.rule for each in structure.findings} == {"primary-key", "unique"}
    rule = next(each for each in RULES if each.id == "repeats-origin")
    assert not run_rules(project.contract, tables, structure.invalid, rules=[rule])


def test_the_catalogue_has_every_rule_once_in_one_sentence() -> None:
    entries = catalogue()
    assert len({each.id for each in entries}) == len(entries)
    assert {rule.id for rule in RULES} <= {each.id for each in entries}
    for each in entries:
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", each.id), each.id
        assert re.fullmatch(r"[A-Z`].*\.", each.statement), each.id
        assert each.hint, each.id


def test_every_rule_that_the_program_names_is_in_the_catalogue() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "src").rglob("*.py"))
    named = set(re.findall(r'(?:\bfinding\(|_on_descriptor\(|\brule=)\s*"([a-z0-9-]+)"', source))
    assert len(named) > 20
    assert named - {each.id for each in catalogue()} == set()


def test_the_codebook_is_generated_from_contract_and_rules(contract: Contract, project: Project) -> None:
    page = codebook(contract, project.tables)
    assert (REPOSITORY / PATH).read_text(encoding="utf-8") == page
    for table in contract:
        for field in table.fields:
            assert f"| `{field.name}` |" in page
            assert all(f"| `{value}` | {text} |" in page for value, text in field.definitions.items())
    assert all(f"| `{each.id}` |" in page for each in catalogue())


def read_polars(table: str) -> pl.DataFrame:
    dtypes = {name: column.dtype.type for name, column in schema(table).columns.items()}
    return pl.read_csv(DATA / f"{table}.csv", schema_overrides=dtypes)


def read_pandas(table: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{table}.csv", keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("table", sorted(path.stem for path in DATA.glob("*.csv")))
def test_the_public_schemas_accept_the_dataset(table: str) -> None:
    schema(table).validate(read_polars(table), lazy=True)
    schema(table, "pandas").validate(read_pandas(table), lazy=True)


def test_the_public_schemas_refuse_what_breaks_a_rule() -> None:
    broken = read_polars("quantities").with_columns(bound_type=pl.lit("vague"))
    with pytest.raises(SchemaErrors, match="The bound type says which of value_low"):
        schema("quantities").validate(broken, lazy=True)
    claims = read_pandas("claims")
    claims.loc[3, "polarity"] = "yes"
    with pytest.raises(SchemaErrors, match="polarity: one of affirmed, denied, unknown"):
        schema("claims", "pandas").validate(claims, lazy=True)


def test_the_public_schemas_compare_rows_of_a_table_with_each_other() -> None:
    chains = read_polars("claim_attributions")
    is_inner = (pl.col("claim_id") == "SRC-0001-C002") & (pl.col("step") == 1)
    gap = chains.with_columns(step=pl.col("step") + pl.when(is_inner).then(1).otherwise(0))
    with pytest.raises(SchemaErrors) as caught:
        schema("claim_attributions").validate(gap, lazy=True)
    (broken,) = caught.value.failure_cases["check"]
    assert broken == "The steps of a chain are 0, 1, 2 and so on, without a gap."
    claims = read_pandas("claims")
    claims.loc[1, ["claim_text", "source_id"]] = claims.loc[0, ["claim_text", "source_id"]]
    with pytest.raises(SchemaErrors, match="Two active claims of one source do not have the same text"):
        schema("claims", "pandas").validate(claims, lazy=True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.table}-{rule.column}")
def test_no_condition_has_a_window(rule: Rule) -> None:
    """In a large table, a window takes several times as long as a group-by and a join."""
    expressions = [rule.holds, *(each.of for each in rule.computed if isinstance(each, Summary | Within))]
    assert not [each for each in expressions if '"Over"' in each.meta.serialize(format="json")]


def test_the_public_schemas_refuse_a_repeated_key() -> None:
    claims = read_polars("claims")
    with pytest.raises(SchemaErrors, match="claim_id"):
        schema("claims").validate(pl.concat([claims, claims.head(1)]), lazy=True)


def test_the_public_schemas_accept_a_frame_whose_rows_are_numbered() -> None:
    schema("claims").validate(read_polars("claims").with_row_index(ROW), lazy=True)
    schema("claims", "pandas").validate(read_pandas("claims").iloc[::-1], lazy=True)


def test_the_date_of_an_event_does_not_depend_on_the_order_of_its_claims() -> None:
    day, of = "claim_id.event_date", {"bearing": "affirms", "record_status": "active", "date_basis": "stated"}
    rows = pl.DataFrame(
        {day: ["2023-09~", "2023-09"], f"{day}.earliest": date(2023, 9, 1), f"{day}.latest": date(2023, 9, 30)}
    )
    rows = rows.with_columns(
        pl.lit(value).alias(name if name == "bearing" else f"claim_id.{name}") for name, value in of.items()
    )
    narrowest = DATES[0].of
    assert [each.select(narrowest).item() for each in (rows, rows.reverse())] == ["2023-09", "2023-09"]


def test_a_language_of_very_many_parts_is_none() -> None:
    assert is_language("en" + "-abcde" * 5000) is False


def test_an_unknown_table_gets_a_suggestion() -> None:
    with pytest.raises(KeyError, match=r"there is no table 'claim'; did you mean 'claims'\?"):
        schema("claim")


def test_importing_the_checks_imports_no_engine() -> None:
    program = (
        "import russia_dprk_claims.checks, sys; sys.exit(bool({'polars', 'pandas', 'pandera'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_list_rules_prints_every_rule(script: Script) -> None:
    lines = script("validate", "--list-rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [each.id for each in catalogue()]


def test_explain_prints_one_rule(script: Script) -> None:
    done = script("validate", "--explain", "chain-contiguous")
    assert done.stdout == (
        "chain-contiguous (error, semantics on claim_attributions)\n"
        "The steps of a chain are 0, 1, 2 and so on, without a gap.\n"
        "What to do: leave step out, so that it is counted; write it only for voices that share a step\n"
    )
    wrong = script("validate", "--explain", "chain-contigous")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "error: there is no rule 'chain-contigous' (did you mean 'chain-contiguous'?)\n"


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_the_only_thing_on_standard_output(record: Path, script: Script, format_: str) -> None:
    text = record.read_text(encoding="utf-8").replace("topic: transport", "topic: shipping", 1)
    record.write_text(text, encoding="utf-8")
    done = script("validate", "--format", format_)
    assert done.returncode == 1
    assert "shipping" in done.stdout
    assert done.stderr.startswith("1 error")
    if format_ == "json":
        json.loads(done.stdout)
    if format_ == "github":
        assert all(line.startswith("::") for line in done.stdout.splitlines())


def test_github_gets_a_summary_of_the_step(record: Path, script: Script, tmp_path: Path) -> None:
    text = record.read_text(encoding="utf-8").replace("topic: transport", "topic: shipping", 1)
    record.write_text(text, encoding="utf-8")
    summary = tmp_path / "summary.md"
    script("validate", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert "vocabulary" in summary.read_text(encoding="utf-8")
