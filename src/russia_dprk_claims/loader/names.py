"""The names of the tables as a type, for editors and type checkers.

A type has to be written out; that it says the same as `schemas/` is held by a test.
"""

from __future__ import annotations

from typing import Literal

TableName = Literal[
    "actors",
    "agreements",
    "sources",
    "actor_names",
    "agreement_parties",
    "agreement_terms",
    "claims",
    "set_asides",
    "claim_actors",
    "claim_agreements",
    "claim_attributions",
    "claim_relations",
    "quantities",
]
