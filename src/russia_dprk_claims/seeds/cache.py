"""The cache of a large seed folder: the rows of every sound file, so that the next build reads only what has changed.

It lies in `.cache/seeds/`, where git does not see it, and holds nothing that the seeds do not say. `state.json` lists
the files with the keys of what their rows follow from, and where their rows are among the batches that are kept. What
is not as it was written, or was written under another contract or by another program, is passed over.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package.descriptor import TableFile
from russia_dprk_claims.seeds.kept import SUFFIX, KeptBatch, write_whole
from russia_dprk_claims.seeds.pieces import Piece, Pieces

CACHE = ".cache/seeds"
STATE = "state.json"
_LIBRARIES = ("narwhals", "polars", "pycountry", "langcodes", "pyyaml")


@dataclass(frozen=True)
class State:
    """What the last build without a finding left: its files with their stamps and keys, the pieces that have their
    rows, in order, the CSV of each table with its stamp, and the released ids it saw.
    """

    names: Sequence[str]
    stamps: Sequence[str]
    keys: Sequence[str]
    pieces: Pieces
    tables: Mapping[str, tuple[TableFile, str]]
    released: str


def program_key(contract: Contract) -> str:
    """Return the key of all but the seeds that a build depends on: our code, the libraries and the contract."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes() + b"\0")
    for table in contract:
        digest.update(json.dumps(table.schema, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def load_state(root: Path, program: str) -> State | None:
    """Return what the last build left in the cache of a project, or None where it is of no use."""
    folder = root / CACHE
    try:
        raw = json.loads((folder / STATE).read_bytes())
        if raw["program"] != program:
            return None
        batches = [_batch(folder, each) for each in raw["batches"]]
        pieces = tuple(_piece(batches, *each) for each in raw["pieces"])
        tables = {
            name: (TableFile(str(sha256), int(length)), str(stamp))
            for name, (sha256, length, stamp) in raw["tables"].items()
        }
        names, stamps, keys = (list(map(str, raw[each])) for each in ("names", "stamps", "keys"))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None
    fits = len(names) == len(stamps) == len(keys) == sum(each.end - each.first for each in pieces)
    return State(names, stamps, keys, pieces, tables, str(raw["released"])) if fits else None


def _batch(folder: Path, raw: Sequence[Any]) -> KeptBatch:
    name, size, sources, totals = raw
    if not (len(name) == 64 and name.isalnum()):
        raise ValueError(name)
    if not all(isinstance(each, int) and each > 0 for each in (size, *totals.values())):
        raise ValueError("a number of rows is none")
    return KeptBatch(folder / f"{name}{SUFFIX}", size, int(sources), totals)


def _piece(batches: Sequence[KeptBatch], number: int, first: int, end: int) -> Piece:
    batch = batches[number]
    if not 0 <= first < end <= batch.size:
        raise ValueError("a piece that is none")
    return Piece(batch, first, end)


def save_state(root: Path, program: str, state: State) -> None:
    """Write down what a build leaves for the next one, and remove the rows that are of no use any more.

    Raises
    ------
    OSError
        If the disk does not take it.
    """
    batches = _batches(state.pieces)
    numbers = {place: number for number, place in enumerate(batches)}
    raw = {
        "program": program,
        "released": state.released,
        "tables": {name: [each.sha256, each.length, stamp] for name, (each, stamp) in state.tables.items()},
        "batches": [[place.stem, batch.size, batch.sources, dict(batch.totals)] for place, batch in batches.items()],
        "pieces": [
            [numbers[each.batch.place], each.first, each.end]
            for each in state.pieces
            if isinstance(each.batch, KeptBatch)
        ],
        "names": list(state.names),
        "stamps": list(state.stamps),
        "keys": list(state.keys),
    }
    folder = rows_folder(root)
    write_whole(folder / STATE, [json.dumps(raw, separators=(",", ":")).encode()])
    tidy(folder, state.pieces)


def _batches(pieces: Pieces) -> dict[Path, KeptBatch]:
    return {each.batch.place: each.batch for each in pieces if isinstance(each.batch, KeptBatch)}


def tidy(folder: Path, pieces: Pieces) -> None:
    """Remove the rows from a folder that belong to none of some pieces."""
    names = {place.name for place in _batches(pieces)}
    for path in folder.glob(f"*{SUFFIX}*"):
        if path.name not in names:
            path.unlink(missing_ok=True)


def rows_folder(root: Path) -> Path:
    """Return the folder of the cache, made where it is missing; a link in its place could lead anywhere.

    Raises
    ------
    OSError
        If it cannot be made, or is a link.
    """
    folder = root / CACHE
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink() or folder.parent.is_symlink():
        raise OSError(f"{folder} is a link")
    ignored = folder.parent / ".gitignore"
    if not ignored.exists():
        write_whole(ignored, [b"*\n"])
    return folder
