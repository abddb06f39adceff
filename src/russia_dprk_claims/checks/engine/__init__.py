"""Validates packages larger than memory with Polars' streaming engine, by the same conditions and rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count, groupby
from pathlib import Path
from typing import Any

import polars as pl

from russia_dprk_claims.checks.engine.guard import NotPlainError, plain_signs
from russia_dprk_claims.checks.engine.parts import Part, RowLocations, file_texts, joined_parts
from russia_dprk_claims.checks.engine.scan import (
    SUMS,
    SUSPECT,
    StoredCells,
    check_signs,
    row_signs,
)
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.frames import RuleFrames
from russia_dprk_claims.checks.reading import other_file, read_package, read_strictly
from russia_dprk_claims.checks.rule import ALWAYS, ROW, Rule
from russia_dprk_claims.checks.scanned import ScannedLocations, ScannedTable
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.package import Package, file_mismatch

SMALL = 1 << 24
"""Up to how many bytes of a file its typed cells stay in memory."""


class Streaming:
    """Reads the tables of a package in a folder by scanning their files, and evaluates conditions on all rows of them.

    `notes` says which files were left to the strict reader, with the reason.
    """

    def __init__(self, contract: Contract, store: Path) -> None:
        """Begin; typed cells that do not fit in memory are stored in a folder."""
        self._cells = StoredCells(contract)
        self._store = store
        self._numbers = count()
        self.notes: list[str] = []

    def read(self, folder: Path, contract: Contract) -> tuple[dict[str, TextTable], list[Finding]]:
        """Read the tables of a package."""
        return read_package(folder, contract, self.read_table, only_csv=False)

    def read_table(
        self, package: Package, path: str, resource: Mapping[str, Any], table: Table
    ) -> tuple[TextTable, list[Finding]]:
        """Scan a table, as `reading.ReadTable`; a file that Polars may misread is read into memory."""
        files = package.locate_parts(path)
        is_csv = list(files) == [path] and path.endswith(".csv")
        parts = []
        for name, file in files.items():
            try:
                parts.append(self.scan(table, name, file.absolute()))
            except NotPlainError as error:
                if not is_csv:
                    raise package.damaged(name, f"{error}, so it is not safe to scan") from error
                self.notes.append(f"{path} was read into memory: {error}")
                return read_strictly(package, path, resource, table)
        scanned = joined_parts(table, self._cells.columns[table.name], parts, self.concat)
        if list(files) != [path]:
            return scanned, []
        with file.open("rb") as opened:
            problem = file_mismatch(resource, file.stat().st_size, opened)
        return scanned, [other_file(path, problem, scanned)] if problem else []

    def scan(self, table: Table, path: str, file: Path) -> Part:
        """Scan a file of a table; `NotPlainError` if Polars may misread it."""
        is_csv = path.endswith(".csv")
        signs = plain_signs(file, table.columns) if is_csv else None
        try:
            texts, stored = self.frames(table, file, row_signs(table, signs))
            (sums,) = self.add_up([stored], *SUMS)
            suspects = stored.filter(SUSPECT).select(ROW).collect(engine="streaming").to_series()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise NotPlainError(f"Polars cannot read it ({str(error).splitlines()[0]:.80})") from error
        check_signs(table.columns, sums, signs)
        locator = ScannedLocations(path, header=table.columns) if is_csv else RowLocations(path)
        return Part(locator, texts, stored, suspects, sums["rows"])

    def frames(self, table: Table, file: Path, signs: list[pl.Expr]) -> tuple[pl.LazyFrame, pl.LazyFrame]:
        """Return the rows of a file as texts, and what is stored of them: in memory, or in a file if they are many."""
        plan = self._cells.scan(table, file_texts(file, table.columns), signs)
        if file.stat().st_size < SMALL:
            stored = plan.collect(engine="streaming").with_row_index(ROW).lazy()
        else:
            store = self._store / f"{next(self._numbers)}.parquet"
            plan.sink_parquet(store, compression="lz4", statistics=False, engine="streaming")
            stored = pl.scan_parquet(store, row_index_name=ROW, glob=False)
        return file_texts(file, table.columns, ROW), stored

    concat: Callable[[list[pl.LazyFrame]], pl.LazyFrame] = staticmethod(pl.concat)

    def collect(self, plans: list[pl.LazyFrame]) -> list[pl.DataFrame]:
        """Collect lazy frames one after another, which saves memory."""
        return [each.collect(engine="streaming") for each in plans]

    def rules(self, contract: Contract, tables: TextTables, invalid: Invalid) -> list[Rule]:
        """Return the rules that may be broken."""
        if invalid.too_many:
            return []
        frames = RuleFrames(contract, tables, invalid, self._cells)
        unchecked: list[Rule] = []
        checked: list[Rule] = []
        plans: list[pl.LazyFrame] = []
        for table in contract:
            on_texts, text = self._cells.on_texts[table.name], tables[table.name]
            if not isinstance(text, ScannedTable):
                unchecked += on_texts.values()
            elif on_texts:
                checked += on_texts.values()
                plans.append(text.stored.select(*on_texts))
            others = [rule for rule in self._cells.others if rule.table == table.name and frames.can_run(rule)]
            # Rules that join the same tables are evaluated together: more joins at once take more time and memory.
            for _, group in groupby(sorted(others, key=_joins), _joins):
                rules = list(group)
                checked += rules
                passes = (frames.passes(rule).alias(str(number)) for number, rule in enumerate(rules))
                frame = frames.frame(table.name, rules)
                if rules[0].where is not ALWAYS:
                    frame = frame.filter(pl.any_horizontal(rule.where for rule in rules))
                plans.append(frame.select(passes))
        counts = (number for each in self.add_up(plans, (~pl.all()).sum()) for number in each.values())
        return [*unchecked, *(rule for rule, number in zip(checked, counts, strict=True) if number)]

    def add_up(self, plans: list[pl.LazyFrame], *sums: pl.Expr) -> list[dict[str, int]]:
        """Return sums over all rows of each plan."""
        return [rows.row(0, named=True) for rows in self.collect([plan.select(sums) for plan in plans])]

    def find_broken(self, plans: list[pl.LazyFrame]) -> dict[str, pl.Series]:
        """Return the rows that break each rule, as `run.FindBroken`."""
        found = self.collect([plan.filter(pl.any_horizontal(~pl.exclude(ROW))) for plan in plans])
        return {name: rows.filter(~rows[name])[ROW].sort() for rows in found for name in rows.columns if name != ROW}


def _joins(rule: Rule) -> tuple[bool, bool, bool]:
    """Return whether a rule joins aggregates, whether it joins other rows, and whether it does so for all rows."""
    return bool(rule.computed), rule.needs_other_rows, rule.where is ALWAYS
