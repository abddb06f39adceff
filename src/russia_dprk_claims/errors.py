"""The errors of the loader. Each is a `ClaimsError`, and its message says what to do."""

from __future__ import annotations

from collections.abc import Iterable

SHOWN_NAMES = 25
LONGEST_NAME = 200


class ClaimsError(Exception):
    """An error that a user of the data can do something about."""


class UnknownNameError(ClaimsError, LookupError):
    """A table, column, claim, actor, agreement, style or version that does not exist."""


class AmbiguousNameError(UnknownNameError):
    """A name that more than one actor or agreement has."""


class DamagedDataError(ClaimsError, ValueError):
    """Data of the package, or of a release, that are missing or do not fit their contract.

    `where` is the file, `what` is wrong with it, and `hint` says what to do.
    """

    def __init__(self, where: str, what: str, hint: str) -> None:
        """Keep the parts of the message."""
        super().__init__(where, what, hint)
        self.where, self.what, self.hint = where, what, hint

    def __str__(self) -> str:
        """Return the message, on one line."""
        return f"{self.where}: {self.what}; {self.hint}"


class DownloadError(ClaimsError, OSError):
    """A release that could not be downloaded; the cache has no part of it."""


class MissingExtraError(ClaimsError, ImportError):
    """A function of the loader that needs a package which is not installed."""


def unknown(kind: str, word: str, known: Iterable[str]) -> UnknownNameError:
    """Return the error for a word that names no `kind` (such as `table`), with up to three similar names."""
    names = {each.casefold(): each for each in sorted(known, reverse=True)}
    folded = str(word).casefold()
    near = [folded] if folded in names else similar(folded, names, 2)
    # A name that shares a word is often meant: `Ukrainian sources` for `Ukrainian intelligence`.
    words = set(folded.split())
    near += [name for name in sorted(names) if words & set(name.split()) and name not in near][: 3 - len(near)]
    near = near or [name for name in sorted(names) if words & set(name.split("_"))][:3]
    hint = ""
    if near:
        hint = f" (did you mean {' or '.join(repr(names[each]) for each in near)}?)"
    elif 0 < len(names) <= SHOWN_NAMES:
        hint = f" (one of: {', '.join(sorted(names.values()))})"
    return UnknownNameError(f"there is no {kind} {str(word)!r:.{LONGEST_NAME}}{hint}")


def similar(word: str, known: Iterable[str], n: int = 1) -> list[str]:
    """Return up to n of the known words that resemble a word, the nearest first; a very long word resembles none."""
    from difflib import get_close_matches

    return get_close_matches(word, known, n=n) if len(word) <= LONGEST_NAME else []
