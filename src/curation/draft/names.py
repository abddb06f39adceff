"""Finds actors in a text: registered names, adjectives of states, and names that no actor has yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from curation.draft.words import alternatives, any_of, groups, meanings, phrases
from curation.seeds.spans import Span, normalize_punctuation
from russia_dprk_claims.checks.tables import TextTables

_CAPITALIZED = r"(?:[A-Z][\w'-]{0,3}\.(?=\s[A-Z])|[A-Z][\w'-]*)"
_NAME = re.compile(rf"{_CAPITALIZED}(?:[ \t]+(?:(?:of|for|de|van|von|al|&)[ \t]+(?:the[ \t]+)?)?{_CAPITALIZED}){{0,7}}")
_DESCRIBED = re.compile(r",\s+(?:an?|the|who|then-|former|\w+ (?:at|of|for|with))\b")
"""What follows the name of a person: "Ada Lund, a fisher"."""
_SPEAKS = re.compile(r",?\s+(?:and(?:\s+[A-Z][\w'-]+){2,3}\s+)?(?:(?:has|had|also|further|later|\w+ly)\s+)*(\w+)")


@dataclass(frozen=True)
class Mention:
    """Where an actor is named: the span, the actors whom the words may mean, and how the words name them."""

    span: Span
    actors: tuple[str, ...]
    actor_type: str
    resolution: str = "exact"
    is_metonym: bool = False


@dataclass(frozen=True)
class NewActor:
    """An actor that is not in the registry, as guessed."""

    actor_id: str
    name: str
    actor_type: str


class Registry:
    """The registered names, each with its actors."""

    def __init__(self, tables: TextTables, without: str | None = None) -> None:
        """Read the registry; `without` leaves out the names and actors that only this source needs."""
        left_out = _only_in(tables, without) if without else set()
        self.types = {each["actor_id"] or "": each["actor_type"] or "" for each in tables["actors"].rows()}
        self.names: dict[str, list[tuple[str, str, str]]] = {}
        for each in tables["actor_names"].rows():
            name, actor = each["name"], each["actor_id"]
            if name and actor and actor not in left_out and not (without and each["source_id"] == without):
                self._add(name, actor, each["name_type"] or "")
        for state, forms in groups("demonyms").items():
            for _, actor, name_type in self.names.get(_key(state), [])[:1]:
                for form in forms if name_type == "preferred" else ():
                    self._add(form, actor, "variant")

    def _add(self, name: str, actor: str, name_type: str) -> None:
        entries = self.names.setdefault(_key(name), [])
        if actor not in (each[1] for each in entries):
            entries.append((normalize_punctuation(name), actor, name_type))


def _only_in(tables: TextTables, source: str) -> set[str]:
    """Return the actors that only rows of one source name."""
    uses: dict[str, set[bool]] = {}
    for table in ("claim_actors", "claim_attributions"):
        for each in tables[table].rows():
            uses.setdefault(each["actor_id"] or "", set()).add((each["claim_id"] or "").startswith(f"{source}-"))
    return {actor for actor, inside in uses.items() if inside == {True}}


def _key(name: str) -> str:
    """Return a name as it is looked up: plain punctuation, and lower case where that keeps every offset."""
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in normalize_punctuation(name))


def find_registered(text: str, registry: Registry) -> list[Mention]:
    """Return the mentions of registered names, the longest where they overlap."""
    # A name may begin with a small or a capital letter. "US" is a name, "us" is not.
    forms = {form for entries in registry.names.values() for form, _, _ in entries}
    forms |= {form[0].swapcase() + form[1:] for form in forms}
    whole = re.compile(rf"(?<!\w)(?:{alternatives(forms)})(?!\w)")
    found = []
    for match in whole.finditer(normalize_punctuation(text)) if forms else ():
        name = " ".join(match.group().split())
        entries = [each for each in registry.names.get(_key(name), ()) if each[0][1:] == name[1:]]
        if entries:
            actors = tuple(dict.fromkeys(actor for _, actor, _ in entries))
            name_type = entries[0][2]
            resolution = name_type if name_type in {"misspelling", "truncated", "variant"} else "exact"
            actor_type = registry.types.get(actors[0], "unspecified")
            found.append(Mention(Span(*match.span()), actors, actor_type, resolution, name_type == "metonym"))
    return found


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions that overlap no longer one, in order."""
    kept: list[Mention] = []
    for each in sorted(mentions, key=lambda each: (each.span.start, -each.span.end)):
        if not kept or each.span.start >= kept[-1].span.end:
            kept.append(each)
    return kept


def find_new(text: str, known: list[Mention]) -> tuple[list[Mention], dict[str, NewActor]]:
    """Return the mentions of names that no actor has, and the actors that they would need."""
    plain = normalize_punctuation(text)
    masked = list(plain)
    for mention in known:
        masked[mention.span.start : mention.span.end] = "\x00" * (mention.span.end - mention.span.start)
    unnamed = "".join(masked)
    # Who is once known as a person stays one.
    proposed = sorted(_new_actors(plain, unnamed), key=lambda each: each.actor_type == "person")
    actors = {each.actor_id: each for each in proposed}
    by_form = {each.name: each for each in actors.values()}
    # A text may go on to call a person by the last word of the name.
    by_form = {each.name.split()[-1]: each for each in actors.values() if each.actor_type == "person"} | by_form
    found = []
    for match in any_of(by_form).finditer(unnamed) if by_form else ():
        if match.group() in by_form:
            actor = by_form[match.group()]
            resolution = "exact" if match.group() == actor.name else "variant"
            found.append(Mention(Span(*match.span()), (actor.actor_id,), actor.actor_type, resolution))
    return longest(found), actors


def _new_actors(plain: str, unnamed: str) -> Iterator[NewActor]:
    for match in _NAME.finditer(unnamed):
        span, has_title = _without_title(match.group(), match.start())
        name = span.of(plain)
        if slug(name) and len(name.split()) > 1:
            is_person = has_title or _is_person(name, plain[span.end : span.end + 60])
            yield NewActor(f"ACT-{slug(name)}", name, "person" if is_person else "unspecified")


def _without_title(words: str, start: int) -> tuple[Span, bool]:
    """Return the span of a name without the capitalized words and the offices in front of it, and if it had offices."""
    pieces = list(re.finditer(r"\S+", words))
    offices = [at for at, each in enumerate(pieces) if each.group().lower().rstrip(".") in phrases("titles")]
    pieces = pieces[offices[-1] + 1 :] if offices else pieces
    if offices and pieces and pieces[0].group() in {"of", "for"}:  # an office, as in "Minister of Fish"
        pieces = []
    while pieces and pieces[0].group().lower() in phrases("capitalized"):
        pieces = pieces[1:]
    if not pieces:
        return Span(start, start), False
    end = start + pieces[-1].start() + len(pieces[-1].group().removesuffix("'s"))
    return Span(start + pieces[0].start(), end), bool(offices)


def _is_person(name: str, after: str) -> bool:
    speaking = _SPEAKS.match(after)
    is_described = _DESCRIBED.match(after) or (speaking and speaking[1] in meanings("speech_verbs"))
    is_body = any(each.lower() in phrases("bodies") for each in name.split())
    return len(name.split()) <= 3 and not is_body and bool(is_described)


def slug(name: str) -> str:
    """Return a name as the end of an id.

    >>> slug("Bain & Company")
    'bain-company'
    """
    plain = unicodedata.normalize("NFKD", normalize_punctuation(name)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
