"""Rules on relations between claims: denials between opposites, repeats of one origin, and each symmetric pair once."""

from __future__ import annotations

from polars import col

from russia_dprk_claims.checks.rule import ROW, Rule, Summary, implies, is_one_of, present
from russia_dprk_claims.checks.rules.voices import in_common, innermost

SYMMETRIC = ("corroborates", "contradicts", "repeats")
_SWAPPED = (("claim_id", "related_claim_id"), ("related_claim_id", "claim_id"))
_SAME = (("relation", "relation"), ("aspect", "aspect"))
_REVERSED = Summary("first row the other way round", "claim_relations", (*_SWAPPED, *_SAME), col(ROW).min())


_OURS, _THEIRS = innermost("claim_id"), innermost("related_claim_id")
_VOICES = (*_OURS.computed, *_THEIRS.computed)
_SAME_VOICE = in_common(_OURS, _THEIRS)
_SAME_DOCUMENT = (
    (_OURS.document.value > 0)
    & (_THEIRS.document.value > 0)
    & (col("claim_id.source_id") == col("related_claim_id.source_id"))
)
# A claim that is related to itself breaks relation-self.
_IS_SELF = col("claim_id") == col("related_claim_id")
_IS_HYPOTHETICAL = is_one_of("claim_id.temporal_status", "hypothetical") | is_one_of(
    "related_claim_id.temporal_status", "hypothetical"
)
_ORIGIN, _RELATED_ORIGIN = col("claim_id.origin_id"), col("related_claim_id.origin_id")

RELATIONS = (
    Rule("relation-self", "claim_relations", "related_claim_id").requires(col("claim_id") != col("related_claim_id")),
    Rule("relation-once", "claim_relations", "relation", where=is_one_of("relation", *SYMMETRIC)).requires(
        _REVERSED.value >= col(ROW), _REVERSED
    ),
    Rule("denies-opposite", "claim_relations", "relation").requires(
        implies(
            is_one_of("relation", "denies") & ~_IS_SELF,
            (col("claim_id.polarity") == "denied") & (col("related_claim_id.polarity") == "affirmed"),
        )
    ),
    Rule("corroborates-other", "claim_relations", "relation", where=is_one_of("relation", "corroborates")).requires(
        _IS_SELF | (~_SAME_VOICE & ~_SAME_DOCUMENT), *_VOICES
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
    Rule("resolves-later", "claim_relations", "relation").requires(
        implies(
            is_one_of("relation", "resolves"),
            is_one_of("claim_id.polarity", "affirmed")
            & is_one_of("claim_id.modality", "certain")
            & (col("claim_id.as_of.latest") >= col("related_claim_id.as_of.earliest")).fill_null(value=True),
        )
    ),
    Rule("repeats-polarity", "claim_relations", "relation").requires(
        implies(is_one_of("relation", "repeats"), col("claim_id.polarity") == col("related_claim_id.polarity"))
    ),
    Rule("same-origin", "claim_relations", "independence").requires(
        implies(
            # A repeat breaks repeats-origin.
            is_one_of("independence", "same_origin") & ~is_one_of("relation", "repeats"),
            _ORIGIN.eq_missing(_RELATED_ORIGIN),
        )
    ),
    Rule("own-statements", "claim_relations", "independence", where=is_one_of("independence", "independent")).requires(
        ~_SAME_DOCUMENT, *(_OURS.document, _THEIRS.document)
    ),
)
