"""Rules on dates: EDTF that names existing days, in a plausible range and order."""

from __future__ import annotations

from datetime import date

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Rule, empty, implies, is_one_of, present

_COLUMNS = (
    ("sources", "published_on"),
    ("claims", "event_date"),
    ("quantities", "period"),
    ("agreements", "signed_on"),
    ("agreements", "in_force_on"),
    ("agreements", "ended_on"),
)
_FIRST, _LAST = pl.lit(date(1900, 1, 1)), pl.lit(date(2100, 12, 31))


def _edtf_rules(table: str, column: str) -> tuple[Rule, Rule]:
    earliest, latest = f"{column}.earliest", f"{column}.latest"
    return (
        Rule("edtf-date", table, column).requires(empty(column) | present(earliest) | present(latest)),
        Rule("date-years", table, column).requires((col(earliest) >= _FIRST) & (col(latest) <= _LAST)),
    )


def _follows_rule(side: str) -> Rule:
    days = f"event_date_{side}"
    return Rule("event-date-days", "claims", days).requires(col(days).eq_missing(col(f"event_date.{side}")))


def _sequence_rule(earlier: str, later: str) -> Rule:
    return Rule("agreement-dates", "agreements", later).requires(col(f"{earlier}.earliest") <= col(f"{later}.latest"))


DATES = (
    *(rule for table, column in _COLUMNS for rule in _edtf_rules(table, column)),
    _follows_rule("earliest"),
    _follows_rule("latest"),
    Rule("date-basis", "claims", "date_basis").requires(present("event_date") == (col("date_basis") != "none")),
    Rule("event-before-publication", "claims", "event_date").requires(
        # A year out of range breaks date-years.
        implies(
            is_one_of("temporal_status", "past")
            & is_one_of("date_status", "unchallenged")
            & (col("event_date.earliest") <= _LAST)
            & (col("source_id.published_on.latest") >= _FIRST),
            col("event_date.earliest") <= col("source_id.published_on.latest"),
        )
    ),
    Rule("date-status-note", "claims", "date_status").requires(
        implies(is_one_of("date_status", "ambiguous", "contradicted"), present("note"))
    ),
    _sequence_rule("signed_on", "in_force_on"),
    _sequence_rule("in_force_on", "ended_on"),
    _sequence_rule("signed_on", "ended_on"),
)
