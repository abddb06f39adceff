"""Checks that need the source texts.

Verbatim cells must occur in the passage of their row, cells in the editors' words must not repeat a text, spans must
not cut words, and every part of a text must be in the span of a claim or be set aside.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from curation.lineage import HASHES, ROOT, Hashes, Lineage, Row
from curation.seeds.spans import Span, gaps, ngram_index, ngrams, normalize, shared_ngrams, span_sha256
from curation.texts import Texts
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import Invalid, cell_finding
from russia_dprk_claims.contract import SPAN, Table

LONGEST_SHARED_RUN = 6
SHOWN = 30
_QUOTED = re.compile(r'["«„]([^"«»„]{1,300})["»]')
_JOINING = frozenset(["a", "an", "and", "between", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])
"""The words of a name that have no capital."""


@dataclass(frozen=True)
class Passages:
    """The rows of the tables, the texts that they rest on, and what is known to be invalid."""

    lineage: Lineage
    texts: Texts
    invalid: Invalid

    def rows_with_span(self) -> Iterator[Row]:
        """Iterate over the rows of the tables that have spans."""
        return self.lineage.rows(table for table in self.lineage.contract if table.has_span)

    def cells(self, kind: str) -> Iterator[tuple[Table, int, str, str]]:
        """Iterate over the cells of one kind of text, as `Field.text` names it; empty and invalid cells are skipped."""
        for table in self.lineage.contract:
            for column in (each.name for each in table.fields if each.text == kind):
                for index, value in enumerate(self.lineage.tables[table.name].cells[column]):
                    if value and not self.is_invalid(table, index, column):
                        yield table, index, column, value

    def is_invalid(self, table: Table, index: int, column: str) -> bool:
        """Return whether a cell is invalid."""
        return (table.name, index, column) in self.invalid

    def lacks(self, *tables: str) -> bool:
        """Return whether rows of some tables could not be read."""
        return not self.invalid.incomplete.isdisjoint(tables)

    def passage(self, table: Table, index: int) -> tuple[str, Span] | None:
        """Return the text and the span of a row, or None if the span is not inside the text and the parent's span."""
        text = self.texts.by_source.get(self.lineage.source(table, index) or "")
        span = None if text is None else self.lineage.span(table, index)
        if text is None or span is None or span.end > len(text):
            return None
        if table.nesting and self.is_invalid(table, index, table.nesting.columns[0]):
            return None
        parent = self.lineage.parent(table, index)
        outer = self.lineage.span(*parent) if parent else None
        return (text, span) if outer is None or span in outer else None

    def finding(self, rule: str, table: Table, index: int, column: str, message: str) -> Finding:
        """Return the finding on a cell."""
        return cell_finding(table, self.lineage.tables[table.name], index, column, rule=rule, message=message)


def check_passages(passages: Passages, hashes: Hashes) -> list[Finding]:
    """Check all tables against the available texts."""
    if not passages.texts.by_source:
        return [*_check_set_asides(passages)]
    checks = (_check_set_asides, _check_verbatim, _check_coverage, _check_own_words, _check_names)
    return [*_check_spans(passages, hashes), *(each for check in checks for each in check(passages))]


def _check_spans(passages: Passages, hashes: Hashes) -> Iterator[Finding]:
    for table, index in passages.rows_with_span():
        found = passages.passage(table, index)
        if found is None:
            continue
        text, span = found
        fault = _boundary_fault(text, span)
        if fault:
            yield passages.finding("span-boundary", table, index, SPAN[0], f"the span {span} {fault}")
        sha256 = hashes.get((passages.lineage.source(table, index) or "", span))
        if sha256 and sha256 != span_sha256(span.of(text)):
            message = f"the hash of the passage {span} does not match the text"
            # The text is the one that was coded, so the hash was changed: each line of its file is one passage.
            source = passages.lineage.source(table, index)
            line = [passage for owner, passage in hashes if owner == source].index(span) + 2
            changed = passages.finding("seal", table, index, SPAN[0], message)
            yield replace(changed, location=Location(f"{HASHES}/{source}.csv", line, 1))


def _boundary_fault(text: str, span: Span) -> str | None:
    passage = span.of(text)
    if passage != passage.strip():
        return "begins or ends with a space"
    if span.start and text[span.start - 1].isalnum() and passage[0].isalnum():
        return "begins within a word"
    if span.end < len(text) and passage[-1].isalnum() and text[span.end].isalnum():
        return "ends within a word"
    return None


def _check_verbatim(passages: Passages) -> Iterator[Finding]:
    for table, index, column, value in passages.cells("verbatim"):
        found = passages.passage(table, index)
        if found and normalize(value) not in normalize(found[1].of(found[0])):
            message = f"{column} {value!r} is not in the passage {found[1]}"
            yield passages.finding("verbatim", table, index, column, message)
        elif found and column == "value_text" and normalize(value) != normalize(found[1].of(found[0])):
            message = f"the span {found[1]} has more words than {value!r}"
            yield passages.finding("figure-span", table, index, SPAN[0], message)


def _check_own_words(passages: Passages) -> Iterator[Finding]:
    """Find words of a text: in a record those of its own, so that a new text makes no other record wrong."""
    length = LONGEST_SHARED_RUN + 1
    known = ngram_index(passages.texts.by_source, length)
    # Names and lists of them do not count.
    names = [*(name for _, _, _, name in passages.cells("name")), *_official_names(passages)]
    exempt = {"and", "or", *(word for name in names for (word,) in ngrams(name, 1))}
    for table, index, column, value in passages.cells("own_words"):
        # A relation is in no record: it compares the claims of two texts.
        own = None if table.name == "claim_relations" else passages.lineage.source(table, index)
        for source, words in sorted(shared_ngrams(value, known, length, exempt).items()):
            if own in (None, source):
                message = f"{column} shares {length} words in a row with {source}: {words!r}"
                yield passages.finding("own-words", table, index, column, message)


