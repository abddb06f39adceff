"""What a figure is: a specification, the rows that it draws, and the words that go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
# Between the parts of a text that an axis label shows as lines: Unicode's own sign for it.
PART = "\u2028"
# A drawing of more rows cannot be read; the page draws what is chosen, the files the first.
MOST_DRAWN = 120


@dataclass(frozen=True)
class Figure:
    """One figure.

    `name` is that of its files, `view` the page of the site that shows it and `choice` what is chosen there. `data`
    has the rows by the name that the specification calls them by, `params` the values of its parameters. `columns`
    are those of the same rows told as a table, by key and heading; the table is of the rows called `table`. What
    is not `drawn_on_page` as a chart stands there as text, from the same table.
    """

    name: str
    view: str
    choice: str
    title: str
    caption: str
    spec: Mapping[str, Any]
    data: Mapping[str, Sequence[Row]]
    columns: Mapping[str, str]
    table: str = "rows"
    params: Mapping[str, Any] = field(default_factory=dict)
    left_out: str = ""
    drawn_on_page: bool = True


def lines(*parts: str) -> str:
    """Return texts as one, which an axis label shows as lines."""
    return PART.join(part.replace(PART, " ") for part in parts)


def shortened(text: str, length: int) -> str:
    """Return a text of at most so many characters, cut between words.

    Examples
    --------
    >>> shortened("shells from North Korea that reached Russia", 24)
    'shells from North Korea…'
    """
    if len(text) <= length:
        return text
    cut = text[:length]
    return f"{cut.rsplit(' ', 1)[0] if text[length] != ' ' else cut}…"


def in_words(value: str) -> str:
    """Return a value of a vocabulary, or a unit in braces, as people write it.

    Examples
    --------
    >>> in_words("arms_transfer"), in_words("{shell}")
    ('arms transfer', 'shell')
    """
    return value.strip("{}").replace("_", " ")


def text_of(value: Any) -> str:
    """Return the text of a cell of a frame, empty where it is missing."""
    if isinstance(value, str):
        return value
    return "" if value is None or str(value) in {"<NA>", "nan"} else str(value)


def number_of(value: Any) -> float | None:
    """Return the number of a cell of a frame, or None where it is missing."""
    return None if text_of(value) == "" else float(value)
