"""Automata: the patterns of the contract and the rules as tables that a loop can follow byte by byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.errors import NotPlannedError
from russia_dprk_claims.plan.patterns import ALL, OTHER, Net, Symbols, parse

MOST_STATES = 2000
_LEAD, _BYTES = 0xC0, 256
_SHORTEST_RUN = 16


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


def _closure(net: Net, states: Iterable[int]) -> frozenset[int]:
    """Return some states with all that they lead to by themselves."""
    found: set[int] = set()
    left = list(states)
    while left:
        state = left.pop()
        if state not in found:
            found.add(state)
            left += [target for symbols, target in net.edges[state] if not symbols]
    return frozenset(found)


def _classes(net: Net) -> Iterator[Symbols]:
    """Yield sets of symbols that no edge tells apart."""
    classes = [ALL]
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
    net, first, last = parse(pattern)
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
