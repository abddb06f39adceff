"""Visible text: what came out of a file is shown so that it is short, stays on its line and hides nothing.

Characters that steer a terminal, turn the writing direction or cannot be seen or encoded are shown by their code, in
the way of Python. All formats for people go through here; JSON escapes by its own rules and needs only `encodable`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from unicodedata import category

from russia_dprk_claims.checks.findings import Finding

TEXT_LIMIT = 600
PATH_LIMIT = 4096

# Controls, format characters (bidi, zero width, tags), surrogates, separators of lines and of paragraphs.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SURROGATE = re.compile("[\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Return a text with every character that cannot be seen as its code.

    >>> print(visible("one\ntwo\u202e\x1b[31m"))
    one\ntwo\u202e\x1b[31m
    """
    if text.isprintable():
        return text
    return "".join(_code(each) if _is_unseen(each) else each for each in text)


def encodable(text: str) -> str:
    """Return a text that UTF-8 can encode: a lone surrogate, as JSON and file names may hold, becomes its code."""
    return _SURROGATE.sub(lambda match: _code(match[0]), text)


def shortened(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return a text of about `limit` characters: a longer one keeps its beginning and its end, and says what it lost.

    >>> shortened("0123456789" * 2, limit=8)
    '012345 […12 characters…] 89'
    """
    if len(text) <= limit:
        return text
    tail = limit // 4
    head = limit - tail
    return f"{text[:head]} […{len(text) - limit} characters…] {text[-tail:]}"


def shown(finding: Finding) -> Finding:
    """Return a finding of which every part is short and visible."""
    return Finding(
        location=replace(finding.location, path=visible(shortened(finding.location.path, PATH_LIMIT))),
        severity=finding.severity,
        rule=visible(shortened(finding.rule)),
        message=visible(shortened(finding.message)),
        hint=visible(shortened(finding.hint)),
        table=visible(shortened(finding.table)),
        row=visible(shortened(finding.row)),
        column=visible(shortened(finding.column)),
        value=visible(shortened(finding.value)),
    )


def _is_unseen(character: str) -> bool:
    return category(character) in _UNSEEN or _is_noncharacter(character)


def _is_noncharacter(character: str) -> bool:
    """Return whether this is no character at all: XML forbids U+FFFE and U+FFFF, and no plane uses its last two."""
    return ord(character) & 0xFFFE == 0xFFFE


def _code(character: str) -> str:
    r"""Return the code of a character, such as `\n`, `\x1b` or `\u202e`."""
    return character.encode("unicode_escape").decode("ascii")
