"""Rules on dates: EDTF that names existing days, in a plausible range and order."""

from __future__ import annotations

import re

import polars as pl
from polars import col

from russia_dprk_claims.checks.edtf import FIRST_DAY, LAST_DAY, YEARLESS, day_range
from russia_dprk_claims.checks.rule import Mapped, Rule, implies, is_one_of, present
from russia_dprk_claims.checks.rules.voices import innermost

_COLUMNS = (
    ("sources", "published_on"),
    ("claims", "event_date"),
    ("quantities", "period"),
    ("claims", "as_of"),
    ("claim_attributions", "stated_on"),
    ("origins", "date"),
)
_FIRST, _LAST = pl.lit(FIRST_DAY), pl.lit(LAST_DAY)
# The last day on which a passage can have been written.
_WRITTEN = pl.coalesce("as_of.latest", "source_id.published_on.latest", "source_id.coded_on")


_TIME = "claim_id.temporal_status"
_VOICES = innermost("claim_id")
_MONTHS = "January February March April May June July August September October November December"
# A year that dates the matter, not that of a treaty ("the pact of 1961") or of a resolution ("2397 (2017)").
_YEAR = re.compile(rf"(?:\b(?:[Ii]n|[Oo]n|[Ss]ince|{_MONTHS.replace(' ', '|')})|,) ((?:19|20)[0-9]{{2}})\b(?! or\b)")


def a_year_fits(words: str | None, edtf: str | None) -> bool | None:
    """Return whether one of the years that the words name is in a date; null where they name none or it is empty."""
    years, days = [int(each) for each in _YEAR.findall(words or "")], day_range(edtf)
    if not years or days is None:
        return None
    first, last = days.earliest or FIRST_DAY, days.latest or LAST_DAY
    return any(first.year <= each <= last.year for each in years)


def _edtf_rules(table: str, column: str) -> tuple[Rule, Rule]:
    earliest, latest = f"{column}.earliest", f"{column}.latest"
    return (
        Rule("edtf-date", table, column, where=present(column)).requires(
            present(earliest) | present(latest) | col(column).str.contains(YEARLESS)
        ),
        Rule("date-years", table, column, where=present(column)).requires(
            (col(earliest) >= _FIRST) & (col(latest) <= _LAST)
        ),
    )


def _follows_rule(side: str) -> Rule:
    days = f"event_date_{side}"
    return Rule("event-date-days", "claims", days, where=present("event_date") | present(days)).requires(
        col(days).eq_missing(col(f"event_date.{side}"))
    )


def _published_rule(id_: str, table: str, date: str, source: str) -> Rule:
    """Return the rule that a date is not after the publication of the source, or its coding if that is unknown."""
    published = pl.coalesce(f"{source}.published_on.latest", f"{source}.coded_on")
    # A year out of range breaks date-years.
    column = date.partition(".")[0]
    return Rule(id_, table, column, where=present(column)).requires(
        (col(f"{date}.earliest") <= published) | (published < _FIRST)
    )


DATES = (
    *(rule for table, column in _COLUMNS for rule in _edtf_rules(table, column)),
    _follows_rule("earliest"),
    _follows_rule("latest"),
    Rule("date-basis", "claims", "date_basis").requires(present("event_date") == (col("date_basis") != "none")),
    Rule("event-before-publication", "claims", "event_date", where=present("event_date")).requires(
        # A year out of range breaks date-years.
        implies(
            is_one_of("temporal_status", "past", "ongoing")
            & is_one_of("date_status", "unchallenged")
            & (col("event_date.earliest") <= _LAST)
            & (_WRITTEN >= _FIRST),
            col("event_date.earliest") <= _WRITTEN,
        )
    ),
    Rule("future-event", "claims", "event_date", where=is_one_of("temporal_status", "future")).requires(
        implies(
            is_one_of("date_status", "unchallenged") & (_VOICES.document.value > 0),
            col("event_date.latest") >= col("as_of.earliest"),
        ),
        _VOICES.document,
    ),
    Rule("stated-time", "claim_attributions", "stated_on", where=present("stated_on")).requires(
        is_one_of("act", "reports")
        | ~is_one_of("claim_id.date_status", "unchallenged")
        | (
            implies(is_one_of(_TIME, "past"), col("claim_id.event_date.earliest") <= col("stated_on.latest"))
            & implies(is_one_of(_TIME, "future"), col("claim_id.event_date.latest") >= col("stated_on.earliest"))
        )
    ),
    Rule("origin-date", "claim_attributions", "stated_on", where=present("stated_on")).requires(
        (col("actor_id") != col("claim_id.origin_id.actor_id"))
        | (
            (col("stated_on.earliest") <= col("claim_id.origin_id.date.latest"))
            & (col("claim_id.origin_id.date.earliest") <= col("stated_on.latest"))
        )
    ),
    Rule("other-text-note", "claims", "date_basis", has_patterns=True).requires(
        implies(is_one_of("date_basis", "other_text"), col("note").str.contains("SRC-[0-9]{4}").fill_null(value=False))
    ),
    *(
        Rule("year-named", table, column).requires(named.value, named)
        for table, column, date_column in (
            ("claims", "claim_text", "event_date"),
            ("events", "label", "date"),
            ("origins", "label", "date"),
        )
        for named in [Mapped("a year named is in the date", (column, date_column), a_year_fits, present(date_column))]
    ),
    Rule("date-status-note", "claims", "date_status").requires(
        implies(is_one_of("date_status", "ambiguous", "contradicted"), present("note"))
    ),
    _published_rule("as-of-published", "claims", "as_of", "source_id"),
    _published_rule("stated-published", "claim_attributions", "stated_on", "claim_id.source_id"),
    _published_rule("origin-published", "claims", "origin_id.date", "source_id"),
)
