"""Spans of a source text, the hashes of passages, and the word n-grams that two texts share.

A span is a half-open range of Unicode code points. `seeds/seals/SRC-0005.csv`, written by `scripts/seal.py`, keeps the
hash of every long passage. A build does not need the text for it; with the text, it shows whether a span has moved.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from curation.seeds.files import csv_bytes, parse_csv
from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import SHORTEST_HASHED, SPAN

# Python refuses to convert numbers of thousands of digits.
_OFFSET = re.compile("[0-9]{1,18}")
_WORD = re.compile(r"[^\W_]+")
# Typographic quotes and hyphens, and the plain ones that keyboards have. Each is one code point, so offsets hold.
_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-", "\u00a0": " "})
# What nobody sees in a text: soft hyphens, fillers, zero-width and bidirectional characters, variation selectors, tags.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_HEADER = ["span", "span_sha256"]

NGram = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of code points of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the passage."""
        return text[self.start : self.end]

    def __len__(self) -> int:
        """Return the number of code points."""
        return self.end - self.start

    def shared(self, other: Span) -> int:
        """Return how many code points lie in both spans."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def iou(self, other: Span) -> float:
        """Return the code points that two spans share, divided by those that either has (intersection over union)."""
        return self.shared(other) / (len(self) + len(other) - self.shared(other))

    def moved(self, by: int) -> Span:
        """Return the span that begins and ends so many code points later."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Span) -> bool:
        """Return whether another span has a code point in common with this one."""
        return self.start < other.end and other.start < self.end

    def __contains__(self, other: object) -> bool:
        """Return whether another span lies inside this one."""
        return isinstance(other, Span) and self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        """Return the span as records write it."""
        return f"{self.start}-{self.end}"


def span_of(raw: TextTable, index: int) -> Span | None:
    """Return the span of a row, or None where its cells are not two numbers, the first below the second."""
    start, end = (raw.cells[name][index] or "" for name in SPAN)
    if not (_OFFSET.fullmatch(start) and _OFFSET.fullmatch(end) and int(start) < int(end)):
        return None
    return Span(int(start), int(end))


def gaps(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the passages of a text that no span covers, without the space around them."""
    found: list[Span] = []
    position = 0
    for span in [*sorted(spans), Span(len(text), len(text))]:
        passage = text[position : span.start]
        if passage.strip():
            start = position + len(passage) - len(passage.lstrip())
            found.append(Span(start, start + len(passage.strip())))
        position = max(position, span.end)
    return found


def normalize_punctuation(text: str) -> str:
    """Return the text with straight quotes, hyphens and plain spaces for typographic ones; offsets stay the same."""
    return text.translate(_PUNCTUATION)


def fold(passage: str) -> str:
    """Return the folded passage: NFKC, case-folded, letters and digits only."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", passage).casefold())
    return "".join(each for each in folded if each.isalnum())


def text_folded_sha256(text: str) -> str:
    """Return the SHA-256 of a whole text after NFC and with each run of spaces folded into one, in hexadecimal."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(folded.encode("utf-8")).hexdigest()


def span_sha256(passage: str) -> str | None:
    """Return the SHA-256 of the folded passage in hexadecimal, or None where the passage is too short to have one."""
    if len(passage) < SHORTEST_HASHED:
        return None
    return hashlib.sha256(fold(passage).encode("utf-8")).hexdigest()


def parse_hashes(data: bytes) -> dict[Span, str]:
    """Return the passage hashes of one source from the bytes of its file."""
    hashes: dict[Span, str] = {}
    for span, sha256 in parse_csv(data, _HEADER):
        start, end = map(int, span.split("-"))
        if Span(start, end) in hashes:
            raise ValueError(f"the passage {span} is there twice")
        hashes[Span(start, end)] = sha256
    return hashes


def hashes_csv(hashes: Mapping[Span, str]) -> bytes:
    """Return the file of the passage hashes of one source, sorted by span."""
    return csv_bytes(_HEADER, ([str(span), sha256] for span, sha256 in sorted(hashes.items())))


def normalize(text: str) -> str:
    """Return the text in NFC with plain punctuation and single spaces, without the characters that nobody sees."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", UNSEEN.sub("", normalize_punctuation(text)))
    return " ".join(text.split())


def _fold_letters(text: str) -> str:
    """Return the text case-folded, without accents, in the Latin letters for which other letters can be taken."""
    if text.isascii():
        return text.casefold()
    letters = unicodedata.normalize("NFKD", UNSEEN.sub("", text).casefold())
    letters = "".join(each for each in letters if not unicodedata.combining(each))
    is_latin = all(each.isascii() or not each.isalpha() for each in set(letters))
    return letters if is_latin else letters.translate(_lookalikes())


@cache
def _lookalikes() -> dict[int, str]:
    """Return the Latin letters for which other letters can be taken (UTS 39), by code point.

    A letter also stands for its capital: the Cyrillic "н" for "h", because "Н" looks like "H".
    """
    from confusable_homoglyphs.confusables import confusables_data

    alike: dict[int, str] = {}
    capitals: dict[int, str] = {}
    for letter, others in confusables_data.items():
        latin = next((each["c"].casefold() for each in others if each["c"].isascii() and each["c"].isalpha()), None)
        if latin and len(letter) == len(letter.casefold()) == 1 and not letter.casefold().isascii():
            (alike if letter == letter.casefold() else capitals)[ord(letter.casefold())] = latin
    return capitals | alike


def ngrams(text: str, length: int) -> Iterator[NGram]:
    """Iterate over the runs of `length` words of a text, with folded letters and without punctuation."""
    words = _WORD.findall(_fold_letters(text))
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))


def ngram_index(texts: Mapping[str, str], length: int) -> dict[NGram, list[str]]:
    """Return the names of the texts that have each n-gram."""
    index: dict[NGram, list[str]] = {}
    for name, text in texts.items():
        for each in set(ngrams(text, length)):
            index.setdefault(each, []).append(name)
    return index


def shared_ngrams(
    text: str, index: Mapping[NGram, Iterable[str]], length: int, exempt: Collection[str] = ()
) -> dict[str, str]:
    """Return the first n-gram that a text shares with each indexed text, by the name of that text.

    An n-gram of which all words are `exempt` does not count.
    """
    shared: dict[str, str] = {}
    for each in ngrams(text, length):
        if each in index and all(word in exempt for word in each):
            continue
        for name in index.get(each, ()):
            shared.setdefault(name, " ".join(each))
    return shared
