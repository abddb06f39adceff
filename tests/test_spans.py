"""Quotes find passages, hashes are taken of folded passages, and gaps are what no span covers."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.spans import Quote, Span, fold, gaps, runs_of, shared_run, span_sha256

TEXT = "The crew said “we saw it”. The crew’s boat left.\nThe boat  came back."


def found(quote: str, within: Span | None = None) -> list[str]:
    return [span.of(TEXT) for span in Quote.read(quote).find(TEXT, within)]


def test_a_whole_phrase_is_found() -> None:
    assert found("came back") == ["came back"]


def test_first_and_last_words_span_what_is_between() -> None:
    assert found("The crew said … saw it”.") == ["The crew said “we saw it”."]
    assert found("The crew said ... saw it”.") == ["The crew said “we saw it”."]


def test_straight_quotes_find_curly_ones_and_spaces_are_alike() -> None:
    assert found("The crew's boat") == ["The crew’s boat"]
    assert found('"we saw it"') == ["“we saw it”"]
    assert found("The boat came") == ["The boat  came"]


def test_every_possible_passage_is_a_candidate() -> None:
    assert len(found("The … boat")) == 5
    assert len(found("boat")) == 2


def test_an_occurrence_takes_one_of_them() -> None:
    assert found("boat @2") == ["boat"]
    assert Quote.read("boat @2").find(TEXT)[0].start > TEXT.index("boat")
    assert found("boat @3") == []


def test_a_quote_is_looked_for_inside_a_passage_only() -> None:
    line = Span(TEXT.index("\n") + 1, len(TEXT))
    assert len(found("boat", line)) == 1
    assert found("crew", line) == []


@pytest.mark.parametrize("quote", ["… it", "The crew …", "…"])
def test_a_quote_with_an_open_side_is_refused(quote: str) -> None:
    with pytest.raises(ValueError, match="words on both sides"):
        Quote.read(quote)


def test_folding_keeps_letters_and_digits_only() -> None:
    assert fold("ﬁve-STRAẞE, 4.8 M²!") == "fivestrasse48m2"


def test_a_short_passage_has_no_hash() -> None:
    assert span_sha256("x" * 59) is None
    assert span_sha256("X" * 60) == hashlib.sha256(b"x" * 60).hexdigest()


@given(st.text(min_size=60, max_size=90))
def test_the_hash_does_not_see_case_spaces_and_marks(text: str) -> None:
    assert span_sha256(text) == span_sha256(text.replace(" ", "  ").replace(",", " ; "))


def test_gaps_are_what_no_span_covers() -> None:
    text = "one two  three"
    assert gaps(text, [Span(4, 7)]) == [Span(0, 3), Span(9, 14)]
    assert gaps(text, [Span(0, 9), Span(2, 3), Span(9, 14)]) == []
    assert gaps(" \n ", []) == []


@given(st.text(alphabet="ab \n", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_spans_and_gaps_together_cover_everything_but_space(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [Span(*pair) for pair in pairs if pair[0] < pair[1] <= len(text)]
    open_ = gaps(text, spans)
    covered = {place for span in [*spans, *open_] for place in range(span.start, span.end)}
    assert all(place in covered or each.isspace() for place, each in enumerate(text))
    assert not any(
        set(range(gap.start, gap.end)) & set(range(*pair)) for gap in open_ for pair in pairs if pair[1] <= len(text)
    )


def test_a_shared_run_is_found_whatever_the_marks() -> None:
    runs = runs_of("We saw the boat leave, at night.", 4)
    assert shared_run("They say: we saw — the BOAT", runs, 4) == "we saw the boat"
    assert shared_run("we saw a boat leave", runs, 4) is None
