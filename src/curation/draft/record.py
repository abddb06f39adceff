"""Writes the candidates of a draft as the lists of a record, in YAML that is pleasant to edit.

A candidate is accepted by deleting its line `draft: true`. What is less likely stands in comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from curation.draft.candidates import Candidate, Draft, draft
from curation.draft.cues import Figure
from curation.draft.names import Mention
from curation.draft.passages import LONGEST_TEXT
from curation.draft.voices import Chain
from curation.draft.words import meanings, phrases
from curation.seeds.anchor import Quote
from curation.seeds.spans import Span, normalize_punctuation
from curation.seeds.template import RefusedError
from russia_dprk_claims.checks.tables import TextTables

DRAFT_LINE = "draft: true"
_LONGEST_PHRASE, _ENDS = 6, 3
"""In words: what is quoted whole, and how much of each end is quoted of anything longer."""
_LEAST_ENGLISH = 0.15
"""The share of function words below which a text is not English: English news have a quarter to a third."""
_LONGEST_QUOTE = 90
_MOST_OCCURRENCES = 40
_PLAIN = re.compile(r"[A-Za-zÀ-ɏ][\w’.…-]*(?: [\w’.…-]+)*")
_NOT_PLAIN = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
_BEARINGS = {
    **{"denied": "denies", "unknown": "questions"},
    **{"past": "affirms", "ongoing": "presupposes", "future": "foretells", "hypothetical": "foretells"},
}
"""The bearing of a claim on an event, by the polarity of the claim or else by its time."""
_HEAD = """\
# A draft. Go through the candidates: accept one by deleting its line "draft: true", or change it first, or delete it.
# Rows in it that also have "draft: true" are accepted one by one; a value that ends in ? without the question mark.
# Everything is a guess, and docs/DRAFTING.md says how often each is wrong. Read the passage, not the candidate.
# Never let more than six words in a row of the text into the record."""


def draft_lists(text: str, tables: TextTables) -> Mapping[str, str]:
    """Return the lists of a record for a text: the YAML of each child table of sources, by its name."""
    if len(text) > LONGEST_TEXT:
        message = f"the text has {len(text)} characters, and a draft is made of at most {LONGEST_TEXT}"
        raise RefusedError(f"{message}; leave --draft out, or split the text")
    words = re.findall(r"[^\W\d_]+", text.lower())
    share = sum(each in phrases("function_words") for each in words) / max(1, len(words))
    if share < _LEAST_ENGLISH:
        message = f"{share:.0%} of the words of the text are common English ones, and only English texts are drafted"
        raise RefusedError(f"{message}; leave --draft out, and write the candidates by hand")
    return render(text, draft(text, tables))


def render(text: str, found: Draft) -> Mapping[str, str]:
    """Return the lists of a record with the candidates of a draft."""
    plain = normalize_punctuation(text)
    claims = [each for each in found.candidates if each.reason is None]
    lines = [line for number, each in enumerate(claims, start=1) for line in _claim(plain, number, each)]
    asides = [
        f"- {{{_anchor(plain, each.span)}, reason: {each.reason}, {DRAFT_LINE}}}"
        for each in found.candidates
        if each.reason
    ]
    return {
        "claims": "\n".join([_HEAD, *(["claims:", *lines] if lines else ["claims: []"])]),
        "set_asides": "\n".join([*(["set_asides:", *asides] if asides else ["set_asides: []"]), *_new_actors(found)]),
    }


def _claim(plain: str, number: int, each: Candidate) -> Iterator[str]:
    cues = each.cues
    yield f"- claim_id: C{number:03d}"
    yield f"  {DRAFT_LINE}"
    yield f"  {_anchor(plain, each.span)}"
    yield "  claim_text:  # who does what, to whom and when; without who says it"
    guesses = each.guesses
    others = f"  # or {', '.join(guesses.topics[1:])}" if guesses.topics[1:] else ""
    yield f"  topic:{_guess(*guesses.topics[:1])}{others}"
    yield f"  statement_kind:{_guess(guesses.kind)}"
    if cues.polarity != "affirmed":
        yield f"  polarity: {cues.polarity}"
    if cues.modality != "certain":
        yield f"  modality: {cues.modality}"
    yield f"  temporal_status:{_guess(guesses.time)}"
    hedges = [each for each in cues.hedges if meanings("hedges")[" ".join(each.lower().split())] == cues.modality]
    if hedges:
        yield f"  hedge: {scalar(hedges[0])}"
    if cues.dates:
        yield f"  event_date: {json.dumps(cues.dates[0])}"
        yield "  date_basis: stated"
    yield "  claim_attributions:"
    for rank, chain in enumerate(each.chains):
        yield from _chain(chain, is_first=rank == 0)
    inferred = {*guesses.roles} - {one.actors[0] for one in each.actors}
    if each.actors or inferred:
        yield "  claim_actors:"
        for actor in each.actors:
            yield f"  - {_actor(plain, actor, guesses.roles.get(actor.actors[0], ''))}"
            if len(actor.actors) > 1:
                yield f"  # or {', '.join(actor.actors[1:])}"
    for one in sorted(inferred):
        yield f"  - {{actor_id: {one}, role: {guesses.roles[one]}, resolution: inferred, {DRAFT_LINE}}}"
    yield from _nested(each)
    if cues.figures:
        yield "  quantities:"
        for place, figure in enumerate(cues.figures, start=1):
            yield f"  - {_figure(plain, each.span, place, figure)}"
    yield from (f"  # similar: {claim}: {scalar(text)}" for claim, text in guesses.similar.items())


