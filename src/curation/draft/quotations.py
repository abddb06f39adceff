"""Finds quotations: which passages belong to one, and what of a passage is outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from curation.draft.passages import Passage

_LONGEST = 8
"""In passages. A quotation that goes on longer was not closed."""
_QUOTATION = re.compile(r'^[^“”]*”|“[^”]*(?:”|$)|"[^"]*(?:"|$)')


def outside_quotations(plain: str, words: str) -> str:
    """Return a passage with quotations blanked out, also those that begin or end in another passage.

    >>> outside_quotations('He said: "No." Twice.', "He said: “No.” Twice.")
    'He said: "   " Twice.'
    """
    for start, end in [match.span() for match in _QUOTATION.finditer(words)]:
        plain = f'{plain[:start]}"{" " * (end - start - 2)}"{plain[end:]}' if end - start > 1 else plain
    return plain


def group_quotations(text: str, passages: Sequence[Passage]) -> Iterator[list[int]]:
    """Yield the passages that a quotation joins, by their indexes; a passage alone is a group too."""
    is_open = False
    group: list[int] = []
    for index, passage in enumerate(passages):
        if not is_open or len(group) == _LONGEST:
            yield group
            group = []
        group.append(index)
        for mark in re.findall('["“”]', passage.span.of(text)):
            is_open = mark == "“" or (mark == '"' and not is_open)
    yield group
