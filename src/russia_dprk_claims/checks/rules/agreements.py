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
        id="agreement-parties",
        table="agreements",
        column="form",
        statement="An agreement has two parties or more, unless it is the act of one body or its texts name no party.",
        hint="add agreement_parties; where the texts name none, list none and say so in the note",
        reads=("form", "note", "agreement_id", _PARTIES),
        holds=is_one_of("form", *_UNILATERAL)
        | (nw.col(_PARTIES.name) >= 2)
        | ((nw.col(_PARTIES.name) == 0) & present("note")),
    ),
    Rule(
        id="agreement-claimed",
        table="agreements",
        column="agreement_id",
        statement="Every agreement is spoken of by a claim.",
        hint="link a claim to it under claim_agreements, or remove it",
        reads=("agreement_id", _CLAIMS),
        holds=nw.col(_CLAIMS.name) > 0,
    ),
    Rule(
        id="agreement-status",
        table="agreements",
        column="status",
        statement="What was signed or went further is documented or reported, not merely alleged or hypothetical.",
        hint="write status: not_established or proposed, or another existence",
        reads=("status", "existence"),
        holds=implies(is_one_of("status", *_CAME_ABOUT), is_one_of("existence", "documented", "reported")),
    ),
    Rule(
        id="barter-terms",
        table="agreements",
        column="form",
        statement="An exchange says what is given for what, so it has at least two terms.",
        hint="add agreement_terms, each backed by a claim",
        reads=("form", "agreement_id", _TERMS),
        holds=implies(is_one_of("form", "barter"), nw.col(_TERMS.name) >= 2),
    ),
    Rule(
        id="barter-sides",
        table="agreement_terms",
        column="giver_id",
        statement="In an exchange more than one side gives.",
        hint="add the term in the other direction, or write another form",
        # Told once, at the first term; one term alone breaks barter-terms.
        reads=("term_no", "giver_id", "agreement_id.form", "agreement_id", _TERMS, _TERMS_OF_GIVER),
        holds=implies(
            is_one_of("agreement_id.form", "barter") & (nw.col("term_no") == 1) & (nw.col(_TERMS.name) >= 2),
            nw.col(_TERMS_OF_GIVER.name) < nw.col(_TERMS.name),
        ),
    ),
    Rule(
        id="term-parties",
        table="agreement_terms",
        column="receiver_id",
        statement="Nobody gives to himself.",
        hint="correct the giver or the receiver",
        reads=("giver_id", "receiver_id"),
        holds=nw.col("giver_id") != nw.col("receiver_id"),
    ),
    Rule(
        id="denied-bearing",
        table="claim_agreements",
        column="bearing",
        statement="A claim that asserts or denies an agreement is itself affirmed or denied accordingly.",
        hint="{definition}",
        reads=("bearing", "claim_id.polarity"),
        holds=implies(is_one_of("bearing", "asserts"), nw.col("claim_id.polarity") != "denied")
        & implies(is_one_of("bearing", "denies"), nw.col("claim_id.polarity") == "denied"),
    ),
)
