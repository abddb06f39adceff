"""Rules on sources and their texts: languages, and spans that lie inside the text."""

from __future__ import annotations

import narwhals as nw

from russia_dprk_claims.checks.findings import Severity
from russia_dprk_claims.checks.rule import Mapped, Rule, implies, present
from russia_dprk_claims.contract import SPAN


def is_language(tag: str | None) -> bool | None:
    """Return whether a BCP 47 tag is well formed and registered; null where there is none."""
    if tag is None:
        return None
    import langcodes

    return langcodes.tag_is_valid(tag)


def _language_rule(column: str) -> Rule:
    valid = Mapped(f"{column} is valid", (column,), is_language)
    return Rule(
        id="language-tag",
        table="sources",
        column=column,
        statement="A language is a registered BCP 47 tag.",
        hint="for example en, fr, ko, ru or zh-Hans",
        reads=(valid,),
        holds=nw.col(valid.name),
    )


def _span_rules(table: str, source: str) -> tuple[Rule, Rule]:
    """Return the rules on the span of a table; `source` leads from a row to its source."""
    length = f"{source}.text_length"
    hint = "write a quote and run scripts/seal.py"
    return (
        Rule(
            id="span-order",
            table=table,
            column="char_start",
            statement="A span begins before it ends.",
            hint=hint,
            reads=SPAN,
            holds=nw.col("char_start") < nw.col("char_end"),
        ),
        Rule(
            id="span-in-text",
            table=table,
            column="char_end",
            statement="A span ends inside its text.",
            hint=hint,
            reads=("char_end", length),
            holds=nw.col("char_end") <= nw.col(length),
        ),
    )


SOURCES = (
    _language_rule("language"),
    _language_rule("translated_from"),
    Rule(
        id="translated-from-other",
        table="sources",
        column="translated_from",
        statement="A text is not translated from its own language.",
        hint="leave translated_from out",
        reads=("language", "translated_from"),
        holds=nw.col("language") != nw.col("translated_from"),
    ),
    Rule(
        id="published-basis",
        table="sources",
        column="published_basis",
        statement="The publication date is empty exactly where its basis is unknown.",
        hint="{definition}",
        reads=("published_on", "published_basis"),
        holds=present("published_on") == (nw.col("published_basis") != "unknown"),
    ),
    Rule(
        id="published-inferred-note",
        table="sources",
        column="published_basis",
        statement="An inferred publication date is explained in the note.",
        hint="say in the note what it is inferred from",
        reads=("published_basis", "note"),
        holds=implies(nw.col("published_basis") == "inferred", present("note")),
        severity=Severity.WARNING,
    ),
    *_span_rules("claims", "source_id"),
    *_span_rules("set_asides", "source_id"),
    *_span_rules("quantities", "claim_id.source_id"),
)
