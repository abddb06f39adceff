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
        id="relation-self",
        table="claim_relations",
        column="related_claim_id",
        statement="No claim bears on itself.",
        hint="correct one of the two ids",
        reads=("claim_id", "related_claim_id"),
        holds=nw.col("claim_id") != nw.col("related_claim_id"),
    ),
    Rule(
        id="relation-once",
        table="claim_relations",
        column="relation",
        statement="A relation that holds both ways is given once.",
        hint="remove one of the two rows",
        reads=("claim_id", "related_claim_id", "relation", "aspect", _REVERSED),
        holds=implies(
            is_one_of("relation", *SYMMETRIC) & (nw.col("claim_id") > nw.col("related_claim_id")),
            nw.col(_REVERSED.name) == 0,
        ),
    ),
    Rule(
        id="denies-opposite",
        table="claim_relations",
        column="relation",
        statement="A claim and its denial have opposite polarities.",
        hint="the denial is polarity: denied, what it denies stays affirmed",
        reads=("relation", *_POLARITIES),
        holds=implies(
            is_one_of("relation", "denies"),
            (nw.col(_POLARITIES[0]) == "denied") & (nw.col(_POLARITIES[1]) == "affirmed"),
        ),
    ),
    Rule(
        id="repeats-origin",
        table="claim_relations",
        column="relation",
        statement="A claim that repeats another has the same origin.",
        hint="write independence: same_origin, and give both the same origin_id if either has one",
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
        id="independent-origins",
        table="claim_relations",
        column="independence",
        statement="Claims that are independent of each other do not share an origin.",
        hint="write independence: same_origin, or correct an origin_id",
        reads=("independence", *_ORIGINS),
        holds=implies(is_one_of("independence", "independent"), nw.col(_ORIGINS[0]) != nw.col(_ORIGINS[1])),
    ),
)
