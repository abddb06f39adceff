"""The data of the page: contract, cells, answers and chains of attribution, as JSON that is safe in a script element.

The data are in parts, each of which is read when a view first needs it. The overview needs no cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from curation.site import answers
from curation.site.content import Content
from curation.site.estimates import amounts
from russia_dprk_claims.citation import citation
from russia_dprk_claims.contract import WIDE, Field, Table, derived_table
from russia_dprk_claims.frames import Cells
from russia_dprk_claims.names import TYPED
from russia_dprk_claims.sentences import chain_in_words, voices_by_claim
from russia_dprk_claims.wide import wide_cells

# Could end a script element or a line of JavaScript, or begin an HTML comment.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
# Rows that the views show, by the name of the part.
ANSWERS = {
    "transfers": answers.transfers,
    "estimates": amounts,
    "events": answers.events,
    "conflicts": answers.conflicts,
    "sources": answers.sources,
    "quotes": answers.quotes,
}


def embedded(value: Any) -> str:
    """Return a value as JSON that is safe in a script element, whatever its texts contain.

    >>> embedded({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def page_data(content: Content) -> dict[str, str]:
    """Return the data of the page as JSON, by the name of each part."""
    dataset, wide = content.dataset, derived_table(content.contract, WIDE)
    cells: dict[str, Mapping[str, Cells]] = {wide.name: wide_cells(content.package)}
    cells |= {table.name: content.tables[table.name].cells for table in content.contract}
    about = {
        "dataset": {
            "version": dataset.version,
            "citation": citation(content.package.descriptor, "text"),
            "homepage": dataset.homepage,
        },
        "tables": [_table(table, cells[table.name]) for table in (wide, *content.contract)],
        "typed": TYPED,
        "marks": answers.MARKS,
    }
    # Withdrawn claims have chains, too.
    chains = {claim: chain_in_words(voices) for claim, voices in voices_by_claim(content.package).items()}
    parts = {"about": about, "chains": chains, "dates": answers.dates(content)}
    parts |= {f"cells-{name}": columns for name, columns in cells.items()}
    parts |= {f"rows-{name}": make(content) for name, make in ANSWERS.items()}
    return {name: embedded(part) for name, part in parts.items()}


def _table(table: Table, cells: Mapping[str, Cells]) -> dict[str, Any]:
    refers_to = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
    return {
        "name": table.name,
        "rows": len(cells[table.columns[0]]),
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
