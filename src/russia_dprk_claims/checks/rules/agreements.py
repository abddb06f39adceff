"""Rules on agreements: who is party to them, who gives what, and how sure their existence is."""

from __future__ import annotations

from polars import col

from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present

_ON = (("agreement_id", "agreement_id"),)
_PARTIES = Count("parties", "agreement_parties", _ON)
_CLAIMS = Count("claims on it", "claim_agreements", _ON)
_TERMS = Count("terms", "agreement_terms", _ON)
_TERMS_OF_GIVER = Count("terms of the giver", "agreement_terms", (*_ON, ("giver_id", "giver_id")))
# Acts of one body, which has no other party.
_UNILATERAL = ("resolution", "mandate", "vote")
_CAME_ABOUT = ("signed", "in_force", "extended", "vetoed", "suspended", "lapsed", "revoked")

AGREEMENTS = (
    Rule("agreement-parties", "agreements", "form").requires(
        is_one_of("form", *_UNILATERAL) | (_PARTIES.value >= 2) | ((_PARTIES.value == 0) & present("note")), _PARTIES
    ),
    Rule("agreement-claimed", "agreements", "agreement_id").requires(_CLAIMS.value > 0, _CLAIMS),
    Rule("agreement-status", "agreements", "status").requires(
        implies(is_one_of("status", *_CAME_ABOUT), is_one_of("existence", "documented", "reported"))
    ),
    Rule("barter-terms", "agreements", "form").requires(
        implies(is_one_of("form", "barter"), _TERMS.value >= 2), _TERMS
    ),
    Rule("barter-sides", "agreement_terms", "giver_id").requires(
        # Reported once, at the first term; one term alone breaks barter-terms.
        implies(
            is_one_of("agreement_id.form", "barter") & (col("term_no") == 1) & (_TERMS.value >= 2),
            _TERMS_OF_GIVER.value < _TERMS.value,
        ),
        *(_TERMS, _TERMS_OF_GIVER),
    ),
    Rule("term-parties", "agreement_terms", "receiver_id").requires(col("giver_id") != col("receiver_id")),
    Rule("denied-bearing", "claim_agreements", "bearing").requires(
        implies(is_one_of("bearing", "asserts"), col("claim_id.polarity") != "denied")
        & implies(is_one_of("bearing", "denies"), col("claim_id.polarity") == "denied")
    ),
)
