"""Rules on sources and their texts: languages, and spans that lie inside the text."""

from __future__ import annotations

import polars as pl
from polars import col

from russia_dprk_claims.checks.edtf import LAST_DAY
from russia_dprk_claims.checks.rule import Mapped, Rule, implies, present


def is_language(tag: str | None) -> bool | None:
    """Return whether a BCP 47 tag is well formed and registered; null where there is none."""
    if tag is None:
        return None
    import langcodes

    try:
        return langcodes.tag_is_valid(tag)
    except RecursionError:  # it has very many parts
        return False


def _is_valid(column: str) -> Mapped:
    return Mapped(f"{column} is valid", (column,), is_language)


_IS_LANGUAGE = _is_valid("language")


def _language_rule(column: str) -> Rule:
    valid = _is_valid(column)
    return Rule("language-tag", "sources", column).requires(valid.value, valid)


def _span_rules(table: str, source: str) -> tuple[Rule, Rule]:
    """Return the rules on the spans of a table; `source` is the path from a row to its source."""
    return (
        Rule("span-order", table, "char_start").requires(col("char_start") < col("char_end")),
        Rule("span-in-text", table, "char_end").requires(col("char_end") <= col(f"{source}.text_length")),
    )


SOURCES = (
    _language_rule("language"),
    _language_rule("translated_from"),
    Rule("translated-from-other", "sources", "translated_from").requires(col("language") != col("translated_from")),
    Rule("published-basis", "sources", "published_basis").requires(
        present("published_on") == (col("published_basis") != "unknown")
    ),
    Rule("published-inferred-note", "sources", "published_basis").requires(
        implies(col("published_basis") == "inferred", present("note"))
    ),
    Rule("coded-after-published", "sources", "coded_on").requires(
        (col("published_on.earliest") <= col("coded_on")) | (col("published_on.earliest") > pl.lit(LAST_DAY))
    ),
    Rule("coder-language", "sources", "coded_by").requires(
        col("coded_by.languages").str.split(" ").list.contains(col("language").str.split("-").list.first())
        | ~_IS_LANGUAGE.value,  # which breaks language-tag
        _IS_LANGUAGE,
    ),
    *_span_rules("claims", "source_id"),
    *_span_rules("set_asides", "source_id"),
    *_span_rules("quantities", "claim_id.source_id"),
)
