"""Tables in Markdown, in which every cell stays plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from curation.report.escape import escape_markdown

CELL_LIMIT = 120


def table_lines(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> Iterator[str]:
    """Yield the lines of a table.

    Parameters
    ----------
    header
        The names of the columns, as Markdown.
    rows
        The cells of the rows, as text; long ones are cut.
    numbers
        How many of the columns, the last ones, hold numbers.
    """
    marks = [" --- "] * (len(header) - numbers) + [" ---: "] * numbers
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join(marks)}|"
    for row in rows:
        yield f"| {' | '.join(map(cell, row))} |"


def cell(text: str) -> str:
    r"""Return a text for a cell of a table: on one line, cut if it is long, and escaped.

    >>> cell("a|b\n@all")
    'a\\|b &#64;<!---->all'
    """
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    if len(line) > CELL_LIMIT:
        line = f"{line[: CELL_LIMIT - 1].rstrip()}…"
    return escape_markdown(line)


def fitting(lines: Iterable[str], room: int, more: str) -> Iterator[str]:
    """Yield the first lines that fit into `room` bytes with their ends, and `more` if some do not."""
    for line in lines:
        room -= len(line.encode("utf-8", errors="replace")) + 1
        if room < 0:
            yield from ("", more)
            return
        yield line
