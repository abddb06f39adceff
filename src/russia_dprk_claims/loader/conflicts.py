"""Conflicts: claims that contradict or deny each other, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from russia_dprk_claims.loader.context import standing_claims
from russia_dprk_claims.loader.frames import frame
from russia_dprk_claims.loader.installed import installed

if TYPE_CHECKING:
    import pandas as pd

RELATIONS = ("contradicts", "denies")
_SIDE = ("claim_text", "attribution", "polarity", "modality", "event_date", "source_id", "source", "published_on")


def conflicts() -> pd.DataFrame:
    """Return the pairs of claims of which one contradicts or denies the other, side by side.

    Returns
    -------
    pandas.DataFrame
        One row a pair and aspect. `relation` says how the first claim bears on the second, `aspect` in which respect,
        `independence` whether they rest on different origins. Then the same columns for both claims, those of the
        second with `related_` before their name. Which of the two is right is not said anywhere in the data.

    Examples
    --------
    >>> pairs = conflicts()
    >>> sorted(set(pairs["relation"]))
    ['contradicts', 'denies']
    """
    release = installed()
    claims = standing_claims(release)[list(_SIDE)]
    rows = frame(release, "claim_relations")
    stand = rows["claim_id"].isin(claims.index) & rows["related_claim_id"].isin(claims.index)
    rows = rows[rows["relation"].isin(RELATIONS) & stand]
    pairs = rows.join(claims, on="claim_id").join(claims.add_prefix("related_"), on="related_claim_id")
    first, second = ("claim_id", *_SIDE), ("related_claim_id", *(f"related_{name}" for name in _SIDE))
    return pairs[["relation", "aspect", "independence", *first, *second, "note"]].reset_index(drop=True)
