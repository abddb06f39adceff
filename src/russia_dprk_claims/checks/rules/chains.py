"""Rules on attribution chains: from the document inwards to the voice whose polarity and modality count."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, Within, first_of_several, implies, is_one_of, present

_CLAIM = ("claim_id", "claim_id")
_DENIALS = Count("denials by the claim", "claim_relations", (_CLAIM,), (("relation", "denies"),))
_STEPS = Count("steps of the chain", "claim_attributions", (_CLAIM,))


_STEP, _PER_CLAIM, _PER_STEP = col("step"), (col("claim_id"),), (col("claim_id"), col("step"))
_FIRST, _LAST = Within("first step", _PER_CLAIM, _STEP.min()), Within("last step", _PER_CLAIM, _STEP.max())
_HAS_GAP = (_STEP.min() > 0) | (_STEP.n_unique() <= _STEP.max())
_STEPS_WITH_GAP = Within("steps, if one is missing", _PER_CLAIM, pl.when(_HAS_GAP).then(_STEP.unique().implode()))
_VOICES = Within("voices of the step", _PER_STEP, pl.len())
_JOINT = Within("joint voices of the step", _PER_STEP, col("joint").sum())
_IS_OUTERMOST, _IS_INNERMOST = _FIRST.value == _STEP, _LAST.value == _STEP
# The voice that states an active claim, rather than passing on the next voice: one row per claim.
_STATES_CLAIM = (col("act") != "reports") & (col("voice_no") == 1) & (col("claim_id.record_status") == "active")
# What makes two claims of one source the same reading of the same passage.
_READING = tuple(
    col(f"claim_id.{each}")
    for each in ("source_id", "char_start", "char_end", "topic", "temporal_status", "modality", "polarity")
)
_FIRST_READING = Within(
    "first claim with this reading and voice",
    (*_READING, col("actor_id"), col("specificity")),
    first_of_several("claim_id"),
    _STATES_CLAIM,
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
    Rule("chain-contiguous", "claim_attributions", "step").requires(
        (_STEP == 0) | _STEPS_WITH_GAP.value.list.contains(_STEP - 1), _STEPS_WITH_GAP
    ),
    # If no step is 0, the first step counts as the document.
    Rule("chain-document", "claim_attributions", "specificity").requires(
        (col("specificity") == "document") == _IS_OUTERMOST, _FIRST
    ),
    Rule("chain-actor", "claim_attributions", "actor_id").requires(
        present("actor_id") == ~is_one_of("specificity", "document", "unattributed")
    ),
    # Of voices none of which is joint, the second is reported.
    Rule("chain-joint", "claim_attributions", "joint").requires(
        (col("joint") == (_VOICES.value > 1)) | ((col("voice_no") == 1) & (_JOINT.value == 0)), *(_VOICES, _JOINT)
    ),
    Rule("chain-reports", "claim_attributions", "act").requires((col("act") != "reports") == _IS_INNERMOST, _LAST),
    Rule("denial-polarity", "claim_attributions", "act", where=is_one_of("act", "denies")).requires(
        col("claim_id.polarity") == "denied"
    ),
    Rule("denial-of", "claim_attributions", "act", where=is_one_of("act", "denies")).requires(
        (_DENIALS.value > 0) | present("claim_id.note"), _DENIALS
    ),
    Rule("stance-innermost", "claim_attributions", "stance").requires(
        implies(_IS_INNERMOST, is_one_of("stance", "neutral")), _LAST
    ),
    Rule("suggestion-modality", "claim_attributions", "act").requires(
        implies(_IS_INNERMOST & is_one_of("act", "suggests"), col("claim_id.modality") != "certain"), _LAST
    ),
    Rule("act-kind", "claim_attributions", "act").requires(
        pl.all_horizontal(
            implies(_IS_INNERMOST & is_one_of("act", *acts), is_one_of("claim_id.statement_kind", *kinds))
            for acts, kinds in _KINDS_OF_ACTS
        ),
        _LAST,
    ),
    Rule("voice-kind", "claim_attributions", "specificity").requires(
        implies(is_one_of("specificity", *_PERSONS), col("actor_id.actor_type").is_in(["person", "unspecified"]))
        & implies(is_one_of("specificity", *_BODIES), ~col("actor_id.actor_type").is_in(_NO_BODIES))
    ),
    Rule("claim-once", "claim_attributions", "claim_id").requires(
        implies(_STATES_CLAIM, _FIRST_READING.value == col("claim_id")), _FIRST_READING
    ),
)
