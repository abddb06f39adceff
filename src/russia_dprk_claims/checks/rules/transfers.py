"""Rules on transfers: their sides, how far they got, and the topic of their claim; and rules on items."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import (
    Count,
    Cyclic,
    Rule,
    Summary,
    Within,
    empty,
    first_of_several,
    implies,
    is_one_of,
    present,
)

WEAPONS = ("weapons", "ammunition", "missile", "rocket_artillery", "aircraft", "air_defence", "naval")
"""The categories of items that are arms."""

_CLAIM = ("claim_id", "claim_id")
_TRANSFERS = Count("transfers of the claim", "transfers", (_CLAIM,))
_ARE_WEAPONS = is_one_of("item_id.category", *WEAPONS)
_OTHER_GOODS = Summary("items of the claim that are no weapons", "transfers", (_CLAIM,), (~_ARE_WEAPONS).sum())
_USES = (
    Count("transfers of it", "transfers", (("item_id", "item_id"),)),
    Count("kinds of it", "items", (("parent_id", "item_id"),)),
)
_FIRST_ALIKE = Within(
    "first transfer like it",
    tuple(map(col, ("claim_id", "giver_id", "receiver_id", "item_id", "realization", "stage"))),
    first_of_several("transfer_id"),
)
_CYCLE = Cyclic("kind of itself", "parent_id")
_TIME, _POLARITY, _KIND = "claim_id.temporal_status", "claim_id.polarity", "claim_id.statement_kind"


def _side_rule(side: str, role: str) -> Rule:
    """Return the rule that a side of a transfer is an actor of the claim in its role."""
    named, exchanged = _named(side, role), (_named("giver_id", "recipient"), _named("receiver_id", "supplier"))
    # If the two sides are exchanged, the giver alone is reported.
    is_reported = pl.all_horizontal(pl.lit(side == "receiver_id"), *(each.value > 0 for each in exchanged))
    holds = empty(side) | (named.value > 0) | is_reported
    return Rule("transfer-actors", "transfers", side).requires(holds, named, *exchanged)


def _named(side: str, role: str) -> Count:
    return Count(f"{side} as {role}", "claim_actors", (_CLAIM, ("actor_id", side)), (("role", role),))


_NOT_YET = ("offered", "sought", "declined", "forbidden", "agreed")

TRANSFERS = (
    Rule("transfer-sides", "transfers", "giver_id").requires(
        (present("giver_id") | present("receiver_id")) & col("giver_id").ne_missing(col("receiver_id"))
    ),
    _side_rule("giver_id", "supplier"),
    _side_rule("receiver_id", "recipient"),
    Rule("transfer-time", "transfers", "realization").requires(
        implies(is_one_of("realization", "occurred", "ongoing"), ~is_one_of(_TIME, "future", "hypothetical"))
        & implies(is_one_of("realization", "expected"), ~is_one_of(_TIME, "past"))
        & implies(
            is_one_of("realization", "forbidden"), is_one_of(_KIND, "obligation") | is_one_of(_POLARITY, "denied")
        )
    ),
    Rule("transfer-stage", "transfers", "stage").requires(
        implies(is_one_of("stage", "shipped", "delivered", "used"), ~is_one_of("realization", *_NOT_YET))
        & implies(is_one_of("realization", "occurred"), ~is_one_of("stage", "pledged", "ordered", "produced"))
    ),
    Rule("transfer-once", "transfers", "transfer_id").requires(_FIRST_ALIKE.value == col("transfer_id"), _FIRST_ALIKE),
    Rule("item-category", "items", "category").requires(
        (col("category") == col("parent_id.category"))
        | ~is_one_of("parent_id.category", *WEAPONS)
        | (is_one_of("parent_id.category", "weapons") & is_one_of("category", *WEAPONS))
    ),
    Rule("arms-transfer", "claims", "topic", where=is_one_of("topic", "arms_transfer")).requires(
        implies(is_one_of("statement_kind", "event", "estimate"), _TRANSFERS.value > 0), _TRANSFERS
    ),
    Rule("weapons-topic", "transfers", "item_id").requires(
        implies(
            _ARE_WEAPONS
            & is_one_of("realization", "occurred", "ongoing", "agreed", "offered")
            & (_OTHER_GOODS.value == 0),
            is_one_of("claim_id.topic", "arms_transfer"),
        ),
        _OTHER_GOODS,
    ),
    Rule("item-used", "items", "item_id").requires(pl.any_horizontal(each.value > 0 for each in _USES), *_USES),
    Rule("item-cycle", "items", "parent_id").requires(~_CYCLE.value, _CYCLE),
)
