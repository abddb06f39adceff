"""Questions about the data, one function each: claims, transfers, events, figures, conflicts and agreements.

Every answer says who says it, in which text and how surely. No answer contains a withdrawn claim. Actors, items and
others are named as people type them; an unknown name is an error that suggests similar ones.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from russia_dprk_claims.errors import unknown
from russia_dprk_claims.frames import category_type, frame, read_rows, text_type
from russia_dprk_claims.names import find_actors, find_events, find_items, find_row, find_value, fold
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.sentences import DOCUMENT, attribution_chains, figure_in_words, transfer_in_words
from russia_dprk_claims.wide import claims_wide, transfer_modalities

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
    filters, hint = {}, ""
    if actor is not None:
        filters[f"actor={actor!r}"] = _claims_where(package, "claim_actors", "actor_id", find_actors(package, actor))
    if voice is not None:
        speaking = set(frame(package, "claim_attributions")["actor_id"].dropna())
        speakers = find_actors(package, voice, likely=speaking)
        filters[f"voice={voice!r}"] = _claims_where(package, "claim_attributions", "actor_id", speakers)
        if not speakers & speaking:
            hint = _compatriots(package, speakers, speaking)
    if topic is not None:
        value = find_value(package, "claims", "topic", topic)
        filters[f"topic={topic!r}"] = _claims_where(package, "claims", "topic", {value})
    if event is not None:
        filters[f"event={event!r}"] = _claims_where(package, "claim_events", "event_id", find_events(package, event))
    return _answer(claims_wide(package), "claim_id", filters, hint)


def _compatriots(package: Package, actors: set[str], speaking: set[str]) -> str:
    """Return a hint to those who speak, are of the same country as silent actors, and are no part of them."""
    rows = frame(package, "actors").set_index("actor_id")
    countries = set(rows.loc[sorted(actors), "country"].dropna())
    names = sorted(rows.loc[rows["country"].isin(countries) & rows.index.isin(speaking), "name"])
    return f"; of the same country: {', '.join(map(repr, names))}" if names else ""


def _claims_where(package: Package, table: str, column: str, values: set[str]) -> set[str]:
    rows = frame(package, table)
    return set(rows.loc[rows[column].isin(values), "claim_id"])


def _answer(rows: pd.DataFrame, key: str, filters: Mapping[str, set[str]], hint: str = "") -> pd.DataFrame:
    """Return the rows whose key is in every set, ready for a reader.

    If none is left, a warning says how many each filter alone would have matched, and ends with the hint.
    """
    found = rows
    for ids in filters.values():
        found = found[found[key].isin(ids)]
    if found.empty and filters:
        alone = (f"{name} alone matches {int(rows[key].isin(ids).sum())}" for name, ids in filters.items())
        warnings.warn(f"nothing fits all of these: {', '.join(alone)}{hint}", UserWarning, stacklevel=3)
    return _finished(found)


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a new index, and without values of unordered vocabularies that no row has.

    `attrs` has the version and the citation of the data.
    """
    from russia_dprk_claims.citation import citation

    rows = rows.reset_index(drop=True)
    for name in rows.columns:
        # An ordered vocabulary stays whole, so that `modality >= "probable"` works in every answer.
        if hasattr(rows[name], "cat") and not rows[name].cat.ordered:
            rows[name] = rows[name].cat.remove_unused_categories()
    descriptor = installed().descriptor
    rows.attrs = {"version": descriptor["version"], "source": citation(descriptor, "text")}
    return rows


