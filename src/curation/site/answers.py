"""What the views of the page show: transfers, events, conflicts, sources and dates, in the words of the loader.

Only the marks and groups by which the page draws and filters them are made here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from curation.site.content import Content, Row
from curation.site.figures import humanize
from russia_dprk_claims.checks import edtf
from russia_dprk_claims.frames import records
from russia_dprk_claims.questions.claims import conflict_rows
from russia_dprk_claims.questions.events import event_rows
from russia_dprk_claims.questions.transfers import transfer_rows
from russia_dprk_claims.sentences import date_in_words, date_of_event, voices_by_claim

# How far a transfer went, by the mark that the page gives it.
MARKS = {
    "happened": "Said to have happened or to be under way",
    "possible": "Said to have happened, but only as possible or likely",
    "denied": "Denied, or said not to come",
    "open": "Left open",
    "ahead": "Agreed, offered, sought, expected or conditional: not said to have happened",
    "refused": "Declined or forbidden",
}
# Codes of sources that a reader has to see at once.
_SHORT = {"truncated": "Cut off", "inferred": "No date is printed"}
_GIVEN = ("occurred", "ongoing")
_REFUSED = ("declined", "forbidden")
# The columns of EDTF dates.
_DATES = ("date", "event_date", "as_of", "status_as_of", "published_on", "stated_on")
_ONLY_YEAR = re.compile("[0-9]{4}[~?%]?")


def mark(transfer: Row) -> str:
    """Return the mark of a transfer; only an affirmed and certain one that occurred or is ongoing has `happened`."""
    if transfer["polarity"] != "affirmed":
        return "denied" if transfer["polarity"] == "denied" else "open"
    if transfer["realization"] in _GIVEN:
        return "happened" if transfer["modality"] == "certain" else "possible"
    return "refused" if transfer["realization"] in _REFUSED else "ahead"


def transfers(content: Content) -> list[Row]:
    """Return the transfers of the active claims, each with its mark, its figures and its words in parts."""
    own = ("transfer_id", "claim_id", "source_id", "giver_id", "receiver_id", "item_id", "item", "realization")
    rows = []
    for row in records(transfer_rows(content.package)):
        # The words end with how far the transfer went and how surely it is said, in brackets.
        matter, _, notes = row["transfer"].rpartition(" (")
        words = {"sides": matter.removesuffix(f": {row['item']}"), "notes": notes.removesuffix(")")}
        rows.append({**{name: row[name] for name in own}, **words, "mark": mark(row), "figures": row["figures"] or ""})
    order = list(MARKS)
    return sorted(rows, key=lambda row: (order.index(row["mark"]), row["sides"], row["item"], row["transfer_id"]))


def events(content: Content) -> list[Row]:
    """Return the events in the order of their dates, each with what it rests on and a warning if it is contested."""
    rows = records(event_rows(content.package))
    return [{**row, "rests_on": _rests_on(row), "warning": "; ".join(date_of_event(row))} for row in rows]


def _rests_on(event: Row) -> str:
    """Return in words what the claims that affirm an event rest on."""
    origins, texts = event["independent_origins"], event["without_origin"]
    if origins and texts:
        return "known origins, and texts that name none"
    if origins:
        return "a single known origin" if origins == 1 else "several known origins"
    if texts:
        return "one text that names no origin" if texts == 1 else "several texts that name no origin"
    return "no claim that it happened"


def conflicts(content: Content) -> list[Row]:
    """Return the relations by which a claim contradicts or denies another, by event."""
    own = ("events", "relation", "aspect", "independence", "conditional", "claim_id", "related_claim_id", "note")
    return [{name: row[name] for name in own} for row in records(conflict_rows(content.package))]


def dates(content: Content) -> dict[str, tuple[str, float | None, float | None]]:
    """Return every date of the tables in words, with its first moment and that after its last, if it has them."""
    cells = (
        content.tables[table.name].cells[column.name]
        for table in content.contract
        for column in table.fields
        if column.name in _DATES
    )
    return {text: _date(text) for column in cells for text in column if text}


def _date(text: str) -> tuple[str, float | None, float | None]:
    words = f"{date_in_words(text)}, of which only the year is known" if _ONLY_YEAR.fullmatch(text) else ""
    days = edtf.day_range(text)
    first, last = (days.earliest, days.latest) if days else (None, None)
    return (
        words or date_in_words(text),
        milliseconds(first) if first else None,
        milliseconds(last + timedelta(days=1)) if last else None,
    )


def milliseconds(day: date) -> float:
    """Return the start of a day as a time scale counts it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def quotes(content: Content) -> list[Row]:
    """Return who passes on whose word, by the number of active claims; a text stands under its identifier."""
    claims: dict[tuple[str, str], list[str]] = {}
    for claim_id, voices in voices_by_claim(content.package).items():
        claim = content.claims.get(claim_id, {})
        steps = defaultdict(list)
        for voice in voices:
            steps[voice.step].append(voice.name if voice.step else claim.get("source_id", ""))
        for outer, inner in pairwise(steps.values()) if claim else ():
            for pair in ((one, two) for one in outer for two in inner):
                claims.setdefault(pair, []).append(claim_id)
    order = sorted(claims, key=lambda pair: (-len(claims[pair]), pair))
    return [{"outer": outer, "inner": inner, "claims": " ".join(claims[outer, inner])} for outer, inner in order]


def sources(content: Content) -> list[dict[str, Any]]:
    """Return each source: description, limits, numbers of rows, and coverage in per cent of the characters."""
    claims, asides = content.rows("claims"), content.rows("set_asides")
    source_of = {claim["claim_id"]: claim["source_id"] for claim in claims}
    quantities = Counter(source_of.get(row["claim_id"]) for row in content.rows("quantities"))
    lines = []
    for source in content.rows("sources"):
        key, length = source["source_id"], source["text_length"] or 0
        own, aside = ([row for row in rows if row["source_id"] == key] for rows in (claims, asides))
        claimed, coded = (
            len({place for row in rows for place in range(row["char_start"], row["char_end"])})
            for rows in (own, own + aside)
        )
        share = 100 / length if length else 0
        lines.append(
            {
                "source_id": key,
                "label": source["label"] or "",
                "kind": humanize(source["source_type"] or ""),
                "published": source["published_on"] or "",
                "limits": list(_limits(content, source)),
                "length": length,
                "claims": len(own),
                "quantities": quantities[key],
                "set_asides": len(aside),
                "claimed": share * claimed,
                "aside": share * (coded - claimed),  # set aside, and in no claim
            }
        )
    return lines


def _limits(content: Content, source: Row) -> Iterator[str]:
    """Yield what a reader has to know about a source before relying on it."""
    fields = content.contract["sources"].by_name
    for name, harmless in (("access", "open"), ("published_basis", "stated")):
        if source[name] not in {None, harmless}:
            head = _SHORT.get(source[name], fields[name].title)
            yield f"{head}: {fields[name].definitions[source[name]]}"
    if source["translated_from"]:
        yield f"Translated from the language {source['translated_from']}."
    unrecorded = [fields[name].title for name in ("title", "author", "url") if not source[name]]
    if unrecorded:
        yield f"Not recorded: {', '.join(unrecorded)}."
    for coder in content.rows("coders"):
        if (coder["coder_id"], coder["kind"]) == (source["coded_by"], "language_model"):
            yield f"Coded by a language model: {coder['description']}"
    if source["note"]:
        yield source["note"]
