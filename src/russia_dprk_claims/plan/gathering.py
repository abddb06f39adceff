"""Gathering: what is left of the chunks of a table, put together in order, and what the whole of the table shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.chunkrows import empty_values
from russia_dprk_claims.plan.errors import NotInOrderError, NotPlainError
from russia_dprk_claims.plan.kept import MOST_COUNTED, Counts, Index, Kept
from russia_dprk_claims.plan.kernels.calling import rows as kernels
from russia_dprk_claims.plan.kernels.constants import MOST_WHOLE, NO_ROW
from russia_dprk_claims.plan.scan import Edge, Scanned, Waiting
from russia_dprk_claims.plan.scheme import Listing, Scheme, TableScheme
from russia_dprk_claims.plan.values import Values

_LISTED = (("listed", np.uint64), ("bits", np.uint8))


class Gathering:
    """Puts together what is left of the chunks of one table."""

    def __init__(self, scheme: Scheme, own: TableScheme, tables: dict[str, Kept]) -> None:
        """Begin with no rows; what they add to the tables before is added there."""
        self._scheme, self._own, self._tables = scheme, own, tables
        self._size = 0
        self._last: Edge | None = None
        self._kept: dict[str, list[Values]] = {name: [] for name in own.kept}
        self._parts: dict[tuple[str, Any], list[NDArray[Any]]] = {}
        self.wrong: list[NDArray[Any]] = []
        self.waiting: dict[int, list[Waiting]] = {}

    def add(self, scanned: Scanned) -> None:
        """Add what is left of the next chunk.

        Raises
        ------
        NotInOrderError
            If its first row does not come behind the last one before it.
        NotPlainError
            If there are more rows than can be numbered in four bytes.
        """
        if self._size + scanned.size > MOST_WHOLE:
            raise NotPlainError(f"{self._own.table.name} has more than two billion rows")
        self._follow(scanned)
        self.wrong.append(scanned.wrong.astype(np.int32) + np.int32(self._size))
        for name, values in scanned.kept.items():
            self._kept[name].append(values)
        for columns, keys in scanned.targets.items():
            self._put("target", columns, keys)
        for name, keys in scanned.unique.items():
            self._put("unique", name, keys)
        for columns, (own, keys) in scanned.own.items():
            self._put("rows", columns, own + self._size)
            self._put("keys", columns, keys)
        for listing, (keys, bits) in scanned.listings.items():
            self._put("listed", listing, keys)
            self._put("bits", listing, bits)
        for (key, target), (rows, bits) in scanned.tallies.items():
            kernels.count_at(self._totals(key, target), rows, bits, MOST_COUNTED)
        for number, waiting in scanned.waiting.items():
            self.waiting.setdefault(number, []).append(waiting.behind(self._size))
        self._size += scanned.size

    def finish(self) -> Kept:
        """Return what is kept of the table, and find what only the whole of it shows."""
        kept = Kept(self._size)
        for columns in self._own.targets:
            kept.indexes[columns] = index = Index.of(self._whole("target", columns, np.uint64))
            if columns == self._own.table.primary_key:
                self.wrong.append(index.repeated)
        for column in self._own.table.fields:
            if column.unique:
                self.wrong.append(_repeated(self._whole("unique", column.name, np.uint64)))
        for name, parts in self._kept.items():
            nothing = empty_values(self._scheme, self._own.table.name, name, 0)
            kept.columns[name] = _joined(parts) if parts else nothing
        for listing in self._own.listings:
            kept.counts[listing.columns] = self._counted(listing)
        for name in self._own.tallied:
            kept.totals[name] = np.zeros(self._size, dtype=np.uint8)
        self._settle_own(kept)
        return kept

    def _follow(self, scanned: Scanned) -> None:
        if scanned.edges is None:
            return
        first, last = scanned.edges
        if self._last is not None:
            (parent, key), (parent_before, key_before) = first, self._last
            if parent < parent_before or (parent == parent_before and key < key_before):
                raise NotInOrderError(self._own.table.name)
            if key <= key_before:
                self.wrong.append(np.array([self._size]))
        self._last = last

    def _put(self, kind: str, about: Any, part: NDArray[Any]) -> None:
        self._parts.setdefault((kind, about), []).append(part)

    def _whole(self, kind: str, about: Any, dtype: Any) -> NDArray[Any]:
        return _concatenated(self._parts.pop((kind, about), []), dtype)

    def _totals(self, key: str, target: str) -> NDArray[np.uint8]:
        """Return the totals of a table that rows of this one add to by a key, in one array that theirs are views of."""
        names = [tally.name for table, tally in self._own.tallies[key] if table == target]
        kept = self._tables[target]
        base = kept.totals[names[0]].base
        if base is None or base.shape != (len(names), kept.size):
            base = np.zeros((len(names), kept.size), dtype=np.uint8)
            kept.totals.update(zip(names, base, strict=True))
        return base

    def _counted(self, listing: Listing) -> Counts:
        """Count the rows of the table; where only its own rows ask, what they ask about."""
        askers = [own for own in self._scheme.tables.values() if listing in (each for each, _ in own.listed.values())]
        if askers == [self._own]:
            names = [name for name, (each, _) in self._own.listed.items() if each == listing]
            waiting = [each for parts in self.waiting.values() for each in parts]
            asked = [each.keys[name] for each in waiting for name in names if name in each.keys]
            keys, bits = (self._parts.pop((kind, listing.columns), []) for kind in ("listed", "bits"))
            return Counts.of_asked(listing, _concatenated(asked, np.uint64), zip(keys, bits, strict=True))
        keys_, bits_ = (self._whole(kind, listing.columns, dtype) for kind, dtype in _LISTED)
        return Counts.of(listing, keys_, bits_)

    def _settle_own(self, kept: Kept) -> None:
        """Follow the references into the table itself, and find those that lead nowhere or round in circles."""
        name = self._own.table.name
        for key in self._own.own_keys:
            rows = self._whole("rows", key.columns, np.int64)
            found = kept.indexes[key.references].rows(self._whole("keys", key.columns, np.uint64))
            self.wrong.append(rows[found == NO_ROW])
            for tally in (each for target, each in self._own.tallies.get(key.columns[0], ()) if target == name):
                totals = kept.totals[tally.name].reshape(1, -1)
                kernels.count_at(totals, found, np.ones(len(found), dtype=np.uint8), MOST_COUNTED)
            for cycle in self._own.cycles.values():
                if key.columns == (cycle.column,):
                    kept.cycles[cycle.name] = _circles(self._size, rows, found)


def _concatenated(parts: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=dtype)


def _circles(size: int, rows: NDArray[Any], found: NDArray[np.int32]) -> NDArray[np.bool_]:
    leads = np.full(size, NO_ROW, dtype=np.int32)
    leads[rows] = found
    circles = np.zeros(size, dtype=np.bool_)
    kernels.in_circles(leads, np.zeros(size, dtype=np.int32), circles)
    return circles


def _repeated(keys: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return the rows whose key stands in another row, too."""
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    again = np.flatnonzero((ranked[1:] == ranked[:-1]) & (ranked[1:] != 0))
    return np.unique(np.concatenate([order[again], order[again + 1]]))


def _joined(parts: list[Values]) -> Values:
    """Return values of several chunks as one, letting go of those of the chunks on the way."""
    first = parts[0]
    data = None if first.data is None else np.concatenate([each.data for each in parts])
    rows = None if first.rows is None else np.concatenate([each.rows for each in parts])
    parts.clear()
    return replace(first, data=data, rows=rows)