def transfers(
    giver: str | None = None, receiver: str | None = None, item: str | None = None, realization: str | None = None
) -> pd.DataFrame:
    """Return who gives what to whom, as the claims have it.

    Parameters
    ----------
    giver, receiver : str, optional
        An actor, under any of its names; it stands also for the actors that are part of it.
    item : str, optional
        An item or a category of items, which includes its kinds: `ammunition` finds shells.
    realization : str, optional
        How far the transfer went, such as `occurred` or `sought`.

    Returns
    -------
    pandas.DataFrame
        One row per transfer of a claim. `realization` says how far it went, `polarity` and `modality` how surely the
        claim says so (the modality of the amount, where the text is less sure of that: of the shells in containers);
        `transfer` has all of this in words. **A transfer took place, according to the claim, only if
        the realization is `occurred` or `ongoing` and the polarity is `affirmed`.**

    Raises
    ------
    UnknownNameError
        If there is no such actor, item or realization; the error suggests similar names.

    Examples
    --------
    >>> transfers(receiver="DPRK", item="food", realization="offered")["giver"].tolist()
    ['Russia']
    """
    package = installed()
    rows = transfer_rows(package)
    filters = {}
    for side, word in (("giver", giver), ("receiver", receiver)):
        if word is not None:
            ids = find_actors(package, word)
            filters[f"{side}={word!r}"] = set(rows.loc[rows[f"{side}_id"].isin(ids), "transfer_id"])
    if item is not None:
        filters[f"item={item!r}"] = set(rows.loc[rows["item_id"].isin(_items(package, item)), "transfer_id"])
    if realization is not None:
        value = find_value(package, "transfers", "realization", realization)
        filters[f"realization={realization!r}"] = set(rows.loc[rows["realization"] == value, "transfer_id"])
    return _answer(rows, "transfer_id", filters)


def _items(package: Package, word: str) -> set[str]:
    """Return the items that a word names, with their kinds; UnknownNameError if it names none."""
    found = find_items(package, word)
    if not found:
        items = frame(package, "items")
        raise unknown("item", word, {*items["name"], *items["category"].astype(str)})
    return found


def transfer_rows(package: Package) -> pd.DataFrame:
    """Return the transfers of the active claims of a package as `transfers` has them."""
    claims = active_claims(package)
    rows = frame(package, "transfers")
    for side in ("giver", "receiver"):
        rows[side] = _actor_names(package, rows[f"{side}_id"])
    rows["item"] = rows["item_id"].map(frame(package, "items").set_index("item_id")["name"]).astype(text_type())
    figures: dict[str, str] = {}
    for row in read_rows(package, "quantities"):
        if key := row["transfer_id"]:
            figures[key] = "; ".join(filter(None, (figures.get(key), figure_in_words(row))))
    rows["figures"] = rows["transfer_id"].map(figures).astype(text_type())
    of_claim = ("claim_text", *_SURETY, "hedge", "event_date", "as_of", *_VOICE, *_SOURCE)
    rows = join_claims(rows, claims, of_claim)
    modality = rows["transfer_id"].map(transfer_modalities(package))
    rows["modality"] = modality.astype(category_type(package.contract["claims"].by_name["modality"]))
    cells = rows.astype(object).where(rows.notna(), None).to_dict("records")
    rows["transfer"] = [transfer_in_words(row) for row in cells]
    rows["transfer"] = rows["transfer"].astype(text_type())
    own = ("transfer_id", "transfer", "giver", "receiver", "item", "realization", "stage", "figures")
    return rows[[*own, "claim_id", *of_claim, "giver_id", "receiver_id", "item_id"]].reset_index(drop=True)


def events(kind: str | None = None) -> pd.DataFrame:
    """Return the events with how much is said of them, in the order of their dates.

    Parameters
    ----------
    kind : str, optional
        A kind of event, such as `visit` or `delivery`; by default all events are returned.

    Returns
    -------
    pandas.DataFrame
        One row per event. `date` is what the texts give, and `date_status` whether it is contested. `dates_given` has
        each date with the texts and voices that give it. `claims`, `sources` and `voices` count the claims on it, their
        texts and their innermost voices, whether they affirm, deny or foretell it: see `event`.

        `origins` lists the known origins of the claims that affirm it, and `independent_origins` counts them, those of
        one government or organization as one. `without_origin` counts the texts that affirm it and name no origin:
        they may rest on anything, and are not added.

    Raises
    ------
    UnknownNameError
        If there is no such kind; the error lists the kinds or suggests similar ones.

    Examples
    --------
    >>> table = events().set_index("event_id")
    >>> table.loc["EVT-summit-2023-09", "kind"]
    'meeting'
    """
    package = installed()
    rows = event_rows(package)
    return _finished(rows if kind is None else rows[rows["kind"] == find_value(package, "events", "kind", kind)])


