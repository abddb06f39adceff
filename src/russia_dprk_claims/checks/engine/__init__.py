"""Validates packages larger than memory with Polars' streaming engine, by the same conditions and rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from russia_dprk_claims.checks.engine.scan import NotPlainError, StoredCells, scan_table
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.frames import RuleFrames, columns_read
from russia_dprk_claims.checks.reading import other_file, read_strictly
from russia_dprk_claims.checks.rule import ROW, Rule
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.package import Package, file_mismatch


class Streaming:
    """Reads the tables of a package in a folder by scanning their files, and evaluates conditions on all rows of them.

    `notes` says which files were left to the strict reader, with the reason.
    """

    def __init__(self, contract: Contract, store: Path) -> None:
        """Begin; typed cells that do not fit in memory are stored in a folder."""
        self._read = columns_read(contract, RULES)
        self._cells = StoredCells(contract)
        self._store = store
        self.notes: list[str] = []

    def read_table(
        self, package: Package, path: str, resource: Mapping[str, Any], table: Table
    ) -> tuple[TextTable, list[Finding]]:
        """Scan a table, as `reading.ReadTable`; a file that Polars may misread is read into memory."""
        file = package.locate(path)
        try:
            text = scan_table(table, file, path, self._read[table.name], self._cells, self._store)
        except NotPlainError as error:
            self.notes.append(f"{path} was read into memory: {error}")
            return read_strictly(package, path, resource, table)
        with file.open("rb") as opened:
            problem = file_mismatch(resource, file.stat().st_size, opened)
        return text, [other_file(path, problem, text)] if problem else []

    def collect(self, plans: list[pl.LazyFrame]) -> list[pl.DataFrame]:
        """Collect lazy frames one after another, which saves memory."""
        return [each.collect(engine="streaming") for each in plans]

    def rules(self, contract: Contract, tables: TextTables, invalid: Invalid) -> list[Rule]:
        """Return the rules that may be broken by what is stored, and those that read more of ids than is stored."""
        if invalid.too_many:
            return []
        frames = RuleFrames(contract, tables, invalid, self._cells.cell)
        broken = [rule for rule in RULES if rule.reads_ids]
        for table in contract:
            own = [rule for rule in RULES if rule.table == table.name and not rule.reads_ids and frames.can_run(rule)]
            if own:
                sums = ((~frames.passes(rule)).sum().alias(str(number)) for number, rule in enumerate(own))
                (counts,) = self.collect([frames.frame(table.name, own).select(sums)])
                broken += [rule for rule, count in zip(own, counts.row(0), strict=True) if count]
        return broken

    def find_broken(self, plans: list[pl.LazyFrame]) -> dict[str, pl.Series]:
        """Return the rows that break each rule, as `run.FindBroken`; they are looked for only if there are any."""
        broken: dict[str, pl.Series] = {}
        for plan in plans:
            names = [name for name in plan.collect_schema().names() if name != ROW]
            counts = plan.select((~pl.col(name)).sum() for name in names).collect(engine="streaming").row(0, named=True)
            some = [name for name, count in counts.items() if count]
            if some:
                rows = plan.filter(pl.any_horizontal(~pl.col(some))).select(ROW, *some).collect(engine="streaming")
                broken |= {name: rows.filter(~pl.col(name))[ROW].sort() for name in some}
        return broken
