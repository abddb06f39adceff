"""Links: the chains, actors, agreements and relations of claims."""

from __future__ import annotations

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic import registries
from russia_dprk_claims.bench.synthetic.cells import Cells, frame, joined, pick, sprinkled, vocabulary
from russia_dprk_claims.bench.synthetic.cells import where as cell_where
from russia_dprk_claims.bench.synthetic.draws import Numbers, chance, repeated
from russia_dprk_claims.bench.synthetic.outline import Outline
from russia_dprk_claims.bench.synthetic.passages import Passages
from russia_dprk_claims.bench.synthetic.profile import Patterns

# Distinguishes the rows of one claim; no real claim has so many of one table.
ROOM = 64


def nested(made: Passages, table: str) -> tuple[Numbers, Numbers, Numbers]:
    """Return, for each row that nests in the claims, the place of its claim, its pattern, and a number of its own."""
    patterns = made.outline.profile[table]
    owner, within = repeated(patterns.count[made.pattern])
    return owner, patterns.begin[made.pattern][owner] + within, made.claims[owner] * ROOM + within


def attribution_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `claim_attributions`; a few of the innermost voices speak jointly with another."""
    outline = made.outline
    contract, real = outline.profile.contract, outline.profile["claim_attributions"]
    owner, row, own = nested(made, "claim_attributions")
    speaks = real.has("actor_id", row)
    innermost = real.equals("act", "reports", row) == False  # noqa: E712 an array, not a truth value
    single = real.equals("joint", "false", row)
    joint = speaks & innermost & single & chance("joint", own, 0.06)
    again = np.flatnonzero(joint)
    order = np.sort(np.concatenate([np.arange(len(row)), again]), kind="stable")
    second = np.concatenate([[False], order[1:] == order[:-1]])
    owner, row, own, speaks, joint = (each[order] for each in (owner, row, own * 2, speaks, joint))
    own = own + second
    actors = outline.actor_ids(outline.popular_actors("voice", own))
    evidence = sprinkled(
        "evidence", own, real.column("evidence", row), vocabulary(contract, "claim_attributions", "evidence"), 0.05
    )
    cells: Cells = {
        "claim_id": made.ids.gather(pl.Series(owner)),
        "step": real.column("step", row),
        "voice_no": cell_where(second, "2", real.column("voice_no", row)),
        "actor_id": cell_where(speaks, actors),
        "specificity": real.column("specificity", row),
        "act": real.column("act", row),
        "evidence": evidence,
        "joint": cell_where(joint, "true", real.column("joint", row)),
    }
    return frame(contract["claim_attributions"], cells)


# --- actors -------------------------------------------------------------------------------------------------------


def _distinct(slots: Numbers, size: int) -> Numbers:
    """Return numbers below `size` that differ within each row, moving later ones on where they do not."""
    made = slots.copy()
    for slot in range(1, made.shape[1]):
        taken = True
        while taken:
            same = (made[:, :slot] == made[:, slot : slot + 1]).any(axis=1)
            made[same, slot] = (made[same, slot] + 1) % size
            taken = bool(same.any())
    return made


def _at_home(homes: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Return which of the numbers are homes, and of what."""
    place = np.minimum(np.searchsorted(homes, numbers), len(homes) - 1)
    found = np.flatnonzero(homes[place] == numbers)
    return found, place[found]


def actor_slots(outline: Outline, claims: Numbers, slots: int) -> Numbers:
    """Return the different actors of each claim; the first is the one that the claim is the home of, if it is one."""
    drawn = np.stack([outline.popular_actors(f"actor {slot}", claims) for slot in range(slots)], axis=1)
    found, actors = _at_home(outline.actor_homes, claims)
    drawn[found, 0] = actors
    return _distinct(drawn, outline.actors)


def actor_link_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `claim_actors`."""
    outline = made.outline
    contract, real = outline.profile.contract, outline.profile["claim_actors"]
    owner, row, own = nested(made, "claim_actors")
    slots = outline.profile.slots
    actor = actor_slots(outline, made.claims, int(slots.max()) + 1)[owner, slots[row]]
    role = real.column("role", row)
    order = np.lexsort((_rank(role), actor, owner))
    owner, row, own, actor = owner[order], row[order], own[order], actor[order]
    name, resolution = _stated(outline, real, row, own, actor)
    cells: Cells = {
        "claim_id": made.ids.gather(pl.Series(owner)),
        "actor_id": outline.actor_ids(actor),
        "role": role.gather(pl.Series(order)),
        "name_as_stated": name,
        "resolution": resolution,
    }
    return frame(contract["claim_actors"], cells)


def _rank(cells: pl.Series) -> Numbers:
    """Return the place of each text among the different ones in the order of their code points."""
    return (cells.rank("dense") - 1).cast(pl.Int64).to_numpy()


def _stated(
    outline: Outline, real: Patterns, row: Numbers, own: Numbers, actor: Numbers
) -> tuple[pl.Series, pl.Series]:
    """Return the names that passages use, and how each is resolved: faulty only where the actor has such a name."""
    resolution = real.column("resolution", row)
    variants = ~resolution.is_in(["exact", "inferred"]).to_numpy()
    slot = registries.usual_slot(outline, actor, own)
    words = registries.names(outline, actor, slot)
    for fault in ("misspelling", "truncated"):
        faulty_slot = registries.slot_of(outline, actor, fault)
        fits = variants & (faulty_slot >= 0)
        words = cell_where(fits, registries.names(outline, actor, np.maximum(faulty_slot, 0)), words)
        resolution = cell_where(fits, fault, resolution)
        variants = variants & ~fits
    words = cell_where(variants, joined(words, "’s"), words)
    implied = resolution == "inferred"
    words = cell_where(implied.to_numpy(), pick(("they", "the other side", "it"), own % 3), words)
    return cell_where(real.has("name_as_stated", row), words), cell_where(variants, "variant", resolution)


# --- agreements ---------------------------------------------------------------------------------------------------


def agreement_link_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `claim_agreements`; the first agreement of a claim is its own or one of those just before."""
    outline = made.outline
    contract, real = outline.profile.contract, outline.profile["claim_agreements"]
    owner, row, own = nested(made, "claim_agreements")
    within = own % ROOM
    slots = max(int(within.max()) + 1, 1) if len(within) else 1
    drawn = np.stack([outline.popular_agreements(f"agreement {slot}", made.claims) for slot in range(slots)], axis=1)
    found, places = _at_home(outline.linking, made.claims)
    agreement = np.searchsorted(outline.agreement_homes, places, side="right") - 1
    near = places - outline.agreement_homes[agreement] < outline.linked_places(agreement)
    drawn[found[near], 0] = agreement[near]
    linked = _distinct(drawn, outline.agreements)[owner, within]
    order = np.lexsort((linked, owner))
    cells: Cells = {
        "claim_id": made.ids.gather(pl.Series(owner[order])),
        "agreement_id": outline.agreement_ids(linked[order]),
        "bearing": real.column("bearing", row[order]),
    }
    return frame(contract["claim_agreements"], cells)
