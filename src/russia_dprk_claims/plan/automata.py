"""Automata: the patterns of the contract and the rules as tables that a loop can follow letter by letter.

Understood is the part of regular expressions that the contract uses: letters, classes, groups, alternatives and
repetitions between `^` and `$`. Symbols are the letters of ASCII and one that stands for all others, which are
ordinary letters: no spaces, no digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.errors import NotPlannedError

OTHER = 128
"""The symbol that stands for every letter beyond ASCII."""
SYMBOLS = 129
Symbols = int
"""A set of symbols, as the bits of a number."""
_LEAD, _BYTES = 0xC0, 256
_SHORTEST_RUN = 16
_ALL: Symbols = (1 << SYMBOLS) - 1
MOST_STATES = 2000


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


@dataclass(frozen=True)
class Automaton:
    """The state after each state and byte, and whether what ends in a state is accepted. State 1 is the first, and from
    state 0 nothing is accepted.

    A letter beyond ASCII steps with its first byte; the others lead nowhere else. `leaves` has the one byte that leads
    away from a state, 0 where there are several. `runs` has how many bytes of one kind lead from a state to that in
    `run_ends`, where all others lead to state 0; 0 where it is few.
    """

    steps: NDArray[np.int16]
    accepts: NDArray[np.bool_]
    leaves: NDArray[np.uint8]
    runs: NDArray[np.int16]
    run_ends: NDArray[np.int16]

    @property
    def tables(self) -> tuple[NDArray[Any], ...]:
        """All tables, in the order in which the kernel takes them."""
        return self.steps, self.accepts, self.leaves, self.runs, self.run_ends


@dataclass
class _Net:
    """States with the symbols that lead from them; those without lead on by themselves."""

    edges: list[list[tuple[Symbols, int]]] = field(default_factory=list)

    def state(self) -> int:
        self.edges.append([])
        return len(self.edges) - 1

    def join(self, source: int, target: int, symbols: Symbols = 0) -> None:
        self.edges[source].append((symbols, target))


class _Parser:
    """Reads a pattern into a net; each method returns where what it has read begins and ends."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.net = _Net()

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
        symbols = self.letters() if self.take("[") else _ALL & ~_of("\n") if self.take(".") else self.one()
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
        return _ALL & ~found if negated else found

    def _plain(self) -> Symbols:
        letter = self.next
        self.place += 1
        return self._known(letter)

    def _between(self, first: Symbols, last: Symbols) -> Symbols:
        low, high = first.bit_length() - 1, last.bit_length() - 1
        if first != 1 << low or last != 1 << high or low > high:
            raise self.fail()
        return (1 << (high + 1)) - (1 << low)


def _closure(net: _Net, states: Iterable[int]) -> frozenset[int]:
    """Return some states with all that they lead to by themselves."""
    found: set[int] = set()
    left = list(states)
    while left:
        state = left.pop()
        if state not in found:
            found.add(state)
            left += [target for symbols, target in net.edges[state] if not symbols]
    return frozenset(found)


def _classes(net: _Net) -> Iterator[Symbols]:
    """Yield sets of symbols that no edge tells apart."""
    classes = [_ALL]
    for symbols in {symbols for edges in net.edges for symbols, _ in edges if symbols}:
        parted = ((each & symbols, each & ~symbols) for each in classes)
        classes = [part for parts in parted for part in parts if part]
    yield from classes


@lru_cache(maxsize=1024)
def automaton(pattern: str) -> Automaton:
    """Return the automaton of a pattern.

    Parameters
    ----------
    pattern
        A regular expression between `^` and `$`.

    Raises
    ------
    NotPlannedError
        If the pattern has something that is not understood, or its automaton would be very large.
    """
    parser = _Parser(pattern)
    first, last = parser.whole()
    net = parser.net
    classes = [(each, (each & -each).bit_length() - 1) for each in _classes(net)]
    numbers: dict[frozenset[int], int] = {frozenset(): 0}
    left = [_closure(net, [first])]
    numbers[left[0]] = 1
    steps: dict[tuple[int, Symbols], int] = {}
    while left:
        states = left.pop()
        for symbols, example in classes:
            reached = _closure(
                net, (to for each in states for edge, to in net.edges[each] if edge and edge >> example & 1)
            )
            if reached not in numbers:
                numbers[reached] = len(numbers)
                left.append(reached)
            steps[numbers[states], symbols] = numbers[reached]
        if len(numbers) > MOST_STATES:
            raise NotPlannedError(f"the pattern {pattern!r} is too large")
    table = _table(len(numbers), steps)
    accepts = np.array([last in states for states in numbers], dtype=np.bool_)
    return Automaton(table, accepts, _leaves(table), *_runs(table))


def _table(states: int, steps: dict[tuple[int, Symbols], int]) -> NDArray[np.int16]:
    table = np.zeros((states, _BYTES), dtype=np.int16)
    for (state, symbols), target in steps.items():
        if target:
            table[state, [symbol for symbol in range(OTHER) if symbols >> symbol & 1]] = target
        if symbols >> OTHER & 1:
            table[state, _LEAD:] = target
    table[:, OTHER:_LEAD] = np.arange(states)[:, np.newaxis]
    return table


def _leaves(table: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Return the one byte that leads away from each state, 0 where there are others; no cell has control characters."""
    away = table != np.arange(len(table))[:, np.newaxis]
    away[:, : ord(" ")] = False
    return np.where(away.sum(axis=1) == 1, away.argmax(axis=1), 0).astype(np.uint8)


def _runs(table: NDArray[np.int16]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return how many bytes of one kind lead on from each state, and where to; of quotes there are two for one."""
    states = len(table)
    runs, ends = np.zeros(states, dtype=np.int16), np.zeros(states, dtype=np.int16)
    targets = table[:, :OTHER].max(axis=1)
    # Only where all letters that are accepted are ASCII, no quotes, and lead to one state.
    single = ((table[:, :OTHER] == 0) | (table[:, :OTHER] == targets[:, np.newaxis])).all(axis=1) & (targets > 0)
    single &= (table[:, _LEAD:] == 0).all(axis=1) & (table[:, ord('"')] == 0) & (targets != np.arange(states))
    for state in np.flatnonzero(single):
        number, last = 1, targets[state]
        while number < states and single[last] and ((table[last] > 0) == (table[state] > 0))[:OTHER].all():
            number, last = number + 1, targets[last]
        if number >= _SHORTEST_RUN:
            runs[state], ends[state] = number, last
    return runs, ends


def joined(automata: Sequence[Automaton]) -> tuple[Automaton, list[int]]:
    """Return several automata in one table, and the first state of each."""

    def moved(states: NDArray[np.int16], number: int) -> NDArray[np.int16]:
        return np.where(states == 0, 0, states + np.int16(number)).astype(np.int16)

    before = np.cumsum([0, *(len(each.accepts) for each in automata)]).tolist()
    parts = [
        Automaton(moved(each.steps, number), each.accepts, each.leaves, each.runs, moved(each.run_ends, number))
        for each, number in zip(automata, before, strict=False)
    ]
    tables = (np.concatenate(same) for same in zip(*(each.tables for each in parts), strict=True))
    return Automaton(*tables), [number + 1 for number in before[:-1]]
