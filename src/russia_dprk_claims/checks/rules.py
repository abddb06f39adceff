"""The rules of meaning, each declared once as data: what must hold of every row of a table.

An expression is written in Narwhals, so that one declaration runs on any engine. It is true of a good row; null counts
as good, because an empty cell is the business of the contract. Besides columns of its own table a rule may read those
of a row that a foreign key leads to, as `claim_id.char_start`, and the days that an EDTF column covers, as
`event_date.earliest`. All that it reads is in `reads`: where one of these cells was found wrong before, it is silent.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from russia_dprk_claims.contract import SPAN
from russia_dprk_claims.findings import Severity


@dataclass(frozen=True)
class Rule:
    """One rule on the rows of one table.

    `column` is the cell that a finding points at, `statement` the rule in one sentence. In the `hint`, what to do about
    a break, `{definition}` stands for what the contract says of the value in that cell.
    """

    id: str
    table: str
    column: str
    reads: tuple[str, ...]
    statement: str
    hint: str
    holds: nw.Expr
    severity: Severity = Severity.ERROR

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """What the rule reads that is no column of its own table."""
        return tuple(each for each in self.reads if "." in each)


def _empty(column: str) -> nw.Expr:
    return nw.col(column).is_null()


def _in_order(lower: str, higher: str) -> nw.Expr:
    return _empty(lower) | _empty(higher) | (nw.col(lower) <= nw.col(higher))


def _bounds_fit() -> nw.Expr:
    """Return whether the values that are set are those that the type of bound calls for."""
    low, best, high = (~_empty(each) for each in ("value_low", "value_best", "value_high"))
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


def _step_follows() -> nw.Expr:
    """Return whether a step is 0 at the beginning of its chain, and later the step before it or the next one."""
    before = nw.col("step").shift(1).over("claim_id", order_by=["step", "voice_no"])
    return (nw.col("step") - before.fill_null(-1)).is_in([0, 1]) & ((nw.col("step") == 0) | ~before.is_null())


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
            reads=SPAN,
            holds=nw.col("char_start") < nw.col("char_end"),
        ),
        Rule(
            id="span-in-text",
            table=table,
            column="char_end",
            statement="A span ends inside its text.",
            hint="write a quote and run scripts/seal.py",
            reads=("char_end", length),
            holds=nw.col("char_end") <= nw.col(length),
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
        reads=(column, *days),
        holds=_empty(column) | ~_empty(days[0]) | ~_empty(days[1]),
    )


RULES: tuple[Rule, ...] = (
    *_span_rules("claims", "source_id"),
    *_span_rules("set_asides", "source_id"),
    *_span_rules("quantities", "claim_id.source_id"),
    Rule(
        id="quantity-span",
        table="quantities",
        column="char_start",
        statement="The span of a quantity lies inside the span of its claim.",
        hint="the figure stands in the passage of its claim; write a quote and run scripts/seal.py",
        reads=(*SPAN, "claim_id.char_start", "claim_id.char_end"),
        holds=(nw.col("char_start") >= nw.col("claim_id.char_start"))
        & (nw.col("char_end") <= nw.col("claim_id.char_end")),
    ),
    Rule(
        id="quantity-order",
        table="quantities",
        column="value_low",
        statement="The lowest value is not above the value, nor the value above the highest.",
        hint="put the lower figure in value_low and the higher in value_high",
        reads=("value_low", "value_best", "value_high"),
        holds=_in_order("value_low", "value_best")
        & _in_order("value_best", "value_high")
        & _in_order("value_low", "value_high"),
    ),
    Rule(
        id="quantity-bounds",
        table="quantities",
        column="bound_type",
        statement="The type of bound says which of the lowest value, the value and the highest value are set.",
        hint="{definition}",
        reads=("bound_type", "value_low", "value_best", "value_high"),
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
        reads=("claim_id", "step", "voice_no"),
        holds=_step_follows(),
    ),
    Rule(
        id="chain-document",
        table="claim_attributions",
        column="specificity",
        statement="Step 0 of a chain is the document itself, and no other step is.",
        hint="begin each chain with the document: - {act: reports}",
        reads=("step", "specificity"),
        holds=(nw.col("step") == 0) == (nw.col("specificity") == "document"),
    ),
    Rule(
        id="claim-id-parent",
        table="claims",
        column="claim_id",
        statement="The id of a claim begins with the id of its source.",
        hint="write the short id, such as C012",
        reads=("claim_id", "source_id"),
        holds=_starts_with_parent("claim_id", "source_id"),
    ),
    Rule(
        id="quantity-id-parent",
        table="quantities",
        column="quantity_id",
        statement="The id of a quantity begins with the id of its claim.",
        hint="write the short id, such as Q1",
        reads=("quantity_id", "claim_id"),
        holds=_starts_with_parent("quantity_id", "claim_id"),
    ),
)
