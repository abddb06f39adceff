"""The files of a package as bytes, and how they differ from those on disk."""

from __future__ import annotations

import difflib
import filecmp
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curation.dataset import Dataset
from curation.documents.descriptor import descriptor
from curation.publish import Content
from russia_dprk_claims.checks.tables import TextTables, to_csv
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package import DESCRIPTOR, data_path

SHOWN_LINES = 12
_PLACE = re.compile(r"(?<=[-+])[0-9]+")


def package_files(contract: Contract, dataset: Dataset, tables: TextTables) -> dict[str, bytes]:
    """Return the bytes of every file of the package, by its path from the descriptor."""
    data = {table.name: to_csv(table, tables[table.name]) for table in contract}
    files = {data_path(name): content for name, content in data.items()}
    files[DESCRIPTOR] = descriptor(contract, dataset, data)
    return files


def stray_files(root: Path, files: Container[str]) -> list[str]:
    """Return the CSV files of `data/` that no table has."""
    return sorted(path for each in (root / "data").glob("*.csv") if (path := f"data/{each.name}") not in files)


@dataclass(frozen=True)
class Difference:
    """A file on disk that is not the one that the seeds give: the words that say so, or what is there and should be."""

    path: str
    words: str = ""
    on_disk: bytes = b""
    wanted: bytes = b""

    @property
    def diff(self) -> str:
        """A short diff."""
        return self.words or _short_diff(self.path, self.on_disk, self.wanted)


def differences(root: Path, files: Mapping[str, Content], kept: Iterable[str] = ()) -> Iterator[Difference]:
    """Yield each file on disk that is not the one given, with those that are missing or too many.

    Those of the files that are `kept` are known to be on disk as they should be.
    """
    for path in sorted(files):
        place, content = root / path, files[path]
        if not place.is_file():
            yield Difference(path, f"{path}: missing")
        elif not _is_alike(place, content):
            wanted = content if isinstance(content, bytes) else content.read_bytes()
            yield Difference(path, on_disk=place.read_bytes(), wanted=wanted)
    yield from (Difference(path, f"{path}: no table has this file") for path in stray_files(root, {*files, *kept}))


def _is_alike(place: Path, content: Content) -> bool:
    """Return whether a file has the bytes that it should have."""
    if isinstance(content, bytes):
        return place.read_bytes() == content
    return filecmp.cmp(place, content, shallow=False)


def _short_diff(path: str, old: bytes, new: bytes) -> str:
    before, after = (each.decode("utf-8", errors="replace").splitlines() for each in (old, new))
    # The library takes its time over what is long, though most of it be alike.
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    names = (f"{path} (on disk)", f"{path} (from the seeds)")
    lines = [_moved(line, head) for line in difflib.unified_diff(before, after, *names, lineterm="", n=0)]
    if not lines:
        return f"{path}: the line ends differ"
    more = len(lines) - SHOWN_LINES
    return "\n".join([*lines[:SHOWN_LINES], *([f"… {more} more lines"] if more > 0 else [])])


def _alike(some: Sequence[str], others: Sequence[str]) -> int:
    """Return with how many lines alike two texts begin."""
    pairs = enumerate(zip(some, others, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(some), len(others)))


def _moved(line: str, by: int) -> str:
    """Return a line of a diff, the numbers of its place moved."""
    return _PLACE.sub(lambda number: str(int(number[0]) + by), line) if line.startswith("@@ ") else line
