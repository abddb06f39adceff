"""Reads figures as texts word them: the numbers of a phrase and how its words bound them.

A phrase is read only if every word of it is known: from `numerals.toml`, or from the row that it is in. Where words
have several meanings, as in "a third", there are several readings, and each may be what the text says.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path
from unicodedata import decomposition, normalize

LONGEST = 200
MOST_READINGS = 64
_SPACES = " \u00a0\u2009\u202f'’"
_HYPHENS = frozenset("-‐‑–—−")
# Scripts without spaces between words are read letter by letter.
_TOKEN = re.compile(
    rf"[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+(?![0-9,.])|[0-9]+/[0-9]+|[0-9]+(?:[.,][0-9]+)*"
    r"|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]|[^\W0-9_]+|[^\s\w.\"“”‘’'«»„]"
)
_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
_CURRENCIES = frozenset("$€£¥₩₽")
_BEFORE_MINUS = frozenset({"range", "and", "or", "between", "bound"})
_SHORT_SCALES = {"m": 10**6, "b": 10**9}

Item = tuple[str, Fraction | str]
"""What a word is and what it stands for, such as `("scale", 1000)`."""


@dataclass(frozen=True)
class Reading:
    """What a phrase may say: its numbers, whether they are the ends of a range, and the bound types that fit.

    No bound type means that the words do not show which. A range has its lower number first.
    """

    numbers: tuple[Fraction, ...]
    bounds: frozenset[str] = frozenset()
    is_range: bool = False

    def allows(self, low: float | None, best: float | None, high: float | None) -> bool:
        """Return whether every value that is set is a number of the reading, in its place if they are a range."""
        ends = (self.numbers[:1], self.numbers, self.numbers[1:]) if self.is_range else (self.numbers,) * 3
        values = ((value, known) for value, known in zip((low, best, high), ends, strict=True) if value is not None)
        return not self.numbers or all(any(_is_same(value, each) for each in known) for value, known in values)

    def fits(self, bound: str, low: float | None, high: float | None) -> bool:
        """Return whether the words may have a bound type; a range may be approximate if both of its ends are set."""
        both_ends = self.is_range and low is not None and high is not None
        return not self.bounds or bound in self.bounds or (both_ends and bound == "approximate")


@dataclass(frozen=True)
class Row:
    """What the row of a figure says about its words: its property, unit, counted thing, and the text's language."""

    property: str = ""
    unit: str = ""
    item: str = ""
    language: str = "en"


def _is_same(value: float, number: Fraction) -> bool:
    """Return whether a value is a number; one such as 2/3 may be rounded to two decimals or more, 66.7 to none."""
    if not math.isfinite(value):
        return False
    written = Fraction(repr(value))
    if math.isclose(value, number, rel_tol=1e-14):
        return True
    decimals = max(len(repr(value).partition(".")[2]), 0 if number > 1 else 2)
    is_periodic = 10**12 % number.denominator != 0
    return is_periodic and abs(written - number) <= Fraction(1, 2 * 10**decimals)


@lru_cache(maxsize=65536)
def read_figure(words: str, row: Row = Row()) -> tuple[Reading, ...]:
    """Return what a phrase may say; nothing if it has a word that is not known.

    Parameters
    ----------
    words : str
        A phrase of a few words, such as `between 3 and 5 million`.
    row : Row, optional
        What else is known of the figure.

    Returns
    -------
    tuple of Reading
        One reading for each meaning of its words.

    Examples
    --------
    >>> [reading] = read_figure("between 3 and 5 million")
    >>> [int(each) for each in reading.numbers], sorted(reading.bounds)
    ([3000000, 5000000], ['range'])
    >>> read_figure("five score")
    ()
    """
    if len(words) > LONGEST:
        return ()
    tokens = _tokens(words)
    english = row.language.partition("-")[0] == "en" and _foreign().isdisjoint(tokens)
    options = _items(tokens, row, english)
    if not options or math.prod(map(len, options)) > MOST_READINGS:
        return ()
    readings: dict[Reading, None] = {}
    for chosen in product(*options):
        items = [item for group in chosen for item in group]
        for joined in (True, False) if ("between", "") in items else (True,):
            if reading := _read(items, row, joined):
                readings[reading] = None
    return tuple(readings)


