"""Runs the semantic rules, with Pandera on Polars.

A rule skips a row if a cell that it reads is invalid, or if the row refers to an invalid or missing row. If some rows
of a table could not be read, rules that count or aggregate its rows do not run.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError

from russia_dprk_claims.checks.catalogue import ENTRIES, finding
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.frames import RuleFrames
from russia_dprk_claims.checks.rule import ROW, Rule
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables, cell_finding
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.files import LIMITS

HOLDS = "#holds"
# Null passes. A Pandera check of one column takes longer than all Polars conditions, so all rules are one column.
_ALL_HOLD = pa.DataFrameSchema(checks=pa.Check(lambda data: data.lazyframe.select(HOLDS), name="rules"))


def run_rules(
    contract: Contract, tables: TextTables, invalid: Invalid | None = None, rules: Iterable[Rule] = RULES
) -> list[Finding]:
    """Run rules over all tables.

    Parameters
    ----------
    contract : Contract
        The contract of the tables.
    tables : mapping of str to TextTable
        Every table of the contract, as texts.
    invalid : Invalid, optional
        The cells and tables that `check_structure` found invalid; rules skip them, and do not run if they are too many.
    rules : iterable of Rule, optional
        The rules to run.

    Returns
    -------
    list of Finding
        One for each row that breaks a rule.
    """
    if invalid and invalid.too_many:
        return []
    frames = RuleFrames(contract, tables, invalid or Invalid())
    by_number = {str(number): rule for number, rule in enumerate(rules) if frames.can_run(rule)}
    plans = []
    for table in contract:
        own = {number: rule for number, rule in by_number.items() if rule.table == table.name}
        passes = {number: frames.passes(rule) for number, rule in own.items()}
        if own:
            plan = frames.frame(table.name, own.values()).select(ROW, **passes)
            plans.append(plan.with_columns(pl.all_horizontal(pl.exclude(ROW)).alias(HOLDS)))
    if not plans:
        return []
    # One column for each rule: true or null in a row that passes, null in the rows of other tables.
    results = pl.concat(pl.collect_all(plans, engine="in-memory"), how="diagonal")
    try:
        _ALL_HOLD.validate(results)
    except SchemaError as error:
        findings = []
        for number, rule in by_number.items():
            rows = error.failure_cases.filter(~pl.col(number))[ROW]
            findings += [
                _finding(rule, contract[rule.table], tables[rule.table], row) for row in rows[: LIMITS.findings]
            ]
            if more := len(rows[LIMITS.findings :]):
                place = tables[rule.table].locator.locate(rows[LIMITS.findings], None)
                message = f"{more:,} more rows of {rule.table} break this rule"
                findings.append(finding(rule.id, place, message, hint="correct those before", table=rule.table))
        return findings
    return []


def _finding(rule: Rule, table: Table, text: TextTable, row: int) -> Finding:
    entry, value = ENTRIES[rule.id], text.cells[rule.column][row] or ""
    definition = table.by_name[rule.column].definitions.get(value, "")
    message = f"{rule.column} {value!r}: {entry.statement}" if value else entry.statement
    suggested = rule.suggest(text.row(row)) if rule.suggest else ""
    hint = suggested or entry.hint.replace("{definition}", f"{value}: {definition}")
    return cell_finding(table, text, row, rule.column, rule=rule.id, message=message, hint=hint)
