"""Publishing: new files take effect all together or not at all, whenever the program is killed.

New files are first written whole beside the old ones, in `.build/`. Only when all are on disk does one rename
declare them ready; from then on they are moved into place, and whoever comes next finishes what a killed program
began.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

STAGE = ".build"
READY = "ready.json"

Content = bytes | Path
"""What a new file holds: the bytes, or where they are, as a file that may be moved."""


def begin(root: Path) -> Path:
    """Return the empty folder in which files for `publish` may be written beforehand, at their paths.

    What a killed program left is finished or cleared away first.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    finish(root)
    stage = root / STAGE
    stage.mkdir()
    return stage


def publish(root: Path, files: Mapping[str, Content], obsolete: Iterable[str] = ()) -> None:
    """Put `files` in place under `root` and remove the `obsolete` ones, all or nothing.

    Parameters
    ----------
    root
        The folder that the paths start from.
    files
        The bytes of each file by its path, or where they are.
    obsolete
        The paths of files that are to go.

    Raises
    ------
    OSError
        If the disk does not take the files; the old ones are then untouched.
    """
    stage = root / STAGE
    begun = [content for content in files.values() if isinstance(content, Path) and content.is_relative_to(stage)]
    if not begun:
        finish(root)
    for path, content in files.items():
        _stage(stage / path, content)
    plan = {"files": sorted(files), "obsolete": sorted(obsolete)}
    _write(stage / f"{READY}.new", json.dumps(plan).encode())
    with _undisturbed():
        (stage / f"{READY}.new").replace(stage / READY)
        finish(root)


def finish(root: Path) -> bool:
    """Finish or clear away what a killed program left; return whether new files took effect."""
    stage = root / STAGE
    if not stage.exists():
        return False
    try:
        plan = json.loads((stage / READY).read_bytes())
    except FileNotFoundError:
        shutil.rmtree(stage)
        return False
    with _undisturbed():
        for path in plan["files"]:
            if (stage / path).exists():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (stage / path).replace(root / path)
        for path in plan["obsolete"]:
            (root / path).unlink(missing_ok=True)
        shutil.rmtree(stage)
    return True


def _stage(path: Path, content: Content) -> None:
    """See that a file is on the disk in the stage."""
    if isinstance(content, bytes):
        _write(path, content)
        return
    if content != path:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(content, path)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back an interrupt until the files are in place: a few renames."""
    held: list[tuple[int, FrameType | None]] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    try:
        old = {each: signal.signal(each, lambda number, frame: held.append((number, frame))) for each in signals}
    except ValueError:  # not the main thread, where no signal arrives
        yield
        return
    try:
        yield
    finally:
        for each, handler in old.items():
            signal.signal(each, handler)
        for number, _ in held:
            signal.raise_signal(number)
