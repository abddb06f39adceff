"""An agreement with its parties, its transfers, and what the claims say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from russia_dprk_claims.frames import frame, text_type
from russia_dprk_claims.names import find_row
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.questions.answer import SOURCE, active_claims, actor_names, finished, join_claims
from russia_dprk_claims.questions.transfers import transfer_rows

if TYPE_CHECKING:
    import pandas as pd


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
    linked = join_claims(_rows_of(package, "claim_agreements", key), active_claims(package))
    linked = linked.sort_values("claim_id", kind="stable")
    transferred = transfer_rows(package)
    parties = _rows_of(package, "agreement_parties", key)
    parties.insert(1, "actor", actor_names(package, parties["actor_id"]))
    return Agreement(
        key,
        **{name: cells.get(name) for name in columns},
        parties=parties,
        transfers=finished(transferred[transferred["claim_id"].isin(linked["claim_id"])]),
        claims=finished(linked),
        by_source=_by_source(linked),
    )


def _rows_of(package: Package, table: str, key: str) -> pd.DataFrame:
    rows = frame(package, table)
    return rows[rows["agreement_id"] == key].drop(columns="agreement_id").reset_index(drop=True)


def _by_source(claims: pd.DataFrame) -> pd.DataFrame:
    counts = claims[list(SOURCE)].drop_duplicates().reset_index(drop=True)
    for bearing in claims["bearing"].cat.categories:
        by_source = claims[claims["bearing"] == bearing].groupby("source_id").size()
        counts[bearing] = counts["source_id"].map(by_source).astype("Int64").fillna(0)
    return counts
