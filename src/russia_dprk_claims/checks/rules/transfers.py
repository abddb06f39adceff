"""Rules on transfers: their sides, how far they got, and the topic of their claim; and rules on items."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Count, Cyclic, Rule, Summary, empty, implies, is_one_of, present

WEAPONS = ("weapons", "ammunition", "missile", "rocket_artillery", "aircraft", "air_defence", "naval")
"""The categories of items that are arms."""

_ON_CLAIM = (("claim_id", "claim_id"),)
_TRANSFERS = Count("transfers of the claim", "transfers", _ON_CLAIM)
_OTHER_GOODS = Summary(
    "items of the claim that are no weapons",
    "transfers",
    _ON_CLAIM,
    ("item_id.category",),
    (~is_one_of("item_id.category", *WEAPONS)).sum(),
)
_USES = (
    Count("transfers of it", "transfers", (("item_id", "item_id"),)),
    Count("kinds of it", "items", (("parent_id", "item_id"),)),
)
_KIND_OF_ITSELF = Cyclic("kind of itself", "parent_id")
_time, _polarity, _kind = "claim_id.temporal_status", "claim_id.polarity", "claim_id.statement_kind"


def _side_rule(side: str, role: str) -> Rule:
    """Return the rule that a side of a transfer is an actor of the claim in its role."""
    named = Count(f"{side} as {role}", "claim_actors", (*_ON_CLAIM, ("actor_id", side)), (("role", role),))
    return Rule("transfer-actors", "transfers", side, reads=(side, named), holds=empty(side) | (nw.col(named.name) > 0))


TRANSFERS = (
    Rule(
        "transfer-sides",
        "transfers",
        "giver_id",
        reads=("giver_id", "receiver_id"),
        holds=(present("giver_id") | present("receiver_id"))
        & ~(nw.col("giver_id") == nw.col("receiver_id")).fill_null(False),
    ),
    _side_rule("giver_id", "supplier"),
    _side_rule("receiver_id", "recipient"),
    Rule(
        "transfer-time",
        "transfers",
        "realization",
        reads=("realization", _time, _polarity, _kind),
        holds=implies(is_one_of("realization", "occurred", "ongoing"), ~is_one_of(_time, "future", "hypothetical"))
        & implies(is_one_of("realization", "expected"), ~is_one_of(_time, "past"))
        & implies(
            is_one_of("realization", "forbidden"), is_one_of(_kind, "obligation") | is_one_of(_polarity, "denied")
        ),
    ),
    Rule(
        "arms-transfer",
        "claims",
        "topic",
        reads=("topic", "statement_kind", "claim_id", _TRANSFERS),
        holds=implies(
            is_one_of("topic", "arms_transfer") & is_one_of("statement_kind", "event", "estimate"),
            nw.col(_TRANSFERS.name) > 0,
        ),
    ),
    Rule(
        "weapons-topic",
        "transfers",
        "item_id",
        reads=("item_id.category", "realization", "claim_id", "claim_id.topic", _OTHER_GOODS),
        holds=implies(
            is_one_of("item_id.category", *WEAPONS)
            & is_one_of("realization", "occurred", "ongoing", "agreed", "offered")
            & (nw.col(_OTHER_GOODS.name) == 0),
            is_one_of("claim_id.topic", "arms_transfer"),
        ),
    ),
    Rule(
        "item-used",
        "items",
        "item_id",
        reads=("item_id", *_USES),
        holds=nw.any_horizontal(*(nw.col(each.name) > 0 for each in _USES), ignore_nulls=False),
    ),
    Rule("item-cycle", "items", "parent_id", reads=(_KIND_OF_ITSELF,), holds=~nw.col(_KIND_OF_ITSELF.name)),
)
