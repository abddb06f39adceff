"""Kinds of fault in which a cell contradicts its neighbours: cells of its row, or of rows that belong together."""

from __future__ import annotations

from collections.abc import Callable

from mutations import Draft, Place, Row, Spot, kind, narrowed, rows
from mutations_meaning import _claim, _innermost, _is_innermost, _is_linked, _on_claim, _one, _set_date

_NOTED = "Broken on purpose."


def _is(**cells: str | None) -> Callable[[Row], bool]:
    return lambda row: all(row[name] == value for name, value in cells.items())


def _is_in(column: str, *values: str | None) -> Callable[[Row], bool]:
    return lambda row: row[column] in values


def _by_document(draft: Draft, place: Place) -> bool:
    """Return whether the document itself states a claim."""
    return any(draft.row(each)["specificity"] == "document" for each in _innermost(draft, draft.row(place)["claim_id"]))


# --- sources and claims ----------------------------------------------------------------------------------------------


@kind("a text is coded before it was published", rows("sources", "coded_on"))
def _coded_before(draft: Draft, place: Place) -> list[Spot]:
    return _one("coded-after-published", draft, place, "2020-01-01")


@kind("a coder does not read the language of a text", rows("sources", "language"))
def _not_read(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, "ru" if place.row % 2 else "ko-KP")
    return [Spot("coder-language", place._replace(column="coded_by"))]


@kind("a denial says nothing in the negative", rows("claims", "claim_text", _is(polarity="denied")))
def _affirmative(draft: Draft, place: Place) -> list[Spot]:
    return _one("denied-wording", draft, place, f"Crates number {place.row} went to the harbour.")


@kind("a claim with a hedge is certain", rows("claims", "hedge", _is(modality="certain")))
def _hedged(draft: Draft, place: Place) -> list[Spot]:
    return _one("hedge-modality", draft, place, "likely")


@kind(
    "what the document says has an origin",
    narrowed(rows("claims", "origin_id", _is(origin_id=None)), _by_document),
    repeats_origin="the claim repeats one without an origin",
    same_origin="another claim of its origin has none",
)
def _with_origin(draft: Draft, place: Place) -> list[Spot]:
    return _one("origin-voice", draft, place, "ORI-bain-shell-production")


@kind(
    "an origin has a speaker who is no voice of its claims",
    rows("origins", "actor_id"),
    actor_used="the speaker is named nowhere else",
    origin_date="nobody said it on that day",
)
def _other_speaker(draft: Draft, place: Place) -> list[Spot]:
    claims = draft.where("claims", origin_id=draft.row(place)["origin_id"])
    draft.put(place, "ACT-vietnam")
    return [Spot("origin-speaker", Place("claims", index, "origin_id")) for index in claims]


# --- figures and transfers -------------------------------------------------------------------------------------------


