"""Estimates: every figure with its bounds, who says it through whom, when and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from russia_dprk_claims.loader.context import of_claims, standing_claims
from russia_dprk_claims.loader.frames import category_type, frame, text_type
from russia_dprk_claims.loader.installed import installed
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd

_FIGURE = (
    *("quantity_id", "claim_id", "item", "value_text", "value_low", "value_best", "value_high", "bound_type", "unit"),
    *("property", "stage", "rhetorical", "period", "ratio_direction", "ratio_base", "parent_quantity_id"),
)
_CLAIM = (
    *("polarity", "voice", "through", "attribution", "event_date", "source_id", "source", "published_on"),
    "claim_text",
)


def estimates(item: str | None = None) -> pd.DataFrame:
    """Return every figure with its bounds, who says it through whom, when and in which text.

    Parameters
    ----------
    item
        Gives only the figures that have this in what is counted or in the figure as worded, whatever the case.

    Returns
    -------
    pandas.DataFrame
        One row a figure, rhetorical ones included and marked. A bound that the text does not give is missing, never
        filled. `modality` is that of the value: the claim's, where the text does not state the value otherwise.
        A figure may stand in a denial: see `polarity`. No figure of a withdrawn claim is there.

    Examples
    --------
    >>> shells = estimates("artillery shells")
    >>> shells[shells["bound_type"] == "range"][["value_low", "value_high"]].values.tolist()
    [[3000000.0, 5000000.0]]
    """
    return _matching(_figures(installed()), item)


def _figures(release: Package) -> pd.DataFrame:
    quantities = frame(release, "quantities")
    rows = of_claims(quantities, standing_claims(release), ("modality", *_CLAIM))
    as_claim = rows["value_modality"] == "as_claim"
    own = rows["value_modality"].astype(text_type())
    modality = rows["modality"].astype(text_type()).where(as_claim, own)
    rows["modality"] = modality.astype(category_type(release.contract["claims"].by_name["modality"]))
    return rows[[*_FIGURE, "modality", *_CLAIM]].reset_index(drop=True)


def _matching(rows: pd.DataFrame, item: str | None) -> pd.DataFrame:
    if item is None:
        return rows
    sought = item.casefold()
    found = [
        sought in f"{what}\n{worded}".casefold() for what, worded in zip(rows["item"], rows["value_text"], strict=True)
    ]
    return rows[found].reset_index(drop=True)
