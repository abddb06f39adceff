"""Rules on ids and record status: prefixes, withdrawn claims and their replacements."""

from __future__ import annotations

from polars import col

from russia_dprk_claims.checks.rule import Rule, implies, present


def _prefix_rule(id_: str, table: str, column: str, parent: str) -> Rule:
    return Rule(id_, table, column, has_patterns=True).requires(col(column).str.replace("-[^-]*$", "") == col(parent))


IDS = (
    _prefix_rule("claim-id-parent", "claims", "claim_id", "source_id"),
    _prefix_rule("quantity-id-parent", "quantities", "quantity_id", "claim_id"),
    _prefix_rule("transfer-id-parent", "transfers", "transfer_id", "claim_id"),
    Rule("superseded-withdrawn", "claims", "superseded_by").requires(
        implies(present("superseded_by"), col("record_status") == "withdrawn")
    ),
    Rule("superseded-active", "claims", "superseded_by").requires(col("superseded_by.record_status") == "active"),
    Rule("withdrawn-note", "claims", "record_status").requires(
        implies(col("record_status") == "withdrawn", present("note"))
    ),
    Rule("relation-active", "claim_relations", "related_claim_id").requires(
        (col("related_claim_id.record_status") != "withdrawn") | (col("claim_id.record_status") == "withdrawn")
    ),
)
