"""Checks: what the contract demands of every cell, what the rules demand of the rows, what the texts of the passages.

`schema` gives the Pandera schema of a table for frames of your own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    import pandera.pandas
    import pandera.polars

Engine = Literal["polars", "pandas"]


@overload
def schema(table: str, engine: Literal["polars"] = "polars") -> pandera.polars.DataFrameSchema: ...
@overload
def schema(table: str, engine: Literal["pandas"]) -> pandera.pandas.DataFrameSchema: ...
def schema(table: str, engine: Engine = "polars") -> pandera.polars.DataFrameSchema | pandera.pandas.DataFrameSchema:
    """Return the Pandera schema of a table: the contract of its columns, and the rules that need no other table.

    Parameters
    ----------
    table
        The name of the table, such as `claims`.
    engine
        Whether the schema is for a Polars or a pandas frame.

    Returns
    -------
    pandera.polars.DataFrameSchema or pandera.pandas.DataFrameSchema
        The schema; each check has the id of its rule as its name and the rule in one sentence as its error.

    Raises
    ------
    KeyError
        If there is no such table; the message lists those that there are.

    Notes
    -----
    Rules that look into other tables are run over whole datasets by `scripts/validate.py`.
    """
    from russia_dprk_claims.checks.public_schemas import public_schema

    return public_schema(table, engine)
