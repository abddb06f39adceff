"""Memory: what only Python can tell, asked once for each different thing: days of dates, verdicts of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.checks.rule import Mapped
from russia_dprk_claims.edtf import covered
from russia_dprk_claims.plan.kernels.constants import NO_CODE, NO_WHOLE
from russia_dprk_claims.plan.reading import hashes_of

_EPOCH = date(1970, 1, 1)

MOST_KNOWN = 100_000
"""How many verdicts of a function are remembered; what is common is met early."""
_NEW = 2


@dataclass
class Memory:
    """What was asked, by the hash of what it was asked about; threads that ask the same at once get the same."""

    _days: dict[int, tuple[int, int]] = field(default_factory=dict)
    _verdicts: dict[str, dict[int, int]] = field(default_factory=dict)
    _hashes: dict[str, int] = field(default_factory=dict)

    def hash_of(self, text: str) -> int:
        """Return the hash of a text, as cells have it."""
        if text not in self._hashes:
            self._hashes[text] = int(hashes_of([text.replace('"', '""').encode()])[0])
        return self._hashes[text]

    def days_of(self, keys: NDArray[np.uint64], texts: Sequence[str | None]) -> NDArray[np.int32]:
        """Return the first and the last day of some dates, by number, given their hashes."""
        for key, text in zip(keys.tolist(), texts, strict=True):
            if key not in self._days:
                days = covered(text)
                sides = (days.earliest, days.latest) if days else (None, None)
                first, last = (NO_WHOLE if each is None else (each - _EPOCH).days for each in sides)
                self._days[key] = first, last
        return np.array([self._days[key] for key in keys.tolist()], dtype=np.int32)

    def verdicts(
        self,
        read: Mapped,
        keys: NDArray[np.uint64],
        values: Callable[[NDArray[np.intp]], Iterable[tuple[Any, ...]]],
    ) -> NDArray[np.int8]:
        """Return what a function says of combinations of cells: 0, 1, or the number for none.

        Parameters
        ----------
        read
            The function.
        keys
            The hash of each combination.
        values
            Gives the values of some combinations, by their places among the keys.
        """
        known = self._verdicts.setdefault(read.name, {})
        found = np.array([known.get(key, _NEW) for key in keys.tolist()], dtype=np.int8)
        new = np.flatnonzero(found == _NEW)
        for place, cells in zip(new.tolist(), values(new), strict=True):
            verdict = read.function(*cells)
            found[place] = NO_CODE if verdict is None else int(verdict)
            if len(known) < MOST_KNOWN:
                known[int(keys[place])] = int(found[place])
        return found
