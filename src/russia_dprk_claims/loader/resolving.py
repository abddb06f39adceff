"""Resolving: what a reader calls an actor or an agreement leads to its identifier."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from russia_dprk_claims.errors import AmbiguousNameError, unknown


def resolve(kind: str, word: str, named: Iterable[tuple[str, str]]) -> str:
    """Return the one identifier that a word names.

    Parameters
    ----------
    kind
        What the word should name, such as `actor`.
    word
        An identifier or a name, in whatever case.
    named
        Every identifier with each of its names.

    Raises
    ------
    UnknownNameError
        If nothing has this name; the error has the nearest.
    AmbiguousNameError
        If more than one has it; the error lists them.
    """
    named = list(named)
    ids = {id_.casefold(): id_ for id_, _ in named}
    if word.casefold() in ids:
        return ids[word.casefold()]
    sought = fold(word)
    found = sorted({id_ for id_, name in named if fold(name) == sought})
    if len(found) > 1:
        raise AmbiguousNameError(f"{word!r} names more than one {kind}; give one of: {', '.join(found)}")
    if not found:
        prefix = sought.partition("-")[0] + "-"
        alike = [id_ for folded, id_ in ids.items() if folded.startswith(prefix)]
        raise unknown(kind, word, alike or [name for _, name in named])
    return found[0]


def fold(name: str) -> str:
    """Return a name without what readers type differently: case, spaces, width, full stops, the form of apostrophes."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("’", "'").replace(".", "").split())
