"""The rules of meaning as Pandera schemas, made from the contract and the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import narwhals as nw
import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaError, SchemaErrors

from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.rule import Rule
from russia_dprk_claims.checks.tables import Cell, TextTables
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract, Table


def check_meaning(contract: Contract, tables: TextTables, faulty: frozenset[Cell] = frozenset()) -> list[Finding]:
    """Return a finding for each row that breaks a rule, as Pandera judges; rules on `faulty` cells are silent."""
    return run_rules(contract, tables, faulty, judge_by_pandera)


def pandera_schema(table: Table, rules: Iterable[Rule]) -> pa.DataFrameSchema:
    """Return the Pandera schema of a table with its rules as checks; that its columns are typed is seen to before."""
    checks = [pa.Check(_row_check(rule.holds), name=rule.id, error=rule.statement) for rule in rules]
    return pa.DataFrameSchema(checks=checks, name=table.name, strict=False)


def _row_check(holds: nw.Expr) -> Callable[[PolarsData], pl.LazyFrame]:
    def check(data: PolarsData) -> pl.LazyFrame:
        return nw.from_native(data.lazyframe).select(holds=holds.fill_null(True)).to_native()

    return check


def _all_rules(rules: Sequence[Rule]) -> pa.DataFrameSchema:
    """Return the schema with all rules of a table in one check."""
    together = nw.all_horizontal(*(rule.holds.fill_null(True) for rule in rules), ignore_nulls=False)
    return pa.DataFrameSchema(checks=[pa.Check(_row_check(together), name="all rules")])


def judge_by_pandera(table: Table, rules: Sequence[Rule], frame: pl.DataFrame) -> Iterator[tuple[Rule, int]]:
    """Validate a frame, and yield what breaks which rule.

    Whether all rules hold is asked first, in one check, as a check costs Pandera more than an expression costs Polars
    (on the real dataset 3.5 ms against 0.5). Only where they do not is each asked for itself, and every one sees
    every row.
    """
    try:
        _all_rules(rules).validate(frame)
    except SchemaError:
        yield from _each_rule(table, rules, frame)


def _each_rule(table: Table, rules: Sequence[Rule], frame: pl.DataFrame) -> Iterator[tuple[Rule, int]]:
    try:
        pandera_schema(table, rules).validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            if error.check_output is None or error.check_index is None:
                raise
            for index in (~error.check_output.to_series()).arg_true():
                yield rules[error.check_index], index
