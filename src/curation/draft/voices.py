"""Guesses who says a passage: attribution chains from cue phrases, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from curation.draft.names import Mention, NewActor, Registry, slug
from curation.draft.passages import Passage
from curation.draft.words import alternatives, key, meanings, pattern, phrases
from curation.seeds.spans import Span, normalize_punctuation

MOST_CHAINS = 3
_CLOSE = 45
"""How many characters may lie between a cue and the name that it belongs to."""
_NOUN_BEFORE = re.compile(
    r"\b(?:an?|the|this|that|its|his|her|their|no|any|such|of|in|to|s|and|for)\W+$", re.IGNORECASE
)
"""What precedes a noun, such as "report" or "claims", and not a verb."""
_PREPOSITION = re.compile(
    r"\b(?:to|of|in|with|for|by|on|from|against|at|between|over|towards?)\s+(?:the\s+)?$", re.IGNORECASE
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?:\s+\w+ly)?\s+$")
_AGENT = re.compile(r"\s+(?:\w+\s+)?by\s+(?:the\s+)?")
_AGAIN = re.compile(
    rf"(?:^|[\s\"])(?:(?P<pronoun>he|she|they|it)|the\s+(?:{alternatives({*phrases('titles'), 'official'})}))"
    r"(?:\s+(?:also|then|later|has|had|\w+ly))*\s+$",
    re.IGNORECASE,
)
"""A subject that points back to the last voice: "she also", "the minister"."""
_DESCRIBED = re.compile(r"(?:[A-Z][\w.'-]+\s+(?:and\s+)?){1,4}$")


@dataclass(frozen=True)
class Voice:
    """One voice: the actor (empty if nobody is named), how it is specified, and what it does."""

    actor: str
    specificity: str
    act: str = "asserts"


@dataclass(frozen=True)
class Chain:
    """An attribution chain after the document: its voices, which speak jointly, and the place of its cue."""

    voices: tuple[Voice, ...]
    at: int = -1
    """Where the cue is in the text."""
    reach: str = "all"
    """How far the cue reaches: over "all" of its sentence, its "clause" alone, or also what comes "after" it."""


@dataclass(frozen=True)
class _Scene:
    """A passage whose voices are looked for: its text with plain punctuation, its names, and the last voices."""

    plain: str
    mentions: Sequence[Mention]
    registry: Registry
    new: dict[str, NewActor]
    before: tuple[Voice, ...]


def find_chains(
    text: str,
    passages: Sequence[Passage],
    mentions: Sequence[Sequence[Mention]],
    registry: Registry,
    new: dict[str, NewActor],
) -> list[list[Chain]]:
    """Return the chains of each passage; the document's own statement is a chain without voices."""
    found: list[list[Chain]] = []
    before: tuple[Voice, ...] = ()
    previous: tuple[Voice, ...] = ()
    for passage, named in zip(passages, mentions, strict=True):
        start = passage.span.start
        plain = normalize_punctuation(passage.span.of(text))
        here = [replace(each, span=each.span.moved(-start)) for each in named]
        scene = _Scene(plain, here, registry, new, before)
        chains = [replace(each, at=start + each.at) for each in _cued(scene)]
        if passage.is_signed:
            signed = [each for each in here if each.actor_type == "person" and each.span.start >= plain.rfind("\n")]
            chains += [Chain((_voice(scene, each),)) for each in signed[:1]]
        if previous and not chains and _is_quoted(text, start):
            chains = [Chain(previous)]
        previous = chains[0].voices if chains else ()
        before = previous or before
        found.append([*chains, Chain(())])
    return found


