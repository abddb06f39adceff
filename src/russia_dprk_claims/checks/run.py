"""Runs the semantic rules, with Pandera on Polars.

A rule skips a row if a cell that it reads is invalid, or if the row refers to an invalid or missing row. If some rows
of a table could not be read, rules that count or aggregate its rows do not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

import polars as pl

from russia_dprk_claims.checks.catalogue import ENTRIES, finding
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.frames import RuleFrames
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.rule import ALWAYS, ROW, Rule
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.scanned import ScannedTable
from russia_dprk_claims.checks.structure import Collect, in_memory
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables, cell_finding
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.files import LIMITS

HOLDS = "#holds"
FindBroken = Callable[[list[pl.LazyFrame]], Mapping[str, pl.Series]]


def with_pandera(plans: list[pl.LazyFrame]) -> dict[str, pl.Series]:
    """Return the rows that break each rule, by the column of the rule, with Pandera on frames in memory.

    Each plan has the number of each row and a column for each rule of its table: true or null in a row that passes.
    """
    import pandera.polars as pa
    from pandera.errors import SchemaError

    # Null passes. A Pandera check of one column takes longer than all Polars conditions, so all rules are one column.
    schema = pa.DataFrameSchema(checks=pa.Check(lambda data: data.lazyframe.select(HOLDS), name="rules"))
    plans = [each.with_columns(pl.all_horizontal(pl.exclude(ROW)).alias(HOLDS)) for each in plans]
    results = pl.concat(in_memory(plans), how="diagonal")
    try:
        schema.validate(results)
    except SchemaError as error:
        cases = error.failure_cases
        return {name: cases.filter(~pl.col(name))[ROW] for name in results.columns if name not in {ROW, HOLDS}}
    return {}


def with_polars(plans: list[pl.LazyFrame], collect: Collect = in_memory) -> dict[str, pl.Series]:
    """Return the same without Pandera, which takes longer to import than the rules on a hundred thousand rows."""
    broken = collect([each.filter(pl.any_horizontal(~pl.exclude(ROW))) for each in plans])
    return {name: rows.filter(~rows[name])[ROW].sort() for rows in broken for name in rows.columns if name != ROW}


class Memory:
    """Reads the tables of a package into memory, and evaluates conditions there; `engine.Streaming` scans them."""

    read = staticmethod(read_package)
    collect = staticmethod(in_memory)
    find_broken = staticmethod(with_pandera)
    rules = RULES
    notes: tuple[str, ...] = ()


def run_rules(
    contract: Contract,
    tables: TextTables,
    invalid: Invalid | None = None,
    rules: Iterable[Rule] = RULES,
    find_broken: FindBroken = with_pandera,
) -> list[Finding]:
    """Run rules over all tables.

    Parameters
    ----------
    contract : Contract
        The contract of the tables.
    tables : mapping of str to TextTable
        Every table of the contract.
    invalid : Invalid, optional
        The cells and tables that `check_structure` found invalid; rules skip them, and do not run if they are too many.
    rules : iterable of Rule, optional
        The rules to run; on tables that were scanned, those of their engine.
    find_broken : callable, optional
        Evaluates the rules; by default Pandera, in memory.

    Returns
    -------
    list of Finding
        One for each row that breaks a rule.
    """
    if invalid and invalid.too_many:
        return []
    frames = RuleFrames(contract, tables, invalid or Invalid())
    can_run = sorted(filter(frames.can_run, rules), key=_joins)
    plans = []
    # Rules that join the same tables are evaluated together: more joins at once take more time and memory.
    for (name, *_, is_about_all), group in groupby(enumerate(can_run), key=lambda each: _joins(each[1])):
        numbered = dict(group)
        frame = frames.frame(name, numbered.values())
        if not is_about_all:
            frame = frame.filter(pl.any_horizontal(rule.where for rule in numbered.values()))
        plans.append(frame.select(ROW, **{str(number): frames.passes(rule) for number, rule in numbered.items()}))
    findings: list[Finding] = []
    for number, rows in (find_broken(plans) if plans else {}).items():
        rule = can_run[int(number)]
        findings += _findings(rule, contract[rule.table], tables[rule.table], rows)
    return findings


def _joins(rule: Rule) -> tuple[str, bool, bool, bool]:
    """Return the table of a rule, whether it joins aggregates or other rows, and whether it is about all rows."""
    return rule.table, bool(rule.computed), rule.needs_other_rows, rule.where is ALWAYS


def _findings(rule: Rule, table: Table, text: TextTable, rows: pl.Series) -> Iterator[Finding]:
    """Yield the findings on the rows that break a rule, and the number of those beyond the limit."""
    first, rest = rows[: LIMITS.findings], rows[LIMITS.findings :]
    if isinstance(text, ScannedTable):
        text.fetch(first)
    yield from (_finding(rule, table, text, row) for row in first)
    if len(rest):
        message = f"{len(rest):,} more rows of {table.name} break this rule"
        place = text.locator.locate(rest[0], None)
        yield finding(rule.id, place, message, hint="correct those before", table=table.name)


def _finding(rule: Rule, table: Table, text: TextTable, row: int) -> Finding:
    entry, value = ENTRIES[rule.id], text.cells[rule.column][row] or ""
    definition = table.by_name[rule.column].definitions.get(value, "")
    message = f"{rule.column} {value!r}: {entry.statement}" if value else entry.statement
    suggested = rule.suggest(text.row(row)) if rule.suggest else ""
    hint = suggested or entry.hint.replace("{definition}", f"{value}: {definition}")
    return cell_finding(table, text, row, rule.column, rule=rule.id, message=message, hint=hint)
