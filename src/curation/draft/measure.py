"""Measures drafts, and writes the page on it: each text is drafted as if it were new, and compared with its record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

from curation.documents.codebook import markdown_table
from curation.draft.candidates import Candidate, draft
from curation.draft.passages import LONGEST_TEXT, split_passages
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
_CHILDREN = ("claim_actors", "claim_attributions", "claim_events", "transfers", "quantities")
_DOCUMENT = ("document",)
_OTHER = "voice other than the document"
_RANKS = {"the first": 1, "all three": 3}
_USUAL = {"polarity": "affirmed", "modality": "certain", "temporal_status": "ongoing"}
"""The values that are measured, with the usual one of each."""

Row = Mapping[str, str | None]
Fact = tuple[str, Any]
"""What a claim or a candidate has, after the name of the row that measures it."""
Found = tuple[list[bool], list[bool]]
"""Whether each part of a record was drafted, and whether each drafted part is right."""


@dataclass(frozen=True)
class Claim:
    """A claim of a record with the rows that nest in it, and the claims of other texts that relations link to it."""

    cells: Row
    rows: Mapping[str, list[Row]]
    related: list[str]

    @cached_property
    def span(self) -> Span:
        """The passage."""
        return _span(self.cells)

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """The innermost voices; "document" or "unattributed" if nobody is named."""
        voices = self.rows["claim_attributions"]
        last = max(each["step"] or "" for each in voices)
        return tuple(sorted(each["actor_id"] or each["specificity"] or "" for each in voices if each["step"] == last))


def _span(row: Row) -> Span:
    return Span(int(row["char_start"] or 0), int(row["char_end"] or 0))


def document(lineage: Lineage, texts: Mapping[str, str], records: Mapping[str, str]) -> str:
    """Return the page as Markdown, from the dataset, its texts and the YAML of its records."""
    measured = {source: measure(text, lineage, source) for source, text in sorted(texts.items())}
    rows = []
    for name in sorted({name for each in measured.values() for name in each}):
        found = [measured[source].get(name, ([], [])) for source in (*measured, UNSEEN)]
        everywhere = ([hit for each in found[:-1] for hit in each[part]] for part in (0, 1))
        hits = [*everywhere, *found[-1]]
        rows.append((name, *(f"{sum(each) / len(each):.2f} ({len(each)})" if each else "" for each in hits)))
    shares = [kept(text, lineage, source, records[source]) for source, text in sorted(texts.items())]
    table = "\n".join(markdown_table(_HEADER, rows))
    kept_table = "\n".join(markdown_table(_KEPT_HEADER, list(_kept_rows(shares))))
    page = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")
    return page.format(longest=f"{LONGEST_TEXT:,}", table=table, kept=kept_table)


def claims_of(lineage: Lineage, source: str) -> list[Claim]:
    """Return the active claims of a source."""
    nested: dict[tuple[str, str | None], list[Row]] = {}
    for table in _CHILDREN:
        for row in lineage.tables[table].rows():
            nested.setdefault((table, row["claim_id"]), []).append(row)
    links = [(each["claim_id"], each["related_claim_id"]) for each in lineage.tables["claim_relations"].rows()]
    claims = []
    for cells in lineage.tables["claims"].rows():
        if cells["source_id"] == source and cells["record_status"] == "active":
            rows = {table: nested.get((table, cells["claim_id"]), []) for table in _CHILDREN}
            linked = [f"{other}" for pair in links if cells["claim_id"] in pair for other in pair]
            claims.append(Claim(cells, rows, [each for each in linked if not each.startswith(f"{source}-")]))
    return claims


def measure(text: str, lineage: Lineage, source: str) -> dict[str, Found]:
    """Draft a text as if it were not in the dataset, and compare the draft with its claims."""
    claims = claims_of(lineage, source)
    stubs = [each for each in draft(text, lineage.tables, source).candidates if each.reason is None]
    sentences = [each.span for each in split_passages(text) if each.reason is None]
    held = [[one for one in claims if one.span.shared(each) * 2 > len(one.span)] for each in sentences]
    by_sentence = [
        (one, [stub for stub in stubs if stub.span in each]) for one, each in zip(held, sentences, strict=True)
    ]
    matched = pair_up(claims, stubs, 0.5)
    measures = {
        "sentences with a statement": (
            [any(one in each for each in held) for one in claims],
            [bool(each) for each in held],
        ),
        "claims by span (IoU ≥ .5)": (
            [at in matched for at in range(len(claims))],
            [at in matched.values() for at in range(len(stubs))],
        ),
    }
    facts = [([*_written(one)], [*_drafted(other)]) for one, other in by_sentence]
    closest = (max(stubs, key=lambda one: one.span.iou(each.span)) for each in claims)
    values = [([*_values(one)], [*_guesses(other)]) for one, other in zip(claims, closest, strict=True)]
    return measures | _compare(facts) | _compare(values)


def _compare(cases: Sequence[tuple[list[Fact], list[Fact]]]) -> dict[str, Found]:
    """Compare, by their names, the facts that claims have with those that candidates have."""
    measures: dict[str, Found] = {}
    for name in {name for both in cases for side in both for name, _ in side}:
        sides = [[{fact for part, fact in side if part == name} for side in both] for both in cases]
        measures[name] = (
            [any(_is_same(one, each) for one in drafted) for written, drafted in sides for each in written],
            [any(_is_same(each, one) for one in written) for written, drafted in sides for each in drafted],
        )
    return measures


def pair_up(claims: Sequence[Claim], stubs: Sequence[Candidate], least: float) -> dict[int, int]:
    """Return the candidate of each claim, one to one, the closest first."""
    scored = ((one.span.iou(other.span), -at, -to) for at, one in enumerate(claims) for to, other in enumerate(stubs))
    pairs: dict[int, int] = {}
    for score, at, to in sorted(scored, reverse=True):
        if score >= least and score > 0 and -at not in pairs and -to not in pairs.values():
            pairs[-at] = -to
    return pairs


def _written(claims: Iterable[Claim]) -> Iterator[Fact]:
    """Yield what claims have, each with what it is."""
    for claim in claims:
        named = [row for row in claim.rows["claim_actors"] if row["resolution"] != "inferred"]
        named += [row for row in claim.rows["claim_attributions"] if row["actor_id"]]
        yield from (("actors", row["actor_id"]) for row in named)
        for row in claim.rows["quantities"]:
            values = tuple(float(row[each] or 0) for each in ("value_low", "value_best", "value_high") if row[each])
            yield "figures", (_span(row),)
            yield "figures: numbers, bound, property", (_span(row), values, row["bound_type"], row["property"])
            yield "figures: unit", (_span(row), row["unit"])
        yield from (("events", row["event_id"]) for row in claim.rows["claim_events"])
        yield from (("similar claims", each) for each in claim.related)
        for row in claim.rows["transfers"]:
            yield from _transfer(row["item_id"], row["giver_id"], row["receiver_id"])
        dates = [claim.cells["event_date"]] if claim.cells["date_basis"] == "stated" else []
        dates += [row["stated_on"] for row in claim.rows["claim_attributions"]]
        yield from (("dates", _words(each)) for each in dates if each)
        if claim.cells["hedge"]:
            yield "hedges", _words(claim.cells["hedge"])


def _drafted(stubs: Iterable[Candidate]) -> Iterator[Fact]:
    """Yield what candidates have, each with what it is."""
    for stub in stubs:
        yield from (("actors", each.actor) for each in stub.chains[0].voices if each.actor)
        yield from (("actors", each.actors[0]) for each in stub.actors)
        for figure in stub.cues.figures:
            yield "figures", (figure.span,)
            values = tuple(figure.values.values())
            yield "figures: numbers, bound, property", (figure.span, values, figure.bound, figure.measured)
            if figure.unit:
                yield "figures: unit", (figure.span, figure.unit)
        yield from (("events", each) for each in stub.events)
        yield from (("similar claims", each) for each in stub.similar)
        for item, sides in stub.transfers.items():
            yield from _transfer(item, *sides)
        yield from (("dates", _words(each)) for each in stub.cues.dates)
        yield from (("hedges", _words(each)) for each in stub.cues.hedges)


def _transfer(item: str | None, giver: str | None, receiver: str | None) -> Iterator[Fact]:
    yield "transfers: item", item
    yield from [("transfers: item and giver", (item, giver))] if giver else []
    yield from [("transfers: item and receiver", (item, receiver))] if receiver else []


def _words(text: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[\w-]+", (text or "").lower()))


def _is_same(drafted: Any, written: Any) -> bool:
    """Return whether two parts are the same: figures if their spans overlap, sets of words if one has the other's."""
    if isinstance(drafted, frozenset):
        return bool(drafted <= written or written <= drafted)
    if isinstance(drafted, tuple) and isinstance(drafted[0], Span):
        return drafted[0].overlaps(written[0]) and drafted[1:] == written[1:]
    return bool(drafted == written)


