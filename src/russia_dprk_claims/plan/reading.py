"""Reading: the cells of a chunk as numbers, and what the contract alone finds wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from russia_dprk_claims.cells import STANDS_FOR_NOTHING
from russia_dprk_claims.contract import Contract, Field, Table
from russia_dprk_claims.plan.automata import Automaton, automaton, joined
from russia_dprk_claims.plan.chunks import Cells
from russia_dprk_claims.plan.conditions import ORDINARY_RANGES, is_clean, is_free_text
from russia_dprk_claims.plan.errors import NotPlainError, NotPlannedError
from russia_dprk_claims.plan.kernels.calling import cells as kernels
from russia_dprk_claims.plan.kernels.calling import texts as text_kernels
from russia_dprk_claims.plan.kernels.constants import NO_WHOLE, SPARE
from russia_dprk_claims.plan.scheme import form_follows
from russia_dprk_claims.plan.values import Column, Mask
from russia_dprk_claims.plan.windows import room_for

MOST_CODES = 126  # numbers of words have one byte, and one is left for what is none of them
TRUTHS = ("false", "true")
_POWERS = np.array([10.0**power for power in range(23)])


def buffer(data: bytes) -> NDArray[np.uint8]:
    """Return some bytes with a few to spare behind them."""
    return np.frombuffer(data + bytes(SPARE), dtype=np.uint8)


def hashes_of(texts: Sequence[bytes]) -> NDArray[np.uint64]:
    """Return the hashes of some texts, as those of cells."""
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    hashes = np.empty(len(texts), dtype=np.uint64)
    kernels.hash_cells(buffer(b"".join(texts)), ends[:-1], ends[1:], hashes)
    return hashes


@cache
def _ordinary() -> Mask:
    """Return whether each code point up to U+FFFF is one that is clean wherever it stands."""
    table = np.zeros(1 << 16, dtype=np.bool_)
    for ends in ORDINARY_RANGES:
        table[ord(ends[0]) : ord(ends[1]) + 1] = True
    return table


@cache
def _nothings() -> NDArray[np.uint64]:
    words = [each.encode().ljust(8, b"\0") for each in STANDS_FOR_NOTHING]
    return np.frombuffer(b"".join(words), dtype=np.uint64)


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary as a table of words by hash; a quote in a word is doubled, as in a file."""

    words: tuple[str, ...]
    letters: NDArray[np.uint8]
    starts: NDArray[np.int32]
    slots: NDArray[np.int8]
    firsts: NDArray[np.uint64]
    lasts: NDArray[np.uint64]

    @classmethod
    @cache
    def of(cls, words: tuple[str, ...]) -> Vocabulary:
        """Return the table of a vocabulary."""
        if len(words) > MOST_CODES:
            raise NotPlannedError(f"a vocabulary of {len(words)} words")
        texts = [each.replace('"', '""').encode() for each in words]
        letters, starts = buffer(b"".join(texts)), np.cumsum([0, *map(len, texts)], dtype=np.int32)
        slots = np.empty(4 * room_for(len(words)), dtype=np.int8)
        firsts, lasts = np.empty((2, len(words)), dtype=np.uint64)
        kernels.lay_words(letters, starts, slots, firsts, lasts)
        return cls(words, letters, starts, slots, firsts, lasts)

    def codes(self, cells: Cells, place: Column, wrong: Mask) -> NDArray[np.int8]:
        """Return the number of each cell of a column, and mark those that are not in the vocabulary."""
        codes = np.empty(len(cells), dtype=np.int8)
        table = (self.letters, self.starts, self.slots, self.firsts, self.lasts)
        kernels.code_cells(cells.data, place.starts, place.ends, *table, codes, wrong)
        return codes


def words_of(column: Field) -> tuple[str, ...]:
    """Return the vocabulary of a column, those of truths included."""
    return TRUTHS if column.type == "boolean" else column.enum


