"""What the answers share: the columns of their claims, their filters, and what a reader gets."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from russia_dprk_claims.citation import citation
from russia_dprk_claims.frames import frame, text_type
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.sentences import CHAIN, attribution_chains

if TYPE_CHECKING:
    import pandas as pd

SURETY = ("polarity", "modality")
SOURCE = ("source_id", "source", "published_on")
_DATES = ("temporal_status", "event_date", "date_basis", "date_status", "as_of")
OF_CLAIM = ("claim_text", *SURETY, "hedge", *_DATES, *CHAIN, *SOURCE)
"""The columns that an answer has of each claim, unless it is about something else than claims."""


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


def join_claims(
    rows: pd.DataFrame, claims: pd.DataFrame, columns: Sequence[str] = OF_CLAIM, key: str = "claim_id"
) -> pd.DataFrame:
    """Return the rows whose key is in the index of the claims, with columns of the claim added."""
    return rows[rows[key].isin(claims.index)].join(claims[list(columns)], on=key)


def actor_names(package: Package, ids: pd.Series) -> pd.Series:
    """Return the preferred names of actors."""
    return ids.map(frame(package, "actors").set_index("actor_id")["name"]).astype(text_type())


def claims_where(package: Package, table: str, column: str, values: set[str]) -> set[str]:
    """Return the claims that have one of these values in a table."""
    rows = frame(package, table)
    return set(rows.loc[rows[column].isin(values), "claim_id"])


def answer(rows: pd.DataFrame, filters: Mapping[str, pd.Series], hint: str = "") -> pd.DataFrame:
    """Return the rows for which every filter is true, ready for a reader.

    If none is left, a warning says how many each filter alone would have matched, and ends with the hint.
    """
    found = rows
    for fits in filters.values():
        found = found[fits[found.index]]
    if found.empty and filters:
        alone = [f"{name} alone matches {int(fits.sum())}" for name, fits in filters.items()]
        words = f"all of these: {', '.join(alone)}" if len(alone) > 1 else next(iter(filters))
        warnings.warn(f"nothing fits {words}{hint}", UserWarning, stacklevel=3)
    return finished(found)


def finished(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a new index, and without values of unordered vocabularies that no row has.

    `attrs` has the version and the citation of the data.
    """
    rows = rows.reset_index(drop=True)
    for name in rows.columns:
        # An ordered vocabulary stays whole, so that `modality >= "probable"` works in every answer.
        if hasattr(rows[name], "cat") and not rows[name].cat.ordered:
            rows[name] = rows[name].cat.remove_unused_categories()
    descriptor = installed().descriptor
    rows.attrs = {"version": descriptor["version"], "source": citation(descriptor, "text")}
    return rows
