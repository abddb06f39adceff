"""Validates packages larger than memory with Polars' streaming engine, by the same conditions and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import polars as pl

from russia_dprk_claims.checks.engine.guard import NotPlainError, plain_signs
from russia_dprk_claims.checks.engine.parts import Part, PartLocations, RowLocations, file_texts
from russia_dprk_claims.checks.engine.scan import SUMS, SUSPECT, StoredCells, check_signs, row_signs
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.reading import other_file, read_package, read_strictly
from russia_dprk_claims.checks.rule import ROW
from russia_dprk_claims.checks.run import with_polars
from russia_dprk_claims.checks.scanned import BREAKS, ScannedLocations, ScannedTable
from russia_dprk_claims.checks.structure import text_frame
from russia_dprk_claims.checks.tables import TextTable
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
        self.rules = self._cells.rules
        self._store = store
        self._numbers = count()
        self.notes: list[str] = []

    def read(self, folder: Path, contract: Contract) -> tuple[dict[str, TextTable], list[Finding]]:
        """Read the tables of a package."""
        tables, findings = read_package(folder, contract, self.read_table, only_csv=False)
        return {each.name: self._scanned(each, tables[each.name]) for each in contract}, findings

    def _scanned(self, table: Table, text: TextTable) -> ScannedTable:
        """Return a table that was read into memory as one that was scanned."""
        if isinstance(text, ScannedTable):
            return text
        texts = text_frame(text).with_columns(pl.col(ROW).cast(pl.Int64)).collect()
        signs = [pl.col(ROW), pl.lit(0, dtype=pl.UInt32).alias(BREAKS)]
        stored = self._cells.scan(table, texts.lazy(), signs).collect()
        return self.joined(table, [Part(text.locator, self.given(texts), self.given(stored), texts[ROW], len(text))])

    def given(self, rows: pl.DataFrame) -> pl.LazyFrame:
        """Return rows that are in memory as a lazy frame."""
        return rows.lazy()

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
        scanned = self.joined(table, parts)
        if list(files) != [path]:
            return scanned, []
        with file.open("rb") as opened:
            problem = file_mismatch(resource, file.stat().st_size, opened)
        return scanned, [other_file(path, problem, scanned)] if problem else []

    def joined(self, table: Table, parts: Sequence[Part]) -> ScannedTable:
        """Return the table that has the rows of some files, in this order."""
        starts = [0, *accumulate(each.height for each in parts)]
        cells: dict[str, list[str | None]] = {name: {} for name in table.columns}  # type: ignore[misc]
        places = [each.locator for each in parts]

        def numbered(frames: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
            rows = (each.with_columns(pl.col(ROW) + start) for each, start in zip(frames, starts, strict=False))
            return self.concat([*rows])

        scanned = ScannedTable(
            table.name,
            cells,
            PartLocations(places, starts[:-1]) if len(parts) > 1 else places[0],
            numbered(each.texts for each in parts),
            numbered(each.stored for each in parts),
            self._cells.read[table.name],
            pl.concat(each.suspects + start for each, start in zip(parts, starts, strict=False)),
            starts[-1],
        )
        for place, start in zip(places, starts, strict=False):
            if isinstance(place, ScannedLocations):
                place.table, place.start = scanned, start
        return scanned

    def scan(self, table: Table, path: str, file: Path) -> Part:
        """Scan a file of a table; `NotPlainError` if Polars may misread it."""
        is_csv = path.endswith(".csv")
        signs = plain_signs(file, table.columns) if is_csv else None
        try:
            texts, stored = self.frames(table, file, row_signs(table, signs))
            sums = self.add_up(stored, SUMS)
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

    def find_broken(self, plans: list[pl.LazyFrame]) -> dict[str, pl.Series]:
        """Return the rows that break each rule, as `run.FindBroken`."""
        # Counting rows takes less time than keeping their numbers.
        counted = [(plan, self.add_up(plan, [(~pl.exclude(ROW)).sum()])) for plan in plans]
        broken = [plan.select(ROW, *filter(numbers.get, numbers)) for plan, numbers in counted if any(numbers.values())]
        return with_polars(broken, self.collect)

    def add_up(self, plan: pl.LazyFrame, sums: Sequence[pl.Expr]) -> dict[str, int]:
        """Return sums over all rows."""
        return plan.select(sums).collect(engine="streaming").row(0, named=True)
