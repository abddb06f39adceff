"""The metadata follow from the description, are valid for the programs that read them, and add nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from clients import client_python
from conftest import REPOSITORY, Script

from curation.dataset import Dataset, read_dataset
from curation.documents.metadata import Download, citation_cff, cite_as, croissant_json, jsonld, zenodo_json
from curation.documents.responsible import responsible_ai
from curation.generate import metadata_files
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.checks.tables import TextTable, TextTables
from russia_dprk_claims.contract import Contract

DOI = "10.5281/zenodo.1234567"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The description of the dataset itself, before its release."""
    found, findings = read_dataset(REPOSITORY / "seeds")
    assert found is not None, findings
    return replace(found, released="", doi="", homepage="", repository="")


@pytest.fixture(scope="module")
def whole(dataset: Dataset) -> Dataset:
    """A description with every property, about people who do not exist."""
    people: list[Mapping[str, Any]] = [
        {"title": "coder-1", "roles": ["coder"]},
        {
            "title": "G. Name",
            "givenName": "Given",
            "familyName": "Name",
            "path": "https://orcid.org/0000-0000-0000-0000",
        },
    ]
    return replace(
        dataset,
        version="1.2.3",
        released="2030-04-05",
        doi=DOI,
        homepage="https://example.org/claims",
        repository="https://example.org/claims.git",
        contributors=people,
    )


@pytest.fixture(scope="module")
def data(contract: Contract) -> dict[str, bytes]:
    return {table.name: (REPOSITORY / "data" / f"{table.name}.csv").read_bytes() for table in contract}


@pytest.fixture(scope="module")
def tables(contract: Contract) -> TextTables:
    found, findings = read_package(REPOSITORY, contract)
    assert findings == []
    return found


def cff(dataset: Dataset) -> Any:
    return yaml.safe_load(citation_cff(dataset))


