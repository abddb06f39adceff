"""Rules on agreements: who is party to them, who gives what, and how sure their existence is."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, Summary, implies, is_one_of, present

_ON = (("agreement_id", "agreement_id"),)
_PARTIES = Count("parties", "agreement_parties", _ON)
_CLAIMS = Count("claims on it", "claim_agreements", _ON)
_ON_CLAIM = (("claim_id", "claim_id"),)
_IS_ACTIVE = is_one_of("claim_id.record_status", "active")


def _sides(column: str) -> tuple[Summary, Summary]:
    """Return the first and the last actor on one side of the transfers of the active claims on an agreement."""
    first = Summary(f"first {column} of the claim", "transfers", _ON_CLAIM, col(column).min())
    last = Summary(f"last {column} of the claim", "transfers", _ON_CLAIM, col(column).max())
    of_active = [pl.when(_IS_ACTIVE).then(each.value) for each in (first, last)]
    return (
        Summary(f"first {column}", "claim_agreements", _ON, of_active[0].min(), (first,)),
        Summary(f"last {column}", "claim_agreements", _ON, of_active[1].max(), (last,)),
    )


_GIVERS, _RECEIVERS = _sides("giver_id"), _sides("receiver_id")
LATEST_CLAIM = Summary(
    "as_of of the latest claim",
    "claim_agreements",
    _ON,
    pl.when(_IS_ACTIVE)
    .then(col("claim_id.as_of"))
    .sort_by("claim_id.as_of.latest", "claim_id.as_of")
    .drop_nulls()
    .last(),
)
STATUS_AS_OF = LATEST_CLAIM.value
"""The day as of which the status of an agreement holds: the latest as_of of the claims linked to it."""

# Acts of one body, which has no other party.
_UNILATERAL = ("resolution", "mandate", "vote")
_CAME_ABOUT = ("signed", "in_force", "extended", "vetoed", "suspended", "lapsed", "revoked")

AGREEMENTS = (
    Rule("agreement-parties", "agreements", "form").requires(
        is_one_of("form", *_UNILATERAL) | (_PARTIES.value >= 2) | ((_PARTIES.value == 0) & present("note")), _PARTIES
    ),
    Rule("agreement-claimed", "agreements", "agreement_id").requires(_CLAIMS.value > 0, _CLAIMS),
    Rule("agreement-status", "agreements", "status").requires(
        implies(is_one_of("status", *_CAME_ABOUT), is_one_of("existence", "documented", "reported"))
    ),
    Rule("barter-sides", "agreements", "form").requires(
        implies(
            is_one_of("form", "barter"),
            pl.all_horizontal(
                (first.value != last.value).fill_null(value=False) for first, last in (_GIVERS, _RECEIVERS)
            ),
        ),
        *(*_GIVERS, *_RECEIVERS),
    ),
    Rule("agreement-as-of", "agreements", "status_as_of").requires(
        col("status_as_of").eq_missing(STATUS_AS_OF), LATEST_CLAIM
    ),
    Rule("denied-bearing", "claim_agreements", "bearing").requires(
        implies(is_one_of("bearing", "asserts"), col("claim_id.polarity") != "denied")
        & implies(is_one_of("bearing", "denies"), col("claim_id.polarity") == "denied")
    ),
)
