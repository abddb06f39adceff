"""Passages: what can only be checked where the texts are at hand.

Verbatim cells stand in the passage of their row, the editors' words repeat no text, spans cut no word, and every
part of a text lies
in the span of a claim or is set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from russia_dprk_claims.contract import SPAN, Contract, Table
from russia_dprk_claims.findings import Finding
from russia_dprk_claims.lineage import Lineage
from russia_dprk_claims.seeds.seals import Seal
from russia_dprk_claims.spans import Span, gaps, plain, runs_of, shared_run, span_sha256
from russia_dprk_claims.tables import RawTable, RawTables, row_name, span_of
from russia_dprk_claims.texts import Texts

LONGEST_SHARED_RUN = 6
SHOWN = 30


class Passages(Lineage):
    """The rows of the tables with the texts that they rest on."""

    def __init__(self, contract: Contract, tables: RawTables, texts: Texts) -> None:
        """Keep the texts beside the rows."""
        super().__init__(contract, tables)
        self.texts = texts

    def text(self, table: Table, index: int) -> str | None:
        """Return the text of the source of a row, where it is at hand."""
        return self.texts.by_source.get(self.source(table, index) or "")


def check_passages(contract: Contract, tables: RawTables, texts: Texts, seals: dict[str, Seal]) -> list[Finding]:
    """Check all tables against the texts at hand.

    Parameters
    ----------
    contract, tables
        The tables and what their columns are.
    texts
        The texts at hand.
    seals
        The hashes of the long passages, by row.

    Returns
    -------
    list of Finding
        Everything that is not in the texts as the tables have it.
    """
    passages = Passages(contract, tables, texts)
    findings = [*_check_spans(passages, seals), *_check_verbatim(passages), *_check_coverage(passages)]
    return [*findings, *_check_own_words(passages), *_check_names(passages)]


def _rows(passages: Passages, tables: Iterable[Table]) -> Iterator[tuple[Table, RawTable, int]]:
    for table in tables:
        raw = passages.tables[table.name]
        for index in range(len(raw)):
            yield table, raw, index


def _finding(table: Table, raw: RawTable, index: int, column: str, rule: str, message: str, hint: str) -> Finding:
    return Finding(
        origin=raw.locator.locate(index, column),
        rule=rule,
        message=message,
        hint=hint,
        table=table.name,
        row=row_name(table, raw, index),
        column=column,
        value=raw.cells[column][index] or "",
    )


def _check_spans(passages: Passages, seals: dict[str, Seal]) -> Iterator[Finding]:
    for table, raw, index in _rows(passages, (each for each in passages.contract if each.has_span)):
        text, span = passages.text(table, index), span_of(raw, index)
        if text is None or span is None or not span.start < span.end <= len(text):
            continue
        fault = _boundary_fault(text, span)
        if fault:
            hint = "write a quote and run scripts/seal.py"
            yield _finding(table, raw, index, SPAN[0], "span-boundary", f"the span {span} {fault}", hint)
        seal = seals.get(row_name(table, raw, index))
        if seal and seal.span == span and seal.sha256 != span_sha256(span.of(text)):
            message = f"the seal is not that of the passage {span}"
            yield _finding(table, raw, index, SPAN[0], "seal", message, "run scripts/seal.py")


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
    for table in passages.contract:
        columns = [each.name for each in table.fields if each.text == "verbatim"]
        for _, raw, index in _rows(passages, [table] if columns else []):
            text, span = passages.text(table, index), passages.span(table, index)
            if text is None or span is None:
                continue
            passage = _spaced(span.of(text))
            for column in columns:
                value = raw.cells[column][index]
                if value and _spaced(value) not in passage:
                    message = f"{column} {value!r} does not stand in the passage {span}"
                    hint = "copy it from the passage, or mend the span"
                    yield _finding(table, raw, index, column, "verbatim", message, hint)


def _check_own_words(passages: Passages) -> Iterator[Finding]:
    length = LONGEST_SHARED_RUN + 1
    runs = {source: runs_of(text, length) for source, text in passages.texts.by_source.items()}
    for table in passages.contract:
        columns = [each.name for each in table.fields if each.text == "own_words"]
        for _, raw, index in _rows(passages, [table] if columns else []):
            for column in columns:
                for source, shared in runs.items():
                    run = shared_run(raw.cells[column][index] or "", shared, length)
                    if run:
                        message = f"{column} shares a run of {length} words with {source}: {run!r}"
                        hint = "say it in your own words"
                        yield _finding(table, raw, index, column, "own-words", message, hint)


def _check_coverage(passages: Passages) -> Iterator[Finding]:
    spans = passages.spans_by_source()
    for table, raw, index in _rows(passages, [passages.contract["sources"]]):
        source = raw.cells["source_id"][index] or ""
        text = passages.texts.by_source.get(source, "")
        for gap in gaps(text, spans.get(source, ())):
            shown = _spaced(gap.of(text))
            shown = shown if len(shown) <= SHOWN else shown[:SHOWN].rstrip() + "…"
            message = f"no claim rests on the passage {gap} ({shown}), nor is it set aside"
            hint = "code it, or set it aside with a reason"
            yield _finding(table, raw, index, "source_id", "coverage", message, hint)


def _check_names(passages: Passages) -> Iterator[Finding]:
    """Every form of a name stands in a text: in the one that is named, or in any where all are at hand."""
    everything = [_spaced(text) for text in passages.texts.by_source.values()]
    for table in passages.contract:
        columns = [each.name for each in table.fields if each.text == "name"]
        for _, raw, index in _rows(passages, [table] if columns else []):
            for column in columns:
                value, source = raw.cells[column][index] or "", raw.cells["source_id"][index]
                if raw.cells["name_type"][index] == "preferred":
                    continue
                if source is not None and source in passages.texts.by_source:
                    places = [_spaced(passages.texts.by_source[source])]
                elif source is None and passages.texts.complete:
                    places = everything
                else:
                    continue
                if not any(_spaced(value) in each for each in places):
                    message = f"no text has the name {value!r}"
                    hint = "write it as the text has it, or remove it"
                    yield _finding(table, raw, index, column, "name-in-text", message, hint)
