"""Hashes are of folded passages, gaps are passages that no span covers, and n-grams show what two texts share."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from curation.seeds.spans import Span, fold, gaps, ngram_index, shared_ngrams, span_sha256


def test_folding_keeps_letters_and_digits_only() -> None:
    assert fold("ﬁve-STRAẞE, 4.8 M²!") == "fivestrasse48m2"


def test_a_short_passage_has_no_hash() -> None:
    assert span_sha256("x" * 59) is None
    assert span_sha256("X" * 60) == hashlib.sha256(b"x" * 60).hexdigest()


@given(st.text(min_size=60, max_size=90))
def test_the_hash_ignores_case_spaces_and_punctuation(text: str) -> None:
    assert span_sha256(text) == span_sha256(text.replace(" ", "  ").replace(",", " ; "))


def test_gaps_are_the_passages_that_no_span_covers() -> None:
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


def test_a_shared_ngram_is_found_whatever_the_punctuation() -> None:
    index = ngram_index({"boat": "We saw the boat leave, at night."}, 4)
    assert shared_ngrams("They say: we saw — the BOAT", index, 4) == {"boat": "we saw the boat"}
    assert shared_ngrams("we saw a boat leave", index, 4) == {}
