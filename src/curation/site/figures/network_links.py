"""The links of the network: which actors the rows link, in which way, how surely, and by which rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, groupby, pairwise, product
from typing import Any

from curation.site.content import Content
from curation.site.figures.figure import text_of
from curation.site.figures.network_chart import MANNERS

SURE, HEDGED, DENIED = MANNERS
VOTER = "voter_"


@dataclass
class Link:
    """What links one actor to another: in which way, how surely, and the claims or agreements that say so."""

    start: str
    end: str
    how: str
    manner: str
    rows: list[str] = field(default_factory=list)


class Links:
    """The links of one kind, gathered from rows."""

    def __init__(self, content: Content) -> None:
        """Begin with none."""
        self._cells_of = content.cells_of
        self._found: dict[tuple[str, str, str, str], Link] = {}

    def add(self, start: str, end: str, how: str, manner: str, row: str) -> None:
        """Add a row that links two actors; nobody is linked to himself."""
        rows = self._found.setdefault((start, end, how, manner), Link(start, end, how, manner)).rows
        if row not in rows and start != end:
            rows.append(row)

    def claim(self, start: str, end: str, how: str, claim: str) -> None:
        """Add a claim that links two actors, drawn as it is made: as sure, as hedged, as denied or left open."""
        cells = self._cells_of[claim]
        sure = SURE if cells["modality"] == "certain" else HEDGED
        self.add(start, end, how, sure if cells["polarity"] == "affirmed" else DENIED, claim)

    def in_order(self) -> list[Link]:
        """Return the links, those with the most rows first."""
        found = (each for each in self._found.values() if each.rows)
        return sorted(found, key=lambda each: (-len(each.rows), each.start, each.end, each.how, each.manner))


def _by_claim(content: Content) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows = content.of_claims("claim_actors").to_dict("records")
    return ((str(claim), list(each)) for claim, each in groupby(rows, lambda row: row["claim_id"]))


def _column(content: Content, column: str) -> dict[str | None, str]:
    cells = content.tables["agreements"].cells
    return {key: value or "" for key, value in zip(cells["agreement_id"], cells[column], strict=True)}


def supply(content: Content) -> Links:
    """Link suppliers to the recipients of the same claim, by its topic."""
    links = Links(content)
    for claim, rows in _by_claim(content):
        takers = [each["actor_id"] for each in rows if each["role"] == "recipient"]
        for giver in (each["actor_id"] for each in rows if each["role"] == "supplier"):
            for taker in takers:
                links.claim(giver, taker, str(content.cells_of[claim]["topic"]), claim)
    return links


def votes(content: Content) -> Links:
    """Link voters to what was voted on: the votes of the claim, else the agreements that it speaks of."""
    links, forms = Links(content), _column(content, "form")
    spoken: dict[str, list[str]] = {}
    for each in content.of_claims("claim_agreements").to_dict("records"):
        spoken.setdefault(each["claim_id"], []).append(each["agreement_id"])
    for claim, rows in _by_claim(content):
        about = spoken.get(claim, [])
        for voter in (each for each in rows if each["role"].startswith(VOTER)):
            for what in [each for each in about if forms[each] == "vote"] or about:
                links.claim(voter["actor_id"], what, voter["role"].removeprefix(VOTER), claim)
    return links


def agreements(content: Content) -> Links:
    """Link the parties of each agreement, by how sure it is that it exists."""
    links, existence = Links(content), _column(content, "existence")
    parties: dict[str, list[str]] = {}
    for each in content.frame("agreement_parties").to_dict("records"):
        parties.setdefault(each["agreement_id"], []).append(each["actor_id"])
    for agreement, members in parties.items():
        sure = SURE if existence[agreement] in {"documented", "reported"} else HEDGED
        for one, other in combinations(sorted(members), 2):
            links.add(one, other, existence[agreement], sure, agreement)
    return links


def _innermost(content: Content) -> dict[str, list[str]]:
    """Return the named voices at the innermost step of each claim."""
    voices = content.of_claims("claim_attributions")
    inner = voices[voices["step"] == voices.groupby("claim_id")["step"].transform("max")]
    named: dict[str, list[str]] = {}
    for each in inner.to_dict("records"):
        if text_of(each["actor_id"]):
            named.setdefault(each["claim_id"], []).append(each["actor_id"])
    return named


def assertions(content: Content) -> Links:
    """Link the innermost voices of a claim to the actors that it names, by what kind of statement it is."""
    links, voices = Links(content), _innermost(content)
    for claim, rows in _by_claim(content):
        for voice in voices.get(claim, []):
            for named in sorted({row["actor_id"] for row in rows}):
                links.claim(voice, named, str(content.cells_of[claim]["statement_kind"]), claim)
    return links


def quotes(content: Content) -> Links:
    """Link each voice to those one step further in, by what they do; the document stands for its source."""
    links = Links(content)
    voices = content.of_claims("claim_attributions", "source_id").to_dict("records")
    for claim, rows in groupby(voices, lambda row: row["claim_id"]):
        steps = [list(each) for _, each in groupby(rows, lambda row: row["step"])]
        for number, (outer, inner) in enumerate(pairwise(steps)):
            for one, other in product(outer, inner):
                start = text_of(one["actor_id"]) or (one["source_id"] if number == 0 else "")
                if start and text_of(other["actor_id"]):
                    links.claim(start, other["actor_id"], str(other["act"]), str(claim))
    return links
