"""Rules on relations between claims: denials between opposites, repeats of one origin, and each symmetric pair once."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import ROW, Rule, Summary, implies, is_one_of, present

SYMMETRIC = ("corroborates", "contradicts", "repeats")
_SWAPPED = (("claim_id", "related_claim_id"), ("related_claim_id", "claim_id"))
_SAME = (("relation", "relation"), ("aspect", "aspect"))
_REVERSED = Summary("first row the other way round", "claim_relations", (*_SWAPPED, *_SAME), col(ROW).min())


def _innermost(claim: str) -> tuple[Summary, Summary, Summary]:
    """Return the first and the last innermost voice of a claim, and how often the document itself is one.

    A claim with more than two joint voices is compared by two of them.
    """
    on = (("claim_id", claim),)
    # Only the innermost voice does more than report.
    is_innermost = col("act") != "reports"
    actor = pl.when(is_innermost).then(col("actor_id"))
    return (
        Summary(f"first voice of {claim}", "claim_attributions", on, actor.min()),
        Summary(f"last voice of {claim}", "claim_attributions", on, actor.max()),
        Summary(
            f"own words of {claim}", "claim_attributions", on, (is_innermost & (col("specificity") == "document")).sum()
        ),
    )


_OURS, _THEIRS = _innermost("claim_id"), _innermost("related_claim_id")
_SAME_VOICE = pl.any_horizontal(
    (ours.value == theirs.value).fill_null(value=False) for ours in _OURS[:2] for theirs in _THEIRS[:2]
)
_SAME_DOCUMENT = (
    (_OURS[2].value > 0) & (_THEIRS[2].value > 0) & (col("claim_id.source_id") == col("related_claim_id.source_id"))
)
_IS_HYPOTHETICAL = is_one_of("claim_id.temporal_status", "hypothetical") | is_one_of(
    "related_claim_id.temporal_status", "hypothetical"
)
_ORIGIN, _RELATED_ORIGIN = col("claim_id.origin_id"), col("related_claim_id.origin_id")

RELATIONS = (
    Rule("relation-self", "claim_relations", "related_claim_id").requires(col("claim_id") != col("related_claim_id")),
    Rule("relation-once", "claim_relations", "relation").requires(
        implies(is_one_of("relation", *SYMMETRIC), _REVERSED.value >= col(ROW)), _REVERSED
    ),
    Rule("denies-opposite", "claim_relations", "relation").requires(
        implies(
            is_one_of("relation", "denies"),
            (col("claim_id.polarity") == "denied") & (col("related_claim_id.polarity") == "affirmed"),
        )
    ),
    Rule("corroborates-other", "claim_relations", "relation").requires(
        implies(is_one_of("relation", "corroborates"), ~_SAME_VOICE & ~_SAME_DOCUMENT), *_OURS, *_THEIRS
    ),
    Rule("contradicts-conditional", "claim_relations", "conditional").requires(
        implies(col("conditional"), present("note"))
        & implies(is_one_of("relation", "contradicts") & _IS_HYPOTHETICAL, col("conditional"))
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