def _nested(each: Candidate) -> Iterator[str]:
    """Yield the rows that are candidates of their own."""
    guesses, bearing = each.guesses, _BEARINGS.get(each.cues.polarity) or _BEARINGS[each.guesses.time]
    if guesses.events:
        yield "  claim_events:"
    for event, label in guesses.events.items():
        yield f"  - {{event_id: {event}, bearing: {bearing}, {DRAFT_LINE}}}  # {scalar(label)}"
    if guesses.transfers:
        yield "  transfers:"
    for place, transfer in enumerate(guesses.transfers, start=1):
        cells = ", ".join(f"{column}: {value}" for column, value in vars(transfer).items())
        yield f"  - {{transfer_id: T{place}, {cells}, {DRAFT_LINE}}}"


def _guess(value: str = "") -> str:
    return f" {value}?" if value else ""


def _chain(chain: Chain, *, is_first: bool) -> Iterator[str]:
    """Yield the lines of a chain; a chain after the first in one comment."""
    joint = ", step: 1, joint: true" if len(chain.voices) > 1 else ""
    steps = [f"{{act: {'reports' if chain.voices else 'asserts'}}}"]
    for each in chain.voices:
        actor = f"actor_id: {each.actor}, " if each.actor else ""
        steps.append(f"{{{actor}specificity: {each.specificity}, act: {each.act}{joint}}}")
    if is_first:
        yield from (f"  - {each}" for each in steps)
    else:
        yield f"  # or {' '.join(f'- {each}' for each in steps)}"


def _actor(plain: str, actor: Mention, role: str) -> str:
    resolution = "" if actor.resolution == "exact" else f", resolution: {actor.resolution}"
    words = scalar(" ".join(actor.span.of(plain).split()))
    return f"{{actor_id: {actor.actors[0]}, role:{_guess(role) or ' '}, name_as_stated: {words}{resolution}}}"


def _figure(plain: str, claim: Span, place: int, figure: Figure) -> str:
    parts = [f"quantity_id: Q{place}", _anchor(plain, figure.span, claim), f"value_text: {scalar(figure.text)}"]
    parts += [f"item: {scalar(figure.item)}", f"property: {figure.measured}"]
    parts += [f"{column}: {value:.12g}" for column, value in figure.values.items()]
    parts += [f"bound_type: {figure.bound}", f"unit: {json.dumps(figure.unit)}"]
    return f"{{{', '.join(parts)}}}"


def _anchor(plain: str, span: Span, within: Span | None = None) -> str:
    """Return a quote that `scripts/seal.py` turns into exactly this span, or the span if no short quote does."""
    words = span.of(plain).split()
    is_short = len(words) <= _LONGEST_PHRASE
    quote = " ".join(words) if is_short else f"{' '.join(words[:_ENDS])} … {' '.join(words[-_ENDS:])}"
    try:
        parsed = Quote.parse(quote)
    except ValueError:
        return f"span: {span}"
    is_rare = len(Quote(parsed.first, None, None).find_normalized(plain, within)) <= _MOST_OCCURRENCES
    found = parsed.find_normalized(plain, within) if is_rare and len(quote) <= _LONGEST_QUOTE else []
    if span not in found:
        return f"span: {span}"
    return f"quote: {scalar(quote if found == [span] else f'{quote} @{found.index(span) + 1}')}"


def _new_actors(found: Draft) -> Iterator[str]:
    """Yield the actors that the registry lacks, as blocks in comments."""
    if found.new_actors:
        yield ""
        yield "# Names that no actor has. Move those that you accept to seeds/actors.yaml, and remove the #."
    for each in found.new_actors:
        name = scalar(each.name)
        yield f"# - actor_id: {each.actor_id}"
        yield f"#   name: {name}"
        yield f"#   actor_type: {each.actor_type}"
        yield "#   actor_names:"
        yield f"#   - {{name: {name}, name_type: preferred}}"


def scalar(text: str) -> str:
    """Return a text as a YAML scalar, in quotes where it needs them.

    >>> print(scalar("Harbour master"), scalar("no"), scalar("a: b"))
    Harbour master "no" "a: b"
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN and text.isprintable():
        return text
    written = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in written)
