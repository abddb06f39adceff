"""Rules on agreements: who is party to them, who gives what, and how sure their existence is."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, Summary, implies, is_one_of, present

_ON = (("agreement_id", "agreement_id"),)
_PARTIES = Count("parties", "agreement_parties", _ON)
_ON_CLAIM = (("claim_id", "claim_id"),)
_IS_ACTIVE = is_one_of("claim_id.record_status", "active")
_CLAIMS = Summary("active claims on it", "claim_agreements", _ON, _IS_ACTIVE.sum())
_ASSERTED = Summary(
    "claims that it exists",
    "claim_agreements",
    _ON,
    (_IS_ACTIVE & is_one_of("bearing", "asserts", "status_change") & is_one_of("claim_id.modality", "certain")).sum(),
)


def _sides(column: str) -> tuple[Summary, Summary]:
    """Return the first and the last actor on one side of the transfers of the active claims on an agreement."""
    first = Summary(f"first {column} of the claim", "transfers", _ON_CLAIM, col(column).min())
    last = Summary(f"last {column} of the claim", "transfers", _ON_CLAIM, col(column).max())
    of_active = [pl.when(_IS_ACTIVE).then(each.value) for each in (first, last)]
    return (
        Summary(f"first {column}", "claim_agreements", _ON, of_active[0].min(), computed=(first,)),
        Summary(f"last {column}", "claim_agreements", _ON, of_active[1].max(), computed=(last,)),
    )


_GIVERS, _RECEIVERS = _sides("giver_id"), _sides("receiver_id")
_AS_OF, _AS_OF_DAY = col("claim_id.as_of"), col("claim_id.as_of.latest")
_IS_DATED = _IS_ACTIVE & _AS_OF_DAY.is_not_null()
LATEST_CLAIM = Summary(
    "as_of of the latest claim",
    "claim_agreements",
    _ON,
    _AS_OF.filter(_IS_DATED).sort_by(_AS_OF_DAY.filter(_IS_DATED), _AS_OF.filter(_IS_DATED)).last(),
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
    Rule("agreement-claimed", "agreements", "agreement_id").requires(_CLAIMS.value.fill_null(0) > 0, _CLAIMS),
    Rule("agreement-existence", "agreements", "existence").requires(
        ~is_one_of("existence", "hypothetical") | (_ASSERTED.value.fill_null(0) == 0), _ASSERTED
    ),
    Rule("party-alleged", "agreement_parties", "party_role").requires(
        is_one_of("party_role", "guarantor")
        | (is_one_of("party_role", "alleged_party") == col("agreement_id.existence").is_in(["alleged", "hypothetical"]))
    ),
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
