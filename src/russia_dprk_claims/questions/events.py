"""Questions whose answers are events, or what is said of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from russia_dprk_claims.contract import SUMMARY, derived_table
from russia_dprk_claims.frames import frame, read_rows, text_type
from russia_dprk_claims.names import find_row, find_value
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.questions.answer import OF_CLAIM, active_claims, actor_names, finished, join_claims
from russia_dprk_claims.sentences import DOCUMENT
from russia_dprk_claims.wide import wholes

if TYPE_CHECKING:
    import pandas as pd


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
    return finished(rows if kind is None else rows[rows["kind"] == find_value(package, "events", "kind", kind)])


def event_rows(package: Package) -> pd.DataFrame:
    """Return the events of a package as `events` has them."""
    rows = frame(package, "events")
    said = _claims_on_events(package)
    dates = {
        event_id: "; ".join(f"{day} ({', '.join(voices)})" for day, voices in sorted(given.items()))
        for event_id, given in dates_given(package).items()
    }
    spoken = frame(package, "claim_attributions")
    inner = spoken[spoken["step"] == spoken.groupby("claim_id")["step"].transform("max")]
    voices = said.merge(inner[["claim_id", "actor_id", "specificity"]], on="claim_id")
    voices["speaker"] = voices["actor_id"].fillna(voices["specificity"].astype(text_type()) + voices["source_id"])
    affirmed = said[said["bearing"].eq("affirms")].copy()
    origins = frame(package, "origins").set_index("origin_id")
    affirmed["root"] = affirmed["origin_id"].map(_roots(package))
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
    rows["dates_given"] = rows["event_id"].map(dates).astype(text_type())
    rows["place"] = actor_names(package, rows["place_id"])
    days = rows["date"].str.extract(r"([0-9]{4}(?:-[0-9]{2}){0,2})", expand=False)
    order = days.sort_values(kind="stable", na_position="last").index
    return rows.loc[order, list(derived_table(package.contract, SUMMARY).columns)].reset_index(drop=True)


def _roots(package: Package) -> Mapping[str, str]:
    """Return what each origin counts as: the body at the top of its actor, or itself without one."""
    parts, rows = wholes(package), read_rows(package, "origins")
    return {row["origin_id"]: parts.get(row["actor_id"], [row["origin_id"]])[-1] for row in rows}


def _claims_on_events(package: Package) -> pd.DataFrame:
    return join_claims(frame(package, "claim_events"), active_claims(package), (*OF_CLAIM, "origin_id"))


def dates_given(package: Package) -> Mapping[str, Mapping[str, list[str]]]:
    """Return the dates that claims give each event, each with the voices that give it in their texts."""
    said = _claims_on_events(package)
    dated = said[said["event_date"].notna() & said["bearing"].eq("affirms")]
    given: dict[str, dict[str, list[str]]] = {}
    for event_id, day, voice, source in dated[["event_id", "event_date", "voice", "source_id"]].itertuples(index=False):
        voices = given.setdefault(event_id, {}).setdefault(day, [])
        words = source if voice == DOCUMENT else f"{voice} in {source}"
        voices += [words] if words not in voices else []
    return given


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
    said = _claims_on_events(package)
    key = find_row(package, "events", "event_id", "label", event_id)
    said = said[said["event_id"] == key].sort_values("claim_id", kind="stable")
    origins = frame(package, "origins").set_index("origin_id")["label"]
    said["origin"] = said["origin_id"].map(origins).astype(text_type())
    return finished(said.drop(columns=["event_id", "origin_id"]))
