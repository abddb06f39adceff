"""Rules on attribution chains: from the document inwards to the voice whose polarity and modality count."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present

_CLAIM = ("claim_id", "claim_id")
_VOICES = Count("voices of the step", "claim_attributions", (_CLAIM, ("step", "step")))
_DENIALS = Count("denials by the claim", "claim_relations", (_CLAIM,), (("relation", "denies"),))
_STEPS = Count("steps of the chain", "claim_attributions", (_CLAIM,))


def _known(holds: pl.Expr) -> pl.Expr:
    """Return whether a condition on a chain holds, or null if one of its steps is invalid."""
    return pl.when(~col("step").is_null().any().over("claim_id")).then(holds)


_BEFORE = col("step").shift(1).over("claim_id", order_by=["step", "voice_no"])
# The first step of a chain is 0; each later row has the step of the row before it, or the next one.
_FOLLOWS = (col("step") - _BEFORE.fill_null(-1)).is_in([0, 1]) & ((col("step") == 0) | _BEFORE.is_not_null())
_IS_OUTERMOST = _known(col("step") == col("step").min().over("claim_id"))
_IS_INNERMOST = _known(col("step") == col("step").max().over("claim_id"))
# The voice that states an active claim, rather than passing on the next voice: one row per claim. This is not
# `_IS_INNERMOST`, because a window must not be inside another.
_STATES_CLAIM = (col("act") != "reports") & (col("voice_no") == 1) & (col("claim_id.record_status") == "active")
# What makes two claims of one source the same reading of the same passage.
_READING = tuple(
    f"claim_id.{each}"
    for each in ("source_id", "char_start", "char_end", "topic", "temporal_status", "modality", "polarity")
)

_KINDS_OF_ACTS = (
    (("urges", "proposes"), ("proposal", "obligation")),
    (("promises",), ("forecast", "obligation", "proposal")),
    (("predicts",), ("forecast", "assessment", "estimate")),
)
_PERSONS, _BODIES = ("named_person", "unnamed_official"), ("named_body", "metonym", "unnamed_group")
_NO_BODIES = ("person", "place")

CHAINS = (
    Rule("chain-present", "claims", "claim_id").requires(_STEPS.value > 0, _STEPS),
    Rule("chain-contiguous", "claim_attributions", "step").requires(_known(_FOLLOWS)),
    # If no step is 0, the first step counts as the document.
    Rule("chain-document", "claim_attributions", "specificity").requires(
        (col("specificity") == "document") == _IS_OUTERMOST
    ),
    Rule("chain-actor", "claim_attributions", "actor_id").requires(
        present("actor_id") == ~is_one_of("specificity", "document", "unattributed")
    ),
    # Of voices none of which is joint, the second is reported.
    Rule("chain-joint", "claim_attributions", "joint").requires(
        (col("joint") == (_VOICES.value > 1)) | ((col("voice_no") == 1) & ~col("joint").any().over("claim_id", "step")),
        _VOICES,
    ),
    Rule("chain-reports", "claim_attributions", "act").requires((col("act") != "reports") == _IS_INNERMOST),
    Rule("denial-polarity", "claim_attributions", "act").requires(
        implies(is_one_of("act", "denies"), col("claim_id.polarity") == "denied")
    ),
    Rule("denial-of", "claim_attributions", "act").requires(
        implies(is_one_of("act", "denies"), (_DENIALS.value > 0) | present("claim_id.note")), _DENIALS
    ),
    Rule("stance-innermost", "claim_attributions", "stance").requires(
        implies(_IS_INNERMOST, is_one_of("stance", "neutral"))
    ),
    Rule("suggestion-modality", "claim_attributions", "act").requires(
        implies(_IS_INNERMOST & is_one_of("act", "suggests"), col("claim_id.modality") != "certain")
    ),
    Rule("act-kind", "claim_attributions", "act").requires(
        pl.all_horizontal(
            implies(_IS_INNERMOST & is_one_of("act", *acts), is_one_of("claim_id.statement_kind", *kinds))
            for acts, kinds in _KINDS_OF_ACTS
        )
    ),
    Rule("voice-kind", "claim_attributions", "specificity").requires(
        implies(is_one_of("specificity", *_PERSONS), col("actor_id.actor_type").is_in(["person", "unspecified"]))
        & implies(is_one_of("specificity", *_BODIES), ~col("actor_id.actor_type").is_in(_NO_BODIES))
    ),
    Rule("claim-once", "claim_attributions", "claim_id").requires(
        implies(
            _STATES_CLAIM,
            pl.when(_STATES_CLAIM).then(col("claim_id")).min().over(*_READING, "actor_id", "specificity")
            == col("claim_id"),
        )
    ),
)
