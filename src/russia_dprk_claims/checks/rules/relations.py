"""Rules on relations between claims: denials between opposites, repeats of one origin, and each symmetric pair once."""

from __future__ import annotations

from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of

SYMMETRIC = ("corroborates", "contradicts", "repeats")
_SWAPPED = (("claim_id", "related_claim_id"), ("related_claim_id", "claim_id"))
_SAME = (("relation", "relation"), ("aspect", "aspect"))
_REVERSED = Count("the same relation the other way round", "claim_relations", (*_SWAPPED, *_SAME))
_ORIGIN, _RELATED_ORIGIN = col("claim_id.origin_id"), col("related_claim_id.origin_id")

RELATIONS = (
    Rule("relation-self", "claim_relations", "related_claim_id").requires(col("claim_id") != col("related_claim_id")),
    Rule("relation-once", "claim_relations", "relation").requires(
        implies(is_one_of("relation", *SYMMETRIC) & (col("claim_id") > col("related_claim_id")), _REVERSED.value == 0),
        _REVERSED,
    ),
    Rule("denies-opposite", "claim_relations", "relation").requires(
        implies(
            is_one_of("relation", "denies"),
            (col("claim_id.polarity") == "denied") & (col("related_claim_id.polarity") == "affirmed"),
        )
    ),
    Rule("repeats-origin", "claim_relations", "relation").requires(
        implies(
            is_one_of("relation", "repeats"),
            is_one_of("independence", "same_origin") & _ORIGIN.eq_missing(_RELATED_ORIGIN),
        )
    ),
    Rule("independent-origins", "claim_relations", "independence").requires(
        implies(is_one_of("independence", "independent"), _ORIGIN != _RELATED_ORIGIN)
    ),
)
