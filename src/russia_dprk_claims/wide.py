"""`claims_wide`: the active claims, one row each, with all that is said of them beside them.

It is derived from the tables alone. `derived.json` declares its columns; every file and page that shows it reads them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from russia_dprk_claims.contract import WIDE, derived_table
from russia_dprk_claims.errors import unknown
from russia_dprk_claims.frames import Cells, Row, read_rows, rows_of, typed_frame
from russia_dprk_claims.package import Package, installed
from russia_dprk_claims.sentences import (
    chain_columns,
    claim_in_words,
    date_of_claim,
    date_of_event,
    figure_in_words,
    transfer_in_words,
    voices_by_claim,
)

if TYPE_CHECKING:
    import pandas as pd

SEPARATOR = "; "
# Figures whose words need no repetition in a sentence.
_PRECISE = ("exact", "vague")
_INDEPENDENCE = {
    "independent": "independent origins",
    "same_origin": "the same origin",
    "unknown": "unknown whether independent",
}
_FROM_SOURCE = ("source_type", "published_on", "published_basis")


def claims_wide(package: Package) -> pd.DataFrame:
    """Return `claims_wide` as a new data frame, sorted by claim."""
    return typed_frame(derived_table(package.contract, WIDE), wide_cells(package))


@lru_cache(maxsize=4)
def wide_cells(package: Package) -> Mapping[str, Cells]:
    """Return the texts of the cells of `claims_wide` by column; an empty cell is None."""
    rows = list(_rows(package))
    return {each.name: [row[each.name] for row in rows] for each in derived_table(package.contract, WIDE).fields}


def _rows(package: Package) -> Iterator[Row]:
    voices = voices_by_claim(package)
    ranks = package.contract["claims"].by_name["modality"].order
    names = {table: {row[key]: row[label] for row in read_rows(package, table)} for table, key, label in _NAMED}
    claims = _active_claims(package, names)
    lists = _lists(package, claims, names)
    for claim_id, claim in claims.items():
        own = {name: words[claim_id] for name, words in lists.items()}
        details = [*own.pop("bounds"), *date_of_claim(claim), *own.pop("contested")]
        yield {
            **claim,
            **chain_columns(voices[claim_id]),
            **{name: SEPARATOR.join(words) or None for name, words in own.items()},
            "modality_rank": str(ranks.index(claim["modality"])),
            "sentence": claim_in_words(claim, voices[claim_id], details),
        }


_NAMED = (
    ("actors", "actor_id", "name"),
    ("items", "item_id", "name"),
    ("agreements", "agreement_id", "name"),
    ("origins", "origin_id", "label"),
)


def _active_claims(package: Package, names: Mapping[str, Mapping[str, str]]) -> dict[str, Row]:
    """Return the active claims by id, each with the columns of its source."""
    sources = {row["source_id"]: row for row in read_rows(package, "sources")}
    claims: dict[str, Row] = {}
    for row in read_rows(package, "claims"):
        source = sources[row["source_id"]]
        if row["record_status"] == "active":
            claims[row["claim_id"]] = {
                **row,
                **{name: source[name] for name in _FROM_SOURCE},
                "source": source["label"],
                "publisher": names["actors"].get(source["publisher_id"]),
                "origin": names["origins"].get(row["origin_id"]),
            }
    return claims


def _lists(
    package: Package, claims: Mapping[str, Row], names: Mapping[str, Mapping[str, str]]
) -> dict[str, defaultdict[str, list[str]]]:
    """Return what each column that lists something has for each active claim, in words.

    `bounds` and `contested` are only for the sentence.
    """
    columns = (
        *("figures", "bounds", "transfers", "events", "event_dates", "contested", "actors", "agreements"),
        *("relations", "word_of"),
    )
    lists: dict[str, defaultdict[str, list[str]]] = {name: defaultdict(list) for name in columns}
    for row in read_rows(package, "quantities"):
        words = figure_in_words(row)
        lists["figures"][row["claim_id"]].append(words)
        if row["rhetorical"] == "false" and (row["bound_type"] not in _PRECISE or row["value_modality"] != "as_claim"):
            lists["bounds"][row["claim_id"]].append(words)
    modalities = transfer_modalities(package)
    for row in read_rows(package, "transfers"):
        if claim := claims.get(row["claim_id"]):
            sides = {side: names["actors"].get(row[f"{side}_id"]) for side in ("giver", "receiver")}
            own = {"item": names["items"][row["item_id"]], "modality": modalities[row["transfer_id"]]}
            lists["transfers"][row["claim_id"]].append(transfer_in_words({**claim, **row, **sides, **own}))
    events = {row["event_id"]: row for row in read_rows(package, "events")}
    for row in read_rows(package, "claim_events"):
        event = events[row["event_id"]]
        lists["events"][row["claim_id"]].append(f"{event['label']} ({row['bearing']})")
        lists["event_dates"][row["claim_id"]] += [f"{event['date']} ({event['date_status']})"] if event["date"] else []
        lists["contested"][row["claim_id"]] += date_of_event(event)
    for row in read_rows(package, "claim_actors"):
        lists["actors"][row["claim_id"]].append(f"{names['actors'][row['actor_id']]} ({row['role']})")
    for row in read_rows(package, "claim_agreements"):
        lists["agreements"][row["claim_id"]].append(f"{names['agreements'][row['agreement_id']]} ({row['bearing']})")
    parts = wholes(package)
    for row in read_rows(package, "claim_attributions"):
        listed = lists["word_of"][row["claim_id"]]
        named = (names["actors"][actor] for actor in parts.get(row["actor_id"], ()))
        listed += [name for name in named if name not in listed]
    for claim_id, words in _relations(package, claims):
        lists["relations"][claim_id].append(words)
    return lists


def wholes(package: Package) -> dict[str | None, list[str]]:
    """Return each actor with all that it is part of, from itself outwards."""
    parents = {row["actor_id"]: row["parent_id"] for row in read_rows(package, "actors")}
    found: dict[str | None, list[str]] = {}
    for actor in parents:
        found[actor], part = [], actor
        while part in parents and part not in found[actor]:
            found[actor].append(part)
            part = parents.get(part)
    return found


def _relations(package: Package, claims: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield each relation of two active claims in words, once for each of them."""
    for row in read_rows(package, "claim_relations"):
        first, second = row["claim_id"], row["related_claim_id"]
        if first in claims and second in claims:
            details = [row["aspect"], _INDEPENDENCE[row["independence"]]]
            details += ["under a condition"] if row["conditional"] == "true" else []
            verb = row["relation"]
            if (verb, row["independence"]) == ("corroborates", "independent"):
                # So that a filter finds it: a cell has several relations.
                verb = f"independently {verb}"
                details.remove(_INDEPENDENCE["independent"])
            # The verbs of the vocabulary are regular: denies, denied by.
            passive = re.sub("e?s$", "ed", verb)
            yield first, f"{verb} {second} ({', '.join(details)})"
            yield second, f"{passive} by {first} ({', '.join(details)})"


