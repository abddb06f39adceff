"""`event_summary`: the definition of the table of events that `events()` returns, for the files of a release."""

from __future__ import annotations

from russia_dprk_claims.contract import Contract, Table, derived_table

NAME = "event_summary"

_COLUMNS: tuple[str | tuple[str, ...], ...] = (
    "events.event_id",
    "events.label",
    "events.kind",
    "events.date",
    "events.date_status",
    (
        "dates_given",
        "Dates that are given",
        "Each date that claims give, with the texts that give it themselves and the voices that they quote.",
    ),
    ("claims", "Claims", "How many claims speak of it, whether they affirm, deny or foretell it.", "integer"),
    ("sources", "Sources", "In how many texts.", "integer"),
    ("voices", "Voices", "How many innermost voices speak of it.", "integer"),
    (
        "independent_origins",
        "Independent origins",
        "How many known origins the claims that affirm it have; those of one government or organization count as one.",
        "integer",
    ),
    (
        "without_origin",
        "Texts without origin",
        "How many texts affirm it and name no origin: they may rest on anything, and are not added.",
        "integer",
    ),
    ("origins", "Origins", "The known origins of the claims that affirm it."),
    ("place", "Place", "The name of the place."),
    "events.agreement_id",
    "events.note",
)


def summary_table(contract: Contract) -> Table:
    """Return the definition of `event_summary`, as if it were a table of the contract."""
    title = "Events with how much is said of them"
    description = "The events by date, one per row, with who gives which date and how many origins are known."
    return derived_table(contract, (NAME, title, description), _COLUMNS, ("events", "agreements"))
