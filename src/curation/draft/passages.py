"""Splits a text into passages: sentences that make a statement, and what is probably to be set aside.

Together the passages cover the text. Sentences are found with nupunkt, in each line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from curation.draft.words import pattern, phrases, verbs
from curation.seeds.spans import Span, normalize_punctuation

LONGEST_TEXT = 100_000
"""In code points: a text of fifteen thousand words."""
LONGEST_PASSAGE = 1_500
MOST_PASSAGES = 1_500
_WRAPPED = 100
_BULLET = re.compile(r"\s*(?:[•*–—-]|\(?\d{1,2}[.)])\s+")
_END = re.compile(r"[.!?…][\s”’\"')\]]*$")
_BYLINE = re.compile(r"\s*[A-Z][\w’'-]+(?: [A-Z][\w.’'-]+){1,3}, [^.!?]{3,100}$")
_INITIALS = re.compile(r"(?:\w+\s)?(?:[A-Z]\.)+")
"""A sentence that ends here was cut at an abbreviation, as in "U.S. officials"."""
_HEADING_WORDS = 14
_SHORTEST_CLAUSE = 25
_LIST_END, _LIST_ITEM = re.compile(r",\s+(?:and|or)\b"), 35
"""The comma before the last item of a list begins no clause; another comma shortly before shows that it is one."""


@dataclass(frozen=True)
class Passage:
    """A passage: its span, the reason to set it aside (None for a statement), and whether a name signs it below."""

    span: Span
    reason: str | None = None
    is_signed: bool = False
    """Whether the passage ends with a line that only names its speaker, as under a quotation set apart."""


def split_passages(text: str) -> tuple[list[Passage], bool]:
    """Return the passages of a text in order, at most `MOST_PASSAGES`, and whether the text goes on after them."""
    found: list[Passage] = []
    for line in _lines(text):
        passage = line.of(text)
        last = found[-1] if found else None
        if last and last.reason is None and _BYLINE.fullmatch(passage) and not _is_sentence(passage):
            found[-1] = replace(last, span=Span(last.span.start, _strip(text, line).end), is_signed=True)
            continue
        for span in _sentences(text, line):
            found += _classified(text, span, is_line=_strip(text, line) == span)
            if len(found) >= MOST_PASSAGES:
                return found[:MOST_PASSAGES], span.end < len(text.rstrip())
    return found, False


def split_clauses(text: str, sentence: Span) -> list[Span]:
    """Return the clauses of a sentence, which cover it; a short one stays with its neighbour."""
    plain = normalize_punctuation(sentence.of(text))
    clauses, start = [], 0
    opening = _SUBORDINATE.match(plain)
    for match in sorted([*_CLAUSE.finditer(plain), *([opening] if opening else [])], key=lambda each: each.end()):
        cut = match.start() + len(match.group().rstrip(" ("))
        if _LIST_END.match(plain, match.start()) and "," in plain[max(0, match.start() - _LIST_ITEM) : match.start()]:
            continue
        if cut - start >= _SHORTEST_CLAUSE and len(plain) - cut >= _SHORTEST_CLAUSE:
            clauses.append(_strip(text, Span(sentence.start + start, sentence.start + cut)))
            start = cut
    return [*clauses, _strip(text, Span(sentence.start + start, sentence.end))]


def _lines(text: str) -> Iterator[Span]:
    """Yield the lines of a text, or its blocks between empty lines if it has no long lines."""
    is_wrapped = max(map(len, text.split("\n"))) <= _WRAPPED
    form = r"(?:[^\n]+\n?)+" if is_wrapped else r"[^\n]+"
    for match in re.finditer(form, text):
        if match.group().strip():
            yield Span(*match.span())


def _sentences(text: str, line: Span) -> Iterator[Span]:
    import nupunkt

    begun = None
    for start, end in nupunkt.sent_spans(line.of(text)):
        span = _strip(text, Span(line.start + start if begun is None else begun, line.start + end))
        if _INITIALS.fullmatch(span.of(text)) and span.end < line.end:
            begun = span.start
            continue
        begun = None
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


def _classified(text: str, span: Span, *, is_line: bool) -> Iterator[Passage]:
    """Yield a sentence as a statement or with the reason to set it aside; its connecting words are set aside first."""
    passage = span.of(text)
    bullet = _BULLET.match(passage) if is_line else None
    words = len(passage.split())
    if passage.endswith("?"):
        yield Passage(span, "question")
    elif _is_boilerplate(passage) or not any(each.isalnum() for each in passage):
        yield Passage(span, "boilerplate")
    elif is_line and not bullet and not _END.search(passage) and words <= _HEADING_WORDS:
        yield Passage(span, "heading")
    elif words <= 2 or (passage.endswith(":") and not _is_sentence(passage)):
        yield Passage(span, "transition")
    else:
        opening = _OPENING.match(passage)
        if opening and opening.end() < len(passage):
            yield Passage(_strip(text, Span(span.start, span.start + opening.end())), "transition")
            span = Span(span.start + opening.end(), span.end)
        yield Passage(span)


def _is_boilerplate(passage: str) -> bool:
    match = pattern("boilerplate").search(passage)
    return passage.isupper() or bool(match and (match.start() < 3 or not _END.search(passage)))


def _is_sentence(passage: str) -> bool:
    words = re.findall(r"[\w’']+", passage.replace("’", "'").lower())
    return any(each in phrases("finite") or each in verbs("speech_verbs") for each in words)


_CONNECTIVES = "|".join(re.escape(each) for each in sorted(phrases("connectives"), key=len, reverse=True))
_OPENING = re.compile(rf"(?:{_CONNECTIVES})(?:,\s+|\s+(?=[a-z]))", re.IGNORECASE)
_JOINED = "|".join(phrases("clauses"))
_CONTRARY = "|".join(phrases("clauses_without_comma"))
_CLAUSE = re.compile(rf",\s+(?=(?:{_JOINED})\b)|;\s+|\s+-\s+|\s+(?=(?:{_CONTRARY})\s)|\s\(|\)\s", re.IGNORECASE)
_SUBORDINATE = re.compile(rf"(?:{'|'.join(phrases('subordinate'))})\b[^,]+,\s+", re.IGNORECASE)
