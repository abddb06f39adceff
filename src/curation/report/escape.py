r"""Escaping: text from a file is displayed on one line, at a limited length, and never interpreted.

Characters that control a terminal, change the writing direction or are invisible are shown as their Python escapes.
Every format for people uses `for_display`; JSON has its own escapes and needs only `encodable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from unicodedata import category

from russia_dprk_claims.checks.findings import Finding

TEXT_LIMIT = 600
PATH_LIMIT = 4096
CELL_LIMIT = 120
TEXTS = ("rule", "message", "hint", "table", "row", "column", "value")

# Controls, format characters (bidirectional, zero width, tags), surrogates, separators of lines and paragraphs.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SURROGATE = re.compile("[\ud800-\udfff]")
# What Markdown, or GitHub within it, may interpret. GitHub looks for mentions after it has read the Markdown, so a
# backslash does not stop `@`; the empty comment behind it does.
_MARKDOWN = {ord(mark): f"\\{mark}" for mark in r"""\`*_{}[]()<>#|~!&:$^."""} | {ord("@"): "&#64;<!---->"}


def escape_controls(text: str) -> str:
    r"""Return a text with every invisible character as its code.

    >>> print(escape_controls("one\ntwo\u202e\x1b[31m"))
    one\ntwo\u202e\x1b[31m
    """
    if text.isprintable():
        return text
    return "".join(_code(each) if _is_invisible(each) else each for each in text)


def encodable(text: str) -> str:
    """Return a text that UTF-8 can encode: a lone surrogate, as JSON and file names may contain, becomes its code."""
    return _SURROGATE.sub(lambda match: _code(match[0]), text)


def truncate(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return a text of about `limit` characters, which keeps the beginning and end of a longer one.

    >>> truncate("0123456789" * 2, limit=8)
    '012345 […12 characters…] 89'
    """
    if len(text) <= limit:
        return text
    tail = limit // 4
    return f"{text[: limit - tail]} […{len(text) - limit} characters…] {text[-tail:]}"


def for_display(finding: Finding) -> Finding:
    """Return a finding with every text truncated and escaped."""
    path = escape_controls(truncate(finding.location.path, PATH_LIMIT))
    texts: dict[str, Any] = {name: escape_controls(truncate(getattr(finding, name))) for name in TEXTS}
    return replace(finding, location=replace(finding.location, path=path), **texts)


def escape_markdown(text: str) -> str:
    r"""Return a text that neither Markdown nor HTML interprets, for the middle of a line.

    >>> escape_markdown("a|b <script> @all")
    'a\\|b \\<script\\> &#64;<!---->all'
    """
    return text.translate(_MARKDOWN)


def _is_invisible(character: str) -> bool:
    """Return whether a character cannot be seen, or is a noncharacter such as U+FFFE."""
    return category(character) in _INVISIBLE or ord(character) & 0xFFFE == 0xFFFE


def _code(character: str) -> str:
    r"""Return the code of a character, such as `\n`, `\x1b` or `\u202e`."""
    return character.encode("unicode_escape").decode("ascii")


def table_lines(
    header: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0, width: int = CELL_LIMIT
) -> Iterator[str]:
    """Yield the lines of a table, with cells of more than `width` cut; the last `numbers` columns hold numbers."""
    marks = [" --- "] * (len(header) - numbers) + [" ---: "] * numbers
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join(marks)}|"
    for row in rows:
        yield f"| {' | '.join(cell(each, width) for each in row)} |"


def cell(text: str, width: int = CELL_LIMIT) -> str:
    r"""Return a text for a cell of a table: on one line, cut if it is long, and escaped.

    >>> cell("a|b\n@all")
    'a\\|b &#64;<!---->all'
    """
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    if len(line) > width:
        line = f"{line[: width - 1].rstrip()}…"
    return escape_markdown(line)


def fitting(lines: Iterable[str], room: int, more: str) -> Iterator[str]:
    """Yield the first lines that fit into `room` bytes, line ends included, and `more` if some do not fit."""
    for line in lines:
        room -= len(line.encode("utf-8", errors="replace")) + 1
        if room < 0:
            yield from ("", more)
            return
        yield line
