"""The expected answers agree with the tables, and leave out nothing that a plain look at the tables finds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from functools import cache

import pytest
from answers import Answer, Cell, all_expected, expected
from conftest import REPOSITORY

Row = dict[str, str]
KEYS = {
    "claims": "claim_id",
    "quantities": "quantity_id",
    "transfers": "transfer_id",
    "events": "event_id",
    "origins": "origin_id",
}
BEARINGS = {
    "affirmed_by": "affirms",
    "denied_by": "denies",
    "foretold_by": "foretells",
    "presupposed_by": "presupposes",
}
QUESTIONS = pytest.mark.parametrize("question", all_expected())


@cache
def rows(table: str) -> list[Row]:
    """Return the rows of a table as text."""
    with (REPOSITORY / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def by_id(table: str) -> dict[str, Row]:
    """Return the rows of a table by id; the id of a relation is `CLAIM relation CLAIM`."""
    if table == "relations":
        return {
            f"{row['claim_id']} {row['relation']} {row['related_claim_id']}": row for row in rows("claim_relations")
        }
    return {row[KEYS[table]]: row for row in rows(table)}


def claims_of(table: str, row: Row) -> list[Row]:
    """Return the claims to which a row belongs."""
    names = {"relations": ("claim_id", "related_claim_id"), "events": (), "origins": ()}.get(table, ("claim_id",))
    return [by_id("claims")[row[name]] for name in names]


def is_active(claim_id: str) -> bool:
    return by_id("claims")[claim_id]["record_status"] == "active"


def steps(claim_id: str) -> dict[int, list[Row]]:
    """Return the voices of a claim by step."""
    found: dict[int, list[Row]] = {}
    for row in rows("claim_attributions"):
        if row["claim_id"] == claim_id:
            found.setdefault(int(row["step"]), []).append(row)
    return found


def names(voices: Iterable[Row]) -> tuple[str, ...]:
    """Return the actors that speak; the text has no actor and is called document."""
    every = ("document" if voice["specificity"] == "document" else voice["actor_id"] for voice in voices)
    return tuple(name for name in every if name)


def claims_on(event_id: str, bearing: str) -> list[Row]:
    """Return the active claims with a bearing on an event."""
    return [
        by_id("claims")[row["claim_id"]]
        for row in rows("claim_events")
        if row["event_id"] == event_id and row["bearing"] == bearing and is_active(row["claim_id"])
    ]


def claim_cells(row: Row) -> dict[str, Cell]:
    *outer, innermost = [voices for _, voices in sorted(steps(row["claim_id"]).items())]
    speaker = {name: innermost[0][name] for name in ("act", "stated_on", "specificity", "evidence")}
    through = tuple(name for voices in outer for name in names(voices))
    return {**speaker, **row, "voices": names(innermost), "through": through}


def quantity_cells(row: Row) -> dict[str, Cell]:
    claim = by_id("claims")[row["claim_id"]]
    transfer = by_id("transfers").get(row["transfer_id"], {"realization": ""})
    modality = claim["modality"] if row["value_modality"] == "as_claim" else row["value_modality"]
    return {**row, "modality": modality, "polarity": claim["polarity"], "realization": transfer["realization"]}


def transfer_cells(row: Row) -> dict[str, Cell]:
    claim = by_id("claims")[row["claim_id"]]
    return {**row, "polarity": claim["polarity"], "modality": claim["modality"]}


def event_cells(row: Row) -> dict[str, Cell]:
    event = row["event_id"]
    claims = claims_on(event, "affirms")
    linked = {name: tuple(each["claim_id"] for each in claims_on(event, bearing)) for name, bearing in BEARINGS.items()}
    return {
        **row,
        **linked,
        "origins": tuple(sorted({each["origin_id"] for each in claims} - {""})),
        "texts_without_origin": tuple(sorted({each["source_id"] for each in claims if not each["origin_id"]})),
    }


CELLS: dict[str, Callable[[Row], dict[str, Cell]]] = {
    "claims": claim_cells,
    "quantities": quantity_cells,
    "transfers": transfer_cells,
    "events": event_cells,
    "relations": dict,
}


def sections(answer: Answer) -> tuple[set[tuple[str, str]], ...]:
    """Return the ids of each section of an answer, with their tables."""
    every = (answer.expects, answer.apart, answer.excludes)
    return tuple({(table, row) for table, found in tables.items() for row in found} for tables in every)


@QUESTIONS
def test_every_id_of_an_answer_is_in_the_tables(question: str) -> None:
    ids = set[tuple[str, str]]().union(*sections(expected(question)))
    assert {(table, row) for table, row in ids if row not in by_id(table)} == set()


@QUESTIONS
def test_an_answer_shows_active_claims_only(question: str) -> None:
    shown, apart, _ = sections(expected(question))
    inactive = {
        row
        for table, row in shown | apart
        if any(claim["record_status"] != "active" for claim in claims_of(table, by_id(table)[row]))
    }
    assert inactive == set()


@QUESTIONS
def test_no_id_is_in_two_sections_of_an_answer(question: str) -> None:
    shown, apart, excluded = sections(expected(question))
    assert (shown & apart, shown & excluded, apart & excluded) == (set(), set(), set())


@QUESTIONS
def test_the_cells_of_an_answer_are_those_of_the_tables(question: str) -> None:
    different = {
        (row, name): (cell, actual.get(name))
        for table, found in expected(question).expects.items()
        for row, cells in found.items()
        for actual in [CELLS[table](by_id(table)[row])]
        for name, cell in cells.items()
        if actual.get(name) != cell
    }
    assert different == {}


@QUESTIONS
def test_every_excluded_or_separate_row_has_a_reason(question: str) -> None:
    answer = expected(question)
    reasons = [
        reason for part in (answer.apart, answer.excludes) for found in part.values() for reason in found.values()
    ]
    assert reasons
    assert all(reasons)


def test_the_answer_on_shells_has_every_count_of_shells() -> None:
    shells = {row["quantity_id"] for row in rows("quantities") if row["unit"] == "{shell}"}
    assert set(expected("shells").expects["quantities"]) == shells


def test_the_answer_on_denials_has_every_denial() -> None:
    denials = {row["claim_id"] for row in rows("claim_attributions") if row["act"] == "denies"}
    assert set(expected("denials").expects["claims"]) == set(filter(is_active, denials))
    relations = {name for name, row in by_id("relations").items() if row["relation"] == "denies"}
    assert set(expected("denials").expects["relations"]) == relations


def test_the_answer_on_south_korea_has_every_claim_that_a_south_korean_official_makes_or_passes_on() -> None:
    officials = {row["actor_id"] for row in rows("actors") if "ACT-south-korea" in (row["actor_id"], row["parent_id"])}
    claims = {row["claim_id"] for row in rows("claim_attributions") if row["actor_id"] in officials}
    assert set(expected("south-korea").expects["claims"]) == set(filter(is_active, claims))


def test_the_answer_on_satellites_has_every_conflict_of_two_claims_on_satellite_technology() -> None:
    claims = {row["claim_id"] for row in rows("transfers") if row["item_id"] == "ITM-satellite-technology"}
    conflicts = {
        name
        for name, row in by_id("relations").items()
        if row["relation"] in {"contradicts", "denies"} and {row["claim_id"], row["related_claim_id"]} <= claims
    }
    assert set(expected("satellites").expects["relations"]) == conflicts


def test_the_answer_on_intelligence_has_every_claim_in_whose_chain_an_intelligence_service_stands() -> None:
    claims = {row["claim_id"] for row in rows("claim_attributions") if row["actor_id"].endswith("-intelligence")}
    assert set(expected("intelligence").expects["claims"]) == set(filter(is_active, claims))


def test_the_answer_on_north_korea_has_every_transfer() -> None:
    receivers = {row["actor_id"] for row in rows("actors") if "ACT-north-korea" in (row["actor_id"], row["parent_id"])}
    active = {row["transfer_id"]: row for row in rows("transfers") if is_active(row["claim_id"])}
    received = {name for name, row in active.items() if row["receiver_id"] in receivers}
    answer = expected("received")
    assert set(answer.expects["transfers"]) == received
    claims = {active[name]["claim_id"] for name in received}
    in_return = {name for name, row in active.items() if row["claim_id"] in claims} - received
    assert in_return <= set(answer.excludes["transfers"])


def test_the_answer_on_visits_has_every_visit_in_the_order_of_its_dates() -> None:
    events = expected("visits").expects["events"]
    assert set(events) == {name for name, row in by_id("events").items() if row["kind"] == "visit"}
    dates = [str(cells["date"]) for cells in events.values()]
    assert dates == sorted(dates, key=lambda date: (not date, date))
    claims = {claim for cells in events.values() for claim in cells["affirmed_by"]}
    assert set(expected("visits").expects["claims"]) == claims


def test_the_answer_on_corroborations_judges_every_one_that_is_independent() -> None:
    answer = expected("corroborations")
    independent = {
        name
        for name, row in by_id("relations").items()
        if (row["relation"], row["independence"]) == ("corroborates", "independent")
    }
    assert independent <= {*answer.expects["relations"], *answer.excludes["relations"]}
    assert independent >= set(answer.expects["relations"])


def test_the_answer_on_single_origins_judges_every_event_that_a_claim_affirms() -> None:
    answer = expected("single-origin")
    roots = {
        event: (len(cells["origins"]), len(cells["texts_without_origin"]))
        for event, row in by_id("events").items()
        for cells in [event_cells(row)]
    }
    assert set(answer.expects["events"]) == {event for event, number in roots.items() if number == (1, 0)}
    one_text = {event for event, number in roots.items() if number == (0, 1)}
    assert set(answer.apart["events"]) == one_text
    affirmed = {event for event, number in roots.items() if sum(number)}
    assert affirmed - one_text - set(answer.expects["events"]) <= set(answer.excludes["events"])


def test_an_unknown_question_is_refused_with_those_that_exist() -> None:
    with pytest.raises(LookupError, match="no question 'shell', only shells, denials"):
        expected("shell")
