"""Records: the bytes of a CSV file taken apart into cells, strictly, and the rules of UTF-8."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from russia_dprk_claims.plan.kernels.constants import (
    CELLS,
    COMMA,
    CONTROL,
    FULL,
    LETTER,
    LONG,
    NEEDLESS,
    NEWLINE,
    OPEN,
    QUOTE,
    STRAY,
)
from russia_dprk_claims.plan.kernels.signs import HIGHS, eight, first_set, high_of_64, special_of_64


@njit(nogil=True)
def take_apart(data: Any, size: int, longest: int, starts: Any, ends: Any) -> int:
    """Find the cells of whole records, which are UTF-8.

    Parameters
    ----------
    data, size
        The buffer, and how many of its bytes the records have; there are zeros behind them.
    longest
        How many bytes a cell may have.
    starts, ends
        Filled with where the cells begin and end, by column and record.

    Returns
    -------
    int
        The number of records, or what is wrong with them: one of the constants from `OPEN` to `LETTER`,
        or `FULL` where there is no room for them.
    """
    last = starts.shape[0] - 1
    record, column = 0, 0
    begin, closed, second = 0, -1, -1  # of a cell: where it begins, its closing quote, the second of two quotes
    quoted, needed, high = False, False, False
    for base in range(0, size, 64):
        special, beyond = special_of_64(data, base), high_of_64(data, base)
        high |= beyond != np.uint64(0)
        while special != np.uint64(0):
            within = first_set(special)
            special &= special - np.uint64(1)
            place = base + np.int64(within)
            if place >= size:
                break
            sign = data[place]
            if quoted:
                if sign == QUOTE and place != second:
                    if data[place + 1] == QUOTE:
                        second, needed = place + 1, True
                    elif needed:
                        quoted, closed = False, place
                    else:
                        return NEEDLESS
                elif sign == COMMA:
                    needed = True
                elif sign != QUOTE:
                    return CONTROL
            elif sign == COMMA or sign == NEWLINE:
                end = place
                if closed >= 0:
                    if closed != place - 1:
                        return STRAY
                    end, closed = closed, -1
                if (sign == NEWLINE) != (column == last):
                    return CELLS
                if high:
                    if not _is_utf8(data, begin, end):
                        return LETTER
                    high = beyond >> within != np.uint64(0)
                if end - begin > longest:
                    return LONG
                if record == starts.shape[1]:
                    return FULL
                starts[column, record] = begin
                ends[column, record] = end
                begin = place + 1
                column += 1
                if sign == NEWLINE:
                    column = 0
                    record += 1
            elif sign == QUOTE and place == begin:
                quoted, needed, begin = True, False, place + 1
            else:
                return STRAY
    if quoted:
        return OPEN
    return record if column == 0 and begin == size else CELLS


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


@njit(nogil=True)
def _is_utf8(data: Any, place: int, end: int) -> bool:
    """Return whether a cell is UTF-8; what stands behind it, a comma, a quote or a line feed, ends any letter."""
    while place < end:
        high = eight(data, place) & HIGHS
        if high == np.uint64(0):
            place += 8
            continue
        place += np.int64(first_set(high)) >> 3
        while place < end and data[place] >= 0x80:
            length = _letter_length(data, place)
            if length == 0:
                return False
            place += length
    return True
