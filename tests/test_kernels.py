"""The kernels do what the plain ways of Python do: take CSV apart, read cells, match patterns, order and group rows."""

from __future__ import annotations

import csv
import io
import math
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from faultcases import contract
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from russia_dprk_claims.cells import INVISIBLE, LEXICAL, STANDS_FOR_NOTHING
from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.plan.automata import automaton, joined
from russia_dprk_claims.plan.chunks import Cells, cells_of
from russia_dprk_claims.plan.conditions import is_clean
from russia_dprk_claims.plan.errors import NotPlainError, NotPlannedError
from russia_dprk_claims.plan.kept import Index
from russia_dprk_claims.plan.kernels import calling
from russia_dprk_claims.plan.kernels.calling import Kernel, rows
from russia_dprk_claims.plan.kernels.constants import NO_WHOLE
from russia_dprk_claims.plan.reading import ColumnReader, Vocabulary, buffer, hashes_of, matches
from russia_dprk_claims.plan.windows import grouped

EPOCH = date(1970, 1, 1)


def table_of(*columns: Field) -> Table:
    return Table("things", "", "", columns, (columns[0].name,), (), {})


def text_column(name: str = "a", **more: object) -> Field:
    return Field(name, "", "", **{"type": "string", **more})  # type: ignore[arg-type]


def taken_apart(data: bytes, columns: int = 1) -> Cells:
    table = table_of(*(text_column(f"c{number}") for number in range(columns)))
    return cells_of(buffer(data), len(data), table)