@lru_cache(maxsize=4)
def transfer_modalities(package: Package) -> Mapping[str, str]:
    """Return how surely each transfer is stated: as its claim, unless the text is less sure of the amount.

    Containers may be certain, and the shells in them only possible.
    """
    order = package.contract["claims"].by_name["modality"].order
    claims = {row["claim_id"]: row["modality"] for row in read_rows(package, "claims")}
    found = {row["transfer_id"]: claims[row["claim_id"]] for row in read_rows(package, "transfers")}
    for row in read_rows(package, "quantities"):
        if row["transfer_measure"] == "amount" and row["value_modality"] != "as_claim":
            found[row["transfer_id"]] = min(found[row["transfer_id"]], row["value_modality"], key=order.index)
    return found


def sentence(claim: str) -> str:
    """Return a claim as one sentence to put into an article.

    Parameters
    ----------
    claim : str
        Its identifier.

    Returns
    -------
    str
        Who says it through whom, in what kind of text and when, what is claimed, and in brackets how surely, with
        which bounds, and the date with its status. A denial is marked as one. The words are ours, but for a hedge in
        quotation marks.

    Raises
    ------
    UnknownNameError
        If there is no such claim.

    Examples
    --------
    >>> print(sentence("SRC-0005-C013"))
    An analysis of about June 2024 reports that US sources and Ukrainian sources allege: North Korea has possibly
    supplied Russia with ballistic missiles for the war in Ukraine [stated as possible, “possibly”; SRC-0005-C013].
    """
    return str(wide_row(claim)["sentence"])


def wide_row(claim: str) -> Row:
    """Return the row of a claim in `claims_wide`; `UnknownNameError` as for `sentence`."""
    rows = {row["claim_id"]: row for row in rows_of(wide_cells(installed()))}
    if claim not in rows:
        raise unknown("active claim", claim, rows)
    return rows[claim]
