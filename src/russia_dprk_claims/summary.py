"""`event_summary`: the definition of the table of events that `events()` returns, for the files of a release."""

from __future__ import annotations

from dataclasses import replace

from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table

NAME = "event_summary"

# Columns that are those of `events` are given by name; a tuple has the name, title, type and description.
_COLUMNS: tuple[str | tuple[str, str, str, str], ...] = (
    "event_id",
    "label",
    "kind",
    "date",
    "date_status",
    (
        "dates_given",
        "Dates that are given",
        "string",
        "Each date that claims give, with the texts that give it themselves and the voices that they quote.",
    ),
    ("claims", "Claims", "integer", "How many claims speak of it, whether they affirm, deny or foretell it."),
    ("sources", "Sources", "integer", "In how many texts."),
    ("voices", "Voices", "integer", "How many innermost voices speak of it."),
    (
        "independent_origins",
        "Independent origins",
        "integer",
        "How many known origins the claims that affirm it have; those of one government or organization count as one.",
    ),
    (
        "without_origin",
        "Texts without origin",
        "integer",
        "How many texts affirm it and name no origin: they may rest on anything, and are not added.",
    ),
    ("origins", "Origins", "string", "The known origins of the claims that affirm it."),
    ("place", "Place", "string", "The name of the place."),
    "agreement_id",
    "note",
)


def summary_table(contract: Contract) -> Table:
    """Return the definition of `event_summary`, as if it were a table of the contract."""
    fields = []
    for each in _COLUMNS:
        if isinstance(each, str):
            fields.append(replace(contract["events"].by_name[each], derived=None))
        else:
            name, title, type_, description = each
            fields.append(Field(name, title, description, type_, required=type_ == "integer"))
    title = "Events with how much is said of them"
    description = "The events by date, one per row, with who gives which date and how many origins are known."
    keys = (
        ForeignKey(("event_id",), "events", ("event_id",)),
        ForeignKey(("agreement_id",), "agreements", ("agreement_id",)),
    )
    return Table(NAME, title, description, tuple(fields), ("event_id",), keys, None, {})
