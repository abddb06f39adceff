"""Reads what the words of a passage say about a claim: figures, dates, weakening words and negation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice

from curation.draft.words import alternatives, key, meanings, pattern, phrases
from curation.seeds.spans import Span, normalize_punctuation
from russia_dprk_claims.checks.numerals import read_figure
from russia_dprk_claims.sentences import MONTHS

_MONTH = "|".join(MONTHS)
_DAY = r"[0-3]?\d"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?P<d1>{_DAY})(?:st|nd|rd|th)?\s+(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>{_DAY})(?:st|nd|rd|th)?(?:,\s+(?P<y2>{_YEAR}))?\b(?!\s+[a-z]+s\b)"
    rf"|(?P<m3>{_MONTH})(?:\s+of)?,?\s+(?P<y3>{_YEAR})|(?P<y4>{_YEAR}))\b(?![-\d])"
)
# The words of figures are those that the checks know.
_NUMERALS = tomllib.loads(files("russia_dprk_claims.checks").joinpath("numerals.toml").read_text(encoding="utf-8"))


def _known(*kinds: str) -> set[str]:
    return {word for kind in kinds for words in _NUMERALS["en"][kind].values() for word in words.split(", ")}


_MEASURED = {"duration": ("a", "mo", "wk", "d", "h"), "length": ("mm", "cm", "m", "km"), "mass": ("kg", "t")}
_UNITS = {
    word: (unit, measured)
    for measured, units in _MEASURED.items()
    for unit in units
    for word in _NUMERALS["unit"][unit].split(", ")
}
_UNITS |= {"times": ("1", "ratio"), "%": ("%", "share"), "percent": ("%", "share"), "per cent": ("%", "share")}
_SCALES = alternatives(_known("scale"))
_WORD = alternatives({each for each in _known("number", "ordinal") if " " not in each} - {*phrases("not_numbers")})
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = rf"(?:(?:{_DIGITS})(?:\s+(?:{_SCALES}))?|(?:{_WORD})(?:[\s-](?:{_WORD}|{_SCALES}))*)"
_VAGUE = alternatives(_known("vague", "scales") - {*phrases("not_numbers")})
_FIGURE = re.compile(
    rf"(?<![\w$€£.,-])(?P<bound>(?:{alternatives({*_known('bound'), 'some'})})\s+)?"
    rf"(?P<money>[$€£])?(?P<number>(?:between|from)\s+{_NUMBER}\s+(?:and|to)\s+{_NUMBER}|{_NUMBER}\s+to\s+{_NUMBER}|{_NUMBER}"
    rf"|{_VAGUE})"
    rf"(?:(?:(?<=\d)|[\s-])(?P<unit>{alternatives(_UNITS)})(?:-long|-old)?(?!\w))?(?!\w|-\d)",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^\s*\(?\d{1,3}[.)]\s", re.MULTILINE)
"""The number of a paragraph, at the beginning of a line."""
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP"}
_MOST_FIGURES = 20
"""In a clause: one with more is a table and no sentence."""
_ORDINALS = _known("ordinal")
_NOUNS = re.compile(r"[\s-]*((?:[A-Za-z][\w'-]*[ \t]+){0,3}[A-Za-z][\w'-]*)")
_PLURAL = re.compile(r"(?<![sui])s$|(?<=ie)s$")
_COLUMNS: dict[str, tuple[str, ...]] = {
    "range": ("value_low", "value_high"),
    "at_least": ("value_low",),
    "more_than": ("value_low",),
    "up_to": ("value_high",),
    "less_than": ("value_high",),
    "vague": (),
}


@dataclass(frozen=True)
class Figure:
    """A figure: its span and words, and how its row would state it."""

    span: Span
    text: str
    bound: str
    values: Mapping[str, float]
    """The numbers by their columns."""
    unit: str
    """Empty if no noun in the plural says what is counted."""
    measured: str


@dataclass(frozen=True)
class Cues:
    """What the words of a passage say beside its actors and voices."""

    hedges: tuple[str, ...] = ()
    modality: str = "certain"
    polarity: str = "affirmed"
    dates: tuple[str, ...] = ()
    """Printed dates as EDTF."""
    figures: tuple[Figure, ...] = ()


def read_cues(text: str, span: Span) -> Cues:
    """Return the cues of a passage of a text.

    >>> text = "It may take up to 15 boats by May 2022."
    >>> cues = read_cues(text, Span(0, len(text)))
    >>> cues.modality, cues.hedges, cues.dates, [(each.text, each.bound, each.unit) for each in cues.figures]
    ('possible', ('may',), ('2022-05',), [('up to 15', 'up_to', '{boat}')])
    """
    plain = normalize_punctuation(span.of(text))
    hedges, modality = _modality(plain)
    return Cues(
        hedges=hedges,
        modality=modality,
        polarity=_polarity(plain, modality),
        dates=tuple(_dates(plain)),
        figures=tuple(_figures(text, span, plain)),
    )


def _modality(plain: str) -> tuple[tuple[str, ...], str]:
    """Return the weakening words and the weakest modality that they give; "May" is a month."""
    found = [each.group() for each in pattern("hedges").finditer(plain) if each.group() != "May"]
    given = {meanings("hedges")[key(each)] for each in found}
    order = ("underspecified", "possible", "probable")
    return tuple(dict.fromkeys(found)), next((each for each in order if each in given), "certain")


def _polarity(plain: str, modality: str) -> str:
    if modality == "underspecified":
        return "unknown"
    spared = pattern("not_denial").sub(" ", plain)
    return "denied" if pattern("denial").search(spared) or re.search(r"n't\b", spared) else "affirmed"


def _dates(plain: str) -> Iterator[str]:
    for match in _DATE.finditer(plain):
        parts = {name[0]: value for name, value in match.groupdict().items() if value}
        month = f"-{MONTHS.index(parts['m']) + 1:02d}" if "m" in parts else ""
        day = f"-{int(parts['d']):02d}" if "d" in parts else ""
        yield f"{parts.get('y', 'XXXX')}{month}{day}"


def _figures(text: str, outer: Span, plain: str) -> Iterator[Figure]:
    excluded = [
        Span(*each.span()) for found in (_DATE, _NUMBERING, pattern("not_figures")) for each in found.finditer(plain)
    ]
    for match in islice(_FIGURE.finditer(plain), _MOST_FIGURES):
        span = Span(*match.span())
        if not any(span.overlaps(each) for each in excluded):
            yield _figure(text, outer, plain, match)


def _figure(text: str, outer: Span, plain: str, match: re.Match[str]) -> Figure:
    """Return a figure as its row would state it."""
    phrase = f"{match['bound'] or ''}{match['number']}"
    unit, measured = _UNITS[key(match["unit"])] if match["unit"] else ("", "")
    readings = read_figure(phrase)
    bounds = sorted(readings[0].bounds) if readings else ["vague"]
    bound = bounds[0] if len(bounds) == 1 else "exact"
    numbers = map(float, readings[0].numbers) if readings else ()
    values = dict(zip(_COLUMNS.get(bound, ("value_best",)), numbers, strict=False))
    if not unit:
        unit = _counted(plain[match.end() :])
        measured = "ordinal" if match["number"].lower() in _ORDINALS else "count"
    if match["money"]:
        unit, measured = _CURRENCIES[match["money"]], "money"
    span = Span(outer.start + match.start(), outer.start + match.end())
    return Figure(span, " ".join(span.of(text).split()), bound, values, unit, measured)


def _counted(after: str) -> str:
    """Return the unit of what is counted, the first noun in the plural among the words that follow; empty without one.

    >>> _counted(" large sealed boxes a week"), _counted(" visit")
    ('{box}', '')
    """
    match = _NOUNS.match(after)
    words = re.findall(r"(?!(?:of|the|a)\b)\b[a-z]+(?:-[a-z]+)*", match[1].lower()) if match else []
    plural = next((each for each in words if _PLURAL.search(each)), "")
    singular = _PLURAL.sub("", re.sub("ies$", "ys", plural)).replace("-", "_")
    return f"{{{singular}}}" if singular else ""
