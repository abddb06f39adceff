"""Spans: half-open ranges of Unicode code points in a text, how a quote finds one, and what a hash of one is taken
of.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from russia_dprk_claims.checks.cells import SHORTEST_HASHED
from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import SPAN

# What can be a place in a text; a number of thousands of digits is not even read.
_PLACE = re.compile("[0-9]{1,18}")

_ELLIPSIS = re.compile(r"\s*…\s*|\s+\.\.\.\s+")
_OCCURRENCE = re.compile(r"^(?P<quote>.*\S)\s+@(?P<number>[1-9][0-9]*)$", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
# Keyboards have straight quotes and hyphens where texts have typographic ones. Each stands for one code point, so
# places hold.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of code points of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the passage."""
        return text[self.start : self.end]

    def __contains__(self, other: object) -> bool:
        """Return whether another span lies inside this one."""
        return isinstance(other, Span) and self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        """Return the span as records write it."""
        return f"{self.start}-{self.end}"


@dataclass(frozen=True)
class Quote:
    """What a coder wrote to find a passage: its first and last words, and which occurrence is meant."""

    first: str
    last: str | None
    occurrence: int | None

    @classmethod
    def read(cls, text: str) -> Quote:
        """Read `first words … last words`, or one whole phrase, with ` @2` behind it for the second occurrence."""
        match = _OCCURRENCE.match(text.strip())
        occurrence = int(match["number"]) if match else None
        parts = _ELLIPSIS.split((match["quote"] if match else text).strip(), maxsplit=1)
        first, last = parts[0], parts[1] if len(parts) > 1 else None
        if not first or last == "":
            raise ValueError("a quote has words on both sides of its ellipsis")
        return cls(first, last, occurrence)

    def find(self, text: str, within: Span | None = None) -> list[Span]:
        """Return every span of `text` (inside `within`) that the quote may mean, in order; one if an occurrence is
        given.
        """
        within = within or Span(0, len(text))
        folded = plain(text)
        heads = _places(self.first, folded, within)
        if self.last is None:
            found = heads
        else:
            tails = _places(self.last, folded, within)
            found = [Span(head.start, tail.end) for head in heads for tail in tails if tail.start >= head.end]
        if self.occurrence is not None:
            found = found[self.occurrence - 1 : self.occurrence]
        return found


def plain(text: str) -> str:
    """Return the text with typographic quotes, hyphens and hard spaces as a keyboard has them; places stay the same."""
    return text.translate(_PLAIN)


def _places(words: str, folded: str, within: Span) -> list[Span]:
    pattern = r"\s+".join(re.escape(word) for word in plain(words).split())
    found = re.compile(pattern).finditer(folded, within.start, within.end)
    return [Span(*match.span()) for match in found]


def fold(passage: str) -> str:
    """Return the folded passage: NFKC, case-folded, letters and digits only."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", passage).casefold())
    return "".join(each for each in folded if each.isalnum())


def span_sha256(passage: str) -> str | None:
    """Return the SHA-256 of the folded passage in hexadecimal, or None where the passage is too short to have one."""
    if len(passage) < SHORTEST_HASHED:
        return None
    return hashlib.sha256(fold(passage).encode("utf-8")).hexdigest()


def gaps(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the passages of `text` with anything but space in them that no span covers, without the space around
    them.
    """
    found: list[Span] = []
    position = 0
    for span in [*sorted(spans), Span(len(text), len(text))]:
        passage = text[position : span.start]
        if passage.strip():
            start = position + len(passage) - len(passage.lstrip())
            found.append(Span(start, start + len(passage.strip())))
        position = max(position, span.end)
    return found


def words(text: str) -> list[str]:
    """Return the words of a text, case-folded, without punctuation."""
    return [match.group().casefold() for match in _WORD.finditer(text)]


def shared_run(text: str, runs: frozenset[tuple[str, ...]], length: int) -> str | None:
    """Return the first run of `length` words of `text` that is among `runs`, or None."""
    each = words(text)
    for start in range(len(each) - length + 1):
        run = tuple(each[start : start + length])
        if run in runs:
            return " ".join(run)
    return None


def shared_runs(text: str, having: Mapping[tuple[str, ...], Iterable[str]], length: int) -> dict[str, str]:
    """Return the first run of `length` words of `text` that each of some other texts has, by the name of that text.

    `having` has the names of the texts in which a run stands.
    """
    each = words(text)
    found: dict[str, str] = {}
    for start in range(len(each) - length + 1):
        run = tuple(each[start : start + length])
        for name in having.get(run, ()):
            found.setdefault(name, " ".join(run))
    return found


def runs_of(text: str, length: int) -> frozenset[tuple[str, ...]]:
    """Return every run of `length` words in a text."""
    each: Sequence[str] = words(text)
    return frozenset(tuple(each[start : start + length]) for start in range(len(each) - length + 1))


def span_of(raw: TextTable, index: int) -> Span | None:
    """Return the span of a row, or None where its cells are not two numbers, the first below the second."""
    start, end = (raw.cells[name][index] or "" for name in SPAN)
    if not (_PLACE.fullmatch(start) and _PLACE.fullmatch(end) and int(start) < int(end)):
        return None
    return Span(int(start), int(end))
