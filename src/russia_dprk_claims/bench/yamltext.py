"""YAML from frames: rows as records in the style of hand-written ones, nested along the foreign keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from russia_dprk_claims.contract import SPAN, Contract, Field, Table

Frames = Mapping[str, pl.DataFrame]
BODY = "#body"
# What may stand without quotes inside braces, and in a line of its own; everything else is quoted.
_INSIDE = r"^(?:\p{L}|\p{L}[\p{L}\p{N} _.’/()–-]*[\p{L}\p{N}.)’]|0|[1-9][0-9]{0,14})$"
_ALONE = r"^\p{L}[\p{L}\p{N} _.,;’“”«»/()–-]*[\p{L}\p{N}.)’”]$"
# Words that a reader of YAML 1.1 would take for something else.
_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf")
LONG, WIDTH = 160, 120


def bodies(contract: Contract, table: Table, frames: Frames, apart: Sequence[str] = ()) -> pl.DataFrame:
    """Return the rows of a table as YAML mappings, with all that nests in them.

    Parameters
    ----------
    contract
        The tables.
    table
        The table whose rows are wanted.
    frames
        The rows by table, in the order of their primary keys.
    apart
        The tables that do not nest in records but stand in files of their own.

    Returns
    -------
    polars.DataFrame
        The columns of the key that leads to the parent, if there is one, those of the primary key, and `#body`.
    """
    children = [each for each in contract.children(table.name) if each.name not in apart]
    rows = frames[table.name]
    pairs = _pairs(table, rows, flow=not children, nested=table.name not in apart)
    if not children:
        body = pl.concat_str(pl.lit("{"), pl.concat_str(pairs, separator=", ", ignore_nulls=True), pl.lit("}"))
        return rows.with_columns(body.alias(BODY))
    made = rows.with_columns(pl.concat_str(pairs, separator="\n", ignore_nulls=True).alias(BODY))
    for child in children:
        made = _with_children(made, table, child, bodies(contract, child, frames, apart))
    return made


def _with_children(rows: pl.DataFrame, table: Table, child: Table, nested: pl.DataFrame) -> pl.DataFrame:
    key = child.nesting
    assert key  # noqa: S101
    lists = nested.group_by(key.columns[0], maintain_order=True).agg(items().str.join("\n").alias("#list"))
    joined = rows.join(lists, left_on=key.references[0], right_on=key.columns[0], how="left", maintain_order="left")
    whole = pl.concat_str(BODY, pl.lit(f"\n{child.name}:\n"), "#list")
    return joined.with_columns(pl.coalesce(whole, BODY).alias(BODY)).drop("#list")


def items() -> pl.Expr:
    """Return the bodies as items of a list."""
    return pl.lit("- ") + pl.col(BODY).str.replace_all("\n", "\n  ", literal=True)


def _pairs(table: Table, rows: pl.DataFrame, *, flow: bool, nested: bool) -> list[pl.Expr]:
    """Return a text `column: value` for each column; null where a record leaves the column out."""
    return [
        pl.lit(f"{name}: ") + _value(cell, column, flow=flow) for name, column, cell in _written(table, rows, nested)
    ]


def _written(table: Table, rows: pl.DataFrame, nested: bool) -> Iterator[tuple[str, Field, pl.Expr]]:
    """Yield the columns that records write, with what they write; null for what follows by itself."""
    parent = table.nesting.columns[0] if table.nesting and nested else None
    for column in table.fields:
        cell = pl.col(column.name).cast(pl.String)
        if column.name == parent or column.is_computed or column.name == SPAN[1]:
            continue
        if column.name == SPAN[0]:
            yield "span", column, pl.concat_str(*SPAN, separator="-")
        elif column.is_ordinal:
            yield column.name, column, pl.when(~_follows(table, column)).then(cell)
        elif parent and (column == table.local_id or table.self_reference(column.name)):
            yield column.name, column, cell.str.strip_prefix(pl.col(parent) + "-")
        else:
            yield column.name, column, cell if column.default is None else pl.when(cell != column.default).then(cell)


def _follows(table: Table, column: Field) -> pl.Expr:
    """Return whether an ordinal is the one after that of the row before in its group."""
    group = list(table.primary_key[: table.primary_key.index(column.name)])
    number = pl.col(column.name).cast(pl.Int64)
    before = number.shift(1).over(group).fill_null((column.minimum or 0) - 1)
    return number == before + 1


def _value(cell: pl.Expr, column: Field, *, flow: bool) -> pl.Expr:
    if column.type in {"boolean", "integer", "number"}:
        return cell
    quoted = (
        pl.lit('"')
        + cell.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
        + pl.lit('"')
    )
    plain = cell.str.contains(_INSIDE) if flow else cell.str.contains(_INSIDE) | cell.str.contains(_ALONE)
    written = pl.when(plain & ~cell.str.to_lowercase().is_in(list(_WORDS))).then(cell).otherwise(quoted)
    if flow or column.text != "own_words":
        return written
    # Long texts are folded over several lines, as in the records that people write.
    folded = pl.lit(">-\n  ") + cell.str.replace_all(f"(.{{{WIDTH}}}[^ ]*) ", "$1\n  ")
    return pl.when(cell.str.len_chars() > LONG).then(folded).otherwise(written)
