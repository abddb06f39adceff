"""Questions about the data, one function each: figures, actors, agreements and conflicts.

Every answer says who says it, in which text and how surely. No answer contains a withdrawn claim.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from russia_dprk_claims.errors import AmbiguousNameError, unknown
from russia_dprk_claims.frames import category_type, frame, text_type
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.sentences import attribution_chains

if TYPE_CHECKING:
    import pandas as pd

CONFLICTING = ("contradicts", "denies")
_VOICE = ("voice", "through", "attribution")
_SOURCE = ("source_id", "source", "published_on")
_SURETY = ("polarity", "modality")
_FIGURE = (
    *("quantity_id", "claim_id", "item", "value_text", "value_low", "value_best", "value_high", "bound_type", "unit"),
    *("property", "realization", "transfer_measure", "transfer_id", "rhetorical", "period"),
    *("ratio_direction", "ratio_base", "parent_quantity_id"),
)


def estimates(item: str | None = None) -> pd.DataFrame:
    """Return every figure with its bounds, who says it through whom, when and in which text.

    Parameters
    ----------
    item : str, optional
        A text to look for in the columns `item` and `value_text`, ignoring case; by default all figures are returned.

    Returns
    -------
    pandas.DataFrame
        One row per figure; figures of speech are included and marked as `rhetorical`. `realization` says whether the
        transfer that the figure measures took place according to the claim, and is missing if it measures none;
        `transfer_measure` says whether the figure counts the item or its carrier, such as containers. A bound that the
        text does not give is missing. `modality` is that of the value: the claim's, unless the text is less sure of
        the value. A figure may be part of a denial: see `polarity`.

    Examples
    --------
    >>> shells = estimates("artillery shells")
    >>> shells[shells["bound_type"] == "range"][["value_low", "value_high"]].values.tolist()
    [[3000000.0, 5000000.0]]
    """
    package = installed()
    of_claim = ("polarity", *_VOICE, "event_date", *_SOURCE, "claim_text")
    rows = join_claims(frame(package, "quantities"), active_claims(package), ("modality", *of_claim))
    own = rows["value_modality"].astype(text_type())
    modality = rows["modality"].astype(text_type()).where(own == "as_claim", own)
    rows["modality"] = modality.astype(category_type(package.contract["claims"].by_name["modality"]))
    transfers = frame(package, "transfers").set_index("transfer_id")
    rows = rows.join(transfers["realization"], on="transfer_id")
    if item is not None:
        texts = zip(rows["item"], rows["value_text"], strict=True)
        rows = rows[[item.casefold() in f"{counted}\n{worded}".casefold() for counted, worded in texts]]
    return rows[[*_FIGURE, "modality", *of_claim]].reset_index(drop=True)


def claims_about(actor: str, subsidiaries: bool = False) -> pd.DataFrame:
    """Return the claims in which an actor has a role, and those that it makes or passes on.

    Parameters
    ----------
    actor : str
        Its identifier, or any name that the texts use for it: an alias, an epithet, a misspelling; case is ignored.
        A name shared by a government and its seat, such as `Pyongyang`, means the government.
    subsidiaries : bool, default False
        Whether to include the actors that are part of it, directly or through others: bodies, officials, forces.

    Returns
    -------
    pandas.DataFrame
        One row per claim, actor and capacity, so that a claim may have several rows. `capacity` is `role` (the actor
        takes part in what is claimed; `role` says how, `name_as_stated` under which name) or `voice` (the actor says
        it; `act` says how, `step` how far inwards in the chain).

    Raises
    ------
    UnknownNameError
        If there is no such actor; the error suggests similar names.
    AmbiguousNameError
        If more than one actor has the name; the error lists them.

    Examples
    --------
    >>> claims = claims_about("general mark milley")
    >>> claims[["claim_id", "capacity", "act"]].values.tolist()[0]
    ['SRC-0005-C002', 'voice', 'predicts']
    """
    package = installed()
    actors, names = frame(package, "actors"), frame(package, "actor_names")
    pairs = [pair for rows in (actors, names) for pair in zip(rows["actor_id"], rows["name"], strict=True)]
    places = set(actors.loc[actors["actor_type"] == "place", "actor_id"])
    actor_id = resolve_name("actor", actor, pairs, places)
    rows = _appearances(package, _members(actors, actor_id) if subsidiaries else {actor_id})
    rows["actor"] = _actor_names(package, rows["actor_id"])
    of_claim = ("claim_text", "topic", "statement_kind", *_SURETY, "temporal_status", "event_date", *_VOICE, *_SOURCE)
    rows = join_claims(rows, active_claims(package), of_claim)
    rows = rows.sort_values(["claim_id", "actor_id", "capacity", "role", "step"], kind="stable").reset_index(drop=True)
    columns = ("claim_id", "actor_id", "actor", "capacity", "role", "act", "step", "name_as_stated")
    return rows[[*columns, *of_claim]]


def _members(actors: pd.DataFrame, head: str) -> set[str]:
    """Return an actor with all actors that are part of it, directly or through others."""
    members: set[str] = set()
    added = {head}
    while added:
        members |= added
        added = set(actors.loc[actors["parent_id"].isin(added), "actor_id"]) - members
    return members


def _appearances(package: Package, actors: set[str]) -> pd.DataFrame:
    """Return where some actors have a role or speak, with the columns of both tables."""
    import pandas as pd

    tables = {"role": frame(package, "claim_actors"), "voice": frame(package, "claim_attributions")}
    columns = ("claim_id", "actor_id", "role", "act", "step", "name_as_stated")
    types = {name: rows.dtypes[name] for rows in tables.values() for name in columns if name in rows}
    types["capacity"] = pd.CategoricalDtype(pd.Index(list(tables), dtype=text_type()))
    parts = [rows[rows["actor_id"].isin(actors)].assign(capacity=kind) for kind, rows in tables.items()]
    return pd.concat([part.reindex(columns=list(types)).astype(types) for part in parts], ignore_index=True)


@dataclass(frozen=True, eq=False)
class Agreement:
    """An agreement as the editors code it, and beside it what the sources say.

    Parties, transfers and claims have different columns, so that each is a frame of its own.

    Attributes
    ----------
    agreement_id, name, form : str
        Identifier, name and form of the agreement.
    existence : str
        Whether it is documented, reported, alleged or hypothetical.
    status : str
        The latest status that the texts give.
    status_as_of : str or None
        The day as of which the status holds, an EDTF date.
    parties : pandas.DataFrame
        One row per party, with its role.
    transfers : pandas.DataFrame
        One row per transfer in the claims on the agreement; `realization` says whether it was given, offered, sought
        or refused, and `attribution` who says so.
    claims : pandas.DataFrame
        One row per claim and bearing: what each says of the agreement, who says so, and in which source.
    by_source : pandas.DataFrame
        One row per source, with the number of its claims by bearing: who asserts, denies or changes the status.
    """

    agreement_id: str
    name: str
    form: str
    existence: str
    status: str
    status_as_of: str | None
    parties: pd.DataFrame = field(repr=False)
    transfers: pd.DataFrame = field(repr=False)
    claims: pd.DataFrame = field(repr=False)
    by_source: pd.DataFrame = field(repr=False)


def agreement(agreement_id: str) -> Agreement:
    """Return an agreement with its parties, what they give each other, and what the claims say of it.

    Parameters
    ----------
    agreement_id : str
        Its identifier or its name; case is ignored.

    Returns
    -------
    Agreement
        The agreement; its attributes are texts and data frames.

    Raises
    ------
    UnknownNameError
        If there is no such agreement; the error suggests similar names.

    Examples
    --------
    >>> swap = agreement("AGR-arms-for-aid")
    >>> swap.existence, swap.status
    ('alleged', 'not_established')
    >>> swap.parties["actor"].tolist()
    ['North Korea', 'Russia']
    """
    package = installed()
    rows = frame(package, "agreements").set_index("agreement_id")
    key = resolve_name("agreement", agreement_id, zip(rows.index, rows["name"], strict=True))
    cells = rows.loc[[key]].astype(text_type()).iloc[0].dropna()
    columns = ("name", "form", "existence", "status", "status_as_of")
    claims = active_claims(package)
    linked = _claims_of_agreement(package, key, claims)
    parties = _rows_of(package, "agreement_parties", key)
    parties.insert(1, "actor", _actor_names(package, parties["actor_id"]))
    return Agreement(
        key,
        **{name: cells.get(name) for name in columns},
        parties=parties,
        transfers=_transfers(package, linked["claim_id"], claims),
        claims=linked,
        by_source=_by_source(linked),
    )


def _rows_of(package: Package, table: str, key: str) -> pd.DataFrame:
    rows = frame(package, table)
    return rows[rows["agreement_id"] == key].drop(columns="agreement_id").reset_index(drop=True)


def _transfers(package: Package, ids: pd.Series, claims: pd.DataFrame) -> pd.DataFrame:
    rows = frame(package, "transfers")
    rows = rows[rows["claim_id"].isin(ids)].reset_index(drop=True)
    for side in ("giver", "receiver"):
        rows[side] = _actor_names(package, rows[f"{side}_id"])
    rows["item"] = rows["item_id"].map(frame(package, "items").set_index("item_id")["name"]).astype(text_type())
    own = ("transfer_id", "giver_id", "giver", "receiver_id", "receiver", "item_id", "item", "realization", "claim_id")
    of_claim = ("attribution", *_SURETY, "source_id", "source")
    return join_claims(rows, claims, of_claim)[[*own, *of_claim]].reset_index(drop=True)


def _claims_of_agreement(package: Package, key: str, claims: pd.DataFrame) -> pd.DataFrame:
    of_claim = ("claim_text", *_SURETY, "temporal_status", "event_date", *_VOICE, *_SOURCE)
    rows = join_claims(_rows_of(package, "claim_agreements", key), claims, of_claim)
    return rows.sort_values("claim_id", kind="stable").reset_index(drop=True)


def _by_source(claims: pd.DataFrame) -> pd.DataFrame:
    counts = claims[list(_SOURCE)].drop_duplicates().reset_index(drop=True)
    for bearing in claims["bearing"].cat.categories:
        by_source = claims[claims["bearing"] == bearing].groupby("source_id").size()
        counts[bearing] = counts["source_id"].map(by_source).astype("Int64").fillna(0)
    return counts


def conflicts() -> pd.DataFrame:
    """Return the pairs of claims of which one contradicts or denies the other, side by side.

    Returns
    -------
    pandas.DataFrame
        One row per pair and aspect. `relation` says how the first claim bears on the second, `aspect` in which respect,
        `independence` whether they rest on different origins. Then the same columns for both claims, those of the
        second with the prefix `related_`. The data do not say which of the two is right.

    Examples
    --------
    >>> pairs = conflicts()
    >>> sorted(set(pairs["relation"]))
    ['contradicts', 'denies']
    """
    package = installed()
    of_claim = ("claim_text", "attribution", *_SURETY, "event_date", *_SOURCE)
    claims = active_claims(package)[list(of_claim)]
    rows = frame(package, "claim_relations")
    rows = rows[rows["relation"].isin(CONFLICTING) & rows["related_claim_id"].isin(claims.index)]
    pairs = join_claims(rows, claims, of_claim).join(claims.add_prefix("related_"), on="related_claim_id")
    first, second = ("claim_id", *of_claim), ("related_claim_id", *(f"related_{name}" for name in of_claim))
    return pairs[["relation", "aspect", "independence", *first, *second, "note"]].reset_index(drop=True)


@lru_cache(maxsize=4)
def active_claims(package: Package) -> pd.DataFrame:
    """Return the claims that are not withdrawn, with who says them and where, indexed by claim.

    The columns of `claims` are followed by `source` (the label of the text), `published_on`, and the columns of
    `attribution_chains`. The frame is cached: do not change it.
    """
    sources = frame(package, "sources").set_index("source_id")
    claims = frame(package, "claims")
    claims = claims[claims["record_status"] == "active"].set_index("claim_id")
    claims = claims.join(sources[["label", "published_on"]].rename(columns={"label": "source"}), on="source_id")
    return claims.join(attribution_chains(package))


def join_claims(rows: pd.DataFrame, claims: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows whose `claim_id` is in the index of the claims, with columns of the claim added."""
    return rows[rows["claim_id"].isin(claims.index)].join(claims[list(columns)], on="claim_id")


