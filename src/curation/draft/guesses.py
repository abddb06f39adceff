"""Guesses what needs more than one word: the time of a passage, and the events of the dataset that it may belong to.

A draft marks each guess, so that a record which still has one is refused: no guess is accepted without a look.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from curation.draft.names import Mention
from curation.draft.words import key, meanings, pattern
from russia_dprk_claims.checks.tables import TextTables

_MOST_EVENTS = 3
_TOKEN = re.compile(r"[^\W\d_]{3,}|\d+")
_STEM = 6
_NEIGHBOURS = 7
_LEAST = 0.9
"""How much the claims of an event must resemble a passage; with less, half of the events are wrong."""
_PAST = re.compile(r"\s+(?:(?:also|\w+ly)\s+)?\w{2,}ed\b")
"""A regular verb in the past, after its subject."""


class Dataset:
    """The events of a dataset with the words of their claims."""

    def __init__(self, tables: TextTables, without: str | None = None) -> None:
        """Read the dataset; `without` leaves out what only this source has."""
        claims = {
            each["claim_id"] or "": _stems(each["claim_text"] or "")
            for each in tables["claims"].rows()
            if each["record_status"] != "withdrawn" and not (without and each["source_id"] == without)
        }
        self._claims: dict[str, list[str]] = {}
        for claim, stems in claims.items():
            for stem in stems:
                self._claims.setdefault(stem, []).append(claim)
        self._weights = {stem: math.log((len(claims) + 1) / len(found)) for stem, found in self._claims.items()}
        self._norms = {claim: math.sqrt(sum(self._weights[each] for each in claims[claim])) for claim in claims}
        self._labels = {each["event_id"] or "": each["label"] or "" for each in tables["events"].rows()}
        self._events: dict[str, list[str]] = {}
        for each in tables["claim_events"].rows():
            self._events.setdefault(each["claim_id"] or "", []).append(each["event_id"] or "")

    def events(self, plain: str) -> dict[str, str]:
        """Return the labels of the events that a passage may belong to, by their ids, the likeliest first."""
        weights = {each: self._weights[each] for each in _stems(plain) if each in self._weights}
        shared: dict[str, float] = {}
        for stem in sorted(weights):
            for claim in self._claims[stem]:
                shared[claim] = shared.get(claim, 0.0) + weights[stem]
        norm = math.sqrt(sum(weights.values()))
        alike = {claim: weight / (norm * self._norms[claim]) for claim, weight in shared.items()}
        votes: dict[str, float] = {}
        for claim in _ranked(alike)[:_NEIGHBOURS]:
            for event in self._events.get(claim, ()):
                votes[event] = votes.get(event, 0.0) + alike[claim]
        return {each: self._labels.get(each, "") for each in _ranked(votes)[:_MOST_EVENTS] if votes[each] >= _LEAST}


def _stems(text: str) -> set[str]:
    """Return the words of a text, cut to their beginnings, so that "shells" finds "shell" and "supplies" "supply"."""
    return {each.lower()[:_STEM].rstrip("sy") for each in _TOKEN.findall(text)}


def _ranked(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda each: (-scores[each], each))


def guess_time(plain: str, mentions: Sequence[Mention]) -> str:
    """Return the time of a passage by its words and the verbs after the actors that it names; empty if it is open."""
    found = {meanings("times")[key(each.group())] for each in pattern("times").finditer(plain) if each.group() != "May"}
    if "open" in found:
        return ""
    is_past = "past" in found or any(_PAST.match(plain, each.span.end) for each in mentions)
    return "past" if is_past else "ongoing"
