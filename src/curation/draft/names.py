"""Finds actors in a text: registered names, forms derived from them, and names that no actor has yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import ahocorasick

from curation.draft.words import any_of, groups, meanings, phrases, verbs
from curation.seeds.spans import Span, normalize_punctuation
from russia_dprk_claims.checks.tables import TextTables

_CAPITALIZED = r"(?:[A-Z][\w'-]{0,3}\.(?=\s[A-Z])|[A-Z][\w'-]*)"
_NAME = re.compile(rf"{_CAPITALIZED}(?:[ \t]+(?:(?:of|for|de|van|von|al|&)[ \t]+(?:the[ \t]+)?)?{_CAPITALIZED}){{0,7}}")
_MOST_WORDS = 6


@dataclass(frozen=True, order=True)
class Mention:
    """Where an actor is named: the span, the actors whom the words may mean, and how the words name them."""

    span: Span
    actors: tuple[str, ...]
    actor_type: str = field(compare=False)
    resolution: str = field(compare=False, default="exact")
    is_metonym: bool = field(compare=False, default=False)


@dataclass(frozen=True)
class NewActor:
    """An actor that is not in the registry: its id and type as guessed, its name, and where it is first named."""

    actor_id: str
    name: str
    actor_type: str


class Registry:
    """The registered names, each with its actors."""

    def __init__(self, tables: TextTables, without: str | None = None) -> None:
        """Read the registry; `without` leaves out the names and actors that only this source needs."""
        left_out = _only_in(tables, without) if without else set()
        actors = tables["actors"].cells
        self.types = {
            key or "": value or "" for key, value in zip(actors["actor_id"], actors["actor_type"], strict=True)
        }
        self.names: dict[str, list[tuple[str, str, str]]] = {}
        cells = tables["actor_names"].cells
        rows = zip(*(cells[each] for each in ("name", "actor_id", "name_type", "source_id")), strict=True)
        for name, actor, name_type, source in rows:
            if name and actor and actor not in left_out and not (without and source == without):
                self._add(name, actor, name_type or "")
        self._add_derived_forms()

    def _add(self, name: str, actor: str, name_type: str) -> None:
        entries = self.names.setdefault(_key(name), [])
        if actor not in (each[1] for each in entries):
            entries.append((normalize_punctuation(name), actor, name_type))

    def _add_derived_forms(self) -> None:
        """Add the adjectives of registered states, and the family names of persons."""
        for state, forms in groups("demonyms").items():
            for _, actor, name_type in self.names.get(_key(state), [])[:1]:
                if name_type == "preferred":
                    for form in forms:
                        self._add(form, actor, "variant")
        for name, actor, _ in [each for entries in list(self.names.values()) for each in entries]:
            if self.types.get(actor) == "person":
                for part in family_names(name):
                    self._add(part, actor, "variant")


def _only_in(tables: TextTables, source: str) -> set[str]:
    """Return the actors that only rows of one source name."""
    uses: dict[str, set[bool]] = {}
    for table in ("claim_actors", "claim_attributions"):
        cells = tables[table].cells
        for actor, claim in zip(cells["actor_id"], cells["claim_id"], strict=True):
            uses.setdefault(actor or "", set()).add((claim or "").startswith(f"{source}-"))
    return {actor for actor, inside in uses.items() if inside == {True}}


def family_names(name: str) -> list[str]:
    """Return the part of a person's name by which a text may go on: the last word, or the first if it is Korean."""
    words = [each for each in name.split() if each.lower().rstrip(".") not in phrases("titles")]
    if not 2 <= len(words) <= 4 or not all(each[:1].isupper() for each in words):
        return []
    offices = {*phrases("titles"), *phrases("capitalized"), *(each.lower() for each in meanings("demonyms"))}
    parts = [each for each in (words[-1], words[0]) if each.lower() not in offices]
    titled = (
        [f"{title} {parts[0]}" for title in ("Mr.", "Mr", "Mrs.", "Mrs", "Ms.", "Ms", "Dr.", "Dr")] if parts else []
    )
    return [each for each in parts if len(each) > 3] + titled


def _key(name: str) -> str:
    """Return a name as it is looked up: plain punctuation, and lower case where that keeps every offset."""
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in normalize_punctuation(name))


def find_registered(text: str, registry: Registry) -> list[Mention]:
    """Return the mentions of registered names, the longest where they overlap."""
    if not registry.names:
        return []
    automaton = ahocorasick.Automaton()
    for key in registry.names:
        automaton.add_word(key, key)
    automaton.make_automaton()
    plain = normalize_punctuation(text)
    found = []
    for last, key in automaton.iter(_key(text)):
        span = Span(last + 1 - len(key), last + 1)
        entries = [each for each in registry.names[key] if _is_written_so(span.of(plain), each[0])]
        if entries and _is_whole(plain, span):
            actors = tuple(dict.fromkeys(actor for _, actor, _ in entries))
            name_type = entries[0][2]
            resolution = name_type if name_type in {"misspelling", "truncated", "variant"} else "exact"
            if plain[span.end : span.end + 2] == "'s" and resolution == "exact":
                resolution = "variant"
                span = Span(span.start, span.end + 2)
            types = registry.types.get(actors[0], "unspecified")
            found.append(Mention(span, actors, types, resolution, name_type == "metonym"))
    kept = longest(found)
    starts = {each.span.start for each in kept}
    return [each for each in kept if each.actor_type != "person" or not _is_part_of_a_name(plain, each.span, starts)]


