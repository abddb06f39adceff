"""Tabulating: results as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from russia_dprk_claims.bench.measuring import DONE, TIMED_OUT
from russia_dprk_claims.bench.results import Median, Results, growth, medians, ratio

FLOOR, OURS = "floor", "ours"
# Below this, the start of a program is most of its time, and growth says nothing.
GROWS_FROM = 10_000
_HEAD = ("claims", "subject", "wall, s", "CPU, s", "peak, MB", "claims a second", "× floor", "× ours")


def table(results: Results) -> str:
    """Return the medians, ratios and growth of all subjects, and what they were measured on, as Markdown."""
    costs = medians(results.measurements)
    parts = [_conditions(results)]
    sized = [each for each in costs.values() if each.size]
    if sized:
        parts.append("\n".join(_rows(_HEAD, (_sized_row(costs, each, results.limit) for each in sized))))
        parts.append("\n".join(_rows(_GROWTH_HEAD, _growth_rows(costs))))
    plain = [each for each in costs.values() if not each.size]
    if plain:
        parts.append("\n".join(_rows(_HEAD[1:5], (_plain_row(each, results.limit) for each in plain))))
    parts.append("\n".join(f"- `{name}`: {words}" for name, words in sorted(results.words.items()) if words))
    parts += _failures(costs)
    return "\n\n".join(parts) + "\n"


def _conditions(results: Results) -> str:
    runs = max((each.number for each in results.measurements), default=0)
    on = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    using = ", ".join(f"{name} {value}" for name, value in results.versions.items())
    return (
        f"Medians of {runs} runs in turn, each stopped after {results.limit:.0f} s. Machine: {on}. Versions: {using}."
    )


def _rows(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' if name in {'subject'} else '--:' for name in head)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _sized_row(costs: Mapping[tuple[str, int], Median], each: Median, limit: float) -> list[str]:
    speed = each.size / each.wall if each.wall > 0 else math.nan
    return [
        *(_count(each.size), each.subject, *_costs(each, limit), _number(speed, 0)),
        _number(ratio(costs, each.subject, FLOOR, each.size), 2),
        _number(ratio(costs, each.subject, OURS, each.size), 2),
    ]


def _plain_row(each: Median, limit: float) -> list[str]:
    return [each.subject, *_costs(each, limit)]


def _costs(each: Median, limit: float) -> list[str]:
    if each.outcome == TIMED_OUT:
        return [f"> {limit:.0f}", "", ""]
    if each.outcome != DONE:
        return [each.outcome, "", ""]
    return [_number(each.wall, 2), _number(each.cpu, 2), _number(each.peak / 1e6, 0)]


_GROWTH_HEAD = ("subject", "growth exponent", "of the last step")


def _growth_rows(costs: Mapping[tuple[str, int], Median]) -> Iterator[list[str]]:
    for subject in dict.fromkeys(each.subject for each in costs.values() if each.size):
        sizes = sorted(each.size for each in costs.values() if each.subject == subject and each.outcome == DONE)
        last = growth(costs, subject, sizes[-2]) if len(sizes) > 1 else math.nan
        yield [subject, _number(growth(costs, subject, GROWS_FROM), 2), _number(last, 2)]


def _failures(costs: Mapping[tuple[str, int], Median]) -> Iterator[str]:
    for each in costs.values():
        if each.error:
            yield f"`{each.subject}` at {_count(each.size)} claims: {each.outcome}: {' '.join(each.error.split())}"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _number(value: float, places: int) -> str:
    return "" if math.isnan(value) else f"{value:,.{places}f}".replace(",", " ")
