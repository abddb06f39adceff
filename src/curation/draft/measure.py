"""Measures drafts, and writes the page on it: each text is drafted as if it were new, and compared with its record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from curation.documents.codebook import markdown_table
from curation.draft.candidates import Candidate, draft
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
_KEPT_HEADER = "part | of the record | drafted | drafted, with copies"
_OWN_WORDS = ("claim_text", "note")
_MARKS = re.compile(r"^ *#.*\n?|  # .*$|^  draft: true\n|, draft: true(?=})|\?(?=,|$)", re.MULTILINE)
"""What is no part of a record once its candidates are accepted."""
_NUMBERS = ("value_low", "value_best", "value_high")
_CHILDREN = ("claim_actors", "claim_attributions", "claim_events", "transfers")

Row = Mapping[str, str | None]
Found = tuple[list[bool], list[bool]]
"""Whether each part of a record was drafted, and whether each drafted part is right (empty: not measured)."""


@dataclass(frozen=True)
class Claim:
    """A claim of a record with the rows that nest in it, and the claims of other texts that relations link to it."""

    span: Span
    cells: Row
    rows: Mapping[str, list[Row]]
    figures: Mapping[Span, Row]
    related: set[str]

    @property
    def speakers(self) -> frozenset[str]:
        """The innermost voices; "document" or "unattributed" if nobody is named."""
        voices = self.rows["claim_attributions"]
        last = max(each["step"] or "" for each in voices)
        return frozenset(each["actor_id"] or each["specificity"] or "" for each in voices if each["step"] == last)


def document(lineage: Lineage, texts: Mapping[str, str], records: Mapping[str, str]) -> str:
    """Return the page as Markdown, from the dataset, its texts and the YAML of its records."""
    measured = {source: measure(text, lineage, source) for source, text in sorted(texts.items())}
    rows = []
    for name, unseen in measured[UNSEEN].items():
        everywhere = [[hit for each in measured.values() for hit in each[name][part]] for part in (0, 1)]
        rows.append((name, *(_share(hits) for hits in (*everywhere, *unseen))))
    shares = [kept(text, lineage, source, records[source]) for source, text in sorted(texts.items())]
    page = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")
    return page.format(
        longest=f"{LONGEST_TEXT:,}",
        passages=f"{MOST_PASSAGES:,}",
        table="\n".join(markdown_table(_HEADER, rows)),
        kept="\n".join(markdown_table(_KEPT_HEADER, list(_kept_rows(shares)))),
    )


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f} ({len(hits)})" if hits else ""


def claims_of(lineage: Lineage, source: str) -> list[Claim]:
    """Return the active claims of a source, in the order of the text."""
    nested = {table: _by_claim(lineage, table) for table in (*_CHILDREN, "quantities")}
    links = [(each["claim_id"], each["related_claim_id"]) for each in lineage.tables["claim_relations"].rows()]
    claims = []
    for claim, [(span, cells)] in _by_claim(lineage, "claims").items():
        if span and cells["source_id"] == source and cells["record_status"] == "active":
            rows = {table: [row for _, row in nested[table].get(claim, [])] for table in _CHILDREN}
            figures = {at: row for at, row in nested["quantities"].get(claim, []) if at}
            linked = {f"{other}" for pair in links if claim in pair for other in pair}
            others = {each for each in linked if not each.startswith(f"{source}-")}
            claims.append(Claim(span, cells, rows, figures, others))
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
    by_sentence = [
        ([one for one in claims if _is_mostly_in(one.span, each)], [one for one in stubs if one.span in each])
        for each in sentences
    ]
    by_claim = [(each, max(stubs, key=lambda one: _iou(one.span, each.span))) for each in claims]
    matched = pair_up([each.span for each in claims], [each.span for each in stubs], 0.5)
    measures = {
        "sentences with a statement": (
            [any(_is_mostly_in(one.span, each) for each in sentences) for one in claims],
            [bool(inside) for inside, _ in by_sentence],
        ),
        "claims by span (IoU ≥ .5)": (
            [at in matched for at in range(len(claims))],
            [at in matched.values() for at in range(len(stubs))],
        ),
    }
    facts = [(_written(one), _drafted(other)) for one, other in by_sentence]
    measures |= {name: _compare((one[name], other[name]) for one, other in facts) for name in facts[0][0]}
    return measures | _of_claims(by_claim)


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


def _compare(cases: Iterable[tuple[set[Any], set[Any]]]) -> Found:
    """Compare what claims have with what candidates have, which counts as the same as by `_is_same`."""
    found: Found = ([], [])
    for written, drafted in cases:
        found[0].extend(any(_is_same(one, each) for one in drafted) for each in written)
        found[1].extend(any(_is_same(each, one) for one in written) for each in drafted)
    return found


def _is_same(drafted: Any, written: Any) -> bool:
    """Return whether two parts are the same: figures if their spans overlap, sets of words if one has the other's."""
    if isinstance(drafted, frozenset):
        return bool(drafted <= written or written <= drafted)
    if isinstance(drafted, tuple) and isinstance(drafted[0], Span):
        return drafted[0].overlaps(written[0]) and drafted[1:] == written[1:]
    return bool(drafted == written)


