"""The word lists of `english.yaml`, and the patterns made from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def _lists() -> Mapping[str, Any]:
    data = files(__package__).joinpath("english.yaml").read_text(encoding="utf-8")
    return yaml.load(data, yaml.CBaseLoader)  # type: ignore[no-any-return]  # noqa: S506 - "no" stays a word


@cache
def phrases(name: str) -> tuple[str, ...]:
    """Return the phrases of a list."""
    return _split(_lists()[name])


@cache
def groups(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return a list of lists, by what its phrases mean."""
    return {key: _split(value) for key, value in _lists()[name].items()}


@cache
def meanings(name: str) -> Mapping[str, str]:
    """Return what each phrase of a list of lists means."""
    return {phrase: key for key, values in groups(name).items() for phrase in values}


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.split(",") if each.strip())


def key(found: str) -> str:
    """Return the phrase that a pattern found, as the lists write it.

    >>> key("It\\nıs  saıd"), key("RuſſIa")
    ('it is said', 'russia')
    """
    # Patterns that ignore case take the Turkish letters for an i.
    return " ".join(found.replace("ı", "i").replace("İ", "i").casefold().split())


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the pattern that finds the phrases of a list, whole and the longest first."""
    raw = _lists()[name]
    return any_of(phrases(name) if isinstance(raw, str) else meanings(name))


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern that finds any of some phrases.

    >>> any_of(["up to", "up"]).findall("Up  to 600, an upper bound")
    ['Up  to']
    """
    return re.compile(rf"(?<!\w)(?:{alternatives(words)})(?!\w)", re.IGNORECASE)


def alternatives(words: Iterable[str]) -> str:
    """Return what finds any of some phrases as part of a pattern, the longest first."""
    longest = sorted(words, key=lambda each: (-len(each), each))
    return "|".join(r"\s+".join(map(re.escape, each.split())) for each in longest)
