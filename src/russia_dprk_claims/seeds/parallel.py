"""Reading many batches of seed files on all cores.

The processes are spawned, never forked: a process forked while Polars has threads can hang.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.seeds.batches import Batch, FileRows, read_batch
from russia_dprk_claims.seeds.records import Forms, SeedFile, forms_of

if TYPE_CHECKING:
    import polars as pl

Packed = tuple[tuple[FileRows, ...], dict[str, bytes]]
"""A batch as it passes between processes: its frames as Arrow IPC."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_batches(
    contract: Contract, seeds: Path, batches: Sequence[Sequence[SeedFile]], processes: int | None = None
) -> Iterator[Batch]:
    """Read batches, and yield them in their order.

    Parameters
    ----------
    contract
        The contract that says what keys mean.
    seeds
        The seed folder.
    batches
        The files of each batch.
    processes
        How many processes read; by default one a core. One reads here. Where the others cannot be had or are killed,
        what is left is read here, too.
    """
    number = min(processes or cores(), len(batches))
    done = 0
    if number > 1:
        for batch in _read_elsewhere(contract, seeds, batches, number):
            yield batch
            done += 1
    forms = forms_of(contract)
    for files in batches[done:]:
        yield read_batch(contract, seeds, files, forms)


def _read_elsewhere(
    contract: Contract, seeds: Path, batches: Sequence[Sequence[SeedFile]], number: int
) -> Iterator[Batch]:
    """Yield batches as other processes have read them, up to the first that they could not."""
    # Only reading much needs these.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(number, context, _begin, (contract, seeds))
    try:
        for files, packed in pool.map(_read, batches):
            yield Batch(files, {name: _unpacked(each) for name, each in packed.items()})
    except (BrokenProcessPool, OSError):
        return
    finally:
        pool.shutdown(cancel_futures=True)


def _unpacked(data: bytes) -> pl.DataFrame:
    import polars as pl

    return pl.read_ipc(io.BytesIO(data))


# --- in the other processes -----------------------------------------------------------------------------------------


class _Task:
    """What a process needs for every batch, given once."""

    contract: Contract
    seeds: Path
    forms: Forms


def _begin(contract: Contract, seeds: Path) -> None:
    """Prepare a process: an interrupt is the business of the one that it works for, and it ends with that one."""
    import gc
    import multiprocessing
    import signal
    import threading
    from multiprocessing.connection import wait

    gc.set_threshold(100_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
    _Task.contract, _Task.seeds, _Task.forms = contract, seeds, forms_of(contract)


def _read(files: Sequence[SeedFile]) -> Packed:
    batch = read_batch(_Task.contract, _Task.seeds, files, _Task.forms)
    return batch.files, {name: packed(frame) for name, frame in batch.frames.items()}


def packed(frame: pl.DataFrame) -> bytes:
    """Return a frame as Arrow IPC."""
    out = io.BytesIO()
    frame.write_ipc(out)
    return out.getvalue()
