"""Pandera schemas of single tables, made from the contract and the rules, for data frames of the user."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from russia_dprk_claims.checks.catalogue import ENTRIES
from russia_dprk_claims.checks.findings import did_you_mean
from russia_dprk_claims.checks.frames import DTYPES
from russia_dprk_claims.checks.rule import ROW, Within, paths_of
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.contract import Table
from russia_dprk_claims.package import installed

if TYPE_CHECKING:
    import pandera.pandas
    import pandera.polars

    from russia_dprk_claims.checks import Engine


def public_schema(table: str, engine: Engine) -> pandera.polars.DataFrameSchema | pandera.pandas.DataFrameSchema:
    """Return the Pandera schema of a table; the public function `checks.schema` documents it."""
    contract = installed().contract
    if table not in contract.tables:
        raise KeyError(f"there is no table {table!r}; {did_you_mean(table, contract.tables)}")
    return _for_polars(contract[table]) if engine == "polars" else _for_pandas(contract[table])


class _Condition(NamedTuple):
    """What a rule requires of each row, and the computed columns that it reads."""

    rule: str
    statement: str
    holds: pl.Expr
    within: Sequence[Within] = ()

    def passes(self, data: pl.LazyFrame) -> pl.LazyFrame:
        """Return whether each row passes; null passes."""
        computed = (each.of.over(*each.by, each.where).alias(each.name) for each in self.within)
        return (
            data.drop(ROW, strict=False)
            .with_row_index(ROW)
            .with_columns(computed)
            .select(self.holds.fill_null(value=True))
        )


def _conditions(table: Table) -> Iterator[_Condition]:
    """Yield the condition of every check of a table."""
    for column in table.fields:
        cell = pl.col(column.name)
        text = cell.cast(pl.String)
        if column.enum:
            yield _Condition("vocabulary", f"{column.name}: one of {', '.join(column.enum)}", text.is_in(column.enum))
        if column.pattern:
            statement = f"{column.name}: of the form {column.pattern}"
            yield _Condition("pattern", statement, text.str.contains(column.pattern))
        if column.minimum is not None:
            yield _Condition("minimum", f"{column.name}: not below {column.minimum}", cell >= column.minimum)
    for rule in RULES:
        if rule.table == table.name and not rule.needs_other_rows:
            within = [each for each in rule.computed if isinstance(each, Within)]
            yield _Condition(rule.id, ENTRIES[rule.id].statement, rule.holds, within)


def _for_polars(table: Table) -> pandera.polars.DataFrameSchema:
    import pandera.polars as pa

    def check(condition: _Condition) -> Callable[[Any], pl.LazyFrame]:
        return lambda data: condition.passes(data.lazyframe)

    checks = [pa.Check(check(each), name=each.rule, error=each.statement) for each in _conditions(table)]
    columns = {each.name: pa.Column(DTYPES[each.type], nullable=not each.required) for each in table.fields}
    return pa.DataFrameSchema(columns=columns, checks=checks, unique=list(table.primary_key), name=table.name)


def _for_pandas(table: Table) -> pandera.pandas.DataFrameSchema:
    import pandas as pd
    import pandera.pandas as pa

    dtypes = {each.name: DTYPES[each.type] for each in table.fields}

    def check(condition: _Condition) -> Callable[[pd.DataFrame], pd.Series]:
        names = [each for each in paths_of(condition.holds, condition.within) if each != ROW]

        def passes(data: pd.DataFrame) -> pd.Series:
            # As Python objects, with None for an empty cell: this needs no Arrow, and NaN would compare as a value.
            cells = data[names].astype(object).where(data[names].notna(), None)
            series = [pl.Series(name, cells[name].to_list(), dtype=dtypes[name], strict=False) for name in names]
            result = condition.passes(pl.LazyFrame(series)).collect().to_series()
            return pd.Series(result.to_list(), index=data.index)

        return passes

    checks = [pa.Check(check(each), name=each.rule, error=each.statement) for each in _conditions(table)]
    # pandas has many types for one column (str, object, category, Int64, int64): the rules check the values.
    columns = {each.name: pa.Column(None, nullable=not each.required) for each in table.fields}
    return pa.DataFrameSchema(columns=columns, checks=checks, unique=list(table.primary_key), name=table.name)
