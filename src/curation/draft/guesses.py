"""Guesses what needs more than one word: the time of a passage, its transfers, and its place in the dataset.

A draft marks each guess, so that a record which still has one is refused: no guess is accepted without a look.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from curation.draft.names import Mention
from curation.draft.words import any_of, groups, key, meanings, pattern
from russia_dprk_claims.checks.tables import TextTables

_MOST = 2
"""How many events and similar claims are named at most."""
_TOKEN = re.compile(r"[^\W\d_]{3,}|\d+")
_STEM = 6
_NEIGHBOURS = 5
_LEAST_FOR_EVENTS = 0.55
"""How much the claims of an event must resemble a passage together: where recall and precision balance best."""
_LEAST_FOR_SIMILAR = 0.45
"""How much a claim must resemble a passage: more gives no better claims, only fewer."""
_PAST = re.compile(r"\s+(?:(?:also|\w+ly)\s+)?\w{2,}ed\b")
"""A regular verb in the past, after its subject."""


class Dataset:
    """The claims of a dataset with their words, events and transfers."""

    def __init__(self, tables: TextTables, without: str | None = None) -> None:
        """Read the dataset; `without` leaves out what only this source has."""
        self._texts = {
            each["claim_id"] or "": each["claim_text"] or ""
            for each in tables["claims"].rows()
            if each["record_status"] != "withdrawn" and not (without and each["source_id"] == without)
        }
        claims = {claim: _stems(text) for claim, text in self._texts.items()}
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
        sides: dict[str, Counter[tuple[str, str]]] = {}
        for each in tables["transfers"].rows():
            if each["claim_id"] in claims:
                both = each["giver_id"] or "", each["receiver_id"] or ""
                sides.setdefault(each["item_id"] or "", Counter())[both] += 1
        self._sides = {item: found.most_common(1)[0][0] for item, found in sides.items()}
        self._items: dict[str, str] = {}
        for each in tables["items"].rows():
            name, item = (each["name"] or "").lower(), each["item_id"] or ""
            if item in sides:
                forms = [name, name.removesuffix("s"), *groups("items").get(name, ())]
                self._items |= dict.fromkeys(map(key, forms), item)
        self._item = any_of(self._items)

    def transfers(self, plain: str, named: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return the giver and the receiver of each item that a passage names, as they are in most other claims.

        Each is empty unless it is among the actors that the passage names.
        """
        words = (key(each.group()) for each in self._item.finditer(plain))
        items = dict.fromkeys(self._items[each] for each in words if each)
        sides = ((item, self._sides[item]) for item in items)
        return {
            item: (giver if giver in named else "", receiver if receiver in named else "")
            for item, (giver, receiver) in sides
        }

    def place(self, plain: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return the labels of the events that a passage may belong to, and the texts of the claims that resemble it.

        Both are by their ids, the likeliest first.
        """
        weights = {each: self._weights[each] for each in _stems(plain) if each in self._weights}
        shared: dict[str, float] = {}
        for stem in sorted(weights):
            for claim in self._claims[stem]:
                shared[claim] = shared.get(claim, 0.0) + weights[stem]
        norm = math.sqrt(sum(weights.values()))
        alike = {claim: weight / (norm * self._norms[claim]) for claim, weight in shared.items()}
        votes: dict[str, float] = {}
        closest = _ranked(alike)[:_NEIGHBOURS]
        for claim in closest:
            for event in self._events.get(claim, ()):
                votes[event] = votes.get(event, 0.0) + alike[claim]
        events = [each for each in _ranked(votes)[:_MOST] if votes[each] >= _LEAST_FOR_EVENTS]
        similar = [each for each in closest[:_MOST] if alike[each] >= _LEAST_FOR_SIMILAR]
        return {each: self._labels.get(each, "") for each in events}, {each: self._texts[each] for each in similar}


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
