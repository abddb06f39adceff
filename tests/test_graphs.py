"""The graphs and the linked data of a release say what the tables say, read back with networkx and rdflib.

They are made of the small project, changed so that it has joint voices, an unnamed side and a withdrawn claim, and of
the dataset, which has all of these of its own.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import rdflib
from answers import all_expected, expected
from conftest import HARBOUR, REPOSITORY, read
from pyshacl import validate
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS

from curation.bundle import linked
from curation.bundle.graphs import graphml_bytes, quotation_graph, transfer_graph
from curation.bundle.linked import TERMS, linked_data
from curation.dataset import Dataset, read_dataset
from curation.generate import package_files
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package import Package, open_package

# rdflib and pyshacl themselves use what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

Rows = list[dict[str, str]]
SHAPE = Path(linked.__file__).with_suffix(".shacl.ttl")
RECORD = "seeds/sources/SRC-0001.yaml"
# What the small project has not: voices that speak together, one of them not named; a chain of three steps; a side
# that is not named; a withdrawn claim.
CHANGES = (
    (
        "  - {actor_id: ACT-sarn-governor, specificity: unnamed_official, act: denies}",
        "  - {step: 1, actor_id: ACT-sarn-governor, specificity: unnamed_official, act: denies, joint: true}\n"
        "  - {step: 1, specificity: unattributed, act: denies, joint: true}",
    ),
    (
        "  - {actor_id: ACT-harbour-master, specificity: unnamed_official, act: asserts}",
        "  - {actor_id: ACT-harbour-master, specificity: unnamed_official, act: reports, stance: doubts}\n"
        "  - {actor_id: ACT-northport-officials, specificity: unnamed_group, act: asserts, stated_on: 2021-05~}",
    ),
    ("receiver_id: ACT-sarn, item_id: ITM-shells,", "item_id: ITM-shells,"),
    (
        "  claim_text: Three ferries left but not all at once.\n",
        "  claim_text: Three ferries left but not all at once.\n"
        "  record_status: withdrawn\n  superseded_by: C005\n  note: Told again below.\n",
    ),
)


def description(folder: Path) -> Dataset:
    found, findings = read_dataset(folder)
    assert found is not None, findings
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, contract: Contract) -> Package:
    """The small project with the cases that are hard to draw."""
    root = tmp_path_factory.mktemp("graphs") / "harbour"
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    record = root / RECORD
    text = record.read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert text.count(old) == 1
        text = text.replace(old, new)
    record.write_text(text, encoding="utf-8")
    project = read(root)
    assert project.findings == [] and project.dataset is not None
    schemas = {f"schemas/{path.name}": path.read_bytes() for path in (root / "schemas").iterdir()}
    return open_package({**package_files(contract, project.dataset, project.tables), **schemas})


@pytest.fixture(scope="module")
def whole() -> Package:
    """The dataset."""
    return open_package(REPOSITORY)


@pytest.fixture(params=["small", "whole"])
def package(request: pytest.FixtureRequest) -> Package:
    found: Package = request.getfixturevalue(request.param)
    return found


def rows(package: Package, table: str) -> Rows:
    return list(csv.DictReader(package.read(f"data/{table}.csv").decode("utf-8").splitlines()))


def active(package: Package) -> dict[str, dict[str, str]]:
    return {row["claim_id"]: row for row in rows(package, "claims") if row["record_status"] == "active"}


def chains(package: Package) -> dict[str, list[Rows]]:
    """Return the voices of each claim by step."""
    found: defaultdict[str, defaultdict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row in rows(package, "claim_attributions"):
        found[row["claim_id"]][row["step"]].append(row)
    return {claim: [steps[each] for each in sorted(steps)] for claim, steps in found.items()}


def node_of(voice: dict[str, str]) -> str:
    if voice["specificity"] == "document":
        return voice["claim_id"].split("-C")[0]
    return voice["actor_id"] or f"{voice['claim_id']}-S{voice['step']}-V{voice['voice_no']}"


# --- the graphs -------------------------------------------------------------------------------------------------------


def reread(graph: nx.DiGraph) -> Any:
    return nx.read_graphml(io.BytesIO(graphml_bytes(graph, description(REPOSITORY / "seeds"))))


def test_every_transfer_of_an_active_claim_is_an_edge_with_its_cells(package: Package) -> None:
    graph, claims = reread(transfer_graph(package)), active(package)
    figures: defaultdict[str, list[str]] = defaultdict(list)
    surely = {
        row["transfer_id"]: claims[row["claim_id"]]["modality"]
        for row in rows(package, "transfers")
        if row["claim_id"] in claims
    }
    for row in rows(package, "quantities"):
        figures[row["transfer_id"]].append(row["value_text"])
        if row["transfer_measure"] == "amount" and row["value_modality"] != "as_claim":
            surely[row["transfer_id"]] = row["value_modality"]
    expected = {}
    for row in rows(package, "transfers"):
        if claim := claims.get(row["claim_id"]):
            key = row["transfer_id"]
            ends = (row["giver_id"] or f"{key}-giver", row["receiver_id"] or f"{key}-receiver", key)
            cells = {name: row[name] for name in row if name != "note"}
            of_claim = {name: claim[name] for name in ("claim_text", "polarity", "hedge", "event_date", "source_id")}
            expected[ends] = {**cells, **of_claim, "modality": surely[key]}
    assert expected
    found = {ends: data for *ends_, data in graph.edges(keys=True, data=True) for ends in [tuple(ends_)]}
    assert found.keys() == expected.keys()
    for ends, cells in expected.items():
        assert {name: found[ends].get(name, "") for name in cells} == cells
        stated = figures[ends[2]]
        assert all(value in found[ends].get("figures", "") for value in stated)
        assert ("figures" in found[ends]) == bool(stated)


def test_the_label_of_an_edge_hides_no_denial_and_no_doubt(package: Package) -> None:
    names = {row["actor_id"]: row["name"] for row in rows(package, "actors")}
    for _, _, data in reread(transfer_graph(package)).edges(data=True):
        sides, notes = data["label"].rsplit(" (", 1)[0], data["label"].rsplit(" (", 1)[1].rstrip(")").split(", ")
        assert sides.split(": ")[0] == " → ".join(
            names.get(data.get(f"{side}_id"), "not named") for side in ("giver", "receiver")
        )
        assert data["realization"] in notes
        assert ("denied" in notes) == (data["polarity"] == "denied")
        assert (data["modality"] in notes) == (data["modality"] in {"possible", "probable"})
        assert data["claim_id"] in data["sentence"]


def test_a_side_that_is_not_named_is_a_node_that_says_so(package: Package) -> None:
    graph = reread(transfer_graph(package))
    unnamed = {node: data["label"] for node, data in graph.nodes(data=True) if data["actor_type"] == "unnamed"}
    assert unnamed and all(graph.degree(node) == 1 for node in unnamed)
    for node, label in unnamed.items():
        assert label == f"not named ({node.rpartition('-')[2]})"
    actors = {row["actor_id"]: row for row in rows(package, "actors")}
    for node, data in graph.nodes(data=True):
        if node not in unnamed:
            cells = {name: data.get(name, "") for name in ("label", "name", "actor_type", "country")}
            actor = actors[node]
            assert cells == {"label": actor["name"], **{name: actor[name] for name in list(cells)[1:]}}


def test_every_step_of_a_chain_is_counted_in_an_edge_for_each_voice(package: Package) -> None:
    graph, claims = reread(quotation_graph(package)), active(package)
    quoted: defaultdict[tuple[str, str], Rows] = defaultdict(list)
    stances: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    own: Counter[str] = Counter()
    spoken = chains(package)
    for claim in claims:
        steps = spoken[claim]
        own.update(node_of(voice) for voice in steps[-1])
        for outer, inner in pairwise(steps):
            for one in outer:
                for other in inner:
                    quoted[node_of(one), node_of(other)].append(other)
                    stances[node_of(one), node_of(other)][one["stance"]] += 1
    assert {(one, other) for one, other in graph.edges} == quoted.keys()
    for ends, voices in quoted.items():
        data = graph.edges[ends]
        assert data["weight"] == len(voices)
        assert data["claims"].split("; ") == [voice["claim_id"] for voice in voices]
        assert data["joint"] == sum(voice["joint"] == "true" for voice in voices)
        assert counted(data["acts"]) == Counter(voice["act"] for voice in voices)
        assert counted(data["evidence"]) == Counter(voice["evidence"] for voice in voices)
        assert counted(data["stances"]) == stances[ends]
        assert data["label"] == f"quotes: {data['acts']}"
    assert {node: number for node, number in graph.nodes(data="own_claims") if number} == own


def counted(words: str) -> Counter[str]:
    return Counter({word: int(number) for word, number in (each.split() for each in words.split("; "))})


def test_the_graph_of_transfers_answers_as_expected(whole: Package) -> None:
    edges = {data["transfer_id"]: data for _, _, data in reread(transfer_graph(whole)).edges(data=True)}
    asked = [answer for answer in all_expected().values() if "transfers" in answer.expects]
    assert asked
    for answer in asked:
        for transfer, cells in answer.expects["transfers"].items():
            found = {name: edges[transfer].get(name, "") for name in cells}
            assert found == cells, (answer.question, transfer)
    denied = {transfer for transfer, data in edges.items() if data["polarity"] == "denied"}
    denials = expected("denials")
    assert denials.expects["transfers"].keys() <= denied and denials.apart["transfers"].keys() <= denied


def test_no_graph_has_a_withdrawn_claim(package: Package) -> None:
    withdrawn = {row["claim_id"] for row in rows(package, "claims")} - active(package).keys()
    assert withdrawn
    dataset = description(REPOSITORY / "seeds")
    for graph in (transfer_graph(package), quotation_graph(package)):
        text = graphml_bytes(graph, dataset).decode("utf-8")
        assert "SRC-" in text and not [each for each in withdrawn if each in text]


def test_a_graph_says_what_it_is_from(small: Package) -> None:
    about = reread(transfer_graph(small)).graph
    assert (about["title"], about["license"]) == ("Russia–DPRK Partnership Claims", "CC-BY-4.0")
    assert "does not mean that it is true" in about["description"] and about["version"] in about["cite_as"]


# --- the linked data --------------------------------------------------------------------------------------------------

TERM = rdflib.Namespace(TERMS)
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
PREFIXES = {"": TERM, "oa": OA, "prov": PROV, "dcterms": DCTERMS, "owl": OWL, "rdf": RDF, "rdfs": RDFS}


@pytest.fixture(scope="module")
def loaded() -> Callable[[Package], rdflib.Graph]:
    """Return the linked data of a package as rdflib reads them, once for each."""
    cache: dict[int, rdflib.Graph] = {}

    def load(package: Package) -> rdflib.Graph:
        if id(package) not in cache:
            dataset = description(HARBOUR / "seeds")
            cache[id(package)] = rdflib.Graph().parse(data=linked_data(package, dataset), format="json-ld")
        return cache[id(package)]

    return load


# The linked data of the dataset take seconds to read.
small_and_whole = pytest.mark.parametrize(
    "package", ["small", pytest.param("whole", marks=pytest.mark.full)], indirect=True
)
Loaded = Callable[[Package], rdflib.Graph]


def answers(graph: rdflib.Graph, query: str) -> set[tuple[str, ...]]:
    return {tuple("" if cell is None else str(cell) for cell in row) for row in graph.query(query, initNs=PREFIXES)}  # type: ignore[union-attr]


def iri(name: str) -> str:
    return f"urn:harbour-claims:{name}"


@small_and_whole
def test_every_claim_annotates_its_passage_of_the_text_with_the_hash(package: Package, loaded: Loaded) -> None:
    found = answers(
        loaded(package),
        """SELECT ?claim ?text ?value ?start ?end ?span ?hash ?coder (BOUND(?old) AS ?withdrawn) WHERE {
            ?annotation a oa:Annotation ; oa:hasBody ?body ; oa:motivatedBy oa:describing ; dcterms:creator ?coder ;
                oa:hasTarget [ oa:hasSource ?text ; oa:hasSelector ?selector ] .
            ?selector oa:start ?start ; oa:end ?end .
            ?body dcterms:identifier ?claim ; rdf:value ?value .
            ?text :text_sha256 ?hash .
            OPTIONAL { ?selector :span_sha256 ?span }
            OPTIONAL { ?annotation owl:deprecated ?old . ?body owl:deprecated ?old } }""",
    )
    sources = {row["source_id"]: row for row in rows(package, "sources")}
    expected = set()
    for row in rows(package, "claims"):
        source = sources[row["source_id"]]
        named = base64.urlsafe_b64encode(bytes.fromhex(source["text_sha256"])).decode().strip("=")
        span = (row["char_start"], row["char_end"], row["span_sha256"])
        withdrawn = str(row["record_status"] == "withdrawn").lower()
        text = (f"ni:///sha-256;{named}", row["claim_text"])
        expected.add((row["claim_id"], *text, *span, source["text_sha256"], iri(source["coded_by"]), withdrawn))
    assert found == expected


@small_and_whole
def test_every_step_of_a_chain_was_quoted_from_the_next_one(package: Package, loaded: Loaded) -> None:
    columns = ("step", "voice_no", "specificity", "act", "evidence", "joint", "stated_on", "stance")
    found = answers(
        loaded(package),
        f"""SELECT ?claim ?agent {" ".join(f"?{name}" for name in columns)} WHERE {{
            ?body dcterms:identifier ?claim ; prov:wasDerivedFrom ?first .
            ?first prov:wasQuotedFrom* ?statement .
            ?statement prov:wasAttributedTo ?agent ; prov:qualifiedAttribution ?voice .
            ?voice prov:agent ?agent .
            {" ".join(f"OPTIONAL {{ ?voice :{name} ?{name} }}" for name in columns)} }}""",
    )
    assert found == {
        (row["claim_id"], iri(node_of(row)), *(row[name] for name in columns))
        for row in rows(package, "claim_attributions")
    }
    steps = answers(
        loaded(package),
        """SELECT ?one ?other WHERE {
            ?a prov:wasQuotedFrom ?b ; prov:wasAttributedTo ?one . ?b prov:wasAttributedTo ?other }""",
    )
    assert steps == {
        (iri(node_of(one)), iri(node_of(other)))
        for each in chains(package).values()
        for outer, inner in pairwise(each)
        for one in outer
        for other in inner
    }


@small_and_whole
@pytest.mark.parametrize(
    "table", ["claims", "transfers", "quantities", "actors", "items", "origins", "sources", "coders"]
)
def test_every_cell_is_in_the_linked_data(package: Package, loaded: Loaded, table: str) -> None:
    graph, contract = loaded(package), package.table(table)
    elsewhere = {
        "claims": {"claim_text", "source_id", "char_start", "char_end", "span_sha256"},
        **{name: {"name"} for name in ("actors", "items")},
        **{name: {"label"} for name in ("origins", "sources")},
        "coders": {"description"},
    }
    nodes = {str(key): node for node, key in graph.subject_objects(DCTERMS.identifier)}
    keys = {name for key in contract.foreign_keys for name in key.columns}
    for row in rows(package, table):
        node = nodes[row[contract.primary_key[0]]]
        for name in set(row) - elsewhere.get(table, set()) - set(contract.primary_key):
            cells = [str(cell) for cell in graph.objects(node, TERM[name])]
            assert cells == ([iri(row[name]) if name in keys else row[name]] if row[name] else []), (node, name)
    for transfer in graph.subjects(RDF.type, TERM.Transfer):
        labelled = {str(each) for each in graph.objects(transfer, RDFS.label)}
        assert labelled or (transfer, OWL.deprecated, rdflib.Literal(True)) in graph


@small_and_whole
def test_the_linked_data_have_the_shape(package: Package, loaded: Loaded) -> None:
    conforms, _, report = validate(loaded(package), shacl_graph=str(SHAPE))
    assert conforms, report


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        ("SRC-0001-C003-S1", PROV.wasAttributedTo, None),
        ("SRC-0001-C003-S1", PROV.wasAttributedTo, iri("ACT-northport")),
        ("SRC-0001-C003-S1-A2", TERM.act, None),
        ("SRC-0001-C003-span", OA.start, rdflib.Literal(9999, datatype=rdflib.XSD.nonNegativeInteger)),
        ("SRC-0001-C003-span", OA.end, None),
        ("SRC-0001-C003-target", OA.hasSource, iri("SRC-0001")),
        ("SRC-0001-C003-annotation", OA.hasBody, None),
        ("SRC-0001-C003", TERM.polarity, None),
        ("SRC-0001-C003", TERM.sentence, None),
        ("SRC-0001-C004", OWL.deprecated, None),
        ("SRC-0001-C004-annotation", OWL.deprecated, None),
        ("SRC-0001-C003-T1", TERM.polarity, None),
        ("SRC-0001-C003-T1", RDFS.label, None),
        ("SRC-0001-C003-T1", TERM.claim_id, iri("SRC-0001")),
        ("SRC-0001-C001-Q1", TERM.value_low, rdflib.Literal("40")),
    ],
)
def test_the_shape_finds_what_is_wrong(
    small: Package, loaded: Loaded, subject: str, predicate: rdflib.URIRef, value: Any
) -> None:
    node, graph = rdflib.URIRef(iri(subject)), rdflib.Graph()
    graph += loaded(small)
    assert (node, predicate, None) in graph
    graph.remove((node, predicate, None))
    if value is not None:
        graph.add((node, predicate, rdflib.URIRef(value) if isinstance(value, str) and value[:4] == "urn:" else value))
    conforms, _, report = validate(graph, shacl_graph=str(SHAPE))
    assert not conforms and iri(subject).rsplit("-", 1)[0] in report


@small_and_whole
def test_every_node_has_a_name(package: Package, loaded: Loaded) -> None:
    assert not [each for triple in loaded(package) for each in triple if isinstance(each, rdflib.BNode)]


def test_programs_that_read_annotations_as_json_find_the_standard_keys(small: Package) -> None:
    content = json.loads(linked_data(small, description(HARBOUR / "seeds")))
    # Nothing is downloaded: the context is inside, and mentions no other one.
    assert isinstance(content["@context"], dict) and not {"@import"} & content["@context"].keys()
    found = {node["body"]["id"]: node for node in content["@graph"] if node["type"] == "Annotation"}
    first = found["data:SRC-0001-C001"]
    assert first["target"]["selector"]["type"] == "TextPositionSelector"
    assert (first["target"]["selector"]["start"], first["target"]["selector"]["end"]) == (20, 157)
    assert first["body"]["value"] == "No fewer than 40 ammunition crates went from Northport to Sarn."
    ids = [node["id"] for node in content["@graph"]]
    assert ids == ["data:dataset", *sorted(ids[1:])]


def test_the_dataset_has_an_address_only_if_one_is_known(small: Package) -> None:
    dataset = description(HARBOUR / "seeds")
    named = replace(dataset, homepage="https://example.org/harbour", doi="10.5281/zenodo.1234567")
    about = rdflib.URIRef(iri("dataset"))
    for each, addresses in (
        (dataset, set()),
        (named, {"https://example.org/harbour", "https://doi.org/10.5281/zenodo.1234567"}),
    ):
        graph = rdflib.Graph().parse(data=linked_data(small, each), format="json-ld")
        found = {str(end) for kind in (rdflib.FOAF.homepage, DCTERMS.identifier) for end in graph.objects(about, kind)}
        assert found == addresses
