"""Checks that the rows reflect certain words of the texts: years, hedges, and the names of voices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from curation.lineage import ROOT
from curation.passages import Passages
from curation.seeds.spans import Span, normalize
from russia_dprk_claims.checks.findings import Finding

_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
# "may" only in lower case, because "May" is a month.
_WEAKENING = re.compile(
    r"\b(?:may|(?i:allegedly|apparently|appears?|could|(?:un)?likely|maybe|might|perhaps|possibly|potentially|presumably"
    r"|probably|purportedly|reportedly|seem(?:s|ingly)?|supposedly))\b"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEARS_IN = (("claims", "event_date"), ("claims", "note"), ("claim_attributions", "stated_on"))
_YEARS_IN_QUANTITIES = (("quantities", "period"), ("quantities", "value_text"), ("quantities", "note"))


def check_wording(passages: Passages) -> Iterator[Finding]:
    """Find such words in the available texts that no row reflects."""
    rows = _Claims(passages)
    yield from _not_taken_up(passages, rows, _YEAR, rows.has_year, "year-stated", "event_date", "is in no date")
    yield from _not_taken_up(passages, rows, _WEAKENING, rows.is_weakened, "hedge-missing", "hedge", "weakens no claim")
    yield from _dates(passages)
    yield from _voices(passages, rows)
    yield from _actors(passages, rows)


class _Claims:
    """The active claims of each source with their spans, and the rows that nest in them."""

    def __init__(self, passages: Passages) -> None:
        self._tables = passages.lineage.tables
        sources = self._tables["sources"].cells
        self._published = dict(zip(sources["source_id"], sources["published_on"], strict=True))
        self._publishers = dict(zip(sources["source_id"], sources["publisher_id"], strict=True))
        self.by_source: dict[str, list[tuple[Span, int]]] = {}
        cells = self._tables["claims"].cells
        claims = passages.lineage.contract["claims"]
        for index, status in enumerate(cells["record_status"]):
            found = passages.passage(claims, index)
            if found and status == "active" and not passages.is_invalid(claims, index, "claim_id"):
                self.by_source.setdefault(cells["source_id"][index] or "", []).append((found[1], index))
        self._children: dict[tuple[str, str | None], list[int]] = {}
        for table in ("claim_attributions", "quantities"):
            for index, claim in enumerate(self._tables[table].cells["claim_id"]):
                self._children.setdefault((table, claim), []).append(index)

    def values(self, claim: int, columns: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Iterate over the cells of a claim and of its rows in some columns."""
        key = self._tables["claims"].cells["claim_id"][claim]
        for table, column in columns:
            rows = [claim] if table == "claims" else self._children.get((table, key), [])
            yield from (value for row in rows if (value := self._tables[table].cells[column][row]))

    def voices(self, claim: int) -> set[str | None]:
        """Return the actors whose voices a claim has, and the publisher of its source, for whom the document speaks."""
        source = self._tables["claims"].cells["source_id"][claim]
        return {self._publishers.get(source), *self.values(claim, [("claim_attributions", "actor_id")])}

    def has_year(self, claim: int, year: str) -> bool:
        """Return whether a date, a figure or the note of a claim has a year; a filled-in `as_of` does not count."""
        as_of, source = (self._tables["claims"].cells[each][claim] or "" for each in ("as_of", "source_id"))
        if year in as_of and as_of != self._published.get(source):
            return True
        return any(year in value for value in self.values(claim, (*_YEARS_IN, *_YEARS_IN_QUANTITIES)))

    def is_weakened(self, claim: int, word: str) -> bool:
        """Return whether a claim or one of its figures is not certain, or its note has the word."""
        cells = self._tables["claims"].cells
        return (
            cells["modality"][claim] != "certain"
            or any(value != "as_claim" for value in self.values(claim, [("quantities", "value_modality")]))
            or word.casefold() in (cells["note"][claim] or "").casefold()
        )


def _not_taken_up(
    passages: Passages,
    claims: _Claims,
    words: re.Pattern[str],
    takes_up: Callable[[int, str], bool],
    rule: str,
    column: str,
    what: str,
) -> Iterator[Finding]:
    """Find words in the passages of claims that none of these claims reflects."""
    table = passages.lineage.contract["claims"]
    for source, spans in claims.by_source.items():
        for match in words.finditer(passages.texts.by_source[source]):
            at = Span(*match.span())
            around = sorted(((span.end - span.start, index) for span, index in spans if at in span))
            if around and not any(takes_up(index, match.group()) for _, index in around):
                yield passages.finding(rule, table, around[0][1], column, f"{match.group()!r} in the passage {what}")


