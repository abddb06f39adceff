"""Relations between claims: within a source, to its neighbours, and to sources far away."""

from __future__ import annotations

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic.cells import Cells, any_of, frame, joined
from russia_dprk_claims.bench.synthetic.cells import where as cell_where
from russia_dprk_claims.bench.synthetic.draws import Flags, Numbers, below, chance, popular
from russia_dprk_claims.bench.synthetic.links import nested
from russia_dprk_claims.bench.synthetic.outline import ORIGIN_BLOCK, Outline
from russia_dprk_claims.bench.synthetic.passages import Passages
from russia_dprk_claims.bench.synthetic.phrases import REASONS, REMARKS
from russia_dprk_claims.bench.synthetic.profile import Patterns
from russia_dprk_claims.checks.rules.relations import SYMMETRIC

NEIGHBOURHOOD = 2_000
FAR = 0.2
ROUNDS = 24


def relation_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `claim_relations`.

    A claim is drawn for the other end until one is found that the rules allow; the few relations for which none is
    found in a number of rounds are left out.
    """
    outline = made.outline
    contract, real = outline.profile.contract, outline.profile["claim_relations"]
    owner, row, own = nested(made, "claim_relations")
    claim = made.claims[owner]
    other = _others(outline, real, row, own, claim)
    cells: Cells = {
        "claim_id": made.ids.gather(pl.Series(owner)),
        "related_claim_id": outline.claim_ids(np.maximum(other, 0)),
        "relation": real.column("relation", row),
        "aspect": real.column("aspect", row),
        "independence": real.column("independence", row),
        "note": cell_where(real.has("note", row), joined(any_of("bears", own, REMARKS), any_of("why", own, REASONS))),
    }
    key = list(contract["claim_relations"].primary_key)
    rows = frame(contract["claim_relations"], cells).filter(pl.Series(other >= 0))
    return rows.unique(key, keep="first").sort(key)


def _others(outline: Outline, real: Patterns, row: Numbers, own: Numbers, claim: Numbers) -> Numbers:
    """Return the claim at the other end of each relation, or -1."""
    others = np.full(len(row), -1, dtype=np.int64)
    is_open = np.arange(len(row))
    for number in range(ROUNDS):
        drawn = _drawn(outline, real, row[is_open], own[is_open] * ROUNDS + number, claim[is_open])
        fits = _fits(outline, real, row[is_open], claim[is_open], drawn)
        others[is_open[fits]] = drawn[fits]
        is_open = is_open[~fits]
    return others


def _drawn(outline: Outline, real: Patterns, row: Numbers, draw: Numbers, claim: Numbers) -> Numbers:
    """Return a claim of the same source where the real relation stays within one, else a near or a far one.

    What repeats has its origin in common, so it is looked for among the neighbours.
    """
    source = outline.source_of(claim)
    begin, end = outline.begins[source], outline.begins[source + 1]
    inside = begin + below("related inside", draw, end - begin)
    near = claim - NEIGHBOURHOOD + below("related near", draw, 2 * NEIGHBOURHOOD)
    far = popular("related far", draw, outline.claims)
    across = np.where(chance("related is far", draw, FAR), far, near)
    width = len("SRC-0000")
    same = (real.rows["claim_id"].str.head(width) == real.rows["related_claim_id"].str.head(width)).to_numpy()[row]
    block = claim // ORIGIN_BLOCK * ORIGIN_BLOCK + below("related block", draw, ORIGIN_BLOCK)
    drawn = np.where(real.equals("relation", "repeats", row), block, np.where(same, inside, across))
    return np.clip(drawn, 0, outline.claims - 1)


def _fits(outline: Outline, real: Patterns, row: Numbers, claim: Numbers, other: Numbers) -> Flags:
    """Return which claims the rules allow at the other end."""
    symmetric = np.zeros(len(row), dtype=np.bool_)
    for each in SYMMETRIC:
        symmetric |= real.equals("relation", each, row)
    # Which of two claims speaks of the other follows from the two, so that no relation is given both ways.
    forward = (claim < other) == ((claim + other) % 2 == 0)
    mine, theirs = outline.origin(claim), outline.origin(other)
    affirmed = outline.profile["claims"].equals("polarity", "affirmed", outline.pattern(other))
    fits: Flags = (
        (claim != other)
        & ~outline.is_withdrawn(other)
        & (~symmetric | forward)
        & (~real.equals("relation", "denies", row) | affirmed)
        & (~real.equals("relation", "repeats", row) | (mine == theirs))
        & (~real.equals("independence", "independent", row) | (mine != theirs) | (mine < 0))
    )
    return fits