def check_cff(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_committed_files_are_generated_from_the_description() -> None:
    found, _ = read_dataset(REPOSITORY / "seeds")
    assert found is not None
    for path, content in metadata_files(found).items():
        assert (REPOSITORY / path).read_text(encoding="utf-8") == content.decode("utf-8"), "run scripts/build.py"


def test_every_file_has_the_described_values(
    contract: Contract, whole: Dataset, data: dict[str, bytes], tables: TextTables
) -> None:
    said = cff(whole)
    archived = json.loads(zenodo_json(whole))
    loaded = json.loads(croissant_json(contract, whole, data, tables))
    found = json.loads(jsonld(contract, whole, []))
    assert said["title"] == archived["title"] == loaded["name"] == found["name"] == whole.title
    assert said["version"] == archived["version"] == loaded["version"] == found["version"] == "1.2.3"
    assert said["abstract"] == loaded["description"] == found["description"] == whole.description
    assert archived["description"] == f"<p>{whole.description}</p>"
    assert said["keywords"] == archived["keywords"] == loaded["keywords"] == found["keywords"] == whole.keywords
    assert said["date-released"] == archived["publication_date"] == loaded["datePublished"] == "2030-04-05"
    assert said["license"] == "CC-BY-4.0"
    assert archived["license"] == "cc-by-4.0"
    assert loaded["license"] == found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert said["doi"] == DOI
    assert loaded["identifier"] == found["identifier"] == f"https://doi.org/{DOI}"
    assert said["type"] == archived["upload_type"] == "dataset"
    assert (found["@context"], found["@type"], loaded["@type"]) == ("https://schema.org", "Dataset", "sc:Dataset")


def test_contributors_are_cited_as_they_are_given(dataset: Dataset, contract: Contract) -> None:
    project = {"name": "Russia–DPRK Partnership Claims project"}
    assert [each["title"] for each in dataset.contributors] == [project["name"]]
    assert cff(dataset)["authors"] == [project]
    assert json.loads(zenodo_json(dataset))["creators"] == [project]
    assert json.loads(jsonld(contract, dataset, []))["creator"] == [{"@type": "Organization", **project}]


def test_a_contributor_may_give_a_name_and_an_orcid(whole: Dataset, contract: Contract) -> None:
    orcid = "https://orcid.org/0000-0000-0000-0000"
    assert cff(whole)["authors"][1] == {"family-names": "Name", "given-names": "Given", "orcid": orcid}
    assert json.loads(zenodo_json(whole))["creators"][1] == {"name": "Name, Given", "orcid": "0000-0000-0000-0000"}
    assert json.loads(jsonld(contract, whole, []))["creator"][1]["sameAs"] == orcid


def test_unknown_properties_are_left_out(
    dataset: Dataset, contract: Contract, data: dict[str, bytes], tables: TextTables
) -> None:
    assert not {"doi", "date-released", "url", "repository-code"} & cff(dataset).keys()
    assert not {"doi", "publication_date", "related_identifiers"} & json.loads(zenodo_json(dataset)).keys()
    for content in (croissant_json(contract, dataset, data, tables), jsonld(contract, dataset, [])):
        assert not {"identifier", "datePublished", "url"} & json.loads(content).keys()
    named = f"{dataset.contributors[0]['title']}. {dataset.title} (version {dataset.version}) [Data set]."
    assert cite_as(dataset) == named


def test_zenodo_json_has_no_doi(whole: Dataset) -> None:
    assert DOI.encode() not in zenodo_json(whole)


def test_the_description_is_escaped_for_zenodo(dataset: Dataset) -> None:
    content = json.loads(zenodo_json(replace(dataset, description="a <b> & c")))
    assert content["description"] == "<p>a &lt;b&gt; &amp; c</p>"


def test_the_citation_names_year_version_and_doi(whole: Dataset) -> None:
    assert (
        cite_as(whole)
        == f"coder-1; Name, Given (2030). {whole.title} (version 1.2.3) [Data set]. https://doi.org/{DOI}"
    )


def test_the_committed_citation_is_valid() -> None:
    done = check_cff(REPOSITORY / "CITATION.cff")
    assert done.returncode == 0, done.stdout


def test_a_citation_with_every_property_is_valid(whole: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_bytes(citation_cff(whole))
    done = check_cff(path)
    assert done.returncode == 0, done.stdout
    path.write_bytes(citation_cff(whole).replace(b"type: dataset", b"type: data"))
    assert check_cff(path).returncode == 1


# --- the command ------------------------------------------------------------------------------------------------------


def test_build_writes_both_files_and_then_finds_them_up_to_date(harbour: Path, script: Script) -> None:
    assert script("build").stdout.startswith("built: .zenodo.json, CITATION.cff, ")
    assert script("build", "--check").stdout == "up to date\n"
    assert yaml.safe_load((harbour / "CITATION.cff").read_bytes())["title"] == "Claims about a harbour"


def test_check_writes_nothing_and_names_what_is_out_of_date(harbour: Path, script: Script) -> None:
    script("build")
    (harbour / ".zenodo.json").unlink()
    done = script("build", "--check")
    assert done.returncode == 1
    assert done.stdout == ".zenodo.json: missing\nout of date: run scripts/build.py\n"
    assert not (harbour / ".zenodo.json").exists()


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "keywords:",
            "doi: https://doi.org/10.5281/1\nkeywords:",
            "pattern: 'https://doi.org/10.5281/1' is not a valid doi",
        ),
        ("keywords:", "released: 2026-02-30\nkeywords:", "pattern: '2026-02-30' is not a valid released (write it as"),
        ("keywords:", "homepage: example.org\nkeywords:", "pattern: 'example.org' is not a valid homepage"),
        ("name: harbour-claims", "name: ../harbour", "pattern: '../harbour' is not a valid name"),
        (
            "name: harbour-claims",
            "name: harbour.claims",
            "pattern: 'harbour.claims' is not a valid name (write lower-case",
        ),
        ("0.1.0", "0.1.1234567890", "pattern: '0.1.1234567890' is not a valid version (write it as"),
        ("0.1.0", "0.01.0", "pattern: '0.01.0' is not a valid version (write it as"),
        ("title: Claims about a harbour", "title: ~", "required: title is empty (The title.)"),
        (
            "title: Claims about a harbour",
            "titel: Claims",
            "unknown-key: 'titel' is not a property of the dataset (did you",
        ),
        ("title: Claims about a harbour\n", "", "required: title is missing (The title.)"),
        ("keywords: [harbour]", "", "required: keywords is missing (A list of keywords.)"),
        ("keywords: [harbour]", "keywords: []", "required: keywords is empty (A list of keywords.)"),
        (
            "keywords: [harbour]",
            "keywords: [harbour]\nresponsible_ai: {dataBias: none}",
            "unknown-key: 'dataBias' is not a property of the dataset (did you mean 'dataBiases'?)",
        ),
        ("keywords: [harbour]", "keywords: [{a: b}]", "wrong-type: an item of keywords must be text (write"),
        (
            "- {title: coder-1, roles: [coder]}",
            "- coder-1",
            "wrong-type: an item of contributors must be a mapping (write 'key: value' lines after the '- ')",
        ),
        (
            "{title: coder-1,",
            "{titel: coder-1,",
            "required: an item of contributors has no title (is 'titel' meant to be title?)",
        ),
        ("{title: coder-1,", "{", "required: an item of contributors has no title (write title: and a text)"),
        ("roles: [coder]", "roles: coder", "wrong-type: roles must be a list (begin each item with '- ')"),
        ("roles: [coder]", "path: [a]", "wrong-type: path must be text (write one text after the colon, in quotes if"),
        ("{name: CC-BY-4.0, ", "{name: ~, ", "required: name is empty ("),
    ],
)
def test_an_invalid_description_gives_one_finding_and_no_file(
    harbour: Path, script: Script, old: str, new: str, finding: str
) -> None:
    path = harbour / "seeds" / "dataset.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = script("build")
    assert done.returncode == 1
    assert finding in done.stdout and done.stdout.count("\n") == 1
    assert done.stderr == "1 error, 0 warnings\nnothing was written\n"
    assert not (harbour / "CITATION.cff").exists()


