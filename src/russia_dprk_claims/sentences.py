"""Claims in words: who says it through whom, how surely, with which figures, and when.

Everything that is shown to readers takes its words from here, so that a denial or a doubt reads the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from russia_dprk_claims.errors import unknown
from russia_dprk_claims.frames import Row, read_rows, text_type
from russia_dprk_claims.package import Package, installed

if TYPE_CHECKING:
    import pandas as pd

DOCUMENT = "the text"
UNNAMED = "somebody"
UNKNOWN_SIDE = "not named"
CHAIN = ("voice", "through", "attribution")

# The claim text of a denial says what is not so: "deny that it has not" would turn it round.
_VERBS = {"asserts": "says", "denies": "says, in denial", "accuses": "says, in accusation"}
_STANCES = {"endorses": " in agreement", "doubts": " with doubt"}
# Names of bodies and offices that take an article, also before "in Pyongyang" or "of Experts".
_AFTER = "(?: (?:in|of|to|on|at|for|from) .+)?"
_BODIES = (
    "States|Nations|Union|House|Council|Court|Kremlin|Pentagon|Staff|[Mm]inistry|[Gg]overnment|[Mm]ilitary|[Aa]rmy"
)
_WITH_ARTICLE = re.compile(rf"(?:.+ )?(?:{_BODIES}|[Ss]pokesperson|[Aa]mbassador|[Ee]nvoy){_AFTER}")
# A person whose name is a description: "senior official" or "Harbour master", but not "Shin Wonsik".
_DESCRIBED = re.compile(rf"(?:.+ )?[a-z-]+{_AFTER}")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_DOUBTS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}


@dataclass(frozen=True)
class Voice:
    """One voice of a chain; `step` counts from the document inwards, and `plural` marks a group of people."""

    step: int
    name: str
    act: str
    plural: bool = False
    stance: str = "neutral"
    stated_on: str | None = None
    person: bool = False

    @property
    def words(self) -> str:
        """The name as it stands within a sentence: `the United States`, `the senior official`, `Russia`."""
        has_article = _WITH_ARTICLE.fullmatch(self.name) or (self.person and _DESCRIBED.fullmatch(self.name))
        return f"the {self.name}" if has_article else self.name


def attribution(claim: str) -> str:
    """Return the attribution chain of a claim in words, from the document inwards.

    Parameters
    ----------
    claim : str
        The identifier of the claim, such as `SRC-0005-C015`.

    Returns
    -------
    str
        The beginning of a sentence, up to the verb before what is claimed. A colon and the text of the claim can
        follow it.

    Raises
    ------
    UnknownNameError
        If there is no such claim.

    Examples
    --------
    >>> attribution("SRC-0005-C015")
    'The text reports that Russia and North Korea say, in denial'
    """
    chains = voices_by_claim(installed())
    if claim not in chains:
        raise unknown("claim", claim, chains)
    return chain_in_words(chains[claim])


def attribution_chains(package: Package) -> pd.DataFrame:
    """Return who says each claim through whom, indexed by claim.

    `voice` is the innermost voice, `through` the voices outside it, from the document inwards, missing where the
    document speaks for itself, and `attribution` the whole chain in words.
    """
    import pandas as pd

    rows = {claim: chain_columns(voices) for claim, voices in voices_by_claim(package).items()}
    index = pd.Index(pd.array(list(rows), dtype=text_type()), name="claim_id")
    return pd.DataFrame(list(rows.values()), index=index, columns=CHAIN, dtype=text_type())


def chain_columns(voices: Sequence[Voice]) -> dict[str, str | None]:
    """Return the columns of `attribution_chains` for one claim."""
    *outer, inner = [enumeration([voice.name for voice in step]) for step in _steps(voices)]
    return dict(zip(CHAIN, (inner, "; ".join(outer) or None, chain_in_words(voices)), strict=True))


@lru_cache(maxsize=4)
def voices_by_claim(package: Package) -> Mapping[str, list[Voice]]:
    """Return the voices of each claim in the order of the table: from the document inwards."""
    actors = {row["actor_id"]: row for row in read_rows(package, "actors")}
    chains: dict[str, list[Voice]] = {}
    for row in read_rows(package, "claim_attributions"):
        actor = actors.get(row["actor_id"])
        unnamed = DOCUMENT if row["specificity"] == "document" else UNNAMED
        name, type_ = (actor["name"], actor["actor_type"]) if actor else (unnamed, "")
        about = (row["stance"], row["stated_on"], type_ == "person")
        voice = Voice(int(row["step"]), name, row["act"], type_ == "group", *about)
        chains.setdefault(row["claim_id"], []).append(voice)
    return chains


def _steps(voices: Sequence[Voice]) -> Iterator[list[Voice]]:
    """Yield the voices of each step."""
    return (list(each) for _, each in groupby(voices, lambda voice: voice.step))


def chain_in_words(voices: Sequence[Voice], document: str = DOCUMENT) -> str:
    """Return a chain, from the document inwards, in words: `The text reports that Mark Milley predicts`."""
    words = " that ".join(_step_in_words(step) for step in _steps(voices)).replace(DOCUMENT, document, 1)
    return words[:1].upper() + words[1:]


def _step_in_words(voices: Sequence[Voice]) -> str:
    """Return what the voices of a step do, joining neighbours that do the same."""
    alike = groupby(voices, lambda voice: (voice.act, voice.stance, voice.stated_on))
    return enumeration([_act_in_words(list(each)) for _, each in alike])


def _act_in_words(voices: Sequence[Voice]) -> str:
    """Return the names of voices with what they do, in the plural where it applies."""
    first = voices[0]
    verb = _VERBS.get(first.act, first.act)
    if len(voices) > 1 or first.plural:
        head, comma, rest = verb.partition(",")
        verb = _plural(head) + comma + rest
    when = f" ({date_in_words(first.stated_on)})" if first.stated_on else ""
    names = enumeration([voice.words for voice in voices])
    return f"{names} {verb}{_STANCES.get(first.stance, '')}{when}"


def _plural(verb: str) -> str:
    """Return the plural of a verb: `deny` for `denies`, `report` for `reports`."""
    return f"{verb.removesuffix('ies')}y" if verb.endswith("ies") else verb.removesuffix("s")


def enumeration(words: Sequence[str]) -> str:
    """Return words joined as in `A, B and C`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def date_in_words(text: str) -> str:
    """Return an EDTF date in words; one that has no words here stays as it is.

    >>> [date_in_words(each) for each in ("2024-06-23", "2024-06~", "2022/..", "../2023-08", "XXXX-03-12", "2023-21")]
    ['23 June 2024', 'about June 2024', 'from 2022 on', 'until August 2023', '12 March', 'spring 2023']
    """
    first, interval, last = text.partition("/")
    if not interval:
        return _DOUBTS.get(first[-1:], "") + _plain_date(first.rstrip("~?%"))
    if first in {"", ".."}:
        return f"until {date_in_words(last)}"
    if last in {"", ".."}:
        return f"from {date_in_words(first)} on"
    return f"{date_in_words(first)} to {date_in_words(last)}"


