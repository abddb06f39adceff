"""Rules on claims: their texts, their hashes, and the parts that their topics call for."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present
from russia_dprk_claims.contract import SHORTEST_HASHED


def _roles(name: str, *roles: str) -> tuple[Count, ...]:
    """Return how many actors a claim has in each of some roles."""
    return tuple(
        Count(f"{name} {role}", "claim_actors", (("claim_id", "claim_id"),), (("role", role),)) for role in roles
    )


def _any_of(counts: tuple[Count, ...]) -> nw.Expr:
    return nw.any_horizontal(*(nw.col(each.name) > 0 for each in counts), ignore_nulls=False)


_CLAIMS = Count("claims of it", "claims", (("origin_id", "origin_id"),))
_SUPPLIER, _RECIPIENT = _roles("actors as", "supplier", "recipient")
_VOTERS = _roles("votes of", "voter_for", "voter_against", "voter_abstained", "participant")

CLAIMS = (
    Rule(
        "span-hash",
        "claims",
        "span_sha256",
        reads=("char_start", "char_end", "span_sha256"),
        holds=(nw.col("char_end") - nw.col("char_start") >= SHORTEST_HASHED) == present("span_sha256"),
    ),
    Rule(
        "claim-sentence",
        "claims",
        "claim_text",
        reads=("claim_text",),
        holds=nw.col("claim_text").str.contains(r"^[^a-z\s].*\.$"),
    ),
    Rule(
        "claim-distinct",
        "claims",
        "claim_text",
        reads=("source_id", "claim_id", "claim_text", "record_status"),
        holds=implies(
            is_one_of("record_status", "active"),
            nw.col("claim_id").min().over("source_id", "claim_text", "record_status") == nw.col("claim_id"),
        ),
    ),
    Rule(
        "arms-parties",
        "claims",
        "topic",
        reads=("topic", _SUPPLIER, _RECIPIENT),
        holds=implies(
            is_one_of("topic", "arms_transfer"), (nw.col(_SUPPLIER.name) > 0) | (nw.col(_RECIPIENT.name) > 0)
        ),
    ),
    Rule(
        "vote-voters",
        "claims",
        "topic",
        reads=("topic", *_VOTERS),
        holds=implies(is_one_of("topic", "un_vote"), _any_of(_VOTERS)),
    ),
    Rule(
        "forecast-time",
        "claims",
        "temporal_status",
        reads=("statement_kind", "temporal_status"),
        holds=implies(is_one_of("statement_kind", "forecast"), is_one_of("temporal_status", "future", "hypothetical")),
    ),
    Rule("origin-used", "origins", "origin_id", reads=("origin_id", _CLAIMS), holds=nw.col(_CLAIMS.name) > 0),
    Rule(
        "open-polarity",
        "claims",
        "modality",
        reads=("polarity", "modality"),
        holds=implies(is_one_of("polarity", "unknown"), is_one_of("modality", "underspecified", "possible")),
    ),
)
