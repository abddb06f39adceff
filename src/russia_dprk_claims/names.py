"""Finds the row that a name means, as people type it: `ROK`, `Shin Won-sik`, `shell`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

from russia_dprk_claims.errors import AmbiguousNameError, UnknownNameError, unknown
from russia_dprk_claims.frames import frame
from russia_dprk_claims.package import Package

if TYPE_CHECKING:
    import pandas as pd

# Names that people type, by the preferred name of the actor; the names that the texts use are in `actor_names`.
TYPED = {
    "United States": ("USA", "America", "United States of America"),
    "South Korea": ("ROK", "Republic of Korea"),
    "North Korea": ("DPRK", "Democratic People's Republic of Korea"),
    "China": ("PRC", "People's Republic of China"),
}

# A word that people type for an item or a category, by the fold of it.
ITEMS_TYPED = {"arms": "weapons", "armaments": "weapons", "munitions": "ammunition"}


def resolve_name(
    kind: str,
    word: str,
    named: Iterable[tuple[str, str]],
    last: Container[str] = (),
    likely: Container[str] | None = None,
) -> str:
    """Return the identifier that a word, itself an identifier or a name, refers to.

    Case, spaces, hyphens, accents and a plural `s` are ignored. `named` has every identifier with each of its names;
    one in `last` is used only if no other has the name. Raises `UnknownNameError` with similar names, if given only
    those of the `likely` identifiers, if none fits, and `AmbiguousNameError` if several do.
    """
    named = list(named)
    ids = {id_.casefold(): id_ for id_, _ in named}
    if word.casefold() in ids:
        return ids[word.casefold()]
    folded = fold(word)
    found = _named(folded, named) or _named(singular(folded), [(id_, singular(fold(name))) for id_, name in named])
    found = [each for each in found if each not in last] or found
    if len(found) > 1:
        raise AmbiguousNameError(f"{word!r} names more than one {kind}; give one of: {', '.join(found)}")
    if not found:
        prefix = word.casefold().partition("-")[0] + "-"
        similar = [id_ for each, id_ in ids.items() if each.startswith(prefix)]
        raise unknown(kind, word, similar or [name for id_, name in named if likely is None or id_ in likely])
    return found[0]


def _named(folded: str, named: Iterable[tuple[str, str]]) -> list[str]:
    return sorted({id_ for id_, name in named if fold(name) == folded})


def fold(name: str) -> str:
    """Return only the letters and digits of a name, without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if sign.isalnum())


def singular(word: str) -> str:
    """Return a word without its plural `s`."""
    return word.removesuffix("s")


def find_actors(package: Package, word: str, likely: Container[str] | None = None) -> set[str]:
    """Return the identifier of the actor that a word names, with those of all actors that are part of it.

    The error for an unknown name suggests only `likely` actors, if they are given.
    """
    actors, names = frame(package, "actors"), frame(package, "actor_names")
    pairs = [pair for rows in (actors, names) for pair in zip(rows["actor_id"], rows["name"], strict=True)]
    ids = dict(zip(actors["name"], actors["actor_id"], strict=True))
    pairs += [(ids[name], typed) for name, words in TYPED.items() if name in ids for typed in words]
    places = set(actors.loc[actors["actor_type"] == "place", "actor_id"])
    return _with_parts(actors, "actor_id", {resolve_name("actor", word, pairs, places, likely)})


def find_items(package: Package, word: str) -> set[str]:
    """Return the identifiers of the items that a word names, with those of their kinds.

    The word is the name of an item or of a category, or a part of the names of items: `shells` names both the shells
    and those of one calibre. Empty if it names none.
    """
    items = frame(package, "items")
    word = ITEMS_TYPED.get(fold(word), word)
    folded, part = singular(fold(word)), singular(word.casefold())
    columns = zip(items["item_id"], items["name"], items["category"], strict=True)
    named = {
        item
        for item, name, category in columns
        if folded in {singular(fold(text)) for text in (item, category)} or part in name.casefold()
    }
    return _with_parts(items, "item_id", named)


def unknown_item(package: Package, kind: str, word: str, names: Iterable[str]) -> UnknownNameError:
    """Return the error for a word that names no item: it shows the categories whose definitions have the word.

    If there are none, it suggests similar ones of the names.
    """
    definitions, words = package.contract["items"].by_name["category"].definitions, _words(word)
    about = [f"{name!r} ({text})" for name, text in definitions.items() if words and words in _words(text)]
    if not about:
        return unknown(kind, word, names)
    return UnknownNameError(f"there is no {kind} {word!r}; definitions with the word: {', '.join(about)}")


def _with_parts(rows: pd.DataFrame, key: str, found: set[str]) -> set[str]:
    """Return some rows with all rows below them, by the column `parent_id`."""
    added = found
    while added:
        found = found | added
        added = set(rows.loc[rows["parent_id"].isin(added), key]) - found
    return found


def find_value(package: Package, table: str, column: str, word: str) -> str:
    """Return the value of a vocabulary that a word names; case, spaces, underscores and a plural `s` are ignored."""
    values = package.contract[table].by_name[column].enum
    return resolve_name(column.replace("_", " "), word, zip(values, values, strict=True))


def find_row(package: Package, table: str, key: str, label: str, word: str) -> str:
    """Return the identifier of the row that an identifier or a label names."""
    rows = frame(package, table)
    return resolve_name(table.removesuffix("s"), word, zip(rows[key], rows[label], strict=True))


def find_events(package: Package, word: str) -> set[str]:
    """Return the identifier of the event that a word names, or those of all events whose labels have the word."""
    rows = frame(package, "events")
    labels = list(zip(rows["event_id"], rows["label"], strict=True))
    folded, words = fold(word), _words(word)
    exact = {id_ for id_, label in labels if folded in {fold(id_), fold(label)}}
    # `arms` is not meant to find an armistice: whole words come first.
    whole = {id_ for id_, label in labels if words in _words(label)}
    part = {id_ for id_, label in labels if folded in fold(label)}
    return exact or whole or part or {resolve_name("event", word, labels)}


def _words(text: str) -> str:
    """Return the words of a text without case, accents and plural `s`, each between two spaces."""
    return "".join(f" {singular(fold(each))} " for each in re.findall(r"[^\W_]+", text))
