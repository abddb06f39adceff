"""Results: the measurements of a run as a file, and what follows from them: medians, ratios and growth."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from russia_dprk_claims.bench.measuring import DONE

RESULTS = "results.json"
NOT_TRIED = "not tried"
_LIBRARIES = ("polars", "numpy", "pandas", "pandera", "narwhals", "frictionless", "csvw", "pyyaml", "click")


class ResultsError(ValueError):
    """A file that holds no results."""


@dataclass(frozen=True)
class Measurement:
    """One run of one subject over a folder of `size` claims (0: the project itself)."""

    subject: str
    size: int
    number: int
    outcome: str
    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    error: str = ""


@dataclass(frozen=True)
class Results:
    """What was measured, on which machine, with which versions, and after how many seconds a run was stopped."""

    machine: Mapping[str, str]
    versions: Mapping[str, str]
    limit: float
    words: Mapping[str, str]
    measurements: Sequence[Measurement] = field(default_factory=list)


def machine() -> dict[str, str]:
    """Return what the machine is, as far as it matters to what programs cost."""
    import psutil

    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.machine()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that are measured."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def write_results(results: Results, folder: Path) -> None:
    """Write results into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(results), indent=1, ensure_ascii=False) + "\n"
    (folder / RESULTS).write_text(text, encoding="utf-8")


def read_results(folder: Path) -> Results:
    """Read the results of a folder.

    Raises
    ------
    ResultsError
        If there are none.
    """
    path = folder / RESULTS
    try:
        content = json.loads(path.read_bytes())
        measurements = [Measurement(**each) for each in content.pop("measurements")]
        return Results(**content, measurements=measurements)
    except OSError as error:
        raise ResultsError(
            f"{path}: {os.strerror(error.errno or 0)}; run scripts/bench.py run --out {folder}"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultsError(f"{path}: these are not results of this program") from error


# --- what follows -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Median:
    """The medians of the runs of one subject at one size, or how they ended where they did not come to their end."""

    subject: str
    size: int
    runs: int
    wall: float
    cpu: float
    peak: float
    outcome: str = DONE
    error: str = ""


def medians(measurements: Iterable[Measurement]) -> dict[tuple[str, int], Median]:
    """Return the medians by subject and size, in the order in which they were first measured."""
    groups: dict[tuple[str, int], list[Measurement]] = {}
    for each in measurements:
        groups.setdefault((each.subject, each.size), []).append(each)
    return {key: _median(*key, runs) for key, runs in groups.items()}


def _median(subject: str, size: int, runs: Sequence[Measurement]) -> Median:
    bad = next((each for each in runs if each.outcome != DONE), None)
    if bad is not None:
        return Median(subject, size, len(runs), math.nan, math.nan, math.nan, bad.outcome, bad.error)
    wall, cpu, peak = (median(getattr(each, name) for each in runs) for name in ("wall", "cpu", "peak"))
    return Median(subject, size, len(runs), wall, cpu, peak)


def ratio(costs: Mapping[tuple[str, int], Median], subject: str, base: str, size: int) -> float:
    """Return how many times as long a subject takes as another at a size; NaN where one of them has no time."""
    one, other = costs.get((subject, size)), costs.get((base, size))
    return one.wall / other.wall if one and other else math.nan


def growth(costs: Mapping[tuple[str, int], Median], subject: str, smallest: int = 0) -> float:
    """Return the exponent with which the time of a subject grows with the size, by least squares on logarithms.

    Parameters
    ----------
    costs
        The medians.
    subject
        The subject.
    smallest
        Sizes below this one do not count: there, the start of a program is most of its time.

    Returns
    -------
    float
        The exponent; NaN with fewer than two sizes.
    """
    points = [
        (math.log(each.size), math.log(each.wall))
        for each in costs.values()
        if each.subject == subject and each.size >= max(smallest, 1) and each.outcome == DONE
    ]
    if len(points) < 2:
        return math.nan
    middle_x, middle_y = (sum(part) / len(points) for part in zip(*points, strict=True))
    slope: float = sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
    return slope
