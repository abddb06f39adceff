"""Measuring: what a whole process costs, with all processes that it starts: time on the clock, processor time, peak
memory.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

# How often the memory of the whole tree of processes is looked at.
SAMPLED_EVERY = 0.05
SHOWN_OF_ERRORS = 300
DONE, TIMED_OUT, FAILED = "done", "timed out", "failed"


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds on the clock and of processors, and the most memory, in bytes; and how it ended."""

    outcome: str
    wall: float
    cpu: float
    peak: int
    error: str = ""


def measure(command: Sequence[str], folder: Path, limit: float) -> Cost:
    """Run a command to its end and say what it cost.

    Memory is the greater of two: the peak of the largest single process, as the kernel keeps it, and the peak of the
    sum over all processes of the tree, sampled; in a sum, memory that processes share counts for each.

    Parameters
    ----------
    command
        The program and its arguments.
    folder
        The working directory.
    limit
        After how many seconds it is stopped.

    Returns
    -------
    Cost
        The cost; of a run that was stopped, up to then.
    """
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        try:
            process = _started(command, folder, errors)
        except FileNotFoundError:
            return Cost(FAILED, 0.0, 0.0, 0, f"{Path(command[0]).name} is not installed")
        watch = _Watch(process.pid, limit)
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            # It has a session of its own, and so does not hear of an interrupt.
            _stop(process.pid)
            raise
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
        errors.seek(0)
        told = errors.read().decode("utf-8", errors="replace").strip()
    outcome = TIMED_OUT if watch.stopped_it else FAILED if process.returncode else DONE
    error = f"exit code {process.returncode}: {told[-SHOWN_OF_ERRORS:]}" if outcome == FAILED else ""
    peak = max(usage.ru_maxrss * 1024, watch.peak)
    return Cost(outcome, wall, usage.ru_utime + usage.ru_stime, peak, error)


def _started(command: Sequence[str], folder: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, in which all that it starts can be found and stopped."""
    quiet = subprocess.DEVNULL
    # Where modules are compiled anew at each start, that would be most of what a short command takes.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(  # noqa: S603 the commands are the callers' own
        command, cwd=folder, env=kept, stdin=quiet, stdout=quiet, stderr=errors, start_new_session=True
    )


class _Watch(threading.Thread):
    """Samples the memory of a tree of processes, and stops the tree when its time is up."""

    def __init__(self, pid: int, limit: float) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.stopped_it = False
        self._pid, self._limit = pid, limit
        self._over = threading.Event()

    def run(self) -> None:
        end = time.perf_counter() + self._limit
        while not self._over.wait(SAMPLED_EVERY):
            self.peak = max(self.peak, _memory(self._pid))
            if time.perf_counter() > end:
                self.stopped_it = True
                _stop(self._pid)
                return

    def stop(self) -> None:
        """Stop watching."""
        self._over.set()
        self.join()


def _memory(pid: int) -> int:
    """Return the memory of a process and of all that it started, where there is more than one; else 0."""
    try:
        root = psutil.Process(pid)
        children = root.children(recursive=True)
        if not children:
            return 0
        return sum(_resident(each) for each in (root, *children))
    except psutil.Error:
        return 0


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _stop(pid: int) -> None:
    """End the session of a process that this module started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
