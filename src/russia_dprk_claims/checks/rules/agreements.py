"""Rules on agreements: who is party to them, who gives what, and how sure their existence is."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Rule, Summary, implies, is_one_of, present, same

_ON = (("agreement_id", "agreement_id"),)
_PARTIES = Count("parties", "agreement_parties", _ON)
_CLAIMS = Count("claims on it", "claim_agreements", _ON)
_ON_CLAIM = (("claim_id", "claim_id"),)
_IS_ACTIVE = is_one_of("claim_id.record_status", "active")


def _sides(column: str) -> tuple[Summary, Summary]:
    """Return the first and the last actor on one side of the transfers of the active claims on an agreement."""
    first = Summary(f"first {column} of the claim", "transfers", _ON_CLAIM, (column,), nw.col(column).min())
    last = Summary(f"last {column} of the claim", "transfers", _ON_CLAIM, (column,), nw.col(column).max())

    def of_active(side: Summary) -> nw.Expr:
        return nw.when(_IS_ACTIVE).then(nw.col(side.name))

    reads = ("claim_id", "claim_id.record_status")
    return (
        Summary(f"first {column}", "claim_agreements", _ON, (*reads, first), of_active(first).min()),
        Summary(f"last {column}", "claim_agreements", _ON, (*reads, last), of_active(last).max()),
    )


_GIVERS, _RECEIVERS = _sides("giver_id"), _sides("receiver_id")
_DIGITS = 10  # of a day
_as_of_day = nw.col("claim_id.as_of.latest").cast(nw.String)
_LATEST_CLAIM = Summary(
    "latest claim",
    "claim_agreements",
    _ON,
    ("claim_id.as_of", "claim_id.as_of.latest", "claim_id.record_status"),
    nw.when(_IS_ACTIVE).then(nw.concat_str(_as_of_day, nw.col("claim_id.as_of"))).max(),
)
AS_OF_READS = ("agreement_id", _LATEST_CLAIM)
STATUS_AS_OF = nw.col(_LATEST_CLAIM.name).str.slice(_DIGITS)
"""The day as of which the status of an agreement holds: the latest as_of of the claims linked to it."""

# Acts of one body, which has no other party.
_UNILATERAL = ("resolution", "mandate", "vote")
_CAME_ABOUT = ("signed", "in_force", "extended", "vetoed", "suspended", "lapsed", "revoked")

AGREEMENTS = (
    Rule(
        "agreement-parties",
        "agreements",
        "form",
        reads=("form", "note", "agreement_id", _PARTIES),
        holds=is_one_of("form", *_UNILATERAL)
        | (nw.col(_PARTIES.name) >= 2)
        | ((nw.col(_PARTIES.name) == 0) & present("note")),
    ),
    Rule(
        "agreement-claimed",
        "agreements",
        "agreement_id",
        reads=("agreement_id", _CLAIMS),
        holds=nw.col(_CLAIMS.name) > 0,
    ),
    Rule(
        "agreement-status",
        "agreements",
        "status",
        reads=("status", "existence"),
        holds=implies(is_one_of("status", *_CAME_ABOUT), is_one_of("existence", "documented", "reported")),
    ),
    Rule(
        "barter-sides",
        "agreements",
        "form",
        reads=("form", "agreement_id", *_GIVERS, *_RECEIVERS),
        holds=implies(
            is_one_of("form", "barter"),
            nw.all_horizontal(
                *((nw.col(first.name) != nw.col(last.name)).fill_null(False) for first, last in (_GIVERS, _RECEIVERS)),
                ignore_nulls=False,
            ),
        ),
    ),
    Rule(
        "agreement-as-of",
        "agreements",
        "status_as_of",
        reads=("status_as_of", *AS_OF_READS),
        holds=same(nw.col("status_as_of"), STATUS_AS_OF),
    ),
    Rule(
        "denied-bearing",
        "claim_agreements",
        "bearing",
        reads=("bearing", "claim_id.polarity"),
        holds=implies(is_one_of("bearing", "asserts"), nw.col("claim_id.polarity") != "denied")
        & implies(is_one_of("bearing", "denies"), nw.col("claim_id.polarity") == "denied"),
    ),
)
