"""The claims as linked data in JSON-LD: annotations of passages, with the chains of attribution as provenance.

Passages are Web Annotations, chains are PROV (both by W3C). Every other property is a column of the tables and has its
name. No node is blank, and the context is inside, so that nothing has to be downloaded to read the file.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from curation.bundle.graphs import chains, voice_id
from curation.dataset import Dataset
from curation.documents.metadata import cite_as
from curation.write import json_bytes
from russia_dprk_claims.citation import doi_address, without_empty
from russia_dprk_claims.contract import EDTF_TYPE, SPAN, Table
from russia_dprk_claims.files import parse_json
from russia_dprk_claims.frames import Row, read_rows, rows_of
from russia_dprk_claims.package import Package
from russia_dprk_claims.questions.transfers import transfer_rows
from russia_dprk_claims.sentences import DOCUMENT, UNNAMED, figure_in_words
from russia_dprk_claims.wide import wide_cells

Node = dict[str, Any]

# The same in every dataset that this program makes; docs/GRAPHS.md explains the terms.
TERMS = "urn:russia-dprk-claims:term:"
# The tables whose rows are nodes, with their class and the column that names a row.
_REGISTRIES = {
    "actors": ("Actor", "name"),
    "coders": ("Coder", "description"),
    "items": ("Item", "name"),
    "origins": ("Origin", "label"),
}
TABLES = (*_REGISTRIES, "sources", "claims", "claim_attributions", "transfers", "quantities")
_AGENTS = {"person": "prov:Person", "language_model": "prov:SoftwareAgent"}
_DATATYPES = {"integer": "xsd:integer", "number": "xsd:decimal", "boolean": "xsd:boolean", "date": "xsd:date"}
# What the keys mean but for the columns. Those of annotations are as in their standard context, for programs that read
# them as plain JSON.
_CONTEXT = Path(__file__).with_name("linked.context.json")


def linked_data(package: Package, dataset: Dataset) -> bytes:
    """Return the JSON-LD of all claims; withdrawn ones are marked as deprecated."""
    rows = (_registries, _texts, _annotations, _details)
    nodes = {str(node["id"]): node for each in rows for node in each(package)}
    graph = [_dataset(dataset), *(nodes[key] for key in sorted(nodes))]
    return json_bytes({"@context": _context(package, dataset), "@graph": graph})


def _context(package: Package, dataset: Dataset) -> Node:
    """Return what the keys mean, with the types of the columns by the contract."""
    columns: Node = {}
    for table in map(package.table, TABLES):
        for each in table.fields:
            type_ = EDTF_TYPE if each.is_edtf else _DATATYPES.get(each.type)
            if type_ or each.name in _keys(table):
                columns[each.name] = {"@id": TERMS + each.name, "@type": type_ or "@id"}
    own = {"@vocab": TERMS, "data": f"urn:{dataset.name}:", **dict(sorted(columns.items()))}
    return {**own, **parse_json(_CONTEXT.read_bytes())}


def _keys(table: Table) -> set[str]:
    return {name for key in table.foreign_keys for name in key.columns}


def _cells(table: Table, row: Row, *elsewhere: str) -> Node:
    """Return the cells of a row that are not empty, but for its identifier and columns that stand elsewhere."""
    cells: Node = {}
    for name, text in row.items():
        if text is None or name in elsewhere or (name,) == table.primary_key:
            continue
        # A number stays a text, so that it becomes a decimal with its own digits.
        native = table.by_name[name].type in {"boolean", "integer"}
        cells[name] = f"data:{text}" if name in _keys(table) else table.by_name[name].parse(text) if native else text
    return cells


def _dataset(dataset: Dataset) -> Node:
    content = {
        "id": "data:dataset",
        "type": ["http://purl.org/dc/dcmitype/Dataset", "prov:Entity"],
        "dcterms:title": dataset.title,
        "dcterms:description": dataset.description,
        "owl:versionInfo": dataset.version,
        "license": [each["path"] for each in dataset.licenses],
        "dcterms:bibliographicCitation": cite_as(dataset),
        "dcterms:identifier": doi_address(dataset.doi),
        "homepage": dataset.homepage,
    }
    return without_empty(content)


def _registries(package: Package) -> Iterator[Node]:
    """Yield the actors, coders, items and origins."""
    voices = {row["actor_id"] for row in read_rows(package, "claim_attributions")}
    for name, (class_, label) in _REGISTRIES.items():
        table = package.table(name)
        for row in read_rows(package, name):
            (key,) = (row[each] for each in table.primary_key)
            agent = _AGENTS.get(str(row.get("kind") or row.get("actor_type")), "prov:Agent")
            types = [class_, agent] if name == "coders" or key in voices else [class_]
            about = {"type": types, "dcterms:identifier": key, "label": row[label]}
            yield {"id": f"data:{key}", **about, **_cells(table, row, label)}


def _texts(package: Package) -> Iterator[Node]:
    """Yield each text, identified by its hash, and the text as the voice that speaks in it."""
    for row in read_rows(package, "sources"):
        cells = _cells(package.table("sources"), row, "label")
        key = row["source_id"]
        about = {"type": ["Source", "prov:Entity"], "dcterms:identifier": key, "label": row["label"]}
        yield {"id": _hash_uri(row["text_sha256"]), **about, **cells}
        yield {"id": f"data:{key}", "type": "prov:Agent", "label": f"{DOCUMENT} {key}"}


def _hash_uri(sha256: str) -> str:
    """Return the URI of a text of which only the hash is known, as RFC 6920 has it."""
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip('=')}"


def _annotations(package: Package) -> Iterator[Node]:
    """Yield an annotation for each claim: its passage is the target, the claim is the body."""
    table = package.table("claims")
    sources = {row["source_id"]: row for row in read_rows(package, "sources")}
    in_words = {
        row["claim_id"]: {name: row[name] for name in ("attribution", "sentence")}
        for row in rows_of(wide_cells(package))
    }
    voices = chains(package)
    for row in read_rows(package, "claims"):
        key, source = row["claim_id"], sources[row["source_id"]]
        text = _hash_uri(source["text_sha256"])
        span = {name: int(row[column]) for name, column in zip(("start", "end"), SPAN, strict=True)}
        hashed = {"span_sha256": row["span_sha256"]} if row["span_sha256"] else {}
        selector = {"id": f"data:{key}-span", "type": "TextPositionSelector", **span, **hashed}
        yield {
            "id": f"data:{key}-annotation",
            "type": "Annotation",
            "motivation": "describing",
            "creator": f"data:{source['coded_by']}",
            **_deprecated(row),
            "target": {"id": f"data:{key}-target", "type": "SpecificResource", "source": text, "selector": selector},
            "body": {
                "id": f"data:{key}",
                "type": ["Claim", "TextualBody", "prov:Entity"],
                "dcterms:identifier": key,
                "value": row["claim_text"],
                "format": "text/plain",
                **_deprecated(row),
                **_cells(table, row, "claim_text", "source_id", "span_sha256", *SPAN),
                **in_words.get(key, {}),
                "wasDerivedFrom": {**_statement(package.table("claim_attributions"), voices[key]), "isPartOf": text},
            },
        }


def _deprecated(claim: Row) -> Node:
    return {"deprecated": True} if claim["record_status"] == "withdrawn" else {}


def _statement(table: Table, steps: Sequence[Sequence[Row]]) -> Node:
    """Return what the voices of the first step say; it was quoted from what those of the next step say."""
    first = f"data:{steps[0][0]['claim_id']}-S{steps[0][0]['step']}"
    node: Node = {"id": first, "type": ["Statement", "prov:Entity"], "wasAttributedTo": [], "qualifiedAttribution": []}
    for row in steps[0]:
        agent = f"data:{voice_id(row)}"
        node["wasAttributedTo"].append(agent)
        unnamed = not row["actor_id"] and row["specificity"] != "document"
        about = {"id": agent, "type": "prov:Agent", "label": UNNAMED} if unnamed else agent
        attribution = {"id": f"{first}-A{row['voice_no']}", "type": "prov:Attribution", "agent": about}
        node["qualifiedAttribution"].append(attribution | _cells(table, row, "claim_id", "actor_id"))
    return node | ({"wasQuotedFrom": _statement(table, steps[1:])} if steps[1:] else {})


def _details(package: Package) -> Iterator[Node]:
    """Yield the transfers and figures of the claims, the transfers with how surely they are stated."""
    claims = {row["claim_id"]: row for row in read_rows(package, "claims")}
    frame = transfer_rows(package).set_index("transfer_id").rename(columns={"transfer": "label"})
    stated: Mapping[str, Node] = frame[["label", "polarity", "modality"]].astype(str).to_dict("index")
    for row in read_rows(package, "transfers"):
        key, claim = row["transfer_id"], claims[row["claim_id"]]
        about = {"type": "Transfer", "dcterms:identifier": key, **_deprecated(claim), **stated.get(key, {})}
        yield {"id": f"data:{key}", **about, **_cells(package.table("transfers"), row)}
    for row in read_rows(package, "quantities"):
        key, claim = row["quantity_id"], claims[row["claim_id"]]
        about = {"type": "Figure", "dcterms:identifier": key, **_deprecated(claim), "label": figure_in_words(row)}
        yield {"id": f"data:{key}", **about, **_cells(package.table("quantities"), row)}