def units_named(words: str) -> frozenset[str]:
    """Return the codes of the units that a phrase names.

    Examples
    --------
    >>> sorted(units_named("18-month-long"))
    ['mo']
    """
    tokens = _tokens(words[:LONGEST])
    phrases = (tuple(tokens[at : at + size]) for at in range(len(tokens)) for size in range(1, 6))
    meanings = (each for phrase in phrases for each in _lexicon().get(phrase, ()))
    return frozenset(value.split()[0] for kind, value, _ in meanings if kind == "unit")


# --- words ------------------------------------------------------------------------------------------------------------


def _tokens(text: str) -> list[str]:
    for each in {each for each in text if decomposition(each).startswith("<fraction>")}:
        text = text.replace(each, f" {normalize('NFKC', each).replace('⁄', '/')} ")
    return _TOKEN.findall(re.sub(r"(?<=[a-z])fold\b", " fold", text.casefold()))


@lru_cache(maxsize=1)
def _lexicon() -> dict[tuple[str, ...], list[tuple[str, str, bool]]]:
    """Return what each known phrase may be, what it stands for, and whether it is English."""
    lexicon: dict[tuple[str, ...], list[tuple[str, str, bool]]] = {}
    data = tomllib.loads(Path(__file__).with_name("numerals.toml").read_text(encoding="utf-8"))
    tables = [(kind, table, language == "en") for language in ("en", "other") for kind, table in data[language].items()]
    for kind, table, english in [("unit", data["unit"], True), *tables]:
        for key, phrases in table.items():
            for phrase in phrases.split(", "):
                name, value = (key, "") if kind == "join" else (kind, key)
                lexicon.setdefault(tuple(_tokens(phrase)), []).append((name, value, english))
    return lexicon


@lru_cache(maxsize=1)
def _foreign() -> frozenset[str]:
    known = {True: set[str](), False: set[str]()}
    for phrase, meanings in _lexicon().items():
        for _, _, english in meanings:
            known[english].update(phrase)
    return frozenset(known[False] - known[True])


def _items(tokens: Sequence[str], row: Row, english: bool) -> list[list[tuple[Item, ...]]]:
    """Return the meanings of each phrase of a text, or nothing if one is not known."""
    options: list[list[tuple[Item, ...]]] = []
    found: list[tuple[Item, ...]]
    at = 0
    while at < len(tokens):
        token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
        length = 1
        if token in _HYPHENS:
            follows_word = not options or any(kind in _BEFORE_MINUS for kind, _ in options[-1][0])
            sign = "minus" if follows_word else "range"
            found = [((sign, ""),)] if _is_digits(following) or following in _CURRENCIES else [()]
        elif _is_digits(token):
            kind = "fraction" if "/" in token else "digits"
            found = [tuple((kind, each) for each in numbers) for numbers in _digits(token, english)]
            length = 2 if following in _ORDINAL_ENDS else 1
        elif token in _SHORT_SCALES and token != row.unit and options and _is_digits(tokens[at - 1]):
            scale: Item = ("scale", Fraction(_SHORT_SCALES[token]))
            found = [(scale,)] if row.property in {"count", "money", "rate"} else []
        else:
            length = next((size for size in range(5, 0, -1) if tuple(tokens[at : at + size]) in _lexicon()), 1)
            found = [(each,) for each in _meanings(tuple(tokens[at : at + length]), row, english)]
        if not found:
            return []
        options.append(found)
        at += length
    return options


def _is_digits(token: str) -> bool:
    return token[:1].isascii() and token[:1].isdigit()


def _meanings(phrase: tuple[str, ...], row: Row, english: bool) -> Iterator[Item]:
    has_meaning = False
    for kind, value, _ in _lexicon().get(phrase, ()):
        if kind == "unit":
            code, _, factor = value.partition(" ")
            if code == row.unit or (not factor and code in row.unit.split("/")):
                yield "units" if phrase[-1].endswith("s") and phrase != ("s",) else kind, Fraction(factor or 1)
                has_meaning = True
            continue
        has_meaning = True
        if kind in {"number", "scale", "scales"}:
            yield kind, Fraction(value)
            if not english and int(value) > 10**6 and phrase[0].startswith(("billion", "trillion")):
                yield kind, Fraction(value) * 10 ** (3 if value == str(10**9) else 6)
        elif kind == "part":
            # A quarter may also be three months.
            if row.property != "duration" or value != "4" or row.unit == "a":
                yield kind, Fraction(1, int(value))
        elif kind == "ordinal":
            if row.property in {"", "ordinal", "count"} or int(value) < 3:
                yield "number", Fraction(value)
            if row.property != "ordinal" and int(value) > 2:
                yield "part", Fraction(1, int(value))
        else:
            # "over two days" may be more than two days, or in the course of two days.
            is_unsure = phrase == ("over",) and row.property == "duration"
            yield kind, f"{value} exact" if is_unsure else value if kind == "bound" else ""
    if not has_meaning and len(phrase) == 1 and _is_of_row(phrase[0], row):
        yield "word", ""


