"""Rules on claims: their texts, their hashes, and the actors that their topics require."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present
from russia_dprk_claims.contract import SHORTEST_HASHED


def _actors_as(*roles: str) -> tuple[Count, ...]:
    """Return how many actors a claim has in each of some roles."""
    on = (("claim_id", "claim_id"),)
    return tuple(Count(f"actors as {role}", "claim_actors", on, (("role", role),)) for role in roles)


_CLAIMS = Count("claims of it", "claims", (("origin_id", "origin_id"),))
_SUPPLIER, _RECIPIENT = _actors_as("supplier", "recipient")
_VOTERS = _actors_as("voter_for", "voter_against", "voter_abstained", "participant")

CLAIMS = (
    Rule("span-hash", "claims", "span_sha256").requires(
        (col("char_end") - col("char_start") >= SHORTEST_HASHED) == present("span_sha256")
    ),
    Rule("claim-sentence", "claims", "claim_text").requires(col("claim_text").str.contains(r"^[^a-z\s].*\.$")),
    Rule("claim-distinct", "claims", "claim_text").requires(
        implies(
            is_one_of("record_status", "active"),
            col("claim_id").min().over("source_id", "claim_text", "record_status") == col("claim_id"),
        )
    ),
    Rule("arms-parties", "claims", "topic").requires(
        implies(is_one_of("topic", "arms_transfer"), (_SUPPLIER.value > 0) | (_RECIPIENT.value > 0)),
        *(_SUPPLIER, _RECIPIENT),
    ),
    Rule("vote-voters", "claims", "topic").requires(
        implies(is_one_of("topic", "un_vote"), pl.any_horizontal(each.value > 0 for each in _VOTERS)), *_VOTERS
    ),
    Rule("forecast-time", "claims", "temporal_status").requires(
        implies(is_one_of("statement_kind", "forecast"), is_one_of("temporal_status", "future", "hypothetical"))
    ),
    Rule("origin-used", "origins", "origin_id").requires(_CLAIMS.value > 0, _CLAIMS),
    Rule("open-polarity", "claims", "modality").requires(
        implies(is_one_of("polarity", "unknown"), is_one_of("modality", "underspecified", "possible"))
    ),
)
