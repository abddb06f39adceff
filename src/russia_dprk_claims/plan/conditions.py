"""Conditions: what the contract alone demands of the cells of a row, in a form that is quick where nothing is wrong.

Each condition is true at least where `checks.structure` finds something; a few are true of a sound cell, which is then
looked at again. What a block cannot have (control characters) or was read by (vocabularies) is not asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from russia_dprk_claims.cells import LEXICAL
from russia_dprk_claims.checks.frames import typed_cell
from russia_dprk_claims.checks.structure import STANDS_FOR_NOTHING, is_real_day, unclean
from russia_dprk_claims.contract import Field, Table

# Letters and signs of which every text is clean and in normal form: ASCII, Latin with its accents, Cyrillic, dashes and
# quotation marks, currencies, Hangul syllables and ideographs.
ORDINARY = "^[ -~¡-¬®-˿Ѐ-҂Ҋ-ԯ‐-‧‰-›₠-₿가-힣一-鿿]*$"
_LONGEST_NOTHING = max(map(len, STANDS_FOR_NOTHING))


def typed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a block with every column as the rules read it; a cell that is not of its type is empty."""
    return frame.with_columns(_typed(column, frame.schema[column.name]) for column in table.fields)


def _typed(column: Field, kind: pl.DataType) -> pl.Expr:
    cell = pl.col(column.name)
    if column.type == "boolean":
        return cell == "true"
    if column.enum:
        return cell if isinstance(kind, pl.Enum) else cell.cast(pl.Enum(list(column.enum)), strict=False)
    if column.type == "integer":
        return cell.cast(pl.Int64, strict=False)
    return typed_cell(column)


def cell_conditions(table: Table, column: Field, kind: pl.DataType) -> Iterator[pl.Expr]:
    """Yield the conditions under which a cell of a block is looked at again.

    Parameters
    ----------
    table, column
        Where the cell stands.
    kind
        What the column was read as: its vocabulary, or text where a block has values outside it.
    """
    cell = pl.col(column.name)
    inherited = table.nesting is not None and column.name in table.nesting.columns
    if column.required:
        yield cell.is_null()
    if isinstance(kind, pl.Enum) or inherited:
        return
    if column.enum or column.type == "boolean":
        yield cell.is_not_null() & ~cell.is_in(list(column.enum) or ["true", "false"])
        return
    if column.type == "integer":
        yield from _not_whole(cell, column)
    elif column.type in LEXICAL:
        well_formed = cell.str.contains(LEXICAL[column.type])
        real = well_formed & is_real_day(cell) if column.type == "date" else well_formed
        yield cell.is_not_null() & ~real
    if column.pattern:
        yield ~cell.str.contains(column.pattern)
    if column.patterns_by is not None:
        other = pl.col(column.patterns_by.column)
        for value, pattern in column.patterns_by.patterns.items():
            yield (other == value) & ~cell.str.contains(pattern)
    if is_free_text(column):
        yield from _perhaps_unclean(cell)
    if column.max_words is not None:
        yield cell.str.count_matches(" ", literal=True) >= column.max_words


def _not_whole(cell: pl.Expr, column: Field) -> Iterator[pl.Expr]:
    """Yield whether a cell is not the one text of a whole number, or below the minimum."""
    value = cell.cast(pl.Int64, strict=False)
    yield cell.is_not_null() & ~value.cast(pl.String).eq_missing(cell)
    if column.minimum is not None:
        yield value < column.minimum


def _perhaps_unclean(cell: pl.Expr) -> Iterator[pl.Expr]:
    yield cell.str.contains("  ", literal=True)
    for sign in " =+@-":
        yield cell.str.starts_with(sign)
    yield cell.str.ends_with(" ")


def is_free_text(column: Field) -> bool:
    """Return whether a cell may hold what is not clean, as neither a vocabulary nor its pattern keeps it out."""
    if column.type != "string" or column.enum:
        return False
    return column.pattern is None or not _keeps_clean(column.pattern)


def _keeps_clean(pattern: str) -> bool:
    """Return whether all that fits a pattern is clean: it lists ASCII letters, digits and hyphens behind the first."""
    if not re.fullmatch(r"\^(?:[A-Z]|\[[A-Za-z0-9])[A-Za-z0-9\[\](){},?*+|-]*\$", pattern):
        return False
    words = {form(word) for word in STANDS_FOR_NOTHING for form in (str.lower, str.upper, str.title)}
    return not any(re.fullmatch(pattern, word) for word in words)


def unclean_texts(columns: Sequence[Field], texts: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """Yield the columns in which some texts are not clean, with these texts.

    Only texts with letters beyond ASCII, and such as may be words for nothing, are looked at: the exact conditions cost
    a hundred times what picking these out does.
    """
    if not columns:
        return
    picked = texts.select(pl.col(each.name).filter(_unusual(pl.col(each.name))).implode() for each in columns)
    text = pl.col("text")
    some = picked.unpivot(variable_name="column", value_name="text").explode("text", empty_as_null=False)
    doubtful = some.filter((text.str.len_bytes() <= _LONGEST_NOTHING) | ~text.str.contains(ORDINARY)).unique()
    if len(doubtful):
        wrong = doubtful.filter(pl.any_horizontal(is_unclean.fill_null(False) for _, is_unclean in unclean(text)))
        for (name,), rows in wrong.group_by("column", maintain_order=True):
            yield str(name), rows["text"]


def _unusual(cell: pl.Expr) -> pl.Expr:
    length = cell.str.len_bytes()
    return (length <= _LONGEST_NOTHING) | (length != cell.str.len_chars())