def _is_of_row(word: str, row: Row) -> bool:
    """Return whether the row has a word, in the singular or the plural, as what it counts or measures."""
    known = re.findall(r"[^\W\d_]+", f"{row.item} {row.unit}".casefold())
    return any(each[: max(4, len(each) - 2)] == word[: max(4, len(each) - 2)] for each in known)


def _digits(token: str, english: bool) -> list[list[Fraction]]:
    """Return the numbers that digits with separators may be: in English a comma separates thousands."""
    if "/" in token:
        above, below = map(int, token.split("/"))
        return [[Fraction(above, below)]] if above < below <= 100 else []
    groups = re.split(f"[{_SPACES}]", token)
    if len(groups) > 1:
        separate = [] if any(each.startswith("0") for each in groups[1:]) else [[Fraction(each) for each in groups]]
        return [[Fraction("".join(groups))], *separate]
    marks = [each for each in token if each in ",."]
    by_comma = re.fullmatch(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?|[1-9][0-9]?(,[0-9]{2})+,[0-9]{3}", token)
    by_dot = re.fullmatch(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?", token)
    written = [] if marks else [token]
    if by_comma:
        written.append(token.replace(",", ""))
    if by_dot and (len(marks) > 1 or not english or token.endswith("0")):
        written.append(token.replace(".", "").replace(",", "."))
    if len(marks) == 1 and not (english and by_comma):
        written.append(token.replace(",", "."))
    return [[Fraction(each)] for each in written]


# --- phrases ----------------------------------------------------------------------------------------------------------

# Each item is a letter: u 1-9, t other small numbers, T tens, d digits, f a fraction in digits, H hundred, S a scale,
# s a plural scale, p a part, h a number with a hundred, M a number with a scale.
_KINDS = "and article of unit units bound part scales minus range between or some vague percent digits fraction"
_LETTERS = dict(zip(_KINDS.split(), "&aoUUbps-r(|mv%df", strict=True))
_NUMBER = "[utTdfhM]"
_HALF = rf"(?:a(?=U)|{_NUMBER})U?&a?p"
# What is joined to one number, in this order; "and" joins numbers only in one of the two ways to read a phrase.
_JOINS = (
    ("d", "df", "sum"),
    ("t", "Tu", "sum"),
    ("h", "[utTd]?H(?:&?[utT])?", "hundreds"),
    ("d", _HALF, "half"),
    ("M", "[utTdh]b?[Ss]+|a?S+", "product"),
    ("M", f"M(?:M|&?[utTdh](?!{_NUMBER}))+", "groups"),
    ("d", _HALF, "half"),
    ("M", "[autTd]?p(?:o?a?M)?", "product"),
    ("d", f"-{_NUMBER}", "minus"),
)


@dataclass
class _Part:
    """A letter of a phrase: what it stands for, and the scale that its words give it, such as a million."""

    letter: str
    value: Fraction = Fraction(1)
    scale: Fraction = Fraction(1)


def _part(item: Item) -> _Part:
    kind, value = item
    if not isinstance(value, Fraction):
        return _Part(_LETTERS.get(kind, " "))
    letter = _LETTERS.get(kind, "")
    if kind == "scale":
        letter = "H" if value == 100 else "S"
    elif kind == "number":
        letter = "T" if 20 <= value < 100 and value % 10 == 0 else "u" if 0 < value < 10 else "t"
    return _Part(letter, value, value if letter in "Ss" else Fraction(1))


def _join(how: str, parts: Sequence[_Part]) -> tuple[Fraction, Fraction]:
    """Return the value and the scale of parts that are one number."""
    values = [each.value for each in parts if each.letter not in "&oba "]
    scale = math.prod((each.scale for each in parts), start=Fraction(1))
    if how == "sum":
        return sum(values, Fraction(0)), scale
    if how == "hundreds":
        at = next(place for place, each in enumerate(parts) if each.letter == "H")
        return 100 * (parts[0].value if at else 1) + sum(values[at + 1 :], Fraction(0)), scale
    if how == "half":
        unit = next((each.value for each in parts if each.letter == "U"), Fraction(1))
        return (parts[0].value + parts[-1].value * parts[0].scale) * unit, scale
    if how == "minus":
        return -values[-1], scale
    if how == "groups":
        total, last = parts[0].value, parts[0].scale
        for each in (each for each in parts[1:] if each.letter != "&"):
            total = (total + each.value / each.scale) * each.scale if each.scale > last else total + each.value
        return total, last
    return math.prod(values, start=Fraction(1)), scale


def _are_groups(parts: Sequence[_Part]) -> bool:
    """Return whether parts are groups of one number, as in 3 million 200 thousand; digits follow only ten thousands."""
    numbers = [each for each in parts if each.letter != "&"]
    return all(
        one.scale != other.scale and (other.letter != "d" or one.scale == 10**4) for one, other in pairwise(numbers)
    )


def _read(items: Sequence[Item], row: Row, joined: bool) -> Reading | None:
    """Return the reading of a phrase; `joined` lets "and" stand in a number, as in one hundred and twenty."""
    parts = [part for part in map(_part, items) if part.letter != " "]
    for letter, pattern, how in _JOINS:
        place = 0
        compiled = re.compile(pattern if joined else pattern.replace("&?", ""))
        while match := compiled.search("".join(each.letter for each in parts), place):
            start, end = match.span()
            # "several hundred" names no number, and two amounts in millions are not one.
            if (not start or parts[start - 1].letter != "v") and (how != "groups" or _are_groups(parts[start:end])):
                value, scale = _join(how, parts[start:end])
                parts[start:end] = [_Part(letter, value, scale)]
            place = start + 1
    bounds = [str(value).split() for kind, value in items if kind == "bound"]
    return _interpret(parts, bounds, row, is_plural=any(kind == "units" for kind, _ in items))


def _interpret(parts: Sequence[_Part], bounds: Sequence[Sequence[str]], row: Row, is_plural: bool) -> Reading | None:
    """Return what numbers and the words around them say."""
    letters = "".join(each.letter for each in parts)
    numbers = [each for each in parts if re.match(_NUMBER, each.letter)]
    if not numbers and (is_plural or set("vms") & set(letters)):
        return Reading((), frozenset({"vague"})) if "(" not in letters else None
    numbers = numbers or ([_Part("d")] if "U" in letters else [])
    factor = math.prod((each.value for each in parts if each.letter == "U"), start=Fraction(1))
    values = _in_unit(numbers, letters, factor, row) if numbers else None
    if values is None:
        return None
    if set("(r") & set(letters):
        if len(values) == 2 and values[0] < values[1] and set("r&") & set(letters):
            is_plain = all("approximate" in each for each in bounds)
            return Reading(tuple(values), frozenset({"range"} if is_plain else ()), is_range=True)
        return Reading(tuple(values)) if "r" in letters and len(values) > 2 else None
    if len(values) > 1 or "v" in letters:
        is_either = "|" in letters and len(values) == 2 and not bounds
        return Reading(tuple(values), frozenset({"range", "approximate"} if is_either else ()))
    known = [*bounds, *([["approximate"]] if "m" in letters else [])] or [["exact"]]
    return Reading(tuple(values), frozenset.intersection(*map(frozenset, known)))


def _in_unit(numbers: Sequence[_Part], letters: str, factor: Fraction, row: Row) -> list[Fraction] | None:
    """Return the numbers in the unit of the row; None if it is not known how."""
    values = [each.value * factor for each in numbers]
    first, last = numbers[0], numbers[-1]
    if len(values) == 2 and set("(r|") & set(letters) and first.scale == 1 and first.value < last.value / last.scale:
        values[0] *= last.scale  # in "3 to 5 million" both are millions
    if "%" in letters:
        if row.property == "ratio":
            return None
        return [each / 100 for each in values] if row.unit == "1" else values
    if row.property == "share" and "o" in letters and len(values) == 2 and 0 < values[0] <= values[1]:
        values = [values[0] / values[1]]
    is_part = row.property == "share" and row.unit == "%" and all(each < 1 for each in values)
    return [100 * each for each in values] if is_part else values
