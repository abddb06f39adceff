"""Markdown: texts and tables of them that stay what they are, whatever a cell says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

SHOWN_LETTERS = 120

# The marks that Markdown, or GitHub within it, may read as more than themselves. GitHub looks for mentions after
# Markdown is read, so that a backslash would not keep `@` from one; what stands behind it does.
_MARKS = {ord(mark): f"\\{mark}" for mark in r"""\`*_{}[]()<>#|~!&:$^."""} | {ord("@"): "&#64;<!---->"}


def escape(text: str) -> str:
    r"""Return a text for a cell of a Markdown table: on one line, cut where it is long, every mark as itself.

    Examples
    --------
    >>> escape("a|b <script>\n@all")
    'a\\|b \\<script\\> &#64;<!---->all'
    """
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    if len(line) > SHOWN_LETTERS:
        line = f"{line[: SHOWN_LETTERS - 1].rstrip()}…"
    return line.translate(_MARKS)


def table_lines(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> Iterator[str]:
    """Yield the lines of a table; nothing that a cell of a row says is read as Markdown or HTML.

    Parameters
    ----------
    header
        The names of the columns, as Markdown.
    rows
        The cells of the rows, as texts.
    numbers
        How many of the columns, the last ones, hold numbers.
    """
    marks = [" --- "] * (len(header) - numbers) + [" ---: "] * numbers
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join(marks)}|"
    for row in rows:
        yield f"| {' | '.join(escape(each) for each in row)} |"


def fitting(lines: Iterable[str], room: int, more: str) -> Iterator[str]:
    """Yield the first lines that fit into `room` bytes with their ends, and `more` where some do not."""
    for line in lines:
        room -= len(line.encode("utf-8", errors="replace")) + 1
        if room < 0:
            yield from ("", more)
            return
        yield line
