"""Gives a record that was never released the next free id, and changes every reference to it."""

from __future__ import annotations

import re
from pathlib import Path

from curation.release.git import file_of, files_at
from curation.seeds.files import SEEDS, read_seed_files
from curation.seeds.template import SOURCE_ID, next_source_id
from curation.write import write_files
from russia_dprk_claims.loading import RELEASED


class RenumberError(Exception):
    """A record that cannot be renumbered; the message says in one line why and what to do."""


def renumber(root: Path, source_id: str, base: str | None = None) -> str:
    """Rename the record of a source and its seals, replace its id in every seed file, and return the new id.

    Parameters
    ----------
    root : pathlib.Path
        The project folder.
    source_id : str
        The source, such as `SRC-0006`.
    base : str, optional
        A branch, tag or commit whose ids are not free either.

    Raises
    ------
    RenumberError
        If there is no such record, or it was released.
    """
    record, seals = f"{SEEDS}/sources/{source_id}.yaml", f"{SEEDS}/seals/{source_id}.csv"
    found, _ = read_seed_files(root)
    files = {path: data for path, data in found.items() if data is not None}
    if not SOURCE_ID.fullmatch(source_id) or record not in files:
        raise RenumberError(f"{record}: there is no such record; give the id of one, such as SRC-0006")
    listed = files.get(RELEASED, b"") + (file_of(root, base, RELEASED) or b"" if base else b"")
    if f"sources,{source_id},".encode() in listed:
        raise RenumberError(f"{source_id} was released: its id stays; withdraw its claims instead")
    taken = {path.rpartition("/")[2] for path in (*files, *(files_at(root, base, SEEDS) if base else ()))}
    new_id = next_source_id(taken, listed)
    id_ = re.compile(rb"\b%s\b" % source_id.encode())
    changed = {
        path.replace(source_id, new_id) if path in {record, seals} else path: id_.sub(new_id.encode(), data)
        for path, data in files.items()
        if path != RELEASED and id_.search(path.encode() + b"\n" + data)
    }
    write_files(root, changed, obsolete=[path for path in (record, seals) if path in files])
    return new_id
