"""Questions whose answers are claims, or pairs of claims."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from russia_dprk_claims.errors import unknown
from russia_dprk_claims.frames import frame, text_type
from russia_dprk_claims.names import find_actors, find_events, find_value
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.questions.answer import (
    SOURCE,
    SURETY,
    active_claims,
    answer,
    claims_where,
    finished,
    join_claims,
)
from russia_dprk_claims.wide import claims_wide

if TYPE_CHECKING:
    import pandas as pd

CONFLICTING = ("contradicts", "denies")
_PAIR = ["claim_id", "related_claim_id"]


def claims(
    actor: str | None = None, topic: str | None = None, voice: str | None = None, event: str | None = None
) -> pd.DataFrame:
    """Return claims with all that is said of them: `claims_wide`, or those of its rows that fit every argument.

    Parameters
    ----------
    actor : str, optional
        An actor that takes part in what is claimed.
    topic : str, optional
        A topic of the vocabulary, such as `arms_transfer`.
    voice : str, optional
        Who says it or passes it on, at any step of the chain, alone or together with others.
    event : str, optional
        An event, by its identifier or its label; or a word, which stands for all events that have it in their labels.

    Returns
    -------
    pandas.DataFrame
        One row per claim, with the columns of `claims_wide`.

    Raises
    ------
    UnknownNameError
        If there is no such actor, topic, voice or event; the error suggests similar names.
    AmbiguousNameError
        If more than one actor has the name; the error lists them.

    Notes
    -----
    An actor is its identifier or any name that the texts use for it, and stands also for the bodies, officials and
    forces that are part of it: `South Korea` includes its minister. A name shared by a government and its seat, such
    as `Pyongyang`, means the government.

    Examples
    --------
    >>> claims(topic="arms_transfer", voice="South Korea")["claim_id"].tolist()
    ['SRC-0002-C008', 'SRC-0002-C046', 'SRC-0005-C017']
    """
    package = installed()
    rows, hint = claims_wide(package), ""
    wanted = {}
    if actor is not None:
        wanted[f"actor={actor!r}"] = ("claim_actors", "actor_id", find_actors(package, actor))
    if voice is not None:
        speaking = set(frame(package, "claim_attributions")["actor_id"].dropna())
        speakers = find_actors(package, voice, likely=speaking)
        wanted[f"voice={voice!r}"] = ("claim_attributions", "actor_id", speakers)
        if not speakers & speaking:
            hint = _compatriots(package, speakers, speaking)
    if topic is not None:
        wanted[f"topic={topic!r}"] = ("claims", "topic", {find_value(package, "claims", "topic", topic)})
    if event is not None:
        wanted[f"event={event!r}"] = ("claim_events", "event_id", find_events(package, event))
    filters = {name: rows["claim_id"].isin(claims_where(package, *where)) for name, where in wanted.items()}
    return answer(rows, filters, hint)


def _compatriots(package: Package, actors: set[str], speaking: set[str]) -> str:
    """Return a hint to those who speak, are of the same country as silent actors, and are no part of them."""
    rows = frame(package, "actors").set_index("actor_id")
    countries = set(rows.loc[sorted(actors), "country"].dropna())
    names = sorted(rows.loc[rows["country"].isin(countries) & rows.index.isin(speaking), "name"])
    return f"; of the same country: {_listed(names)}" if names else ""


def related(claim: str) -> pd.DataFrame:
    """Return the claims that are related to a claim, from whichever side the relation was written.

    Parameters
    ----------
    claim : str
        The identifier of the claim.

    Returns
    -------
    pandas.DataFrame
        One row per relation. If `direction` is `to`, the claim has this relation to the related one: it corroborates
        it, for example. If it is `from`, the related claim has the relation to this claim. The columns of the related
        claim follow.

    Raises
    ------
    UnknownNameError
        If there is no such active claim.

    Examples
    --------
    >>> denials = related("SRC-0005-C013")
    >>> denials[denials["relation"] == "denies"][["direction", "related_claim_id"]].values.tolist()
    [['from', 'SRC-0005-C015']]
    """
    import pandas as pd

    package = installed()
    claims = active_claims(package)
    if claim not in claims.index:
        raise unknown("active claim", claim, claims.index)
    rows = frame(package, "claim_relations")
    turned = rows.rename(columns={"claim_id": "related_claim_id", "related_claim_id": "claim_id"})
    rows = pd.concat([rows.assign(direction="to"), turned.assign(direction="from")])[["direction", *rows.columns]]
    rows = rows[rows["claim_id"] == claim].drop(columns="claim_id")
    rows["direction"] = rows["direction"].astype(text_type())
    return finished(join_claims(rows, claims, key="related_claim_id"))


def conflicts(topic: str | None = None, event: str | None = None) -> pd.DataFrame:
    """Return the pairs of claims of which one contradicts or denies the other, side by side and grouped by event.

    Parameters
    ----------
    topic : str, optional
        The topic of either claim, such as `space`.
    event : str, optional
        An event that both claims are about, as for `claims`; a word may find one event of each.

    Returns
    -------
    pandas.DataFrame
        One row per pair and aspect. `events` has the events that both claims are about, if any. `relation` says how the
        first claim bears on the second, `aspect` in which respect, `independence` whether they rest on different
        origins, `conditional` whether it holds only under the condition in `note`. Then the same columns for both
        claims, those of the second with the prefix `related_`. The data do not say which of the two is right.

    Raises
    ------
    UnknownNameError
        If there is no such topic or event; the error suggests similar names.

    Examples
    --------
    >>> pairs = conflicts(topic="nuclear_missile")
    >>> pairs[["claim_id", "relation", "related_claim_id"]].values.tolist()
    [['SRC-0001-C010', 'contradicts', 'SRC-0001-C011']]
    """
    package = installed()
    pairs = conflict_rows(package)
    filters, hint = {}, ""
    if topic is not None:
        on_topic = claims_where(package, "claims", "topic", {find_value(package, "claims", "topic", topic)})
        filters[f"topic={topic!r}"] = pairs[_PAIR].isin(on_topic).any(axis="columns")
    if event is not None:
        found = find_events(package, event)
        on_events = claims_where(package, "claim_events", "event_id", found)
        filters[f"event={event!r}"] = pairs[_PAIR].isin(on_events).all(axis="columns")
        labels = frame(package, "events").set_index("event_id")["label"]
        known = sorted({label for labels in pairs["events"].dropna() for label in labels.split("; ")})
        hint = f", which names {_listed(labels[sorted(found)])}; events with conflicts: {_listed(known)}"
        hint += f"; {pairs['events'].isna().sum()} conflicts are about no common event"
    return answer(pairs, filters, hint)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


def conflict_rows(package: Package) -> pd.DataFrame:
    """Return the conflicts of a package as `conflicts` has them."""
    of_claim = ("claim_text", "attribution", *SURETY, "event_date", *SOURCE)
    claims = active_claims(package)
    rows = frame(package, "claim_relations")
    of_related = tuple(f"related_{name}" for name in of_claim)
    pairs = join_claims(rows[rows["relation"].isin(CONFLICTING)], claims, of_claim)
    pairs = join_claims(pairs, claims.add_prefix("related_"), of_related, "related_claim_id")
    labels = frame(package, "events").set_index("event_id")["label"]
    on_events = frame(package, "claim_events").groupby("claim_id")["event_id"].agg(set).to_dict()
    shared = [
        on_events.get(one, set()) & on_events.get(two, set()) for one, two in pairs[_PAIR].itertuples(index=False)
    ]
    pairs["events"] = ["; ".join(sorted(labels[sorted(ids)])) or None for ids in shared]
    pairs["events"] = pairs["events"].astype(text_type())
    pairs = pairs.sort_values(["events", "claim_id", "related_claim_id"], kind="stable", na_position="last")
    own = ("events", "relation", "aspect", "independence", "conditional")
    return pairs[[*own, "claim_id", *of_claim, "related_claim_id", *of_related, "note"]]
