"""Kinds of fault that only semantic rules find: spans, figures, transfers, dates, events, chains, names, agreements,
relations.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from mutations import Draft, Place, Places_, Row, Spot, cells, kind, narrowed, rows

from russia_dprk_claims.checks.edtf import day_range
from russia_dprk_claims.checks.numerals import Row as Words
from russia_dprk_claims.checks.numerals import read_figure

_NOTED = "Broken on purpose."


def _one(rule: str, draft: Draft, place: Place, value: str | None) -> list[Spot]:
    draft.put(place, value)
    return [Spot(rule, place)]


def _claim(draft: Draft, claim_id: str | None) -> Place:
    (row,) = draft.where("claims", claim_id=claim_id)
    return Place("claims", row, "claim_id")


def _chain(draft: Draft, claim_id: str | None) -> list[Place]:
    return [Place("claim_attributions", row, "act") for row in draft.where("claim_attributions", claim_id=claim_id)]


def _innermost(draft: Draft, claim_id: str | None) -> list[Place]:
    chain = _chain(draft, claim_id)
    last = max(int(draft.row(place)["step"] or 0) for place in chain)
    return [place for place in chain if draft.row(place)["step"] == str(last)]


def _is_innermost(draft: Draft, place: Place) -> bool:
    return place in [each._replace(column=place.column) for each in _innermost(draft, draft.row(place)["claim_id"])]


def _on_claim(draft: Draft, place: Place) -> Row:
    """Return the row of the claim that a row nests in, or is."""
    return draft.row(_claim(draft, draft.row(place)["claim_id"]))


def _is_linked(draft: Draft, place: Place) -> bool:
    """Return whether a claim is linked to an event or an agreement, whose computed cells depend on it."""
    claim = draft.row(place)["claim_id"]
    return any(draft.where(table, claim_id=claim) for table in ("claim_events", "claim_agreements"))


def _plus(text: str | None, number: int) -> str:
    return str(int(text or 0) + number)


def _set_date(draft: Draft, place: Place, value: str | None) -> None:
    """Write a date and, as a build does, the days that follow from it."""
    days = day_range(value)
    draft.change(
        place,
        event_date=value,
        event_date_earliest=days.earliest.isoformat() if days and days.earliest else None,
        event_date_latest=days.latest.isoformat() if days and days.latest else None,
    )


# --- spans -----------------------------------------------------------------------------------------------------------


@kind("a passage that is set aside ends before it begins", rows("set_asides", "char_start"))
def _backwards(draft: Draft, place: Place) -> list[Spot]:
    row = draft.row(place)
    draft.change(place, char_start=row["char_end"], char_end=str(max(int(row["char_start"] or 0), 1)))
    return [Spot("span-order", place)]


@kind(
    "the span of a claim is empty",
    rows("claims", "char_start"),
    span_hash="an empty passage has no hash",
    quantity_span="the figures of the claim lie outside of it",
)
def _empty_span(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, char_start=draft.row(place)["char_end"])
    return [Spot("span-order", place)]


@kind(
    "a span ends behind its text",
    cells(lambda _, column: column.name == "char_end"),
    span_hash="the passage is long now",
    quantity_span="the figure ends behind its claim as well",
)
def _behind_text(draft: Draft, place: Place) -> list[Spot]:
    return _one("span-in-text", draft, place, "99999")


@kind(
    "a figure stands before its claim",
    narrowed(
        rows("quantities", "char_start"),
        lambda draft, place: draft.row(_claim(draft, draft.row(place)["claim_id"]))["char_start"] != "0",
    ),
)
def _before_claim(draft: Draft, place: Place) -> list[Spot]:
    start = draft.row(_claim(draft, draft.row(place)["claim_id"]))["char_start"]
    draft.change(place, char_start="0", char_end=_plus(start, 1))
    return [Spot("quantity-span", place)]


@kind(
    "a figure ends behind its claim", rows("quantities", "char_start"), span_in_text="the claim is the end of the text"
)
def _behind_claim(draft: Draft, place: Place) -> list[Spot]:
    end = draft.row(_claim(draft, draft.row(place)["claim_id"]))["char_end"]
    draft.change(place, char_end=_plus(end, 1))
    return [Spot("quantity-span", place)]


@kind("a long passage has no hash", rows("claims", "span_sha256", lambda row: row["span_sha256"] is not None))
def _no_hash(draft: Draft, place: Place) -> list[Spot]:
    return _one("span-hash", draft, place, None)


@kind("a short passage has a hash", rows("claims", "span_sha256", lambda row: row["span_sha256"] is None))
def _short_hash(draft: Draft, place: Place) -> list[Spot]:
    return _one("span-hash", draft, place, "0" * 64)


# --- ids and withdrawn rows ------------------------------------------------------------------------------------------


@kind(
    "a claim belongs to another source than its id",
    rows("claims", "source_id"),
    span_in_text="the other text is shorter",
    event_before_publication="the other text is older",
    as_of_published="the other text is older",
    stated_published="the other text is older",
    event_date_status="the texts that date the event are other ones",
    corroborates_other="the claims are statements of one document now",
)
def _other_source(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, "SRC-0001" if draft.cell(place) != "SRC-0001" else "SRC-0004")
    return [Spot("claim-id-parent", place._replace(column="claim_id"))]


@kind(
    "a figure belongs to another claim than its id",
    narrowed(rows("quantities", "claim_id"), lambda draft, place: draft.cell(place) != "SRC-0003-C001"),
    quantity_span="the figure stands outside of the other claim",
    span_in_text="the text of the other claim is shorter",
    quantity_parent="what it is contained in, or what it contains, is of another claim",
    quantity_transfer="what it measures is of another claim",
)
def _other_claim(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, "SRC-0003-C001")
    return [Spot("quantity-id-parent", place._replace(column="quantity_id"))]


@kind(
    "a transfer belongs to another claim than its id",
    narrowed(rows("transfers", "claim_id"), lambda draft, place: draft.cell(place) != "SRC-0003-C001"),
    transfer_actors="its sides take no part in the other claim",
    transfer_time="the other claim is of another time",
    quantity_transfer="the figures that measure it are of another claim",
    arms_transfer="its own claim has no transfer any more",
    weapons_topic="the other claim has another topic, or what is left in its own are weapons",
    barter_sides="the claims on the barter have lost it",
)
def _transfer_of_another_claim(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, "SRC-0003-C001")
    return [Spot("transfer-id-parent", place._replace(column="transfer_id"))]


def _stands_alone(draft: Draft, place: Place) -> bool:
    claim = draft.row(place)["claim_id"]
    return not draft.where("claim_relations", related_claim_id=claim) and not _is_linked(draft, place)


@kind("a claim that stands is superseded", narrowed(rows("claims", "superseded_by"), lambda _, place: place.row > 0))
def _superseded(draft: Draft, place: Place) -> list[Spot]:
    return _one("superseded-withdrawn", draft, place, "SRC-0001-C001")


@kind(
    "a claim is superseded by a withdrawn one",
    narrowed(
        rows("claims", "superseded_by"),
        lambda draft, place: (
            place.row > 0 and _stands_alone(draft, place) and _stands_alone(draft, place._replace(row=place.row - 1))
        ),
    ),
)
def _chain_of_withdrawn(draft: Draft, place: Place) -> list[Spot]:
    (other,) = [each for each in rows("claims", "note")(draft) if each.row == place.row - 1]
    related = draft.row(other)["claim_id"]
    draft.change(place, superseded_by=related, record_status="withdrawn", note=_NOTED)
    draft.change(other, record_status="withdrawn", note=_NOTED)
    return [Spot("superseded-active", place)]


@kind(
    "a claim is withdrawn without a word",
    narrowed(rows("claims", "record_status", lambda row: row["note"] is None), _stands_alone),
)
def _silently_withdrawn(draft: Draft, place: Place) -> list[Spot]:
    return _one("withdrawn-note", draft, place, "withdrawn")


@kind(
    "a claim that others bear on is withdrawn",
    narrowed(
        rows("claims", "record_status"),
        lambda draft, place: not _is_linked(draft, place) and not _stands_alone(draft, place),
    ),
)
def _withdrawn_and_cited(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, record_status="withdrawn", note=_NOTED)
    citing = draft.where("claim_relations", related_claim_id=draft.row(place)["claim_id"])
    return [Spot("relation-active", Place("claim_relations", index, "related_claim_id")) for index in citing]


# --- claims ----------------------------------------------------------------------------------------------------------


@kind("a claim has no full stop", rows("claims", "claim_text"))
def _no_stop(draft: Draft, place: Place) -> list[Spot]:
    return _one("claim-sentence", draft, place, draft.cell(place)[:-1])


@kind("a claim begins with a small letter", rows("claims", "claim_text"))
def _small_letter(draft: Draft, place: Place) -> list[Spot]:
    return _one("claim-sentence", draft, place, f"x{draft.cell(place)}")


@kind(
    "a claim says what another claim of its source says",
    narrowed(rows("claims", "claim_text", lambda row: not (row["claim_id"] or "").endswith("C001")), lambda *_: True),
    year_named="the other claim has another date",
)
def _said_twice(draft: Draft, place: Place) -> list[Spot]:
    first = _claim(draft, f"{draft.row(place)['source_id']}-C001")
    return _one("claim-distinct", draft, place, draft.row(first)["claim_text"])


def _takes_no_part(*roles: str) -> Places_:
    return narrowed(
        rows("claims", "topic", lambda row: row["topic"] not in {"arms_transfer", "un_vote"}),
        lambda draft, place: (
            not any(draft.where("claim_actors", claim_id=draft.row(place)["claim_id"], role=role) for role in roles)
        ),
    )


@kind(
    "a claim on arms has no supplier and no recipient",
    _takes_no_part("supplier", "recipient"),
    arms_transfer="it has no transfer either",
)
def _no_parties(draft: Draft, place: Place) -> list[Spot]:
    return _one("arms-parties", draft, place, "arms_transfer")


@kind(
    "a vote has no voter",
    _takes_no_part("voter_for", "voter_against", "voter_abstained", "participant"),
)
def _no_voter(draft: Draft, place: Place) -> list[Spot]:
    return _one("vote-voters", draft, place, "un_vote")


@kind(
    "a supplier of arms is its only recipient",
    narrowed(
        rows("claim_actors", "actor_id", lambda row: row["role"] == "supplier"),
        lambda draft, place: (
            _on_claim(draft, place)["topic"] == "arms_transfer"
            and bool(draft.where("claim_actors", claim_id=draft.row(place)["claim_id"], role="recipient"))
        ),
    ),
    actor_used="the recipient acts nowhere else",
    transfer_actors="the receiver is no recipient any more",
)
def _to_himself(draft: Draft, place: Place) -> list[Spot]:
    row = draft.row(place)
    receiving = draft.where("claim_actors", claim_id=row["claim_id"], role="recipient")
    for index in receiving[1:]:
        draft.change(Place("claim_actors", index, "role"), role="target")
    draft.change(
        Place("claim_actors", receiving[0], "actor_id"),
        actor_id=row["actor_id"],
        name_as_stated=None,
        resolution="inferred",
    )
    return [Spot("arms-distinct", place)]


@kind(
    "a forecast is about the past", rows("claims", "temporal_status", lambda row: row["statement_kind"] == "forecast")
)
def _past_forecast(draft: Draft, place: Place) -> list[Spot]:
    return _one("forecast-time", draft, place, "ongoing")


@kind(
    "what is open is certain",
    narrowed(
        rows("claims", "modality", lambda row: row["polarity"] == "affirmed" and row["modality"] == "certain"),
        lambda draft, place: not _is_linked(draft, place),
    ),
    denies_opposite="the claim is denied by another, and is not affirmed any more",
)
def _open_and_certain(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, polarity="unknown")
    return [Spot("open-polarity", place)]


# --- figures ---------------------------------------------------------------------------------------------------------


def _exact(row: Row) -> bool:
    return row["bound_type"] == "exact"


@kind(
    "the lowest value is above the value",
    rows("quantities", "value_low", _exact),
    quantity_as_worded="the words have no such number",
)
def _wrong_order(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-order", draft, place, _plus(draft.row(place)["value_best"], 5))


@kind(
    "a figure is called a range and has one value",
    rows("quantities", "bound_type", _exact),
)
def _no_range(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-bounds", draft, place, "range")


@kind("a figure that is vague has a value", rows("quantities", "bound_type", lambda row: row["bound_type"] == "vague"))
def _vague(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, value_high="12")
    return [Spot("quantity-bounds", place)]


@kind("an exact figure has no value", rows("quantities", "bound_type", _exact))
def _no_value(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, value_best=None)
    return [Spot("quantity-bounds", place)]


@kind("an exact figure is called a lower bound", rows("quantities", "bound_type", _exact))
def _wrong_bound(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-bounds", draft, place, ("at_least", "more_than", "up_to", "less_than")[place.row % 4])


def _any_value(row: Row) -> str:
    return next((name for name in ("value_low", "value_best", "value_high") if row[name]), "")


def _is_read(row: Row) -> bool:
    words = Words(*(row[each] or "" for each in ("property", "unit", "item")))
    return bool(read_figure(row["value_text"] or "", words))


@kind(
    "a value is seven more than the words say",
    rows("quantities", "value_text", lambda row: bool(_any_value(row) and _is_read(row))),
)
def _seven_more(draft: Draft, place: Place) -> list[Spot]:
    name = _any_value(draft.row(place))
    value = float(draft.row(place)[name] or 0) + 7
    draft.put(place._replace(column=name), f"{value:f}".rstrip("0").rstrip("."))
    return [Spot("quantity-as-worded", place)]


@kind("an exact figure is called rounded", rows("quantities", "bound_type", lambda row: _exact(row) and _is_read(row)))
def _rounded(draft: Draft, place: Place) -> list[Spot]:
    return _one("bound-as-worded", draft, place, "approximate")


@kind(
    "a count is no whole number",
    rows("quantities", "value_best", lambda row: row["property"] in {"count", "ordinal"} and _exact(row)),
    quantity_as_worded="the words have no such number",
)
def _half(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-whole", draft, place, ("0.5", "-1", "2.25")[place.row % 3])


@kind("a ratio has no base", rows("quantities", "property", lambda row: row["property"] == "ratio"))
def _no_base(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, ratio_base=None)
    return [Spot("ratio-base", place)]


@kind("what is no ratio has a direction", rows("quantities", "property", lambda row: row["property"] != "ratio"))
def _direction(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, ratio_direction="higher")
    return [Spot("ratio-base", place)]


@kind("a figure is contained in itself", rows("quantities", "parent_quantity_id"))
def _in_itself(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-parent", draft, place, draft.row(place)["quantity_id"])


@kind(
    "a figure is contained in one of another claim",
    rows("quantities", "parent_quantity_id", lambda row: row["claim_id"] != "SRC-0001-C002"),
)
def _in_another(draft: Draft, place: Place) -> list[Spot]:
    return _one("quantity-parent", draft, place, "SRC-0001-C002-Q1")


@kind(
    "two figures contain each other",
    narrowed(
        rows("quantities", "parent_quantity_id"),
        lambda draft, place: _next_of_claim(draft, place) is not None,
    ),
)
def _in_each_other(draft: Draft, place: Place) -> list[Spot]:
    other = _next_of_claim(draft, place)
    assert other is not None
    ids = draft.row(place)["quantity_id"], draft.row(other)["quantity_id"]
    draft.put(place, ids[1])
    draft.put(other, ids[0])
    return [Spot("quantity-cycle", place), Spot("quantity-cycle", other)]


def _next_of_claim(draft: Draft, place: Place) -> Place | None:
    """Return the same column of the next quantity, where it is one of the same claim."""
    other = place._replace(row=place.row + 1)
    claims = draft.tables["quantities"].cells["claim_id"]
    return other if claims[place.row : place.row + 2] == [claims[place.row]] * 2 else None


# --- transfers and items ---------------------------------------------------------------------------------------------


@kind(
    "a transfer has no side",
    rows("transfers", "giver_id"),
    barter_sides="the claims on the barter have one direction only",
)
def _no_side(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, giver_id=None, receiver_id=None)
    return [Spot("transfer-sides", place)]


@kind(
    "a giver receives",
    rows("transfers", "giver_id", lambda row: row["giver_id"] is not None),
    transfer_actors="the giver is no recipient of the claim",
    barter_sides="the claims on the barter have one direction only",
)
def _gives_to_itself(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, receiver_id=draft.cell(place))
    return [Spot("transfer-sides", place)]


@kind(
    "a side of a transfer takes no part in its claim",
    cells(lambda table, column: table.name == "transfers" and column.name in {"giver_id", "receiver_id"}),
)
def _takes_no_part_in_claim(draft: Draft, place: Place) -> list[Spot]:
    taking_part = {draft.row(place)["giver_id"], draft.row(place)["receiver_id"]} | {
        draft.tables["claim_actors"].cells["actor_id"][index]
        for index in draft.where("claim_actors", claim_id=draft.row(place)["claim_id"])
    }
    other = next(each for each in draft.tables["actors"].cells["actor_id"] if each not in taking_part)
    return _one("transfer-actors", draft, place, other)


_WEAPONS_GIVEN = "weapons are given under another topic"


@kind(
    "what is still to come was given",
    narrowed(
        rows("transfers", "realization", lambda row: row["realization"] not in {"occurred", "ongoing"}),
        lambda draft, place: _on_claim(draft, place)["temporal_status"] in {"future", "hypothetical"},
    ),
    weapons_topic=_WEAPONS_GIVEN,
)
def _given_too_soon(draft: Draft, place: Place) -> list[Spot]:
    return _one("transfer-time", draft, place, "occurred" if place.row % 2 else "ongoing")


@kind(
    "what was given is expected",
    narrowed(
        rows("transfers", "realization", lambda row: row["realization"] != "expected"),
        lambda draft, place: _on_claim(draft, place)["temporal_status"] == "past",
    ),
)
def _expected_too_late(draft: Draft, place: Place) -> list[Spot]:
    return _one("transfer-time", draft, place, "expected")


@kind(
    "what is affirmed is forbidden",
    narrowed(
        rows("transfers", "realization", lambda row: row["realization"] != "forbidden"),
        lambda draft, place: (
            _on_claim(draft, place)["statement_kind"] != "obligation"
            and _on_claim(draft, place)["polarity"] != "denied"
        ),
    ),
)
def _forbidden(draft: Draft, place: Place) -> list[Spot]:
    return _one("transfer-time", draft, place, "forbidden")


@kind(
    "a claim on arms that were given has no transfer",
    rows(
        "claims",
        "topic",
        lambda row: row["topic"] == "arms_transfer" and row["statement_kind"] in {"event", "estimate"},
    ),
    foreign_key="figures measure the transfer",
    item_used="the item is given nowhere else",
    barter_sides="the claims on the barter have one direction only",
)
def _no_transfer(draft: Draft, place: Place) -> list[Spot]:
    draft.remove("transfers", draft.where("transfers", claim_id=draft.row(place)["claim_id"]))
    return [Spot("arms-transfer", place)]


@kind(
    "weapons are given under another topic",
    narrowed(
        rows("transfers", "item_id", lambda row: row["realization"] in {"occurred", "ongoing", "agreed", "offered"}),
        lambda draft, place: (
            _on_claim(draft, place)["topic"] != "arms_transfer"
            and len(draft.where("transfers", claim_id=draft.row(place)["claim_id"])) == 1
        ),
    ),
    item_used="the item is given nowhere else",
)
def _weapons(draft: Draft, place: Place) -> list[Spot]:
    return _one("weapons-topic", draft, place, "ITM-weapons" if place.row % 2 else "ITM-missiles")


@kind("an item is used nowhere", rows("items", "item_id"), name_distinct="another item has the same name")
def _unused_item(draft: Draft, place: Place) -> list[Spot]:
    return [Spot("item-used", draft.repeat(place, item_id="ITM-nothing-at-all"))]


@kind("an item is a kind of itself", rows("items", "parent_id", lambda row: row["parent_id"] is None))
def _kind_of_itself(draft: Draft, place: Place) -> list[Spot]:
    return _one("item-cycle", draft, place, draft.row(place)["item_id"])


@kind(
    "a figure measures a transfer and not what of it",
    rows("quantities", "transfer_id", lambda row: row["transfer_id"] is not None),
)
def _no_measure(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, transfer_measure=None)
    return [Spot("quantity-transfer", place)]


@kind(
    "a figure measures no transfer and says what of it",
    rows("quantities", "transfer_id", lambda row: row["transfer_id"] is None),
)
def _measures_nothing(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, transfer_measure="carrier" if place.row % 2 else "amount")
    return [Spot("quantity-transfer", place)]


@kind(
    "a figure measures a transfer of another claim",
    rows("quantities", "transfer_id", lambda row: row["claim_id"] != "SRC-0001-C002"),
)
def _measures_another(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, transfer_id="SRC-0001-C002-T1", transfer_measure="amount")
    return [Spot("quantity-transfer", place)]


# --- dates -----------------------------------------------------------------------------------------------------------


def _is_compared(draft: Draft, place: Place) -> bool:
    """Return whether the date of an event or the status of an agreement depends on a date."""
    return place.table == "claims" and _is_linked(draft, place)


_WRITTEN = narrowed(
    cells(lambda _, column: column.is_edtf and not column.is_computed),
    lambda draft, place: not _is_compared(draft, place),
)


def _dated(draft: Draft, place: Place, value: str) -> None:
    if place.column == "event_date":
        _set_date(draft, place, value)
    else:
        draft.put(place, value)


@kind("a date names a day that does not exist", _WRITTEN)
def _edtf(draft: Draft, place: Place) -> list[Spot]:
    _dated(draft, place, ("2023-02-29", "2024-13", "June 2023", "2024-06-31/..", "../..", "2024-6")[place.row % 6])
    return [Spot("edtf-date", place)]


@kind("a date runs backwards", _WRITTEN)
def _backwards_date(draft: Draft, place: Place) -> list[Spot]:
    _dated(draft, place, "2024-02/2023-11")
    return [Spot("edtf-date", place)]


@kind(
    "a date is a century off",
    _WRITTEN,
    as_of_published="a passage speaks from a day after its source was published",
    stated_published="a voice spoke after the source was published",
)
def _century(draft: Draft, place: Place) -> list[Spot]:
    _dated(draft, place, "0203-06" if place.row % 2 else "2203")
    return [Spot("date-years", place)]


@kind(
    "a computed day is off by one",
    cells(lambda _, column: (column.derived or "").startswith("edtf_")),
)
def _off_by_one(draft: Draft, place: Place) -> list[Spot]:
    day = date.fromisoformat(draft.cell(place)) + timedelta(days=1)
    return _one("event-date-days", draft, place, day.isoformat())


@kind("a computed day is missing", cells(lambda _, column: (column.derived or "").startswith("edtf_")))
def _no_day(draft: Draft, place: Place) -> list[Spot]:
    return _one("event-date-days", draft, place, None)


@kind(
    "a date has no basis",
    narrowed(
        rows("claims", "date_basis", lambda row: row["event_date"] is not None),
        lambda draft, place: not _is_linked(draft, place),
    ),
)
def _no_basis(draft: Draft, place: Place) -> list[Spot]:
    return _one("date-basis", draft, place, "none")


@kind("a basis has no date", rows("claims", "date_basis", lambda row: row["event_date"] is None))
def _no_date(draft: Draft, place: Place) -> list[Spot]:
    return _one("date-basis", draft, place, "stated")


@kind(
    "a past event begins after its source was published",
    narrowed(
        rows(
            "claims",
            "event_date",
            lambda row: (row["temporal_status"], row["date_status"]) == ("past", "unchallenged"),
        ),
        lambda draft, place: not _is_linked(draft, place),
    ),
    stated_time="somebody said it before",
    year_named="the claim has the year before",
)
def _not_yet(draft: Draft, place: Place) -> list[Spot]:
    _set_date(draft, place, "2026-01-01")
    draft.change(place, date_basis="inferred")
    return [Spot("event-before-publication", place)]


@kind("a contradicted date is not explained", rows("claims", "date_status", lambda row: row["note"] is None))
def _doubtful(draft: Draft, place: Place) -> list[Spot]:
    return _one("date-status-note", draft, place, "ambiguous" if place.row % 2 else "contradicted")


@kind(
    "a passage speaks from a day after its source was published",
    narrowed(rows("claims", "as_of"), lambda draft, place: not _is_linked(draft, place)),
)
def _speaks_later(draft: Draft, place: Place) -> list[Spot]:
    return _one("as-of-published", draft, place, "2026-01" if place.row % 2 else "2026-02/2026-03")


@kind("a voice spoke after the source was published", rows("claim_attributions", "stated_on"))
def _spoke_later(draft: Draft, place: Place) -> list[Spot]:
    return _one("stated-published", draft, place, "2026-01")


# --- events ----------------------------------------------------------------------------------------------------------


@kind("no claim speaks of an event", rows("events", "event_id"), name_distinct="another event has the same label")
def _no_claim(draft: Draft, place: Place) -> list[Spot]:
    added = draft.repeat(place, event_id="EVT-nothing-at-all", date=None, date_status="unknown")
    return [Spot("event-claimed", added)]


@kind(
    "the only claim on an event is withdrawn",
    narrowed(
        rows("claim_events", "claim_id"),
        lambda draft, place: (
            len(draft.where("claim_events", event_id=draft.row(place)["event_id"])) == 1
            and len(draft.where("claim_events", claim_id=draft.cell(place))) == 1
            and not draft.where("claim_agreements", claim_id=draft.cell(place))
            and not draft.where("claim_relations", related_claim_id=draft.cell(place))
        ),
    ),
    other_text_note="the note is another one",
)
def _only_claim_withdrawn(draft: Draft, place: Place) -> list[Spot]:
    draft.change(_claim(draft, draft.cell(place)), record_status="withdrawn", note=_NOTED)
    (event,) = draft.where("events", event_id=draft.row(place)["event_id"])
    draft.change(Place("events", event, "event_id"), date=None, date_status="unknown")
    return [Spot("event-claimed", Place("events", event, "event_id"))]


@kind("an event has another date than its claims", rows("events", "date"), year_named="the label has the right year")
def _other_date(draft: Draft, place: Place) -> list[Spot]:
    return _one("event-date", draft, place, "2023-09-30")


@kind(
    "an event has no date, and its claims have one",
    rows("events", "date", lambda row: row["date"] is not None),
    event_date_status="only a date can be disputed",
)
def _lost_date(draft: Draft, place: Place) -> list[Spot]:
    return _one("event-date", draft, place, None)


@kind(
    "the claims on an event are dated otherwise than it says",
    rows("events", "date_status", lambda row: row["date_status"] != "disputed_elsewhere"),
)
def _other_status(draft: Draft, place: Place) -> list[Spot]:
    return _one("event-date-status", draft, place, "agreed" if draft.cell(place) != "agreed" else "single_source")


@kind(
    "it is not explained who disputes the date of an event",
    rows("events", "date_status", lambda row: row["date"] is not None),
)
def _not_explained(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, date_status="disputed_elsewhere", note=None)
    return [Spot("event-date-status", place)]


@kind("an event takes place at a person", rows("events", "place_id"), actor_used="the place is named nowhere else")
def _at_person(draft: Draft, place: Place) -> list[Spot]:
    return _one("event-place", draft, place, "ACT-kim-jong-un" if place.row % 2 else "ACT-kremlin")


def _bears_wrongly(bearing: str, fits: Callable[[Row], bool]) -> None:
    """Register the kind that a claim whose row does not fit bears on an event in some way.

    The date of the event stays: the claim did not affirm it, or has no date.
    """

    @kind(
        f"a claim that does not fit {bearing} an event",
        narrowed(
            rows("claim_events", "bearing", lambda row: row["bearing"] != bearing),
            lambda draft, place: (
                not fits(_on_claim(draft, place))
                and len(draft.where("claim_events", claim_id=draft.row(place)["claim_id"])) == 1
                and ("affirms" not in (bearing, draft.cell(place)) or _on_claim(draft, place)["event_date"] is None)
            ),
        ),
    )
    def _(draft: Draft, place: Place) -> list[Spot]:
        return _one("event-bearing", draft, place, bearing)


_bears_wrongly("affirms", lambda claim: claim["temporal_status"] != "future" and claim["polarity"] == "affirmed")
_bears_wrongly("denies", lambda claim: claim["temporal_status"] != "future" and claim["polarity"] == "denied")
_bears_wrongly("foretells", lambda claim: claim["temporal_status"] != "past")
_bears_wrongly("questions", lambda claim: claim["polarity"] == "unknown")
_bears_wrongly("proposes", lambda claim: claim["statement_kind"] in {"proposal", "obligation"})


# --- chains ----------------------------------------------------------------------------------------------------------


@kind(
    "a claim has no chain",
    rows("claims", "claim_id"),
    actor_used="the voice speaks nowhere else",
)
def _no_chain(draft: Draft, place: Place) -> list[Spot]:
    draft.remove("claim_attributions", draft.where("claim_attributions", claim_id=draft.cell(place)))
    return [Spot("chain-present", place)]


@kind(
    "a chain has a gap",
    rows("claim_attributions", "step", lambda row: row["step"] == "1" and row["voice_no"] == "1"),
)
def _gap(draft: Draft, place: Place) -> list[Spot]:
    claim = draft.row(place)["claim_id"]
    for index in draft.where("claim_attributions", claim_id=claim, step="1"):
        draft.put(place._replace(row=index), "2")
    return [Spot("chain-contiguous", place)]


@kind(
    "a chain does not begin with the document",
    narrowed(
        rows("claim_attributions", "step", lambda row: row["step"] == "0"),
        lambda draft, place: len(_chain(draft, draft.row(place)["claim_id"])) == 1,
    ),
)
def _begins_late(draft: Draft, place: Place) -> list[Spot]:
    return _one("chain-contiguous", draft, place, "1")


@kind(
    "a voice within the chain is called the document",
    rows("claim_attributions", "specificity", lambda row: row["step"] == "1"),
    actor_used="the voice speaks nowhere else",
    corroborates_other="the claims are statements of one document now",
    origin_voice="the document has no origin",
)
def _inner_document(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, actor_id=None)
    return _one("chain-document", draft, place, "document")


@kind("the document is an actor", rows("claim_attributions", "actor_id", lambda row: row["step"] == "0"))
def _document_actor(draft: Draft, place: Place) -> list[Spot]:
    return _one("chain-actor", draft, place, "ACT-russia")


@kind(
    "a voice that is named is nobody",
    rows("claim_attributions", "actor_id", lambda row: row["actor_id"] is not None),
    actor_used="the voice speaks nowhere else",
    origin_speaker="the speaker is named no more",
)
def _nobody(draft: Draft, place: Place) -> list[Spot]:
    return _one("chain-actor", draft, place, None)


@kind("a voice is joint or alone, and says the contrary", rows("claim_attributions", "joint"))
def _joint(draft: Draft, place: Place) -> list[Spot]:
    return _one("chain-joint", draft, place, "false" if draft.cell(place) == "true" else "true")


@kind(
    "an outer voice states something itself",
    narrowed(rows("claim_attributions", "act"), lambda draft, place: not _is_innermost(draft, place)),
    corroborates_other="the outer voice states the other claim as well",
    origin_voice="the document has no origin",
)
def _outer_states(draft: Draft, place: Place) -> list[Spot]:
    return _one("chain-reports", draft, place, "asserts")


@kind(
    "the innermost voice only passes on",
    narrowed(rows("claim_attributions", "act", lambda row: row["act"] != "denies"), _is_innermost),
)
def _inner_reports(draft: Draft, place: Place) -> list[Spot]:
    return _one("chain-reports", draft, place, "reports")


@kind(
    "what a voice denies is affirmed",
    rows("claim_attributions", "act", lambda row: row["act"] == "denies"),
    denies_opposite="the denial is affirmed",
    denied_bearing="the claim denies an agreement",
    event_bearing="the claim denies an event",
    transfer_time="what is forbidden is affirmed",
)
def _affirmed(draft: Draft, place: Place) -> list[Spot]:
    draft.change(_claim(draft, draft.row(place)["claim_id"]), polarity="affirmed")
    return [Spot("denial-polarity", each) for each in _innermost(draft, draft.row(place)["claim_id"])]


@kind(
    "a voice denies and its claim is affirmed",
    narrowed(
        rows("claim_attributions", "act", lambda row: row["act"] not in {"denies", "reports"}),
        lambda draft, place: _on_claim(draft, place)["polarity"] == "affirmed",
    ),
    denial_of="the claim denies no other one",
)
def _denies(draft: Draft, place: Place) -> list[Spot]:
    return _one("denial-polarity", draft, place, "denies")


@kind(
    "a denial does not say what it denies",
    narrowed(
        rows("claim_attributions", "act", lambda row: row["act"] == "denies"),
        lambda draft, place: (
            (_on_claim(draft, place)["date_status"], _on_claim(draft, place)["record_status"])
            == ("unchallenged", "active")
        ),
    ),
)
def _denies_nothing(draft: Draft, place: Place) -> list[Spot]:
    claim = draft.row(place)["claim_id"]
    draft.change(_claim(draft, claim), note=None)
    draft.remove("claim_relations", draft.where("claim_relations", claim_id=claim, relation="denies"))
    return [Spot("denial-of", each) for each in _innermost(draft, claim)]


@kind("the innermost voice has a stance", narrowed(rows("claim_attributions", "stance"), _is_innermost))
def _stance(draft: Draft, place: Place) -> list[Spot]:
    return _one("stance-innermost", draft, place, "endorses" if place.row % 2 else "doubts")


@kind(
    "what is only suggested is certain",
    narrowed(
        rows("claim_attributions", "act", lambda row: row["act"] == "suggests"),
        lambda draft, place: _on_claim(draft, place)["polarity"] != "unknown",
    ),
    hedge_modality="the hedge is left",
)
def _suggested(draft: Draft, place: Place) -> list[Spot]:
    draft.change(_claim(draft, draft.row(place)["claim_id"]), modality="certain")
    return [Spot("suggestion-modality", each) for each in _innermost(draft, draft.row(place)["claim_id"])]


def _reading(draft: Draft, claim: Place) -> tuple[str | None, ...]:
    row = draft.row(claim)
    voice = draft.row(_innermost(draft, row["claim_id"])[0])
    own = [row[each] for each in ("source_id", "temporal_status", "modality", "polarity")]
    return (*own, voice["actor_id"], voice["specificity"], voice["step"])


def _claim_before(draft: Draft, place: Place) -> Place | None:
    """Return the claim before this one that differs in its passage and topic alone."""
    before = place._replace(row=place.row - 1)
    return before if place.row and _reading(draft, before) == _reading(draft, place) else None


@kind(
    "a passage is read twice alike",
    narrowed(
        rows("claims", "claim_id", lambda row: row["topic"] not in {"arms_transfer", "un_vote"}),
        lambda draft, place: (
            _claim_before(draft, place) is not None
            and draft.row(place._replace(row=place.row - 1))["topic"] not in {"arms_transfer", "un_vote"}
            and not draft.where("quantities", claim_id=draft.cell(place))
        ),
    ),
)
def _read_twice(draft: Draft, place: Place) -> list[Spot]:
    before = draft.row(place._replace(row=place.row - 1))
    same = {name: before[name] for name in ("char_start", "char_end", "span_sha256", "topic")}
    draft.change(place, **same)
    return [Spot("claim-once", _innermost(draft, draft.cell(place))[0]._replace(column="claim_id"))]


# --- actors ----------------------------------------------------------------------------------------------------------


@kind(
    "a country has no code",
    rows("actors", "country", lambda row: row["country"] is not None),
    actor_country="what is part of it has the right one",
)
def _country(draft: Draft, place: Place) -> list[Spot]:
    return _one("country-code", draft, place, ("XXX", "UKR"[::-1], "DPK")[place.row % 3])


@kind("an actor is part of itself", rows("actors", "parent_id", lambda row: row["parent_id"] is None))
def _part_of_itself(draft: Draft, place: Place) -> list[Spot]:
    return _one("actor-cycle", draft, place, draft.row(place)["actor_id"])


@kind(
    "two actors are part of each other",
    rows("actors", "parent_id", lambda row: row["parent_id"] is not None),
)
def _parts_of_each_other(draft: Draft, place: Place) -> list[Spot]:
    (above,) = draft.where("actors", actor_id=draft.cell(place))
    larger = place._replace(row=above)
    draft.put(larger, draft.row(place)["actor_id"])
    return [Spot("actor-cycle", place), Spot("actor-cycle", larger)]


@kind("an actor has two preferred names", rows("actor_names", "name_type", lambda row: row["name_type"] == "alias"))
def _two_names(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, "preferred")
    named = draft.where("actor_names", actor_id=draft.row(place)["actor_id"], name_type="preferred")
    return [Spot("preferred-name", Place("actor_names", max(named), "name_type"))]


@kind("an actor has no preferred name", rows("actor_names", "name_type", lambda row: row["name_type"] == "preferred"))
def _no_name(draft: Draft, place: Place) -> list[Spot]:
    draft.put(place, "epithet")
    (actor,) = draft.where("actors", actor_id=draft.row(place)["actor_id"])
    return [Spot("preferred-name", Place("actors", actor, "name"))]


@kind("an actor is called otherwise than its preferred name", rows("actors", "name"))
def _other_name(draft: Draft, place: Place) -> list[Spot]:
    return _one("preferred-name", draft, place, f"{draft.cell(place)} II")


@kind("an actor is used nowhere", rows("actors", "actor_id"))
def _unused(draft: Draft, place: Place) -> list[Spot]:
    added = draft.repeat(place, actor_id="ACT-nobody-at-all", name="Nobody", parent_id=None)
    (name, *_) = draft.where("actor_names", name_type="preferred")
    draft.repeat(Place("actor_names", name, "name"), actor_id="ACT-nobody-at-all", name="Nobody")
    return [Spot("actor-used", added)]


@kind("an identifier has no scheme", rows("actors", "identifier", lambda row: row["actor_type"] == "vessel"))
def _no_scheme(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, identifier="9361407", identifier_scheme=None)
    return [Spot("actor-identifier", place)]


@kind("a scheme has no identifier", rows("actors", "identifier", lambda row: row["actor_type"] == "vessel"))
def _no_identifier(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, identifier=None, identifier_scheme="imo")
    return [Spot("actor-identifier", place)]


@kind("an IMO number has two digits exchanged", rows("actors", "identifier", lambda row: row["actor_type"] == "vessel"))
def _exchanged(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, identifier="9316407", identifier_scheme="imo")
    return [Spot("imo-number", place)]


@kind(
    "what is no vessel has an identifier",
    rows("actors", "identifier", lambda row: row["actor_type"] not in {"vessel", "aircraft"}),
)
def _identified(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, identifier="Q159", identifier_scheme="other")
    return [Spot("actor-identifier", place)]


@kind("an origin is that of no claim", rows("origins", "origin_id"), name_distinct="another origin has the same label")
def _unused_origin(draft: Draft, place: Place) -> list[Spot]:
    return [Spot("origin-used", draft.repeat(place, origin_id="ORI-nothing-at-all"))]


@kind(
    "a misspelt name has no source",
    rows("actor_names", "name_type", lambda row: row["name_type"] in {"misspelling", "truncated"}),
)
def _no_source(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, source_id=None)
    return [Spot("fault-source", place)]


@kind(
    "an exact name is not registered", rows("claim_actors", "name_as_stated", lambda row: row["resolution"] == "exact")
)
def _not_registered(draft: Draft, place: Place) -> list[Spot]:
    return _one("name-registered", draft, place, f"{draft.cell(place)}ski")


@kind(
    "a sound name is called misspelt",
    rows("claim_actors", "name_as_stated", lambda row: row["resolution"] == "exact"),
)
def _called_misspelt(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, resolution="misspelling" if place.row % 2 else "truncated")
    return [Spot("name-registered", place)]


@kind(
    "an actor without words is not inferred",
    rows("claim_actors", "resolution", lambda row: row["resolution"] in {"exact", "variant"}),
)
def _not_inferred(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, name_as_stated=None)
    return [Spot("name-implied", place)]


# --- agreements ------------------------------------------------------------------------------------------------------


@kind(
    "an agreement has one party",
    narrowed(
        rows("agreements", "form", lambda row: row["form"] not in {"resolution", "mandate", "vote"}),
        lambda draft, place: len(draft.where("agreement_parties", agreement_id=draft.row(place)["agreement_id"])) > 1,
    ),
    actor_used="the party is named nowhere else",
)
def _one_party(draft: Draft, place: Place) -> list[Spot]:
    parties = draft.where("agreement_parties", agreement_id=draft.row(place)["agreement_id"])
    draft.remove("agreement_parties", parties[1:])
    return [Spot("agreement-parties", place)]


@kind(
    "no claim speaks of an agreement",
    rows("agreements", "agreement_id", lambda row: row["form"] != "barter"),
)
def _not_claimed(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, status_as_of=None)
    draft.remove("claim_agreements", draft.where("claim_agreements", agreement_id=draft.cell(place)))
    return [Spot("agreement-claimed", place)]


@kind(
    "an agreement that is merely alleged is in force",
    rows("agreements", "status", lambda row: row["existence"] in {"alleged", "hypothetical"}),
)
def _alleged(draft: Draft, place: Place) -> list[Spot]:
    return _one("agreement-status", draft, place, "in_force" if place.row % 2 else "vetoed")


@kind("the status of an agreement is as of another day than its latest claim", rows("agreements", "status_as_of"))
def _other_day(draft: Draft, place: Place) -> list[Spot]:
    return _one("agreement-as-of", draft, place, "2022" if place.row % 2 else None)


def _directions(draft: Draft, place: Place) -> tuple[int, int]:
    """Return how many actors give and how many receive by the claims on an agreement."""
    links = draft.where("claim_agreements", agreement_id=draft.row(place)["agreement_id"])
    claims = {draft.tables["claim_agreements"].cells["claim_id"][index] for index in links}
    transfers = [row for row in draft.tables["transfers"].rows() if row["claim_id"] in claims]
    givers, receivers = ({row[side] for row in transfers} - {None} for side in ("giver_id", "receiver_id"))
    return len(givers), len(receivers)


@kind(
    "one side of a barter gives all",
    narrowed(rows("agreements", "form"), lambda draft, place: min(_directions(draft, place)) < 2),
    agreement_parties="the act of one body has no parties",
)
def _one_side_gives(draft: Draft, place: Place) -> list[Spot]:
    return _one("barter-sides", draft, place, "barter")


@kind(
    "a claim that affirms is linked as denying",
    narrowed(
        rows("claim_agreements", "bearing"),
        lambda draft, place: draft.row(_claim(draft, draft.row(place)["claim_id"]))["polarity"] != "denied",
    ),
)
def _denying(draft: Draft, place: Place) -> list[Spot]:
    return _one("denied-bearing", draft, place, "denies")


# --- relations -------------------------------------------------------------------------------------------------------


@kind(
    "a claim bears on itself",
    rows("claim_relations", "related_claim_id"),
    denies_opposite="a claim has one polarity only",
    independent_origins="a claim has one origin only",
    corroborates_other="a claim has one voice only",
)
def _on_itself(draft: Draft, place: Place) -> list[Spot]:
    return _one("relation-self", draft, place, draft.row(place)["claim_id"])


@kind(
    "a relation that holds both ways is given both ways",
    rows("claim_relations", "relation", lambda row: row["relation"] in {"corroborates", "contradicts", "repeats"}),
)
def _both_ways(draft: Draft, place: Place) -> list[Spot]:
    row = draft.row(place)
    added = draft.repeat(place, claim_id=row["related_claim_id"], related_claim_id=row["claim_id"])
    return [Spot("relation-once", added)]


@kind(
    "a denial denies a denial",
    narrowed(
        rows("claim_relations", "relation", lambda row: row["relation"] != "denies"),
        lambda draft, place: "denied" not in (draft.row(_claim(draft, draft.row(place)["claim_id"]))["polarity"] or ""),
    ),
)
def _not_opposite(draft: Draft, place: Place) -> list[Spot]:
    return _one("denies-opposite", draft, place, "denies")


@kind(
    "a repeat is of another origin",
    rows("claim_relations", "relation", lambda row: row["relation"] == "repeats"),
    independent_origins="they are called independent",
    own_statements="they are statements of one document",
)
def _other_origin(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, independence="unknown" if place.row % 2 else "independent")
    return [Spot("repeats-origin", place)]


@kind(
    "claims of one origin are independent",
    rows("claim_relations", "independence", lambda row: row["relation"] not in {"repeats", "denies"}),
    repeats_origin="one of them repeats a claim of another origin",
    independent_origins="one of them had that origin already, and bears on others of it",
    origin_used="the origin that one of them had is that of no other claim",
    same_origin="other claims of the origin are related to it",
    origin_voice="the document has no origin",
    own_statements="they are statements of one document",
)
def _independent(draft: Draft, place: Place) -> list[Spot]:
    row = draft.row(place)
    for claim in (row["claim_id"], row["related_claim_id"]):
        draft.change(_claim(draft, claim), origin_id=draft.tables["origins"].cells["origin_id"][0])
    return _one("independent-origins", draft, place, "independent")


def _has_same_voice(draft: Draft, place: Place) -> bool:
    """Return whether both claims of a relation have the same actor as an innermost voice."""
    row = draft.row(place)
    ours, theirs = (
        {draft.row(each)["actor_id"] for each in _innermost(draft, claim)} - {None}
        for claim in (row["claim_id"], row["related_claim_id"])
    )
    return bool(ours & theirs)


def _is_of_one_document(draft: Draft, place: Place) -> bool:
    """Return whether both claims of a relation are statements of the same document itself."""
    row = draft.row(place)
    claims = row["claim_id"] or "", row["related_claim_id"] or ""
    documents = {draft.row(each)["specificity"] for claim in claims for each in _innermost(draft, claim)}
    return claims[0][:8] == claims[1][:8] and documents == {"document"}


def _is_no_support(row: Row) -> bool:
    # A denial that denies nothing breaks a rule of its own.
    return row["relation"] not in {"corroborates", "denies"}


@kind("a voice corroborates itself", narrowed(rows("claim_relations", "relation", _is_no_support), _has_same_voice))
def _supports_itself(draft: Draft, place: Place) -> list[Spot]:
    return _one("corroborates-other", draft, place, "corroborates")


@kind(
    "a document corroborates itself",
    narrowed(rows("claim_relations", "relation", _is_no_support), _is_of_one_document),
)
def _document_supports_itself(draft: Draft, place: Place) -> list[Spot]:
    return _one("corroborates-other", draft, place, "corroborates")


@kind("a condition is not stated", rows("claim_relations", "conditional"))
def _no_condition(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, conditional="true", note=None)
    return [Spot("contradicts-conditional", place)]


@kind(
    "a contradiction with a hypothetical claim has no condition",
    narrowed(
        rows("claim_relations", "conditional", lambda row: row["relation"] != "denies"),
        lambda draft, place: (
            "hypothetical"
            in {
                draft.row(_claim(draft, draft.row(place)[column]))["temporal_status"]
                for column in ("claim_id", "related_claim_id")
            }
        ),
    ),
)
def _not_conditional(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, relation="contradicts")
    return _one("contradicts-conditional", draft, place, "false")


# --- sources ---------------------------------------------------------------------------------------------------------


@kind("a language is not registered", rows("sources", "language"))
def _language(draft: Draft, place: Place) -> list[Spot]:
    return _one("language-tag", draft, place, ("qx", "en-Xyzw", "zz-ZZ")[place.row % 3])


@kind("a text is translated from a language that is not registered", rows("sources", "translated_from"))
def _from_nowhere(draft: Draft, place: Place) -> list[Spot]:
    return _one("language-tag", draft, place, "xx")


@kind("a text is translated from its own language", rows("sources", "translated_from"))
def _from_itself(draft: Draft, place: Place) -> list[Spot]:
    return _one("translated-from-other", draft, place, draft.row(place)["language"])


@kind("a publication date has no basis", rows("sources", "published_basis"))
def _published(draft: Draft, place: Place) -> list[Spot]:
    return _one("published-basis", draft, place, "unknown")


@kind("an inferred publication date is not explained", rows("sources", "published_basis"))
def _inferred(draft: Draft, place: Place) -> list[Spot]:
    draft.change(place, note=None)
    return [Spot("published-inferred-note", place)]
