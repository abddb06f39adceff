"""Splits a text into passages: sentences that make a statement, and what is probably to be set aside.

Together the passages cover the text. Sentences are found with nupunkt, in each line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from curation.draft.words import pattern, phrases
from curation.seeds.spans import Span, normalize_punctuation

LONGEST_TEXT = 100_000
"""In code points: a text of fifteen thousand words."""
LONGEST_PASSAGE = 1_500
_WRAPPED = 100
_END = re.compile(r"[.!?…][\s”’\"')\]]*$")
_BYLINE = re.compile(r"\s*[A-Z][\w’'-]+(?: [A-Z][\w.’'-]+){1,3}, [^.!?]{3,100}$")
_DATELINE = re.compile(
    r"(?=[A-Z]{3}|[^\n—–]{0,40}[,(])[A-Z][\w.'’-]+(?:,?\s(?:[A-Z][\w.'’-]*|\d{1,4}|\([A-Z][^()\n]{1,30}\)),?){0,8}"
    r"\s(?:[—–]|--?)\s+(?=[“\"']?[A-Z])"
)
"""Where and when a report was written, before a dash: "SARN, 3 May (Wire) -"."""
_ROW = re.compile(r"^\||\t|\s\|\s|\S {3,}\S|^[^\d\n]{1,40}(?: +[^\s\w]*\d[\d.,%]*){3,}$")
"""What makes a line the row of a table: cells between bars, tabs or wide gaps, or a label and three figures."""
_HEADING_WORDS, _TITLE_WORDS = 14, 30
"""How long a line without a full stop may be to be a heading; the first one is the title."""
_SHORTEST_CLAUSE = 25
_JOINED = "|".join(phrases("clauses"))
_CONTRARY = "|".join(phrases("clauses_without_comma"))
_CLAUSE = re.compile(rf",\s+(?=(?:{_JOINED})\b)|;\s+|\s+-\s+|\s+(?=(?:{_CONTRARY})\s)|\s\(|\)\s", re.IGNORECASE)
_SUBORDINATE = re.compile(rf"(?:{'|'.join(phrases('subordinate'))})\b[^,]+,\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Passage:
    """A passage: its span, the reason to set it aside (None for a statement), and whether a name signs it below."""

    span: Span
    reason: str | None = None
    is_signed: bool = False
    """Whether the passage ends with a line that only names its speaker, as under a quotation set apart."""


def split_passages(text: str) -> list[Passage]:
    """Return the passages of a text in order."""
    found: list[Passage] = []
    for padded, is_row in _lines(text):
        line = _strip(text, padded)
        if is_row:
            found.append(Passage(line, "table"))
        elif found and found[-1].reason is None and _BYLINE.fullmatch(line.of(text)):
            found[-1] = replace(found[-1], span=Span(found[-1].span.start, line.end), is_signed=True)
        else:
            if opening := _DATELINE.match(text, line.start, line.end):
                found.append(Passage(_strip(text, Span(*opening.span())), "boilerplate"))
                line = Span(opening.end(), line.end)
            longest = _HEADING_WORDS if found else _TITLE_WORDS
            found += [
                Passage(span, _reason(span.of(text), longest if span == line else 0)) for span in _sentences(text, line)
            ]
    return found


def split_clauses(text: str, sentence: Span) -> list[Span]:
    """Return the clauses of a sentence, which cover it; a short one stays with its neighbour."""
    plain = normalize_punctuation(sentence.of(text))
    clauses, start = [], 0
    opening = _SUBORDINATE.match(plain)
    for match in sorted([*_CLAUSE.finditer(plain), *([opening] if opening else [])], key=lambda each: each.end()):
        cut = match.start() + len(match.group().rstrip(" ("))
        if cut - start >= _SHORTEST_CLAUSE and len(plain) - cut >= _SHORTEST_CLAUSE:
            clauses.append(_strip(text, Span(sentence.start + start, sentence.start + cut)))
            start = cut
    return [*clauses, _strip(text, Span(sentence.start + start, sentence.end))]


def _lines(text: str) -> Iterator[tuple[Span, bool]]:
    """Yield the lines of a text, and whether each is the row of a table.

    If the text has no long lines, those between empty lines or rows of tables are joined, as they are one paragraph.
    """
    is_wrapped = max(map(len, text.split("\n"))) <= _WRAPPED
    start = 0
    for line in re.finditer(r"[^\n]*\n?", text):
        is_row = bool(_ROW.search(line.group().strip()))
        if is_row or not is_wrapped or not line.group().strip():
            if text[start : line.start()].strip():
                yield Span(start, line.start()), False
            start = line.start()
        if is_row:
            yield Span(*line.span()), True
            start = line.end()
    if text[start:].strip():
        yield Span(start, len(text)), False


def _sentences(text: str, line: Span) -> Iterator[Span]:
    import nupunkt

    for start, end in nupunkt.sent_spans(line.of(text)):
        span = _strip(text, Span(line.start + start, line.start + end))
        while span.end - span.start > LONGEST_PASSAGE:
            space = text.rfind(" ", span.start + 1, span.start + LONGEST_PASSAGE)
            cut = space if space > 0 else span.start + LONGEST_PASSAGE
            yield _strip(text, Span(span.start, cut))
            span = _strip(text, Span(cut, span.end))
        if span.start < span.end:
            yield span


def _strip(text: str, span: Span) -> Span:
    passage = span.of(text)
    start = span.start + len(passage) - len(passage.lstrip())
    return Span(start, start + len(passage.strip()))


def _reason(passage: str, longest_heading: int) -> str | None:
    """Return the reason to set a sentence aside, or None if it makes a statement.

    A heading has no full stop and at most so many words.
    """
    words = len(passage.split())
    site_text = list(pattern("boilerplate").finditer(passage))
    if passage.endswith("?"):
        return "question"
    if not any(each.isalnum() for each in passage):
        return "boilerplate"
    if site_text and (site_text[0].start() < 3 or site_text[1:] or not _END.search(passage)):
        return "boilerplate"
    if words <= longest_heading and not _END.search(passage):
        return "heading"
    return "transition" if words <= 2 else None
