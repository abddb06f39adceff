"""Sealing: the quotes of a record become spans of its text, and every other byte of the record stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

from curation.seeds.nodes import Mapping, Node, Scalar, decode, read_yaml
from curation.seeds.records import SPAN_FORM, SeedFile, written_rows
from curation.spans import Quote, Span
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.contract import Contract

SHOWN_CANDIDATES = 8
CONTEXT = 25


@dataclass(frozen=True)
class Sealed:
    """A record after sealing: its bytes, how many quotes became spans, and the quotes that did not."""

    data: bytes
    number: int
    findings: list[Finding]


def seal_record(file: SeedFile, data: bytes, text: str, contract: Contract) -> Sealed:
    """Turn the quotes of a record into spans.

    Parameters
    ----------
    file
        The file of the record.
    data
        Its bytes.
    text
        The source text of the record.
    contract
        Says which records have spans and how they nest.

    Returns
    -------
    Sealed
        The new bytes. A quote that is found not once but never or more often stays and gives a finding with the
        candidates.

    Raises
    ------
    UnreadableError
        If the record cannot be read.
    """
    root, _ = read_yaml(file.name, data)
    record = decode(file.name, data)
    spans: dict[int, Span | None] = {}
    edits: list[tuple[int, int, str]] = []
    findings: list[Finding] = []
    starts = _line_starts(record)
    for table, node, parent in written_rows(root, contract[file.table or ""], contract):
        entry = next(((key, value) for key, value in node.entries if key.text == "quote"), None)
        if not table.has_span or entry is None:
            spans[id(node)] = _written_span(node)
            continue
        spans[id(node)] = None
        within = spans.get(id(parent))
        if within is None and parent is not root:
            continue  # the quote of the claim comes first; what nests in it waits
        key, value = entry
        found = _find(file.name, value, text, within)
        begin, end = _place(starts, key, value)
        if isinstance(found, Finding):
            findings.append(found)
        elif not record.startswith(key.text, begin):
            location = Location(file.name, key.line, key.column)
            hint = "remove unusual line breaks from the lines above"
            findings.append(Finding(location, "quote", "the place of the quote in its line cannot be told", hint))
        else:
            spans[id(node)] = found
            edits.append((begin, end, f"span: {found}"))
    for begin, end, replacement in sorted(edits, reverse=True):
        record = record[:begin] + replacement + record[end:]
    return Sealed(record.encode("utf-8"), len(edits), findings)


def _place(starts: list[int], key: Scalar, value: Node) -> tuple[int, int]:
    """Return where a key begins and its value ends, counted from the beginning of the record."""
    end = value.end if isinstance(value, Scalar) else (value.line, value.column)
    return starts[key.line - 1] + key.column - 1, starts[end[0] - 1] + end[1] - 1


def _line_starts(record: str) -> list[int]:
    starts = [0]
    for line in record.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _written_span(node: Mapping) -> Span | None:
    value = node.get("span")
    match = SPAN_FORM.fullmatch(value.text) if isinstance(value, Scalar) else None
    return Span(int(match[1]), int(match[2])) if match else None


def _find(path: str, value: Node, text: str, within: Span | None) -> Span | Finding:
    """Return the one span that a quote means, or a finding with the candidates."""
    if not isinstance(value, Scalar):
        hint = "put a quote that begins with [ or { in quotes"
        return Finding(Location(path, value.line, value.column), "quote", "the quote is not one text", hint)
    location = Location(path, value.line, value.column)
    try:
        quote = Quote.read(value.text)
    except ValueError as error:
        return Finding(location, "quote", str(error), "write: first words … last words")
    found = quote.find(text, within)
    if len(found) == 1:
        return found[0]
    where = f"the passage {within} of the claim" if within else "the text"
    if not found:
        hint = "copy the words from the text; the case counts, and so does every mark"
        return Finding(location, "quote", f"{value.text!r} does not stand in {where}", hint)
    candidates = "; ".join(
        f"@{number} …{_context(text, span)}…" for number, span in enumerate(found[:SHOWN_CANDIDATES], start=1)
    )
    more = f"; and {len(found) - SHOWN_CANDIDATES} more" if len(found) > SHOWN_CANDIDATES else ""
    message = f"{value.text!r} stands {len(found)} times in {where}: {candidates}{more}"
    return Finding(location, "quote", message, "take more words, or add ' @2' for the second")


def _context(text: str, span: Span) -> str:
    passage = span.of(text)
    if len(passage) > 2 * CONTEXT:
        passage = f"{passage[:CONTEXT]} … {passage[-CONTEXT:]}"
    before = text[max(0, span.start - CONTEXT) : span.start]
    after = text[span.end : span.end + CONTEXT]
    return " ".join(f"{before}[{passage}]{after}".split())