def event_rows(package: Package) -> pd.DataFrame:
    """Return the events of a package as `events` has them."""
    rows = frame(package, "events")
    said = _claims_on_events(package, active_claims(package))
    spoken = frame(package, "claim_attributions")
    inner = spoken[spoken["step"] == spoken.groupby("claim_id")["step"].transform("max")]
    voices = said.merge(inner[["claim_id", "actor_id", "specificity"]], on="claim_id")
    voices["speaker"] = voices["actor_id"].fillna(voices["specificity"].astype(text_type()) + voices["source_id"])
    affirmed = said[said["bearing"].eq("affirms")].copy()
    origins = frame(package, "origins").set_index("origin_id")
    affirmed["root"] = affirmed["origin_id"].map(_roots(package, origins["actor_id"]))
    affirmed["origin"] = affirmed["origin_id"].map(origins["label"])
    labels = affirmed.dropna(subset=["origin"]).drop_duplicates(["event_id", "origin"])
    rows["origins"] = rows["event_id"].map(labels.groupby("event_id")["origin"].agg("; ".join)).astype(text_type())
    counts = {
        "claims": said.groupby("event_id")["claim_id"].nunique(),
        "sources": said.groupby("event_id")["source_id"].nunique(),
        "voices": voices.groupby("event_id")["speaker"].nunique(),
        "independent_origins": affirmed.groupby("event_id")["root"].nunique(),
        "without_origin": affirmed[affirmed["origin_id"].isna()].groupby("event_id")["source_id"].nunique(),
    }
    for name, numbers in counts.items():
        rows[name] = rows["event_id"].map(numbers).fillna(0).astype("Int64")
    rows["dates_given"] = rows["event_id"].map(_dates_given(said)).astype(text_type())
    rows["place"] = _actor_names(package, rows["place_id"])
    days = rows["date"].str.extract(r"([0-9]{4}(?:-[0-9]{2}){0,2})", expand=False)
    order = days.sort_values(kind="stable", na_position="last").index
    own = (
        "event_id",
        "label",
        "kind",
        "date",
        "date_status",
        "dates_given",
        *counts,
        "origins",
        "place",
        "agreement_id",
        "note",
    )
    return rows.loc[order, list(own)].reset_index(drop=True)


def _roots(package: Package, actors: pd.Series) -> Mapping[str, str]:
    """Return what each origin counts as: the body at the top of its actor, or itself without one."""
    parents = {row["actor_id"]: row["parent_id"] for row in read_rows(package, "actors")}
    roots = {}
    for origin, actor in actors.dropna().items():
        top = actor
        while parents[top]:
            top = parents[top]
        roots[origin] = top
    return {origin: roots.get(origin, origin) for origin in actors.index}


def _claims_on_events(package: Package, claims: pd.DataFrame) -> pd.DataFrame:
    of_claim = ("claim_text", *_SURETY, "hedge", "temporal_status", "event_date", "date_basis", "date_status", "as_of")
    return join_claims(frame(package, "claim_events"), claims, (*of_claim, *_VOICE, *_SOURCE, "origin_id"))


def _dates_given(said: pd.DataFrame) -> Mapping[str, str]:
    """Return the dates of each event, each with the voices that give it in their texts."""
    dated = said[said["event_date"].notna() & said["bearing"].eq("affirms")]
    given: dict[str, dict[str, list[str]]] = {}
    for event_id, day, voice, source in dated[["event_id", "event_date", "voice", "source_id"]].itertuples(index=False):
        voices = given.setdefault(event_id, {}).setdefault(day, [])
        words = source if voice == DOCUMENT else f"{voice} in {source}"
        voices += [words] if words not in voices else []
    return {
        event_id: "; ".join(f"{day} ({', '.join(voices)})" for day, voices in sorted(dates.items()))
        for event_id, dates in given.items()
    }


