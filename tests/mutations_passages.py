"""Kinds of fault that only the texts show: names without their text, years and hedges that no row takes up, voices that
no text names.
"""

from __future__ import annotations

from collections.abc import Iterable

from conftest import REPOSITORY, texts_folder
from mutations import Draft, Kind, Place, Row, Spot, narrowed, rows

from curation.lineage import Lineage
from curation.passages import Passages, check_passages
from curation.texts import find_texts, text_reader
from curation.wording import check_wording
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.tables import Invalid

_HEDGES = {"could", "likely", "may", "might", "possibly", "probably", "reportedly"}


def _passages(draft: Draft) -> Passages:
    texts, _ = find_texts(draft.contract["sources"], draft.tables["sources"], text_reader(texts_folder(), REPOSITORY))
    return Passages(Lineage(draft.contract, draft.tables), texts, Invalid())


def passage_findings(draft: Draft) -> list[Finding]:
    """Return the findings of the comparison with the texts; hashes are not compared."""
    passages = _passages(draft)
    return [*check_passages(passages, {}), *check_wording(passages)]


def _text(draft: Draft, source: str | None) -> str:
    return _passages(draft).texts.by_source[source or ""].casefold()


def _passage(draft: Draft, row: Row) -> str:
    return _text(draft, row["source_id"])[int(row["char_start"] or 0) : int(row["char_end"] or 0)]


def _claims_around(draft: Draft, row: Row) -> list[Place]:
    """Return the claims that rest on part of the passage of a claim, the shortest passage first."""
    spans = draft.tables["claims"].cells
    around = [
        (int(spans["char_end"][index] or 0) - int(spans["char_start"][index] or 0), index)
        for index in draft.where("claims", source_id=row["source_id"], record_status="active")
        if int(spans["char_start"][index] or 0) < int(row["char_end"] or 0)
        and int(row["char_start"] or 0) < int(spans["char_end"][index] or 0)
    ]
    return [Place("claims", index, "event_date") for _, index in sorted(around)]


def _children(draft: Draft, row: Row) -> Iterable[Row]:
    """Return the voices and the figures of a claim."""
    for table in ("claim_attributions", "quantities"):
        for index in draft.where(table, claim_id=row["claim_id"]):
            yield draft.tables[table].row(index)


def _is_name_of_one_text(draft: Draft, place: Place) -> bool:
    name = draft.cell(place).casefold()
    return sum(name in text.casefold() for text in _passages(draft).texts.by_source.values()) == 1


def _no_source(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, source_id=None)
    return [Spot("name-source", place)]


def _is_first_with_year(draft: Draft, place: Place) -> bool:
    """Return whether a claim has the shortest passage with a year that only dates of events take up."""
    row, year = draft.row(place), draft.cell(place)[:4]
    around = [draft.row(each) for each in _claims_around(draft, row)]
    (source,) = draft.where("sources", source_id=row["source_id"])
    published = draft.tables["sources"].cells["published_on"][source]
    others = [each["note"] for each in around]
    others += [each["as_of"] for each in around if each["as_of"] != published]
    others += [value for each in around for child in _children(draft, each) for value in child.values()]
    return (
        around[:1] == [row]
        and _passage(draft, row).count(year) == 1
        and not any(year in (value or "") for value in others)
    )


def _no_year(draft: Draft, place: Place) -> list[Spot]:
    for each in _claims_around(draft, draft.row(place)):
        draft.put(each, None)
    return [Spot("year-stated", place)]


def _has_only_hedge(draft: Draft, place: Place) -> bool:
    row = draft.row(place)
    figures = {child.get("value_modality", "as_claim") for child in _children(draft, row)}
    return (
        [draft.row(each) for each in _claims_around(draft, row)] == [row]
        and row["modality"] != "certain"
        and figures <= {"as_claim"}
        and draft.cell(place) not in (row["note"] or "")
    )


def _no_hedge(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, modality="certain", hedge=None)
    return [Spot("hedge-missing", place)]


def _is_of_active_claim(draft: Draft, place: Place) -> bool:
    return bool(draft.where("claims", claim_id=draft.row(place)["claim_id"], record_status="active"))


def _other_voice(draft: Draft, place: Place) -> list[Spot]:
    text = _text(draft, (draft.row(place)["claim_id"] or "")[:8])
    names = draft.tables["actor_names"].cells
    named = {
        actor for actor, name in zip(names["actor_id"], names["name"], strict=True) if (name or "").casefold() in text
    }
    draft.put(place, next(each for each in draft.tables["actors"].cells["actor_id"] if each not in named))
    return [Spot("voice-in-text", place)]


PASSAGES = [
    Kind(
        "a name that is in one text only has no source",
        narrowed(
            rows("actor_names", "name", lambda row: row["name_type"] != "preferred" and row["source_id"] is not None),
            _is_name_of_one_text,
        ),
        _no_source,
    ),
    Kind(
        "a year of the passage is in no date",
        narrowed(rows("claims", "event_date", lambda row: row["event_date"] is not None), _is_first_with_year),
        _no_year,
    ),
    Kind(
        "what the passage weakens is certain",
        narrowed(rows("claims", "hedge", lambda row: row["hedge"] in _HEDGES), _has_only_hedge),
        _no_hedge,
    ),
    Kind(
        "a voice is not in its text",
        narrowed(
            rows(
                "claim_attributions",
                "actor_id",
                lambda row: row["actor_id"] is not None and row["specificity"] != "unnamed_group",
            ),
            _is_of_active_claim,
        ),
        _other_voice,
    ),
]
