"""Reads numbers in words: digits with separators, scale words, number words, ordinals, multiples and halves."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
WORDS: dict[str, float] = {
    **{word: number for number, word in enumerate(f"{_UNITS} eighteen nineteen".split())},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), start=2)},
    **{word: number for number, word in enumerate(_ORDINALS.split(), start=1)},
    **{"no": 0, "once": 1, "twice": 2, "thrice": 3, "half": 0.5},
    **{"trio": 3, "trilateral": 3, "triple": 3, "dual": 2, "double": 2, "pair": 2, "bilateral": 2},
}
SCALES: dict[str, float] = {"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
# A duration of one unit may have an article instead of a number: "a year and a half".
_ARTICLES = frozenset({"a", "an"})
_PERIODS = frozenset({"year", "month", "week", "day", "hour", "decade"})
_NUMBER_WORDS = frozenset({*WORDS, *SCALES, *_ARTICLES})
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[a-z]+", re.IGNORECASE)
_ONE = re.compile(r"\bnot (?:a single |a |one\b)", re.IGNORECASE)


@lru_cache(maxsize=65536)
def read_numbers(text: str) -> tuple[float, ...]:
    """Return the numbers that a phrase names, in order.

    Parameters
    ----------
    text : str
        A phrase of a few words, such as `between 3 and 5 million`.

    Returns
    -------
    tuple of float
        The numbers; a scale word applies to every number of a range that has none of its own. Empty for a phrase
        without numbers, such as `several`.

    Examples
    --------
    >>> read_numbers("between 3 and 5 million")
    (3000000.0, 5000000.0)
    >>> read_numbers("over a year and a half")
    (1.5,)
    >>> read_numbers("several months")
    ()
    """
    text = text.lower()
    if "not " in text and _ONE.search(text):
        return (0.0,)
    numbers: list[_Number] = []
    tokens = _TOKEN.findall(text)
    if _NUMBER_WORDS.isdisjoint(tokens):
        # Most phrases have numbers in digits, and no word that changes them.
        return tuple([_figure(token) for token in tokens if token[0].isdigit()])
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        _take(token, following, numbers)
    return tuple(each.scaled() for each in _spread_scales(_with_halves(tokens, numbers)))


class _Number:
    """A number being read: its value, the product of its scale words, and whether a word for 1 to 9 may follow."""

    def __init__(self, value: float, *, open_tens: bool = False) -> None:
        self.value = value
        self.scale = 1.0
        self.open_tens = open_tens

    def scaled(self) -> float:
        """Return the whole number; multiplied in decimals, as 8.2 times a million is less than 8200000 in binary."""
        return self.value if self.scale == 1 else float(Decimal(str(self.value)) * Decimal(self.scale))


def _figure(token: str) -> float:
    return float(token.replace(",", ""))


def _take(token: str, following: str, numbers: list[_Number]) -> None:
    if token[0].isdigit():
        numbers.append(_Number(_figure(token)))
    elif token in SCALES:
        if numbers:
            numbers[-1].scale *= SCALES[token]
    elif token in _ARTICLES and following in {*SCALES, *_PERIODS}:
        numbers.append(_Number(1.0))
    elif token in WORDS:
        value = WORDS[token]
        if numbers and numbers[-1].open_tens and 0 < value < 10:
            numbers[-1].value += value
            numbers[-1].open_tens = False
        else:
            numbers.append(_Number(float(value), open_tens=token in _TENS.split()))


def _with_halves(tokens: list[str], numbers: list[_Number]) -> list[_Number]:
    """Join "and a half" to the number before it."""
    if len(numbers) > 1 and numbers[-1].value == WORDS["half"] and "and" in tokens:
        half = numbers.pop()
        numbers[-1].value += half.value
        numbers[-1].scale *= half.scale
    return numbers


def _spread_scales(numbers: list[_Number]) -> list[_Number]:
    """Give the scale of the last number to those before it that have none: in "3 to 5 million" both are millions."""
    if len(numbers) > 1 and numbers[-1].scale > 1:
        for each in numbers[:-1]:
            each.scale = numbers[-1].scale if each.scale == 1 else each.scale
    return numbers
