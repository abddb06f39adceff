"""Guesses who says a passage: attribution chains from cue phrases, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from curation.draft.cues import Cues
from curation.draft.names import Mention, NewActor, Registry, slug
from curation.draft.passages import Passage
from curation.draft.quotations import group_quotations, outside_quotations
from curation.draft.words import groups, pattern, phrases, verb_pattern, verbs
from curation.seeds.spans import Span, normalize_punctuation

MOST_CHAINS = 3
# Scores of chains: the better the cue, the higher; the document stands between the cues and the guesses.
_ACCORDING, _INVERTED, _ANNOUNCED = 8, 8, 7
_VERB_THAT, _SHARED, _VERB, _VAGUE = 6, 6, 5, 5
_DOCUMENT, _FAR, _BEFORE = 4, 3, 1
_CLOSE = 45
"""How many characters may lie between a cue and the name that it belongs to."""
_STRONG = re.compile(
    r"(?:\s+(?:\w+ly|(?:last|this|in|on|at|to)\s+(?:the\s+)?[\w-]+|\d{4}|the\s+\w+(?=\s+that)))*"
    r"\s*(?:,\s*)?(?:\bthat\b|\bhow\b|\bwhether\b|[\":,])"
)
"""What follows a verb that passes something on: "said last week that", "said:"."""
_NOUN_BEFORE = re.compile(
    r"\b(?:an?|the|this|that|its|his|her|their|no|any|such|of|in|to|s|and|for)\W+$", re.IGNORECASE
)
"""What precedes a noun, such as "report" or "claims", and not a verb."""
_ADDRESSED = frozenset({"tell", "tells", "told", "telling", "assured", "urged", "warned", "accused", "blamed"})
"""Verbs whose following name is that of the listener."""
_PREPOSITION = re.compile(
    r"\b(?:to|of|in|with|for|by|on|from|against|at|between|over|towards?)\s+(?:the\s+)?$", re.IGNORECASE
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?:\s+\w+ly)?\s+$")
_AGENT = re.compile(r"\s+(?:\w+\s+)?by\s+(?:the\s+)?")
_ADVERBS = re.compile(r"\s+(?:has|have|had|also|further|already|then|\w+ly|did|will|would|not)(?=\s)")
_DESCRIBED = re.compile(r"(?:[A-Z][\w.'-]+\s+(?:and\s+)?){1,4}$")
_EXPERT = re.compile(r"^,[^.]*\b(?:expert|analyst|fellow|specialist|professor|researcher|scholar|director)\b")


@dataclass(frozen=True)
class Voice:
    """One voice: the actor (empty if nobody is named), how it is specified, what it does, on what it relies."""

    actor: str
    specificity: str
    act: str = "asserts"
    evidence: str = "none_stated"


@dataclass(frozen=True)
class Chain:
    """An attribution chain after the document: its voices, which speak jointly, and the cue that gives it."""

    voices: tuple[Voice, ...]
    cue: str
    score: int
    at: int = -1
    """Where the cue is in the text."""
    reach: str = "all"
    """How far the cue reaches: over "all" of its sentence, its "clause" alone, or also what comes "after" it."""


@dataclass(frozen=True)
class _Scene:
    """A passage whose voices are looked for: its text with plain punctuation, without quotations, and its names."""

    plain: str
    outside: str
    mentions: Sequence[Mention]
    registry: Registry
    new: dict[str, NewActor]
    before: tuple[Voice, ...]
    """The voices of the passages before."""


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
    for passage, named in zip(passages, mentions, strict=True):
        start, words = passage.span.start, passage.span.of(text)
        plain = normalize_punctuation(words)
        here = [replace(each, span=Span(each.span.start - start, each.span.end - start)) for each in named]
        scene = _Scene(plain, outside_quotations(plain, words), here, registry, new, before)
        chains = [replace(each, at=start + each.at) for each in _cued(scene)]
        if passage.is_signed:
            signed = [each for each in here if each.actor_type == "person" and each.span.start >= plain.rfind("\n")]
            chains += [Chain((_voice(scene, each),), "signed below", _ACCORDING) for each in signed[:1]]
        found.append(chains)
        before = _best(chains).voices if chains else before
    _share_quotations(text, passages, found)
    before = ()
    for chains in found:
        voices = _best(chains).voices if chains else ()
        chains.append(Chain((), "the document itself", _DOCUMENT))
        if before:
            chains.append(Chain(tuple(replace(each, act="asserts") for each in before), "the voice before", _BEFORE))
        before = voices or before
    return found


def chains_of_clause(chains: Sequence[Chain], clause: Span, words: str, cues: Cues) -> list[Chain]:
    """Return the three likeliest chains of a clause; a cue of another clause that does not reach it counts less."""
    is_contrary = re.match(rf"\W*(?:{'|'.join(phrases('contrary'))})\b", words, re.IGNORECASE)
    unique: dict[tuple[str, ...], Chain] = {}
    for each in chains:
        is_after = each.reach == "after" and each.at < clause.start and not is_contrary
        reaches = each.reach == "all" or is_after or clause.start <= each.at < clause.end
        chain = replace(each, voices=tuple(acting(one, cues) for one in each.voices))
        chain = chain if reaches else replace(chain, score=min(each.score, _FAR))
        actors = tuple(one.actor for one in each.voices)
        if actors not in unique or unique[actors].score < chain.score:
            unique[actors] = chain
    return sorted(unique.values(), key=lambda each: -each.score)[:MOST_CHAINS]


def acting(voice: Voice, cues: Cues) -> Voice:
    """Return a voice with the act that the words of its passage suggest, if its verb is a neutral one."""
    if voice.act != "asserts" or not (cues.modality == "possible" or cues.is_forecast):
        return voice
    return replace(voice, act="suggests" if cues.modality == "possible" else "predicts")


def _best(chains: Sequence[Chain]) -> Chain:
    return max(chains, key=lambda each: each.score)


def _share_quotations(text: str, passages: Sequence[Passage], found: list[list[Chain]]) -> None:
    """Give the passages of one quotation the voice that any of them names, or that of the passage before."""
    for group in filter(None, group_quotations(text, passages)):
        spoken = [_best(found[each]) for each in group if found[each]]
        if not spoken and text[passages[group[0]].span.start] in '"“' and group[0] and found[group[0] - 1]:
            spoken = [_best(found[group[0] - 1])]
        for each in group if spoken else ():
            if not found[each]:
                found[each].append(replace(spoken[0], cue="the same quotation", score=_SHARED, reach="all"))


def _cued(scene: _Scene) -> Iterator[Chain]:
    """Yield a chain for each cue phrase outside quotations."""
    yield from _according_to(scene)
    yield from _announced(scene)
    for match in verb_pattern("speech_verbs").finditer(scene.outside):
        yield from _spoken(scene, match)
    for match in pattern("unattributed").finditer(scene.outside):
        words = " ".join(match.group().lower().split())
        act = next((act for act, listed in groups("unattributed_acts").items() if words in listed), "suggests")
        yield Chain((Voice("", "unattributed", act),), _quoted(match), _VAGUE, match.start(), "clause")


def _quoted(match: re.Match[str]) -> str:
    return f"“{' '.join(match.group().split())}”"


def _according_to(scene: _Scene) -> Iterator[Chain]:
    for match in pattern("according_to").finditer(scene.outside):
        after = scene.outside[match.end() :]
        near = [each for each in scene.mentions if 0 <= each.span.start - match.end() <= _CLOSE]
        end = near[0].span.start if near and near[0].actor_type in {"person", "group"} else match.end() + _CLOSE
        named = _unnamed_group(scene, match.end(), end) or _with_joint(scene, near)
        if named and not after.lstrip().startswith("wh"):
            act = "estimates" if re.search(r"assess|estimat", after[:20]) else "asserts"
            is_last = match.start() > len(scene.plain) / 2 and not re.search(r"[,;]", after[_CLOSE:])
            reach = "after" if match.start() < 4 else "all" if is_last else "clause"
            voices = tuple(_voice(scene, each, act) for each in named)
            yield Chain(voices, _quoted(match), _ACCORDING, match.start(), reach)


def _announced(scene: _Scene) -> Iterator[Chain]:
    """Yield the voices of "the ministry's statement"."""
    nouns = re.compile(rf"(?:'s)?\s+(?:\w+\s+)?{pattern('speech_nouns').pattern}", re.IGNORECASE)
    for each in scene.mentions:
        match = nouns.match(scene.outside, each.span.end)
        if match and "'s" in scene.outside[each.span.end - 2 : each.span.end + 2]:
            yield Chain((_voice(scene, each),), _quoted(match), _ANNOUNCED, each.span.end, "after")


def _spoken(scene: _Scene, match: re.Match[str]) -> Iterator[Chain]:
    """Yield the chain of a verb of speech, if somebody is its subject."""
    before, after = scene.outside[: match.start()], scene.outside[match.end() :]
    form = " ".join(match.group().lower().split())
    if _NOUN_BEFORE.search(before[-30:]):
        return
    is_base = form + "s" in verbs("speech_verbs")
    is_strong = bool(_STRONG.match(after)) or not (is_base or after.strip(" ."))
    score, reach = _VERB_THAT if is_strong else _VERB, "after"
    agent = _AGENT.match(after)
    if agent or _PASSIVE.search(before):
        start = match.end() + agent.end() if agent else -1
        subjects: Sequence[Mention | Voice] = [each for each in scene.mentions if 0 <= each.span.start - start <= 4][:1]
        subjects = subjects if agent else []
    elif re.search(r'[,"]\s*$', before) and form not in _ADDRESSED and (following := _following(scene, match.end())):
        subjects, score, reach = following, _INVERTED, "all"
    elif before.rstrip().endswith('"'):
        return
    else:
        subjects = _subjects(scene, match.start(), form)
        reach = "clause" if re.search(r"\bwho\b[\w\s]{0,20}$", before) else reach
    is_person = bool(subjects) and (not isinstance(subjects[0], Mention) or subjects[0].actor_type == "person")
    if subjects and (is_strong or is_person or form not in verbs("weak_verbs")):
        voices = tuple(_voice(scene, each, verbs("speech_verbs")[form]) for each in subjects)
        yield Chain(voices, _quoted(match), score + is_person, match.start(), reach)


def _following(scene: _Scene, at: int) -> list[Mention | Voice]:
    """Return the subject that follows its verb, as in "notes Mr Roy"."""
    after = [each for each in scene.mentions if 0 <= each.span.start - at <= _CLOSE]
    between = scene.plain[at : after[0].span.start] if after else "."
    if re.search(r"[,.;:]|\bthat\b", between.replace("Mr.", "")):
        return []
    persons = [each for each in after if each.actor_type == "person" and "," not in scene.plain[at : each.span.start]]
    return _with_joint(scene, persons or (after if len(between.split()) <= 2 else []))


def _subjects(scene: _Scene, at: int, form: str) -> list[Mention | Voice]:
    """Return the subject before a verb."""
    inside = [each for each in scene.mentions if each.span.end <= at]
    persons = [each for each in inside if each.actor_type == "person"]
    clause = _ADVERBS.sub(" ", scene.outside[:at])
    if re.search(r"\bwho\s+$", clause):
        return _with_joint(scene, inside[-1:])
    if form.endswith("ing") and re.search(r"(?:,|-|\band)\s+$", clause):
        return [*persons[:1]]
    if re.search(r",\s*$", clause):
        return _with_joint(scene, persons) or _unnamed_group(scene, 0, at) or _with_joint(scene, inside)
    if re.search(r"(?:^|[\s\"])(?:he|she|they|it)\s+$", clause, re.IGNORECASE):
        return list(scene.before)
    return _unnamed_group(scene, max(0, at - _CLOSE), at) or _nearest(scene, inside, at)


def _nearest(scene: _Scene, inside: Sequence[Mention], at: int) -> list[Mention | Voice]:
    """Return the last actor before a verb, if it is near: rather a person, and both of two persons."""
    near = [each for each in inside if at - each.span.end <= _CLOSE and not _is_no_subject(scene, each)]
    persons = [each for each in near if each.actor_type == "person"][-2:]
    if persons:
        return [*persons] if len(_with_joint(scene, persons)) == 2 else [*persons[-1:]]
    gap = scene.outside[near[-1].span.end : at] if near else ","
    return [near[-1]] if len(gap.split()) <= 4 and "," not in gap else []


def _is_no_subject(scene: _Scene, mention: Mention) -> bool:
    """Return whether a mention only describes another noun: "Russian shells", "Sarn's visit", "the visit to Sarn"."""
    before, after = scene.outside[: mention.span.start], scene.outside[mention.span.end :]
    is_adjective = mention.actor_type != "person" and mention.resolution == "variant" and re.match(r"\s+[a-z]", after)
    return bool(is_adjective or _PREPOSITION.search(before) or mention.span.of(scene.outside).endswith("'s"))


def _with_joint(scene: _Scene, mentions: Sequence[Mention]) -> list[Mention | Voice]:
    """Return the first of some mentions, with the one that "and" joins to it."""
    is_joint = len(mentions) > 1 and re.fullmatch(
        r"\s+and\s+", scene.plain[mentions[0].span.end : mentions[1].span.start]
    )
    return list(mentions[: 2 if is_joint else 1])


def _unnamed_group(scene: _Scene, start: int, end: int) -> list[Mention | Voice]:
    """Return people without a name who speak, such as "Russian sources" or "officials in Seoul"."""
    for match in reversed(list(pattern("group_voices").finditer(scene.outside, start, end))):
        if any(match.end() <= each.span.start < end and each.actor_type == "person" for each in scene.mentions):
            continue
        inside = [each for each in scene.mentions if each.span.start <= match.start() and match.end() <= each.span.end]
        if inside:
            return [*inside[:1]]
        seat = re.match(r"s?\s+in\s+", scene.outside[match.end() - 1 :]) if match.group().endswith("s") else None
        seats = [each for each in scene.mentions if seat and each.span.start == match.end() - 1 + seat.end()]
        if seats:
            named = _with_joint(scene, [each for each in scene.mentions if each.span >= seats[0].span])
            return [replace(_voice(scene, each), specificity="unnamed_group") for each in named]
        described = _DESCRIBED.search(scene.outside[: match.start()])
        adjectives = re.split(r"\s+and\s+", re.sub(r"'s\b", "", described.group())) if described else [""]
        return [_unnamed(scene, f"{each.strip()} {match.group()}".strip()) for each in adjectives]
    return []


def _unnamed(scene: _Scene, name: str) -> Voice:
    """Return the voice of people without a name, or of a body, who may be registered."""
    words = name.split()
    name = " ".join(each for each in words if each.lower() not in phrases("capitalized"))
    actor = f"ACT-{slug(name)}"
    is_group, is_person = name.endswith("s"), words[-1] in phrases("unnamed_officials")
    if actor not in scene.registry.types:
        actor_type = "group" if is_group else "person" if is_person else "government_body"
        scene.new.setdefault(actor, NewActor(actor, name, actor_type))
    return Voice(actor, "unnamed_group" if is_group else "unnamed_official" if is_person else "named_body")


def _voice(scene: _Scene, who: Mention | Voice, act: str = "asserts") -> Voice:
    """Return an actor as a voice that does what the verb says."""
    if isinstance(who, Voice):
        return replace(who, act=act)
    specificity = {"person": "named_person", "group": "unnamed_group"}.get(who.actor_type, "named_body")
    if who.is_metonym:
        specificity = "metonym"
    elif re.search(rf"\b(?:{'|'.join(phrases('unnamed_officials'))})\b", who.span.of(scene.plain)):
        specificity = "unnamed_official"
    described = scene.plain[who.span.end : who.span.end + 100]
    is_expert = specificity == "named_person" and _EXPERT.search(described)
    return Voice(who.actors[0], specificity, act, "judgement" if is_expert else "none_stated")
