"""Rows: finding rows by the hash of a key, rows that belong together, their order, and circles among them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from russia_dprk_claims.plan.kernels.constants import NO_ROW
from russia_dprk_claims.plan.kernels.signs import eight, first_bytes, mixed


@njit(nogil=True)
def index_keys(keys: Any, slots: Any, repeated: Any) -> None:
    """Fill in a table of rows by the hash of their key; a key of 0 is none.

    A key that an earlier row has is marked as repeated, and becomes none, so that it leads to the first of its rows.
    """
    mask = np.uint64(len(slots) - 1)
    slots[:] = NO_ROW
    for row in range(len(keys)):
        key = keys[row]
        if key == np.uint64(0):
            continue
        slot = key & mask
        while slots[slot] >= 0 and keys[slots[slot]] != key:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] < 0:
            slots[slot] = row
        else:
            keys[row] = np.uint64(0)
            repeated[row] = True


@njit(nogil=True)
def count_keys(keys: Any, slots: Any, bits: Any, totals: Any, most: int) -> None:
    """Fill in a table of rows by the hash of their key, and count at the first row of each key, for each bit, how many
    rows of the key have it set, up to a number. The keys of later rows become none, so that they lead to the first.
    """
    mask = np.uint64(len(slots) - 1)
    slots[:] = NO_ROW
    for row in range(len(keys)):
        key = keys[row]
        slot = key & mask
        while slots[slot] >= 0 and keys[slots[slot]] != key:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] < 0:
            slots[slot] = row
        first = slots[slot]
        for bit in range(totals.shape[0]):
            if (bits[row] >> bit) & 1 and totals[bit, first] < most:
                totals[bit, first] += 1
        if first != row:
            keys[row] = np.uint64(0)


@njit(nogil=True)
def find_rows(wanted: Any, keys: Any, slots: Any, rows: Any) -> None:
    """Fill in the row that has each of some keys, `NO_ROW` where none has it.

    Keys that come in the order of the rows, as those of what nests in them, are found beside the one before.
    """
    mask = np.uint64(len(slots) - 1)
    near = 0
    for number in range(len(wanted)):
        key = wanted[number]
        rows[number] = NO_ROW
        if key == np.uint64(0):
            continue
        if near < len(keys) and keys[near] == key:
            rows[number] = near
            continue
        if near + 1 < len(keys) and keys[near + 1] == key:
            near += 1
            rows[number] = near
            continue
        slot = key & mask
        while slots[slot] >= 0:
            row = slots[slot]
            if keys[row] == key:
                rows[number] = near = row
                break
            slot = (slot + np.uint64(1)) & mask


@njit(nogil=True)
def mix_in(numbers: Any, others: Any) -> None:
    """Make each number depend on another, too."""
    for row in range(len(numbers)):
        numbers[row] = mixed(numbers[row], np.uint64(others[row]))


@njit(nogil=True)
def group(keys: Any, slots: Any, firsts: Any, groups: Any) -> int:
    """Fill in the number of the group of each row, whose rows have the same key; return how many groups there are.

    `slots` is room for a table of groups, `firsts` for the first row of each.
    """
    mask = np.uint64(len(slots) - 1)
    slots[:] = NO_ROW
    number = 0
    for row in range(len(keys)):
        key = keys[row]
        slot = (key ^ (key >> np.uint64(31))) & mask
        while slots[slot] >= 0 and keys[firsts[slots[slot]]] != key:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] < 0:
            slots[slot] = number
            firsts[number] = row
            number += 1
        groups[row] = slots[slot]
    return number


@njit(nogil=True)
def sum_groups(groups: Any, values: Any, totals: Any) -> None:
    """Add the values of the rows of each group."""
    for row in range(len(groups)):
        totals[groups[row]] += values[row]


@njit(nogil=True)
def least_of_groups(groups: Any, values: Any, known: Any, least: Any, any_known: Any) -> None:
    """Fill in the least known value of each group, and whether it has one."""
    for row in range(len(groups)):
        if known[row]:
            number = groups[row]
            if not any_known[number] or values[row] < least[number]:
                least[number] = values[row]
            any_known[number] = True


@njit(nogil=True)
def greatest_of_groups(groups: Any, values: Any, known: Any, greatest: Any, any_known: Any) -> None:
    """Fill in the greatest known value of each group, and whether it has one."""
    for row in range(len(groups)):
        if known[row]:
            number = groups[row]
            if not any_known[number] or values[row] > greatest[number]:
                greatest[number] = values[row]
            any_known[number] = True


@njit(nogil=True)
def rows_before(groups: Any, lasts: Any, before: Any) -> None:
    """Fill in the row before each row in its group, `NO_ROW` for the first; `lasts` is room for a row a group."""
    lasts[:] = NO_ROW
    for row in range(len(groups)):
        before[row] = lasts[groups[row]]
        lasts[groups[row]] = row


@njit(nogil=True)
def count_at(totals: Any, rows: Any, bits: Any, most: int) -> None:
    """Add up, for each bit and row, how often the bit is set in what leads to the row, up to a number."""
    for number in range(len(rows)):
        row = rows[number]
        if row >= 0:
            for bit in range(totals.shape[0]):
                if (bits[number] >> bit) & 1 and totals[bit, row] < most:
                    totals[bit, row] += 1


@njit(nogil=True)
def order_numbers(numbers: Any, signs: Any) -> None:
    """Settle, where that is open (0), whether a number is greater (1) than the one before, equal (0) or less (-1).

    The first has none before it, and is greater.
    """
    if len(signs):
        signs[0] = 1
    for row in range(1, len(numbers)):
        if signs[row] == 0:
            signs[row] = np.int8(numbers[row] > numbers[row - 1]) - np.int8(numbers[row] < numbers[row - 1])


@njit(nogil=True)
def order_texts(data: Any, starts: Any, ends: Any, signs: Any) -> None:
    """Settle the same for cells, by their bytes, which in UTF-8 are in the order of the code points."""
    if len(signs):
        signs[0] = 1
    for row in range(1, len(starts)):
        if signs[row] != 0:
            continue
        place, other = starts[row], starts[row - 1]
        end, other_end = ends[row], ends[row - 1]
        length = min(end - place, other_end - other)
        shared = 0
        while shared < length:
            different = eight(data, place + shared) ^ eight(data, other + shared)
            if different & first_bytes(length - shared) != np.uint64(0):
                break
            shared += 8
        shared = min(shared, length)
        while shared < length and data[place + shared] == data[other + shared]:
            shared += 1
        if shared < length:
            signs[row] = 1 if data[place + shared] > data[other + shared] else -1
        else:
            signs[row] = np.int8(end - place > other_end - other) - np.int8(end - place < other_end - other)


@njit(nogil=True)
def in_circles(leads: Any, state: Any, round_: Any) -> None:
    """Fill in which rows are led back to themselves, where each leads to one other row or to none.

    `state` is room for a number a row, all 0.
    """
    for first in range(len(leads)):
        walk = first + 1
        row = first
        while row >= 0 and state[row] == 0:
            state[row] = walk
            row = leads[row]
        if row >= 0 and state[row] == walk:
            while not round_[row]:
                round_[row] = True
                row = leads[row]
