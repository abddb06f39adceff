"""Measures drafts, and writes the page on it: each text is drafted as if it were new, and compared with its record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from curation.documents.codebook import markdown_table
from curation.draft.candidates import Candidate, draft
from curation.draft.cues import Figure
from curation.draft.passages import LONGEST_TEXT, MOST_PASSAGES, split_passages
from curation.draft.record import render
from curation.lineage import Lineage
from curation.seeds.anchor import anchor_quotes
from curation.seeds.spans import Span
from curation.seeds.template import template

PATH = "docs/DRAFTING.md"
UNSEEN = "SRC-0005"
"""The text whose errors nobody looked at while the rules were written."""
_HEADER = f" | recall | precision | recall, {UNSEEN} | precision, {UNSEEN}"
_OWN_WORDS = re.compile(r"^ *(?:- )?(?:claim_text|note|label):.*\n?", re.MULTILINE)
_COMMENT = re.compile(r"^ *#.*\n?|  # .*$|^  draft: true\n", re.MULTILINE)
_VALUES = {
    "polarity": ("affirmed", "denied", "unknown"),
    "modality": ("certain", "possible", "probable", "underspecified"),
}
"""The values that are measured, the usual one first."""

Row = Mapping[str, str | None]
Found = tuple[list[bool], list[bool]]
"""Whether each part of a record was drafted, and whether each drafted part is right (empty: not measured)."""


@dataclass(frozen=True)
class Claim:
    """A claim of a record with the rows that nest in it."""

    span: Span
    cells: Row
    actors: list[Row]
    voices: list[Row]
    figures: dict[Span, Row]

    @property
    def speakers(self) -> frozenset[str]:
        """The innermost voices; "document" or "unattributed" if nobody is named."""
        last = max(each["step"] or "" for each in self.voices)
        return frozenset(each["actor_id"] or each["specificity"] or "" for each in self.voices if each["step"] == last)


def document(lineage: Lineage, texts: Mapping[str, str], records: Mapping[str, str]) -> str:
    """Return the page as Markdown, from the dataset, its texts and the YAML of its records."""
    measured = {source: measure(text, lineage, source) for source, text in sorted(texts.items())}
    shares = [kept(text, lineage, source, records[source]) for source, text in sorted(texts.items())]
    rows = []
    for name, unseen in measured[UNSEEN].items():
        everywhere = [[hit for each in measured.values() for hit in each[name][part]] for part in (0, 1)]
        rows.append((name, *(_share(hits) for hits in (*everywhere, *unseen))))
    kept_rows = []
    for name in shares[0]:
        numbers = [each[name] for each in shares]
        numbers.append((sum(hits for hits, _ in numbers), sum(total for _, total in numbers)))
        kept_rows.append((name, *(f"{hits / total:.2f}" for hits, total in numbers)))
    page = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")
    return page.format(
        longest=f"{LONGEST_TEXT:,}",
        passages=f"{MOST_PASSAGES:,}",
        table="\n".join(markdown_table(_HEADER, rows)),
        kept="\n".join(markdown_table(" | ".join(["", *sorted(texts), "all"]), kept_rows)),
    )


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f} ({len(hits)})" if hits else ""


def claims_of(lineage: Lineage, source: str) -> list[Claim]:
    """Return the active claims of a source, in the order of the text."""
    actors, voices, figures = (
        _by_claim(lineage, table) for table in ("claim_actors", "claim_attributions", "quantities")
    )
    claims = []
    for claim, [(span, cells)] in _by_claim(lineage, "claims").items():
        if span and cells["source_id"] == source and cells["record_status"] == "active":
            naming, speaking = ([row for _, row in table.get(claim, [])] for table in (actors, voices))
            by_span = {at: row for at, row in figures.get(claim, []) if at}
            claims.append(Claim(span, cells, naming, speaking, by_span))
    return sorted(claims, key=lambda each: each.span)


def _by_claim(lineage: Lineage, table: str) -> Mapping[str | None, list[tuple[Span | None, Row]]]:
    """Return the rows of a table and their spans, by the claim in which they nest."""
    found: dict[str | None, list[tuple[Span | None, Row]]] = {}
    for index, cells in enumerate(lineage.tables[table].rows()):
        found.setdefault(cells["claim_id"], []).append((lineage.span(lineage.contract[table], index), cells))
    return found


def measure(text: str, lineage: Lineage, source: str) -> dict[str, Found]:
    """Draft a text as if it were not in the dataset, and compare the draft with its claims."""
    claims = claims_of(lineage, source)
    stubs = [each for each in draft(text, lineage.tables, source).candidates if each.reason is None]
    sentences = [each.span for each in split_passages(text)[0] if each.reason is None]
    held = [
        ([one for one in stubs if one.span in each], [one for one in claims if _is_mostly_in(one.span, each)])
        for each in sentences
    ]
    spans, drafted = [each.span for each in claims], [each.span for each in stubs]
    matched = pair_up(spans, drafted, 0.5)
    measures = {
        "sentences with a statement": (
            [any(_is_mostly_in(one, each) for each in sentences) for one in spans],
            [bool(inside) for _, inside in held],
        ),
        "claims by span (IoU ≥ .5)": (
            [at in matched for at in range(len(spans))],
            [at in matched.values() for at in range(len(drafted))],
        ),
    }
    for name, compare in _PARTS.items():
        found = [compare(*each) for each in held]
        measures[name] = [hit for hits, _ in found for hit in hits], [hit for _, hits in found for hit in hits]
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


def _voices(pairs: Sequence[tuple[Claim, Candidate]]) -> dict[str, Found]:
    others = [pair for pair in pairs if pair[0].speakers != {"document"}]
    drafted = [pair for pair in pairs if pair[1].chains[0].voices]
    right = [pair for pair in drafted if _is_heard(*pair, 1)]
    acts = [stub.chains[0].voices[0].act == claim.voices[-1]["act"] for claim, stub in right]
    return {
        "voice, if the document always spoke": ([pair not in others for pair in pairs], []),
        "voice, first chain": ([_is_heard(*pair, 1) for pair in pairs], []),
        "voice, one of three chains": ([_is_heard(*pair, 3) for pair in pairs], []),
        "voice other than the document, first chain": (
            [_is_heard(*pair, 1) for pair in others],
            [pair in right for pair in drafted],
        ),
        "voice other than the document, one of three": ([_is_heard(*pair, 3) for pair in others], []),
        "act of such a voice, where it is right": (acts, []),
    }


def _is_heard(claim: Claim, stub: Candidate, most: int) -> bool:
    names = (frozenset(each.actor or each.specificity for each in chain.voices) for chain in stub.chains[:most])
    return claim.speakers in [each or {"document"} for each in names]


def _values(pairs: Sequence[tuple[Claim, Candidate]]) -> dict[str, Found]:
    measures: dict[str, Found] = {}
    for column, (usual, *others) in _VALUES.items():
        guesses = [(claim.cells[column], getattr(stub.cues, column)) for claim, stub in pairs]
        measures[f"{column}, if always {usual}"] = [right == usual for right, _ in guesses], []
        measures[f"{column}, every value"] = [right == guess for right, guess in guesses], []
        for value in others:
            measures[f"{column} {value}"] = (
                [guess == value for right, guess in guesses if right == value],
                [right == value for right, guess in guesses if guess == value],
            )
    return measures


def _actors(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    """Compare actors: those that words name; a drafted one is right if a claim has it in any way."""
    drafted = {one.actors[0] for each in stubs for one in each.actors}
    drafted |= {one.actor for each in stubs for one in each.chains[0].voices if one.actor}
    named = {row["actor_id"] for each in claims for row in each.actors if row["resolution"] != "inferred"}
    right = {row["actor_id"] for each in claims for row in (*each.actors, *each.voices)}
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
    return values == figure.values and (row["bound_type"], row["unit"]) == (figure.bound, figure.unit)


def _hedges(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    written = {(each.cells["hedge"] or "").lower() for each in claims} - {""}
    drafted = [one.lower() for each in stubs for one in each.cues.hedges]
    found = [any(one in each or each in one for one in drafted) for each in written]
    return found, [any(one in each or each in one for one in written) for each in drafted]


def _dates(stubs: Sequence[Candidate], claims: Sequence[Claim]) -> Found:
    printed = {each.cells["event_date"] or "" for each in claims if each.cells["date_basis"] == "stated"}
    right = {each.cells["event_date"] or "" for each in claims}
    right |= {row["stated_on"] or "" for each in claims for row in each.voices}
    drafted = [one for each in stubs for one in each.cues.dates]
    return [each in drafted for each in printed], [any(each in one for one in right) for each in drafted]


_PARTS: dict[str, Callable[[Sequence[Candidate], Sequence[Claim]], Found]] = {
    "actors": _actors,
    "figures": _figures,
    "figures with the right numbers, bound and unit": _whole_figures,
    "hedges": _hedges,
    "printed dates": _dates,
}


def kept(text: str, lineage: Lineage, source: str, record: str) -> dict[str, tuple[int, int]]:
    """Return how many characters of a record, of how many, are in its draft, once anchored, in the same order."""
    made = draft(text, lineage.tables, source)
    data = template(source, f"{source}.txt", text.encode(), lineage.contract, render(text, made)).encode()
    anchored = anchor_quotes(f"{source}.yaml", data, text, lineage.contract).data.decode()
    drafted = _COMMENT.sub("", anchored)
    head, claims, asides = _parts(record)
    own_head, own_claims, own_asides = _parts(drafted)
    active = {f"{each.cells['claim_id']}"[-4:]: each.span for each in claims_of(lineage, source)}
    pairs = pair_up(list(active.values()), [each.span for each in made.candidates if each.reason is None], 0.0)
    written, texts = [claims[each] for each in active], list(own_claims.values())
    compared = [(head, own_head), (asides, own_asides), *((written[at], texts[to]) for at, to in pairs.items())]
    number = sum(_shared(one, other) for one, other in compared)
    without = sum(_shared(_OWN_WORDS.sub("", one), other) for one, other in compared)
    return {
        "of the draft, kept in the record": (number, len(drafted)),
        "of the record, drafted": (number, len(record)),
        "of the record without own words, drafted": (without, len(_OWN_WORDS.sub("", record))),
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
