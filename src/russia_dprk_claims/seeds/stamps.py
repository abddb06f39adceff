"""Stamps: by which a file is known to be as it was without being read, as git knows the files of a checkout.

A stamp has the size of a file, when it and its entry were last changed, and its number on the disk. Whoever changes
a file changes its stamp, be it that he puts back the time of the change. Only what changes within one tick of the
clock could go unseen, so that a file that has just been changed has no stamp and is read.
"""

from __future__ import annotations

import os
from pathlib import Path

from russia_dprk_claims.lineage import ROOT
from russia_dprk_claims.seeds.records import SeedFile
from russia_dprk_claims.seeds.seals import SEALS_FOLDER

RECENT = 100_000_000
"""Nanoseconds, many times as long as a tick."""
_SECOND = 1_000_000_000


def stamp_of(file: SeedFile, seeds: Path, now: int) -> str:
    """Return the stamp of a file and of its seals, or nothing where it must be read.

    Parameters
    ----------
    file
        The file.
    seeds
        The seed folder.
    now
        The time in nanoseconds.
    """
    # Paths as texts, as there are many of them and most are only asked for this.
    paths = [str(file.path)]
    if file.table == ROOT:
        paths.append(f"{seeds}/{SEALS_FOLDER}/{file.path.stem}.csv")
    stamps = [stamp_of_path(path, now) for path in paths]
    return " ".join(stamps) if all(stamps) else ""


def stamp_of_path(path: str, now: int) -> str:
    """Return the stamp of what is at a path at a time in nanoseconds, or nothing where it must be read."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a path of its own for each costs as much again
    except FileNotFoundError:
        return "none"
    except OSError:
        return ""
    # A disk that keeps whole seconds has ticks as long.
    is_coarse = found.st_ctime_ns % _SECOND == 0
    if is_coarse or now - max(found.st_mtime_ns, found.st_ctime_ns) < RECENT:
        return ""
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}-{found.st_ino}"
