"""Running: folders are generated and the subjects measured over them in turn, A B A B, so that what else the machine
does falls on all alike.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from russia_dprk_claims.bench.measuring import DONE, TIMED_OUT, measure
from russia_dprk_claims.bench.results import NOT_TRIED, Measurement
from russia_dprk_claims.bench.subjects import Kind, Subject

Tell = Callable[[str], None]


class RunError(RuntimeError):
    """A run that could not be prepared."""


@dataclass(frozen=True)
class Plan:
    """What is run: the project, the sizes, the subjects, how often, and after how many seconds a run is stopped."""

    project: Path
    sizes: Sequence[int]
    subjects: Sequence[Subject]
    repeat: int
    limit: float


def run(plan: Plan, work: Path | None, tell: Tell) -> Iterator[Measurement]:
    """Yield the measurements of a plan as they are made.

    A subject that was stopped at one size is not tried again at that size or a larger one; that is a measurement, too.

    Parameters
    ----------
    plan
        What to run.
    work
        Where folders are generated, and removed again; by default where the system keeps temporary files.
    tell
        Is told what is being done.

    Raises
    ------
    RunError
        If a folder cannot be generated.
    """
    stopped: dict[str, int] = {}
    of_project = [each for each in plan.subjects if each.kind is Kind.PROJECT]
    yield from _in_turn(plan, of_project, 0, {Kind.PROJECT: plan.project}, stopped, tell)
    sized = [each for each in plan.subjects if each.kind is not Kind.PROJECT]
    kinds = list(dict.fromkeys(each.kind for each in sized))
    for size in sorted(plan.sizes) if sized else ():
        with TemporaryDirectory(dir=work, prefix=f"bench-{size}-") as place:
            folders = {kind: _generated(plan, kind, size, Path(place), tell) for kind in kinds}
            yield from _in_turn(plan, sized, size, folders, stopped, tell)


def _generated(plan: Plan, kind: Kind, size: int, place: Path, tell: Tell) -> Path:
    """Generate a folder in a process of its own, so that this one stays small."""
    tell(f"{size} claims: generating {kind}")
    folder = place / kind.value
    script = plan.project / "scripts" / "bench.py"
    command = [
        sys.executable,
        str(script),
        "generate",
        kind.value,
        str(size),
        str(folder),
        "--project",
        str(plan.project),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise RunError(f"{size} claims: {done.stderr.strip().splitlines()[-1] if done.stderr else 'not generated'}")
    return folder


def _in_turn(
    plan: Plan,
    subjects: Sequence[Subject],
    size: int,
    folders: Mapping[Kind, Path],
    stopped: dict[str, int],
    tell: Tell,
) -> Iterator[Measurement]:
    for number in range(1, plan.repeat + 1):
        for each in subjects:
            if each.name in stopped:
                if number == 1:
                    why = f"it was stopped at {stopped[each.name]} claims"
                    yield Measurement(each.name, size, number, NOT_TRIED, error=why)
                continue
            made = _measured(plan, each, size, folders[each.kind], number)
            if made.outcome == TIMED_OUT:
                stopped[each.name] = size
            where = f"{size} claims: " if size else ""
            ended = "" if made.outcome == DONE else f", {made.outcome} {made.error}".rstrip()
            tell(f"{where}{each.name}: {made.wall:.2f} s, {made.peak / 1e6:.0f} MB{ended}")
            yield made


def _measured(plan: Plan, subject: Subject, size: int, folder: Path, number: int) -> Measurement:
    subject.prepare(plan.project, folder)
    cost = measure(subject.command(plan.project, folder), plan.project, plan.limit)
    return Measurement(subject.name, size, number, **asdict(cost))
