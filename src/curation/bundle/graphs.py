"""GraphML for Gephi, Cytoscape and networkx: the transfers between actors, and who quotes whom.

Both graphs leave out withdrawn claims. Nobody is added up who may not be the same: each side of a transfer and each
voice that the text does not name is a node of its own.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise

import networkx as nx

from curation.dataset import Dataset
from curation.documents.metadata import about_dataset
from russia_dprk_claims.frames import Row, read_rows, records, rows_of
from russia_dprk_claims.package import Package
from russia_dprk_claims.questions.transfers import transfer_rows
from russia_dprk_claims.sentences import UNKNOWN_SIDE, UNNAMED
from russia_dprk_claims.wide import SEPARATOR, wide_cells

_SIDES = ("giver", "receiver")


def graphml_bytes(graph: nx.DiGraph, dataset: Dataset) -> bytes:
    """Return the bytes of the GraphML file of a graph, with nodes and edges in their order."""
    graph.graph = about_dataset(dataset)
    out = io.BytesIO()
    # Not write_graphml, whose output depends on whether lxml is installed.
    nx.write_graphml_xml(graph, out)
    return out.getvalue()


def transfer_graph(package: Package) -> nx.MultiDiGraph:
    """Return the transfers that claims state: an edge for each, from giver to receiver, with all that is said of it."""
    sentences = {row["claim_id"]: row["sentence"] for row in rows_of(wide_cells(package))}
    actors = {row["actor_id"]: row for row in read_rows(package, "actors")}
    items = {row["item_id"]: row for row in read_rows(package, "items")}
    graph = nx.MultiDiGraph()
    for row in records(transfer_rows(package)):
        ends = [row[f"{side}_id"] or f"{row['transfer_id']}-{side}" for side in _SIDES]
        for side, node in zip(_SIDES, ends, strict=True):
            actor = actors.get(row[f"{side}_id"])
            graph.add_node(node, **(_actor(actor) if actor else _unnamed(f"{UNKNOWN_SIDE} ({side})")))
        about = {"label": row["transfer"], "item_category": items[row["item_id"]]["category"]}
        own = {name: cell for name, cell in row.items() if name not in {"transfer", *_SIDES}}
        own["sentence"] = sentences[row["claim_id"]]
        graph.add_edge(*ends, row["transfer_id"], **about, **_filled(own))
    return graph


def quotation_graph(package: Package) -> nx.DiGraph:
    """Return who quotes whom: an edge from the text, or from a voice, to each voice whose statements it passes on.

    An edge counts claims, so that no program has to merge parallel edges. Voices that speak together are quoted each.
    """
    actors = {row["actor_id"]: row for row in read_rows(package, "actors")}
    graph = nx.DiGraph()
    for source in read_rows(package, "sources"):
        name = f"{source['source_id']}: {source['label']}"
        graph.add_node(source["source_id"], label=name, name=name, actor_type="document", own_claims=0)
    edges: defaultdict[tuple[str, str], list[tuple[Row, Row]]] = defaultdict(list)
    active = set(wide_cells(package)["claim_id"])
    for steps in (chain for claim, chain in chains(package).items() if claim in active):
        for row in (row for step in steps for row in step):
            if not graph.has_node(node := voice_id(row)):
                actor = actors.get(row["actor_id"])
                about = _actor(actor) if actor else _unnamed(f"{UNNAMED} ({row['claim_id']})")
                graph.add_node(node, **about, own_claims=0)
        for row in steps[-1]:
            graph.nodes[voice_id(row)]["own_claims"] += 1
        for outer, inner in pairwise(steps):
            for quoting, quoted in ((a, b) for a in outer for b in inner):
                edges[voice_id(quoting), voice_id(quoted)].append((quoting, quoted))
    for (start, end), found in sorted(edges.items()):
        acts = _counted(quoted["act"] for _, quoted in found)
        graph.add_edge(
            start,
            end,
            label=f"quotes: {acts}",
            weight=len(found),
            joint=sum(quoted["joint"] == "true" for _, quoted in found),
            acts=acts,
            evidence=_counted(quoted["evidence"] for _, quoted in found),
            stances=_counted(quoting["stance"] for quoting, _ in found),
            claims=SEPARATOR.join(quoted["claim_id"] for _, quoted in found),
        )
    return graph


def voice_id(voice: Row) -> str:
    """Return the node of a voice: an actor, the text, or somebody of whom nothing is known but this statement."""
    if voice["actor_id"]:
        return str(voice["actor_id"])
    claim: str = voice["claim_id"]
    if voice["specificity"] == "document":
        return claim.rpartition("-")[0]
    return f"{claim}-S{voice['step']}-V{voice['voice_no']}"


def chains(package: Package) -> dict[str, list[list[Row]]]:
    """Return the voices of each claim by step, from the text inwards."""
    voices = groupby(read_rows(package, "claim_attributions"), lambda row: row["claim_id"])
    return {claim: [list(step) for _, step in groupby(rows, lambda row: row["step"])] for claim, rows in voices}


def _actor(row: Row) -> dict[str, str]:
    # Gephi shows `label`, Cytoscape `name`.
    return {"label": row["name"], **_filled({each: row[each] for each in ("name", "actor_type", "country", "role")})}


def _unnamed(words: str) -> dict[str, str]:
    return {"label": words, "name": words, "actor_type": "unnamed"}


def _filled(row: Row) -> dict[str, str]:
    """Return the cells that are not empty; GraphML has no missing values."""
    return {name: cell for name, cell in row.items() if cell is not None}


def _counted(words: Iterator[str]) -> str:
    """Return words with how often they occur, the most frequent first."""
    counts = Counter(words).items()
    return SEPARATOR.join(f"{word} {number}" for word, number in sorted(counts, key=lambda each: (-each[1], each[0])))
