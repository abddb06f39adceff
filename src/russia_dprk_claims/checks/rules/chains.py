"""Rules on attribution chains: from the document inwards, without a gap, to the voice whose polarity and modality
count.
"""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present

_VOICES = Count("voices of the step", "claim_attributions", (("claim_id", "claim_id"), ("step", "step")))
_STEPS = Count("steps of the chain", "claim_attributions", (("claim_id", "claim_id"),))
_INNERMOST_READS = ("claim_id", "step")


def _known(verdict: nw.Expr) -> nw.Expr:
    """Return a verdict on a chain, or null where one of its steps is not known."""
    return nw.when(~nw.col("step").is_null().any().over("claim_id")).then(verdict)


def _step_follows() -> nw.Expr:
    """Return whether a step is 0 at the beginning of its chain, and later the step before it or the next one."""
    before = nw.col("step").shift(1).over("claim_id", order_by=["step", "voice_no"])
    follows = (nw.col("step") - before.fill_null(-1)).is_in([0, 1]) & ((nw.col("step") == 0) | ~before.is_null())
    return _known(follows)


def _innermost() -> nw.Expr:
    return _known(nw.col("step") == nw.col("step").max().over("claim_id"))


def _reads_itself() -> nw.Expr:
    """Return whether a voice states a claim that stands, rather than passing on the next voice; one row a claim."""
    # Not by `_innermost`: a window may not stand inside another.
    return (nw.col("act") != "reports") & (nw.col("voice_no") == 1) & (nw.col("claim_id.record_status") == "active")


# What makes two claims of one source the same reading of the same passage.
_READING = ("claim_id.source_id", "claim_id.char_start", "claim_id.char_end", "claim_id.topic", "claim_id.polarity")

CHAINS = (
    Rule(
        id="chain-present",
        table="claims",
        column="claim_id",
        statement="Every claim has a chain, which begins with the document.",
        hint="add claim_attributions, beginning with - {act: asserts} or - {act: reports}",
        reads=("claim_id", _STEPS),
        holds=nw.col(_STEPS.name) > 0,
    ),
    Rule(
        id="chain-contiguous",
        table="claim_attributions",
        column="step",
        statement="The steps of a chain are 0, 1, 2 and so on, without a gap.",
        hint="leave step out: it is counted; write it only for voices that share a step",
        reads=("claim_id", "step", "voice_no"),
        holds=_step_follows(),
    ),
    Rule(
        id="chain-document",
        table="claim_attributions",
        column="specificity",
        statement="Step 0 of a chain is the document itself, and no other step is.",
        hint="begin each chain with the document, - {act: reports}, and say of the others how they are named",
        reads=("claim_id", "step", "specificity"),
        # Where no step is 0, the first one is meant.
        holds=_known(nw.col("step") == nw.col("step").min().over("claim_id")) == (nw.col("specificity") == "document"),
    ),
    Rule(
        id="chain-actor",
        table="claim_attributions",
        column="actor_id",
        statement="Whoever is named or described is an actor; the document and an unattributed voice are none.",
        hint="give the voice its actor_id, or leave it out for the document and for a voice that is unattributed",
        reads=("specificity", "actor_id"),
        holds=present("actor_id") == ~is_one_of("specificity", "document", "unattributed"),
    ),
    Rule(
        id="chain-joint",
        table="claim_attributions",
        column="joint",
        statement="A voice is joint exactly where its step has more than one.",
        hint="write joint: true and the same step on every voice that speaks together with another",
        reads=("joint", _VOICES),
        holds=nw.col("joint") == (nw.col(_VOICES.name) > 1),
    ),
    Rule(
        id="chain-reports",
        table="claim_attributions",
        column="act",
        statement="Every voice but the innermost passes on the next one, and the innermost states something itself.",
        hint="{definition}",
        reads=(*_INNERMOST_READS, "act"),
        holds=_innermost() == (nw.col("act") != "reports"),
    ),
    Rule(
        id="denial-polarity",
        table="claim_attributions",
        column="act",
        statement="The innermost voice denies exactly where the polarity of the claim is denied.",
        hint="write act: denies and polarity: denied together",
        reads=(*_INNERMOST_READS, "act", "claim_id.polarity"),
        holds=implies(_innermost(), (nw.col("act") == "denies") == (nw.col("claim_id.polarity") == "denied")),
    ),
    Rule(
        id="suggestion-modality",
        table="claim_attributions",
        column="act",
        statement="What the innermost voice only suggests is not certain.",
        hint="write modality: possible, or another act",
        reads=(*_INNERMOST_READS, "act", "claim_id.modality"),
        holds=implies(_innermost() & is_one_of("act", "suggests"), nw.col("claim_id.modality") != "certain"),
    ),
    Rule(
        id="claim-once",
        table="claim_attributions",
        column="claim_id",
        statement="No two claims of one source have the same span, topic, polarity and innermost voice.",
        hint="merge the two, or give each the passage that it rests on",
        reads=("claim_id", "act", "voice_no", "actor_id", "specificity", "claim_id.record_status", *_READING),
        holds=implies(
            _reads_itself(),
            nw.when(_reads_itself()).then(nw.col("claim_id")).min().over(*_READING, "actor_id", "specificity")
            == nw.col("claim_id"),
        ),
    ),
)