class ColumnReader:
    """Reads the cells of one column, and marks what the contract alone finds wrong with them."""

    def __init__(self, contract: Contract, table: Table, column: Field) -> None:
        """Derive what is asked of the cells."""
        self.column = column
        self._follows = form_follows(contract, table, column)
        self._vocabulary = Vocabulary.of(words_of(column)) if words_of(column) else None
        forms: list[tuple[int | None, Automaton]] = []
        if column.pattern and not self._follows:
            forms.append((None, automaton(column.pattern)))
        if column.patterns_by is not None:
            self._by = column.patterns_by.column
            words = table.by_name[self._by].enum
            forms += [(words.index(word), automaton(form)) for word, form in column.patterns_by.patterns.items()]
        self._forms = forms
        self._is_free = is_free_text(column) and not self._follows

    def read(self, cells: Cells, encoded: dict[str, Any], wrong: Mask) -> None:
        """Add the numbers of the cells to what is encoded, where they are no texts; mark the rows that are wrong."""
        place, column = cells.column(self.column.name), self.column
        if column.required:
            np.logical_or(wrong, place.starts == place.ends, out=wrong)
        if self._vocabulary:
            encoded[column.name] = self._vocabulary.codes(cells, place, wrong)
        elif column.type != "string":
            encoded[column.name] = self._number(cells, place, wrong)
        if self._is_free:
            self._check_texts(cells, place, wrong)

    def _check_texts(self, cells: Cells, place: Column, wrong: Mask) -> None:
        most, odd = self.column.max_words or 0, np.zeros(len(cells), dtype=np.bool_)
        parts = (cells.data, place.starts, place.ends)
        if text_kernels.check_texts(*parts, _ordinary(), _nothings(), most, wrong, odd):
            for row in np.flatnonzero(odd).tolist():
                wrong[row] |= not is_clean(cells.text(self.column.name, row) or "")

    def _number(self, cells: Cells, place: Column, wrong: Mask) -> NDArray[Any]:
        if self.column.type == "number":
            decimals = np.empty(len(cells), dtype=np.float64)
            kernels.read_decimals(cells.data, place.starts, place.ends, _POWERS, decimals, wrong)
            return decimals
        wholes = np.empty(len(cells), dtype=np.int32)
        if self.column.type == "date":
            kernels.read_days(cells.data, place.starts, place.ends, wholes, wrong)
        elif not kernels.read_wholes(cells.data, place.starts, place.ends, wholes, wrong):
            raise NotPlainError("a number that is too large for four bytes")
        if self.column.minimum is not None:
            below = (wholes < self.column.minimum) & (wholes != NO_WHOLE)
            np.logical_or(wrong, below, out=wrong)
        return wholes

    def misshapen(self, cells: Cells, encoded: dict[str, Any]) -> Mask | None:
        """Return where a cell does not have the form that the contract asks for, None where it asks for none."""
        if not self._forms:
            return None
        place = cells.column(self.column.name)
        bad = np.zeros(len(cells), dtype=np.bool_)
        plain = [form for word, form in self._forms if word is None]
        by = [(word, form) for word, form in self._forms if word is not None]
        for form in plain:
            bad |= ~matches(cells, place, form)
        if by:
            table, firsts = joined([form for _, form in by])
            # What stands for no value of the other column asks for nothing.
            begins = np.zeros(128, dtype=np.int16)
            begins[[word for word, _ in by]] = firsts
            asked = begins[encoded[self._by]]
            bad |= ~matches(cells, place, table, asked) & (asked > 0)
        return bad & (place.ends > place.starts)


def matches(cells: Cells, place: Column, form: Automaton, begins: NDArray[np.int16] | None = None) -> Mask:
    """Return which cells of a column have a form, from a first state a row where there are several."""
    found = np.empty(len(cells), dtype=np.bool_)
    if begins is None:
        begins = np.ones(1, dtype=np.int16)
        begins = np.broadcast_to(begins, len(cells))
    text_kernels.match_cells(cells.data, place.starts, place.ends, *form.tables, np.ascontiguousarray(begins), found)
    return found
