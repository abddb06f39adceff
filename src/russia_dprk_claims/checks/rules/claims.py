"""Rules on claims: their texts, their hashes, and the parts that their topics call for."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.cells import SHORTEST_HASHED
from russia_dprk_claims.checks.rule import Count, Rule, implies, is_one_of, present


def _roles(name: str, *roles: str) -> tuple[Count, ...]:
    """Return how many actors a claim has in each of some roles."""
    return tuple(
        Count(f"{name} {role}", "claim_actors", (("claim_id", "claim_id"),), (("role", role),)) for role in roles
    )


def _any_of(counts: tuple[Count, ...]) -> nw.Expr:
    return nw.any_horizontal(*(nw.col(each.name) > 0 for each in counts), ignore_nulls=False)


_SUPPLIER, _RECIPIENT = _roles("actors as", "supplier", "recipient")
_VOTERS = _roles("votes of", "voter_for", "voter_against", "voter_abstained", "participant")

CLAIMS = (
    Rule(
        id="span-hash",
        table="claims",
        column="span_sha256",
        statement=f"A passage of {SHORTEST_HASHED} code points or more has a hash, and a shorter one has none.",
        hint="run scripts/seal.py",
        reads=("char_start", "char_end", "span_sha256"),
        holds=(nw.col("char_end") - nw.col("char_start") >= SHORTEST_HASHED) == present("span_sha256"),
    ),
    Rule(
        id="claim-sentence",
        table="claims",
        column="claim_text",
        statement="A claim is a sentence: it begins with a capital or a figure and ends with a full stop.",
        hint="write one plain sentence",
        reads=("claim_text",),
        holds=nw.col("claim_text").str.contains(r"^[^a-z\s].*\.$"),
    ),
    Rule(
        id="claim-distinct",
        table="claims",
        column="claim_text",
        statement="No two claims of one source that stand have the same text.",
        hint="say what is different, or remove one",
        reads=("source_id", "claim_id", "claim_text", "record_status"),
        holds=implies(
            is_one_of("record_status", "active"),
            nw.col("claim_id").min().over("source_id", "claim_text", "record_status") == nw.col("claim_id"),
        ),
    ),
    Rule(
        id="arms-parties",
        table="claims",
        column="topic",
        statement="A transfer of arms has a supplier and a recipient.",
        hint="add both to claim_actors, as inferred where the passage only implies them",
        reads=("topic", _SUPPLIER, _RECIPIENT),
        holds=implies(
            is_one_of("topic", "arms_transfer"), (nw.col(_SUPPLIER.name) > 0) & (nw.col(_RECIPIENT.name) > 0)
        ),
    ),
    Rule(
        id="vote-voters",
        table="claims",
        column="topic",
        statement="A vote has a voter or a participant.",
        hint="add who voted to claim_actors",
        reads=("topic", *_VOTERS),
        holds=implies(is_one_of("topic", "un_vote"), _any_of(_VOTERS)),
    ),
    Rule(
        id="forecast-time",
        table="claims",
        column="temporal_status",
        statement="A forecast is about the future or a hypothetical course.",
        hint="write future or hypothetical, or another statement_kind",
        reads=("statement_kind", "temporal_status"),
        holds=implies(is_one_of("statement_kind", "forecast"), is_one_of("temporal_status", "future", "hypothetical")),
    ),
    Rule(
        id="open-polarity",
        table="claims",
        column="modality",
        statement="What is said to be open or unknown is said without commitment.",
        hint="write modality: underspecified",
        reads=("polarity", "modality"),
        holds=implies(is_one_of("polarity", "unknown"), is_one_of("modality", "underspecified", "possible")),
    ),
)
