"""Rules on actors: their names, their hierarchy, and the words that name them in a passage."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pycountry
from polars import col

from russia_dprk_claims.checks.findings import nearest
from russia_dprk_claims.checks.rule import (
    ROW,
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

_COUNTRIES = sorted(each.alpha_3 for each in pycountry.countries)
_ACTOR, _NAME, _CLAIM = ("actor_id", "actor_id"), ("name", "name_as_stated"), ("claim_id", "claim_id")
_IS_PREFERRED = (("name_type", "preferred"),)
_PREFERRED = Count("preferred names", "actor_names", (_ACTOR,), _IS_PREFERRED)
_PREFERRED_LIKE_IT = Count("preferred names like it", "actor_names", (_ACTOR, ("name", "name")), _IS_PREFERRED)
_FIRST_PREFERRED = Summary(
    "first preferred name", "actor_names", (_ACTOR,), pl.when(col("name_type") == "preferred").then(col(ROW)).min()
)
_REGISTERED = Count("names like it", "actor_names", (_ACTOR, _NAME))
_MISSPELT = Count("misspellings like it", "actor_names", (_ACTOR, _NAME), (("name_type", "misspelling"),))
_TRUNCATED = Count("truncated names like it", "actor_names", (_ACTOR, _NAME), (("name_type", "truncated"),))
_USES = tuple(
    Count(f"uses in {table}", table, ((column, "actor_id"),))
    for table, column in (
        ("claim_actors", "actor_id"),
        ("claim_attributions", "actor_id"),
        ("agreement_parties", "actor_id"),
        ("events", "place_id"),
        ("origins", "actor_id"),
        ("sources", "publisher_id"),
        ("actors", "parent_id"),
    )
)
_CYCLE = Cyclic("part of itself", "parent_id")
_RECIPIENTS = Count("recipients of the claim", "claim_actors", (_CLAIM,), (("role", "recipient"),))
_ABSTENTIONS = Count("abstentions of the actor", "claim_actors", (_CLAIM, _ACTOR), (("role", "voter_abstained"),))
_REJECTIONS = Count("votes of the actor against", "claim_actors", (_CLAIM, _ACTOR), (("role", "voter_against"),))
_BOTH_SIDES = Count("same actor as recipient", "claim_actors", (_CLAIM, _ACTOR), (("role", "recipient"),))


def _suggest_country(row: Mapping[str, str | None]) -> str:
    """Return the country whose name begins with a wrong code, or whose code resembles it."""
    code = row["country"] or ""
    near = nearest(code, _COUNTRIES)
    named = [each for each in pycountry.countries if each.name.upper().startswith(code)]
    named = named or [each for each in pycountry.countries if each.alpha_3 == near]
    return f"did you mean {named[0].alpha_3!r} ({named[0].name})?" if named else ""


def _imo_number() -> pl.Expr:
    """Return whether the identifier has seven digits, the last of them that of the sum of the others times 7 to 2."""
    number = col("identifier")
    weighed = (number.str.slice(place, 1).cast(pl.Int64, strict=False) * (7 - place) for place in range(6))
    last = number.str.slice(6).cast(pl.Int64, strict=False)
    return number.str.contains("^[0-9]{7}$") & (pl.sum_horizontal(weighed) % 10 == last)


_NAMES = (("actors", "name"), ("items", "name"), ("agreements", "name"), ("events", "label"), ("origins", "label"))


def _distinct(table: str, column: str) -> Rule:
    """Return the rule that no row before it has the same name, but for case, marks and kinds of letters."""
    key = f"{table.removesuffix('s')}_id"
    folded = col(column).str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\pL\pN]+", " ")
    first = Within(f"first of {table} with this name", (folded,), first_of_several(key))
    return Rule("name-distinct", table, column, has_patterns=True).requires(
        empty(column) | (first.value == col(key)), first
    )


ACTORS = (
    Rule("country-code", "actors", "country", suggest=_suggest_country).requires(
        empty("country") | col("country").is_in(_COUNTRIES)
    ),
    Rule("actor-cycle", "actors", "parent_id").requires(~_CYCLE.value, _CYCLE),
    Rule("preferred-name", "actors", "name").requires(
        (_PREFERRED.value >= 1) & (_PREFERRED_LIKE_IT.value >= 1), _PREFERRED, _PREFERRED_LIKE_IT
    ),
    # A second one is reported where it is written.
    Rule("preferred-name", "actor_names", "name_type").requires(
        implies(is_one_of("name_type", "preferred"), _FIRST_PREFERRED.value == col(ROW)), _FIRST_PREFERRED
    ),
    Rule("actor-used", "actors", "actor_id").requires(pl.any_horizontal(each.value > 0 for each in _USES), *_USES),
    Rule("actor-identifier", "actors", "identifier").requires(
        (present("identifier") == present("identifier_scheme"))
        & implies(present("identifier"), is_one_of("actor_type", "vessel", "aircraft"))
    ),
    Rule("imo-number", "actors", "identifier", has_patterns=True).requires(
        implies(is_one_of("identifier_scheme", "imo"), is_one_of("actor_type", "vessel") & _imo_number())
    ),
    Rule("actor-country", "actors", "country").requires(
        is_one_of("actor_type", "person") | (col("country") == col("parent_id.country"))
    ),
    *(_distinct(table, column) for table, column in _NAMES),
    Rule("fault-source", "actor_names", "name_type").requires(
        implies(is_one_of("name_type", "misspelling", "truncated"), present("source_id"))
    ),
    Rule("name-registered", "claim_actors", "name_as_stated").requires(
        implies(is_one_of("resolution", "exact") & present("name_as_stated"), _REGISTERED.value > 0)
        & implies(is_one_of("resolution", "misspelling"), _MISSPELT.value > 0)
        & implies(is_one_of("resolution", "truncated"), _TRUNCATED.value > 0),
        *(_REGISTERED, _MISSPELT, _TRUNCATED),
    ),
    Rule("name-implied", "claim_actors", "resolution").requires(
        implies(empty("name_as_stated"), is_one_of("resolution", "inferred"))
    ),
    Rule("name-exact", "claim_actors", "resolution").requires(
        ~is_one_of("resolution", "variant") | (_REGISTERED.value == 0), _REGISTERED
    ),
    Rule("vote-sides", "claim_actors", "role", where=is_one_of("role", "voter_for", "voter_against")).requires(
        (_ABSTENTIONS.value == 0) & implies(is_one_of("role", "voter_for"), _REJECTIONS.value == 0),
        *(_ABSTENTIONS, _REJECTIONS),
    ),
    Rule("arms-distinct", "claim_actors", "actor_id", where=is_one_of("role", "supplier")).requires(
        ~is_one_of("claim_id.topic", "arms_transfer")
        | (_RECIPIENTS.value == 0)
        | (_RECIPIENTS.value > _BOTH_SIDES.value),
        *(_RECIPIENTS, _BOTH_SIDES),
    ),
)