def test_the_doi_and_the_day_of_release_may_be_empty(harbour: Path, script: Script) -> None:
    path = harbour / "seeds" / "dataset.yaml"
    path.write_text(path.read_text(encoding="utf-8") + 'doi: ""\nreleased:\nrepository: ~\n', encoding="utf-8")
    assert script("build").returncode == 0
    assert (
        not {"doi", "date-released", "repository-code"} & yaml.safe_load((harbour / "CITATION.cff").read_bytes()).keys()
    )


def test_a_file_that_cannot_be_written_is_one_line(harbour: Path, script: Script) -> None:
    (harbour / "CITATION.cff").mkdir()
    done = script("build")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def test_a_download_has_its_hash_and_its_address(contract: Contract, dataset: Dataset) -> None:
    file = Download("claims.zip", "The tables.", "application/zip", b"abc")
    (beside,) = json.loads(jsonld(contract, dataset, [file]))["distribution"]
    assert beside == {
        "@type": "DataDownload",
        "name": "claims.zip",
        "description": "The tables.",
        "contentUrl": "claims.zip",
        "encodingFormat": "application/zip",
        "contentSize": "3 B",
        "sha256": hashlib.sha256(b"abc").hexdigest(),
    }
    published = replace(dataset, repository="https://example.org/claims/", version="1.2.3")
    (there,) = json.loads(jsonld(contract, published, [file]))["distribution"]
    assert there["contentUrl"] == "https://example.org/claims/releases/download/v1.2.3/claims.zip"


def test_every_column_is_a_variable_that_is_explained(contract: Contract, dataset: Dataset) -> None:
    variables = {each["name"]: each for each in json.loads(jsonld(contract, dataset, []))["variableMeasured"]}
    assert set(variables) == {f"{table.name}.{name}" for table in contract for name in table.columns}
    assert variables["claims.polarity"]["description"] == contract["claims"].by_name["polarity"].description


# --- Croissant --------------------------------------------------------------------------------------------------------


@pytest.fixture
def croissant(contract: Contract, dataset: Dataset, data: dict[str, bytes], tables: TextTables) -> Any:
    return json.loads(croissant_json(contract, dataset, data, tables))


def test_croissant_names_every_file_with_its_hash(croissant: Any, data: dict[str, bytes]) -> None:
    assert {each["contentUrl"]: each["sha256"] for each in croissant["distribution"]} == {
        f"data/{name}.csv": hashlib.sha256(content).hexdigest() for name, content in data.items()
    }


def test_croissant_has_every_column_and_key(croissant: Any, contract: Contract) -> None:
    assert [each["name"] for each in croissant["recordSet"]] == [table.name for table in contract]
    for each in croissant["recordSet"]:
        table = contract[each["name"]]
        assert [field["name"] for field in each["field"]] == list(table.columns)
        assert [key["@id"] for key in each["key"]] == [f"{table.name}/{name}" for name in table.primary_key]


def test_croissant_has_every_foreign_key_as_references(croissant: Any, contract: Contract) -> None:
    for each in croissant["recordSet"]:
        table = contract[each["name"]]
        referring = {field["name"]: field["references"] for field in each["field"] if "references" in field}
        assert set(referring) == {name for key in table.foreign_keys for name in key.columns}
        for key in table.foreign_keys:
            if len(key.columns) == 1:
                own = {"fileObject": {"@id": f"data/{key.table}.csv"}, "extract": {"column": key.references[0]}}
                other = {"field": {"@id": f"{key.table}/{key.references[0]}"}}
                assert referring[key.columns[0]] == (own if key.table == table.name else other)
    transfers = next(each for each in croissant["recordSet"] if each["name"] == "transfers")
    giver = next(each for each in transfers["field"] if each["name"] == "giver_id")
    assert giver["references"] == {"field": {"@id": "actors/actor_id"}}


