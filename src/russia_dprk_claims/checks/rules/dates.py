"""Rules on dates: EDTF that names existing days, in a plausible range and order."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.edtf import FIRST_DAY, LAST_DAY
from russia_dprk_claims.checks.rule import Rule, empty, implies, is_one_of, present, same

_COLUMNS = (
    ("sources", "published_on"),
    ("claims", "event_date"),
    ("quantities", "period"),
    ("claims", "as_of"),
    ("claim_attributions", "stated_on"),
    ("origins", "date"),
)


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
            holds=(nw.col(days[0]) >= nw.lit(FIRST_DAY)).fill_null(True)
            & (nw.col(days[1]) <= nw.lit(LAST_DAY)).fill_null(True),
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


def _published_rule(id_: str, table: str, column: str, source: str) -> Rule:
    """Return the rule that a date is not after the publication of the source."""
    begins, published = f"{column}.earliest", f"{source}.published_on.latest"
    return Rule(id_, table, column, reads=(begins, published), holds=nw.col(begins) <= nw.col(published))


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
            & (nw.col("event_date.earliest") <= nw.lit(LAST_DAY))
            & (nw.col("source_id.published_on.latest") >= nw.lit(FIRST_DAY)),
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
    _published_rule("as-of-published", "claims", "as_of", "source_id"),
    _published_rule("stated-published", "claim_attributions", "stated_on", "claim_id.source_id"),
)