def _values(claim: Claim) -> Iterator[Fact]:
    """Yield the voice and the values of a claim, each as often as it is measured."""
    others = [_OTHER] if claim.speakers != _DOCUMENT else []
    yield from ((f"{name}, {which}", claim.speakers) for name in ("voice", *others) for which in _RANKS)
    yield from ((f"{each}, if only that", True) for each in others)
    yield "voice, if always document", claim.speakers
    for column, usual in _USUAL.items():
        yield f"{column}, if always {usual}", claim.cells[column]
        yield from ((name, claim.cells[column]) for name in (column, f"{column} {claim.cells[column]}"))


def _guesses(stub: Candidate) -> Iterator[Fact]:
    """Yield what a candidate has for the voice and the values of a claim."""
    chains = ([each.actor or each.specificity for each in chain.voices] for chain in stub.chains)
    voices = [tuple(sorted(each)) or _DOCUMENT for each in chains]
    if voices[0] != _DOCUMENT:
        yield f"{_OTHER}, if only that", True
    yield "voice, if always document", _DOCUMENT
    for which, most in _RANKS.items():
        yield from ((f"voice, {which}", each) for each in voices[:most])
        yield from ((f"{_OTHER}, {which}", each) for each in voices[:most] if each != _DOCUMENT)
    values = {"temporal_status": stub.time, "polarity": stub.cues.polarity, "modality": stub.cues.modality}
    for column, usual in _USUAL.items():
        yield f"{column}, if always {usual}", usual
        if values[column]:
            yield from ((name, values[column]) for name in (column, f"{column} {values[column]}"))


