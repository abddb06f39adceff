"""Building a large seed folder: on all cores, in little memory, and after a change only as much as has changed.

It is a shorter way to what `read_project` and `build` give, for folders in which nothing is wrong and of which no text
is at hand. Where something is wrong, or may be, the long way is taken, so that every finding is made there and nowhere
else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.build import Progress
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.dataset import Dataset, read_dataset
from russia_dprk_claims.incremental import Change, change_is_sound, loses_ids
from russia_dprk_claims.lineage import ROOT
from russia_dprk_claims.package.descriptor import DESCRIPTOR, data_path, descriptor_of
from russia_dprk_claims.released import RELEASED_FILE, keeps_released
from russia_dprk_claims.seeds.cache import State, load_state, program_key, rows_folder, save_state, tidy
from russia_dprk_claims.seeds.gathering import Gathered, gather, regrouped
from russia_dprk_claims.seeds.kept import StaleError
from russia_dprk_claims.seeds.located import as_records
from russia_dprk_claims.seeds.ordered import in_key_order
from russia_dprk_claims.seeds.pieces import count, frames_of
from russia_dprk_claims.seeds.records import SeedFile, SeedSet
from russia_dprk_claims.seeds.seals import SEALS_FOLDER, parse_seals
from russia_dprk_claims.staged_tables import Staged, package_is_sound, stage_tables
from russia_dprk_claims.texts import texts_folder

MOST_CHANGED = 100_000
"""Up to how many rows, those that go and those that come, a change is judged by itself."""


@dataclass(frozen=True)
class Workplace:
    """Where a large build puts what it does not hold in memory: the files of the package on their way, and the rows of
    the seed files, which the next build may find there or not.
    """

    stage: Path
    rows: Path
    is_cache: bool

    @classmethod
    def of(cls, root: Path, stage: Path) -> Workplace:
        """Return the place of a build that may keep rows in the cache of a project, if the disk takes them."""
        with suppress(OSError):
            return cls(stage, rows_folder(root), True)
        return cls.passing(stage)

    @classmethod
    def passing(cls, stage: Path) -> Workplace:
        """Return the place of a build that leaves nothing behind."""
        rows = stage / "rows"
        rows.mkdir(parents=True)
        return cls(stage, rows, False)


@dataclass(frozen=True)
class Large:
    """What a large seed folder gives: the files that are not on disk as they should be, as bytes or waiting in files of
    their own, those that are, the number of rows by table, and what to keep for the next build.
    """

    files: Mapping[str, bytes]
    staged: Mapping[str, Path]
    kept: frozenset[str]
    rows: Mapping[str, int]
    remember: Callable[[], None]


@dataclass(frozen=True)
class _Build:
    """What a build works on."""

    root: Path
    texts: Path | None
    contract: Contract
    files: Sequence[SeedFile]
    place: Workplace
    program: str

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    def remember(self, gathered: Gathered, staged: Mapping[str, Staged], released: str) -> None:
        """Write the cache for the next build; where the disk does not take it, the next build reads all again."""
        if self.place.is_cache:
            with suppress(OSError, StaleError):
                pieces = regrouped(self.contract, self.place.rows, gathered.pieces)
                tables = {name: (each.facts, each.stamp) for name, each in staged.items()}
                state = State(gathered.names, gathered.stamps, gathered.keys, pieces, tables, released)
                save_state(self.root, self.program, state)


def build_large(
    root: Path,
    texts: Path | None,
    contract: Contract,
    files: Sequence[SeedFile],
    place: Workplace,
    say: Progress,
) -> Large | SeedSet:
    """Build a large seed folder in which nothing is wrong.

    Parameters
    ----------
    root
        The project folder.
    texts
        Where the source texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.
    contract
        The contract.
    files
        The files of the seed folder, in order.
    place
        Where to put what is not held in memory.
    say
        Is told what is being done.

    Returns
    -------
    Large or SeedSet
        The records, to be checked the long way, where something is wrong or a text is at hand that they must be held
        against.

    Raises
    ------
    OSError
        If the disk does not take what is built.
    """
    build = _Build(root, texts, contract, files, place, program_key(contract))
    state = load_state(root, build.program)
    if state:
        with suppress(StaleError):
            return _build(build, state, say)
    return _build(build, None, say)


def _build(build: _Build, state: State | None, say: Progress) -> Large | SeedSet:
    gathered = gather(build.contract, build.seeds, build.files, state, say.advance, build.place.rows)
    say("checking and building")
    dataset, findings = read_dataset(build.seeds)
    if dataset and not findings and gathered.is_sound and _seals_are_sound(build.seeds, build.files):
        made = _built(build, dataset, state, gathered)
        if made:
            return made
    records = as_records(build.contract, build.files, gathered)
    tidy(build.place.rows, state.pieces if state else ())
    return records


def _built(build: _Build, dataset: Dataset, state: State | None, gathered: Gathered) -> Large | None:
    if _has_texts(build, gathered):
        return None
    released = _digest(build.seeds / RELEASED_FILE)
    change = Change(build.contract, gathered) if state and _is_small(build.contract, gathered) else None
    if change and not change_is_sound(change):
        return None
    asks = released and not (state and change and released == state.released and not loses_ids(change))
    if asks and not keeps_released(build.seeds, build.contract, lambda table: _ids(table, gathered)):
        return None
    known = state.tables if state else {}
    staged = stage_tables(build.root, build.place.stage, build.contract, gathered.pieces, known, change)
    if not change and not package_is_sound(build.place.stage, build.contract):
        return None
    return _large(build, dataset, gathered, staged, released)


def _large(build: _Build, dataset: Dataset, gathered: Gathered, staged: Mapping[str, Staged], released: str) -> Large:
    waiting = {data_path(name): each.path for name, each in staged.items() if each.path}
    words = descriptor_of(build.contract, dataset, {name: each.facts for name, each in staged.items()})
    files = {} if _bytes(build.root / DESCRIPTOR) == words else {DESCRIPTOR: words}
    kept = {DESCRIPTOR, *map(data_path, build.contract.tables)} - files.keys() - waiting.keys()
    rows = {table.name: count(gathered.pieces, table.name) for table in build.contract}
    return Large(files, waiting, frozenset(kept), rows, lambda: build.remember(gathered, staged, released))


def _is_small(contract: Contract, gathered: Gathered) -> bool:
    """Return whether so little has changed that it is told by itself whether anything is wrong with it."""
    changed = (*gathered.fresh, *gathered.gone)
    return sum(count(changed, table.name) for table in contract) <= MOST_CHANGED


def _ids(table: Table, gathered: Gathered) -> Iterator[str]:
    """Yield the ids of a table in their order."""
    for frame in in_key_order(table, gathered.pieces, table.primary_key):
        yield from (each or "" for each in frame.to_series())


def _has_texts(build: _Build, gathered: Gathered) -> bool:
    """Return whether the text of any source is at hand."""
    try:
        names = {each.name for each in texts_folder(build.texts, build.seeds).iterdir()}
    except OSError:
        return False
    if not names:
        return False
    sources = frames_of(gathered.pieces, build.contract[ROOT], ["text_name"])
    return any(Path(name).name in names for frame in sources for name in frame.to_series() if name)


def _seals_are_sound(seeds: Path, files: Sequence[SeedFile]) -> bool:
    """Return whether each file of seals that no source has can be read; the others are read with their sources."""
    read = {file.path.stem for file in files if file.table == ROOT}
    with suppress(OSError, ValueError):
        for path in (seeds / SEALS_FOLDER).glob("*.csv"):
            if path.stem not in read:
                parse_seals(path.read_bytes() if path.is_file() else b"")
        return True
    return False


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file; nothing where there is none, and what no file has where it cannot be read."""
    if not path.exists():
        return ""
    data = _bytes(path)
    return "unreadable" if data is None else hashlib.sha256(data).hexdigest()


def summary_of(large: Large) -> Iterator[str]:
    """Yield the lines of the summary: the number of rows by table, and that no text was at hand."""
    for name, number in large.rows.items():
        yield f"{name:<20}{number:>8}"
    yield f"not verified, as no text is at hand: {large.rows[ROOT]} sources"