def _actor_names(package: Package, ids: pd.Series) -> pd.Series:
    """Return the preferred names of actors."""
    return ids.map(frame(package, "actors").set_index("actor_id")["name"]).astype(text_type())


def resolve_name(kind: str, word: str, named: Iterable[tuple[str, str]], last: Container[str] = ()) -> str:
    """Return the identifier that a word, itself an identifier or a name, refers to; case is ignored.

    `named` has every identifier with each of its names; one in `last` is used only if no other has the name. Raises
    `UnknownNameError` with similar names if none fits, `AmbiguousNameError` if several do.
    """
    named = list(named)
    ids = {id_.casefold(): id_ for id_, _ in named}
    if word.casefold() in ids:
        return ids[word.casefold()]
    folded = fold(word)
    found = sorted({id_ for id_, name in named if fold(name) == folded})
    found = [each for each in found if each not in last] or found
    if len(found) > 1:
        raise AmbiguousNameError(f"{word!r} names more than one {kind}; give one of: {', '.join(found)}")
    if not found:
        prefix = folded.partition("-")[0] + "-"
        similar = [id_ for each, id_ in ids.items() if each.startswith(prefix)]
        raise unknown(kind, word, similar or [name for _, name in named])
    return found[0]


def fold(name: str) -> str:
    """Return a name for comparison, without differences of case, spaces, width, full stops and apostrophes."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("’", "'").replace(".", "").split())
