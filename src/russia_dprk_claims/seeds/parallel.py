"""Reading many batches of seed files on all cores.

The processes are spawned, never forked: a process forked while Polars has threads can hang.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.seeds.batches import Batch, FileRows, read_batch
from russia_dprk_claims.seeds.kept import KeptBatch, keep_batch, packed
from russia_dprk_claims.seeds.records import Forms, SeedFile, forms_of

Packed = tuple[tuple[FileRows, ...], dict[str, bytes]]
"""A batch as it passes between processes: its frames as Arrow IPC."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_batches(
    contract: Contract,
    seeds: Path,
    batches: Sequence[Sequence[SeedFile]],
    processes: int | None = None,
    keep: Path | None = None,
) -> Iterator[Batch | KeptBatch]:
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
    keep
        The folder that whoever reads a batch puts it into, so that it need not be held; by default none.

    Raises
    ------
    OSError
        If the disk does not take a batch.
    """
    number = min(processes or cores(), len(batches))
    done = 0
    if number > 1:
        for batch in _read_elsewhere(contract, seeds, batches, number, keep):
            yield batch
            done += 1
    forms = forms_of(contract)
    for files in batches[done:]:
        batch = read_batch(contract, seeds, files, forms)
        yield keep_batch(keep, contract, batch) if keep else batch


def _read_elsewhere(
    contract: Contract, seeds: Path, batches: Sequence[Sequence[SeedFile]], number: int, keep: Path | None
) -> Iterator[Batch | KeptBatch]:
    """Yield batches as other processes have read them, up to the first that they could not."""
    # Only reading much needs these.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(number, context, _begin, (contract, seeds, keep))
    try:
        for read in pool.map(_read, batches):
            yield read if isinstance(read, KeptBatch) else _unpacked(*read)
    except (BrokenProcessPool, OSError):
        return
    finally:
        pool.shutdown(cancel_futures=True)


def _unpacked(files: tuple[FileRows, ...], frames: Mapping[str, bytes]) -> Batch:
    import polars as pl

    return Batch(files, {name: pl.read_ipc(io.BytesIO(data)) for name, data in frames.items()})


# --- in the other processes -----------------------------------------------------------------------------------------


class _Task:
    """What a process needs for every batch, given once."""

    contract: Contract
    seeds: Path
    forms: Forms
    keep: Path | None


def _begin(contract: Contract, seeds: Path, keep: Path | None) -> None:
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
    _Task.keep = keep


def _read(files: Sequence[SeedFile]) -> Packed | KeptBatch:
    batch = read_batch(_Task.contract, _Task.seeds, files, _Task.forms)
    if _Task.keep:
        return keep_batch(_Task.keep, _Task.contract, batch)
    return batch.files, {name: packed(frame) for name, frame in batch.frames.items()}
