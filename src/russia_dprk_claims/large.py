"""Building a large seed folder: on all cores, and after a change only as much as has changed.

It is a shorter way to what `read_project` and `build` give, for folders in which nothing is wrong and of which no text
is at hand. Where something is wrong, or may be, the long way is taken, so that every finding is made there and nowhere
else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

from russia_dprk_claims.build import Progress
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.dataset import Dataset, read_dataset
from russia_dprk_claims.incremental import Change, change_is_sound, loses_ids, raw_table
from russia_dprk_claims.lineage import ROOT
from russia_dprk_claims.package.descriptor import DESCRIPTOR, TableFile, data_path, descriptor_of
from russia_dprk_claims.package.tablefiles import frame_csv, mended
from russia_dprk_claims.raw_tables import RawTables
from russia_dprk_claims.released import RELEASED_FILE, check_released
from russia_dprk_claims.seeds.cache import (
    KeptBatch,
    StaleError,
    State,
    keep_batch,
    load_state,
    program_key,
    save_state,
)
from russia_dprk_claims.seeds.gathering import Gathered, gather, regrouped
from russia_dprk_claims.seeds.located import as_records
from russia_dprk_claims.seeds.records import SeedFile, SeedSet
from russia_dprk_claims.seeds.seals import SEALS_FOLDER, parse_seals
from russia_dprk_claims.texts import texts_folder


@dataclass(frozen=True)
class Large:
    """What a large seed folder gives: the files that are not on disk as they should be and those that are, the number
    of rows by table, and what to keep for the next build.
    """

    files: Mapping[str, bytes]
    kept: frozenset[str]
    rows: Mapping[str, int]
    contract: Contract
    gathered: Gathered
    program: str
    tables: Mapping[str, TableFile]
    released: str

    def remember(self, root: Path) -> None:
        """Write the cache for the next build; where the disk does not take it, the next build reads all again."""
        with suppress(OSError, StaleError):
            batches = tuple(
                each if isinstance(each, KeptBatch) else keep_batch(root, each)
                for each in regrouped(self.contract, self.gathered)
            )
            stamps = {
                file.name: (stamp, file.key)
                for file in self.gathered.files
                if (stamp := self.gathered.stamps[file.name])
            }
            save_state(root, self.program, State(batches, self.tables, self.released, stamps))


def build_large(
    root: Path, texts: Path | None, contract: Contract, files: Sequence[SeedFile], say: Progress
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
    say
        Is told what is being done.

    Returns
    -------
    Large or SeedSet
        The records, to be checked the long way, where something is wrong or a text is at hand that they must be held
        against.
    """
    program = program_key(contract)
    state = load_state(root, program)
    if state:
        with suppress(StaleError):
            return _build(root, texts, contract, files, program, state, say)
    return _build(root, texts, contract, files, program, None, say)


def _build(
    root: Path,
    texts: Path | None,
    contract: Contract,
    files: Sequence[SeedFile],
    program: str,
    state: State | None,
    say: Progress,
) -> Large | SeedSet:
    seeds = root / "seeds"
    gathered = gather(contract, seeds, files, state, say.advance)
    say("checking and building")
    dataset, findings = read_dataset(seeds)
    if dataset and not findings and gathered.is_sound and _seals_are_sound(seeds, files):
        made = _built(root, texts, contract, dataset, program, state, gathered)
        if made:
            return made
    return as_records(contract, files, gathered)


def _built(
    root: Path,
    texts: Path | None,
    contract: Contract,
    dataset: Dataset,
    program: str,
    state: State | None,
    gathered: Gathered,
) -> Large | None:
    seeds = root / "seeds"
    released = _digest(seeds / RELEASED_FILE)
    change = Change(contract, gathered)
    if _has_texts(change, texts_folder(texts, seeds)) or not _is_sound(seeds, change, state, released):
        return None
    tables: dict[str, TableFile] = {}
    files: dict[str, bytes] = {}
    # Two at a time: each holds a table more than once.
    with ThreadPoolExecutor(2) as threads:
        for table, (data, facts) in zip(
            contract, threads.map(lambda each: _table_file(root, each, change, state), contract), strict=True
        ):
            tables[table.name] = facts
            if data is not None:
                files[data_path(table.name)] = data
    words = descriptor_of(contract, dataset, tables)
    if _bytes(root / DESCRIPTOR) != words:
        files[DESCRIPTOR] = words
    kept = {DESCRIPTOR, *map(data_path, contract.tables)} - files.keys()
    rows = {table.name: gathered.count(table.name) for table in contract}
    return Large(files, frozenset(kept), rows, contract, gathered, program, tables, released)


def _is_sound(seeds: Path, change: Change, state: State | None, released: str) -> bool:
    """Return whether nothing is wrong with the tables: all that is new, or where nothing is known, all."""
    if state is None:
        tables = _all_tables(change)
        return (
            not check_structure(change.contract, tables).findings
            and not run_rules(change.contract, tables)
            and not check_released(seeds, change.contract, tables)
        )
    if released and (released != state.released or loses_ids(change)):
        return change_is_sound(change) and not check_released(seeds, change.contract, _all_tables(change))
    return change_is_sound(change)


def _all_tables(change: Change) -> RawTables:
    return {table.name: raw_table(table, change.rows(table)) for table in change.contract}


def _table_file(root: Path, table: Table, change: Change, state: State | None) -> tuple[bytes | None, TableFile]:
    """Return the CSV of a table, None where it is on disk, and what the descriptor says of it."""
    known = state.tables.get(table.name) if state else None
    with _on_disk(root / data_path(table.name)) as on_disk:
        there = TableFile.of(on_disk) if on_disk else None
        data = None
        if on_disk and known and there == known:
            if table.name not in change.tables:
                return None, known
            data = mended(table, on_disk, change.old[table.name], change.new[table.name])
        if data is None:
            data = frame_csv(table, change.rows(table))
    facts = TableFile.of(data)
    return None if facts == there else data, facts


@contextmanager
def _on_disk(path: Path) -> Iterator[mmap | None]:
    """Give the bytes of a file, where there is one and it is not empty; they are not brought into memory at once."""
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            yield data
    except (OSError, ValueError):
        yield None


def _has_texts(change: Change, folder: Path) -> bool:
    """Return whether the text of any source is at hand."""
    try:
        names = {each.name for each in folder.iterdir()}
    except OSError:
        return False
    if not names:
        return False
    sources = change.rows(change.contract[ROOT], ["text_name"])["text_name"]
    return any(Path(name).name in names for name in sources if name)


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