def cells_with(texts: Sequence[str], column: Field | None = None) -> Cells:
    """The cells of a column that has some texts, and of one beside it that is never empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([text, "x"] for text in texts)
    data = out.getvalue().encode()
    return cells_of(buffer(data), len(data), table_of(column or text_column(), text_column("beside")))


# --- taking records apart -------------------------------------------------------------------------------------------

PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=90).filter(
    lambda text: "\x7f" not in text
)


@given(st.lists(st.tuples(PLAIN, PLAIN, PLAIN), max_size=12))
@example([("a" * 61, '"', ","), ("", "", ""), ('a""b', "é" * 40, '","')])
def test_records_come_apart_as_the_csv_module_has_them(records: list[tuple[str, str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(records)
    data = out.getvalue().encode()
    cells = taken_apart(data, 3)
    found = [tuple(cells.text(f"c{n}", row) or "" for n in range(3)) for row in range(len(cells))]
    assert found == records


@given(st.lists(st.sampled_from(['"', ",", "\n", "a", "é", "\t", "\x7f", "\r", " "]), max_size=140))
@settings(max_examples=400)
def test_what_comes_apart_is_what_our_own_writer_would_write(signs: list[str]) -> None:
    data = "".join(signs).encode()
    try:
        cells = taken_apart(data, 2)
    except NotPlainError:
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([cells.text("c0", row) or "", cells.text("c1", row) or ""] for row in range(len(cells)))
    assert out.getvalue().encode() == data


@given(st.binary(min_size=1, max_size=80))
@example(b"\xed\xa0\x80")
@example(b"\xf4\x90\x80\x80")
@example(b"\xc0\xaf")
@example(b"a\xe2\x82")
def test_only_utf8_is_taken(data: bytes) -> None:
    data = bytes(each for each in data if each >= 0x20 and each not in b'",\x7f') + b"\n"
    try:
        data.decode()
    except UnicodeDecodeError:
        with pytest.raises(NotPlainError, match="UTF-8"):
            taken_apart(data)
    else:
        assert len(taken_apart(data)) == 1


# --- reading cells --------------------------------------------------------------------------------------------------

FIGURES = st.text("0123456789-.+ e", max_size=21)


def read(column: Field, texts: Sequence[str]) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """What the cells of a column are read as, and which are wrong."""
    cells = cells_with(texts, column)
    encoded: dict[str, NDArray[np.generic]] = {}
    wrong = np.zeros(len(texts), dtype=np.bool_)
    ColumnReader(contract(), cells.table, column).read(cells, encoded, wrong)
    return encoded[column.name], wrong


@given(st.lists(FIGURES, min_size=1))
@example(["0", "-0", "007", "-1", "2147483647", "", "1" * 18, "+1"])
def test_whole_numbers_have_the_one_form_of_the_contract(texts: list[str]) -> None:
    column = Field("a", "", "", "integer")
    large = any(re.fullmatch(LEXICAL["integer"], text) and abs(int(text)) >= 2**31 for text in texts)
    if large:
        with pytest.raises(NotPlainError, match="too large"):
            read(column, texts)
        return
    wholes, wrong = read(column, texts)
    for text, whole, bad in zip(texts, wholes.tolist(), wrong.tolist(), strict=True):
        sound = re.fullmatch(LEXICAL["integer"], text) is not None
        assert bad == (bool(text) and not sound)
        assert whole == (int(text) if sound else NO_WHOLE)


@given(st.lists(FIGURES, min_size=1))
@example(["0.5", "-0.5", "0.10", ".5", "5.", "4800000", "0.000000000000001", "123456789012345.5", "", "-0", "1.0"])
def test_numbers_are_read_as_python_reads_them_or_are_looked_at(texts: list[str]) -> None:
    decimals, wrong = read(Field("a", "", "", "number"), texts)
    for text, decimal, bad in zip(texts, decimals.tolist(), wrong.tolist(), strict=True):
        if not bad and text:
            assert re.fullmatch(LEXICAL["number"], text) and decimal == float(text)
        else:
            assert math.isnan(decimal) and bad == bool(text)


@pytest.mark.parametrize("text", ["0", "1.5", "-2.25", "4800000", "0.1", "99999999999999.9", "8200000"])
def test_ordinary_numbers_are_not_looked_at_twice(text: str) -> None:
    decimals, wrong = read(Field("a", "", "", "number"), [text])
    assert not wrong.any() and decimals.tolist() == [float(text)]


@given(st.lists(st.one_of(st.dates(), st.text("0123456789-", max_size=10)), min_size=1))
@example(
    ["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2024-13-01", "2024-04-31", "2024-00-10", "0000-01-01"]
)
def test_days_are_those_of_the_calendar(days: list[date | str]) -> None:
    texts = list(map(str, days))
    numbers, wrong = read(Field("a", "", "", "date"), texts)
    for text, number, bad in zip(texts, numbers.tolist(), wrong.tolist(), strict=True):
        try:
            wanted = (date.fromisoformat(text) - EPOCH).days if re.fullmatch(LEXICAL["date"], text) else None
        except ValueError:
            wanted = None
        assert number == (NO_WHOLE if wanted is None else wanted)
        assert bad == (bool(text) and wanted is None)


WORDS = ("state", "state_media", "a", "affirmed", "affirmed1", "affirmed2", "a_word_of_more_than_sixteen", "", "é,x")


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=30).filter(str.isprintable)), min_size=1))
@example(["a_word_of_more_than_sixteeN", "a_word_of_mOre_than_sixteen", "affirmed3", "stat", "statee"])
def test_words_are_found_in_their_vocabulary_alone(texts: list[str]) -> None:
    words = tuple(word for word in WORDS if word)
    cells, wrong = cells_with(texts), np.zeros(len(texts), dtype=np.bool_)
    codes = Vocabulary.of(words).codes(cells, cells.column("a"), wrong)
    assert codes.tolist() == [words.index(text) if text in words else -1 for text in texts]
    assert wrong.tolist() == [bool(text) and text not in words for text in texts]


LETTERS = st.text(st.sampled_from("ab -–’é가\u0301\u00a0\u200b\u2028=+@/AN"), max_size=40)


@given(st.lists(st.one_of(LETTERS, st.sampled_from([*STANDS_FOR_NOTHING, "None", "NaN", "N/A", "nano", "Na"]))))
@example(["a  b", " a", "a ", "x" * 7 + "  y", "x" * 8 + " ", "e\u0301", "\u0645\u0631\u062d\u0628\u0627"])
def test_texts_are_clean_as_the_checks_have_it(texts: list[str]) -> None:
    column = text_column(max_words=3)
    cells, wrong = cells_with(texts, column), np.zeros(len(texts), dtype=np.bool_)
    ColumnReader(contract(), cells.table, column).read(cells, {}, wrong)
    for text, bad in zip(texts, wrong.tolist(), strict=True):
        clean = is_clean(text) and not text.startswith(tuple("=+@-")) and text.lower() not in STANDS_FOR_NOTHING
        assert bad == (bool(text) and not (clean and len(text.split(" ")) <= 3)), text


def test_a_text_with_what_cannot_be_seen_is_not_clean() -> None:
    unseen = [chr(code) for code in range(0x10000) if re.match(INVISIBLE, chr(code))]
    assert len(unseen) > 60 and not any(is_clean(f"a{sign}b") for sign in unseen)


# --- patterns -------------------------------------------------------------------------------------------------------

PATTERNS = [
    r"^SRC-[0-9]{4,6}-C[0-9]{3}$",
    r"^ACT-[a-z0-9]+(-[a-z0-9]+)*$",
    r"^[0-9a-f]{64}$",
    r"^[^a-z\s].*\.$",
    r"^https?://[^ ]+$",
    r"^\{[a-z]+(_[a-z]+)*\}$",
    r"^(a|mo|wk|d|h|min|s)$",
    r"^(?:x|ab?c*|[k-m.]{2,}|q{0,3})$",
    r"^\d+\.\d+$",
    *LEXICAL.values(),
]
PIECES = ["SRC-", "0001", "-C", "012", "ACT-", "ab", "-", "0" * 64, "f" * 64, "A", "é", ".", '"', "https://", "{a_b}"]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(texts=st.lists(st.lists(st.sampled_from([*PIECES, "mo", "k", "q", " ", "z", "7"]), max_size=6).map("".join)))
@settings(max_examples=60)
def test_automata_accept_what_the_pattern_matches(pattern: str, texts: list[str]) -> None:
    cells = cells_with(texts)
    found = matches(cells, cells.column("a"), automaton(pattern))
    # An empty cell is no business of a pattern.
    assert found.tolist() == [bool(text) and re.fullmatch(pattern, text) is not None for text in texts]


def test_joined_automata_begin_where_each_of_them_does() -> None:
    table, firsts = joined([automaton(r"^[0-9]{20}$"), automaton(r"^b+$"), automaton(r"^c$")])
    texts = ["1" * 20, "bb", "c", "bb", "c", "1" * 20]
    begins = np.array([firsts[each] for each in (0, 1, 2, 0, 1, 2)], dtype=np.int16)
    cells = cells_with(texts)
    assert matches(cells, cells.column("a"), table, begins).tolist() == [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    "pattern", ["a$", "^a", "^a(?=b)$", r"^\w+$", "^é$", "^a{2,x}$", "^*$", "^(a$", "^[b-a]$", "^a{9999}$"]
)
def test_a_pattern_that_is_not_understood_is_refused(pattern: str) -> None:
    with pytest.raises(NotPlannedError):
        automaton(pattern)


# --- rows -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.text("ab", max_size=10)))
@example(["aaaaaaaab", "aaaaaaaaa", "", "aaaaaaaa", "aaaaaaaa"])
def test_cells_are_ordered_by_their_letters(texts: list[str]) -> None:
    cells = cells_with(texts)
    place, signs = cells.column("a"), np.zeros(len(texts), dtype=np.int8)
    rows.order_texts(cells.data, place.starts, place.ends, signs)
    wanted = [(text > before) - (text < before) for before, text in pairwise(texts)]
    assert signs.tolist() == ([1, *wanted] if texts else [])


@given(st.lists(st.integers(0, 40), max_size=120), st.lists(st.integers(0, 60), max_size=120))
def test_rows_are_found_by_their_key_the_first_of_each(known: list[int], wanted: list[int]) -> None:
    index = Index.of(np.array(known, dtype=np.uint64))
    found = index.rows(np.array(wanted, dtype=np.uint64))
    # 0 stands for no key.
    assert found.tolist() == [known.index(key) if key and key in known else -1 for key in wanted]
    assert index.repeated.tolist() == [row for row, key in enumerate(known) if key and key in known[:row]]


@given(st.lists(st.integers(-1, 11), min_size=12, max_size=12))
@example([1, 2, 0, 0, 3, -1, 6, 5, -1, -1, -1, -1])
def test_circles_are_found_and_what_leads_into_them_is_not(leads: list[int]) -> None:
    found = np.zeros(12, dtype=np.bool_)
    rows.in_circles(np.array(leads, dtype=np.int32), np.zeros(12, dtype=np.int32), found)

    def comes_round(row: int) -> bool:
        place = leads[row]
        for _ in range(12):
            if place in {row, -1}:
                break
            place = leads[place]
        return place == row

    assert found.tolist() == [comes_round(row) for row in range(12)]


@given(st.lists(st.integers(0, 6)))
def test_rows_with_the_same_key_are_one_group(keys: list[int]) -> None:
    groups = grouped(np.array(keys, dtype=np.uint64))
    order = list(dict.fromkeys(keys))
    assert groups.numbers.tolist() == [order.index(key) for key in keys]
    assert groups.count == len(order)


def test_texts_have_the_same_hash_only_where_they_are_the_same() -> None:
    texts = [("x" * length + letter).encode() for length in range(70) for letter in "abc"]
    assert len(set(hashes_of(texts).tolist())) == len(texts)
    assert hashes_of(texts).tolist() == hashes_of(texts).tolist()


# --- calling them ---------------------------------------------------------------------------------------------------


def test_a_kernel_refuses_an_array_that_is_not_in_order() -> None:
    table = np.zeros((4, 2), dtype=np.uint64)
    with pytest.raises(ValueError, match="not in C order"):
        rows.mix_in(table[:, 0], np.zeros(4, dtype=np.uint64))


def test_code_is_kept_and_another_process_needs_no_numba() -> None:
    rows.mix_in(np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.uint64))
    program = """
