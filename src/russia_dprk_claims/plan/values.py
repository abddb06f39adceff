"""Values: what an expression has for each row of some, as numbers, with what is empty and what is not known yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.plan.kernels.cells import NO_CODE, NO_WHOLE
from russia_dprk_claims.plan.kernels.rows import NO_ROW

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


def of_codes(codes: NDArray[np.int8], words: tuple[str, ...]) -> Values:
    """Return values of a vocabulary, from their numbers."""
    return Values(Kind.CODE, codes, codes != NO_CODE, words=words)


def of_truths(codes: NDArray[np.int8]) -> Values:
    """Return truths, from 0, 1 and the number for none."""
    return truth(codes == 1, codes != NO_CODE)


def of_wholes(wholes: NDArray[np.int32]) -> Values:
    """Return whole numbers, or days by their number."""
    return Values(Kind.NUMBER, wholes, wholes != NO_WHOLE)


def of_decimals(decimals: NDArray[np.float64]) -> Values:
    """Return numbers with a fraction."""
    return Values(Kind.NUMBER, decimals, ~np.isnan(decimals))


def of_hashes(hashes: NDArray[np.uint64]) -> Values:
    """Return texts, from their hashes."""
    return Values(Kind.TEXT, hashes, hashes != 0)


def of_rows(rows: NDArray[np.int32], table: str) -> Values:
    """Return keys, from the rows that they name."""
    return Values(Kind.KEY, None, rows != NO_ROW, rows=rows, table=table)


def taken(values: Values, rows: NDArray[np.int32], none: Mask) -> Values:
    """Return the values at some rows; where `none` is true there is no value."""
    place = np.where(none, 0, rows)

    def at(data: Any) -> Any:
        if data is None or np.ndim(data) == 0:
            return data
        return data[place] if len(data) else np.zeros(len(place), data.dtype)

    known = ~none if values.known is None else at(values.known) & ~none
    return values.having(data=at(values.data), rows=at(values.rows), known=known, open=at(values.open))
