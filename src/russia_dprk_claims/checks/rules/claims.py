"""Rules on claims: their texts, their hashes, and the actors that their topics require."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, Summary, Within, first_of_several, implies, is_one_of, present
from russia_dprk_claims.checks.rules.voices import innermost
from russia_dprk_claims.contract import SHORTEST_HASHED


def _actors_as(*roles: str) -> tuple[Count, ...]:
    """Return how many actors a claim has in each of some roles."""
    on = (("claim_id", "claim_id"),)
    return tuple(Count(f"actors as {role}", "claim_actors", on, (("role", role),)) for role in roles)


_CLAIMS = Count("claims of it", "claims", (("origin_id", "origin_id"),), (("record_status", "active"),))
_VOICES = innermost("claim_id")
_ON = (("claim_id", "claim_id"),)
_CHAIN = Summary(
    "voices of the chain", "claim_attributions", _ON, col("actor_id").unique().implode(), present("actor_id")
)
_SUPERIORS = Summary(
    "whom the voices speak for",
    "claim_attributions",
    _ON,
    col("actor_id.parent_id").unique().implode(),
    present("actor_id.parent_id"),
)
_FIRST_WITH_TEXT = Within(
    "first claim with this text",
    (col("source_id"), col("claim_text")),
    first_of_several("claim_id"),
    is_one_of("record_status", "active"),
)
_NEGATION = (
    r"(?i)\b(?:not|no|never|none|neither|nor|nobody|nothing|nowhere|cannot|without|unlikely|hardly|barely|scarcely|lacks?"
    r"|den(?:y|ies|ied)|reject(?:s|ed)?|refus(?:e|es|ed)|fail(?:s|ed)?|im?possible|absent|ruled? out)\b|n[’']t\b"
)
_SUPPLIER, _RECIPIENT = _actors_as("supplier", "recipient")
_VOTERS = _actors_as("voter_for", "voter_against", "voter_abstained", "participant")

CLAIMS = (
    Rule("span-hash", "claims", "span_sha256").requires(
        (col("char_end") - col("char_start") >= SHORTEST_HASHED) == present("span_sha256")
    ),
    Rule("claim-sentence", "claims", "claim_text", has_patterns=True).requires(
        col("claim_text").str.contains(r"^[^a-z\s].")
        & col("claim_text").str.ends_with(".")
        & ~col("claim_text").str.contains("\n", literal=True)
    ),
    Rule("claim-distinct", "claims", "claim_text").requires(
        implies(is_one_of("record_status", "active"), _FIRST_WITH_TEXT.value == col("claim_id")), _FIRST_WITH_TEXT
    ),
    Rule("arms-parties", "claims", "topic", where=is_one_of("topic", "arms_transfer")).requires(
        (_SUPPLIER.value > 0) | (_RECIPIENT.value > 0), *(_SUPPLIER, _RECIPIENT)
    ),
    Rule("vote-voters", "claims", "topic", where=is_one_of("topic", "un_vote")).requires(
        pl.any_horizontal(each.value > 0 for each in _VOTERS), *_VOTERS
    ),
    Rule("forecast-time", "claims", "temporal_status").requires(
        implies(is_one_of("statement_kind", "forecast"), is_one_of("temporal_status", "future", "hypothetical"))
    ),
    Rule("origin-used", "origins", "origin_id").requires(_CLAIMS.value > 0, _CLAIMS),
    Rule("hedge-modality", "claims", "hedge").requires(implies(present("hedge"), col("modality") != "certain")),
    Rule("denied-wording", "claims", "claim_text", has_patterns=True).requires(
        # Polars also looks at texts that are masked, so the other claims have an empty one.
        ~is_one_of("polarity", "denied")
        | pl.when(is_one_of("polarity", "denied")).then(col("claim_text")).otherwise(pl.lit("")).str.contains(_NEGATION)
    ),
    Rule("origin-voice", "claims", "origin_id", where=present("origin_id")).requires(
        _VOICES.document.value == 0, _VOICES.document
    ),
    Rule("origin-speaker", "claims", "origin_id", where=present("origin_id")).requires(
        pl.any_horizontal(
            actors.value.list.contains(col(each)).fill_null(value=False)
            for actors, each in (
                (_CHAIN, "origin_id.actor_id"),
                (_CHAIN, "origin_id.actor_id.parent_id"),
                (_SUPERIORS, "origin_id.actor_id"),
            )
        )
        | col("origin_id.actor_id").is_null()
        | (_VOICES.document.value > 0),  # which breaks origin-voice
        *(_CHAIN, _SUPERIORS, _VOICES.document),
    ),
    Rule("open-polarity", "claims", "modality").requires(
        implies(is_one_of("polarity", "unknown"), is_one_of("modality", "underspecified", "possible"))
    ),
)
