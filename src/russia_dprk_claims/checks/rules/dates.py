"""Rules on dates: EDTF that names existing days, in a plausible range and order."""

from __future__ import annotations

from datetime import date

import polars as pl
from polars import col

from russia_dprk_claims.checks.edtf import YEARLESS
from russia_dprk_claims.checks.rule import Rule, empty, implies, is_one_of, present

_COLUMNS = (
    ("sources", "published_on"),
    ("claims", "event_date"),
    ("quantities", "period"),
    ("claims", "as_of"),
    ("claim_attributions", "stated_on"),
    ("origins", "date"),
)
_FIRST, _LAST = pl.lit(date(1900, 1, 1)), pl.lit(date(2100, 12, 31))


def _edtf_rules(table: str, column: str) -> tuple[Rule, Rule]:
    earliest, latest = f"{column}.earliest", f"{column}.latest"
    return (
        Rule("edtf-date", table, column).requires(
            empty(column) | present(earliest) | present(latest) | col(column).str.contains(YEARLESS)
        ),
        Rule("date-years", table, column).requires((col(earliest) >= _FIRST) & (col(latest) <= _LAST)),
    )


def _follows_rule(side: str) -> Rule:
    days = f"event_date_{side}"
    return Rule("event-date-days", "claims", days).requires(col(days).eq_missing(col(f"event_date.{side}")))


def _published_rule(id_: str, table: str, column: str, source: str) -> Rule:
    """Return the rule that a date is not after the publication of the source."""
    return Rule(id_, table, column).requires(col(f"{column}.earliest") <= col(f"{source}.published_on.latest"))


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
    _published_rule("as-of-published", "claims", "as_of", "source_id"),
    _published_rule("stated-published", "claim_attributions", "stated_on", "claim_id.source_id"),
)
