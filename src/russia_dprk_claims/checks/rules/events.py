"""Rules on events: their claims, how claims bear on them, and the dates that follow from the claims."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Rule, Summary, empty, implies, is_one_of, present, same

_ON = (("event_id", "event_id"),)
_EARLIEST, _LATEST = "claim_id.event_date.earliest", "claim_id.event_date.latest"
_READ_OF_CLAIMS = (
    "bearing",
    "claim_id.record_status",
    "claim_id.date_basis",
    "claim_id.event_date",
    "claim_id.source_id",
    _EARLIEST,
    _LATEST,
)
_AFFIRMS = is_one_of("bearing", "affirms") & is_one_of("claim_id.record_status", "active")
# Dates without a year cannot be compared.
_IS_DATED = _AFFIRMS & (present(_EARLIEST) | present(_LATEST))
_BY_OWN_TEXT = _IS_DATED & (nw.col("claim_id.date_basis") != "other_text")
_BY_OTHER_TEXT = _IS_DATED & is_one_of("claim_id.date_basis", "other_text")
# The length of the range in days precedes the date, so that the least text has the narrowest range.
_DIGITS = 6
_days = (nw.col(_LATEST) - nw.col(_EARLIEST)).dt.total_minutes() // (24 * 60)
_length = nw.when(present(_EARLIEST) & present(_LATEST)).then(_days.cast(nw.String).str.zfill(_DIGITS))
_sorted_by_length = nw.concat_str(_length.fill_null("9" * _DIGITS), nw.col("claim_id.event_date"))


def _summary(name: str, value: nw.Expr) -> Summary:
    return Summary(name, "claim_events", _ON, _READ_OF_CLAIMS, value)


def _dates(whose: str, dating: nw.Expr) -> tuple[Summary, Summary, Summary]:
    """Return the narrowest date by some claims, after its length, their latest start and their earliest end."""
    return (
        _summary(f"narrowest {whose}", nw.when(dating).then(_sorted_by_length).min()),
        _summary(f"latest start {whose}", nw.when(dating).then(nw.col(_EARLIEST)).max()),
        _summary(f"earliest end {whose}", nw.when(dating).then(nw.col(_LATEST)).min()),
    )


_OWN, _OTHER = _dates("by its own text", _BY_OWN_TEXT), _dates("by another text", _BY_OTHER_TEXT)
_source = nw.when(_BY_OWN_TEXT).then(nw.col("claim_id.source_id"))
_FIRST, _LAST = _summary("first source that dates it", _source.min()), _summary("last such source", _source.max())

DATE_READS = ("event_id", *_OWN, *_OTHER, _FIRST, _LAST)
"""What the date of an event is computed from."""

# What a text says of its own events counts; dates from another text only where no text has its own.
_narrowest, _start, _end = (
    nw.when(present(_OWN[0].name)).then(nw.col(own.name)).otherwise(nw.col(other.name))
    for own, other in zip(_OWN, _OTHER, strict=True)
)
_agree = (_start <= _end).fill_null(True)

EVENT_DATE = nw.when(_agree).then(_narrowest.str.slice(_DIGITS))
"""The date of an event: the narrowest of the dates by its claims, if all of them agree."""


def _first_that_holds(*cases: tuple[nw.Expr, str], otherwise: str) -> nw.Expr:
    value = nw.lit(otherwise)
    for condition, text in reversed(cases):
        value = nw.when(condition).then(nw.lit(text)).otherwise(value)
    return value


EVENT_DATE_STATUS = _first_that_holds(
    (_narrowest.is_null(), "unknown"),
    (~_agree, "contradicted"),
    (empty(_OWN[0].name), "inferred"),
    (nw.col(_FIRST.name) == nw.col(_LAST.name), "single_source"),
    otherwise="agreed",
)
"""Whether the dates by the claims on an event agree."""

_STATED = Summary(
    "claims on it that stand",
    "claim_events",
    _ON,
    ("claim_id.record_status",),
    is_one_of("claim_id.record_status", "active").sum(),
)
_EVENTS = Count("events of the claim", "claim_events", (("claim_id", "claim_id"),))
_time, _polarity = "claim_id.temporal_status", "claim_id.polarity"

EVENTS = (
    Rule(
        "event-claimed",
        "events",
        "event_id",
        reads=("event_id", _STATED),
        holds=nw.col(_STATED.name).fill_null(0) > 0,
    ),
    Rule("event-date", "events", "date", reads=("date", *DATE_READS), holds=same(nw.col("date"), EVENT_DATE)),
    Rule(
        "event-date-status",
        "events",
        "date_status",
        reads=("date", "date_status", "note", *DATE_READS),
        holds=(nw.col("date_status") == EVENT_DATE_STATUS)
        | (is_one_of("date_status", "disputed_elsewhere") & present("date") & present("note")),
    ),
    Rule(
        "event-place",
        "events",
        "place_id",
        reads=("place_id.actor_type",),
        holds=nw.col("place_id.actor_type").is_in(["place", "state"]),
    ),
    Rule(
        "event-bearing",
        "claim_events",
        "bearing",
        reads=("bearing", "claim_id", _polarity, _time, "claim_id.statement_kind", _EVENTS),
        holds=implies(is_one_of("bearing", "affirms"), ~is_one_of(_time, "future") & is_one_of(_polarity, "affirmed"))
        & implies(is_one_of("bearing", "denies"), ~is_one_of(_time, "future") & is_one_of(_polarity, "denied"))
        # What has happened can point to what is still to come: somebody has left for a meeting.
        & implies(is_one_of("bearing", "foretells"), ~is_one_of(_time, "past") | (nw.col(_EVENTS.name) > 1))
        & implies(is_one_of("bearing", "questions"), is_one_of(_polarity, "unknown"))
        & implies(is_one_of("bearing", "proposes"), is_one_of("claim_id.statement_kind", "proposal", "obligation")),
    ),
)