def event(event_id: str) -> pd.DataFrame:
    """Return every claim about an event, with what it says of it and by whose word.

    Parameters
    ----------
    event_id : str
        Its identifier or its label.

    Returns
    -------
    pandas.DataFrame
        One row per claim. `bearing` says whether the claim affirms the event, denies it, foretells it and so on.

    Raises
    ------
    UnknownNameError
        If there is no such event; the error suggests similar names.

    Examples
    --------
    >>> event("EVT-ballistic-missiles-to-russia")[["claim_id", "bearing"]].values.tolist()[-1]
    ['SRC-0005-C015', 'denies']
    """
    package = installed()
    said = _claims_on_events(package, active_claims(package))
    key = find_row(package, "events", "event_id", "label", event_id)
    said = said[said["event_id"] == key].sort_values("claim_id", kind="stable")
    origins = frame(package, "origins").set_index("origin_id")["label"]
    said["origin"] = said["origin_id"].map(origins).astype(text_type())
    return _finished(said.drop(columns=["event_id", "origin_id"]))


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
    rows = rows[(rows["claim_id"] == claim) & rows["related_claim_id"].isin(claims.index)]
    rows["direction"] = rows["direction"].astype(text_type())
    of_claim = ["claim_text", *_SURETY, "event_date", *_VOICE, *_SOURCE]
    return _finished(rows.drop(columns="claim_id").join(claims[of_claim], on="related_claim_id"))


def estimates(item: str | None = None, without: str | None = None) -> pd.DataFrame:
    """Return every figure with its bounds, who says it through whom, when and in which text.

    Parameters
    ----------
    item : str, optional
        What is counted: an item or a category of items, which includes its kinds, or a text to look for in the columns
        `item` and `value_text`; by default all figures are returned.
    without : str, optional
        An actor whose word is left out, with that of the bodies and officials that are part of it: alone, together with
        others, or through others.

    Returns
    -------
    pandas.DataFrame
        One row per figure: first the amounts of transfers, then their carriers such as containers, then other figures.
        `realization` says whether the transfer took place according to the claim, and is missing for other figures.
        A bound that the text does not give is missing. `modality` is that of the value: the claim's, unless the text is
        less sure of the value. A figure may be part of a denial: see `polarity`. Figures of speech are included and
        marked as `rhetorical`.

    Raises
    ------
    UnknownNameError
        If no figure and no item has this name, or no actor the one to leave out; the error suggests similar names.

    Examples
    --------
    >>> shells = estimates("artillery shells", without="South Korea")
    >>> shells[["value_text", "voice"]].head(1).values.tolist()
    [['at least 3 million', 'US intelligence']]
    """
    package = installed()
    rows = figure_rows(package)
    filters = {}
    if item:
        filters[f"item={item!r}"] = _figures_of(package, rows, item)
    if without is not None:
        said = _claims_where(package, "claim_attributions", "actor_id", find_actors(package, without))
        filters[f"without={without!r}"] = set(rows.loc[~rows["claim_id"].isin(said), "quantity_id"])
    return _answer(rows.drop(columns="item_id"), "quantity_id", filters)


def figure_rows(package: Package) -> pd.DataFrame:
    """Return the figures of the active claims of a package as `estimates` has them, with the items of transfers."""
    of_claim = ("polarity", *_VOICE, "event_date", *_SOURCE, "claim_text")
    rows = join_claims(frame(package, "quantities"), active_claims(package), ("modality", *of_claim))
    own = rows["value_modality"].astype(text_type())
    modality = rows["modality"].astype(text_type()).where(own == "as_claim", own)
    rows["modality"] = modality.astype(category_type(package.contract["claims"].by_name["modality"]))
    rows = rows.join(frame(package, "transfers").set_index("transfer_id")[["realization", "item_id"]], on="transfer_id")
    rows = rows.sort_values(["transfer_measure", "quantity_id"], kind="stable", na_position="last")
    return rows[[*_FIGURE, "modality", *of_claim, "item_id"]]