def _is_quoted(text: str, start: int) -> bool:
    """Return whether a passage begins with a quotation, or inside one that its line has opened."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return text[start] in '"“' or line.count("“") > line.count("”") or line.count('"') % 2 == 1


def chains_of_clause(chains: Sequence[Chain], clause: Span, words: str) -> list[Chain]:
    """Return the likeliest chains of a clause: those whose cue reaches it, the document, and those of other clauses."""
    is_contrary = re.match(rf"\W*(?:{'|'.join(phrases('contrary'))})\b", words, re.IGNORECASE)
    ranked: dict[tuple[str, ...], tuple[int, Chain]] = {}
    for each in chains:
        is_after = each.reach == "after" and each.at < clause.start and not is_contrary
        reaches = each.reach == "all" or is_after or clause.start <= each.at < clause.end
        rank = 2 if not reaches else 0 if each.voices else 1
        actors = tuple(one.actor for one in each.voices)
        if actors not in ranked or rank < ranked[actors][0]:
            ranked[actors] = rank, each
    return [each for _, each in sorted(ranked.values(), key=lambda each: each[0])][:MOST_CHAINS]


def _cued(scene: _Scene) -> Iterator[Chain]:
    """Yield a chain for each cue phrase."""
    for match in pattern("according_to").finditer(scene.plain):
        near = [each for each in scene.mentions if 0 <= each.span.start - match.end() <= _CLOSE]
        named = _unnamed_group(scene, match.end(), match.end() + _CLOSE) or _voices(scene, near)
        if named and not scene.plain.startswith(" which", match.end()):
            yield Chain(tuple(named), match.start())
    for match in pattern("speech_verbs").finditer(scene.plain):
        for chain in _spoken(scene, match):
            yield chain
            scene = replace(scene, before=chain.voices)
    for match in pattern("unattributed").finditer(scene.plain):
        yield Chain((Voice("", "unattributed", "suggests"),), match.start(), "clause")


def _spoken(scene: _Scene, match: re.Match[str]) -> Iterator[Chain]:
    """Yield the chain of a verb of speech, if somebody is its subject."""
    before, after = scene.plain[: match.start()], scene.plain[match.end() :]
    form = key(match.group())
    agent = _AGENT.match(after)
    if _NOUN_BEFORE.search(before[-30:]) or (_PASSIVE.search(before) and not agent):
        return
    reach = "after"
    if agent:
        start = match.end() + agent.end()
        subjects = _voices(scene, [each for each in scene.mentions if 0 <= each.span.start - start <= 4][:1])
    elif (
        re.search(r'[,"]\s*$', before)
        and form not in {"told", "tells"}
        and (following := _following(scene, match.end()))
    ):
        subjects, reach = following, "all"
    else:
        subjects = _subjects(scene, match.start(), form)
    if subjects:
        yield Chain(tuple(replace(each, act=meanings("speech_verbs")[form]) for each in subjects), match.start(), reach)


def _following(scene: _Scene, at: int) -> list[Voice]:
    """Return the subject that follows its verb, as in "notes Mr Roy"."""
    after = [each for each in scene.mentions if 0 <= each.span.start - at <= _CLOSE]
    between = scene.plain[at : after[0].span.start] if after else "."
    is_apart = re.search(r"[,.;:]|\bthat\b", between.replace("Mr.", ""))
    return [] if is_apart else _voices(scene, after)


def _subjects(scene: _Scene, at: int, form: str) -> list[Voice]:
    """Return the subject before a verb."""
    clause = scene.plain[:at]
    inside = [each for each in scene.mentions if each.span.end <= at]
    persons = [each for each in inside if each.actor_type == "person"]
    if form.endswith("ing") and re.search(r"(?:,|-|\band)\s+$", clause):
        return _voices(scene, persons[:1])
    if re.search(r",\s*$", clause):
        return _voices(scene, persons) or _unnamed_group(scene, 0, at) or _voices(scene, inside)
    again = _AGAIN.search(clause)
    if again and (scene.before or again["pronoun"]):
        return [*scene.before]
    return _unnamed_group(scene, max(0, at - _CLOSE), at) or _nearest(scene, inside, at)


def _nearest(scene: _Scene, inside: Sequence[Mention], at: int) -> list[Voice]:
    """Return the last actor before a verb, if it is near: rather a person, and both of two persons."""
    near = [each for each in inside if at - each.span.end <= _CLOSE and not _describes(scene.plain, each.span)]
    persons = [each for each in near if each.actor_type == "person"][-2:]
    if persons:
        joint = _voices(scene, persons)
        return joint if len(joint) == 2 else _voices(scene, persons[-1:])
    gap = scene.plain[near[-1].span.end : at] if near else ","
    return _voices(scene, near[-1:]) if len(gap.split()) <= 4 and "," not in gap else []


def _describes(plain: str, span: Span) -> bool:
    """Return whether a name only describes another noun: "Sarn's visit", "the visit to Sarn"."""
    return plain.startswith("'s", span.end) or bool(_PREPOSITION.search(plain[: span.start]))


def _voices(scene: _Scene, mentions: Sequence[Mention]) -> list[Voice]:
    """Return the voice of the first of some mentions, and of the one that "and" joins to it."""
    between = scene.plain[mentions[0].span.end : mentions[1].span.start] if len(mentions) > 1 else ""
    return [_voice(scene, each) for each in mentions[: 2 if between.split() == ["and"] else 1]]


def _unnamed_group(scene: _Scene, start: int, end: int) -> list[Voice]:
    """Return people without a name who speak, such as "Russian sources"."""
    for match in reversed(list(pattern("group_voices").finditer(scene.plain, start, end))):
        if any(match.end() <= each.span.start < end and each.actor_type == "person" for each in scene.mentions):
            continue
        described = _DESCRIBED.search(scene.plain[: match.start()])
        adjectives = re.split(r"\s+and\s+", re.sub(r"'s\b", "", described.group())) if described else [""]
        return [_unnamed(scene, f"{each.strip()} {match.group()}".strip()) for each in adjectives]
    return []


def _unnamed(scene: _Scene, name: str) -> Voice:
    """Return the voice of people without a name, or of a body, who may be registered; "an official" may be anybody."""
    words = name.split()
    name = " ".join(each for each in words if each.lower() not in phrases("capitalized"))
    actor = f"ACT-{slug(name)}"
    is_group, is_person = name.endswith("s"), words[-1] in phrases("unnamed_officials")
    if actor not in scene.registry.types:
        actor_type = "group" if is_group else "person" if is_person else "government_body"
        if is_group or name.casefold() not in phrases("group_voices"):
            scene.new.setdefault(actor, NewActor(actor, name, actor_type))
        else:
            actor = ""
    return Voice(actor, "unnamed_group" if is_group else "unnamed_official" if is_person else "named_body")


def _voice(scene: _Scene, who: Mention) -> Voice:
    by_type = {"person": "named_person", "group": "unnamed_group"}.get(who.actor_type, "named_body")
    is_unnamed = {*who.span.of(scene.plain).lower().split()} & {*phrases("unnamed_officials")}
    return Voice(who.actors[0], "metonym" if who.is_metonym else "unnamed_official" if is_unnamed else by_type)
