"""Anchoring: the quotes of a record become spans of its text, and every other byte of the record stays as it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from collections.abc import Sequence as Seq
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from curation.lineage import HASHES, ROOT, Lineage, hash_passages
from curation.seeds.files import read_seed_files
from curation.seeds.records import CANDIDATE, SPAN_FORM
from curation.seeds.spans import UNSEEN, Span, hashes_csv, normalize_punctuation
from curation.seeds.tables import read_seeds
from curation.seeds.yaml import Mapping, Node, Scalar, Sequence, decode, read_yaml
from curation.texts import VARIABLE, ReadText, find_texts, text_reader, texts_folder
from curation.write import write_files
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean, in_order
from russia_dprk_claims.contract import Contract, Table, read_contract

SHOWN_CANDIDATES = 8
CONTEXT = 25
LONGEST_QUOTE = 10_000
_ELLIPSIS = re.compile(r"\s*…\s*|\s+\.\.\.\s+")
_OCCURRENCE = re.compile(r"^(?P<quote>.*\S)\s+@(?P<number>[1-9][0-9]{0,8})$", re.DOTALL)

Edit = tuple[int, int, Span]
"""Where a quote begins and ends in its file, and the span that takes its place."""


@dataclass(frozen=True)
class Quote:
    """A quote: its first and last words, or one whole phrase, and the number of the occurrence that is meant."""

    first: str
    last: str | None
    occurrence: int | None

    @classmethod
    def parse(cls, text: str) -> Quote:
        """Read `first words … last words`, or one whole phrase, with ` @2` after it for the second occurrence."""
        match = _OCCURRENCE.match(text.strip())
        occurrence = int(match["number"]) if match else None
        parts = _ELLIPSIS.split((match["quote"] if match else text).strip(), maxsplit=1)
        first, last = parts[0], parts[1] if len(parts) > 1 else None
        if not first or last == "":
            raise ValueError("the quote needs words on both sides of the ellipsis")
        return cls(first, last, occurrence)

    def find(self, text: str, within: Span | None = None) -> list[Span]:
        """Return every span of `text` (inside `within`) that the quote may mean, in order."""
        return self.find_normalized(normalize_punctuation(text), within)

    def find_normalized(self, normalized: str, within: Span | None = None) -> list[Span]:
        """Return the same for a text with plain punctuation, which spares normalizing it for each of many quotes."""
        within = within or Span(0, len(normalized))
        found = _occurrences(self.first, normalized, within)
        if self.last is not None:
            ends = _occurrences(self.last, normalized, within)
            found = [Span(start.start, end.end) for start in found for end in ends if end.start >= start.end]
        if self.occurrence is not None:
            found = found[self.occurrence - 1 : self.occurrence]
        return found


def _occurrences(words: str, text: str, within: Span) -> list[Span]:
    seen = UNSEEN.sub("", normalize_punctuation(words)).split()
    # Only a text with such characters needs the longer pattern, and no quote that people write is so long.
    unseen = f"{UNSEEN.pattern}*" if len(words) < LONGEST_QUOTE and UNSEEN.search(text) else ""
    space = rf"{unseen}\s(?:\s|{UNSEEN.pattern})*" if unseen else r"\s+"
    pattern = space.join(unseen.join(map(re.escape, word)) for word in seen)
    return [Span(*match.span()) for match in re.compile(pattern).finditer(text, within.start, within.end)]


@dataclass(frozen=True)
class Anchored:
    """A record after anchoring: its bytes, how many quotes became spans, and findings on the quotes that did not."""

    data: bytes
    number: int
    findings: list[Finding]


def anchor_quotes(path: str, data: bytes, text: str, contract: Contract, *, with_candidates: bool = True) -> Anchored:
    """Turn the quotes of a source record into spans, those of candidates of a draft only if they are wanted."""
    root, _ = read_yaml(path, data)
    skipped = () if with_candidates else (CANDIDATE,)
    results = list(_anchor(contract, contract[ROOT], root, text, Span(0, len(text)), skipped))
    edits = [each for each in results if isinstance(each, tuple)]
    new = decode(path, data)
    for start, end, span in sorted(edits, reverse=True):
        old = new[start:end].rstrip()  # a block scalar ends with its last line break
        new = f"{new[:start]}span: {span}{new[start + len(old) :]}"
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return Anchored(mark + new.encode("utf-8"), len(edits), [each for each in results if isinstance(each, Finding)])


def _anchor(
    contract: Contract, table: Table, node: Mapping, text: str, within: Span, skipped: Seq[str]
) -> Iterator[Edit | Finding]:
    """Anchor the quote of a row inside the span of its parent, then those of the rows in it without `skipped` keys."""
    span: Span | None = within
    if table.has_span:
        written = node.get("span")
        match = SPAN_FORM.fullmatch(written.text) if isinstance(written, Scalar) else None
        span = Span(int(match[1]), int(match[2])) if match else None
        for place, (key, value) in [each for each in enumerate(node.entries) if each[1][0].text == "quote"][:1]:
            following = [name for name, _ in node.entries[place + 1 :]]
            rest = [name.text for name in takewhile(lambda name: name.is_rest, following)]
            result = _cut(value, rest) if rest and isinstance(value, Scalar) else _edit(key, value, text, within)
            yield result
            span = None if isinstance(result, Finding) else result[2]
    if span is None:
        return  # the quotes of child rows are looked for in this span, once it is known
    children = {each.name: each for each in contract.children(table.name)}
    for key, value in node.entries:
        for item in value.items if key.text in children and isinstance(value, Sequence) else ():
            if isinstance(item, Mapping) and not any(map(item.get, skipped)):
                yield from _anchor(contract, children[key.text], item, text, span, skipped)


def _edit(key: Scalar, value: Node, text: str, within: Span) -> Edit | Finding:
    """Return the edit that replaces a quote by its span, or a finding with the candidates."""
    if not isinstance(value, Scalar):
        hint = "put a quote that begins with [ or { in quotes"
        return Finding(value.location, "quote", "the quote is a list or a mapping", hint)
    try:
        found = Quote.parse(value.text).find(text, within)
    except ValueError as error:
        return Finding(value.location, "quote", str(error), "write: first words … last words")
    if len(found) == 1:
        return key.start, value.end, found[0]
    where = "the text" if within == Span(0, len(text)) else f"the passage {within} of the claim"
    if not found:
        hint = "copy the words from the text; case and punctuation count"
        return Finding(value.location, "quote", f"{value.text!r} is not in {where}", hint)
    shown = enumerate(found[:SHOWN_CANDIDATES], start=1)
    candidates = "; ".join(f"@{number} …{_in_context(text, span)}…" for number, span in shown)
    more = f"; and {len(found) - SHOWN_CANDIDATES} more" if len(found) > SHOWN_CANDIDATES else ""
    message = f"{value.text!r} occurs {len(found)} times in {where}: {candidates}{more}"
    lengths = [each.end - each.start for each in found]
    number = lengths.index(min(lengths)) + 1
    is_nearest = lengths.count(min(lengths)) == 1
    which = f"' @{number}' for the nearest end" if is_nearest else "' @2' for the second occurrence"
    hint = f"quote more words, or add {which}"
    return Finding(value.location, "quote", message, hint)


def _cut(value: Scalar, rest: Seq[str]) -> Finding:
    """Return the finding on a quote of which YAML reads only what is before a comma."""
    hint = f"put it in quotation marks, from {value.text.split()[0]!r} to {rest[-1].split()[-1]!r}"
    return Finding(value.location, "quote", "a quote without quotation marks ends at its comma", hint)


def _in_context(text: str, span: Span) -> str:
    passage = span.of(text)
    if len(passage) > 2 * CONTEXT:
        passage = f"{passage[:CONTEXT]} … {passage[-CONTEXT:]}"
    before = text[max(0, span.start - CONTEXT) : span.start]
    after = text[span.end : span.end + CONTEXT]
    return " ".join(f"{before}[{passage}]{after}".split())


@dataclass
class AnchorResult:
    """The number of quotes and of hashed passages by source, the files to write, and what could not be anchored."""

    sources: dict[str, tuple[int, int]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def anchor_sources(root: Path, texts: Path | None, names: Seq[str]) -> AnchorResult:
    """Anchor the quotes of some sources, or of all, and write their records and passage hashes."""
    contract = read_contract(root / "schemas")
    files, _ = read_seed_files(root)
    records = {Path(path).stem: path for path in files if Path(path).parts[1:-1] == (ROOT,)}
    result = AnchorResult()
    unknown = [name for name in names if name not in records]
    if unknown:
        message = "there is no record of this source"
        result.findings = [Finding(Location(each), "source", message, did_you_mean(each, records)) for each in unknown]
        return result
    read_text, folder = text_reader(texts, root), texts_folder(texts, root)
    where = f"{folder.relative_to(root) if folder.is_relative_to(root) else folder}/"
    where += "" if folder.is_dir() else ", and there is no such folder"
    for path in [records[name] for name in names or sorted(records)]:
        _anchor_source(path, files[path], read_text, where, contract, result)
    write_files(root, result.files)
    result.findings = in_order(result.findings)
    return result


def _anchor_source(
    path: str, data: bytes | None, read_text: ReadText, where: str, contract: Contract, result: AnchorResult
) -> None:
    """Anchor the quotes of one record and hash its passages."""
    seeds = read_seeds({path: data}, contract)
    texts, findings = find_texts(contract[ROOT], seeds.tables[ROOT], read_text)
    result.findings += findings
    if not len(seeds.tables[ROOT]):
        result.findings += seeds.findings
    elif not texts.by_source and not findings:
        message = f"the text {seeds.tables[ROOT].cells['text_name'][0]} is not in {where}"
        hint = f"save it there, or name its folder with --texts or {VARIABLE}"
        result.findings.append(Finding(Location(path), "text-missing", message, hint))
    for source_id, text in texts.by_source.items():
        # The decision on a candidate needs the words of its quote.
        anchored = anchor_quotes(path, data or b"", text, contract, with_candidates=False)
        tables = read_seeds({path: anchored.data}, contract).tables
        hashes = hash_passages(Lineage(contract, tables), source_id, text)
        result.findings += anchored.findings
        result.files |= {path: anchored.data, f"{HASHES}/{source_id}.csv": hashes_csv(hashes)}
        result.sources[source_id] = anchored.number, len(hashes)
