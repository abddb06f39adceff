"""Where the nodes of the network stand and its lines run: the same every time, and every name can be read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from curation.site.figures.figure import Row
from curation.site.figures.network_links import Link

RADIUS, LABEL_GAP, NODE_GAP = 100.0, 6.0, 5.0
SPACING = {"ring": 3.0, "columns": 1.2}
WIDEST = 44.0


@dataclass(frozen=True)
class Place:
    """Where a node stands, and how its name runs."""

    x: float
    y: float
    angle: float
    align: str
    label_x: float
    label_y: float


def ring(links: Iterable[Link]) -> dict[str, Place]:
    """Return the nodes on a ring, their names running outwards and never upside down."""
    nodes = _opposed(links)
    return {node: _on_ring(2 * math.pi * number / len(nodes) + math.pi) for number, node in enumerate(nodes)}


def _on_ring(turn: float) -> Place:
    x, y = math.cos(turn), math.sin(turn)
    leftwards = x < -1e-9
    return Place(
        x=round(RADIUS * x, 2),
        y=round(RADIUS * y, 2),
        angle=round(math.degrees(turn) + (180 if leftwards else 0), 2),
        align="right" if leftwards else "left",
        label_x=round((RADIUS + LABEL_GAP) * x, 2),
        label_y=round((RADIUS + LABEL_GAP) * y, 2),
    )


def _opposed(links: Iterable[Link]) -> list[str]:
    """Return the nodes around the ring: the two most linked face each other, each other one stands by the nearer."""
    weights: dict[str, dict[str, int]] = {}
    for each in links:
        for one, other in ((each.start, each.end), (each.end, each.start)):
            mine = weights.setdefault(one, {})
            mine[other] = mine.get(other, 0) + len(each.rows)
    first, second, *others = sorted(weights, key=lambda node: (-sum(weights[node].values()), node))
    near = [node for node in others if weights[node].get(first, 0) >= weights[node].get(second, 0)]
    far = [node for node in others if node not in near]
    around = [*near[::2], *far, *reversed(near[1::2])]
    half = (len(around) + 1) // 2
    return [first, *around[:half], second, *around[half:]]


def columns(links: list[Link]) -> dict[str, Place]:
    """Return the nodes in two columns: those that only lead to others on the left, the rest on the right."""
    ends = {each.end for each in links}
    left = sorted({each.start for each in links} - ends)
    right = sorted(ends, key=lambda node: (_centre(node, left, links), node))
    places = {}
    for nodes, x, align in ((left, -RADIUS * 0.55, "right"), (right, RADIUS * 0.55, "left")):
        for number, node in enumerate(nodes):
            y = round(-RADIUS + 2 * RADIUS * (number + 0.5) / len(nodes), 2)
            places[node] = Place(x, y, 0, align, x + math.copysign(LABEL_GAP, x), y)
    return places


def _centre(node: str, left: list[str], links: list[Link]) -> float:
    at = [left.index(each.start) for each in links if each.end == node and each.start in left]
    return sum(at) / len(at) if at else len(left)


def places(links: list[Link], layout: str) -> dict[str, Place]:
    """Return where the nodes of some links stand: on a `ring`, or in two `columns`."""
    return ring(links) if layout == "ring" else columns(links)


def side_by_side(links: Iterable[Link], layout: str) -> Iterator[tuple[Link, float]]:
    """Yield each link with how far it stands from the straight line, so that none covers another of the same pair."""
    pairs: dict[tuple[str, ...], list[Link]] = {}
    for each in links:
        pairs.setdefault(tuple(sorted((each.start, each.end))), []).append(each)
    for pair, members in pairs.items():
        for number, each in enumerate(members):
            offset = (number - (len(members) - 1) / 2) * min(SPACING[layout], WIDEST / len(members))
            yield each, offset if each.start == pair[0] else -offset


def line(start: Place, end: Place, shift: float) -> Row:
    """Return a line that stops short of both nodes, as far as `shift` beside the straight one."""
    across, along = end.x - start.x, end.y - start.y
    length = math.hypot(across, along) or 1
    step_x, step_y = across / length, along / length
    ends = {
        "x": start.x + NODE_GAP * step_x - shift * step_y,
        "y": start.y + NODE_GAP * step_y + shift * step_x,
        "x2": end.x - NODE_GAP * step_x - shift * step_y,
        "y2": end.y - NODE_GAP * step_y + shift * step_x,
    }
    # A triangle that points up is turned clockwise; the vertical axis of the drawing runs downwards.
    turned = math.degrees(math.atan2(step_y, step_x)) + 90
    return {key: round(value, 2) for key, value in ends.items()} | {"turned": round(turned, 2)}
