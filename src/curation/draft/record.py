"""Writes the candidates of a draft as the lists of a record, in YAML that is pleasant to edit.

A candidate is accepted by deleting its line `draft: true`. What is less likely stands in comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from curation.draft.candidates import Candidate, Draft, draft
from curation.draft.cues import Figure
from curation.draft.passages import LONGEST_TEXT
from curation.draft.voices import Chain
from curation.draft.words import key, meanings, phrases
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
_HEAD = """\
# A draft. Go through the candidates: accept one by deleting its line "draft: true", or change it first, or delete it.
# Rows in it that also have "draft: true" are accepted one by one; a value that ends in ? without the question mark.
# Everything is a guess, and docs/DRAFTING.md says how often each is wrong. Read the passage, not the candidate.
# Never let more than six words in a row of the text into the record."""


def draft_lists(text: str, tables: TextTables) -> Mapping[str, str]:
    """Return what is known of the record of a text, as YAML: its language, and its child tables by their names."""
    if len(text) > LONGEST_TEXT:
        message = f"the text has {len(text)} characters, and a draft is made of at most {LONGEST_TEXT}"
        raise RefusedError(f"{message}; leave --draft out, or split the text")
    words = re.findall(r"[^\W\d_]+", text.lower())
    share = sum(each in phrases("function_words") for each in words) / max(1, len(words))
    if share < _LEAST_ENGLISH:
        message = f"{share:.0%} of the words of the text are common English ones, and only English texts are drafted"
        raise RefusedError(f"{message}; leave --draft out, and write the candidates by hand")
    return {"language": "en", **render(text, draft(text, tables))}


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
    hedges = [one for one in cues.hedges if meanings("hedges")[key(one)] == cues.modality]
    yield f"- claim_id: C{number:03d}\n  {DRAFT_LINE}\n  {_anchor(plain, each.span)}"
    yield "  claim_text:  # who does what, to whom and when; without who says it"
    yield "  topic:\n  statement_kind:"
    yield from [f"  polarity: {cues.polarity}?"] if cues.polarity != "affirmed" else []
    yield from [f"  modality: {cues.modality}?"] if cues.modality != "certain" else []
    yield f"  temporal_status:{f' {each.time}?' if each.time else ''}"
    yield from (f"  hedge: {scalar(one)}" for one in hedges[:1])
    yield from (f"  event_date: {json.dumps(one)}\n  date_basis: stated" for one in cues.dates[:1])
    lists = {
        "claim_attributions": _chains(each.chains, is_plain=bool(each.time) and cues.modality == "certain"),
        "claim_actors": _actors(plain, each),
        "claim_events": [
            f"{_row({'event_id': event, 'bearing': ''}, is_guess=True)}  # {scalar(label)}"
            for event, label in each.events.items()
        ],
        "transfers": [
            _row(
                {"transfer_id": f"T{place}", "giver_id": giver, "receiver_id": receiver}
                | {"item_id": item, "realization": ""},
                is_guess=True,
            )
            for place, (item, (giver, receiver)) in enumerate(each.transfers.items(), start=1)
        ],
        "quantities": [_figure(plain, each.span, *one) for one in enumerate(cues.figures, start=1)],
    }
    for name, rows in lists.items():
        yield from [f"  {name}:", *rows] if rows else []
    yield from (f"  # similar: {claim}: {scalar(text)}" for claim, text in each.similar.items())


def _row(cells: Mapping[str, str], *, is_guess: bool = False) -> str:
    """Return a row on one line; one that is guessed is a candidate of its own."""
    written = [f"{column}: {value}" for column, value in cells.items()]
    return f"  - {{{', '.join([*written, DRAFT_LINE] if is_guess else written)}}}"


def _chains(chains: Sequence[Chain], *, is_plain: bool) -> list[str]:
    """Return the rows of the first chain, and each other chain in one comment.

    What a voice does is a guess, unless it plainly asserts: who foretells or doubts something rarely asserts it.
    """
    lines: list[str] = []
    for chain in chains:
        joint = {"step": "1", "joint": "true"} if len(chain.voices) > 1 else {}
        asserts = "asserts" if is_plain else "asserts?"
        rows = [_row({"act": "reports" if chain.voices else asserts})]
        for each in chain.voices:
            actor = {} if each.specificity == "unattributed" else {"actor_id": each.actor}
            act = asserts if each.act == "asserts" else f"{each.act}?"
            rows.append(_row(actor | {"specificity": each.specificity, "act": act} | joint))
        lines += [f"  # or {' '.join(each.strip() for each in rows)}"] if lines else rows
    return lines


def _actors(plain: str, each: Candidate) -> list[str]:
    """Return the rows of the actors that are named."""
    lines = []
    for one in each.actors:
        cells = {"actor_id": one.actors[0], "role": "", "name_as_stated": scalar(" ".join(one.span.of(plain).split()))}
        lines.append(_row(cells if one.resolution == "exact" else cells | {"resolution": one.resolution}))
        lines += [f"  # or {', '.join(one.actors[1:])}"] if one.actors[1:] else []
    return lines


def _figure(plain: str, claim: Span, place: int, figure: Figure) -> str:
    anchor = dict([_anchor(plain, figure.span, claim).split(": ", 1)])
    cells = {"quantity_id": f"Q{place}"} | anchor | {"value_text": scalar(figure.text)}
    cells |= {"item": "", "property": figure.measured}
    cells |= {column: f"{value:.12g}" for column, value in figure.values.items()}
    return _row(cells | {"bound_type": figure.bound, "unit": json.dumps(figure.unit) if figure.unit else ""})


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
