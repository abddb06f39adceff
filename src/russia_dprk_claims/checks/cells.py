"""Cells: the one lexical form that each type of the contract has, in seed records and in CSV files alike.

The forms are stricter than Frictionless's: no sign, space, underscore or leading zero, no exponent, no `2020-1-2`,
so that every value has exactly one text.
"""

from __future__ import annotations

from russia_dprk_claims.contract import CELL_TYPES

PATTERNS = {name: each.pattern for name, each in CELL_TYPES.items() if each.pattern is not None}

NULL_WORDS = ("nan", "none", "null", "n/a", "na", "-")
"""What programs write for an empty cell, in lower case; no cell may say it."""
# Control characters, soft hyphens, zero-width and bidirectional marks, line and paragraph separators, byte order marks.
INVISIBLE = r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"

SHORTEST_HASHED = 60
"""A passage of fewer code points has no hash: a short text can be guessed from it."""

EXPECTED = {name: each.expected for name, each in CELL_TYPES.items()}


def sort_key(type_: str, text: str | None) -> tuple[int, int, str]:
    """Return what a cell sorts by: numbers by value, texts by code points, an empty cell first."""
    if text is None:
        return (0, 0, "")
    if type_ == "integer" and text.lstrip("-").isdecimal():
        return (1, int(text), "")
    return (1, 0, text)
