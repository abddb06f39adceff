"""Records: the bytes of a CSV file taken apart into cells, strictly, and the rules of UTF-8."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from russia_dprk_claims.plan.kernels.signs import (
    COMMA,
    DELETE,
    HIGHS,
    NEWLINE,
    ONES,
    QUOTE,
    SPACE,
    eight,
    equal_bytes,
    first_set,
)

OPEN, CONTROL, NEEDLESS, CELLS, STRAY = -1, -2, -3, -4, -5
"""What is wrong with records that are not as our own writer writes them."""


@njit(inline="always")
def _special(word: int) -> int:
    """Return a mask whose lowest bit is in the first byte that may part cells or stand in none."""
    below = (word - ONES * np.uint64(SPACE)) & ~word & HIGHS
    return below | equal_bytes(word, QUOTE) | equal_bytes(word, COMMA) | equal_bytes(word, DELETE)


@njit(inline="always")
def _next_special(data: Any, place: int) -> int:
    """Return the place of the next byte that is special; the zeros behind the buffer are."""
    found = _special(eight(data, place))
    while found == np.uint64(0):
        place += 8
        found = _special(eight(data, place))
    return place + (np.int64(first_set(found)) >> 3)


@njit(inline="always")
def _closing(data: Any, place: int, size: int) -> int:
    """Return the place of the quote that closes a cell, or what is wrong with the cell."""
    needed = False
    while True:
        place = _next_special(data, place)
        if place >= size:
            return OPEN
        sign = data[place]
        if sign == QUOTE:
            if data[place + 1] != QUOTE:
                return place if needed else NEEDLESS
            needed = True
            place += 1
        elif sign == COMMA:
            needed = True
        else:
            return CONTROL
        place += 1


@njit(cache=True, nogil=True)
def take_apart(data: Any, size: int, starts: Any, ends: Any) -> int:
    """Find the cells of whole records.

    Parameters
    ----------
    data, size
        The buffer, and how many of its bytes the records have.
    starts, ends
        Filled with where the cells begin and end, by column and record.

    Returns
    -------
    int
        The number of records, or what is wrong with them: `OPEN`, `CONTROL`, `NEEDLESS`, `CELLS` or `STRAY`.
    """
    last = starts.shape[0] - 1
    place, record, column = 0, 0, 0
    while place < size:
        if data[place] == QUOTE:
            begin = place + 1
            end = _closing(data, begin, size)
            if end < 0:
                return end
            place = end + 1
        else:
            begin = place
            place = end = _next_special(data, place)
        sign = data[place]
        if place >= size or sign not in (COMMA, NEWLINE):
            return STRAY
        if (sign == NEWLINE) != (column == last):
            return CELLS
        starts[column, record] = begin
        ends[column, record] = end
        place += 1
        if column == last:
            column = 0
            record += 1
        else:
            column += 1
    return record if column == 0 else CELLS


@njit(inline="always")
def _is_continuation(sign: int) -> bool:
    return (sign & 0xC0) == 0x80


@njit(inline="always")
def _letter_length(data: Any, place: int) -> int:
    """Return how many bytes the letter at a place has, or 0 where it is not UTF-8."""
    lead, second = data[place], data[place + 1]
    if lead < 0x80:
        return 1
    if lead < 0xC2 or lead > 0xF4 or not _is_continuation(second):
        return 0
    if lead < 0xE0:
        return 2
    # No longer form than needed, no surrogates, and nothing above the last code point.
    if (lead == 0xE0 and second < 0xA0) or (lead == 0xED and second > 0x9F):
        return 0
    if not _is_continuation(data[place + 2]):
        return 0
    if lead < 0xF0:
        return 3
    if (lead == 0xF0 and second < 0x90) or (lead == 0xF4 and second > 0x8F):
        return 0
    return 4 if _is_continuation(data[place + 3]) else 0


@njit(cache=True, nogil=True)
def is_utf8(data: Any, size: int) -> bool:
    """Return whether some bytes are UTF-8."""
    place = 0
    while place < size:
        high = eight(data, place) & HIGHS
        if high == np.uint64(0):
            place += 8
            continue
        place += np.int64(first_set(high)) >> 3
        while place < size and data[place] >= 0x80:
            length = _letter_length(data, place)
            if length == 0:
                return False
            place += length
    return place <= size or data[size - 1] < 0x80
