"""Passages: what can only be checked where the texts are at hand.

Verbatim cells stand in the passage of their row, the editors' words repeat no text, spans cut no word, and every
part of a text lies in the span of a claim or is set aside.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator

from curation.lineage import ROOT, Lineage
from curation.seeds.seals import Seals
from curation.spans import Span, gaps, plain, runs_of, shared_runs, span_sha256
from curation.texts import Texts
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.tables import Invalid, TextTable, TextTables, cell_finding
from russia_dprk_claims.contract import SPAN, Contract, Table

LONGEST_SHARED_RUN = 6
SHOWN = 30


class Passages(Lineage):
    """The rows of the tables with the texts that they rest on, and what is invalid of them."""

    def __init__(self, contract: Contract, tables: TextTables, texts: Texts, invalid: Invalid) -> None:
        """Keep the texts beside the rows."""
        super().__init__(contract, tables)
        self.texts = texts
        self.invalid = invalid

    def text(self, table: Table, index: int) -> str | None:
        """Return the text of the source of a row, where it is at hand."""
        return self.texts.by_source.get(self.source(table, index) or "")

    def passage(self, table: Table, index: int) -> tuple[str, Span] | None:
        """Return the text and the span of a row, where both are sound: inside the text and the span of its parent."""
        text, span = self.text(table, index), self.span(table, index)
        if text is None or span is None or span.end > len(text) or self._is_doubtful(table, index):
            return None
        parent = self.parent(table, index)
        outer = self.span(*parent) if parent else None
        return (text, span) if outer is None or span in outer else None

    def _is_doubtful(self, table: Table, index: int) -> bool:
        """Return whether it is not known which row a row nests in."""
        return table.nesting is not None and (table.name, index, table.nesting.columns[0]) in self.invalid

    def lacks(self, *tables: str) -> bool:
        """Return whether rows of some tables could not be read."""
        return not self.invalid.incomplete.isdisjoint(tables)

    def values(self, table: Table, index: int, kind: str) -> Iterator[tuple[str, str]]:
        """Yield the columns of a row whose text is of a kind, with their values; empty and invalid cells are passed
        over.
        """
        for column in table.fields:
            value = self.tables[table.name].cells[column.name][index] if column.text == kind else None
            if value and (table.name, index, column.name) not in self.invalid:
                yield column.name, value


def check_passages(passages: Passages, seals: Seals) -> list[Finding]:
    """Check all tables against the texts at hand.

    Parameters
    ----------
    passages
        The tables and the texts.
    seals
        The hashes of the long passages.

    Returns
    -------
    list of Finding
        Everything that is not in the texts as the tables have it.
    """
    findings = [*_check_spans(passages, seals), *_check_verbatim(passages), *_check_coverage(passages)]
    return [*findings, *check_set_asides(passages), *_check_own_words(passages), *_check_names(passages)]


def _with(contract: Contract, kind: str) -> Iterator[Table]:
    """Yield the tables that have a column whose text is of a kind."""
    return (table for table in contract if any(column.text == kind for column in table.fields))


def _rows(passages: Passages, tables: Iterable[Table]) -> Iterator[tuple[Table, TextTable, int]]:
    for table in tables:
        raw = passages.tables[table.name]
        for index in range(len(raw)):
            yield table, raw, index


def _check_spans(passages: Passages, seals: Seals) -> Iterator[Finding]:
    if not passages.texts.by_source:
        return
    for table, raw, index in _rows(passages, (each for each in passages.contract if each.has_span)):
        found = passages.passage(table, index)
        if found is None:
            continue
        text, span = found
        fault = _boundary_fault(text, span)
        if fault:
            message, hint = f"the span {span} {fault}", "write a quote and run scripts/seal.py"
            yield cell_finding(table, raw, index, SPAN[0], rule="span-boundary", message=message, hint=hint)
        sha256 = seals.get((passages.source(table, index) or "", span))
        if sha256 and sha256 != span_sha256(span.of(text)):
            message, hint = f"the seal is not that of the passage {span}", "run scripts/seal.py"
            yield cell_finding(table, raw, index, SPAN[0], rule="seal", message=message, hint=hint)


def _boundary_fault(text: str, span: Span) -> str | None:
    passage = span.of(text)
    if passage != passage.strip():
        return "begins or ends with a space"
    if span.start and text[span.start - 1].isalnum() and passage[0].isalnum():
        return "begins within a word"
    if span.end < len(text) and passage[-1].isalnum() and text[span.end].isalnum():
        return "ends within a word"
    return None


def _spaced(text: str) -> str:
    return " ".join(plain(text).split())


def _check_verbatim(passages: Passages) -> Iterator[Finding]:
    if not passages.texts.by_source:
        return
    for table, raw, index in _rows(passages, _with(passages.contract, "verbatim")):
        found = passages.passage(table, index)
        for column, value in passages.values(table, index, "verbatim") if found else ():
            text, span = found or ("", Span(0, 0))
            if _spaced(value) not in _spaced(span.of(text)):
                message = f"{column} {value!r} does not stand in the passage {span}"
                hint = "copy it from the passage, or mend the span"
                yield cell_finding(table, raw, index, column, rule="verbatim", message=message, hint=hint)


def _check_own_words(passages: Passages) -> Iterator[Finding]:
    length = LONGEST_SHARED_RUN + 1
    if not passages.texts.by_source:
        return
    # Each run leads to the texts that have it, so that a value is not held against each text in turn.
    having: dict[tuple[str, ...], list[str]] = {}
    for source, text in passages.texts.by_source.items():
        for run in runs_of(text, length):
            having.setdefault(run, []).append(source)
    for table, raw, index in _rows(passages, _with(passages.contract, "own_words")):
        for column, value in passages.values(table, index, "own_words"):
            shared = shared_runs(value, having, length)
            for source in [each for each in passages.texts.by_source if each in shared] if shared else ():
                message = f"{column} shares a run of {length} words with {source}: {shared[source]!r}"
                hint = "say it in your own words"
                yield cell_finding(table, raw, index, column, rule="own-words", message=message, hint=hint)


def _check_coverage(passages: Passages) -> Iterator[Finding]:
    """Find what is neither coded nor set aside, in the sources all of whose spans are sound."""
    if not passages.texts.by_source or passages.lacks(*(each.name for each in passages.contract.children(ROOT))):
        return
    spans = passages.spans_by_source()
    unsound = {passages.source(table, index) for table, index in _unsound_spans(passages)}
    for table, raw, index in _rows(passages, [passages.contract["sources"]]):
        source = raw.cells["source_id"][index] or ""
        text = "" if source in unsound else passages.texts.by_source.get(source, "")
        for gap in gaps(text, spans.get(source, ())):
            shown = _spaced(gap.of(text))
            shown = shown if len(shown) <= SHOWN else shown[:SHOWN].rstrip() + "…"
            message = f"no claim rests on the passage {gap} ({shown}), nor is it set aside"
            hint = "code it, or set it aside with a reason"
            yield cell_finding(table, raw, index, "source_id", rule="coverage", message=message, hint=hint)


def _unsound_spans(passages: Passages) -> Iterator[tuple[Table, int]]:
    for table, _, index in _rows(passages, (each for each in passages.contract if each.has_span)):
        found = passages.passage(table, index)
        if found is None or _boundary_fault(*found):
            yield table, index


def check_set_asides(passages: Passages) -> Iterator[Finding]:
    """What is set aside is not also the passage of a claim, nor set aside twice."""
    claims, set_asides = passages.contract["claims"], passages.contract["set_asides"]
    claimed = {source: _joined(each for each, _ in spans) for source, spans in _spans(passages, claims).items()}
    raw = passages.tables[set_asides.name]
    hint = "set aside only what no claim rests on"
    for source, spans in _spans(passages, set_asides).items():
        last: Span | None = None
        for span, index in sorted(spans):
            message = ""
            if _meets(span, claimed.get(source, [])):
                message = f"a claim rests on part of the passage {span}"
            elif last and span.start < last.end:
                message = f"part of the passage {span} is already set aside with {last}"
            if message:
                yield cell_finding(
                    set_asides, raw, index, SPAN[0], rule="set-aside-overlap", message=message, hint=hint
                )
            last = span if last is None or span.end > last.end else last


def _spans(passages: Passages, table: Table) -> dict[str | None, list[tuple[Span, int]]]:
    """Return the spans of a table with their rows, by source, but for rows whose key another row has."""
    by_source: dict[str | None, list[tuple[Span, int]]] = {}
    for _, _, index in _rows(passages, [table]):
        span = passages.span(table, index)
        if span and (table.name, index, SPAN[0]) not in passages.invalid:
            by_source.setdefault(passages.source(table, index), []).append((span, index))
    return by_source


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return the parts that spans cover, in order, none of them overlapping."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


def _meets(span: Span, joined: list[Span]) -> bool:
    """Return whether a span has a code point in common with one of some that are in order."""
    place = bisect(joined, span.end - 1, key=lambda each: each.start)
    return place > 0 and joined[place - 1].end > span.start


def _check_names(passages: Passages) -> Iterator[Finding]:
    """Every form of a name stands in a text: in the one that is named, or in any where all are at hand."""
    texts = {source: _spaced(text) for source, text in passages.texts.by_source.items()}
    complete = passages.texts.complete and not passages.lacks(ROOT)
    for table, raw, index in _rows(passages, _with(passages.contract, "name")):
        for column, value in passages.values(table, index, "name"):
            source = raw.cells["source_id"][index]
            if any((table.name, index, each) in passages.invalid for each in ("source_id", "name_type")):
                continue
            if raw.cells["name_type"][index] == "preferred" or not (complete or source in texts):
                continue
            places = [texts[source]] if source in texts else list(texts.values())
            if not any(_spaced(value) in each for each in places):
                message = f"no text has the name {value!r}"
                hint = "write it as the text has it, or remove it"
                yield cell_finding(table, raw, index, column, rule="name-in-text", message=message, hint=hint)