def _plain_date(text: str) -> str:
    year, month, day = (*text.split("-"), "", "")[:3]
    if month in _SEASONS:
        return f"{_SEASONS[month]} {year}"
    if not (month.isdigit() and 1 <= int(month) <= 12 and (not day or day.isdigit())):
        return text
    words = [str(int(day))] if day else []
    return " ".join([*words, MONTHS[int(month) - 1], *([year] if year != "XXXX" else [])])


def figure_in_words(figure: Row) -> str:
    """Return a figure in the words of its text, which have its bounds: `up to 4.8 million (shells in containers)`.

    A figure of which the text is less sure than of the claim says so, and so does a figure of speech.
    """
    notes = [str(figure["item"])]
    notes += [f"stated as {figure['value_modality']}"] if figure["value_modality"] != "as_claim" else []
    notes += ["a figure of speech"] if figure["rhetorical"] == "true" else []
    return f"{figure['value_text']} ({'; '.join(notes)})"


def transfer_in_words(transfer: Row) -> str:
    """Return a transfer in words, with all that says how sure it is: `Russia → North Korea: food (sought)`."""
    sides = (transfer[side] or UNKNOWN_SIDE for side in ("giver", "receiver"))
    notes = [transfer["realization"], transfer["stage"]]
    notes += {"denied": ["denied"], "unknown": ["open"]}.get(transfer["polarity"], [])
    notes += [transfer["modality"]] if transfer["modality"] in {"possible", "probable"} else []
    return f"{' → '.join(sides)}: {transfer['item']} ({', '.join(filter(None, notes))})"


def claim_in_words(claim: Row, voices: Sequence[Voice], details: Sequence[str]) -> str:
    """Return the sentence of a claim, of which `details` has the bounds and dates in words.

    `claim` is a row of `claims` with columns of its source, and the name of the publisher.
    """
    kind = {"news": "news report"}.get(claim["source_type"], claim["source_type"].replace("_", " "))
    document = f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
    document += f" by {claim['publisher']}" if claim["publisher"] else ""
    document += f" of {date_in_words(claim['published_on'])}" if claim["published_on"] else ""
    notes = [*_certainty(claim), *details, claim["claim_id"]]
    if claim["as_of"] != claim["published_on"]:
        notes.insert(0, f"as of {date_in_words(claim['as_of'])}")
    text = claim["claim_text"].removesuffix(".")
    return f"{chain_in_words(voices, document)}: {text} [{'; '.join(notes)}]."


def _certainty(claim: Row) -> list[str]:
    """Return how surely a claim is made, with its hedge; nothing where it is certain."""
    if claim["polarity"] == "unknown":
        words = "left open"
    elif claim["modality"] == "certain" and not claim["hedge"]:
        return []
    else:
        words = f"stated as {claim['modality']}"
    return [f"{words}, “{claim['hedge']}”" if claim["hedge"] else words]


def date_of_claim(claim: Row) -> list[str]:
    """Return the event date of a claim with how it is known and whether it can stand; nothing without a date."""
    if not claim["event_date"]:
        return []
    basis, status = _BASES.get(claim["date_basis"], ""), _STATUSES.get(claim["date_status"], "")
    return [f"dated {date_in_words(claim['event_date'])}{basis}{status}"]


_BASES = {
    "relative": ", worked out from the passage",
    "inferred": ", inferred from other passages",
    "other_text": ", inferred from another text",
}
_STATUSES = {"ambiguous": ", although the passage allows another date", "contradicted": ", which is contradicted"}


def date_of_event(event: Row) -> list[str]:
    """Return a warning if the date of an event is contested; nothing if it is not."""
    words = {
        "contradicted": "the texts contradict each other on the date",
        "disputed_elsewhere": "a public reference gives another date",
    }
    return [words[event["date_status"]]] if event["date_status"] in words else []
