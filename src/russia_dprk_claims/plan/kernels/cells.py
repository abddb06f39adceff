"""Cells: what the cells of a column say, as numbers, and which of them are not as they should be.

Each takes where the cells of a column begin and end. An empty cell has the value of its kind that stands for none.
What is found wrong is marked in `wrong`, a flag a row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from russia_dprk_claims.plan.kernels.constants import MOST_WHOLE, NO_CODE, NO_WHOLE
from russia_dprk_claims.plan.kernels.signs import (
    eight,
    first_bytes,
    hash_of,
    mixed,
)

_ZERO, _NINE, _MINUS, _POINT = (ord(sign) for sign in "09-.")


@njit(nogil=True)
def hash_cells(data: Any, starts: Any, ends: Any, hashes: Any) -> None:
    """Fill in the hash of each cell, 0 for an empty one."""
    for row in range(len(starts)):
        begin, end = starts[row], ends[row]
        hashes[row] = hash_of(data, begin, end) if end > begin else np.uint64(0)


@njit(nogil=True)
def hash_runs(data: Any, starts: Any, ends: Any, signs: Any, hashes: Any) -> None:
    """Fill in the hash of each cell, of which those are like the one before whose sign is 0."""
    for row in range(len(starts)):
        begin, end = starts[row], ends[row]
        if row > 0 and signs[row] == 0:
            hashes[row] = hashes[row - 1]
        else:
            hashes[row] = hash_of(data, begin, end) if end > begin else np.uint64(0)


@njit(nogil=True)
def hash_shortened(data: Any, starts: Any, ends: Any, sign: int, hashes: Any) -> None:
    """Fill in the hash of each cell up to the last time that a sign stands in it, of all of it where it does not."""
    for row in range(len(starts)):
        begin, end = starts[row], ends[row]
        place = end
        while place > begin and data[place - 1] != sign:
            place -= 1
        place = place - 1 if place > begin else end
        hashes[row] = hash_of(data, begin, place) if end > begin else np.uint64(0)


@njit(inline="always")
def _first(data: Any, begin: int, length: int) -> int:
    """Return the first eight bytes of a word, or what it has of them."""
    return eight(data, begin) & first_bytes(length)


@njit(inline="always")
def _last(data: Any, begin: int, length: int) -> int:
    """Return the last eight bytes of a word that has so many, else 0."""
    return eight(data, begin + length - 8) if length >= 8 else np.uint64(0)


@njit(inline="always")
def _slot_of(first: int, last: int, length: int) -> int:
    return mixed(first ^ np.uint64(length), last)


@njit(nogil=True)
def lay_words(letters: Any, starts: Any, slots: Any, firsts: Any, lasts: Any) -> None:
    """Lay the words of a vocabulary out in a table of word numbers, with the first and last bytes of each."""
    mask = np.uint64(len(slots) - 1)
    slots[:] = NO_CODE
    for word in range(len(starts) - 1):
        begin, length = starts[word], starts[word + 1] - starts[word]
        firsts[word], lasts[word] = _first(letters, begin, length), _last(letters, begin, length)
        slot = _slot_of(firsts[word], lasts[word], length) & mask
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = word


@njit(nogil=True)
def code_cells(
    data: Any,
    starts: Any,
    ends: Any,
    letters: Any,
    word_starts: Any,
    slots: Any,
    firsts: Any,
    lasts: Any,
    codes: Any,
    wrong: Any,
) -> None:
    """Fill in the number of each cell in a vocabulary that `lay_words` laid out; a cell that is not in it is wrong."""
    mask = np.uint64(len(slots) - 1)
    for row in range(len(starts)):
        begin, length = starts[row], ends[row] - starts[row]
        codes[row] = NO_CODE
        if length == 0:
            continue
        first, last = _first(data, begin, length), _last(data, begin, length)
        slot = _slot_of(first, last, length) & mask
        word = slots[slot]
        while word >= 0:
            if (
                firsts[word] == first
                and lasts[word] == last
                and word_starts[word + 1] - word_starts[word] == length
                and (length <= 16 or _same(data, begin, letters, word_starts[word], length))
            ):
                codes[row] = word
                break
            slot = (slot + np.uint64(1)) & mask
            word = slots[slot]
        if word < 0:
            wrong[row] = True


@njit(inline="always")
def _same(data: Any, place: int, other: Any, other_place: int, length: int) -> bool:
    """Return whether so many bytes are the same in two buffers."""
    for at in range(0, length, 8):
        different = eight(data, place + at) ^ eight(other, other_place + at)
        if different & first_bytes(length - at) != np.uint64(0):
            return False
    return True


@njit(inline="always")
def _digits(data: Any, begin: int, end: int) -> int:
    """Return the number that up to 18 digits say, or -1 where they are none or not in their shortest form."""
    length = end - begin
    if length < 1 or length > 18 or (data[begin] == _ZERO and length > 1):
        return -1
    number = 0
    for place in range(begin, end):
        if data[place] < _ZERO or data[place] > _NINE:
            return -1
        number = number * 10 + (data[place] - _ZERO)
    return number


@njit(nogil=True)
def read_wholes(data: Any, starts: Any, ends: Any, wholes: Any, wrong: Any) -> bool:
    """Fill in whole numbers; return whether all of them are small enough to be kept."""
    small = True
    for row in range(len(starts)):
        begin, end = starts[row], ends[row]
        wholes[row] = NO_WHOLE
        if end == begin:
            continue
        negative = data[begin] == _MINUS
        number = _digits(data, begin + negative, end)
        if number < 0 or (negative and number == 0):
            wrong[row] = True
        elif number > MOST_WHOLE:
            small = False
        else:
            wholes[row] = -number if negative else number
    return small


@njit(nogil=True)
def read_decimals(data: Any, starts: Any, ends: Any, powers: Any, decimals: Any, wrong: Any) -> None:
    """Fill in numbers with or without a fraction; one that binary numbers do not reach in one step is marked."""
    for row in range(len(starts)):
        begin, end = starts[row], ends[row]
        decimals[row] = np.nan
        if end == begin:
            continue
        negative = data[begin] == _MINUS
        first = begin + negative
        point = first
        while point < end and data[point] != _POINT:
            point += 1
        number = _digits(data, first, point)
        fraction = end - point - 1
        if point < end and number >= 0:
            # A fraction has at least one digit, and the last of them is not 0.
            is_number = fraction >= 1 and data[end - 1] > _ZERO and point - first <= 15 and fraction <= 15
            for place in range(point + 1, end):
                is_number = is_number and _ZERO <= data[place] <= _NINE
                if number < 2**53:
                    number = number * 10 + (data[place] - _ZERO)
            number = number if is_number else -1
        if number < 0 or number >= 2**53 or (negative and number == 0):
            wrong[row] = True
            continue
        value = number / powers[fraction] if point < end else np.float64(number)
        decimals[row] = -value if negative else value


@njit(inline="always")
def _two(data: Any, place: int) -> int:
    """Return the number that two digits say, or -1."""
    tens, ones = data[place] - _ZERO, data[place + 1] - _ZERO
    return tens * 10 + ones if 0 <= tens <= 9 and 0 <= ones <= 9 else -1


@njit(inline="always")
def _day_number(year: int, month: int, day: int) -> int:
    """Return the number of days from 1970-01-01, in the proleptic Gregorian calendar; March begins the year."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@njit(inline="always")
def _day(data: Any, begin: int, end: int) -> int:
    """Return the number of a day written as 2024-06-23, or `NO_WHOLE` where it is none."""
    if end - begin != 10 or data[begin + 4] != _MINUS or data[begin + 7] != _MINUS:
        return NO_WHOLE
    century, rest = _two(data, begin), _two(data, begin + 2)
    month, day = _two(data, begin + 5), _two(data, begin + 8)
    if century < 0 or rest < 0 or month < 1 or month > 12 or day < 1:
        return NO_WHOLE
    year = century * 100 + rest
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = (29 if leap else 28) if month == 2 else 30 + ((month + (month >> 3)) & 1)
    return _day_number(year, month, day) if day <= length and year > 0 else NO_WHOLE


@njit(nogil=True)
def read_days(data: Any, starts: Any, ends: Any, days: Any, wrong: Any) -> None:
    """Fill in the number of each day from 1970-01-01; what is no day, or a day of the year 0, is marked."""
    for row in range(len(starts)):
        days[row] = NO_WHOLE
        if ends[row] > starts[row]:
            days[row] = _day(data, starts[row], ends[row])
            if days[row] == NO_WHOLE:
                wrong[row] = True
