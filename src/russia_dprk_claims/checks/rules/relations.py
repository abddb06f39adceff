"""Rules on relations between claims: denials between opposites, repeats of one origin, and each symmetric pair once."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Rule, Summary, implies, is_one_of, present

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
_TIMES = ("claim_id.temporal_status", "related_claim_id.temporal_status")


def _innermost(claim: str) -> tuple[Summary, Summary, Summary]:
    """Return the first and the last innermost voice of a claim, and whether the document itself is one.

    A claim with more than two joint voices is compared by two of them.
    """
    on, reads = (("claim_id", claim),), ("act", "actor_id", "specificity")
    # Only the innermost voice does more than report.
    actor = nw.when(nw.col("act") != "reports").then(nw.col("actor_id"))
    own = (nw.col("act") != "reports") & (nw.col("specificity") == "document")
    return (
        Summary(f"first voice of {claim}", "claim_attributions", on, reads, actor.min()),
        Summary(f"last voice of {claim}", "claim_attributions", on, reads, actor.max()),
        Summary(f"own words of {claim}", "claim_attributions", on, reads, own.sum()),
    )


_OURS, _THEIRS = _innermost("claim_id"), _innermost("related_claim_id")
_SAME_VOICE = nw.any_horizontal(
    *((nw.col(ours.name) == nw.col(theirs.name)).fill_null(False) for ours in _OURS[:2] for theirs in _THEIRS[:2]),
    ignore_nulls=False,
)
_SAME_DOCUMENT = (
    (nw.col(_OURS[2].name) > 0)
    & (nw.col(_THEIRS[2].name) > 0)
    & (nw.col("claim_id.source_id") == nw.col("related_claim_id.source_id"))
)

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
        "corroborates-other",
        "claim_relations",
        "relation",
        reads=("relation", "claim_id.source_id", "related_claim_id.source_id", *_OURS, *_THEIRS),
        holds=implies(is_one_of("relation", "corroborates"), ~_SAME_VOICE & ~_SAME_DOCUMENT),
    ),
    Rule(
        "contradicts-conditional",
        "claim_relations",
        "conditional",
        reads=("relation", "conditional", "note", *_TIMES),
        holds=implies(nw.col("conditional"), present("note"))
        & implies(
            is_one_of("relation", "contradicts")
            & (is_one_of(_TIMES[0], "hypothetical") | is_one_of(_TIMES[1], "hypothetical")),
            nw.col("conditional"),
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
