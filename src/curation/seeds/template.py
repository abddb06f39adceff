"""Templates: the beginning of a record for a new text, with everything that can be known without reading it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from curation.documents.editor_schema import modeline
from curation.lineage import ROOT
from curation.seeds.files import SEEDS, read_seed_files
from curation.seeds.spans import text_folded_sha256
from curation.seeds.tables import read_seeds
from curation.write import write_files
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.files import LIMITS, read_file
from russia_dprk_claims.loading import RELEASED

SOURCE_ID = re.compile(r"\bSRC-([0-9]{4,6})\b")


class RefusedError(Exception):
    """No record is written for a text; the message says why and what to do."""


def next_source_id(names: Iterable[str], *lists: bytes) -> str:
    """Return the id after the highest of a source in some names, or in lists of released ids."""
    texts = (*names, *(data.decode("utf-8", errors="replace") for data in lists))
    return f"SRC-{max((int(number) for text in texts for number in SOURCE_ID.findall(text)), default=0) + 1:04}"


Drafter = Callable[[str, TextTables], Mapping[str, str]]
"""Returns cells and lists of a record as YAML, by column or table, for a text that is new to a dataset."""


def add_source(root: Path, text: Path, drafter: Drafter | None = None) -> str:
    """Write the template of a record for a text; a drafter fills in cells and lists.

    Raises RefusedError if the text has a record already, is not UTF-8 or empty, or has an unusable file name.
    """
    contract = read_contract(root / "schemas")
    data = read_file(text, Path(text.resolve().anchor), LIMITS.text)
    files, _ = read_seed_files(root)
    tables = read_seeds(files, contract).tables
    sources = tables[ROOT]
    sha256 = hashlib.sha256(data).hexdigest()
    known = next((row["source_id"] for row in sources.rows() if row["text_sha256"] == sha256), None)
    if known:
        raise RefusedError(f"{text}: this text already has the record {known}")
    if not re.fullmatch(contract[ROOT].by_name["text_name"].pattern or "", text.name):
        raise RefusedError(f"{text}: rename it to letters, digits, '.', '_' and '-' without spaces")
    if not data.strip():
        raise RefusedError(f"{text}: the text is empty")
    # The id of a record that cannot be read is not used again.
    names = (path.name for path in (root / SEEDS / ROOT).glob("*"))
    source_id = next_source_id([*filter(None, sources.cells["source_id"]), *names], files.get(RELEASED) or b"")
    try:
        drafted = drafter(data.decode("utf-8"), tables) if drafter else {}
        record = template(source_id, text.name, data, contract, drafted)
    except UnicodeDecodeError as error:
        raise RefusedError(f"{text}: the text is not UTF-8; save it with that encoding first") from error
    path = f"{SEEDS}/{ROOT}/{source_id}.yaml"
    write_files(root, {path: record.encode("utf-8")})
    return path


def template(
    source_id: str, text_name: str, data: bytes, contract: Contract, drafted: Mapping[str, str] | None = None
) -> str:
    """Return the template of a record.

    Required columns are left blank with a hint, optional ones are commented out, and lists are empty, unless a cell or
    list is drafted, as YAML by its column or table.
    """
    text, drafted = data.decode("utf-8"), drafted or {}
    known = {
        **drafted,
        "source_id": source_id,
        "text_name": text_name,
        "text_sha256": hashlib.sha256(data).hexdigest(),
        "text_folded_sha256": text_folded_sha256(text),
        "text_length": str(len(text)),
    }
    table = contract[ROOT]
    lines = [modeline(table.name)]
    for column in table.fields:
        value = known.get(column.name)
        if value is not None:
            lines.append(f"{column.name}: {value}")
            continue
        sign = "" if column.required else "# "
        choice = ", ".join(column.enum) or f"{column.description} For example: {column.example}"
        lines.append(f"{sign}{column.name}:  # {choice}")
    lines += [drafted.get(each.name, f"{each.name}: []") for each in contract.children(table.name)]
    return "\n".join(lines) + "\n"
