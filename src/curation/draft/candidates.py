"""Puts a draft together: one candidate for each passage of a text, with all that its words suggest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from curation.draft.cues import Cues, read_cues
from curation.draft.guesses import Dataset, guess_time
from curation.draft.names import Mention, NewActor, Registry, find_new, find_registered, longest
from curation.draft.passages import split_clauses, split_passages
from curation.draft.voices import Chain, chains_of_clause, find_chains
from curation.seeds.spans import Span, normalize_punctuation
from russia_dprk_claims.checks.tables import TextTables


@dataclass(frozen=True)
class Candidate:
    """A candidate for a claim, or for a passage to set aside if it has a reason."""

    span: Span
    reason: str | None
    cues: Cues = field(default_factory=Cues)
    chains: tuple[Chain, ...] = ()
    actors: tuple[Mention, ...] = ()
    """The first mention of each actor who is not a voice of the first chain."""
    time: str = ""
    """The guessed `temporal_status`; empty if the words leave it open."""
    events: Mapping[str, str] = field(default_factory=dict)
    """The labels of guessed events, by their ids, the likeliest first."""
    transfers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The giver and the receiver of items that may be transferred, each empty if it is open."""
    similar: Mapping[str, str] = field(default_factory=dict)
    """The texts of claims of the dataset that resemble it, by their ids."""


@dataclass(frozen=True)
class Draft:
    """The candidates of a text, in order, and the actors that the registry lacks."""

    candidates: tuple[Candidate, ...]
    new_actors: tuple[NewActor, ...]


def draft(text: str, tables: TextTables, without: str | None = None) -> Draft:
    """Make the draft of a text.

    Parameters
    ----------
    text : str
        The text, of at most `passages.LONGEST_TEXT` code points.
    tables : mapping of str to TextTable
        The dataset, with its registry of actors.
    without : str, optional
        A source whose names and actors are left out, as if it were not yet in the dataset.
    """
    registry = Registry(tables, without)
    known = find_registered(text, registry)
    found, new = find_new(text, known)
    passages = split_passages(text)
    mentions = longest([*known, *found])
    plain, dataset = normalize_punctuation(text), Dataset(tables, without)
    chains = find_chains(text, passages, _by_span(mentions, [each.span for each in passages]), registry, new)
    candidates: list[Candidate] = []
    for passage, ranked in zip(passages, chains, strict=True):
        if passage.reason:
            candidates.append(Candidate(passage.span, passage.reason))
            continue
        clauses = [passage.span] if passage.is_signed else split_clauses(text, passage.span)
        for clause, inside in zip(clauses, _by_span(mentions, clauses), strict=True):
            likely = chains_of_clause(ranked, clause, clause.of(text))
            speaking = {each.actor for each in likely[0].voices}
            # The first mention of each actor.
            first = {each.actors[0]: each for each in reversed(inside) if each.actors[0] not in speaking}
            actors = sorted(first.values(), key=lambda each: each.span)
            here = [replace(each, span=each.span.moved(-clause.start)) for each in actors]
            words = clause.of(plain)
            events, similar = dataset.place(words)
            candidates.append(
                Candidate(
                    span=clause,
                    reason=None,
                    cues=read_cues(text, clause),
                    chains=tuple(likely),
                    actors=tuple(actors),
                    time=guess_time(words, here),
                    events=events,
                    transfers=dataset.transfers(words, {each.actors[0] for each in inside}),
                    similar=similar,
                )
            )
    used = {each.actors[0] for one in candidates for each in one.actors}
    used |= {voice.actor for one in candidates for chain in one.chains for voice in chain.voices}
    return Draft(tuple(candidates), tuple(each for key, each in sorted(new.items()) if key in used))


def _by_span(mentions: Sequence[Mention], spans: Sequence[Span]) -> list[list[Mention]]:
    """Return the mentions inside each of some spans, all in the order of the text."""
    starts = [each.span.start for each in mentions]
    found = []
    for span in spans:
        beginning = mentions[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        found.append([each for each in beginning if each.span in span])
    return found