def _official_names(passages: Passages) -> Iterator[str]:
    """Yield what the texts write with capitals as the name of an agreement, or in quotation marks."""
    agreements = [each for each in passages.lineage.tables["agreements"].cells["name"] if each]
    for text in map(normalize, passages.texts.by_source.values()):
        for name in [*_QUOTED.findall(text), *(each for each in agreements if normalize(each) in text)]:
            words = [word.strip("'()") for word in name.split()]
            if all(word[:1].isupper() or word in _JOINING for word in words):
                yield name


def _check_coverage(passages: Passages) -> Iterator[Finding]:
    """Find what is neither coded nor set aside, in the sources all of whose spans are valid."""
    lineage = passages.lineage
    children = [each for each in lineage.contract.children(ROOT) if each.has_span]
    if passages.lacks(*(each.name for each in children)):
        return
    places = _places(lineage, children)
    skipped = {
        lineage.source(*row)
        for row in passages.rows_with_span()
        if (found := passages.passage(*row)) is None or _boundary_fault(*found)
    }
    for table, index in lineage.rows([lineage.contract[ROOT]]):
        source = lineage.source(table, index) or ""
        text = "" if source in skipped else passages.texts.by_source.get(source, "")
        beside = places.get(source, [])
        for gap in gaps(text, (each[0] for each in beside)):
            words = normalize(gap.of(text))
            words = words if len(words) <= SHOWN else words[:SHOWN].rstrip() + "…"
            at = bisect(beside, (gap,))
            before, after = beside[at - 1 : at], beside[at : at + 1]
            around = [*(f"after {each[1]}" for each in before), *(f"before {each[1]}" for each in after)]
            where = f" {' and '.join(around)}" if around else ""
            message = f"the passage {gap} ({words}){where} is in no claim and is not set aside"
            finding = passages.finding("coverage", table, index, "source_id", message)
            reason = "transition" if words == words.lower() and len(words.split()) < 4 else "…"
            hint = f"{finding.hint}: - {{span: {gap}, reason: {reason}}}"
            # At the row before it, so that the gaps are in the order of the text.
            yield replace(finding, hint=hint, location=before[0][2] if before else finding.location)


Place = tuple[Span, str, Location]
"""The span of a claim or of what is set aside, what to call it, and where it was written."""


def _places(lineage: Lineage, tables: Iterable[Table]) -> dict[str | None, list[Place]]:
    """Return the passages of each source that are coded or set aside, in the order of the text."""
    places: dict[str | None, list[Place]] = {}
    for table, index in lineage.rows(tables):
        text = lineage.tables[table.name]
        if span := lineage.span(table, index):
            name = text.cells["claim_id"][index] if "claim_id" in text.cells else None
            place = span, name or str(span), text.locator.locate(index, SPAN[0])
            places.setdefault(lineage.source(table, index), []).append(place)
    return {source: sorted(each) for source, each in places.items()}


def _check_set_asides(passages: Passages) -> Iterator[Finding]:
    """Find what is set aside but is also the passage of a claim, or is set aside twice."""
    claims, set_asides = (passages.lineage.contract[name] for name in ("claims", "set_asides"))
    status = passages.lineage.tables["claims"].cells["record_status"]
    claimed = {
        source: [span for span, index in spans if status[index] != "withdrawn"]
        for source, spans in _spans(passages, claims).items()
    }
    for source, spans in _spans(passages, set_asides).items():
        last: Span | None = None
        for span, index in sorted(spans):
            message = ""
            if any(map(span.overlaps, claimed.get(source, ()))):
                message = f"a claim rests on part of the passage {span}"
            elif last and span.overlaps(last):
                message = f"part of the passage {span} is already set aside with {last}"
            if message:
                yield passages.finding("set-aside-overlap", set_asides, index, SPAN[0], message)
            last = span if last is None or span.end > last.end else last


def _spans(passages: Passages, table: Table) -> dict[str | None, list[tuple[Span, int]]]:
    """Return the valid spans of a table with their rows, by source."""
    by_source: dict[str | None, list[tuple[Span, int]]] = {}
    for _, index in passages.lineage.rows([table]):
        span = passages.lineage.span(table, index)
        if span and not passages.is_invalid(table, index, SPAN[0]):
            by_source.setdefault(passages.lineage.source(table, index), []).append((span, index))
    return by_source


def _check_names(passages: Passages) -> Iterator[Finding]:
    """Find names that are not in their source or, if they have none and all texts are available, in any text.

    A name in only one text must give that text as its source.
    """
    texts = {source: normalize(text) for source, text in passages.texts.by_source.items()}
    complete = not passages.texts.missing and not passages.lacks(ROOT)
    for table, index, column, value in passages.cells("name"):
        cells = passages.lineage.tables[table.name].cells
        source = cells["source_id"][index]
        if any(passages.is_invalid(table, index, each) for each in ("source_id", "name_type")):
            continue
        if cells["name_type"][index] == "preferred" or not (complete or source in texts):
            continue
        words = re.compile(rf"(?<!\w){re.escape(normalize(value))}(?!\w)")
        searched = [source] if source in texts else list(texts)
        found = [each for each in searched if words.search(texts[each])]
        if not found:
            yield passages.finding("name-in-text", table, index, column, f"the name {value!r} is in no text")
        elif not source and len(found) == 1 < len(texts):
            message = f"the name {value!r} is in {found[0]} only"
            yield passages.finding("name-source", table, index, column, message)
