"""Rules on agreements: who is party to them, who gives what, and how sure their existence is."""

from __future__ import annotations

import narwhals as nw

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
    Rule(
        "agreement-parties",
        "agreements",
        "form",
        reads=("form", "note", "agreement_id", _PARTIES),
        holds=is_one_of("form", *_UNILATERAL)
        | (nw.col(_PARTIES.name) >= 2)
        | ((nw.col(_PARTIES.name) == 0) & present("note")),
    ),
    Rule(
        "agreement-claimed",
        "agreements",
        "agreement_id",
        reads=("agreement_id", _CLAIMS),
        holds=nw.col(_CLAIMS.name) > 0,
    ),
    Rule(
        "agreement-status",
        "agreements",
        "status",
        reads=("status", "existence"),
        holds=implies(is_one_of("status", *_CAME_ABOUT), is_one_of("existence", "documented", "reported")),
    ),
    Rule(
        "barter-terms",
        "agreements",
        "form",
        reads=("form", "agreement_id", _TERMS),
        holds=implies(is_one_of("form", "barter"), nw.col(_TERMS.name) >= 2),
    ),
    Rule(
        "barter-sides",
        "agreement_terms",
        "giver_id",
        # Told once, at the first term; one term alone breaks barter-terms.
        reads=("term_no", "giver_id", "agreement_id.form", "agreement_id", _TERMS, _TERMS_OF_GIVER),
        holds=implies(
            is_one_of("agreement_id.form", "barter") & (nw.col("term_no") == 1) & (nw.col(_TERMS.name) >= 2),
            nw.col(_TERMS_OF_GIVER.name) < nw.col(_TERMS.name),
        ),
    ),
    Rule(
        "term-parties",
        "agreement_terms",
        "receiver_id",
        reads=("giver_id", "receiver_id"),
        holds=nw.col("giver_id") != nw.col("receiver_id"),
    ),
    Rule(
        "denied-bearing",
        "claim_agreements",
        "bearing",
        reads=("bearing", "claim_id.polarity"),
        holds=implies(is_one_of("bearing", "asserts"), nw.col("claim_id.polarity") != "denied")
        & implies(is_one_of("bearing", "denies"), nw.col("claim_id.polarity") == "denied"),
    ),
)
