"""The attribution chain of a claim in words: who says it through whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from russia_dprk_claims.errors import unknown
from russia_dprk_claims.frames import frame, text_type
from russia_dprk_claims.package import Package, installed

if TYPE_CHECKING:
    import pandas as pd

DOCUMENT = "the text"
UNNAMED = "somebody"


@dataclass(frozen=True)
class Voice:
    """One voice of a chain; `step` counts from the document inwards, and `plural` marks a group of people."""

    step: int
    name: str
    act: str
    plural: bool = False


def attribution(claim: str) -> str:
    """Return the attribution chain of a claim in words, from the document inwards.

    Parameters
    ----------
    claim : str
        The identifier of the claim, such as `SRC-0005-C015`.

    Returns
    -------
    str
        The beginning of a sentence, up to the verb before what is claimed.

    Raises
    ------
    UnknownNameError
        If there is no such claim.

    Examples
    --------
    >>> attribution("SRC-0005-C015")
    'The text reports that Russia and North Korea deny'
    """
    chains = _voices_by_claim(installed())
    if claim not in chains:
        raise unknown("claim", claim, chains)
    return chain_in_words(chains[claim])


def attribution_chains(package: Package) -> pd.DataFrame:
    """Return who says each claim through whom, indexed by claim.

    `voice` is the innermost voice, `through` the voices outside it, from the document inwards, missing where the
    document speaks for itself, and `attribution` the whole chain in words.
    """
    import pandas as pd

    chains = _voices_by_claim(package)
    rows = []
    for voices in chains.values():
        *outer, inner = [enumeration([voice.name for voice in step]) for step in _steps(voices)]
        rows.append((inner, "; ".join(outer) or None, chain_in_words(voices)))
    index = pd.Index(pd.array(list(chains), dtype=text_type()), name="claim_id")
    return pd.DataFrame(rows, index=index, columns=["voice", "through", "attribution"], dtype=text_type())


def _voices_by_claim(package: Package) -> dict[str, list[Voice]]:
    """Return the voices of each claim in the order of the table: from the document inwards."""
    rows = frame(package, "claim_attributions")
    actors = frame(package, "actors").set_index("actor_id")
    names, kinds = actors["name"].to_dict(), actors["actor_type"].to_dict()
    columns = ("claim_id", "step", "actor_id", "specificity", "act")
    chains: dict[str, list[Voice]] = {}
    for claim, step, actor, specificity, act in zip(*(rows[each] for each in columns), strict=True):
        unnamed = DOCUMENT if specificity == "document" else UNNAMED
        voice = Voice(int(step), names.get(actor, unnamed), act, kinds.get(actor) == "group")
        chains.setdefault(claim, []).append(voice)
    return chains


def _steps(voices: Sequence[Voice]) -> Iterator[list[Voice]]:
    """Yield the voices of each step."""
    return (list(each) for _, each in groupby(voices, lambda voice: voice.step))


def chain_in_words(voices: Sequence[Voice]) -> str:
    """Return a chain, from the document inwards, in words: `The text reports that Mark Milley predicts`."""
    words = " that ".join(_step_in_words(step) for step in _steps(voices))
    return words[:1].upper() + words[1:]


def _step_in_words(voices: Sequence[Voice]) -> str:
    """Return what the voices of a step do, joining neighbours that have the same act."""
    return enumeration([_act_in_words(act, list(each)) for act, each in groupby(voices, lambda voice: voice.act)])


def _act_in_words(act: str, voices: Sequence[Voice]) -> str:
    """Return the names of voices with what they do, in the plural where it applies."""
    plural = len(voices) > 1 or voices[0].plural
    return f"{enumeration([voice.name for voice in voices])} {_plural(act) if plural else act}"


def _plural(act: str) -> str:
    """Return the plural of a verb: `deny` for `denies`, `report` for `reports`."""
    return f"{act.removesuffix('ies')}y" if act.endswith("ies") else act.removesuffix("s")


def enumeration(words: Sequence[str]) -> str:
    """Return words joined as in `A, B and C`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
