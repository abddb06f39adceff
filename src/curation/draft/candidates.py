"""Puts a draft together: one candidate for each passage of a text, with all that its words suggest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from curation.draft.cues import Cues, read_cues
from curation.draft.names import Mention, NewActor, Registry, find_new, find_registered, longest
from curation.draft.passages import split_clauses, split_passages
from curation.draft.similar import MOST, Dataset
from curation.draft.voices import Chain, chains_of_clause, find_chains
from curation.seeds.spans import Span
from russia_dprk_claims.checks.tables import TextTables


@dataclass(frozen=True)
class ActorGuess:
    """An actor of a claim: its id, the words that name it, how they do, and others whom they may mean."""

    actor: str
    words: str
    resolution: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A candidate for a claim, or for a passage to set aside if it has a reason."""

    span: Span
    reason: str | None
    cues: Cues = field(default_factory=Cues)
    chains: tuple[Chain, ...] = ()
    actors: tuple[ActorGuess, ...] = ()
    topics: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """The candidates of a text, in order, the actors that the registry lacks, and whether the text goes on."""

    candidates: tuple[Candidate, ...]
    new_actors: tuple[NewActor, ...]
    is_cut: bool = False


def draft(text: str, tables: TextTables, without: str | None = None) -> Draft:
    """Make the draft of a text.

    Parameters
    ----------
    text : str
        The text, of at most `passages.LONGEST_TEXT` code points.
    tables : mapping of str to TextTable
        The dataset, with its registry of actors.
    without : str, optional
        A source whose rows, names and actors are left out, as if it were not yet in the dataset.
    """
    registry, dataset = Registry(tables, without), Dataset.of(tables, without)
    known = find_registered(text, registry)
    found, new = find_new(text, known, registry)
    passages, is_cut = split_passages(text)
    mentions = longest([*known, *found])
    chains = find_chains(text, passages, _by_span(mentions, [each.span for each in passages]), registry, new)
    candidates: list[Candidate] = []
    for passage, ranked in zip(passages, chains, strict=True):
        if passage.reason:
            candidates.append(Candidate(passage.span, passage.reason))
            continue
        clauses = [passage.span] if passage.is_signed else split_clauses(text, passage.span)
        for clause, inside in zip(clauses, _by_span(mentions, clauses), strict=True):
            candidates.append(_candidate(text, clause, inside, ranked, dataset))
    used = {each.actor for one in candidates for each in one.actors}
    used |= {voice.actor for one in candidates for chain in one.chains for voice in chain.voices}
    return Draft(tuple(candidates), tuple(each for key, each in sorted(new.items()) if key in used), is_cut)


def _candidate(
    text: str, span: Span, mentions: Sequence[Mention], chains: Sequence[Chain], dataset: Dataset
) -> Candidate:
    words = span.of(text)
    cues = read_cues(text, span)
    ranked = chains_of_clause(chains, span, words, cues)
    if any(each.act == "denies" for each in ranked[0].voices):
        cues = replace(cues, polarity="denied")
    return Candidate(
        span,
        None,
        cues,
        tuple(ranked),
        tuple(_actors(text, mentions, {each.actor for each in ranked[0].voices})),
        dataset.topics_of(words),
        dataset.events_of(words),
        _keys(dataset.items.nearest(words, 0.3)),
        _keys(dataset.claims.nearest(words, 0.35)),
    )


def _keys(nearest: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    return tuple(key for _, key in nearest[:MOST])


def _by_span(mentions: Sequence[Mention], spans: Sequence[Span]) -> list[list[Mention]]:
    """Return the mentions inside each of some spans, all in the order of the text."""
    starts = [each.span.start for each in mentions]
    return [
        [
            each
            for each in mentions[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            if each.span in span
        ]
        for span in spans
    ]


def _actors(text: str, mentions: Sequence[Mention], voices: set[str]) -> Iterator[ActorGuess]:
    """Yield each actor of a passage once, but not its voices, in the order of their first mentions."""
    seen = set(voices)
    for each in mentions:
        if each.actors[0] not in seen:
            seen.add(each.actors[0])
            yield ActorGuess(each.actors[0], each.span.of(text), each.resolution, each.actors[1:])