def _written(claims: Sequence[Claim]) -> dict[str, set[Any]]:
    """Return what the claims of a sentence have, by what is measured."""
    rows = {table: [row for each in claims for row in each.rows[table]] for table in _CHILDREN}
    named = [row for row in rows["claim_actors"] if row["resolution"] != "inferred"]
    figures = [each for claim in claims for each in claim.figures.items()]
    events = {row["event_id"] for row in rows["claim_events"]}
    related = {each for claim in claims for each in claim.related}
    dates = [each.cells["event_date"] for each in claims if each.cells["date_basis"] == "stated"]
    dates += [row["stated_on"] for row in rows["claim_attributions"]]
    return {
        "actors": {row["actor_id"] for row in named},
        "roles of actors": {(row["actor_id"], row["role"]) for row in named},
        "figures": {(at,) for at, _ in figures},
        "figures with the right numbers, bound and unit": {
            (at, tuple(float(row[each] or "nan") for each in _NUMBERS if row[each]), row["bound_type"], row["unit"])
            for at, row in figures
        },
        "hedges": {_words(each.cells["hedge"]) for each in claims if each.cells["hedge"]},
        "dates": {_words(each) for each in dates if each},
        "items that are transferred": {row["item_id"] for row in rows["transfers"]},
        "transfers: giver, receiver and item": {
            (row["giver_id"], row["receiver_id"], row["item_id"]) for row in rows["transfers"]
        },
        "events, the first": events,
        "events, all three": events,
        "claims to which relations link, the first": related,
        "claims to which relations link, all three": related,
    }


def _drafted(stubs: Sequence[Candidate]) -> dict[str, set[Any]]:
    """Return what the candidates of a sentence have, by what is measured."""
    actors = [(one.actors[0], each.guesses.roles.get(one.actors[0])) for each in stubs for one in each.actors]
    figures = [one for each in stubs for one in each.cues.figures]
    transfers = [one for each in stubs for one in each.guesses.transfers]
    events, similar = ([[*getattr(each.guesses, what)] for each in stubs] for what in ("events", "similar"))
    return {
        "actors": {actor for actor, _ in actors},
        "roles of actors": {each for each in actors if each[1]},
        "figures": {(each.span,) for each in figures},
        "figures with the right numbers, bound and unit": {
            (each.span, tuple(each.values.values()), each.bound, each.unit) for each in figures
        },
        "hedges": {_words(one) for each in stubs for one in each.cues.hedges},
        "dates": {_words(one) for each in stubs for one in each.cues.dates},
        "items that are transferred": {each.item_id for each in transfers},
        "transfers: giver, receiver and item": {(each.giver_id, each.receiver_id, each.item_id) for each in transfers},
        "events, the first": {one for each in events for one in each[:1]},
        "events, all three": {one for each in events for one in each},
        "claims to which relations link, the first": {one for each in similar for one in each[:1]},
        "claims to which relations link, all three": {one for each in similar for one in each},
    }


