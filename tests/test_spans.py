"""Hashes are of folded passages, gaps are passages that no span covers, and n-grams show what two texts share."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from curation.seeds.spans import Span, fold, gaps, ngram_index, normalize, shared_ngrams, span_sha256


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


def test_letters_of_other_alphabets_accents_and_unseen_characters_hide_no_shared_words() -> None:
    index = ngram_index({"boat": "We saw the boat from Sarn"}, 4)
    for hidden in (
        "wе ѕаw thе bоаt",
        "WÉ SÀW THÊ BÖAT",
        "we s\u00adaw t\u200bhe bo\ufe0fat",
        "ｗｅ ｓａｗ ｔｈｅ ｂｏａｔ",
    ):
        assert shared_ngrams(hidden, index, 4) == {"boat": "we saw the boat"}
    assert shared_ngrams("ωε saw the boat", index, 4) == {}
    assert shared_ngrams("мы видели тот корабль", ngram_index({"boat": "МЫ ВИДЕЛИ ТОТ КОРАБЛЬ"}, 4), 4)


def test_a_cell_need_not_repeat_what_nobody_sees_in_its_passage() -> None:
    assert normalize("am\u00admu\u200bnition\u3000 \u1112\u1161\u11ab’s") == "ammunition 한's"