@kind(
    "an ordinal is nought",
    rows("quantities", "value_best", _is(property="ordinal")),
    quantity_as_worded="the words have another number",
)
def _nought(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-range", draft, place, "0")


@kind(
    "a duration or a length is negative",
    rows("quantities", "value_best", lambda row: row["property"] in {"duration", "length"} and bool(row["value_best"])),
    quantity_as_worded="the words have another number",
)
def _negative(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-range", draft, place, f"-{draft.cell(place)}")


@kind("a duration or a length has another unit than its words", rows("quantities", "unit", _is_in("unit", "a", "mm")))
def _other_unit(draft: Draft, place: Place) -> list[Spot]:
    return _one("unit-as-worded", draft, place, "mo" if draft.cell(place) == "a" else "m")


@kind("money is in no currency", rows("quantities", "unit", _is(property="count")))
def _no_currency(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, property="money", unit="ZZZ")
    return [Spot("money-unit", place)]


@kind(
    "a value is as sure as its claim, and says so",
    narrowed(
        rows("quantities", "value_modality", _is(value_modality="as_claim")),
        lambda draft, place: not _is_linked(draft, place),
    ),
)
def _as_sure(draft: Draft, place: Place) -> list[Spot]:
    modality = "probable" if place.row % 2 else "possible"
    draft.change(_claim(draft, draft.row(place)["claim_id"]), modality=modality)
    return _one("value-modality", draft, place, modality)


@kind(
    "what is only offered or refused was delivered",
    rows("transfers", "stage", _is_in("realization", "sought", "agreed")),
)
def _delivered(draft: Draft, place: Place) -> list[Spot]:
    return _one("transfer-stage", draft, place, "delivered")


@kind("what was given is only ordered", rows("transfers", "stage", _is(realization="occurred")))
def _only_ordered(draft: Draft, place: Place) -> list[Spot]:
    return _one("transfer-stage", draft, place, "ordered")


@kind("a claim states a transfer twice", rows("transfers", "transfer_id"))
def _same_transfer(draft: Draft, place: Place) -> list[Spot]:
    return [Spot("transfer-once", draft.repeat(place, transfer_id=f"{draft.row(place)['claim_id']}-T99"))]


@kind(
    "a kind of weapon is food",
    narrowed(
        rows("items", "category", _is_in("category", "ammunition", "missile", "rocket_artillery", "aircraft")),
        lambda draft, place: (
            draft.row(place)["parent_id"] is not None
            and not draft.where("items", parent_id=draft.row(place)["item_id"])
        ),
    ),
    weapons_topic="what else the claim gives are weapons",
)
def _food(draft: Draft, place: Place) -> list[Spot]:
    return _one("item-category", draft, place, "food")


# --- dates and voices ------------------------------------------------------------------------------------------------


@kind(
    "what the document expects is long over",
    narrowed(
        rows("claims", "event_date", _is(temporal_status="future", date_status="unchallenged")),
        lambda draft, place: _by_document(draft, place) and not _is_linked(draft, place),
    ),
)
def _over(draft: Draft, place: Place) -> list[Spot]:
    _set_date(draft, place, "2019-05")
    draft.change(place, date_basis="inferred")
    return [Spot("future-event", place)]


@kind(
    "a claim, an event or an origin names another year than its date",
    rows("origins", "label", lambda row: bool(row["date"])),
)
def _other_year(draft: Draft, place: Place) -> list[Spot]:
    return _one("year-named", draft, place, f"Remark number {place.row} in May 2009")


@kind("a note does not name the text that has the date", rows("claims", "note", _is(date_basis="other_text")))
def _no_other_text(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, _NOTED)
    return [Spot("other-text-note", place._replace(column="date_basis"))]


@kind(
    "a voice speaks of a past event before it happened",
    narrowed(
        rows("claim_attributions", "stated_on"),
        lambda draft, place: (
            _is_innermost(draft, place)
            and _on_claim(draft, place)["temporal_status"] == "past"
            and _on_claim(draft, place)["event_date_earliest"] is not None
            and _on_claim(draft, place)["date_status"] == "unchallenged"
        ),
    ),
    origin_date="the origin has another day",
)
def _too_soon(draft: Draft, place: Place) -> list[Spot]:
    return _one("stated-time", draft, place, "1901-05")


@kind(
    "a voice says it on another day than its origin",
    narrowed(
        rows("claim_attributions", "stated_on", lambda row: row["actor_id"] is not None),
        lambda draft, place: bool(
            [
                each
                for each in draft.where("origins", actor_id=draft.row(place)["actor_id"])
                if draft.tables["origins"].cells["date"][each]
                and draft.tables["origins"].cells["origin_id"][each] == _on_claim(draft, place)["origin_id"]
            ]
        ),
    ),
    stated_time="the event came later",
)
def _other_day_than_origin(draft: Draft, place: Place) -> list[Spot]:
    return _one("origin-date", draft, place, "1999")


@kind(
    "an origin is younger than the text that passes it on",
    rows("origins", "date"),
    origin_date="the voice said it on another day",
    year_named="the label has another year",
)
def _younger(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, "2025-02")
    claims = draft.where("claims", origin_id=draft.row(place)["origin_id"])
    return [Spot("origin-published", Place("claims", index, "origin_id")) for index in claims]


@kind(
    "a demand or a prediction is a state",
    narrowed(
        rows("claim_attributions", "act", _is_in("act", "urges", "predicts", "promises")),
        lambda draft, place: not _is_linked(draft, place),
    ),
)
def _no_demand(draft: Draft, place: Place) -> list[Spot]:
    draft.change(_claim(draft, draft.row(place)["claim_id"]), statement_kind="state")
    return [Spot("act-kind", place)]


@kind("a person is a body", rows("claim_attributions", "specificity", _is(specificity="named_person")))
def _person_as_body(draft: Draft, place: Place) -> list[Spot]:
    return _one("voice-kind", draft, place, ("named_body", "metonym", "unnamed_group")[place.row % 3])


@kind("a state is a person", rows("claim_attributions", "specificity", _is_in("specificity", "metonym", "named_body")))
def _body_as_person(draft: Draft, place: Place) -> list[Spot]:
    return _one("voice-kind", draft, place, "named_person" if place.row % 2 else "unnamed_official")


# --- actors ----------------------------------------------------------------------------------------------------------


@kind(
    "a body has another country than its state",
    narrowed(
        rows("actors", "country", lambda row: row["actor_type"] != "person" and row["parent_id"] is not None),
        lambda draft, place: bool(
            draft.tables["actors"].cells["country"][draft.where("actors", actor_id=draft.row(place)["parent_id"])[0]]
        ),
    ),
    actor_country="what is part of it has the country of the state",
)
def _other_country(draft: Draft, place: Place) -> list[Spot]:
    return _one("actor-country", draft, place, "FJI")


@kind("two items have the same name", rows("items", "name", lambda row: (row["item_id"] or "") > "ITM-b"))
def _same_name(draft: Draft, place: Place) -> list[Spot]:
    first = min(row["item_id"] or "" for row in draft.tables["items"].rows())
    (other,) = draft.where("items", item_id=first)
    return _one("name-distinct", draft, place, draft.cell(place._replace(row=other)).upper())


@kind("a registered name is called a variant", rows("claim_actors", "resolution", _is(resolution="exact")))
def _as_variant(draft: Draft, place: Place) -> list[Spot]:
    return _one("name-exact", draft, place, "variant")


@kind(
    "an actor votes on two sides",
    narrowed(
        rows("claim_actors", "role", _is_in("role", "voter_for", "voter_against")),
        lambda draft, place: bool(draft.row(place)["actor_id"]),
    ),
)
def _on_two_sides(draft: Draft, place: Place) -> list[Spot]:
    other = "voter_abstained" if draft.cell(place) == "voter_against" else "voter_against"
    draft.repeat(place, role=other)
    return [Spot("vote-sides", place)]


# --- events, agreements and relations --------------------------------------------------------------------------------


@kind(
    "what is signed is no agreement", rows("events", "agreement_id", lambda row: row["kind"] not in {"vote", "signing"})
)
def _signed_nothing(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, kind="signing", agreement_id=None)
    return [Spot("event-agreement", place)]


@kind(
    "a hypothetical agreement was made, by a claim that is certain of it",
    narrowed(
        rows("agreements", "existence", _is(existence="documented")),
        lambda draft, place: any(
            draft.tables["claim_agreements"].cells["bearing"][each] in {"asserts", "status_change"}
            for each in draft.where("claim_agreements", agreement_id=draft.row(place)["agreement_id"])
        ),
    ),
    agreement_status="it has come about",
    party_alleged="its parties are not alleged",
)
def _hypothetical(draft: Draft, place: Place) -> list[Spot]:
    return _one("agreement-existence", draft, place, "hypothetical")


@kind(
    "a party is alleged or not, and says the contrary",
    rows("agreement_parties", "party_role", _is_in("party_role", "party", "alleged_party")),
)
def _contrary(draft: Draft, place: Place) -> list[Spot]:
    return _one("party-alleged", draft, place, "party" if draft.cell(place) == "alleged_party" else "alleged_party")


def _end(draft: Draft, place: Place, column: str) -> Row:
    return draft.row(_claim(draft, draft.row(place)[column]))


@kind(
    "what is only possible resolves something",
    narrowed(
        rows("claim_relations", "relation", _is_in("relation", "qualifies")),
        lambda draft, place: _end(draft, place, "claim_id")["modality"] != "certain",
    ),
)
def _possibly_resolved(draft: Draft, place: Place) -> list[Spot]:
    return _one("resolves-later", draft, place, "resolves")


@kind(
    "a repeat has another polarity",
    narrowed(
        rows("claim_relations", "relation", _is(relation="qualifies", independence="same_origin")),
        lambda draft, place: (
            _end(draft, place, "claim_id")["polarity"] != _end(draft, place, "related_claim_id")["polarity"]
        ),
    ),
    relation_once="the other way round it is a repeat as well",
)
def _other_polarity(draft: Draft, place: Place) -> list[Spot]:
    return _one("repeats-polarity", draft, place, "repeats")


@kind(
    "claims of one origin have two",
    narrowed(
        rows("claim_relations", "independence", _is(independence="unknown")),
        lambda draft, place: (
            _end(draft, place, "claim_id")["origin_id"] != _end(draft, place, "related_claim_id")["origin_id"]
        ),
    ),
)
def _of_one_origin(draft: Draft, place: Place) -> list[Spot]:
    return _one("same-origin", draft, place, "same_origin")


@kind(
    "two statements of one document are independent",
    narrowed(
        rows("claim_relations", "independence", _is(independence="same_origin")),
        lambda draft, place: (
            _end(draft, place, "claim_id")["source_id"] == _end(draft, place, "related_claim_id")["source_id"]
            and all(
                draft.row(each)["specificity"] == "document"
                for column in ("claim_id", "related_claim_id")
                for each in _innermost(draft, draft.row(place)[column])
            )
        ),
    ),
    repeats_origin="a repeat has the same origin",
)
def _independent(draft: Draft, place: Place) -> list[Spot]:
    return _one("own-statements", draft, place, "independent")
