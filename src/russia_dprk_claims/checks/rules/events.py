"""Rules on events: their claims, how claims bear on them, and the dates that follow from the claims."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, Summary, implies, is_one_of, present

_ON = (("event_id", "event_id"),)
_EARLIEST, _LATEST = col("claim_id.event_date.earliest"), col("claim_id.event_date.latest")
_IS_ACTIVE = is_one_of("claim_id.record_status", "active")
# Dates without a year cannot be compared.
_IS_DATED = is_one_of("bearing", "affirms") & _IS_ACTIVE & (_EARLIEST.is_not_null() | _LATEST.is_not_null())
_BY_OWN_TEXT = _IS_DATED & (col("claim_id.date_basis") != "other_text")
_BY_OTHER_TEXT = _IS_DATED & is_one_of("claim_id.date_basis", "other_text")


def _dates(whose: str, dating: pl.Expr) -> tuple[Summary, Summary, Summary]:
    """Return the narrowest date by some claims, their latest start and their earliest end."""
    date = col("claim_id.event_date").filter(dating)
    by_length = date.sort_by((_LATEST - _EARLIEST).filter(dating), _EARLIEST.filter(dating), date, nulls_last=True)
    return (
        Summary(f"narrowest {whose}", "claim_events", _ON, by_length.first()),
        Summary(f"latest start {whose}", "claim_events", _ON, _EARLIEST.filter(dating).max()),
        Summary(f"earliest end {whose}", "claim_events", _ON, _LATEST.filter(dating).min()),
    )


_OWN, _OTHER = _dates("by its own text", _BY_OWN_TEXT), _dates("by another text", _BY_OTHER_TEXT)
_SOURCES = Summary(
    "sources that date it", "claim_events", _ON, col("claim_id.source_id").filter(_BY_OWN_TEXT).n_unique()
)
DATES = (*_OWN, *_OTHER, _SOURCES)
"""What the date of an event is computed from."""

# What a text says of its own events counts; dates from another text only where no text has its own.
_HAS_OWN = _OWN[0].value.is_not_null()
_narrowest, _start, _end = (
    pl.when(_HAS_OWN).then(own.value).otherwise(other.value) for own, other in zip(_OWN, _OTHER, strict=True)
)
_AGREE = (_start <= _end).fill_null(value=True)

EVENT_DATE = pl.when(_AGREE).then(_narrowest)
"""The date of an event: the narrowest of the dates by its claims, if all of them agree."""

EVENT_DATE_STATUS = (
    pl.when(_narrowest.is_null())
    .then(pl.lit("unknown"))
    .when(~_AGREE)
    .then(pl.lit("contradicted"))
    .when(~_HAS_OWN)
    .then(pl.lit("inferred"))
    .when(_SOURCES.value == 1)
    .then(pl.lit("single_source"))
    .otherwise(pl.lit("agreed"))
)
"""Whether the dates by the claims on an event agree."""

_ACTIVE = Summary("active claims on it", "claim_events", _ON, _IS_ACTIVE.sum())
_EVENTS = Count("events of the claim", "claim_events", (("claim_id", "claim_id"),))
_TIME, _POLARITY = "claim_id.temporal_status", "claim_id.polarity"

_VOTED = ("vote", "resolution", "mandate", "treaty", "declaration", "unknown")

EVENTS = (
    Rule("event-claimed", "events", "event_id").requires(_ACTIVE.value.fill_null(0) > 0, _ACTIVE),
    Rule("event-date", "events", "date").requires(col("date").eq_missing(EVENT_DATE), *_OWN, *_OTHER),
    Rule("event-date-status", "events", "date_status").requires(
        (col("date_status") == EVENT_DATE_STATUS)
        | (is_one_of("date_status", "disputed_elsewhere") & present("date") & present("note")),
        *DATES,
    ),
    # Two happenings that were taken for one look like texts that contradict each other.
    Rule("date-status-note", "events", "date_status").requires(
        implies(is_one_of("date_status", "contradicted"), present("note"))
    ),
    Rule("event-place", "events", "place_id").requires(col("place_id.actor_type").is_in(["place", "state"])),
    Rule("event-agreement", "events", "agreement_id").requires(
        implies(is_one_of("kind", "signing"), present("agreement_id"))
        & implies(is_one_of("kind", "signing"), ~is_one_of("agreement_id.form", "vote", "exercise"))
        & implies(is_one_of("kind", "vote") & present("agreement_id"), is_one_of("agreement_id.form", *_VOTED))
    ),
    Rule("event-bearing", "claim_events", "bearing").requires(
        implies(is_one_of("bearing", "affirms"), ~is_one_of(_TIME, "future") & is_one_of(_POLARITY, "affirmed"))
        & implies(is_one_of("bearing", "denies"), ~is_one_of(_TIME, "future") & is_one_of(_POLARITY, "denied"))
        # What has happened can point to what is still to come: somebody has left for a meeting.
        & implies(is_one_of("bearing", "foretells"), ~is_one_of(_TIME, "past") | (_EVENTS.value > 1))
        & implies(is_one_of("bearing", "questions"), is_one_of(_POLARITY, "unknown"))
        & implies(is_one_of("bearing", "proposes"), is_one_of("claim_id.statement_kind", "proposal", "obligation")),
        _EVENTS,
    ),
)
