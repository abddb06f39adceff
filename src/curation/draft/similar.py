"""Finds the claims, events and items of a dataset that share rare words with a passage."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from russia_dprk_claims.checks.tables import TextTables

MOST = 3
_TOKEN = re.compile(r"[^\W\d_]{3,}|\d+")
_STEM = 6
_VOTERS = 7
_LEAST_FOR_EVENTS = 0.5


def tokens(text: str) -> set[str]:
    """Return the words of a text, cut to their beginnings, so that "shells" finds "shell" and "supplies" "supply"."""
    return {each.lower()[:_STEM].rstrip("sy") for each in _TOKEN.findall(text)}


@dataclass(frozen=True)
class Index:
    """Texts by key, with the weight of every word: the rarer, the heavier."""

    texts: Mapping[str, set[str]]
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Index:
        """Make an index of some texts."""
        words = {key: tokens(text) for key, text in texts.items()}
        counts = Counter(each for found in words.values() for each in found)
        return cls(words, {each: math.log((len(words) + 1) / number) for each, number in counts.items()})

    def nearest(self, text: str, least: float = 0.25) -> list[tuple[float, str]]:
        """Return the texts that share the heaviest words with a text, the nearest first, with their scores."""
        words = tokens(text)
        weight = sum(self.weights.get(each, 0.0) for each in words) or 1.0
        scored = []
        for key, others in self.texts.items():
            shared = sum(self.weights[each] for each in words & others)
            if shared:
                scored.append((shared / math.sqrt(weight * sum(self.weights[each] for each in others)), key))
        return [(score, key) for score, key in sorted(scored, key=lambda each: (-each[0], each[1])) if score >= least]


@dataclass(frozen=True)
class Dataset:
    """The claims, events and items among which a passage is placed."""

    claims: Index
    events: Index
    items: Index
    topics: Mapping[str, str]
    links: Mapping[str, Sequence[str]]
    """The events of each claim."""

    @classmethod
    def of(cls, tables: TextTables, without: str | None = None) -> Dataset:
        """Read the dataset; `without` leaves out what rests on this source alone."""
        rows = [
            each
            for each in tables["claims"].rows()
            if each["claim_text"]
            and each["record_status"] != "withdrawn"
            and (not without or each["source_id"] != without)
        ]
        texts = {each["claim_id"] or "": each["claim_text"] or "" for each in rows}
        links: dict[str, list[str]] = {}
        for each in tables["claim_events"].rows():
            if each["claim_id"] in texts:
                links.setdefault(each["claim_id"] or "", []).append(each["event_id"] or "")
        used = {event for events in links.values() for event in events}
        events = {
            key: label for key, label in _named(tables, "events", "event_id", "label") if key in used or not without
        }
        return cls(
            Index.of(texts),
            Index.of(events),
            Index.of(dict(_named(tables, "items", "item_id", "name"))),
            {each["claim_id"] or "": each["topic"] or "" for each in rows},
            links,
        )

    def topics_of(self, text: str) -> tuple[str, ...]:
        """Return the topics of the claims that are nearest to a text, the likeliest first."""
        votes: dict[str, float] = {}
        for score, claim in self.claims.nearest(text, 0.0)[:_VOTERS]:
            votes[self.topics[claim]] = votes.get(self.topics[claim], 0.0) + score
        return tuple(sorted(votes, key=lambda each: (-votes[each], each))[:MOST])

    def events_of(self, text: str) -> tuple[str, ...]:
        """Return the events that share the most with a text, by their labels and by their claims."""
        votes = {event: score for score, event in self.events.nearest(text, 0.0)}
        for score, claim in self.claims.nearest(text, 0.15)[:_VOTERS]:
            for event in self.links.get(claim, ()):
                votes[event] = votes.get(event, 0.0) + score
        likely = [each for each in votes if votes[each] >= _LEAST_FOR_EVENTS]
        return tuple(sorted(likely, key=lambda each: (-votes[each], each))[:MOST])


def _named(tables: TextTables, table: str, key: str, name: str) -> Iterable[tuple[str, str]]:
    cells = tables[table].cells
    return ((each or "", label or "") for each, label in zip(cells[key], cells[name], strict=True))
