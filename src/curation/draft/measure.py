"""Measures drafts: each text of the dataset is drafted as if it were new, and the draft is compared with its record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from curation.draft.candidates import Candidate, draft
from curation.draft.cues import Figure
from curation.draft.passages import split_passages
from curation.draft.record import render
from curation.lineage import Lineage
from curation.seeds.anchor import anchor_quotes
from curation.seeds.spans import Span
from curation.seeds.template import template

Row = dict[str, str | None]
_OWN_WORDS = re.compile(r"^ *(?:- )?(?:claim_text|note|label):.*\n?", re.MULTILINE)
_COMMENT = re.compile(r"^ *#.*\n?|  # .*$|^  draft: true\n", re.MULTILINE)
_VALUES = {
    "polarity": ("affirmed", "denied", "unknown"),
    "modality": ("certain", "possible", "probable", "underspecified"),
}
"""The values that are measured, the usual one first."""


@dataclass(frozen=True)
class Claim:
    """A claim of a record with the rows that nest in it."""

    span: Span
    cells: Row
    rows: dict[str, list[Row]]
    figures: dict[Span, Row]

    @property
    def speakers(self) -> frozenset[str]:
        """The innermost voices; "document" or "unattributed" if nobody is named."""
        voices = self.rows["claim_attributions"]
        last = max(each["step"] or "" for each in voices)
        return frozenset(each["actor_id"] or each["specificity"] or "" for each in voices if each["step"] == last)


@dataclass
class Share:
    """How many of how many.

    >>> print(Share(3, 4) + Share(0, 4))
    0.38 (8)
    """

    hits: int = 0
    total: int = 0

    @classmethod
    def of(cls, hits: Iterable[bool]) -> Share:
        """Count."""
        listed = list(hits)
        return cls(sum(listed), len(listed))

    def __add__(self, other: Share) -> Share:
        """Count two together."""
        return Share(self.hits + other.hits, self.total + other.total)

    def __str__(self) -> str:
        """Return the share in two decimals, with the number of cases."""
        return f"{self.hits / self.total:.2f} ({self.total})" if self.total else ""


Measures = dict[str, tuple[Share, Share]]
"""Recall and precision of what is drafted; the second is empty where every claim has one value."""
Found = tuple[list[bool], list[bool]]
"""Whether each part of a record was drafted, and whether each drafted part is in the record."""


def claims_of(lineage: Lineage, source: str) -> list[Claim]:
    """Return the active claims of a source, in the order of the text."""
    rows: dict[tuple[str, str | None], list[tuple[int, Row]]] = {}
    tables = ("claim_actors", "claim_attributions", "quantities")
    for name in tables:
        for index, cells in enumerate(lineage.tables[name].rows()):
            rows.setdefault((name, cells["claim_id"]), []).append((index, dict(cells)))
    claims = []
    for index, cells in enumerate(lineage.tables["claims"].rows()):
        span = lineage.span(lineage.contract["claims"], index)
        if cells["source_id"] == source and cells["record_status"] == "active" and span:
            nested = {name: rows.get((name, cells["claim_id"]), []) for name in tables}
            figures = ((lineage.span(lineage.contract["quantities"], at), row) for at, row in nested["quantities"])
            children = {name: [row for _, row in found] for name, found in nested.items()}
            claims.append(Claim(span, dict(cells), children, {at: row for at, row in figures if at}))
    return sorted(claims, key=lambda each: each.span)


def measure(text: str, lineage: Lineage, source: str) -> Measures:
    """Draft a text as if it were not in the dataset, and compare the draft with its claims."""
    claims = claims_of(lineage, source)
    stubs = [each for each in draft(text, lineage.tables, source).candidates if each.reason is None]
    sentences = [each.span for each in split_passages(text)[0] if each.reason is None]
    held = [
        ([one for one in stubs if one.span in each], [one for one in claims if _is_mostly_in(one.span, each)])
        for each in sentences
    ]
    matched = len(pair_up([each.span for each in claims], [each.span for each in stubs], 0.5))
    measures: Measures = {
        "sentences with a statement": (
            Share.of(any(_is_mostly_in(one.span, each) for each in sentences) for one in claims),
            Share.of(bool(inside) for _, inside in held),
        ),
        "claims by span (IoU ≥ .5)": (Share(matched, len(claims)), Share(matched, len(stubs))),
    }
    for name, compare in _PARTS.items():
        found = [compare(*each) for each in held]
        measures[name] = (
            Share.of(each for drafted, _ in found for each in drafted),
            Share.of(each for _, right in found for each in right),
        )
    pairs = [(each, max(stubs, key=lambda one: _iou(one.span, each.span))) for each in claims]
    return measures | _voices(pairs) | _values(pairs)


def _iou(one: Span, other: Span) -> float:
    """Return the intersection of two spans over their union."""
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (one.end - one.start + other.end - other.start - shared)


def _is_mostly_in(claim: Span, passage: Span) -> bool:
    return 2 * (min(claim.end, passage.end) - max(claim.start, passage.start)) > claim.end - claim.start


def pair_up(claims: Sequence[Span], stubs: Sequence[Span], least: float) -> dict[int, int]:
    """Return the candidate of each claim, one to one, the closest first."""
    scored = ((_iou(one, other), -at, -to) for at, one in enumerate(claims) for to, other in enumerate(stubs))
    pairs: dict[int, int] = {}
    for score, at, to in sorted(scored, reverse=True):
        if score >= least and score > 0 and -at not in pairs and -to not in pairs.values():
            pairs[-at] = -to
    return pairs


def _voices(pairs: Sequence[tuple[Claim, Candidate]]) -> Measures:
    attributed = [pair for pair in pairs if pair[0].speakers != {"document"}]
    drafted = [pair for pair in pairs if pair[1].chains[0].voices]
    right = [pair for pair in drafted if _is_heard(*pair, 1)]
    return {
        "voice, if the document always spoke": (Share(len(pairs) - len(attributed), len(pairs)), Share()),
        "voice, first chain": (Share.of(_is_heard(*each, 1) for each in pairs), Share()),
        "voice, one of three chains": (Share.of(_is_heard(*each, 3) for each in pairs), Share()),
        "voice other than the document, first chain": (
            Share.of(_is_heard(*each, 1) for each in attributed),
            Share(len(right), len(drafted)),
        ),
        "voice other than the document, one of three": (Share.of(_is_heard(*each, 3) for each in attributed), Share()),
        "act of such a voice, where it is right": (
            Share.of(
                stub.chains[0].voices[0].act == claim.rows["claim_attributions"][-1]["act"] for claim, stub in right
            ),
            Share(),
        ),
    }


def _is_heard(claim: Claim, stub: Candidate, most: int) -> bool:
    names = (frozenset(each.actor or each.specificity for each in chain.voices) for chain in stub.chains[:most])
    return claim.speakers in [each or {"document"} for each in names]


def _values(pairs: Sequence[tuple[Claim, Candidate]]) -> Measures:
    measures: Measures = {}
    for column, (usual, *others) in _VALUES.items():
        guesses = [(each.cells[column], getattr(stub.cues, column)) for each, stub in pairs]
        measures[f"{column}, if always {usual}"] = Share.of(one == usual for one, _ in guesses), Share()
        measures[f"{column}, every value"] = Share.of(one == other for one, other in guesses), Share()
        for value in others:
            recall = Share.of(other == value for one, other in guesses if one == value)
            measures[f"{column} {value}"] = recall, Share.of(one == value for one, other in guesses if other == value)
    return measures


def _actors(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    """Compare actors: those that words name; a drafted one is right if a claim has it in any way."""
    drafted = {one.actors[0] for each in stubs for one in each.actors}
    drafted |= {one.actor for each in stubs for one in each.chains[0].voices if one.actor}
    rows = [row for each in claims for row in each.rows["claim_actors"]]
    named = {row["actor_id"] for row in rows if row["resolution"] != "inferred"}
    right = {row["actor_id"] for row in rows}
    right |= {row["actor_id"] for each in claims for row in each.rows["claim_attributions"]}
    return [each in drafted for each in named], [each in right for each in drafted]


def _figures(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    spans = {span for each in claims for span in each.figures}
    drafted = [one.span for each in stubs for one in each.cues.figures]
    touched = [any(each.overlaps(one) for one in drafted) for each in spans]
    return touched, [any(each.overlaps(one) for one in spans) for each in drafted]


def _whole_figures(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    figures = {span: row for each in claims for span, row in each.figures.items()}
    drafted = [one for each in stubs for one in each.cues.figures]
    right = [any(each.span.overlaps(span) and _is_same(row, each) for each in drafted) for span, row in figures.items()]
    return right, []


def _is_same(row: Row, figure: Figure) -> bool:
    values = {each: float(row[each] or 0) for each in ("value_low", "value_best", "value_high") if row[each]}
    return values == dict(figure.values) and (row["bound_type"], row["unit"]) == (figure.bound, figure.unit)


def _hedges(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    written = {(each.cells["hedge"] or "").lower() for each in claims} - {""}
    drafted = [one.lower() for each in stubs for one in each.cues.hedges]
    found = [any(one in each or each in one for one in drafted) for each in written]
    return found, [any(one in each or each in one for one in written) for each in drafted]


def _dates(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    printed = {each.cells["event_date"] or "" for each in claims if each.cells["date_basis"] == "stated"}
    right = {each.cells["event_date"] or "" for each in claims}
    right |= {row["stated_on"] or "" for each in claims for row in each.rows["claim_attributions"]}
    drafted = [one for each in stubs for one in each.cues.dates]
    return [each in drafted for each in printed], [any(each in one for one in right) for each in drafted]


_PARTS: dict[str, Callable[[Sequence[Candidate], Sequence[Claim]], Found]] = {
    "actors": _actors,
    "figures": _figures,
    "figures with the right numbers, bound and unit": _whole_figures,
    "hedges": _hedges,
    "printed dates": _dates,
}


def kept(text: str, lineage: Lineage, source: str, record: str) -> dict[str, Share]:
    """Return how many characters of a record are in its draft, once anchored, in the same order."""
    made = draft(text, lineage.tables, source)
    data = template(source, f"{source}.txt", text.encode(), lineage.contract, render(text, made)).encode()
    anchored = anchor_quotes(f"{source}.yaml", data, text, lineage.contract).data.decode()
    drafted = _COMMENT.sub("", anchored)
    head, claims, asides = _parts(record)
    own_head, own_claims, own_asides = _parts(drafted)
    active = {f"{each.cells['claim_id']}"[-4:]: each.span for each in claims_of(lineage, source)}
    stubs = [each.span for each in made.candidates if each.reason is None]
    pairs = pair_up(list(active.values()), stubs, 0.0)
    written, texts = [claims[each] for each in active], list(own_claims.values())
    compared = [(head, own_head), (asides, own_asides), *((written[at], texts[to]) for at, to in pairs.items())]
    number = sum(_shared(one, other) for one, other in compared)
    without = sum(_shared(_OWN_WORDS.sub("", one), other) for one, other in compared)
    return {
        "of the draft, kept in the record": Share(number, len(drafted)),
        "of the record, drafted": Share(number, len(record)),
        "of the record without own words, drafted": Share(without, len(_OWN_WORDS.sub("", record))),
    }


def _parts(record: str) -> tuple[str, dict[str, str], str]:
    """Return what precedes the claims of a record, its claims by their short ids, and what follows them."""
    head, rest = record.split("\nclaims:\n", 1)
    claims, asides = rest.split("\nset_asides:\n", 1)
    listed = re.split(r"^- claim_id: (C\d+)$", claims, flags=re.MULTILINE)
    return head, dict(zip(listed[1::2], listed[2::2], strict=True)), asides


def _shared(written: str, drafted: str) -> int:
    """Return how many characters of a text are words and signs that a draft has in the same order."""
    words, others = (re.findall(r"\w+|\W", each) for each in (written, drafted))
    blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    return sum(len("".join(words[each.a : each.a + each.size])) for each in blocks)
