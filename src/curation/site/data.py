"""The data of the page: contract, tables, chains and figures as JSON that is safe inside a script element.

They come in parts, each of which is read when a view first needs it: the first view needs none of the cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from curation.site.content import Content
from curation.site.figures.figure import MOST_DRAWN, Figure, Row, text_of
from curation.site.figures.style import config
from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.loader.citing import citation

# What would end a script element or a line of JavaScript, or begin a comment of HTML.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
THEMES = ("light", "dark")


def embedded(value: Any) -> str:
    """Return a value as JSON that can stand in a script element whatever its texts hold.

    Examples
    --------
    >>> embedded({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def page_data(content: Content, figures: Sequence[Figure]) -> dict[str, str]:
    """Return what the scripts of the page work with, as JSON by the name of each part.

    Parameters
    ----------
    content
        The package.
    figures
        Its figures.
    """
    about = {
        "dataset": _about(content),
        "tables": [_table(content, table) for table in content.contract],
        "figures": [_figure(each) for each in figures],
        "themes": {theme: config(theme) for theme in THEMES},
        "most_drawn": MOST_DRAWN,
    }
    parts = {"about": about, "chains": _chains(content)}
    parts |= {f"cells-{table.name}": _cells(content, table) for table in content.contract}
    parts |= {f"rows-{each.name}": _rows(each) for each in figures}
    return {name: embedded(part) for name, part in parts.items()}


def _about(content: Content) -> dict[str, str]:
    dataset = content.dataset
    return {
        "title": dataset.title,
        "version": dataset.version,
        "citation": citation(content.release.descriptor, "text"),
        "homepage": dataset.homepage,
    }


def _table(content: Content, table: Table) -> dict[str, Any]:
    leads_to = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
    return {
        "name": table.name,
        "rows": len(content.tables[table.name]),
        "title": table.title,
        "description": table.description,
        "key": table.primary_key,
        "columns": [_column(each, leads_to.get(each.name)) for each in table.fields],
    }


def _column(column: Field, leads_to: str | None) -> dict[str, Any]:
    said = {
        "name": column.name,
        "title": column.title,
        "description": column.description,
        "type": column.type,
        "values": column.order or column.enum,
        "definitions": column.definitions,
        "leads_to": leads_to,
        "pattern": column.pattern,
        "text": column.text,
    }
    return {key: value for key, value in said.items() if value}


def _cells(content: Content, table: Table) -> dict[str, Any]:
    cells = content.tables[table.name].cells
    return {each.name: packed(_numbered(each, cells[each.name])) for each in table.fields}


def _numbered(column: Field, cells: Sequence[str | None]) -> list[Any]:
    """Return cells as the page keeps them: a value of a vocabulary as its number, every other as its text."""
    if not column.enum:
        return list(cells)
    numbers: Mapping[str | None, int] = {value: number for number, value in enumerate(column.order or column.enum)}
    return [numbers.get(cell, cell) for cell in cells]


def _chains(content: Content) -> dict[str, str]:
    """Return for each claim the whole chain in words."""
    worded = content.chains["attribution"]
    return {str(claim): text_of(chain) for claim, chain in zip(worded.index, worded, strict=True)}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "view": figure.view,
        "choice": figure.choice,
        "title": figure.title,
        "caption": figure.caption,
        "left_out": figure.left_out,
        "spec": figure.spec if figure.drawn_on_page else None,
        "columns": figure.columns,
        "table": figure.table,
        "params": figure.params,
    }


def _rows(figure: Figure) -> dict[str, dict[str, Any]]:
    shown = figure.data if figure.drawn_on_page else {figure.table: figure.data[figure.table]}
    return {name: _columns(rows) for name, rows in shown.items()}


def _columns(rows: Sequence[Row]) -> dict[str, Any]:
    """Return rows by column, as every row has the same keys."""
    return {key: packed([row[key] for row in rows]) for key in (rows[0] if rows else ())}


def packed(column: Sequence[Any]) -> Any:
    """Return a column as it is or, where its texts come again and again, as the texts and the number of each.

    Examples
    --------
    >>> packed(["a", "b", "a", "a"]), packed([1, 1, 1])
    ({'of': ['a', 'b'], 'at': [0, 1, 0, 0]}, [1, 1, 1])
    """
    if not all(isinstance(each, str) for each in column):
        return list(column)
    numbers = {text: number for number, text in enumerate(dict.fromkeys(column))}
    if 2 * len(numbers) > len(column):
        return list(column)
    return {"of": list(numbers), "at": [numbers[each] for each in column]}
