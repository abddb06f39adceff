"""Rules on attribution chains: from the document inwards to the voice whose polarity and modality count."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present

_VOICES = Count("voices of the step", "claim_attributions", (("claim_id", "claim_id"), ("step", "step")))
_STEPS = Count("steps of the chain", "claim_attributions", (("claim_id", "claim_id"),))
_DENIALS = Count("denials by the claim", "claim_relations", (("claim_id", "claim_id"),), (("relation", "denies"),))
_INNERMOST_READS = ("claim_id", "step")


def _known(holds: nw.Expr) -> nw.Expr:
    """Return whether a condition on a chain holds, or null where one of its steps is invalid."""
    return nw.when(~nw.col("step").is_null().any().over("claim_id")).then(holds)


def _step_follows() -> nw.Expr:
    """Return whether a step is 0 at the beginning of its chain, and later the step before it or the next one."""
    before = nw.col("step").shift(1).over("claim_id", order_by=["step", "voice_no"])
    follows = (nw.col("step") - before.fill_null(-1)).is_in([0, 1]) & ((nw.col("step") == 0) | ~before.is_null())
    return _known(follows)


def _innermost() -> nw.Expr:
    return _known(nw.col("step") == nw.col("step").max().over("claim_id"))


def _states_claim() -> nw.Expr:
    """Return whether a voice states an active claim, rather than passing on the next voice; one row a claim."""
    # Not by `_innermost`: a window must not be inside another.
    return (nw.col("act") != "reports") & (nw.col("voice_no") == 1) & (nw.col("claim_id.record_status") == "active")


# What makes two claims of one source the same reading of the same passage.
_READING = ("claim_id.source_id", "claim_id.char_start", "claim_id.char_end", "claim_id.topic", "claim_id.polarity")

CHAINS = (
    Rule("chain-present", "claims", "claim_id", reads=("claim_id", _STEPS), holds=nw.col(_STEPS.name) > 0),
    Rule(
        "chain-contiguous", "claim_attributions", "step", reads=("claim_id", "step", "voice_no"), holds=_step_follows()
    ),
    Rule(
        "chain-document",
        "claim_attributions",
        "specificity",
        reads=("claim_id", "step", "specificity"),
        # Where no step is 0, the first one is meant.
        holds=_known(nw.col("step") == nw.col("step").min().over("claim_id")) == (nw.col("specificity") == "document"),
    ),
    Rule(
        "chain-actor",
        "claim_attributions",
        "actor_id",
        reads=("specificity", "actor_id"),
        holds=present("actor_id") == ~is_one_of("specificity", "document", "unattributed"),
    ),
    Rule(
        "chain-joint",
        "claim_attributions",
        "joint",
        reads=("joint", _VOICES),
        holds=nw.col("joint") == (nw.col(_VOICES.name) > 1),
    ),
    Rule(
        "chain-reports",
        "claim_attributions",
        "act",
        reads=(*_INNERMOST_READS, "act"),
        holds=_innermost() == (nw.col("act") != "reports"),
    ),
    Rule(
        "denial-polarity",
        "claim_attributions",
        "act",
        reads=("act", "claim_id.polarity"),
        holds=implies(is_one_of("act", "denies"), nw.col("claim_id.polarity") == "denied"),
    ),
    Rule(
        "denial-of",
        "claim_attributions",
        "act",
        reads=("act", "claim_id", "claim_id.note", _DENIALS),
        holds=implies(is_one_of("act", "denies"), (nw.col(_DENIALS.name) > 0) | present("claim_id.note")),
    ),
    Rule(
        "stance-innermost",
        "claim_attributions",
        "stance",
        reads=(*_INNERMOST_READS, "stance"),
        holds=implies(_innermost(), is_one_of("stance", "neutral")),
    ),
    Rule(
        "suggestion-modality",
        "claim_attributions",
        "act",
        reads=(*_INNERMOST_READS, "act", "claim_id.modality"),
        holds=implies(_innermost() & is_one_of("act", "suggests"), nw.col("claim_id.modality") != "certain"),
    ),
    Rule(
        "claim-once",
        "claim_attributions",
        "claim_id",
        reads=("claim_id", "act", "voice_no", "actor_id", "specificity", "claim_id.record_status", *_READING),
        holds=implies(
            _states_claim(),
            nw.when(_states_claim()).then(nw.col("claim_id")).min().over(*_READING, "actor_id", "specificity")
            == nw.col("claim_id"),
        ),
    ),
)
