"""Rules on ids and record status: prefixes, withdrawn claims and their replacements."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.rule import Rule, implies, present


def _prefix_rule(id_: str, table: str, column: str, parent: str) -> Rule:
    return Rule(
        id_, table, column, reads=(column, parent), holds=nw.col(column).str.replace("-[^-]*$", "") == nw.col(parent)
    )


def _active_rule(id_: str, table: str, column: str, own: str | None) -> Rule:
    """Return the rule that a row does not cite a withdrawn claim, unless its own claim is withdrawn too."""
    cited = f"{column}.record_status"
    fine = nw.col(cited) != "withdrawn"
    if own:
        fine = fine | (nw.col(f"{own}.record_status") == "withdrawn")
    return Rule(id_, table, column, reads=(cited, *((f"{own}.record_status",) if own else ())), holds=fine)


IDS = (
    _prefix_rule("claim-id-parent", "claims", "claim_id", "source_id"),
    _prefix_rule("quantity-id-parent", "quantities", "quantity_id", "claim_id"),
    _prefix_rule("transfer-id-parent", "transfers", "transfer_id", "claim_id"),
    Rule(
        "superseded-withdrawn",
        "claims",
        "superseded_by",
        reads=("record_status", "superseded_by"),
        holds=implies(present("superseded_by"), nw.col("record_status") == "withdrawn"),
    ),
    Rule(
        "superseded-active",
        "claims",
        "superseded_by",
        reads=("superseded_by.record_status",),
        holds=nw.col("superseded_by.record_status") == "active",
    ),
    Rule(
        "withdrawn-note",
        "claims",
        "record_status",
        reads=("record_status", "note"),
        holds=implies(nw.col("record_status") == "withdrawn", present("note")),
    ),
    _active_rule("relation-active", "claim_relations", "related_claim_id", "claim_id"),
)
