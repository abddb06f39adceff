"""Conditions: which texts are clean at a glance, and which columns may hold others.

Most texts are of ordinary letters, of which each is clean wherever it stands; only others are looked at more closely.
"""

from __future__ import annotations

import re
import unicodedata

from russia_dprk_claims.cells import INVISIBLE, STANDS_FOR_NOTHING
from russia_dprk_claims.contract import Field

# Letters and signs of which every text is clean and in normal form: ASCII, Latin with its accents, Cyrillic, dashes and
# quotation marks, currencies, Hangul syllables and ideographs.
ORDINARY_RANGES = (" ~", "¡¬", "®˿", "Ѐ҂", "Ҋԯ", "Ḁỿ", "‐‧", "‰›", "₠₿", "가힣", "一鿿")
ORDINARY = f"^[{''.join(f'{ends[0]}-{ends[1]}' for ends in ORDINARY_RANGES)}]*$"


_UNCLEAN = re.compile(rf"{INVISIBLE}|^\s|\s$|\s\s")


def is_clean(text: str) -> bool:
    """Return whether a text of whatever letters is clean and in normal form."""
    return unicodedata.is_normalized("NFC", text) and not _UNCLEAN.search(text)


def is_free_text(column: Field) -> bool:
    """Return whether a cell may hold what is not clean, as neither a vocabulary nor its pattern keeps it out."""
    if column.type != "string" or column.enum:
        return False
    return column.pattern is None or not _keeps_clean(column.pattern)


def _keeps_clean(pattern: str) -> bool:
    """Return whether all that fits a pattern is clean: it lists ASCII letters, digits and hyphens behind the first."""
    if not re.fullmatch(r"\^(?:[A-Z]|\[[A-Za-z0-9])[A-Za-z0-9\[\](){},?*+|-]*\$", pattern):
        return False
    words = {form(word) for word in STANDS_FOR_NOTHING for form in (str.lower, str.upper, str.title)}
    return not any(re.fullmatch(pattern, word) for word in words)