def _actors(passages: Passages, claims: _Claims) -> Iterator[Finding]:
    """Find claims without actors, events and agreements whose passage names an actor that is not their voice."""
    tables, table = passages.lineage.tables, passages.lineage.contract["claims"]
    matters = ("claim_actors", "claim_events", "claim_agreements")
    if passages.lacks(*matters, "claim_attributions", "actor_names"):
        return
    names = tables["actor_names"].cells
    pairs = zip(names["actor_id"], names["name"], strict=True)
    registered = {name: actor for actor, name in pairs if name and name != name.lower()}
    about = {claim for each in matters for claim in tables[each].cells["claim_id"]}
    for source, spans in claims.by_source.items():
        for span, index in spans:
            claim = tables["claims"].cells["claim_id"][index]
            if claim in about:
                continue
            passage, voices = span.of(passages.texts.by_source[source]), claims.voices(index)
            found = [each for each, actor in registered.items() if actor not in voices and _has(passage, each)]
            if found:
                message = f"the claim has no actors, but its passage names {max(found, key=len)!r}"
                yield passages.finding("actor-named", table, index, "claim_id", message)


def _has(passage: str, name: str) -> bool:
    return name in passage and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", passage) is not None


def _is_named(name: str, text: str) -> bool:
    """Return whether a text has a name as whole words; in other scripts, endings may follow without a space."""
    if not name.isascii():
        return name.casefold() in text.casefold()
    return _has(text, name) or (not name.isupper() and _has(text.casefold(), name.casefold()))


def _dates(passages: Passages) -> Iterator[Finding]:
    """Find dates that are called stated although the passage prints neither their years nor their months."""
    table, tables = passages.lineage.contract["claims"], passages.lineage.tables
    languages = dict(zip(*(tables["sources"].cells[each] for each in ("source_id", "language")), strict=True))
    cells = tables["claims"].cells
    for index, (date, basis) in enumerate(zip(cells["event_date"], cells["date_basis"], strict=True)):
        found = passages.passage(table, index)
        if not date or basis != "stated" or found is None or passages.is_invalid(table, index, "event_date"):
            continue
        passage = found[1].of(found[0])
        if not _is_printed(date, passage, is_english=(languages.get(cells["source_id"][index]) or "").startswith("en")):
            yield passages.finding(
                "date-printed", table, index, "date_basis", f"{date} is not in the passage {found[1]}"
            )


def _is_printed(date: str, passage: str, *, is_english: bool) -> bool:
    """Return whether a passage prints a year of a date, or its last digits, or a month.

    The months of other languages are not known: there any digit counts, and a date with a month.
    """
    if not is_english and (re.search(r"\d", passage) or re.search(r"-(?:0[1-9]|1[0-2])", date)):
        return True
    for year, month in re.findall(r"(?<![0-9-])([0-9]{2,4})X*(?:-(0[1-9]|1[0-2]))?", date):
        if year in passage or re.search(rf"(?<!\d){year[2:] or year}(?!\d)", passage):
            return True
        if month and re.search(rf"\b{_MONTHS[int(month) - 1]}", passage):
            return True
    return False


def _voices(passages: Passages, claims: _Claims) -> Iterator[Finding]:
    """Find voices of whom no name occurs in the text up to the end of the passage."""
    tables, table = passages.lineage.tables, passages.lineage.contract["claim_attributions"]
    names: dict[str | None, list[str]] = {}
    for actor, name in zip(*(tables["actor_names"].cells[each] for each in ("actor_id", "name")), strict=True):
        names.setdefault(actor, []).append(normalize(name or ""))
    ends = {index: (source, span.end) for source, spans in claims.by_source.items() for span, index in spans}
    for index, actor in enumerate(tables[table.name].cells["actor_id"]):
        parent = passages.lineage.parent(table, index)
        found = ends.get(parent[1]) if parent else None
        # A group without a name is described, not named.
        described = tables[table.name].cells["specificity"][index] == "unnamed_group"
        if not actor or described or found is None or actor not in names or passages.lacks(ROOT, "actor_names"):
            continue
        source, end = found
        until = normalize(passages.texts.by_source[source][:end])
        if not any(_is_named(name, until) for name in names[actor]):
            yield passages.finding(
                "voice-in-text", table, index, "actor_id", f"no name of {actor} is in the passage or before it"
            )
