"""Figures are compared with their words: right rows pass, wrong values and bounds do not, and doubt says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from russia_dprk_claims.checks.numerals import Reading, Row, read_figure
from russia_dprk_claims.checks.rules.quantities import bound_as_worded, figure_as_worded
from russia_dprk_claims.contract import Contract

Value = float | list[float] | None
GROUPS = yaml.safe_load(Path(__file__).with_name("figures.yaml").read_text(encoding="utf-8"))
FIGURES = [(Row(**group["like"]), words, bound, value) for group in GROUPS for words, bound, value in group["figures"]]
READ = [each for each in FIGURES if each[2] is not None]
UNKNOWN = [each for each in FIGURES if each[2] is None]
NAMES = ("row", "words", "bound", "value")
# Which of value_low, value_best and value_high a bound type sets.
PLACES = {"at_least": 0, "more_than": 0, "up_to": 2, "less_than": 2}


def cells(bound: str, value: Value) -> list[float | None]:
    """Return value_low, value_best and value_high."""
    if isinstance(value, list):
        return [value[0], None, value[1]]
    values: list[float | None] = [None, None, None]
    values[PLACES.get(bound, 1)] = value
    return values


def passes(row: Row, words: str, bound: str, values: list[float | None]) -> bool:
    """Return whether both rules pass a figure."""
    low, best, high = values
    cells = (low, best, high)
    of_row = (words, row.property, row.unit, row.item, row.language)
    return figure_as_worded(*cells, *of_row) is not False and bound_as_worded(bound, *cells, *of_row) is not False


def wrong_values(value: float) -> list[float]:
    return [value + 7, value * 1000 + 1, value / 1000 - 1]


def many(bound: str | list[str]) -> list[str]:
    return [bound] if isinstance(bound, str) else bound


@pytest.mark.parametrize(NAMES, READ, ids=str)
def test_the_value_and_bound_that_the_words_have_pass(row: Row, words: str, bound: Any, value: Value) -> None:
    assert read_figure(words, row)
    assert all(passes(row, words, each, cells(each, value)) for each in many(bound))


@pytest.mark.parametrize(NAMES, READ, ids=str)
def test_another_value_does_not_pass(row: Row, words: str, bound: Any, value: Value) -> None:
    first, *_ = many(bound)
    if isinstance(value, list):
        low, high = value
        values = [
            *([low, None, each] for each in wrong_values(high)),
            *([each, None, high] for each in wrong_values(low)),
        ]
    else:
        values = [cells(first, each) for each in wrong_values(value)] if value is not None else []
    assert not any(passes(row, words, first, each) for each in values)


@pytest.mark.parametrize(NAMES, READ, ids=str)
def test_another_bound_does_not_pass(row: Row, words: str, bound: Any, value: Value, contract: Contract) -> None:
    for wrong in set(contract["quantities"].by_name["bound_type"].enum) - {*many(bound), "vague"}:
        if isinstance(value, list):
            assert wrong == "approximate" or not passes(row, words, wrong, cells(wrong, value))
        else:
            assert not passes(row, words, wrong, cells(wrong, value))
    if value is not None:
        assert not passes(row, words, "vague", [None, None, None])


@pytest.mark.parametrize(NAMES, UNKNOWN, ids=str)
def test_nothing_is_said_about_words_that_are_not_known(row: Row, words: str, bound: None, value: float) -> None:
    assert read_figure(words, row) == ()
    assert passes(row, words, "up_to", cells("up_to", value + 7))


def test_there_are_enough_figures() -> None:
    assert (len(READ) >= 120, len(UNKNOWN) >= 8) == (True, True)


def test_a_word_of_the_row_is_known() -> None:
    assert read_figure("40 crates") == ()
    assert read_figure("40 crates", Row(item="crates of ammunition")) == read_figure("40")


def test_a_figure_with_two_meanings_may_have_either_value() -> None:
    assert {float(each.numbers[0]) for each in read_figure("12.500", Row(language="ru"))} == {12.5, 12500}
    assert [float(each.numbers[0]) for each in read_figure("12.345")] == [12.345]


def test_one_or_the_other_may_be_approximate_or_a_range() -> None:
    assert read_figure("40 or 50") == (Reading((40, 50), frozenset({"approximate", "range"})),)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["9" * 150, "1/0", "0/0", "²", "٣", "1,,2", "half " * 30, "²½¾", "9" * 100_000, "-"])
def test_odd_texts_are_read_or_not_without_an_error(words: str) -> None:
    assert all(isinstance(each, Reading) for each in read_figure(words))
    assert passes(Row(), words, "exact", [None, float("inf"), None]) in {True, False}
