"""Conditions: what the contract alone demands of the cells of a row, as expressions of Spark.

Each is true at least where `checks.structure` finds something. Texts with unusual letters are first told apart and
then looked at in Python, as Spark knows nothing of Unicode's normal forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from unicodedata import category, is_normalized

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - what everybody calls it

from russia_dprk_claims.cells import INVISIBLE, LEXICAL, STANDS_FOR_NOTHING
from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.plan.conditions import ORDINARY, is_free_text

CONTROL = r"[\x00-\x1f\x7f]"
_CASTS = {"integer": "bigint", "number": "double", "date": "date"}


def fits(cell: Column, pattern: str) -> Column:
    """Return whether a cell has a form; Java's `$` would let a line feed pass at the end."""
    return cell.rlike(rf"{pattern[:-1]}\z" if pattern.endswith("$") else pattern)


def typed_cell(column: Field) -> Column:
    """Return a cell of text as its type, null where it is not of it; no cast throws, whatever ANSI mode says."""
    cell = F.col(column.name)
    if column.enum:
        return F.when(cell.isin(list(column.enum)), cell)
    if column.type == "string":
        return cell
    well_formed = F.when(fits(cell, LEXICAL[column.type]), cell)
    return well_formed == "true" if column.type == "boolean" else well_formed.try_cast(_CASTS[column.type])


def row_condition(table: Table) -> Column:
    """Return whether something is wrong, as the contract has it, with a cell of a row."""
    return any_of(each for column in table.fields for each in cell_conditions(table, column))


def any_of(conditions: Iterator[Column]) -> Column:
    """Return whether one of some conditions is met; one that is null is not."""
    return reduce(or_, (F.coalesce(each, F.lit(False)) for each in conditions), F.lit(False))


def cell_conditions(table: Table, column: Field) -> Iterator[Column]:
    """Yield the conditions under which a row is looked at again for the sake of a cell."""
    cell = F.col(column.name)
    inherited = table.nesting is not None and column.name in table.nesting.columns
    if column.required:
        yield cell.isNull()
    if inherited:
        return
    if column.enum:
        yield ~cell.isin(list(column.enum))
    elif column.type in LEXICAL:
        yield cell.isNotNull() & typed_cell(column).isNull()
    if column.minimum is not None:
        yield typed_cell(column) < column.minimum
    if column.pattern:
        yield ~fits(cell, column.pattern)
    if column.patterns_by is not None:
        other = F.col(column.patterns_by.column)
        for value, pattern in column.patterns_by.patterns.items():
            yield (other == value) & ~fits(cell, pattern)
    if is_free_text(column):
        yield _perhaps_unclean(cell)
    if column.max_words is not None:
        yield F.length(cell) - F.length(F.replace(cell, F.lit(" "), F.lit(""))) >= column.max_words


def _perhaps_unclean(cell: Column) -> Column:
    """Return whether a text of usual letters is not clean."""
    return cell.rlike(r"^[ =+@\-]|  | \z") | F.lower(cell).isin(list(STANDS_FOR_NOTHING)) | cell.rlike(CONTROL)


def unusual_texts(table: Table) -> Column:
    """Return those free texts of a row that have unusual letters, as an array; null where there are none."""
    texts = [F.col(each.name) for each in table.fields if is_free_text(each)]
    if not texts:
        return F.lit(None).cast("array<string>")
    usual = reduce(lambda left, right: left & right, (F.coalesce(fits(each, ORDINARY), F.lit(True)) for each in texts))
    return F.when(~usual, F.array(*texts))


def unclean_text() -> Callable[[Column], Column]:
    """Return a function of Spark that tells whether one of some texts is not clean."""
    invisible = re.compile(rf"{INVISIBLE}|^\s|\s\Z|\s\s")

    def is_unclean(texts: list[str | None] | None) -> bool:
        # What Python's tables do not know yet, the exact check may know.
        return any(
            text
            and (
                invisible.search(text)
                or not is_normalized("NFC", text)
                or text.lower() in STANDS_FOR_NOTHING
                or any(category(sign) == "Cn" for sign in text)
            )
            for text in texts or ()
        )

    function: Callable[[Column], Column] = F.udf(lambda texts: bool(is_unclean(texts)), "boolean")
    return function
