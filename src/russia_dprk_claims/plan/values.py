"""Values: what an expression has for each row of some, as numbers, with what is empty and what is not known yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.kernels.constants import NO_CODE, NO_WHOLE

Mask = NDArray[np.bool_]


class Kind(Enum):
    """What the numbers of some values stand for."""

    BOOL = auto()
    NUMBER = auto()
    """Whole numbers, decimals, and days by their number."""
    CODE = auto()
    """The place of a word in a vocabulary."""
    TEXT = auto()
    """The hash of a text."""
    KEY = auto()
    """The hash of a key, or the row that it names, or both."""


@dataclass(frozen=True)
class Column:
    """Where the cells of a column stand in a chunk."""

    name: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


@dataclass(frozen=True)
class Values:
    """One value a row, or one for all rows.

    `data` has the numbers, for keys their hashes; `known` is false where there is no value, None where all rows have
    one; `open` is true where the value is settled later, and so not known. `words` is the vocabulary of codes, `rows`
    the rows that keys name and `table` the table in which they do, `column` the cells that the values were read from.
    """

    kind: Kind
    data: Any
    known: Any = None
    open: Any = None
    words: tuple[str, ...] = ()
    rows: Any = None
    table: str = ""
    column: Column | None = None

    def having(self, **changes: Any) -> Values:
        """Return the same values but for some parts; they are no longer those of a column."""
        return replace(self, column=None, **changes)


def both(left: Any, right: Any) -> Any:
    """Return where two masks are true, of which None is true everywhere."""
    if left is None:
        return right
    return left if right is None else left & right


def either(left: Any, right: Any) -> Any:
    """Return where one of two masks is true, of which None is true nowhere."""
    if left is None:
        return right
    return left if right is None else left | right


def truth(data: Any, known: Any = None, open_: Any = None) -> Values:
    """Return values that are true or false."""
    return Values(Kind.BOOL, data, known, open_)


def unless_all(known: Mask) -> Mask | None:
    """Return where values are known, None where all are: most columns have no empty cell, and cost less so."""
    return None if known.all() else known


def of_codes(codes: NDArray[np.int8], words: tuple[str, ...]) -> Values:
    """Return values of a vocabulary, from their numbers."""
    return Values(Kind.CODE, codes, unless_all(codes != NO_CODE), words=words)


def of_truths(codes: NDArray[np.int8]) -> Values:
    """Return truths, from 0, 1 and the number for none."""
    return truth(codes == 1, unless_all(codes != NO_CODE))


def of_wholes(wholes: NDArray[np.int32]) -> Values:
    """Return whole numbers, or days by their number."""
    return Values(Kind.NUMBER, wholes, unless_all(wholes != NO_WHOLE))


def of_decimals(decimals: NDArray[np.float64]) -> Values:
    """Return numbers with a fraction."""
    return Values(Kind.NUMBER, decimals, unless_all(~np.isnan(decimals)))