def _figures_of(package: Package, rows: pd.DataFrame, word: str) -> set[str]:
    """Return the figures that count an item or have a word in their own words; UnknownNameError if there is none."""
    items, folded = find_items(package, word), fold(word)
    columns = ("quantity_id", "item_id", "item", "value_text")
    found = {
        quantity
        for quantity, given, counted, worded in rows[list(columns)].itertuples(index=False)
        if given in items or (folded and (folded in fold(counted) or folded in fold(worded)))
    }
    if not found and not items:
        raise unknown("item of a figure", word, {*frame(package, "items")["name"], *rows["item"]})
    return found


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
    pairs["pair"] = [f"{one} {two}" for one, two in _ids(pairs)]
    filters = {}
    if topic is not None:
        on_topic = _claims_where(package, "claims", "topic", {find_value(package, "claims", "topic", topic)})
        filters[f"topic={topic!r}"] = {f"{one} {two}" for one, two in _ids(pairs) if {one, two} & on_topic}
    if event is not None:
        on_events = _claims_where(package, "claim_events", "event_id", find_events(package, event))
        filters[f"event={event!r}"] = {f"{one} {two}" for one, two in _ids(pairs) if {one, two} <= on_events}
    return _answer(pairs, "pair", filters).drop(columns="pair")


def conflict_rows(package: Package) -> pd.DataFrame:
    """Return the conflicts of a package as `conflicts` has them."""
    of_claim = ("claim_text", "attribution", *_SURETY, "event_date", *_SOURCE)
    claims = active_claims(package)
    rows = frame(package, "claim_relations")
    rows = rows[rows["relation"].isin(CONFLICTING) & rows["related_claim_id"].isin(claims.index)]
    pairs = join_claims(rows, claims, of_claim).join(
        claims[list(of_claim)].add_prefix("related_"), on="related_claim_id"
    )
    labels = frame(package, "events").set_index("event_id")["label"]
    on_events = frame(package, "claim_events").groupby("claim_id")["event_id"].agg(set).to_dict()
    shared = [on_events.get(one, set()) & on_events.get(two, set()) for one, two in _ids(pairs)]
    pairs["events"] = ["; ".join(sorted(labels[sorted(ids)])) or None for ids in shared]
    pairs["events"] = pairs["events"].astype(text_type())
    pairs = pairs.sort_values(["events", "claim_id", "related_claim_id"], kind="stable", na_position="last")
    first, second = ("claim_id", *of_claim), ("related_claim_id", *(f"related_{name}" for name in of_claim))
    own = ("events", "relation", "aspect", "independence", "conditional")
    return pairs[[*own, *first, *second, "note"]]


def _ids(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(pairs["claim_id"], pairs["related_claim_id"], strict=True))


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
    key = find_row(package, "agreements", "agreement_id", "name", agreement_id)
    cells = rows.loc[[key]].astype(text_type()).iloc[0].dropna()
    columns = ("name", "form", "existence", "status", "status_as_of")
    claims = active_claims(package)
    linked, transferred = _claims_of_agreement(package, key, claims), transfer_rows(package)
    parties = _rows_of(package, "agreement_parties", key)
    parties.insert(1, "actor", _actor_names(package, parties["actor_id"]))
    return Agreement(
        key,
        **{name: cells.get(name) for name in columns},
        parties=parties,
        transfers=_finished(transferred[transferred["claim_id"].isin(linked["claim_id"])]),
        claims=_finished(linked),
        by_source=_by_source(linked),
    )


def _rows_of(package: Package, table: str, key: str) -> pd.DataFrame:
    rows = frame(package, table)
    return rows[rows["agreement_id"] == key].drop(columns="agreement_id").reset_index(drop=True)


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
