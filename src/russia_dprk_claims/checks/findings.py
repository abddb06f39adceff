"""Findings: what is wrong, where it was written, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from russia_dprk_claims.errors import similar


class Severity(StrEnum):
    """How much a finding matters: an error stops a build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Location:
    """A location in a file; line and column are 1-based, 0 if unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `path:line:column` as compilers and editors write it."""
        parts = [self.path, *(str(each) for each in (self.line, self.column) if each)]
        return ":".join(parts)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    `rule` is the id of the rule; `table`, `row`, `column` and `value` say which cell, if it is about one.
    """

    location: Location
    rule: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    table: str = ""
    row: str = ""
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        """Return `path:line:column: rule: message (hint)`."""
        tail = f" ({self.hint})" if self.hint else ""
        return f"{self.location}: {self.rule}: {self.message}{tail}"


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by location, then rule, each once."""
    # By all attributes, so that no two different findings tie.
    attributes = ("location", "rule", "row", "column", "message", "table", "value", "hint", "severity")
    return sorted(set(findings), key=attrgetter(*attributes))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any finding is an error."""
    return any(each.severity is Severity.ERROR for each in findings)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the nearest known word, or with all of them if they are few; else an empty text."""
    known = list(known)
    near = nearest(word, known)
    if near:
        return f"did you mean {near!r}?"
    return f"one of: {', '.join(known)}" if 0 < len(known) <= 25 else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that resembles a word or begins with it; the prefix that ids share does not count."""
    tails = {_tail(each): each for each in known}
    tail = _tail(word)
    near = similar(tail, tails)
    near = near or [each for each in tails if len(tail) > 2 and each.startswith(tail)]
    return tails[near[0]] if near else None


def _tail(word: str) -> str:
    return re.sub(r"^[A-Z]{3}-(?=[a-z])", "", word).casefold()
