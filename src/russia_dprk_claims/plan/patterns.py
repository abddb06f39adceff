"""Patterns: the regular expressions of the contract and the rules as nets of states.

Understood is the part of regular expressions that the contract uses: letters, classes, groups, alternatives and
repetitions between `^` and `$`. Symbols are the letters of ASCII and one that stands for all others, which are
ordinary letters: no spaces, no digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from russia_dprk_claims.plan.errors import NotPlannedError

OTHER = 128
"""The symbol that stands for every letter beyond ASCII."""
SYMBOLS = 129
Symbols = int
"""A set of symbols, as the bits of a number."""
ALL: Symbols = (1 << SYMBOLS) - 1


def _of(letters: Iterable[str]) -> Symbols:
    found = 0
    for letter in letters:
        found |= 1 << min(ord(letter), OTHER)
    return found


_ESCAPED: dict[str, Symbols] = {
    "s": _of(" \t\n\r\f\v"),
    "d": _of("0123456789"),
    "n": _of("\n"),
    "t": _of("\t"),
}


@dataclass
class Net:
    """States with the symbols that lead from them; those without lead on by themselves."""

    edges: list[list[tuple[Symbols, int]]] = field(default_factory=list)

    def state(self) -> int:
        """Add a state, and return its number."""
        self.edges.append([])
        return len(self.edges) - 1

    def join(self, source: int, target: int, symbols: Symbols = 0) -> None:
        """Lead from one state to another."""
        self.edges[source].append((symbols, target))


class _Parser:
    """Reads a pattern into a net; each method returns where what it has read begins and ends."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.net = Net()

    def fail(self) -> NotPlannedError:
        return NotPlannedError(f"the pattern {self.pattern!r} is not understood at {self.place}")

    @property
    def next(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def take(self, sign: str) -> bool:
        if sign and self.pattern.startswith(sign, self.place):
            self.place += len(sign)
            return True
        return False

    def whole(self) -> tuple[int, int]:
        if not self.take("^"):
            raise self.fail()
        first, last = self.alternatives()
        if not self.take("$") or self.next:
            raise self.fail()
        return first, last

    def alternatives(self) -> tuple[int, int]:
        first, last = self.net.state(), self.net.state()
        while True:
            begin, end = self.sequence()
            self.net.join(first, begin)
            self.net.join(end, last)
            if not self.take("|"):
                return first, last

    def sequence(self) -> tuple[int, int]:
        first = last = self.net.state()
        while self.next and self.next not in "|)$":
            begin = self.place
            least, most = self._after_atom(begin)
            last = self._repeated(begin, last, least, most)
        return first, last

    def _after_atom(self, begin: int) -> tuple[int, int | None]:
        """Pass over an atom, and return how often it may stand there."""
        known = len(self.net.edges)
        self.atom()
        del self.net.edges[known:]  # what it is like is read again for each time that it may stand there
        return self.repetition()

    def _repeated(self, begin: int, last: int, least: int, most: int | None) -> int:
        """Chain an atom that begins at a place as often as it may stand there; return where the chain ends."""
        behind = self.place
        for _ in range(least):
            self.place = begin
            first, end = self.atom()
            self.net.join(last, first)
            last = end
        ways_out = [last]
        for _ in range(1 if most is None else most - least):
            self.place = begin
            first, end = self.atom()
            self.net.join(last, first)
            last = end
            ways_out.append(last)
            if most is None:
                self.net.join(last, first)
        final = self.net.state()
        for each in ways_out:
            self.net.join(each, final)
        self.place = behind
        return final

    def repetition(self) -> tuple[int, int | None]:
        if self.take("?"):
            return 0, 1
        if self.take("*"):
            return 0, None
        if self.take("+"):
            return 1, None
        if not self.take("{"):
            return 1, 1
        words, closed, _ = self.pattern[self.place :].partition("}")
        least, comma, most = words.partition(",")
        if not closed or not least.isdecimal() or not (not comma or not most or most.isdecimal()):
            raise self.fail()
        self.place += len(words) + 1
        return int(least), (int(least) if not comma else int(most) if most else None)

    def atom(self) -> tuple[int, int]:
        if self.take("("):
            if self.next == "?" and not self.take("?:"):
                raise self.fail()
            found = self.alternatives()
            if not self.take(")"):
                raise self.fail()
            return found
        symbols = self.letters() if self.take("[") else ALL & ~_of("\n") if self.take(".") else self.one()
        first, last = self.net.state(), self.net.state()
        self.net.join(first, last, symbols)
        return first, last

    def one(self) -> Symbols:
        """Read one letter, or an escape that stands for some."""
        letter = self.next
        if not letter or letter in "^*+?{}":
            raise self.fail()
        self.place += 1
        if letter != "\\":
            return self._known(letter)
        escaped = self.next
        self.place += 1
        if escaped.isalnum() or not escaped:
            if escaped not in _ESCAPED:
                raise self.fail()
            return _ESCAPED[escaped]
        return self._known(escaped)

    def _known(self, letter: str) -> Symbols:
        if ord(letter) >= OTHER:
            raise self.fail()  # of letters beyond ASCII none is known from another
        return _of(letter)

    def letters(self) -> Symbols:
        """Read the rest of a class."""
        negated, found = self.take("^"), 0
        while not self.take("]"):
            begin = self.next
            symbols = self.one() if begin not in "*+?{}^.|()$" or not begin else self._plain()
            following = self.pattern[self.place + 1 : self.place + 2]
            if self.next == "-" and following not in {"", "]"}:
                self.place += 1
                last = self._plain() if self.next != "\\" else self.one()
                symbols = self._between(symbols, last)
            found |= symbols
        return ALL & ~found if negated else found

    def _plain(self) -> Symbols:
        letter = self.next
        self.place += 1
        return self._known(letter)

    def _between(self, first: Symbols, last: Symbols) -> Symbols:
        low, high = first.bit_length() - 1, last.bit_length() - 1
        if first != 1 << low or last != 1 << high or low > high:
            raise self.fail()
        return (1 << (high + 1)) - (1 << low)


def parse(pattern: str) -> tuple[Net, int, int]:
    """Return the net of a pattern, and its first and its last state.

    Raises
    ------
    NotPlannedError
        If it has something that is not understood.
    """
    parser = _Parser(pattern)
    first, last = parser.whole()
    return parser.net, first, last
