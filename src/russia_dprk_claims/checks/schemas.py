"""Pandera schemas for other people's frames: one table at a time, made from the contract and the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import narwhals as nw

from russia_dprk_claims.checks.catalogue import ENTRIES
from russia_dprk_claims.checks.findings import did_you_mean
from russia_dprk_claims.checks.frames import DTYPES
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.package import installed

if TYPE_CHECKING:
    import pandera.pandas
    import pandera.polars

    from russia_dprk_claims.checks import Engine


def public_schema(table: str, engine: Engine) -> pandera.polars.DataFrameSchema | pandera.pandas.DataFrameSchema:
    """Return the schema that `russia_dprk_claims.checks.schema` promises."""
    contract = installed().contract
    if table not in contract.tables:
        raise KeyError(f"there is no table {table!r}; {did_you_mean(table, contract.tables)}")
    return _for_polars(contract[table]) if engine == "polars" else _for_pandas(contract[table])


def _rules(table: Table) -> Iterator[tuple[str, str, nw.Expr]]:
    """Yield the id, the statement and the expression of every check of a table, each true of a good row."""
    for column in table.fields:
        for id_, statement, holds in _column_rules(column):
            yield id_, f"{column.name}: {statement}", holds | nw.col(column.name).is_null()
    for rule in RULES:
        if rule.table == table.name and not rule.elsewhere:
            yield rule.id, ENTRIES[rule.id].statement, rule.holds


def _column_rules(column: Field) -> Iterator[tuple[str, str, nw.Expr]]:
    cell = nw.col(column.name)
    if column.enum:
        yield "vocabulary", f"one of {', '.join(column.enum)}", cell.cast(nw.String).is_in([*column.enum])
    if column.pattern:
        yield "pattern", f"of the form {column.pattern}", cell.cast(nw.String).str.contains(_ungrouped(column.pattern))
    if column.minimum is not None:
        yield "minimum", f"not below {column.minimum}", cell >= column.minimum


def _ungrouped(pattern: str) -> str:
    """Return a pattern whose groups capture nothing, as pandas warns of groups that do."""
    return re.sub(r"\((?!\?)", "(?:", pattern)


def row_check(holds: nw.Expr) -> Callable[[Any], Any]:
    """Return a check of Pandera over the rows of a Polars or pandas frame; null passes."""

    def check(data: Any) -> Any:
        frame = data.lazyframe if hasattr(data, "lazyframe") else _with_nulls(data)
        passes = nw.from_native(frame).select(holds=holds.fill_null(True)).to_native()
        return passes if hasattr(passes, "collect") else passes["holds"]

    return check


def _for_polars(table: Table) -> pandera.polars.DataFrameSchema:
    import pandera.polars as pa

    checks = [pa.Check(row_check(holds), name=id_, error=statement) for id_, statement, holds in _rules(table)]
    columns = {each.name: pa.Column(DTYPES[each.type], nullable=not each.required) for each in table.fields}
    return pa.DataFrameSchema(columns=columns, checks=checks, unique=list(table.primary_key), name=table.name)


def _for_pandas(table: Table) -> pandera.pandas.DataFrameSchema:
    import pandera.pandas as pa

    checks = [pa.Check(row_check(holds), name=id_, error=statement) for id_, statement, holds in _rules(table)]
    # pandas has many types for one column (str, object, category, Int64, int64): the rules check the values.
    columns = {each.name: pa.Column(None, nullable=not each.required) for each in table.fields}
    return pa.DataFrameSchema(columns=columns, checks=checks, unique=list(table.primary_key), name=table.name)


def _with_nulls(data: Any) -> Any:
    """Return a pandas frame whose empty cells are null rather than NaN, which compares as a value."""
    return data.convert_dtypes()
