"""Verdicts: the rules of meaning run over all tables, with a finding for each row that breaks one.

Who judges is open: `judge_directly` evaluates the expressions as they are, Pandera (in `meaning`) is the default of
validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import narwhals as nw
import polars as pl

from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.frames import Frames
from russia_dprk_claims.checks.rule import Rule
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.tables import Cell, TextTable, TextTables, cell_finding
from russia_dprk_claims.contract import Contract, Table

Judge = Callable[[Table, Sequence[Rule], pl.DataFrame], Iterable[tuple[Rule, int]]]
"""Tells which rows of a frame break which rules of a table."""


def judge_directly(_: Table, rules: Sequence[Rule], frame: pl.DataFrame) -> Iterator[tuple[Rule, int]]:
    """Evaluate the expressions of the rules over a frame."""
    good = nw.from_native(frame).select(*(rule.holds.fill_null(True).alias(str(n)) for n, rule in enumerate(rules)))
    for number, rule in enumerate(rules):
        for index in (~good.to_native()[str(number)]).arg_true():
            yield rule, index


def run_rules(
    contract: Contract,
    tables: TextTables,
    faulty: frozenset[Cell] = frozenset(),
    judge: Judge = judge_directly,
    rules: Iterable[Rule] = RULES,
) -> list[Finding]:
    """Run rules over all tables.

    Parameters
    ----------
    contract
        The contract of the tables.
    tables
        Every table of the contract, as texts.
    faulty
        Cells that were found wrong before: they count as empty, and rules that read them are silent.
    judge
        Who evaluates the rules.
    rules
        The rules to run.

    Returns
    -------
    list of Finding
        One for each row that breaks a rule.
    """
    frames = Frames(contract, tables, faulty)
    rules = list(rules)
    findings: list[Finding] = []
    for table in contract:
        own = [rule for rule in rules if rule.table == table.name]
        if own:
            frame = frames.with_reads(table.name, (read for rule in own for read in rule.elsewhere))
            raw = tables[table.name]
            findings += [
                _finding(rule, table, raw, index)
                for rule, index in judge(table, own, frame)
                if not _is_doubtful(frames, rule, index)
            ]
    return findings


def _is_doubtful(frames: Frames, rule: Rule, index: int) -> bool:
    """Return whether a rule rests on a cell that was found wrong before, of this row or of one that it leads to."""
    paths = [*rule.own_columns, *(each for each in rule.reads if isinstance(each, str) and "." in each)]
    return any(index in frames.doubtful(rule.table, path) for path in paths)


def _finding(rule: Rule, table: Table, raw: TextTable, index: int) -> Finding:
    value = raw.cells[rule.column][index] or ""
    stated = f"{rule.column} {value!r}: " if value else ""
    definition = table.by_name[rule.column].definitions.get(value, "")
    hint = rule.hint.replace("{definition}", f"{value}: {definition}")
    message = f"{stated}{rule.statement}"
    return cell_finding(
        table, raw, index, rule.column, rule=rule.id, message=message, hint=hint, severity=rule.severity
    )
