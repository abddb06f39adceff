"""Draws: every random choice is a pure function of a name and a number, so that any row can be made without the rows
before it.

The numbers come from SplitMix64, in whole-number arithmetic only: they are the same on every machine and in every
version of NumPy.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.uint64]

SEED = "2024-06-19"
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def words(name: str, numbers: Numbers) -> _Words:
    """Return 64 random bits for each number; other names give other bits."""
    key = int.from_bytes(hashlib.sha256(f"{SEED} {name}".encode()).digest()[:8], "big")
    x = numbers.astype(np.uint64) * _STEP + np.uint64(key)
    x ^= x >> np.uint64(30)
    x *= _MIX[0]
    x ^= x >> np.uint64(27)
    x *= _MIX[1]
    x ^= x >> np.uint64(31)
    return x


def below(name: str, numbers: Numbers, limit: int | Numbers) -> Numbers:
    """Return a whole number from 0 up to, but not including, `limit` (less than 2**31) for each number."""
    limits = np.asarray(limit, dtype=np.uint64)
    return ((words(name, numbers) >> np.uint64(32)) * limits >> np.uint64(32)).astype(np.int64)


def chance(name: str, numbers: Numbers, share: float) -> Flags:
    """Return true for about this share of the numbers."""
    return words(name, numbers) >> np.uint64(11) < np.uint64(int(share * 2**53))


def unit(name: str, numbers: Numbers) -> npt.NDArray[np.float64]:
    """Return a number from 0 up to, but not including, 1."""
    return (words(name, numbers) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def popular(name: str, numbers: Numbers, size: int) -> Numbers:
    """Return ranks below `size`, low ones far more often than high ones; by products alone, which are exact."""
    u = unit(name, numbers)
    cube = u * u * u
    return (cube * cube * size).astype(np.int64)


def spread(rank: Numbers, size: int) -> Numbers:
    """Return the place of each rank among `size` places, such that neighbours in rank lie far apart."""
    return (rank * stride(size) + 1) % size


def gathered(place: Numbers, size: int) -> Numbers:
    """Return the rank of each place: the reverse of `spread`."""
    return (place - 1) % size * pow(stride(size), -1, size) % size


def stride(size: int) -> int:
    """Return a number near the golden section of `size` that has no divisor in common with it."""
    found = max(1, int(size * 0.618))
    while np.gcd(found, size) != 1:
        found += 1
    return found


def repeated(counts: Numbers) -> tuple[Numbers, Numbers]:
    """Return, for every item of lists of these lengths, the number of its list and its number within the list."""
    owner = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    begins = np.cumsum(counts) - counts
    return owner, np.arange(len(owner), dtype=np.int64) - begins[owner]