def _is_part_of_a_name(plain: str, span: Span, starts: set[int]) -> bool:
    """Return whether one word is part of a longer name that is not registered: "Kim" in "Kim Yong-hyun"."""
    after = re.match(r"\s([A-Z][\w-]+)", plain[span.end : span.end + 40])
    is_followed = after and span.end + 1 not in starts and after[1].lower() not in phrases("capitalized")
    return len(span.of(plain).split()) == 1 and bool(is_followed)


def _is_written_so(words: str, name: str) -> bool:
    """Return whether words in a text may be a name in spite of their case: "US" is a name, "us" is not."""
    return words == name or words[1:] == name[1:] or (len(name) > 6 and not words.islower())


def _is_whole(text: str, span: Span) -> bool:
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    return not before.isalnum() and not after.isalnum()


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions that overlap no longer one, in order."""
    kept: list[Mention] = []
    for each in sorted(mentions, key=lambda each: (each.span.start, -each.span.end)):
        if not kept or each.span.start >= kept[-1].span.end:
            kept.append(each)
    return kept


def find_new(text: str, known: list[Mention], registry: Registry) -> tuple[list[Mention], dict[str, NewActor]]:
    """Return the mentions of names that no actor has, and the actors that they would need."""
    plain = normalize_punctuation(text)
    masked = _masked(plain, known)
    lower = set(re.findall(r"(?<!\w)[a-z][\w-]*", plain))
    actors: dict[str, NewActor] = {}
    for match in _NAME.finditer(masked):
        span, has_title = _without_title(match.group(), match.start())
        name = span.of(plain)
        words = name.split()
        is_other = re.search(r"\d|[A-Z]{2,}-", name) or not re.search(r"\w{2}", name)
        if not words or len(words) > _MOST_WORDS or is_other:
            continue
        after = plain[span.end : span.end + 60]
        is_cited = plain[: span.start].endswith("ccording to ") or (
            _speaks(after) and plain[span.start - 2] not in '.\n”"'
        )
        if (len(words) == 1 and not (has_title or is_cited)) or all(each.lower() in lower for each in words):
            continue
        actor_type = _type_of(name, after, has_title=has_title)
        if actor_type == "person" and len(words) == 1:
            continue
        actor = NewActor(f"ACT-{slug(name)}", name, actor_type)
        if actor.actor_id == "ACT-":
            continue
        if actors.get(actor.actor_id, actor).actor_type in {"unspecified", actor_type}:
            actors[actor.actor_id] = actor
    found: list[Mention] = []
    states = {form: state for state, forms in groups("demonyms").items() for form in (state, *forms)}
    for match in any_of(states).finditer(masked):
        state = states.get(match.group(), "")
        if state and _key(state) not in registry.names:
            actors[f"ACT-{slug(state)}"] = NewActor(f"ACT-{slug(state)}", state, "state")
    by_form = {each.name: each for each in actors.values()}
    for each in actors.values():
        forms = family_names(each.name) if each.actor_type == "person" else groups("demonyms").get(each.name, ())
        by_form |= {form: each for form in forms if form not in by_form}
    for match in any_of(by_form).finditer(masked) if by_form else ():
        if match.group() in by_form:
            actor = by_form[match.group()]
            resolution = "exact" if match.group() == actor.name else "variant"
            found.append(Mention(Span(*match.span()), (actor.actor_id,), actor.actor_type, resolution))
    return longest(found), actors


def _masked(plain: str, mentions: list[Mention]) -> str:
    parts, position = [], 0
    for each in mentions:
        parts += [plain[position : each.span.start], "\x00" * (each.span.end - each.span.start)]
        position = each.span.end
    return "".join([*parts, plain[position:]])


def _without_title(words: str, start: int) -> tuple[Span, bool]:
    """Return the span of a name without the capitalized words and the offices in front of it."""
    pieces = list(re.finditer(r"\S+", words))
    has_title = False
    while pieces:
        first = pieces[0].group().lower().rstrip(".")
        if first in phrases("titles"):
            has_title = True
        elif first == "of" or first not in phrases("capitalized"):
            break
        pieces = pieces[1:]
    offices = [at for at, each in enumerate(pieces) if each.group().lower() in phrases("titles")]
    if offices:
        pieces, has_title = pieces[offices[-1] + 1 :], True
    if pieces and pieces[0].group() == "of":  # "Secretary of State", perhaps with a name behind it
        pieces = pieces[-2:] if len(pieces) > 3 else []
    if not pieces:
        return Span(start, start), has_title
    end = pieces[-1].end() - (2 if pieces[-1].group().endswith("'s") else 0)
    return Span(start + pieces[0].start(), start + end), has_title


def _type_of(name: str, after: str, *, has_title: bool) -> str:
    if has_title:
        return "person"
    words = name.lower().split()
    for actor_type, listed in groups("organisations").items():
        if any(each in listed for each in words):
            return actor_type
    is_person = 2 <= len(words) <= 3 and not set(words) & {"of", "for", "&", "war", "act", "treaty", "pact", "summit"}
    if is_person and (re.match(r",\s+(?:an?|the|who|then-|former|\w+ (?:at|of|for|with))\b", after) or _speaks(after)):
        return "person"
    return "unspecified"


def _speaks(after: str) -> bool:
    match = re.match(r"\s+(?:and(?:\s+[A-Z][\w'-]+){2,3}\s+)?(?:(?:has|had|also|further|later|\w+ly)\s+)*(\w+)", after)
    return bool(match and match[1] in verbs("speech_verbs"))


def slug(name: str) -> str:
    """Return a name as the end of an id.

    >>> slug("Bain & Company")
    'bain-company'
    """
    plain = unicodedata.normalize("NFKD", normalize_punctuation(name)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
