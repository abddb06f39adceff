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
        super().__init__(where, what, hint)
        self.where, self.what, self.hint = where, what, hint

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.hint}"


class DownloadError(ClaimsError, OSError):
    """A release that could not be downloaded; the cache has no part of it."""


class MissingExtraError(ClaimsError, ImportError):
    """A function of the loader that needs a package which is not installed."""


def unknown(kind: str, word: str, known: Iterable[str]) -> UnknownNameError:
    """Return the error for a word that names no `kind` (such as `table`), with up to three similar names."""
    names = {each.casefold(): each for each in sorted(known, reverse=True)}
    folded = str(word).casefold()
    # A name that shares words, in any form, is often meant: `Ukrainian sources` for `Ukrainian intelligence`.
    words = folded[:LONGEST_NAME].split()
    shared = {name: sum(_has_form_of(name, each) for each in words) for name in sorted(names)}
    most = max(shared.values(), default=0)
    alike = [name for name in shared if shared[name] == most > 0]
    near = [folded] if folded in names else similar(folded, alike if most > 1 else names, 2)
    near += [name for name in alike if name not in near][: 3 - len(near)]
    near = near or [name for name in sorted(names) if {*words} & {*name.split("_")}][:3]
    hint = ""
    if near:
        hint = f" (did you mean {' or '.join(repr(names[each]) for each in near)}?)"
    elif 0 < len(names) <= SHOWN_NAMES:
        hint = f" (one of: {', '.join(sorted(names.values()))})"
    return UnknownNameError(f"there is no {kind} {str(word)!r:.{LONGEST_NAME}}{hint}")


def _has_form_of(name: str, word: str) -> bool:
    return any(each == word or (len(each) > 4 and word.startswith(each)) for each in name.split())


def similar(word: str, known: Iterable[str], n: int = 1) -> list[str]:
    """Return up to n of the known words that resemble a word, the nearest first; a very long word resembles none."""
    from difflib import get_close_matches

    return get_close_matches(word, known, n=n) if len(word) <= LONGEST_NAME else []
