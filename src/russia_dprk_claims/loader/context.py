"""Context: what every answer says of a claim, in one place: the proposition, who says it, when and in which text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from russia_dprk_claims.loader.frames import frame
from russia_dprk_claims.loader.voices import chains
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd


def standing_claims(release: Package) -> pd.DataFrame:
    """Return the claims that stand, with who says them and where, indexed by claim.

    A withdrawn claim is no longer held to be a right reading; it stays in `load("claims")`, and no answer rests on it.

    Parameters
    ----------
    release
        The release.

    Returns
    -------
    pandas.DataFrame
        The columns of `claims`, then `source` (the label of the text), `published_on`, and those of `chains`.
    """
    sources = frame(release, "sources").set_index("source_id")
    claims = frame(release, "claims")
    claims = claims[claims["record_status"] == "active"].set_index("claim_id")
    claims = claims.join(sources[["label", "published_on"]].rename(columns={"label": "source"}), on="source_id")
    return claims.join(chains(release))


def of_claims(rows: pd.DataFrame, claims: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows whose claim stands, with columns of the claim beside them.

    Parameters
    ----------
    rows
        Rows with a column `claim_id`.
    claims
        What `standing_claims` gives.
    columns
        The columns of the claims that are wanted.
    """
    return rows[rows["claim_id"].isin(claims.index)].join(claims[list(columns)], on="claim_id")
