"""Actors: the claims that name an actor, whatever it is called there, and those that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from russia_dprk_claims.loader.context import of_claims, standing_claims
from russia_dprk_claims.loader.frames import frame, text_type
from russia_dprk_claims.loader.installed import installed
from russia_dprk_claims.loader.resolving import resolve
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd

_CAPACITIES = ("role", "voice")
_CLAIM = (
    *("claim_text", "topic", "statement_kind", "polarity", "modality", "temporal_status", "event_date"),
    *("voice", "through", "attribution", "source_id", "source", "published_on"),
)


def claims_about(actor: str, subsidiaries: bool = False) -> pd.DataFrame:
    """Return the claims in which an actor has a role, and those that it makes or passes on.

    Parameters
    ----------
    actor
        Its identifier, or any name that the texts have for it: an alias, an epithet, a misspelling, in whatever case.
    subsidiaries
        Whether to add the actors that belong to it, and those that belong to them: bodies, officials, forces.

    Returns
    -------
    pandas.DataFrame
        One row a claim, actor and capacity, so that a claim may have several rows. `capacity` is `role` (the actor
        acts in the matter; `role` says how, `name_as_stated` in which words) or `voice` (the actor says it; `act`
        says how, `step` how far inwards in the chain).

    Raises
    ------
    UnknownNameError
        If there is no such actor; the error has the nearest names.
    AmbiguousNameError
        If the name is that of more than one actor; the error lists them.

    Examples
    --------
    >>> claims = claims_about("general mark milley")
    >>> claims[["claim_id", "capacity", "act"]].values.tolist()[0]
    ['SRC-0005-C002', 'voice', 'predicts']
    """
    release = installed()
    actors, names = frame(release, "actors"), frame(release, "actor_names")
    named = [*_pairs(actors), *_pairs(names)]
    actor_id = resolve("actor", actor, named)
    members = _members(actors, actor_id) if subsidiaries else {actor_id}
    return _claims(release, actors.set_index("actor_id")["name"], members)


def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["actor_id"], rows["name"], strict=True))


def _members(actors: pd.DataFrame, head: str) -> set[str]:
    """Return an actor with all that belong to it, directly or through others."""
    members: set[str] = set()
    wanted = {head}
    while wanted:
        members |= wanted
        wanted = set(actors.loc[actors["parent_id"].isin(wanted), "actor_id"]) - members
    return members


def _claims(release: Package, names: pd.Series, members: set[str]) -> pd.DataFrame:
    """Return the claims of some actors in both capacities, by claim and actor, roles first."""
    import pandas as pd

    roles, voices = frame(release, "claim_actors"), frame(release, "claim_attributions")
    own = ("claim_id", "actor_id", "role", "act", "step", "name_as_stated")
    parts = []
    for capacity, rows in zip(_CAPACITIES, (roles, voices), strict=True):
        part = rows[rows["actor_id"].isin(members)].reset_index(drop=True)
        for other in (roles, voices):
            for name in own:
                if name not in part and name in other:
                    part[name] = other[name].iloc[:0].reindex(part.index)
        kind = pd.CategoricalDtype(pd.Index(_CAPACITIES, dtype=text_type()))
        parts.append(part[list(own)].assign(capacity=pd.Series([capacity] * len(part), dtype=kind)))
    rows = pd.concat(parts, ignore_index=True)
    rows["actor"] = rows["actor_id"].map(names).astype(text_type())
    rows = of_claims(rows, standing_claims(release), _CLAIM)
    columns = ["claim_id", "actor_id", "actor", "capacity", *own[2:], *_CLAIM]
    rows = rows.sort_values(["claim_id", "actor_id", "capacity", "role", "step"], kind="stable")
    return rows[columns].reset_index(drop=True)
