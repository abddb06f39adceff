"""Guesses what needs more than one word: topic, time, transfers, events and similar claims.

A draft marks each guess, so that a record which still has one is refused: no guess is accepted without a look.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from curation.draft.names import Mention
from curation.draft.words import any_of, groups, key, meanings, pattern
from russia_dprk_claims.checks.tables import TextTables

MOST = 3
"""How many topics, events and similar claims are ranked."""
_TOKEN = re.compile(r"[^\W\d_]{3,}|\d+")
_STEM = 6
_NEIGHBOURS = 7
_LEAST_FOR_EVENTS = 0.7
_LEAST_FOR_SIMILAR = 0.3
_SIDES = {"from": "giver", "by": "giver", "to": "receiver", "for": "receiver"}
"""The side of a transfer that the word before an actor suggests."""
_PAST = re.compile(r"\s+(?:(?:also|\w+ly)\s+)?\w{2,}ed\b")
"""A regular verb in the past, after its subject."""


@dataclass(frozen=True)
class Transfer:
    """A transfer: who gives, who receives, the item, and how far it got."""

    giver_id: str
    receiver_id: str
    item_id: str
    realization: str


@dataclass(frozen=True)
class Guesses:
    """What is guessed of a passage, the likeliest first; empty where the words give no cue."""

    topics: tuple[str, ...] = ()
    time: str = ""
    transfers: tuple[Transfer, ...] = ()
    events: Mapping[str, str] = field(default_factory=dict)
    """Labels of events, by their ids."""
    similar: Mapping[str, str] = field(default_factory=dict)
    """Claims of the dataset, by their ids."""


class Dataset:
    """The items, events and claims of a dataset, among which a passage is placed."""

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
        used = {each["item_id"] for each in tables["transfers"].rows() if each["claim_id"] in claims}
        self._items: dict[str, str] = {}
        for each in tables["items"].rows():
            name, item = (each["name"] or "").lower(), each["item_id"] or ""
            if not without or item in used:
                forms = [name, name.removesuffix("s"), *groups("items").get(name, ())]
                self._items |= dict.fromkeys(map(key, forms), item)
        self._item = any_of(self._items)

    def items(self, plain: str) -> dict[str, int]:
        """Return the items that a passage names, the longest where names overlap, and where it first names each."""
        found: dict[str, int] = {}
        for match in self._item.finditer(plain) if self._items else ():
            found.setdefault(self._items[key(match.group())], match.start())
        return found

    def place(self, plain: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return the events that a passage may belong to, and the claims that resemble it."""
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
        events = [each for each in _ranked(votes)[:MOST] if votes[each] >= _LEAST_FOR_EVENTS]
        similar = [each for each in _ranked(alike)[:MOST] if alike[each] >= _LEAST_FOR_SIMILAR]
        return {each: self._labels.get(each, "") for each in events}, {each: self._texts[each] for each in similar}


def _stems(text: str) -> set[str]:
    """Return the words of a text, cut to their beginnings, so that "shells" finds "shell" and "supplies" "supply"."""
    return {each.lower()[:_STEM].rstrip("sy") for each in _TOKEN.findall(text)}


def _ranked(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda each: (-scores[each], each))


def guess(plain: str, sentence: str, mentions: Sequence[Mention], dataset: Dataset, states: Sequence[str]) -> Guesses:
    """Return the guesses on a passage.

    Parameters
    ----------
    plain : str
        The passage with plain punctuation.
    sentence : str
        The sentence of which it is a clause; it gives the topic if the passage has no word for one.
    mentions : sequence of Mention
        The actors that it names, with spans in it.
    dataset : Dataset
        Where items, events and similar claims are looked for.
    states : sequence of str
        The states that the text names, the most frequent first: one of them may be the unnamed side of a transfer.
    """
    time = _time(plain, mentions)
    transfers = tuple(_transfers(plain, mentions, dataset, time, states))
    events, similar = dataset.place(plain)
    return Guesses(_topics(plain) or _topics(sentence), time, transfers, events, similar)


def _topics(plain: str) -> tuple[str, ...]:
    """Return the topics with most words in a passage, those first that the list has first."""
    found = Counter(meanings("topics")[key(each.group())] for each in pattern("topics").finditer(plain))
    order = [*groups("topics")]
    return tuple(sorted(found, key=lambda each: (-found[each], order.index(each)))[:MOST])


def _time(plain: str, mentions: Sequence[Mention]) -> str:
    """Return the time of a passage by its words."""
    found = {meanings("times")[key(each.group())] for each in pattern("times").finditer(plain) if each.group() != "May"}
    if any(_PAST.match(plain, each.span.end) for each in mentions):
        found.add("past")
    return next((each for each in groups("times") if each in found), "ongoing")


def _transfers(
    plain: str, mentions: Sequence[Mention], dataset: Dataset, time: str, states: Sequence[str]
) -> Iterator[Transfer]:
    """Yield a transfer of each item that a passage names, if a verb of giving or receiving is there."""
    items = dataset.items(plain)
    found = list(pattern("transfer_verbs").finditer(plain)) if items else []
    if not found or not mentions:
        return
    verb = min(found, key=lambda each: abs(each.start() - next(iter(items.values()))))
    giver, receiver = _sides(plain, mentions, verb, states)
    word = pattern("realizations").search(plain)
    by_time = {"past": "occurred", "ongoing": "ongoing"}.get(time, "expected")
    if giver and receiver:
        for item in items:
            yield Transfer(giver, receiver, item, meanings("realizations")[key(word.group())] if word else by_time)


def _sides(plain: str, mentions: Sequence[Mention], verb: re.Match[str], states: Sequence[str]) -> tuple[str, str]:
    """Return who gives and who receives, by prepositions, possessives and the order of words; empty if unknown."""
    sides: dict[str, str] = {}
    before, after = (
        ("giver", "receiver") if meanings("transfer_verbs")[key(verb.group())] == "gives" else ("receiver", "giver")
    )
    for each in sorted(mentions, key=lambda each: abs(each.span.start - verb.start())):
        is_possessive = each.resolution == "variant" or plain.startswith("'s", each.span.end)
        by_place = "giver" if is_possessive else before if each.span.end <= verb.start() else after
        if each.actors[0] not in sides.values():
            sides.setdefault(_SIDES.get(_preceding(plain, each), by_place), each.actors[0])
    for side in ("giver", "receiver"):
        sides.setdefault(side, next((each for each in states if each not in sides.values()), ""))
    return sides["giver"], sides["receiver"]


def _preceding(plain: str, mention: Mention) -> str:
    """Return the word before a name, or before its article."""
    words = plain[: mention.span.start].lower().removesuffix("the ").split()
    return words[-1] if words else ""