import sys
import numpy as np
from russia_dprk_claims.plan.kernels.calling import rows
numbers = np.array([1, 2], dtype=np.uint64)
rows.mix_in(numbers, numbers.copy())
print(len(set(numbers.tolist())), "numba" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_code_is_compiled_again_where_what_is_kept_is_of_other_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "_folder", lambda: tmp_path)
    numbers = np.array([1, 2], dtype=np.uint64)
    Kernel("rows", "mix_in")(numbers, numbers.copy())
    kept = list(tmp_path.iterdir())
    assert [path.suffix for path in kept] == [".o"]
    monkeypatch.setattr(calling, "_made_of", lambda: b"other sources")
    with pytest.raises(ImportError, match="no Numba"):
        without_numba(monkeypatch)
        Kernel("rows", "mix_in")(numbers, numbers.copy())


def without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise ImportError("no Numba")

    monkeypatch.setattr("russia_dprk_claims.plan.kernels.compiling.compile_kernel", refuse)


def test_code_is_used_where_it_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(calling, "_folder", lambda: tmp_path / "file" / "folder")
    numbers = np.array([1, 2], dtype=np.uint64)
    Kernel("rows", "mix_in")(numbers, np.array([5, 5], dtype=np.uint64))
    assert len(set(numbers.tolist())) == 2