def kept(text: str, lineage: Lineage, source: str, record: str) -> dict[str, Counter[str]]:
    """Return how many characters of a record, by their part, stand in its draft in the same order.

    The counts are "written" (of the record), "kept" (each candidate for one claim), "copied" (each claim from the
    closest candidate) and "drafted" (of the draft), the draft once anchored and without the marks of candidates.
    """
    made = draft(text, lineage.tables, source)
    data = template(source, f"{source}.txt", text.encode(), lineage.contract, render(text, made)).encode()
    drafted = _MARKS.sub("", anchor_quotes(f"{source}.yaml", data, text, lineage.contract).data.decode())
    claims, stubs = claims_of(lineage, source), [each for each in made.candidates if each.reason is None]
    pairs = pair_up(claims, stubs, 0.0)
    head, blocks = _split(record)
    own_head, own = _split(drafted)
    own_blocks, cases = [*own.values()], [(head, own_head, own_head)]
    for at, claim in enumerate(claims):
        closest = max(range(len(stubs)), key=lambda to: stubs[to].span.iou(claim.span))
        once = own_blocks[pairs[at]] if at in pairs else {}
        cases.append((blocks[f"{claim.cells['claim_id']}"[-4:]], once, own_blocks[closest]))
    counts = {each: Counter[str]() for each in ("written", "kept", "copied", "drafted")}
    counts["drafted"]["all"] = len(drafted)
    for parts, once, copied in cases:
        for part, block in parts.items():
            counts["written"][part] += len(block)
            counts["kept"][part] += _shared(block, once.get(part, ""))
            counts["copied"][part] += _shared(block, copied.get(part, ""))
    return counts


def _kept_rows(shares: Sequence[Mapping[str, Counter[str]]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table on the parts of records, the largest first, and the totals."""
    total = {name: sum((each[name] for each in shares), Counter[str]()) for name in shares[0]}
    written, everything = total["written"], total["written"].total()
    groups = {part: [part] for part in sorted(written, key=lambda each: (-written[each], each))}
    groups["all without own words"] = [each for each in groups if each not in _OWN_WORDS]
    groups["all"] = list(written)
    for name, parts in groups.items():
        number = sum(written[each] for each in parts)
        hits = (sum(total[each][part] for part in parts) / number for each in ("kept", "copied"))
        yield (name, f"{number / everything:.2f}", *(f"{each:.2f}" for each in hits))
    yield ("of the draft, kept in the record", "", f"{total['kept'].total() / total['drafted']['all']:.2f}", "")


def _split(record: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return what stands around the claims of a record, and the fields of each claim by its short id."""
    head, rest = record.split("\nclaims:\n", 1)
    claims, asides = rest.split("\nset_asides:\n", 1)
    listed = re.split(r"^- claim_id: (C\d+)$", claims, flags=re.MULTILINE)
    fields = [re.split(r"^(?=  (\w+):)", each, flags=re.MULTILINE) for each in listed[2::2]]
    blocks = (dict(zip(each[1::2], each[2::2], strict=True)) for each in fields)
    return {"head": head, "set_asides": asides}, dict(zip(listed[1::2], blocks, strict=True))


def _shared(written: str, drafted: str) -> int:
    """Return how many characters of a text are words and signs that a draft has in the same order."""
    words, others = (re.findall(r"\w+|\W", each) for each in (written, drafted))
    blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    return sum(len("".join(words[each.a : each.a + each.size])) for each in blocks)
