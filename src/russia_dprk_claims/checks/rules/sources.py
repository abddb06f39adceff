"""Rules on sources and their texts: languages, and spans that lie inside the text."""

from __future__ import annotations

import narwhals as nw

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
    return Rule("language-tag", "sources", column, reads=(valid,), holds=nw.col(valid.name))


def _span_rules(table: str, source: str) -> tuple[Rule, Rule]:
    """Return the rules on the span of a table; `source` leads from a row to its source."""
    length = f"{source}.text_length"
    return (
        Rule("span-order", table, "char_start", reads=SPAN, holds=nw.col("char_start") < nw.col("char_end")),
        Rule("span-in-text", table, "char_end", reads=("char_end", length), holds=nw.col("char_end") <= nw.col(length)),
    )


SOURCES = (
    _language_rule("language"),
    _language_rule("translated_from"),
    Rule(
        "translated-from-other",
        "sources",
        "translated_from",
        reads=("language", "translated_from"),
        holds=nw.col("language") != nw.col("translated_from"),
    ),
    Rule(
        "published-basis",
        "sources",
        "published_basis",
        reads=("published_on", "published_basis"),
        holds=present("published_on") == (nw.col("published_basis") != "unknown"),
    ),
    Rule(
        "published-inferred-note",
        "sources",
        "published_basis",
        reads=("published_basis", "note"),
        holds=implies(nw.col("published_basis") == "inferred", present("note")),
    ),
    *_span_rules("claims", "source_id"),
    *_span_rules("set_asides", "source_id"),
    *_span_rules("quantities", "claim_id.source_id"),
)
