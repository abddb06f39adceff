"""Rules on dates: EDTF that names existing days, in a plausible range and order."""

from __future__ import annotations

from datetime import date

import narwhals as nw

from russia_dprk_claims.checks.rule import Rule, empty, implies, is_one_of, present, same

_COLUMNS = (
    ("sources", "published_on"),
    ("claims", "event_date"),
    ("quantities", "period"),
    ("agreements", "signed_on"),
    ("agreements", "in_force_on"),
    ("agreements", "ended_on"),
)
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


def _edtf_rules(table: str, column: str) -> tuple[Rule, Rule]:
    days = (f"{column}.earliest", f"{column}.latest")
    return (
        Rule(
            "edtf-date", table, column, reads=(column, *days), holds=empty(column) | present(days[0]) | present(days[1])
        ),
        Rule(
            "date-years",
            table,
            column,
            reads=(column, *days),
            holds=(nw.col(days[0]) >= nw.lit(_FIRST)).fill_null(True)
            & (nw.col(days[1]) <= nw.lit(_LAST)).fill_null(True),
        ),
    )


def _follows_rule(side: str) -> Rule:
    column = f"event_date_{side}"
    return Rule(
        "event-date-days",
        "claims",
        column,
        reads=(column, f"event_date.{side}"),
        holds=same(nw.col(column), nw.col(f"event_date.{side}")),
    )


def _sequence_rule(earlier: str, later: str) -> Rule:
    return Rule(
        "agreement-dates",
        "agreements",
        later,
        reads=(f"{earlier}.earliest", f"{later}.latest"),
        holds=nw.col(f"{earlier}.earliest") <= nw.col(f"{later}.latest"),
    )


DATES = (
    *(rule for table, column in _COLUMNS for rule in _edtf_rules(table, column)),
    _follows_rule("earliest"),
    _follows_rule("latest"),
    Rule(
        "date-basis",
        "claims",
        "date_basis",
        reads=("event_date", "date_basis"),
        holds=present("event_date") == (nw.col("date_basis") != "none"),
    ),
    Rule(
        "event-before-publication",
        "claims",
        "event_date",
        reads=("event_date.earliest", "temporal_status", "date_status", "source_id.published_on.latest"),
        # A year out of range breaks date-years.
        holds=implies(
            is_one_of("temporal_status", "past")
            & is_one_of("date_status", "unchallenged")
            & (nw.col("event_date.earliest") <= nw.lit(_LAST))
            & (nw.col("source_id.published_on.latest") >= nw.lit(_FIRST)),
            nw.col("event_date.earliest") <= nw.col("source_id.published_on.latest"),
        ),
    ),
    Rule(
        "date-status-note",
        "claims",
        "date_status",
        reads=("date_status", "note"),
        holds=implies(is_one_of("date_status", "ambiguous", "contradicted"), present("note")),
    ),
    _sequence_rule("signed_on", "in_force_on"),
    _sequence_rule("in_force_on", "ended_on"),
    _sequence_rule("signed_on", "ended_on"),
)
