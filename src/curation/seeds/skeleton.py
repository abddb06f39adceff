"""Skeletons: the beginning of a record for a new text, with everything that can be known without reading it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from curation.documents.editor_schema import modeline
from curation.texts import decode_text
from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import Contract

_NUMBER = re.compile(r"^SRC-([0-9]{4,6})$")


def next_source_id(taken: Iterable[str | None]) -> str:
    """Return the id after the highest that is taken."""
    numbers = [int(match[1]) for each in taken if each and (match := _NUMBER.match(each))]
    return f"SRC-{max(numbers, default=0) + 1:04d}"


def source_of_text(data: bytes, sources: TextTable) -> str | None:
    """Return the source whose text has these bytes, or None."""
    sha256 = hashlib.sha256(data).hexdigest()
    for row in sources.rows():
        if row["text_sha256"] == sha256:
            return row["source_id"]
    return None


def skeleton(source_id: str, text_name: str, data: bytes, contract: Contract) -> str:
    """Return the skeleton of a record.

    Parameters
    ----------
    source_id
        The id of the new source.
    text_name
        The name of the file of the text.
    data
        The bytes of the text.
    contract
        Says which columns there are; those that must be written stand open, the others behind a comment sign.

    Raises
    ------
    UnicodeDecodeError
        If the text is not UTF-8.
    """
    known = {
        "source_id": source_id,
        "text_name": text_name,
        "text_sha256": hashlib.sha256(data).hexdigest(),
        "text_length": str(len(decode_text(data))),
    }
    table = contract["sources"]
    lines = [modeline(table.name)]
    for column in table.fields:
        value = known.get(column.name)
        if value is not None:
            lines.append(f"{column.name}: {value}")
            continue
        sign = "" if column.required else "# "
        choice = ", ".join(column.enum) or f"{column.description} For example: {column.example}"
        lines.append(f"{sign}{column.name}:  # {choice}")
    lines += [f"{each.name}: []" for each in contract.children(table.name)]
    return "\n".join(lines) + "\n"
