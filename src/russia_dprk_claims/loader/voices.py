"""Voices: who says a claim through whom, and the chain in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from russia_dprk_claims.errors import unknown
from russia_dprk_claims.loader.frames import frame, text_type
from russia_dprk_claims.loader.installed import installed
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd

DOCUMENT = "the text"
NOBODY = "somebody"


@dataclass(frozen=True)
class Voice:
    """One voice of a chain: how far inwards it is, what it is called, what it does, and whether it is many."""

    step: int
    name: str
    act: str
    many: bool = False


def attribution(claim: str) -> str:
    """Return the attribution chain of a claim in words, from the document inwards.

    Parameters
    ----------
    claim
        The identifier of the claim.

    Raises
    ------
    UnknownNameError
        If there is no such claim.

    Examples
    --------
    >>> attribution("SRC-0005-C015")
    'The text reports that Russia and North Korea deny'
    """
    worded = chains(installed())["attribution"]
    if claim not in worded.index:
        raise unknown("claim", claim, worded.index)
    return str(worded[claim])


def chains(release: Package) -> pd.DataFrame:
    """Return who says each claim through whom, indexed by claim.

    Parameters
    ----------
    release
        The release.

    Returns
    -------
    pandas.DataFrame
        `voice` is the innermost voice, `through` the voices outside it, from the document inwards, missing where the
        document speaks for itself, and `attribution` the whole chain in words.
    """
    import pandas as pd

    told = {claim: _told(list(chain)) for claim, chain in groupby(_voices(release), lambda each: each[0])}
    index = pd.Index(pd.array(list(told), dtype=text_type()), name="claim_id")
    columns = ("voice", "through", "attribution")
    cells = zip(*told.values(), strict=True) if told else [()] * len(columns)
    arrays = {name: pd.array(each, dtype=text_type()) for name, each in zip(columns, cells, strict=True)}
    return pd.DataFrame(arrays, index=index)


def _voices(release: Package) -> Iterator[tuple[str, Voice]]:
    """Yield every voice with its claim, in the order of the table: from the document inwards."""
    rows = frame(release, "claim_attributions")
    actors = frame(release, "actors").set_index("actor_id")
    names, kinds = actors["name"].to_dict(), actors["actor_type"].to_dict()
    columns = ("claim_id", "step", "actor_id", "specificity", "act")
    for claim, step, actor, specificity, act in zip(*(rows[each] for each in columns), strict=True):
        unnamed = DOCUMENT if specificity == "document" else NOBODY
        yield claim, Voice(int(step), names.get(actor, unnamed), act, kinds.get(actor) == "group")


def _told(chain: Iterable[tuple[str, Voice]]) -> tuple[str, str | None, str]:
    """Return the innermost voice of a claim, those outside it, and the chain in words."""
    voices = [voice for _, voice in chain]
    steps = [list(each) for _, each in groupby(voices, lambda voice: voice.step)]
    *outer, inner = [_enumerate([voice.name for voice in step]) for step in steps]
    return inner, "; ".join(outer) or None, in_words(voices)


def in_words(voices: Iterable[Voice]) -> str:
    """Return a chain in words, such as `The text reports that Mark Milley predicts`.

    Parameters
    ----------
    voices
        The voices from the document inwards.
    """
    steps = (_step_in_words(list(each)) for _, each in groupby(voices, lambda voice: voice.step))
    words = " that ".join(steps)
    return words[:1].upper() + words[1:]


def _step_in_words(voices: Sequence[Voice]) -> str:
    """Return what the voices of a step do: jointly where they do the same."""
    together = groupby(voices, lambda voice: voice.act)
    return _enumerate([_said(act, list(each)) for act, each in together])


def _said(act: str, voices: Sequence[Voice]) -> str:
    many = len(voices) > 1 or voices[0].many
    return f"{_enumerate([voice.name for voice in voices])} {_plural(act) if many else act}"


def _plural(act: str) -> str:
    """Return the verb of an act as many do it: `deny` for `denies`, `report` for `reports`."""
    return f"{act.removesuffix('ies')}y" if act.endswith("ies") else act.removesuffix("s")


def _enumerate(words: Sequence[str]) -> str:
    """Return words joined as in `A, B and C`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
