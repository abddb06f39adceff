"""Kept: what is kept of the rows of a table that was read, for those that refer to them and for rules that wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.kernels.calling import rows as kernels
from russia_dprk_claims.plan.kernels.constants import NO_CODE, NO_ROW, NO_WHOLE
from russia_dprk_claims.plan.scheme import Columns, Listing
from russia_dprk_claims.plan.values import Kind, Mask, Values, unless_all
from russia_dprk_claims.plan.windows import room_for

MOST_COUNTED = 2**8 - 1
"""Rows are counted up to here, in one byte; no rule asks for more than whether there are two of a kind."""


@dataclass(frozen=True)
class Index:
    """Rows by the hash of a key, where 0 stands for none, and those whose key an earlier row has."""

    keys: NDArray[np.uint64]
    slots: NDArray[np.int32]
    repeated: NDArray[np.intp]

    @classmethod
    def of(cls, keys: NDArray[np.uint64]) -> Index:
        """Return the index of the rows that have these keys, which it takes as its own."""
        slots, repeated = np.empty(room_for(len(keys)), dtype=np.int32), np.zeros(len(keys), dtype=np.bool_)
        kernels.index_keys(keys, slots, repeated)
        return cls(keys, slots, np.flatnonzero(repeated))

    def rows(self, wanted: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the first row with each of some keys, -1 where there is none."""
        found = np.empty(len(wanted), dtype=np.int32)
        kernels.find_rows(wanted, self.keys, self.slots, found)
        return found


@dataclass(frozen=True)
class Counts:
    """How many rows of a table have what hashes to a key, for each of several conditions."""

    index: Index
    totals: NDArray[np.uint8]

    @classmethod
    def of(cls, listing: Listing, keys: NDArray[np.uint64], bits: NDArray[np.uint8]) -> Counts:
        """Count rows, given the key of each, which is taken as its own, and the conditions that it meets as bits."""
        totals = np.zeros((len(listing.wheres), len(keys)), dtype=np.uint8)
        slots = np.empty(room_for(len(keys)), dtype=np.int32)
        kernels.count_keys(keys, slots, bits, totals, MOST_COUNTED)
        return cls(Index(keys, slots, np.empty(0, dtype=np.intp)), totals)

    @classmethod
    def of_asked(
        cls, listing: Listing, asked: NDArray[np.uint64], parts: Iterable[tuple[NDArray[np.uint64], NDArray[np.uint8]]]
    ) -> Counts:
        """Count only rows with keys that are asked about, given the keys and conditions of all in parts."""
        index = Index.of(asked)
        totals = np.zeros((len(listing.wheres), len(asked)), dtype=np.uint8)
        for keys, bits in parts:
            kernels.count_at(totals, index.rows(keys), np.ascontiguousarray(bits), MOST_COUNTED)
        return cls(index, totals)

    def at(self, rows: NDArray[np.int32], condition: int) -> NDArray[np.uint8]:
        """Return how many rows meet a condition and have the key of some rows of the index, 0 where that is -1."""
        if not len(self.index.keys):
            return np.zeros(len(rows), dtype=np.uint8)
        return np.where(rows < 0, np.uint8(0), self.totals[condition][np.maximum(rows, 0)])


@dataclass
class Kept:
    """What is kept of a table: its size, columns by name, indexes by key, and what counts its rows or adds to them."""

    size: int = 0
    columns: dict[str, Values] = field(default_factory=dict)
    indexes: dict[Columns, Index] = field(default_factory=dict)
    totals: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    counts: dict[Columns, Counts] = field(default_factory=dict)
    cycles: dict[str, Mask] = field(default_factory=dict)

    def at(self, name: str, rows: NDArray[np.int32]) -> Values:
        """Return what a column has at some rows, nothing at -1."""
        return at_rows(self.columns[name], rows)


def at_rows(values: Values, rows: NDArray[np.int32]) -> Values:
    """Return values at some rows, nothing at -1; whether a value is there is told by the number for none."""
    there = rows >= 0
    place = np.where(there, rows, 0)
    data, keys = (_gathered(part, place) for part in (values.data, values.rows))
    known = unless_all(there & is_known(values.kind, data if data is not None else keys, keyed=data is None))
    return values.having(data=data, rows=keys, known=known)


def _gathered(part: Any, place: NDArray[np.int32]) -> Any:
    if part is None:
        return None
    return part[place] if len(part) else np.zeros(len(place), dtype=part.dtype)


def is_known(kind: Kind, data: NDArray[Any], *, keyed: bool = False) -> Mask:
    """Return where numbers stand for a value, as kinds have numbers that stand for none."""
    none: int = NO_WHOLE
    if keyed:
        none = NO_ROW
    elif kind in {Kind.TEXT, Kind.KEY}:
        none = 0
    elif data.dtype == np.int8:
        none = NO_CODE
    return np.asarray(~np.isnan(data) if data.dtype == np.float64 else data != none, dtype=np.bool_)


Tables = Mapping[str, Kept]
"""What is kept of each table that has been read."""
