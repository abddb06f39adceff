"""Rules on ids and the life of rows: prefixes, and what is withdrawn and takes whose place."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.findings import Severity
from russia_dprk_claims.checks.rule import Rule, implies, present


def _prefix_rule(table: str, column: str, parent: str, short: str) -> Rule:
    return Rule(
        id=f"{table.removesuffix('s').replace('quantitie', 'quantity')}-id-parent",
        table=table,
        column=column,
        statement="The id of a row that belongs to another begins with the id of that other.",
        hint=f"write the short id, such as {short}",
        reads=(column, parent),
        holds=nw.col(column).str.replace("-[^-]*$", "") == nw.col(parent),
    )


def _active_rule(id_: str, table: str, column: str, own: str | None) -> Rule:
    """Return the rule that a row does not cite a withdrawn claim in `column`, unless `own` leads to a withdrawn one
    too.
    """
    cited = f"{column}.record_status"
    fine = nw.col(cited) != "withdrawn"
    if own:
        fine = fine | (nw.col(f"{own}.record_status") == "withdrawn")
    return Rule(
        id=id_,
        table=table,
        column=column,
        statement="Nothing that stands rests on a withdrawn claim.",
        hint="lead to the claim that takes its place, or remove the row",
        reads=(cited, *((f"{own}.record_status",) if own else ())),
        holds=fine,
    )


IDS = (
    _prefix_rule("claims", "claim_id", "source_id", "C012"),
    _prefix_rule("quantities", "quantity_id", "claim_id", "Q1"),
    Rule(
        id="superseded-withdrawn",
        table="claims",
        column="superseded_by",
        statement="Only a withdrawn claim has another that takes its place.",
        hint="write record_status: withdrawn, or leave superseded_by out",
        reads=("record_status", "superseded_by"),
        holds=implies(present("superseded_by"), nw.col("record_status") == "withdrawn"),
    ),
    Rule(
        id="superseded-active",
        table="claims",
        column="superseded_by",
        statement="The claim that takes the place of a withdrawn one stands itself.",
        hint="lead to the claim that stands at the end",
        reads=("superseded_by.record_status",),
        holds=nw.col("superseded_by.record_status") == "active",
    ),
    Rule(
        id="withdrawn-note",
        table="claims",
        column="record_status",
        statement="A withdrawn claim says in its note why.",
        hint="write a note",
        reads=("record_status", "note"),
        holds=implies(nw.col("record_status") == "withdrawn", present("note")),
        severity=Severity.WARNING,
    ),
    _active_rule("relation-active", "claim_relations", "related_claim_id", "claim_id"),
    _active_rule("term-active", "agreement_terms", "claim_id", None),
)
