"""The innermost voices of a claim, for the rules that compare claims or their origins."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from polars import col

from russia_dprk_claims.checks.rule import Computed, Summary


class Voices(NamedTuple):
    """The actors that are the innermost voices of a claim, and how often the document itself is one."""

    actors: Summary
    document: Summary

    @property
    def computed(self) -> tuple[Computed, ...]:
        """What a rule on them reads."""
        return (self.actors, self.document)


def innermost(claim: str) -> Voices:
    """Return the innermost voices of the claim to which a column refers."""
    on = (("claim_id", claim),)
    # Only the innermost voice does more than report.
    speaks = col("act") != "reports"
    # Polars is much faster at lists of different values than at lists of all.
    actors = col("actor_id").drop_nulls().unique().implode()
    return Voices(
        Summary(f"voices of {claim}", "claim_attributions", on, actors, speaks),
        Summary(f"own words of {claim}", "claim_attributions", on, (col("specificity") == "document").sum(), speaks),
    )


def in_common(one: Voices, other: Voices) -> pl.Expr:
    """Return whether two claims have an innermost voice in common."""
    return one.actors.value.list.set_intersection(other.actors.value).list.len() > 0
