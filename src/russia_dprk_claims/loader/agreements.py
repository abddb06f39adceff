"""Agreements: one agreement with its parties, its terms, and what the claims say of it, source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from russia_dprk_claims.loader.context import of_claims, standing_claims
from russia_dprk_claims.loader.frames import frame, text_type
from russia_dprk_claims.loader.installed import installed
from russia_dprk_claims.loader.resolving import resolve
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd

_CLAIM = (
    *("claim_text", "polarity", "modality", "temporal_status", "event_date", "voice", "through", "attribution"),
    *("source_id", "source", "published_on"),
)
_SOURCE = ["source_id", "source", "published_on"]


@dataclass(frozen=True, eq=False)
class Agreement:
    """An agreement as the editors judge it, and beside it what the sources say.

    Parties, terms and claims have different columns, so that each is a frame of its own.

    Parameters
    ----------
    agreement_id, name, form
        Which agreement it is.
    existence
        Whether it is documented, reported, alleged or hypothetical.
    status
        Where it stands by the latest that the texts say.
    signed_on, in_force_on, ended_on
        EDTF dates, None where the texts do not give them.
    parties
        One row a party, with its role.
    terms
        One row a thing that one party gives another, with the claim that it rests on and who says so.
    claims
        One row a claim and bearing: what each says of the agreement, who says so, and in which source.
    by_source
        One row a source, with the number of its claims by bearing: who asserts, denies or changes the status.
    """

    agreement_id: str
    name: str
    form: str
    existence: str
    status: str
    signed_on: str | None
    in_force_on: str | None
    ended_on: str | None
    parties: pd.DataFrame = field(repr=False)
    terms: pd.DataFrame = field(repr=False)
    claims: pd.DataFrame = field(repr=False)
    by_source: pd.DataFrame = field(repr=False)


def agreement(agreement_id: str) -> Agreement:
    """Return an agreement with its parties, its terms, and what the claims say of it.

    Parameters
    ----------
    agreement_id
        Its identifier, or its name, in whatever case.

    Raises
    ------
    UnknownNameError
        If there is no such agreement; the error has the nearest names.

    Examples
    --------
    >>> swap = agreement("AGR-arms-for-aid")
    >>> swap.existence, swap.status
    ('alleged', 'not_established')
    >>> swap.parties["actor"].tolist()
    ['North Korea', 'Russia']
    """
    release = installed()
    rows = frame(release, "agreements").set_index("agreement_id")
    key = resolve("agreement", agreement_id, zip(rows.index, rows["name"], strict=True))
    claims = _claims(release, key)
    return Agreement(
        key,
        **_cells(rows, key, ("name", "form", "existence", "status", "signed_on", "in_force_on", "ended_on")),
        parties=_parties(release, key),
        terms=_terms(release, key),
        claims=claims,
        by_source=_by_source(claims),
    )


def _cells(rows: pd.DataFrame, key: str, columns: Sequence[str]) -> dict[str, Any]:
    """Return some cells of a row as plain texts; an empty one is None."""
    known = rows.loc[[key], list(columns)].astype(text_type()).iloc[0].dropna().to_dict()
    return {name: known.get(name) for name in columns}


def _names(release: Package) -> pd.Series:
    return frame(release, "actors").set_index("actor_id")["name"]


def _of(release: Package, table: str, key: str) -> pd.DataFrame:
    rows = frame(release, table)
    return rows[rows["agreement_id"] == key].drop(columns="agreement_id").reset_index(drop=True)


def _parties(release: Package, key: str) -> pd.DataFrame:
    rows = _of(release, "agreement_parties", key)
    rows.insert(1, "actor", rows["actor_id"].map(_names(release)).astype(text_type()))
    return rows


def _terms(release: Package, key: str) -> pd.DataFrame:
    rows, names = _of(release, "agreement_terms", key), _names(release)
    for side in ("giver", "receiver"):
        rows[side] = rows[f"{side}_id"].map(names).astype(text_type())
    columns = ["term_no", "giver_id", "giver", "receiver_id", "receiver", "item", "claim_id"]
    said = ("attribution", "modality", "source_id", "source")
    return of_claims(rows, standing_claims(release), said)[[*columns, *said]].reset_index(drop=True)


def _claims(release: Package, key: str) -> pd.DataFrame:
    rows = of_claims(_of(release, "claim_agreements", key), standing_claims(release), _CLAIM)
    return rows.sort_values("claim_id", kind="stable").reset_index(drop=True)


def _by_source(claims: pd.DataFrame) -> pd.DataFrame:
    counts = claims[_SOURCE].drop_duplicates().reset_index(drop=True)
    for bearing in claims["bearing"].cat.categories:
        by_source = claims[claims["bearing"] == bearing].groupby("source_id").size()
        counts[bearing] = counts["source_id"].map(by_source).astype("Int64").fillna(0)
    return counts
