"""Rules on actors: their names, their hierarchy, and the words that name them in a passage."""

from __future__ import annotations

import narwhals as nw
import pycountry

from russia_dprk_claims.checks.rule import Count, Cyclic, Rule, empty, implies, is_one_of, present

_COUNTRIES = sorted(each.alpha_3 for each in pycountry.countries)
_PREFERRED = Count("preferred names", "actor_names", (("actor_id", "actor_id"),), (("name_type", "preferred"),))
_IS_PREFERRED = Count(
    "preferred names like it",
    "actor_names",
    (("actor_id", "actor_id"), ("name", "name")),
    (("name_type", "preferred"),),
)
_REGISTERED = Count("names like it", "actor_names", (("actor_id", "actor_id"), ("name", "name_as_stated")))
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
_ROUND = Cyclic("part of itself", "parent_id")
_RECIPIENTS = Count("recipients of the claim", "claim_actors", (("claim_id", "claim_id"),), (("role", "recipient"),))
_BOTH_SIDES = Count(
    "same actor as recipient",
    "claim_actors",
    (("claim_id", "claim_id"), ("actor_id", "actor_id")),
    (("role", "recipient"),),
)


def _registered_as(kind: str) -> tuple[Count, nw.Expr]:
    """Return how often a name is registered as a misspelling or cut short, and whether a row says so of it."""
    count = Count(f"{kind} like it", _REGISTERED.table, _REGISTERED.on, (("name_type", kind),))
    return count, implies(is_one_of("resolution", kind), nw.col(count.name) > 0)


_MISSPELT, _MISSPELT_FITS = _registered_as("misspelling")
_CUT, _CUT_FITS = _registered_as("truncated")

ACTORS = (
    Rule(
        "country-code",
        "actors",
        "country",
        reads=("country",),
        holds=empty("country") | nw.col("country").is_in(_COUNTRIES),
    ),
    Rule("actor-cycle", "actors", "parent_id", reads=(_ROUND,), holds=~nw.col(_ROUND.name)),
    Rule(
        "preferred-name",
        "actors",
        "name",
        reads=("actor_id", "name", _PREFERRED, _IS_PREFERRED),
        holds=(nw.col(_PREFERRED.name) == 1) & (nw.col(_IS_PREFERRED.name) == 1),
    ),
    Rule(
        "actor-used",
        "actors",
        "actor_id",
        reads=("actor_id", *_USES),
        holds=nw.any_horizontal(*(nw.col(each.name) > 0 for each in _USES), ignore_nulls=False),
    ),
    Rule(
        "actor-identifier",
        "actors",
        "identifier",
        reads=("identifier", "identifier_scheme", "actor_type"),
        holds=(present("identifier") == present("identifier_scheme"))
        & implies(present("identifier"), is_one_of("actor_type", "vessel", "aircraft")),
    ),
    Rule(
        "fault-source",
        "actor_names",
        "name_type",
        reads=("name_type", "source_id"),
        holds=implies(is_one_of("name_type", "misspelling", "truncated"), present("source_id")),
    ),
    Rule(
        "name-registered",
        "claim_actors",
        "name_as_stated",
        reads=("actor_id", "name_as_stated", "resolution", _REGISTERED, _MISSPELT, _CUT),
        holds=implies(is_one_of("resolution", "exact") & present("name_as_stated"), nw.col(_REGISTERED.name) > 0)
        & _MISSPELT_FITS
        & _CUT_FITS,
    ),
    Rule(
        "name-implied",
        "claim_actors",
        "resolution",
        reads=("name_as_stated", "resolution"),
        holds=implies(empty("name_as_stated"), is_one_of("resolution", "inferred")),
    ),
    Rule(
        "arms-distinct",
        "claim_actors",
        "actor_id",
        reads=("claim_id", "actor_id", "role", "claim_id.topic", _RECIPIENTS, _BOTH_SIDES),
        holds=implies(
            is_one_of("role", "supplier") & is_one_of("claim_id.topic", "arms_transfer"),
            (nw.col(_RECIPIENTS.name) == 0) | (nw.col(_RECIPIENTS.name) > nw.col(_BOTH_SIDES.name)),
        ),
    ),
)