def test_croissant_says_how_to_use_the_data_responsibly(croissant: Any, dataset: Dataset, tables: TextTables) -> None:
    said = {name.removeprefix("rai:"): value for name, value in croissant.items() if name.startswith("rai:")}
    assert said["dataLimitations"] == dataset.limits
    assert dataset.responsible_ai.items() <= said.items() and len(dataset.responsible_ai) == 8
    assert said["annotatorDemographics"] == ["None: no person coded the texts."]
    assert len(said["machineAnnotationTools"]) == len(tables["coders"])
    for row, tool in zip(tables["coders"].rows(), said["machineAnnotationTools"], strict=True):
        assert tool == f"Language model {row['coder_id']}: {row['description']} {row['training']}"
    assert "Krippendorff's alpha of claims.as_of: caution (0.42)." in said["dataAnnotationAnalysis"]
    assert all(str(row["label"]) in said["dataCollection"] for row in tables["sources"].rows())


def test_no_sentence_about_responsible_use_is_there_twice(croissant: Any) -> None:
    said = [croissant["description"], *(value for name, value in croissant.items() if name.startswith("rai:"))]
    # What two coders have in common stands at both.
    said.remove(croissant["rai:machineAnnotationTools"])
    texts = [text for value in said for text in ([value] if isinstance(value, str) else value)]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=\.) ", text)]
    assert len(sentences) > 30 and len(set(sentences)) == len(sentences)


def test_people_who_coded_are_described(dataset: Dataset, tables: TextTables) -> None:
    cells: dict[str, list[str | None]] = {
        "coder_id": ["coder-1"],
        "kind": ["person"],
        "description": ["Coded the text."],
        "languages": ["en, ko"],
        "training": [None],
    }
    coders = TextTable("coders", cells, tables["coders"].locator)
    said = responsible_ai(dataset, {**tables, "coders": coders})
    assert said["annotatorDemographics"] == ["coder-1: Coded the text. Languages: en, ko."]
    assert "machineAnnotationTools" not in said


# Run by the Python of the clients. A fresh Dataset for each record set: one that has loaded another gives its rows.
LOAD = """
import json, sys
import mlcroissant
def plain(value):
    if isinstance(value, bytes): return value.decode()
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value
place = sys.argv[1]
first = mlcroissant.Dataset(place)
sets = [each.uuid for each in first.metadata.record_sets]
rows = {name: [{key.split("/")[1]: plain(value) for key, value in row.items()}
               for row in mlcroissant.Dataset(place).records(name)] for name in sets}
said = {name: value for name, value in first.metadata.to_json().items() if name.startswith("rai:")}
json.dump({"errors": list(first.metadata.ctx.issues.errors), "rows": rows, "said": said}, sys.stdout)
"""


def as_loaded(type_: str, text: str) -> object:
    """Return how mlcroissant should read a cell."""
    if text == "":
        return None
    if type_ == "boolean":
        return text == "true"
    return int(text) if type_ == "integer" else float(text) if type_ == "number" else text


def listed(said: str | list[str]) -> list[str]:
    """Return statements as a list; mlcroissant writes a list of one as a text."""
    return [said] if isinstance(said, str) else sorted(said)


@pytest.mark.full
def test_mlcroissant_loads_every_record_set(
    contract: Contract, whole: Dataset, data: dict[str, bytes], tables: TextTables, tmp_path: Path
) -> None:
    python = client_python("python")
    (tmp_path / "data").mkdir()
    for name, content in data.items():
        (tmp_path / "data" / f"{name}.csv").write_bytes(content)
    place = tmp_path / "croissant.json"
    place.write_bytes(croissant_json(contract, whole, data, tables))
    done = subprocess.run([python, "-c", LOAD, str(place)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    loaded = json.loads(done.stdout)
    assert loaded["errors"] == []
    given = {name: value for name, value in json.loads(place.read_bytes()).items() if name.startswith("rai:")}
    assert {name: listed(value) for name, value in loaded["said"].items()} == {
        name: listed(value) for name, value in given.items()
    }
    for table in contract:
        expected = [
            {name: as_loaded(table.by_name[name].type, text) for name, text in row.items()}
            for row in csv.DictReader(data[table.name].decode("utf-8").splitlines())
        ]
        assert len(loaded["rows"][table.name]) == len(expected), table.name
        assert loaded["rows"][table.name] == expected, table.name
