"""The network of actors: who supplies whom, votes on what, is party with whom, speaks of whom, and is quoted by whom.

Actors stand on a ring, so that every name can be read; who is quoted stands on the right of who quotes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from curation.site.content import Content
from curation.site.figures.figure import Figure, Row, in_words, shortened
from curation.site.figures.network_chart import network_chart
from curation.site.figures.network_layout import Place, line, places, side_by_side
from curation.site.figures.network_links import Link, Links, agreements, assertions, quotes, supply, votes
from curation.site.figures.style import specification

MOST_NODES, MOST_LINKS = 48, 200
COLOURS, OTHERS = 8, "other"
_COLUMNS = {
    "from_name": "From",
    "how_words": "How",
    "to_name": "To",
    "manner": "Said as",
    "count": "Rows",
    "rows": "Claims",
}


@dataclass(frozen=True)
class Kind:
    """One way in which actors are linked, with the words that go with its figure."""

    name: str
    choice: str
    title: str
    caption: str
    links: Callable[[Content], Links]
    directed: bool = True
    layout: str = "ring"


def network(content: Content) -> list[Figure]:
    """Return a figure for each way in which actors are linked, leaving out ways in which none are."""
    return [_figure(content, kind, links) for kind in KINDS if (links := kind.links(content).in_order())]


KINDS = (
    Kind(
        "supply",
        "supply",
        "Who is said to supply whom",
        "An arrow leads from a supplier to a recipient; the wider, the more claims. Colour: what about.",
        supply,
    ),
    Kind(
        "votes",
        "votes",
        "Who is said to have voted how on what",
        "An arrow leads from a voter to the vote or agreement; colour: how.",
        votes,
        layout="columns",
    ),
    Kind(
        "agreements",
        "agreements",
        "Who is party to agreements with whom",
        "A line joins two parties of an agreement, real, alleged or hypothetical; the wider, the more agreements.",
        agreements,
        directed=False,
    ),
    Kind(
        "assertions",
        "assertions",
        "Who makes claims about whom",
        "An arrow leads from the innermost voice of a claim to the actors that the claim names; colour: what kind of "
        "statement it is.",
        assertions,
    ),
    Kind(
        "quotes",
        "quotes",
        "Who quotes whom",
        "From the texts on the left to the voices that they pass on; colour: what the voice does.",
        quotes,
        layout="columns",
    ),
)


def _figure(content: Content, kind: Kind, links: list[Link]) -> Figure:
    names = _names(content)
    shown, left_out = _most_linked(links)
    at = places(shown, kind.layout)
    colours = _commonest(links)
    edges = [
        _edge(kind, each, names) | line(at[each.start], at[each.end], beside) | _coloured(each, colours)
        for each, beside in side_by_side(shown, kind.layout)
    ]
    data: dict[str, list[Row]] = {"edges": edges, "nodes": [_node(each, place, names) for each, place in at.items()]}
    if left_out:
        data["every"] = [{key: _edge(kind, each, names)[key] for key in ("href", *_COLUMNS)} for each in links]
    return Figure(
        name=f"network-{kind.name}",
        view="network",
        choice=kind.choice,
        title=kind.title,
        caption=kind.caption,
        spec=specification(network_chart([in_words(each) for each in colours], kind.directed, kind.layout)),
        data=data,
        columns=_COLUMNS,
        table="every" if left_out else "edges",
        left_out=left_out,
    )


def _names(content: Content) -> dict[str, str]:
    """Return what each actor, agreement and source is called."""
    agreements_, sources = content.tables["agreements"].cells, content.tables["sources"].cells
    named = zip(agreements_["agreement_id"], agreements_["name"], strict=True)
    labelled = zip(sources["source_id"], sources["label"], strict=True)
    return {
        **content.actor_names,
        **{str(key): str(name) for key, name in named},
        **{str(key): f"{key} {label}" for key, label in labelled},
    }


def _most_linked(links: list[Link]) -> tuple[list[Link], str]:
    """Return the links among the most linked actors, and how many are left out of the drawing."""
    degrees: dict[str, int] = {}
    for each in links:
        for node in (each.start, each.end):
            degrees[node] = degrees.get(node, 0) + len(each.rows)
    kept = set(sorted(degrees, key=lambda node: (-degrees[node], node))[:MOST_NODES])
    shown = [each for each in links if each.start in kept and each.end in kept][:MOST_LINKS]
    missing = len(links) - len(shown)
    words = f"Drawn are the most linked of {len(degrees)}; {missing} of {len(links)} links are in the table alone."
    return shown, words if missing else ""


def _node(name: str, at: Place, names: Mapping[str, str]) -> Row:
    said = names.get(name, name)
    short = shortened(said, 34 if at.angle else 46)
    return {"id": name, "href": f"#{name}", "name": short, "said": said, "more": name, **vars(at)}


def _commonest(links: Iterable[Link]) -> list[str]:
    """Return the ways that have a colour of their own, by name, and what stands for the others where there are more."""
    counts: dict[str, int] = {}
    for each in links:
        counts[each.how] = counts.get(each.how, 0) + len(each.rows)
    if len(counts) <= COLOURS:
        return sorted(counts)
    return [*sorted(sorted(counts, key=lambda how: (-counts[how], how))[: COLOURS - 1]), OTHERS]


def _coloured(link: Link, colours: list[str]) -> Row:
    return {"colour": in_words(link.how if link.how in colours else OTHERS)}


def _edge(kind: Kind, link: Link, names: Mapping[str, str]) -> Row:
    start, end = names.get(link.start, link.start), names.get(link.end, link.end)
    count = len(link.rows)
    what = ("agreement" if link.rows[0].startswith("AGR-") else "claim") + ("s" if count > 1 else "")
    joint = "→" if kind.directed else "–"
    said = f"{start} {joint} {end}: {in_words(link.how)}, {link.manner}, {count} {what}"
    return {
        "href": f"#links/{kind.name}/{link.start}/{link.end}/{link.how}/{link.manner}",
        "from_name": start,
        "to_name": end,
        "how_words": in_words(link.how),
        "manner": link.manner,
        "count": count,
        "rows": link.rows,
        "said": said,
    }
