"""Adding a source on disk: a new record for a text that has none yet."""

from __future__ import annotations

import re
from pathlib import Path

from curation.lineage import ROOT
from curation.seeds.records import read_seeds
from curation.seeds.skeleton import next_source_id, skeleton, source_of_text
from curation.write import write_files
from russia_dprk_claims.contract import read_contract


class RefusedError(Exception):
    """A text that gets no new record; the message says why and what to do."""


def add_source(root: Path, text: Path) -> str:
    """Write the skeleton of a record for a text.

    Parameters
    ----------
    root
        The project folder.
    text
        The file of the text.

    Returns
    -------
    str
        The path of the new record, from the project folder.

    Raises
    ------
    RefusedError
        If the text has a record already, is not UTF-8 or empty, or its file name cannot stand in a record.
    """
    contract = read_contract(root / "schemas")
    data = text.read_bytes()
    sources = read_seeds(root / "seeds", contract).tables[ROOT]
    known = source_of_text(data, sources)
    if known:
        raise RefusedError(f"{text}: the text is already in, as {known}")
    pattern = contract[ROOT].by_name["text_name"].pattern or ""
    if not re.fullmatch(pattern, text.name):
        raise RefusedError(f"{text}: rename it to letters, digits, '.', '_' and '-' without spaces")
    if not data.strip():
        raise RefusedError(f"{text}: the text is empty")
    source_id = next_source_id([*sources.cells["source_id"], *_taken_names(root)])
    try:
        record = skeleton(source_id, text.name, data, contract)
    except UnicodeDecodeError as error:
        raise RefusedError(f"{text}: the text is not UTF-8; save it with that encoding first") from error
    name = f"seeds/{ROOT}/{source_id}.yaml"
    write_files(root, {name: record.encode("utf-8")})
    return name


def _taken_names(root: Path) -> list[str]:
    """Return the ids of all record files, so that one that cannot be read keeps its id."""
    return [path.stem for path in (root / "seeds" / ROOT).glob("*")]
