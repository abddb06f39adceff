"""Values: what a cell of a CSV says, as Python has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from russia_dprk_claims.contract import Field

Value = str | int | float | bool | date | None


def value(column: Field, text: str | None) -> Value:
    """Return the value of a cell that validation has found sound; an EDTF date stays a text.

    Parameters
    ----------
    column
        The column, which says the type.
    text
        The cell; None where it is empty.
    """
    if text is None:
        return None
    if column.type == "integer":
        return int(text)
    if column.type == "number":
        return float(text)
    if column.type == "boolean":
        return text == "true"
    if column.type == "date":
        return date.fromisoformat(text)
    return text


def values(column: Field, texts: Sequence[str | None]) -> list[Value]:
    """Return the values of the cells of a column."""
    return [value(column, text) for text in texts]
