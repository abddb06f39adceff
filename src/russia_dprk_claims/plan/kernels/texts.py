"""Texts: whether they are clean, and whether they have a form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from russia_dprk_claims.plan.kernels.constants import QUOTE, SPACE
from russia_dprk_claims.plan.kernels.signs import (
    HIGHS,
    SPACES,
    bits_set,
    eight,
    equal_bytes,
    first_bytes,
    first_set,
)

_MINUS, _EQUALS, _PLUS, _AT = (ord(sign) for sign in "-=+@")


@njit(nogil=True)
def check_texts(
    data: Any, starts: Any, ends: Any, ordinary: Any, nothings: Any, most_words: int, wrong: Any, odd: Any
) -> bool:
    """Mark texts that are unclean, and those of more words than a number that is not 0; return whether any is odd.

    Odd is a text with letters that are not ordinary, of which more has to be asked.

    `ordinary` tells of each code point up to U+FFFF whether it is clean wherever it stands, `nothings` has the words
    for nothing, of up to eight bytes each and in small letters.
    """
    any_odd = False
    for row in range(len(starts)):
        begin, end = starts[row], ends[row]
        if begin == end:
            continue
        first = data[begin]
        if first == SPACE or data[end - 1] == SPACE or first == _EQUALS or first == _PLUS or first == _AT:
            wrong[row] = True
        if first == _MINUS:
            wrong[row] = True
        if end - begin <= 8 and _is_nothing(data, begin, end, nothings):
            wrong[row] = True
        spaces = 0
        before = np.uint64(0)
        for place in range(begin, end, 8):
            word = eight(data, place)
            inside = first_bytes(end - place)
            blank = equal_bytes(word, SPACE) & inside
            if blank & ((blank << np.uint64(8)) | before) != np.uint64(0):
                wrong[row] = True
            before = blank >> np.uint64(56)
            spaces += np.int64(bits_set(blank))
            high = word & HIGHS & inside
            if high != np.uint64(0) and not _are_ordinary(data, place, high, ordinary):
                odd[row] = any_odd = True
        if most_words > 0 and spaces >= most_words:
            wrong[row] = True
    return any_odd


@njit(inline="always")
def _is_nothing(data: Any, begin: int, end: int, nothings: Any) -> bool:
    word = eight(data, begin) & first_bytes(end - begin)
    small = word | (SPACES & first_bytes(end - begin))
    for number in range(len(nothings)):
        if nothings[number] == word or nothings[number] == small:
            return True
    return False


@njit(inline="always")
def _are_ordinary(data: Any, place: int, high: int, ordinary: Any) -> bool:
    """Return whether the letters are ordinary that begin with those of eight bytes that a mask names."""
    while high != np.uint64(0):
        at = place + (np.int64(first_set(high)) >> 3)
        high &= high - np.uint64(1)
        if data[at] >= 0xC0 and not _is_ordinary(data, at, ordinary):
            return False
    return True


@njit(inline="always")
def _is_ordinary(data: Any, place: int, ordinary: Any) -> bool:
    """Return whether the letter that begins at a place, which is UTF-8, is ordinary."""
    lead = np.int64(data[place])
    if lead < 0xE0:
        return ordinary[((lead & 0x1F) << 6) | (np.int64(data[place + 1]) & 0x3F)]
    if lead < 0xF0:
        middle, last = np.int64(data[place + 1]) & 0x3F, np.int64(data[place + 2]) & 0x3F
        return ordinary[((lead & 0x0F) << 12) | (middle << 6) | last]
    return False


@njit(nogil=True)
def match_cells(
    data: Any,
    starts: Any,
    ends: Any,
    steps: Any,
    accepts: Any,
    leaves: Any,
    runs: Any,
    run_ends: Any,
    begins: Any,
    matches: Any,
) -> None:
    """Fill in whether each cell has the form that an automaton accepts, false for an empty one.

    `steps` leads from a state and a byte to the next state, of which 0 is one from which nothing is accepted any more.
    `leaves` has the one byte that leads away from a state, where there is only one; `runs` how many bytes of one kind
    lead from a state to that in `run_ends`, where all others lead to 0; `begins` the state in which each row begins.
    """
    for row in range(len(starts)):
        state = np.int64(begins[row])
        place, end = np.int64(starts[row]), np.int64(ends[row])
        matches[row] = False
        if place == end:
            continue
        while place < end and state > 0:
            if leaves[state] > 0:
                word = eight(data, place)
                if equal_bytes(word, leaves[state]) | equal_bytes(word, QUOTE) == np.uint64(0):
                    place += 8
                    continue
            run = np.int64(runs[state])
            if run > 0 and place + run <= end:
                # Each byte by itself, as all have to be of the same kind; none waits for the one before.
                fits = True
                for at in range(place, place + run):
                    fits &= steps[state, data[at]] > 0
                state = np.int64(run_ends[state]) if fits else np.int64(0)
                place += run
                continue
            sign = data[place]
            state = np.int64(steps[state, sign])
            place += 2 if sign == QUOTE else 1  # the second of two is how a quote is written
        matches[row] = accepts[state]
