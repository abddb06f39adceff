"""The rules of meaning, each declared once as data: what must hold of every row of a table.

An expression is written in Narwhals, so that one declaration runs on any engine. It is true of a good row; null
counts as good,
because an empty cell is the business of the contract. Besides its own columns a rule may read those of a row that a
foreign key leads to, as `claim_id.char_start`, and the days an EDTF column covers, as `event_date.earliest`; it
names them in `reads`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from russia_dprk_claims.findings import Severity


@dataclass(frozen=True)
class Rule:
    """One rule on the rows of one table.

    `column` is the cell that a finding points at, `statement` the rule in one sentence, `hint` what to do about a
    break.
    """

    id: str
    table: str
    column: str
    statement: str
    hint: str
    holds: nw.Expr
    reads: Sequence[str] = ()
    severity: Severity = Severity.ERROR


def _set(column: str) -> nw.Expr:
    return ~nw.col(column).is_null()


def _empty(column: str) -> nw.Expr:
    return nw.col(column).is_null()


def _bounds_fit() -> nw.Expr:
    """Return whether the values that are set are those that the type of bound calls for."""
    low, best, high = _set("value_low"), _set("value_best"), _set("value_high")
    bound = nw.col("bound_type")
    return (
        (bound.is_in(["exact", "approximate"]) & best)
        | ((bound == "range") & low & high & ~best & (nw.col("value_low") < nw.col("value_high")))
        | (bound.is_in(["at_least", "more_than"]) & low & ~high)
        | (bound.is_in(["up_to", "less_than"]) & high & ~low)
        | ((bound == "vague") & ~low & ~best & ~high)
    )


def _starts_with_parent(column: str, parent: str) -> nw.Expr:
    return nw.col(column).str.replace("-[^-]*$", "") == nw.col(parent)


def _span_rules(table: str, source: str) -> list[Rule]:
    """Return the rules on the span of a table; `source` leads from a row to its source."""
    length = f"{source}.text_length"
    return [
        Rule(
            id="span-order",
            table=table,
            column="char_start",
            statement="A span begins before it ends.",
            hint="write a quote and run scripts/seal.py",
            holds=nw.col("char_start") < nw.col("char_end"),
        ),
        Rule(
            id="span-in-text",
            table=table,
            column="char_end",
            statement="A span ends inside its text.",
            hint="write a quote and run scripts/seal.py",
            holds=nw.col("char_end") <= nw.col(length),
            reads=(length,),
        ),
    ]


def _edtf_rule(table: str, column: str) -> Rule:
    days = (f"{column}.earliest", f"{column}.latest")
    return Rule(
        id="edtf-date",
        table=table,
        column=column,
        statement="A date is EDTF and names days that exist.",
        hint="write it as 2024-06-23, 2024-06, 2024-06~, 2023-11/2024-01 or 2022-02/..",
        holds=_empty(column) | ~(nw.col(days[0]).is_null() & nw.col(days[1]).is_null()),
        reads=days,
    )


def _chain_is_contiguous() -> nw.Expr:
    """Return whether the steps of a chain are 0, 1, 2 …: the highest is one less than the number of different steps."""
    steps = nw.col("step").n_unique().over("claim_id")
    return (nw.col("step").max().over("claim_id") == steps - 1) & (nw.col("step").min().over("claim_id") == 0)


RULES: tuple[Rule, ...] = (
    *_span_rules("claims", "source_id"),
    *_span_rules("set_asides", "source_id"),
    *_span_rules("quantities", "claim_id.source_id"),
    Rule(
        id="quantity-span",
        table="quantities",
        column="char_start",
        statement="The span of a quantity lies inside the span of its claim.",
        hint="the figure is found inside the passage of its claim; write a quote and run scripts/seal.py",
        holds=(nw.col("char_start") >= nw.col("claim_id.char_start"))
        & (nw.col("char_end") <= nw.col("claim_id.char_end")),
        reads=("claim_id.char_start", "claim_id.char_end"),
    ),
    Rule(
        id="quantity-order",
        table="quantities",
        column="value_low",
        statement="The lowest value is not above the value, nor the value above the highest.",
        hint="put the lower figure in value_low and the higher in value_high",
        holds=(
            (_empty("value_low") | _empty("value_best") | (nw.col("value_low") <= nw.col("value_best")))
            & (_empty("value_best") | _empty("value_high") | (nw.col("value_best") <= nw.col("value_high")))
            & (_empty("value_low") | _empty("value_high") | (nw.col("value_low") <= nw.col("value_high")))
        ),
    ),
    Rule(
        id="quantity-bounds",
        table="quantities",
        column="bound_type",
        statement=(
            "The type of bound says which values are set: exact and approximate a value; range a lower and a higher "
            "one and no value; at_least and more_than a lower one and no higher; up_to and less_than a higher one "
            "and no lower; vague none."
        ),
        hint="never take a midpoint; set the values that the words give, and no other",
        holds=_bounds_fit(),
    ),
    *(
        _edtf_rule(table, column)
        for table, column in (
            ("sources", "published_on"),
            ("claims", "event_date"),
            ("quantities", "period"),
            ("agreements", "signed_on"),
            ("agreements", "in_force_on"),
            ("agreements", "ended_on"),
        )
    ),
    Rule(
        id="chain-contiguous",
        table="claim_attributions",
        column="step",
        statement="The steps of a chain are 0, 1, 2 and so on, without a gap.",
        hint="leave step out: it is counted; write it only for voices that share a step",
        holds=_chain_is_contiguous(),
    ),
    Rule(
        id="chain-document",
        table="claim_attributions",
        column="specificity",
        statement="Step 0 of a chain is the document itself, and no other step is.",
        hint="begin each chain with the document: - {act: reports}",
        holds=(nw.col("step") == 0) == (nw.col("specificity") == "document"),
    ),
    Rule(
        id="claim-id-parent",
        table="claims",
        column="claim_id",
        statement="The id of a claim begins with the id of its source.",
        hint="write the short id, such as C012",
        holds=_starts_with_parent("claim_id", "source_id"),
    ),
    Rule(
        id="quantity-id-parent",
        table="quantities",
        column="quantity_id",
        statement="The id of a quantity begins with the id of its claim.",
        hint="write the short id, such as Q1",
        holds=_starts_with_parent("quantity_id", "claim_id"),
    ),
)