def _words(text: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[\w-]+", (text or "").lower()))


def _of_claims(pairs: Sequence[tuple[Claim, Candidate]]) -> dict[str, Found]:
    """Compare voices and values by claim, each with the candidate whose passage is closest."""
    measures: dict[str, Found] = {}
    for name, (usual, written, drafted, values) in _VALUES.items():
        cases = [(written(claim), [each for each in drafted(stub) if each]) for claim, stub in pairs]
        measures[f"{name}, if always {usual}"] = [each in (usual, {usual}) for each, _ in cases], []
        firsts = [(each, guesses[0]) for each, guesses in cases if guesses]
        measures[f"{name}, the first"] = (
            [each in guesses[:1] for each, guesses in cases],
            [one == other for one, other in firsts],
        )
        if any(guesses[1:] for _, guesses in cases):
            measures[f"{name}, one of three"] = [each in guesses for each, guesses in cases], []
        for value in values:
            measures[f"{name} {value}"] = (
                [guesses[:1] == [value] for each, guesses in cases if each == value],
                [each == value for each, guess in firsts if guess == value],
            )
    others = [(claim.speakers, _voices(stub)) for claim, stub in pairs]
    heard = [pair for pair in others if pair[1][0] != _DOCUMENT]
    others = [pair for pair in others if pair[0] != _DOCUMENT]
    return measures | {
        "that another than the document speaks": (
            [voices[0] != _DOCUMENT for _, voices in others],
            [speakers != _DOCUMENT for speakers, _ in heard],
        ),
        "which other voice, the first": (
            [speakers == voices[0] for speakers, voices in others],
            [speakers == voices[0] for speakers, voices in heard],
        ),
        "which other voice, one of three": ([speakers in voices for speakers, voices in others], []),
    }


def _voices(stub: Candidate) -> list[frozenset[str]]:
    chains = ([each.actor or each.specificity for each in chain.voices] for chain in stub.chains)
    return [frozenset(each) or _DOCUMENT for each in chains]


_DOCUMENT = frozenset(["document"])
_VALUES: dict[str, tuple[str, Callable[[Claim], Any], Callable[[Candidate], Sequence[Any]], tuple[str, ...]]] = {
    "voice": ("document", lambda one: one.speakers, _voices, ()),
    "polarity": ("affirmed", lambda one: one.cells["polarity"], lambda one: [one.cues.polarity], ("denied", "unknown")),
    "modality": (
        "certain",
        lambda one: one.cells["modality"],
        lambda one: [one.cues.modality],
        ("possible", "probable"),
    ),
    "topic": ("diplomacy", lambda one: one.cells["topic"], lambda one: one.guesses.topics, ()),
    "kind": ("assessment", lambda one: one.cells["statement_kind"], lambda one: [one.guesses.kind], ()),
    "time": ("ongoing", lambda one: one.cells["temporal_status"], lambda one: [one.guesses.time], ()),
}
"""What is measured by claim: the usual value, that of the record, those of the draft, and values counted alone."""


def kept(text: str, lineage: Lineage, source: str, record: str) -> dict[str, Counter[str]]:
    """Return how many characters of a record, by their part, stand in its draft in the same order.

    The counts are "written" (of the record), "kept" (each candidate for one claim), "copied" (each claim from the
    closest candidate) and "drafted" (of the draft), the draft once anchored and without the marks of candidates.
    """
    made = draft(text, lineage.tables, source)
    data = template(source, f"{source}.txt", text.encode(), lineage.contract, render(text, made)).encode()
    drafted = _MARKS.sub("", anchor_quotes(f"{source}.yaml", data, text, lineage.contract).data.decode())
    head, claims, asides = _split(record)
    own_head, own_claims, own_asides = _split(drafted)
    active = {f"{each.cells['claim_id']}"[-4:]: each.span for each in claims_of(lineage, source)}
    stubs = [each.span for each in made.candidates if each.reason is None]
    pairs = pair_up(list(active.values()), stubs, 0.0)
    counts = {each: Counter[str]() for each in ("written", "kept", "copied", "drafted")}
    counts["drafted"]["all"] = len(drafted)
    for part, one, other in (("head", head, own_head), ("set_asides", asides, own_asides)):
        counts["written"][part] = len(one)
        counts["kept"][part] = counts["copied"][part] = _shared(one, other)
    texts = [_fields(each) for each in own_claims.values()]
    for at, (claim, span) in enumerate(active.items()):
        closest = max(range(len(stubs)), key=lambda to: _iou(stubs[to], span))
        for part, block in _fields(claims[claim]).items():
            counts["written"][part] += len(block)
            counts["copied"][part] += _shared(block, texts[closest].get(part, ""))
            counts["kept"][part] += _shared(block, texts[pairs[at]].get(part, "")) if at in pairs else 0
    return counts


def _kept_rows(shares: Sequence[Mapping[str, Counter[str]]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table on the parts of records, the largest first, and the totals."""
    total = {name: sum((each[name] for each in shares), Counter[str]()) for name in shares[0]}
    written = total["written"]
    everything = sum(written.values())
    groups = {part: [part] for part in sorted(written, key=lambda each: (-written[each], each))}
    groups["all without own words"] = [each for each in groups if each not in _OWN_WORDS]
    groups["all"] = list(written)
    for name, parts in groups.items():
        number = sum(written[each] for each in parts)
        hits = [sum(total[each][part] for part in parts) / number for each in ("kept", "copied")]
        yield (name, f"{number / everything:.2f}", *(f"{each:.2f}" for each in hits))
    yield ("of the draft, kept in the record", "", f"{sum(total['kept'].values()) / total['drafted']['all']:.2f}", "")


def _split(record: str) -> tuple[str, dict[str, str], str]:
    """Return what precedes the claims of a record, its claims by their short ids, and what follows them."""
    head, rest = record.split("\nclaims:\n", 1)
    claims, asides = rest.split("\nset_asides:\n", 1)
    listed = re.split(r"^- claim_id: (C\d+)$", claims, flags=re.MULTILINE)
    return head, dict(zip(listed[1::2], listed[2::2], strict=True)), asides


def _fields(claim: str) -> dict[str, str]:
    """Return the fields and lists of a claim as they are written, by their keys."""
    listed = re.split(r"^(?=  (\w+):)", claim, flags=re.MULTILINE)
    return dict(zip(listed[1::2], listed[2::2], strict=True))


def _shared(written: str, drafted: str) -> int:
    """Return how many characters of a text are words and signs that a draft has in the same order."""
    words, others = (re.findall(r"\w+|\W", each) for each in (written, drafted))
    blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    return sum(len("".join(words[each.a : each.a + each.size])) for each in blocks)
