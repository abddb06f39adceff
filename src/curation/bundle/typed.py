"""The tables of a release with typed cells, from which every format is written: `claims_wide`, then the contract's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from curation.bundle.inputs import BundleInputs
from russia_dprk_claims.contract import SUMMARY, WIDE, Field, Table, Value, derived_table
from russia_dprk_claims.frames import Cells, records
from russia_dprk_claims.package import Package
from russia_dprk_claims.questions.events import event_rows
from russia_dprk_claims.wide import wide_cells


@dataclass(frozen=True)
class TypedTable:
    """A table of a release: its definition, and its cells as texts by column; an empty cell is None."""

    table: Table
    cells: Mapping[str, Cells]

    def __len__(self) -> int:
        return len(self.cells[self.table.columns[0]])

    def values(self, column: Field) -> list[Value | None]:
        """Return the values of a column, with the types of the contract."""
        return [None if text is None else column.parse(text) for text in self.cells[column.name]]

    def rows(self) -> Iterator[tuple[Value | None, ...]]:
        """Iterate over the rows, as values in the order of the columns."""
        return zip(*map(self.values, self.table.fields), strict=True)

    def text_rows(self) -> Iterator[list[str]]:
        """Iterate over the rows as texts; an empty cell is an empty text."""
        return ([cell or "" for cell in row] for row in zip(*self.cells.values(), strict=True))


def typed_tables(inputs: BundleInputs, package: Package) -> list[TypedTable]:
    """Return `claims_wide` and the tables of the contract."""
    contract = inputs.contract
    wide = TypedTable(derived_table(contract, WIDE), wide_cells(package))
    return [wide, *(TypedTable(table, inputs.tables[table.name].cells) for table in contract)]


def with_polarity(tables: Iterable[TypedTable]) -> list[TypedTable]:
    """Return the tables, with the polarity of the claims in `transfers` too: a filter there must not count denials."""
    by_name = {each.table.name: each for each in tables}
    claims, transfers = by_name["claims"], by_name["transfers"]
    polarity = dict(zip(claims.cells["claim_id"], claims.cells["polarity"], strict=True))
    cells = {**transfers.cells, "polarity": [polarity[claim] for claim in transfers.cells["claim_id"]]}
    table = replace(transfers.table, fields=(*transfers.table.fields, claims.table.by_name["polarity"]))
    return [*(by_name | {"transfers": TypedTable(table, cells)}).values()]


def event_summary(inputs: BundleInputs, package: Package) -> TypedTable:
    """Return the events with how much is said of them, as the loader counts it."""
    table, rows = derived_table(inputs.contract, SUMMARY), records(event_rows(package))
    cells = {name: [None if row[name] is None else str(row[name]) for row in rows] for name in table.columns}
    return TypedTable(table, cells)
