"""Registries: actors with their names and hierarchies, agreements with their parties and terms."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic.cells import Cells, any_of, frame, joined, pick, sprinkled, text, vocabulary
from russia_dprk_claims.bench.synthetic.cells import where as cell_where
from russia_dprk_claims.bench.synthetic.draws import Flags, Numbers, below, chance, gathered, repeated, spread
from russia_dprk_claims.bench.synthetic.outline import Outline
from russia_dprk_claims.bench.synthetic.passages import notes
from russia_dprk_claims.bench.synthetic.phrases import AGREEMENTS, BODIES, BY_NAMES, FAMILIES, GOODS, ROLES

# --- actors -------------------------------------------------------------------------------------------------------


def actor_pattern(outline: Outline, actors: Numbers) -> Numbers:
    """Return the row of the real actor that each actor is patterned after."""
    return below("actor pattern", actors, len(outline.profile["actors"]))


def names(outline: Outline, actors: Numbers, slot: Numbers) -> pl.Series:
    """Return the name of each actor in a slot, of which the first is the preferred one; no two slots have the same."""
    again = cell_where(slot >= len(BY_NAMES), joined("-", text(slot // len(BY_NAMES))), "")
    return joined(
        *(pick(BY_NAMES, slot % len(BY_NAMES)), any_of("family", actors, FAMILIES), " "),
        *(any_of("body", actors, BODIES), " ", text(actors + 1), again),
    )


@cache
def _slots_of(outline: Outline, kind: str) -> Numbers:
    """Return the slot of the first name of a kind that each real actor has, or -1; that of the preferred name is 0."""
    real = outline.profile["actor_names"]
    found = np.full(len(outline.profile["actors"]), -1, dtype=np.int64)
    kinds = real.rows["name_type"].to_list()
    for actor, (begin, count) in enumerate(zip(real.begin.tolist(), real.count.tolist(), strict=True)):
        own = sorted(kinds[begin : begin + count], key=lambda each: each != "preferred")
        if kind in own:
            found[actor] = own.index(kind)
    return found


def slot_of(outline: Outline, actors: Numbers, kind: str) -> Numbers:
    """Return the slot of a name of a kind, or -1 where an actor has none."""
    return _slots_of(outline, kind)[actor_pattern(outline, actors)]


def usual_slot(outline: Outline, actors: Numbers, numbers: Numbers) -> Numbers:
    """Return the slot of the name that a text uses: mostly the preferred one, at times an alias."""
    alias = slot_of(outline, actors, "alias")
    return np.where((alias >= 0) & chance("by an alias", numbers, 0.4), alias, 0)


def actor_rows(outline: Outline, actors: Numbers) -> pl.DataFrame:
    """Return the rows of `actors`. The parent of an actor is a more popular one, so that no hierarchy goes round."""
    contract, real = outline.profile.contract, outline.profile["actors"]
    pattern = actor_pattern(outline, actors)
    rank = gathered(actors, outline.actors)
    above = spread(below("parent", actors, np.maximum(rank, 1)) // 3, outline.actors)
    kinds = vocabulary(contract, "actors", "actor_type")
    cells: Cells = {
        "actor_id": outline.actor_ids(actors),
        "name": names(outline, actors, np.zeros_like(actors)),
        "actor_type": sprinkled("actor type", actors, real.column("actor_type", pattern), kinds, 0.05),
        "country": cell_where(real.has("country", pattern), _countries(outline, actors, pattern)),
        "parent_id": cell_where(real.has("parent_id", pattern) & (rank > 0), outline.actor_ids(above)),
        "role": cell_where(real.has("role", pattern), any_of("role", actors, ROLES)),
        "wikidata_id": cell_where(chance("in Wikidata", actors, 0.02), joined("Q", text(actors + 1000))),
        "note": cell_where(real.has("note", pattern), notes("actors", actors)),
    }
    return frame(contract["actors"], cells)


def _countries(outline: Outline, actors: Numbers, pattern: Numbers) -> pl.Series:
    import pycountry

    every = sorted(each.alpha_3 for each in pycountry.countries)
    real = outline.profile["actors"].column("country", pattern)
    return sprinkled("country", actors, real, every, 0.2)


def actor_name_rows(outline: Outline, actors: Numbers) -> pl.DataFrame:
    """Return the rows of `actor_names`; where the real name has a source, that of the claim that the actor is first
    named in.
    """
    contract, real = outline.profile.contract, outline.profile["actor_names"]
    pattern = actor_pattern(outline, actors)
    owner, within = repeated(real.count[pattern])
    row = real.begin[pattern][owner] + within
    source = outline.source_ids.gather(pl.Series(outline.source_of(outline.actor_homes[actors[owner]])))
    rows = frame(
        contract["actor_names"],
        {
            "actor_id": outline.actor_ids(actors[owner]),
            "name": names(outline, actors[owner], _slots(outline)[row]),
            "name_type": real.column("name_type", row),
            "source_id": cell_where(real.has("source_id", row), source),
        },
    )
    return rows.sort("actor_id", "name")


@cache
def _slots(outline: Outline) -> Numbers:
    """Return the slot of each real name among those of its actor: the preferred one first."""
    real = outline.profile["actor_names"]
    preferred = (real.rows["name_type"] == "preferred").to_numpy()
    slots = np.zeros(len(real), dtype=np.int64)
    for begin, count in zip(real.begin.tolist(), real.count.tolist(), strict=True):
        order = np.argsort(~preferred[begin : begin + count], kind="stable")
        slots[begin + order] = np.arange(count)
    return slots


# --- agreements ---------------------------------------------------------------------------------------------------


def agreement_pattern(outline: Outline, agreements: Numbers) -> Numbers:
    """Return the row of the real agreement that each agreement is patterned after."""
    return below("agreement pattern", agreements, len(outline.profile["agreements"]))


def agreement_rows(outline: Outline, agreements: Numbers) -> pl.DataFrame:
    """Return the rows of `agreements`."""
    contract, real = outline.profile.contract, outline.profile["agreements"]
    pattern = agreement_pattern(outline, agreements)
    year = 2015 + below("year", agreements, 8)
    day = joined("-", text(1 + below("month", agreements, 12)).str.zfill(2))
    firm: Flags = real.column("existence", pattern).is_in(["documented", "reported"]).to_numpy()
    cells: Cells = {
        "agreement_id": outline.agreement_ids(agreements),
        "name": joined(any_of("agreement", agreements, AGREEMENTS), ", number ", text(agreements + 1)),
        "form": _forms(outline, agreements, pattern),
        "existence": real.column("existence", pattern),
        "status": sprinkled(
            *("status", agreements, real.column("status", pattern)),
            *(vocabulary(contract, "agreements", "status"), 0.2, firm),
        ),
        "signed_on": cell_where(chance("signed", agreements, 0.08), joined(text(year), day, "-11")),
        "in_force_on": cell_where(chance("in force", agreements, 0.04), joined(text(year + 1), day)),
        "ended_on": cell_where(chance("ended", agreements, 0.02), joined(text(year + 3), "~")),
        "text_public": sprinkled(
            *("public", agreements, real.column("text_public", pattern)),
            *(vocabulary(contract, "agreements", "text_public"), 0.1),
        ),
        "un_symbol": cell_where(
            chance("symbol", agreements, 0.02), joined("S/RES/", text(agreements % 3000), " (", text(year), ")")
        ),
        "note": cell_where(real.has("note", pattern), notes("agreements", agreements)),
    }
    return frame(contract["agreements"], cells)


def _forms(outline: Outline, agreements: Numbers, pattern: Numbers) -> pl.Series:
    """Return the forms of agreements; only one with two parties may have any, and an exchange its terms, too."""
    forms = [each for each in vocabulary(outline.profile.contract, "agreements", "form") if each != "barter"]
    several = outline.profile["agreement_parties"].count[pattern] >= 2
    return sprinkled("form", agreements, outline.profile["agreements"].column("form", pattern), forms, 0.1, several)


def _parties(outline: Outline, agreements: Numbers) -> Numbers:
    """Return the parties of each agreement, one a slot, no two alike: each slot has its own share of the actors."""
    slots = int(outline.profile["agreement_parties"].count.max())
    share = outline.actors // slots
    return np.stack([below(f"party {slot}", agreements, share) * slots + slot for slot in range(slots)], axis=1)


def party_rows(outline: Outline, agreements: Numbers) -> pl.DataFrame:
    """Return the rows of `agreement_parties`."""
    contract, real = outline.profile.contract, outline.profile["agreement_parties"]
    pattern = agreement_pattern(outline, agreements)
    owner, within = repeated(real.count[pattern])
    row = real.begin[pattern][owner] + within
    actor = _parties(outline, agreements)[owner, within]
    order = np.lexsort((actor, owner))
    cells: Cells = {
        "agreement_id": outline.agreement_ids(agreements[owner[order]]),
        "actor_id": outline.actor_ids(actor[order]),
        "party_role": real.column("party_role", row[order]),
    }
    return frame(contract["agreement_parties"], cells)


@cache
def _term_slots(outline: Outline, column: str) -> Numbers:
    """Return which party of its agreement the giver or receiver of each real term is."""
    profile = outline.profile
    terms, parties = profile["agreement_terms"], profile["agreement_parties"]
    slots = np.zeros(len(terms), dtype=np.int64)
    for agreement in range(len(profile["agreements"])):
        begin, count = int(parties.begin[agreement]), int(parties.count[agreement])
        known = parties.rows["actor_id"][begin : begin + count].to_list()
        for row in range(int(terms.begin[agreement]), int(terms.begin[agreement] + terms.count[agreement])):
            slots[row] = known.index(terms.rows[column][row])
    return slots


def term_rows(outline: Outline, agreements: Numbers) -> pl.DataFrame:
    """Return the rows of `agreement_terms`, backed in turn by the claims that speak of the agreement first."""
    contract, real = outline.profile.contract, outline.profile["agreement_terms"]
    pattern = agreement_pattern(outline, agreements)
    owner, within = repeated(real.count[pattern])
    row = real.begin[pattern][owner] + within
    own = agreements[owner]
    parties = _parties(outline, agreements)
    place = outline.agreement_homes[own] + within % outline.linked_places(own)
    cells: Cells = {
        "agreement_id": outline.agreement_ids(own),
        "term_no": within + 1,
        "giver_id": outline.actor_ids(parties[owner, _term_slots(outline, "giver_id")[row]]),
        "receiver_id": outline.actor_ids(parties[owner, _term_slots(outline, "receiver_id")[row]]),
        "item": any_of("good", own * 64 + within, GOODS),
        "claim_id": outline.claim_ids(outline.linking[place]),
    }
    return frame(contract["agreement_terms"], cells)
