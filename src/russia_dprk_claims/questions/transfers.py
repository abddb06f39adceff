"""Questions whose answers are transfers, or figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from russia_dprk_claims.frames import category_type, frame, read_rows, records, text_type
from russia_dprk_claims.names import find_actors, find_items, find_value, fold, unknown_item
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.questions.answer import (
    SOURCE,
    SURETY,
    active_claims,
    actor_names,
    answer,
    claims_where,
    join_claims,
)
from russia_dprk_claims.sentences import CHAIN, figure_in_words, transfer_in_words
from russia_dprk_claims.wide import transfer_modalities

if TYPE_CHECKING:
    import pandas as pd

_FIGURE = (
    *("quantity_id", "claim_id", "item", "value_text", "value_low", "value_best", "value_high", "bound_type", "unit"),
    *("property", "realization", "transfer_measure", "transfer_id", "rhetorical", "period"),
    *("ratio_direction", "ratio_base", "parent_quantity_id"),
)


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
            filters[f"{side}={word!r}"] = rows[f"{side}_id"].isin(find_actors(package, word))
    if item is not None:
        items = frame(package, "items")
        found = find_items(package, item)
        if not found:
            raise unknown_item(package, "item", item, {*items["name"], *items["category"].astype(str)})
        filters[f"item={item!r}"] = rows["item_id"].isin(found)
    if realization is not None:
        value = find_value(package, "transfers", "realization", realization)
        filters[f"realization={realization!r}"] = rows["realization"] == value
    return answer(rows, filters)


def transfer_rows(package: Package) -> pd.DataFrame:
    """Return the transfers of the active claims of a package as `transfers` has them."""
    claims = active_claims(package)
    rows = frame(package, "transfers")
    for side in ("giver", "receiver"):
        rows[side] = actor_names(package, rows[f"{side}_id"])
    rows["item"] = rows["item_id"].map(frame(package, "items").set_index("item_id")["name"]).astype(text_type())
    figures: dict[str, str] = {}
    for row in read_rows(package, "quantities"):
        if key := row["transfer_id"]:
            figures[key] = "; ".join(filter(None, (figures.get(key), figure_in_words(row))))
    rows["figures"] = rows["transfer_id"].map(figures).astype(text_type())
    of_claim = ("claim_text", *SURETY, "hedge", "event_date", "as_of", *CHAIN, *SOURCE)
    rows = join_claims(rows, claims, of_claim)
    modality = rows["transfer_id"].map(transfer_modalities(package))
    rows["modality"] = modality.astype(category_type(package.contract["claims"].by_name["modality"]))
    rows["transfer"] = [transfer_in_words(row) for row in records(rows)]
    rows["transfer"] = rows["transfer"].astype(text_type())
    own = ("transfer_id", "transfer", "giver", "receiver", "item", "realization", "stage", "figures")
    return rows[[*own, "claim_id", *of_claim, "giver_id", "receiver_id", "item_id"]].reset_index(drop=True)


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
        filters[f"item={item!r}"] = rows["quantity_id"].isin(_figures_of(package, rows, item))
    if without is not None:
        said = claims_where(package, "claim_attributions", "actor_id", find_actors(package, without))
        filters[f"without={without!r}"] = ~rows["claim_id"].isin(said)
    return answer(rows.drop(columns="item_id"), filters)


def figure_rows(package: Package) -> pd.DataFrame:
    """Return the figures of the active claims of a package as `estimates` has them, with the items of transfers."""
    of_claim = ("polarity", *CHAIN, "event_date", *SOURCE, "claim_text")
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
        raise unknown_item(package, "item of a figure", word, {*frame(package, "items")["name"], *rows["item"]})
    return found
