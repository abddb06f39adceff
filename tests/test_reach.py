"""What a rule reads is known, and where its verdict on a row follows from one source, it is the same for that source.

The real tables are spoilt at random, so that the rules find much; then each source is judged alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

import polars as pl
import pytest
from conftest import REPOSITORY

from russia_dprk_claims.checks.reach import columns_read, family, is_within_source, narrowed
from russia_dprk_claims.checks.rule import Rule
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.structure import text_frame
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract, Field
from russia_dprk_claims.findings import Finding
from russia_dprk_claims.incremental import raw_table
from russia_dprk_claims.lineage import Lineage
from russia_dprk_claims.raw_tables import RawTable, RawTables
from russia_dprk_claims.seeds.records import read_seeds

SPOILT = 0.03


@pytest.fixture(scope="module")
def spoilt(contract: Contract) -> RawTables:
    """The real tables with a cell in thirty exchanged for that of another row, but for ids and what leads to them."""
    chance = random.Random(20240619)  # noqa: S311
    tables = read_seeds(REPOSITORY / "seeds", contract).tables
    for table in contract:
        kept = {*table.primary_key, *(name for key in table.foreign_keys for name in key.columns)}
        cells = tables[table.name].cells
        for column in table.fields:
            if column.name in kept and not column.is_ordinal:
                continue
            values = cells[column.name]
            for row in range(len(values)):
                if chance.random() < SPOILT:
                    values[row] = _other(column, values, chance)
    return tables


def _other(column: Field, values: list[str | None], chance: random.Random) -> str | None:
    return chance.choice(column.enum) if column.enum else chance.choice(values)


def told(findings: Iterable[Finding]) -> set[tuple[str, str, str, str]]:
    return {(each.rule, each.table, each.row, each.value) for each in findings}


def of_source(contract: Contract, tables: RawTables, source: str) -> RawTables:
    """Return the tables with the rows of one source, and all rows that belong to none."""
    lineage, inside = Lineage(contract, tables), family(contract)
    found: dict[str, RawTable] = {}
    for table in contract:
        frame = text_frame(tables[table.name])
        if table.name in inside:
            frame = frame.filter(pl.Series([lineage.source(table, index) == source for index in range(len(frame))]))
        found[table.name] = raw_table(table, frame)
    return found


WITHIN = "claim-distinct chain-contiguous chain-joint arms-parties name-registered span-in-text quantity-span"
BEYOND = "superseded-active quantity-cycle relation-once denies-opposite actor-used agreement-claimed term-active"


def test_rules_that_look_beyond_a_source_are_told_from_those_that_do_not(contract: Contract) -> None:
    within = {rule.id for rule in RULES if is_within_source(contract, rule)}
    beyond = {rule.id for rule in RULES if not is_within_source(contract, rule)}
    assert set(WITHIN.split()) <= within - beyond
    assert set(BEYOND.split()) <= beyond - within


def test_a_source_alone_gets_the_verdicts_that_it_gets_among_all(contract: Contract, spoilt: RawTables) -> None:
    rules = [rule for rule in RULES if is_within_source(contract, rule)]
    together = told(run_rules(contract, spoilt, rules=rules))
    sources = [each or "" for each in spoilt["sources"].cells["source_id"]]
    alone = [told(run_rules(contract, of_source(contract, spoilt, each), rules=rules)) for each in sources]
    assert len({rule for rule, *_ in together}) > len({rule.id for rule in rules}) / 2, "the rules find something"
    assert set().union(*alone) == together


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.table}-{rule.column}")
def test_a_rule_reads_no_column_that_it_does_not_declare(contract: Contract, spoilt: RawTables, rule: Rule) -> None:
    narrow = narrowed(contract, [rule])
    tables = {table.name: raw_table(table, text_frame(spoilt[table.name])) for table in narrow}
    assert told(run_rules(narrow, tables, rules=[rule])) == told(run_rules(contract, spoilt, rules=[rule]))
    named = {(table.name, name) for table in narrow for name in table.columns}
    key = {(rule.table, name) for name in contract[rule.table].primary_key}
    assert named == columns_read(contract, rule) | key
