"""Rules on relations between claims: denials between opposites, repeats of one origin, and each symmetric pair once."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present

SYMMETRIC = ("corroborates", "contradicts", "repeats")
_ORIGINS = ("claim_id.origin_id", "related_claim_id.origin_id")
_REVERSED = Count(
    "the same relation the other way round",
    "claim_relations",
    (
        ("claim_id", "related_claim_id"),
        ("related_claim_id", "claim_id"),
        ("relation", "relation"),
        ("aspect", "aspect"),
    ),
)
_POLARITIES = ("claim_id.polarity", "related_claim_id.polarity")

RELATIONS = (
    Rule(
        "relation-self",
        "claim_relations",
        "related_claim_id",
        reads=("claim_id", "related_claim_id"),
        holds=nw.col("claim_id") != nw.col("related_claim_id"),
    ),
    Rule(
        "relation-once",
        "claim_relations",
        "relation",
        reads=("claim_id", "related_claim_id", "relation", "aspect", _REVERSED),
        holds=implies(
            is_one_of("relation", *SYMMETRIC) & (nw.col("claim_id") > nw.col("related_claim_id")),
            nw.col(_REVERSED.name) == 0,
        ),
    ),
    Rule(
        "denies-opposite",
        "claim_relations",
        "relation",
        reads=("relation", *_POLARITIES),
        holds=implies(
            is_one_of("relation", "denies"),
            (nw.col(_POLARITIES[0]) == "denied") & (nw.col(_POLARITIES[1]) == "affirmed"),
        ),
    ),
    Rule(
        "repeats-origin",
        "claim_relations",
        "relation",
        reads=("relation", "independence", *_ORIGINS),
        holds=implies(
            is_one_of("relation", "repeats"),
            is_one_of("independence", "same_origin")
            & (
                (nw.col(_ORIGINS[0]) == nw.col(_ORIGINS[1])).fill_null(False)
                | (~present(_ORIGINS[0]) & ~present(_ORIGINS[1]))
            ),
        ),
    ),
    Rule(
        "independent-origins",
        "claim_relations",
        "independence",
        reads=("independence", *_ORIGINS),
        holds=implies(is_one_of("independence", "independent"), nw.col(_ORIGINS[0]) != nw.col(_ORIGINS[1])),
    ),
)
