"""Tables: the rows of all tables of a synthetic dataset, part by part, each table in the order of its primary key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic import figures, links, passages, registries, relations
from russia_dprk_claims.bench.synthetic.draws import Numbers
from russia_dprk_claims.bench.synthetic.outline import Outline

# How many claims, and how many rows of a registry, are made at a time.
CLAIMS, REGISTERED = 200_000, 400_000

OF_SOURCES: Mapping[str, Callable[[passages.Passages], pl.DataFrame]] = {
    "sources": passages.source_rows,
    "claims": passages.claim_rows,
    "set_asides": passages.set_aside_rows,
    "claim_attributions": links.attribution_rows,
    "claim_actors": links.actor_link_rows,
    "claim_agreements": links.agreement_link_rows,
    "claim_relations": relations.relation_rows,
    "quantities": figures.quantity_rows,
}
OF_ACTORS: Mapping[str, Callable[[Outline, Numbers], pl.DataFrame]] = {
    "actors": registries.actor_rows,
    "actor_names": registries.actor_name_rows,
}
OF_AGREEMENTS: Mapping[str, Callable[[Outline, Numbers], pl.DataFrame]] = {
    "agreements": registries.agreement_rows,
    "agreement_parties": registries.party_rows,
    "agreement_terms": registries.term_rows,
}


def parts(outline: Outline, claims: int = CLAIMS) -> Iterator[dict[str, pl.DataFrame]]:
    """Yield the dataset part by part: rows by table, which follow those of the part before.

    Parameters
    ----------
    outline
        What to make.
    claims
        About how many claims a part has; the rows do not depend on it.
    """
    for registry, size in ((OF_ACTORS, outline.actors), (OF_AGREEMENTS, outline.agreements)):
        for at in range(0, size, REGISTERED):
            numbers = np.arange(at, min(at + REGISTERED, size), dtype=np.int64)
            yield {name: rows(outline, numbers) for name, rows in registry.items()}
    for first, behind in outline.chunks(claims):
        made = passages.passages(outline, first, behind)
        yield {name: rows(made) for name, rows in OF_SOURCES.items()}
