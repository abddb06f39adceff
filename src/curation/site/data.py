"""The data of the page: contract, cells, attribution chains and figures, as JSON that is safe in a script element.

The data are in parts, each of which is read when a view first needs it. The overview needs no cells.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from curation.site.content import Content
from curation.site.figures import MOST_DRAWN, Figure, config
from russia_dprk_claims.citation import citation
from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.questions import CONFLICTING

# Could end a script element or a line of JavaScript, or begin an HTML comment.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
# What the page reads of a figure, besides its rows.
FIGURE = ("name", "view", "choice", "title", "caption", "note", "spec", "columns")


def embedded(value: Any) -> str:
    """Return a value as JSON that is safe in a script element, whatever its texts contain.

    >>> embedded({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def page_data(content: Content, figures: Sequence[Figure]) -> dict[str, str]:
    """Return the data of the page as JSON, by the name of each part."""
    dataset = content.dataset
    about = {
        "dataset": {
            "version": dataset.version,
            "citation": citation(content.package.descriptor, "text"),
            "homepage": dataset.homepage,
        },
        "tables": [_table(content, table) for table in content.contract],
        "figures": [{name: getattr(each, name) for name in FIGURE} for each in figures],
        "themes": {theme: config(theme) for theme in ("light", "dark")},
        "most_drawn": MOST_DRAWN,
        "conflicting": CONFLICTING,
    }
    parts = {"about": about, "chains": content.attributions}
    parts |= {f"cells-{table.name}": _cells(content, table) for table in content.contract}
    # All rows of a figure have the same keys.
    columns = {each.name: {key: packed([row[key] for row in each.rows]) for key in each.rows[0]} for each in figures}
    parts |= {f"rows-{name}": rows for name, rows in columns.items()}
    return {name: embedded(part) for name, part in parts.items()}


def _table(content: Content, table: Table) -> dict[str, Any]:
    refers_to = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
    return {
        "name": table.name,
        "rows": len(content.tables[table.name]),
        "title": table.title,
        "description": table.description,
        "key": table.primary_key,
        "columns": [_column(each, refers_to.get(each.name)) for each in table.fields],
    }


def _column(column: Field, refers_to: str | None) -> dict[str, Any]:
    names = ("name", "title", "description", "type", "definitions", "pattern", "text")
    properties = {name: getattr(column, name) for name in names}
    properties |= {"values": column.order or column.enum, "refers_to": refers_to}
    return {key: value for key, value in properties.items() if value}


def _cells(content: Content, table: Table) -> dict[str, Any]:
    """Return the cells by column: the value of a vocabulary as its number there, any other as its text."""
    cells = {}
    for column in table.fields:
        numbers = {value: number for number, value in enumerate(column.order or column.enum)}
        texts = content.tables[table.name].cells[column.name]
        cells[column.name] = packed([text if text is None else numbers.get(text, text) for text in texts])
    return cells


def packed(column: Sequence[Any]) -> Any:
    """Return a column as it is or, if it repeats its texts, as the distinct texts and the number of each cell's text.

    >>> packed(["a", "b", "a", "a"]), packed([1, 1, 1])
    ({'of': ['a', 'b'], 'at': [0, 1, 0, 0]}, [1, 1, 1])
    """
    numbers = {text: number for number, text in enumerate(dict.fromkeys(column))}
    if 2 * len(numbers) > len(column) or not all(isinstance(each, str) for each in column):
        return list(column)
    return {"of": list(numbers), "at": [numbers[each] for each in column]}
