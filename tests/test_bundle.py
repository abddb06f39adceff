"""A bundle contains what it should and no source text, has the same bytes everywhere, and is written as a whole.

Most tests look at one bundle of the small project, made once; the last ones at one of the dataset itself.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from conftest import HARBOUR, REPOSITORY, TEXT, run_script, texts_folder

import russia_dprk_claims as rdc
from curation.bundle.archive import zip_bytes
from curation.bundle.cards import with_links
from curation.bundle.files import build_distributions
from curation.bundle.inputs import DOCUMENTS, PROJECT_FILES, WHEEL_SOURCE, BundleError, inputs_of, read_inputs
from curation.seeds.spans import ngram_index, shared_ngrams
from curation.write import SUMS, sha256
from russia_dprk_claims.checks.frictionless_check import frictionless_findings
from russia_dprk_claims.contract import SUMMARY, WIDE, Contract, derived_table

NAME, STEM = "harbour-claims", "harbour-claims-0.1.0"
WHEEL, SDIST = "russia_dprk_claims-0.1.0-py3-none-any.whl", "russia_dprk_claims-0.1.0.tar.gz"
# Words that are in no other text, to be searched for in the bundle.
LEFTOVER = "left lying about by somebody in a hurry one afternoon"


def make_project(root: Path, seeds: Path) -> Path:
    """Make a project that can be released, with its own seeds and everything else as in the dataset."""
    without = shutil.ignore_patterns("__pycache__", "texts", "_data")
    shutil.copytree(seeds, root / "seeds", ignore=without)
    for folder in ("schemas", WHEEL_SOURCE):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=without)
    for name in {*DOCUMENTS, *PROJECT_FILES} - {"seeds/dataset.yaml"}:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(REPOSITORY / name, root / name)
    done = run_script("build", "--project", root, cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def bundle(root: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command that builds the bundle of a project as it is."""
    return run_script("release", "--bundle-only", *arguments, "--project", root, cwd=root, **environment)


@dataclass(frozen=True)
class Bundled:
    """A project and the bundle that was made of it."""

    root: Path
    files: dict[str, bytes]

    @property
    def out(self) -> Path:
        return self.root / "dist"


def bundled(root: Path) -> Bundled:
    done = bundle(root)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return Bundled(root, content(root / "dist"))


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bundled:
    """A bundle of the small project, whose folder also has its text and other files that do not belong in it."""
    root = make_project(tmp_path_factory.mktemp("small") / "harbour", HARBOUR / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")
    for path in ("src/russia_dprk_claims/notes.txt", "seeds/notes.yaml.bak", "schemas/notes.txt", "notes.txt"):
        (root / path).write_text(LEFTOVER, encoding="utf-8")
    (root / "src" / "russia_dprk_claims" / "__pycache__").mkdir()
    (root / "src" / "russia_dprk_claims" / "__pycache__" / "notes.py").write_text(f"# {LEFTOVER}", encoding="utf-8")
    return bundled(root)


@pytest.fixture
def project(small: Bundled, tmp_path: Path) -> Path:
    """A copy of the small project, without its bundle, to be broken."""
    root = tmp_path / "harbour"
    shutil.copytree(small.root, root, ignore=shutil.ignore_patterns("dist", "__pycache__", "checks"))
    return root


@pytest.fixture(scope="module")
def database(small: Bundled) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(small.out / f"{NAME}.db")
    yield connection
    connection.close()


def members(name: str, data: bytes) -> dict[str, bytes]:
    """Return the uncompressed members of an archive."""
    if name.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            return {each.name: tar.extractfile(each).read() for each in tar if each.isfile()}  # type: ignore[union-attr]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def unpack(inside: dict[str, bytes], folder: Path) -> None:
    """Write the members of an archive into a folder; an entry of a folder makes the folder."""
    for path, data in inside.items():
        if path.endswith("/"):
            (folder / path).mkdir(parents=True, exist_ok=True)
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def texts_in(name: str, data: bytes, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every text in a file of a bundle, with its location."""
    if name.endswith((".zip", ".whl", ".tar.gz")):
        for path, inside in members(name, data).items():
            yield f"{name}:{path}", path
            yield f"{name}:{path}", inside.decode("utf-8", errors="replace").replace("\0", " nul ")
    elif name.endswith(".db"):
        connection = sqlite3.connect(folder / name)
        yield name, "\n".join(connection.iterdump())
        connection.close()
    elif name.endswith(".parquet"):
        table = pq.read_table(io.BytesIO(data))
        documented = [table.schema.metadata, *(each.metadata for each in table.schema)]
        yield name, "\n".join(str(value) for row in table.to_pylist() for value in row.values())
        yield name, "\n".join(text.decode("utf-8") for each in documented for text in each.values())
    # In the files of statistical programs, zeros separate cells that are no words in a row.
    yield name, data.decode("utf-8", errors="replace").replace("\0", " nul ")


def rows(root: Path, table: str) -> list[dict[str, str]]:
    with (root / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_the_bundle_has_every_file_with_its_hash(small: Bundled, contract: Contract) -> None:
    parquet = {f"{NAME}-{table}.parquet" for table in ("claims_wide", *contract.tables)}
    others = {f"{NAME}.db", f"{NAME}.xlsx", f"{NAME}-claims_wide.csv", f"{NAME}-stata.zip", f"{NAME}-spss.zip"}
    graphs = {f"{NAME}-transfers.graphml", f"{NAME}-quotations.graphml"}
    graphs |= {f"{NAME}-claims.jsonld", f"{NAME}-dataset-card.md"}
    expected = {f"{STEM}.zip", f"{STEM}.jsonld", WHEEL, SDIST, *others, *parquet, *graphs}
    assert set(small.files) == {*expected, SUMS}
    lines = small.files[SUMS].decode().splitlines()
    assert lines == [f"{sha256(small.files[name])}  {name}" for name in sorted(expected)]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_accepts_the_list_of_hashes(small: Bundled) -> None:
    done = subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=small.out, capture_output=True, check=False)  # noqa: S607
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_zip_is_a_data_package_at_its_root(small: Bundled, contract: Contract, tmp_path: Path) -> None:
    inside = members("a.zip", small.files[f"{STEM}.zip"])
    tables = {
        f"{folder}/{table.name}.{kind}" for table in contract for folder, kind in (("data", "csv"), ("schemas", "json"))
    }
    beside = {
        "AUDITS.md",
        "README.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "CODEBOOK.md",
        "CODING.md",
        "RELIABILITY.md",
        "LICENSE",
        "LICENSE-DATA",
        "claims_wide.csv",
        "event_summary.csv",
        "croissant.json",
        "released.csv",
    }
    assert set(inside) == {"datapackage.json", *tables, *beside, "data/", "schemas/"}
    for path in ("datapackage.json", "CITATION.cff", "LICENSE-DATA", *tables):
        assert inside[path] == (small.root / path).read_bytes(), path
    unpack(inside, tmp_path)
    assert frictionless_findings(tmp_path) == []


def test_links_of_documents_refer_to_files_in_the_same_zip(small: Bundled) -> None:
    documents = 0
    for name in (f"{STEM}.zip", f"{NAME}-stata.zip", f"{NAME}-spss.zip"):
        inside = members(name, small.files[name])
        for path in (each for each in inside if each.endswith(".md")):
            links = re.findall(r"\]\(([^)#]+)", inside[path].decode("utf-8"))
            assert {each for each in links if "://" not in each} <= set(inside), (name, path)
            documents += 1
    assert documents == 8


def test_a_link_to_a_file_that_is_not_in_the_zip_becomes_its_text() -> None:
    text = (
        "[rules](../seeds/codings/CODING.md) [here](CODING.md#dates) [part](#part) [audits](../docs/AUDITS.md)\n"
        "[log](../CHANGELOG.md) [web](https://example.org/a) [up](../../CODING.md)"
    )
    files = {
        "RELIABILITY.md": text.encode(),
        "CODING.md": b"",
        "AUDITS.md": b"",
        "CHANGELOG.md": b"",
        "x.csv": b"[a](b)",
    }
    assert with_links(files) == files | {
        "RELIABILITY.md": b"rules [here](CODING.md#dates) [part](#part) [audits](AUDITS.md)\n"
        b"[log](CHANGELOG.md) [web](https://example.org/a) up"
    }


def test_the_readme_in_the_zip_lists_the_files_and_opens_them(
    small: Bundled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = members("a.zip", small.files[f"{STEM}.zip"])
    text = inside["README.md"].decode("utf-8")
    listed = {*re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", text, re.MULTILINE)}
    assert listed == {path for path in inside if not path.startswith("schemas") and path not in {"data/", "README.md"}}
    for table in ("claims", "quantities"):
        assert f"| [data/{table}.csv](data/{table}.csv) | {len(rows(small.root, table))} |" in text
    assert "- The harbour is invented.\n" in text
    assert "> coder-1. Claims about a harbour (version 0.1.0) [Data set].\n" in text
    unpack(inside, tmp_path)
    monkeypatch.chdir(tmp_path)
    program = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    found: dict[str, Any] = {}
    exec(program, found)  # noqa: S102
    with (tmp_path / "claims_wide.csv").open(encoding="utf-8", newline="") as file:
        assert found["claims"].fillna("").to_dict("records") == list(csv.DictReader(file))


def test_the_readme_cites_a_claim_as_the_loader_does(dataset_bundle: Bundled) -> None:
    (name,) = (each for each in dataset_bundle.files if re.fullmatch(r"russia-dprk-claims-[0-9.]+\.zip", each))
    text = members(name, dataset_bundle.files[name])["README.md"].decode("utf-8")
    (claim,) = {*re.findall(r"SRC-[0-9]{4}-C[0-9]{3}", text)}
    assert f"> {rdc.cite(claim=claim)}\n" in text


def test_the_dataset_card_configures_every_table_and_states_the_limits(small: Bundled, contract: Contract) -> None:
    _, head, text = small.files[f"{NAME}-dataset-card.md"].decode("utf-8").split("---\n", 2)
    about = yaml.safe_load(head)
    configs = {each.pop("config_name"): each for each in about.pop("configs")}
    assert configs.keys() == {"claims_wide", *contract.tables}
    assert [name for name, each in configs.items() if each.pop("default", False)] == ["claims_wide"]
    for each in configs.values():
        assert each.keys() == {"data_files"}
        assert each["data_files"] in small.files
    assert about == {
        "pretty_name": "Claims about a harbour",
        "license": "cc-by-4.0",
        "language": ["en"],
        "annotations_creators": ["expert-generated"],
        "tags": ["harbour"],
    }
    assert "\n## Limits\n\n- The harbour is invented.\n" in text and "@misc{harbour_claims_0_1_0," in text


def test_the_members_of_the_zip_are_sorted_stored_and_of_one_date(small: Bundled) -> None:
    with zipfile.ZipFile(io.BytesIO(small.files[f"{STEM}.zip"])) as archive:
        infos = archive.infolist()
    assert [each.filename for each in infos] == sorted(each.filename for each in infos)
    assert len({each.filename for each in infos}) == len(infos)
    assert [(each.filename, each.file_size) for each in infos if each.is_dir()] == [("data/", 0), ("schemas/", 0)]
    for each in infos:
        assert (each.compress_type, each.date_time, each.create_system) == (
            zipfile.ZIP_STORED,
            (1980, 1, 1, 0, 0, 0),
            3,
        )
        assert each.external_attr == (0o040755 << 16 | 0x10 if each.is_dir() else 0o100644 << 16), each.filename


def test_the_order_of_the_members_does_not_matter() -> None:
    assert zip_bytes({"b": b"2", "a/c": b"1"}) == zip_bytes({"a/c": b"1", "b": b"2"})


def test_every_folder_has_an_entry_before_its_files() -> None:
    inside = members("a.zip", zip_bytes({"a/b/c": b"1", "a/d": b"2", "a.b": b"3", "e": b"4"}))
    assert list(inside.items()) == [
        ("a.b", b"3"),
        ("a/", b""),
        ("a/b/", b""),
        ("a/b/c", b"1"),
        ("a/d", b"2"),
        ("e", b"4"),
    ]


def test_croissant_in_the_zip_lists_the_files_beside_it(small: Bundled) -> None:
    inside = members("a.zip", small.files[f"{STEM}.zip"])
    for each in json.loads(inside["croissant.json"])["distribution"]:
        assert sha256(inside[each["contentUrl"]]) == each["sha256"]


def test_the_json_ld_lists_the_files_of_the_bundle(small: Bundled) -> None:
    content = json.loads(small.files[f"{STEM}.jsonld"])
    assert (content["@type"], content["name"], content["version"]) == ("Dataset", "Claims about a harbour", "0.1.0")
    apart = {f"{STEM}.jsonld", WHEEL, SDIST, SUMS}
    assert {each["name"] for each in content["distribution"]} == small.files.keys() - apart
    for each in content["distribution"]:
        file = small.files[each["contentUrl"]]
        assert (each["@type"], each["sha256"]) == ("DataDownload", sha256(file))
        assert each["contentSize"] == f"{len(file)} B"


def test_the_wheel_contains_the_data_and_works_on_its_own(small: Bundled, tmp_path: Path) -> None:
    inside = members(WHEEL, small.files[WHEEL])
    for path in ("datapackage.json", "data/claims.csv", "schemas/claims.json"):
        assert inside[f"russia_dprk_claims/_data/{path}"] == (small.root / path).read_bytes()
    listed = ["git", "ls-files", "russia_dprk_claims"]
    tracked = subprocess.run(listed, cwd=REPOSITORY / "src", capture_output=True, text=True, check=True)
    assert set(tracked.stdout.split()) - set(inside) == set()
    unpack(inside, tmp_path)
    program = (
        "from russia_dprk_claims.package import data_dir; print((data_dir() / 'data/claims.csv').read_text(), end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert done.stdout == (small.root / "data" / "claims.csv").read_bytes()


def test_the_sdist_builds_the_same_wheel(small: Bundled, tmp_path: Path) -> None:
    unpack(members(SDIST, small.files[SDIST]), tmp_path)
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path), "-t", "wheel"]
    unpacked = tmp_path / SDIST.removesuffix(".tar.gz")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
    subprocess.run(command, cwd=unpacked, env=environment, capture_output=True, check=True)
    assert members(WHEEL, (tmp_path / WHEEL).read_bytes()) == members(WHEEL, small.files[WHEEL])


def test_only_the_description_and_the_released_ids_of_the_seeds_are_in_the_sdist(small: Bundled) -> None:
    paths = [path.split("/", 1)[1] for path in members(SDIST, small.files[SDIST])]
    assert [path for path in paths if path.startswith("seeds")] == ["seeds/dataset.yaml", "seeds/released.csv"]
    assert not [path for path in paths if path.startswith(("tests/", "scripts/", "src/curation/", ".git", "dist/"))]


# --- the database -----------------------------------------------------------------------------------------------------


def test_the_database_has_the_rows_and_columns_of_the_tables(
    small: Bundled, database: sqlite3.Connection, contract: Contract
) -> None:
    for table in contract:
        cursor = database.execute(f'SELECT * FROM "{table.name}"')  # noqa: S608
        ranks = [f"{each.name}_rank" for each in table.fields if each.order]
        assert {each[0] for each in cursor.description} == {*table.columns, *ranks}
        assert len(cursor.fetchall()) == len(rows(small.root, table.name))
    low, name, rhetorical = database.execute(
        "SELECT value_low, value_text, rhetorical FROM quantities WHERE value_low IS NOT NULL LIMIT 1"
    ).fetchone()
    assert (type(low), type(name), rhetorical) == (float, str, 0)
    assert database.execute("SELECT count(*) FROM claims WHERE note = ''").fetchone() == (0,)


def test_the_database_has_the_keys_of_the_contract(database: sqlite3.Connection, contract: Contract) -> None:
    for table in contract:
        info = database.execute(f"PRAGMA table_info({table.name})").fetchall()
        keyed = sorted((position, name) for _, name, _, _, _, position in info if position)
        assert tuple(name for _, name in keyed) == table.primary_key
        assert {name for _, name, _, required, _, _ in info if required} == {
            each.name for each in table.fields if each.required or each.name in table.primary_key
        }
        found: dict[int, list[tuple[str, str, str]]] = {}
        for number, _, target, column, other, *_ in database.execute(f"PRAGMA foreign_key_list({table.name})"):
            found.setdefault(number, []).append((target, column, other))
        expected = [
            [(key.table, column, other) for column, other in zip(key.columns, key.references, strict=True)]
            for key in table.foreign_keys
        ]
        assert sorted(found.values()) == sorted(expected)


def test_the_database_enforces_its_keys_and_vocabularies(small: Bundled) -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(small.files[f"{NAME}.db"])
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("PRAGMA foreign_keys = ON")
    for change, why in (
        ("UPDATE quantities SET claim_id = 'SRC-9999-C999'", "FOREIGN KEY"),
        ("UPDATE claims SET polarity = 'affirm'", "CHECK"),
        ("UPDATE quantities SET rhetorical = 2", "CHECK"),
        ("UPDATE claims SET claim_text = NULL", "NOT NULL"),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=why):
            connection.execute(change)
    connection.close()


def test_the_database_documents_its_tables_columns_and_values(database: sqlite3.Connection, contract: Contract) -> None:
    documented = database.execute("SELECT table_name, column_name, description FROM _columns ORDER BY rowid").fetchall()
    tables = [derived_table(contract, WIDE), derived_table(contract, SUMMARY), *contract]
    assert documented == [(table.name, each.name, each.description) for table in tables for each in table.fields]
    described = dict(database.execute("SELECT table_name, description FROM _tables"))
    assert {table.name: described[table.name] for table in tables} == {each.name: each.description for each in tables}
    hidden = "name LIKE '%_fts%' OR name LIKE '\\_%' ESCAPE '\\' OR name LIKE 'sqlite%'"
    own = database.execute(f"SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND NOT ({hidden})")  # noqa: S608
    assert set(described) == {name for (name,) in own}
    assert dict(
        database.execute(
            "SELECT value, definition FROM _values WHERE (table_name, column_name) = ('claims', 'polarity')"
        )
    ) == dict(contract["claims"].by_name["polarity"].definitions)
    about = dict(database.execute("SELECT property, value FROM _dataset"))
    assert (about["version"], about["license"]) == ("0.1.0", "CC-BY-4.0")


def test_full_text_search_of_claims_uses_word_stems(database: sqlite3.Connection) -> None:
    query = (
        "SELECT claim_id FROM claims WHERE rowid IN (SELECT rowid FROM claims_fts WHERE claims_fts MATCH ?) ORDER BY 1"
    )
    assert database.execute(query, ("receiving",)).fetchall() == [("SRC-0001-C003",)]
    assert database.execute(query, ("zeppelin",)).fetchall() == []


# --- Parquet ----------------------------------------------------------------------------------------------------------


def test_parquet_has_the_rows_with_the_types_of_the_contract(small: Bundled, contract: Contract) -> None:
    types = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool", "date": "date32[day]"}
    for table in contract:
        read = pq.read_table(io.BytesIO(small.files[f"{NAME}-{table.name}.parquet"]))
        assert [(each.name, str(each.type), each.nullable) for each in read.schema] == [
            (each.name, types[each.type], not each.required) for each in table.fields
        ]
        assert [_texts(row) for row in read.to_pylist()] == rows(small.root, table.name)


def _texts(row: dict[str, Any]) -> dict[str, str]:
    """Return the values of a row as the CSV has them."""

    def text(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)

    return {name: text(value) for name, value in row.items()}


def test_parquet_documents_the_table_and_its_columns(small: Bundled, contract: Contract) -> None:
    schema = pq.read_schema(io.BytesIO(small.files[f"{NAME}-claims.parquet"]))
    table = contract["claims"]
    assert schema.metadata[b"description"].decode() == table.description
    assert schema.metadata[b"version"] == b"0.1.0"
    assert json.loads(schema.metadata[b"table_schema"]) == json.loads((small.root / "schemas/claims.json").read_bytes())
    for each in table.fields:
        assert schema.field(each.name).metadata[b"description"].decode() == each.description
    assert json.loads(schema.field("polarity").metadata[b"definitions"]) == table.by_name["polarity"].definitions


# --- the same everywhere ----------------------------------------------------------------------------------------------

# What a program that is run with this in its path takes for the time is a year and a half later.
LATER = """
import time
def later(of):
    return lambda seconds=None: of(time.time() if seconds is None else seconds)
now = time.time
time.time = lambda: now() + 5e7
time.gmtime, time.localtime = later(time.gmtime), later(time.localtime)
"""


def test_the_bundle_is_the_same_in_another_place_at_another_time(small: Bundled, tmp_path: Path) -> None:
    root, clock = tmp_path / "a deeper" / "plaçe", tmp_path / "clock"
    for path in sorted(small.root.rglob("*"), reverse=True):
        if path.is_file() and "dist" not in path.parts:
            target = root / path.relative_to(small.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(0o700)
            os.utime(target, (1_000_000_000, 1_000_000_000))
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    elsewhere = {"TZ": "Asia/Pyongyang", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242", "PYTHONPATH": str(clock)}
    elsewhere |= {"SOURCE_DATE_EPOCH": "1700000000", "HATCH_BUILD_CLEAN": "true"}
    command = [sys.executable, str(REPOSITORY / "scripts" / "release.py"), "--bundle-only", "--project", str(root)]
    command += ["--out", str(tmp_path / "out")]
    elsewhere["PATH"] = os.environ["PATH"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=elsewhere, umask=0o077)
    assert done.returncode == 0, done.stdout + done.stderr
    there = content(tmp_path / "out")
    assert [name for name in small.files if there.get(name) != small.files[name]] == []
    assert set(there) == set(small.files)


# --- nothing that should not be in it ---------------------------------------------------------------------------------


def test_no_file_contains_a_source_text_or_a_leftover(small: Bundled) -> None:
    index = ngram_index({"text": TEXT, "stray": LEFTOVER}, 8)
    assert shared_ngrams(f"Note: {LEFTOVER}.", index, 8)
    for name, data in small.files.items():
        for place, text in texts_in(name, data, small.out):
            assert not shared_ngrams(text, index, 8), place
            assert "seeds/texts/" not in place and "notes" not in place


def test_no_file_contains_a_local_path(small: Bundled) -> None:
    # Assembled, so that this file does not name them itself.
    places = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "tmp/", str(small.root), str(REPOSITORY), sys.prefix]
    for name, data in small.files.items():
        for place, text in texts_in(name, data, small.out):
            assert [each for each in places if each in text] == [], place


# --- all or nothing ---------------------------------------------------------------------------------------------------


def replaced(root: Path, path: str, old: str, new: str) -> None:
    place = root / path
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")


def break_seeds(root: Path) -> None:
    replaced(root, "seeds/sources/SRC-0001.yaml", "topic: transport", "topic: shipping")


def break_data(root: Path) -> None:
    (root / "data" / "claims.csv").write_bytes(b"claim_id\n")


def break_metadata(root: Path) -> None:
    replaced(root, "CITATION.cff", "Claims about a harbour", "Claims about two harbours")


def break_changelog(root: Path) -> None:
    (root / "CHANGELOG.md").unlink()


def break_contract(root: Path) -> None:
    (root / "schemas" / "claims.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (
            break_seeds,
            "the project is invalid: seeds/sources/SRC-0001.yaml:84:10: vocabulary: 'shipping' is not in the",
        ),
        (break_data, "the project is invalid: data/claims.csv: stale: incomplete build or changed file"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_an_invalid_project_is_not_bundled(project: Path, fault: Callable[[Path], None], why: str) -> None:
    fault(project)
    with pytest.raises(BundleError, match=f"^{re.escape(why)}"):
        read_inputs(project, lambda _: None)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (break_data, "data/claims.csv:1:1: csv-header: "),
        (break_metadata, "CITATION.cff: missing or out of date with seeds/dataset.yaml; run scripts/build.py"),
        (break_changelog, "CHANGELOG.md: No such file or directory; the bundle needs this file"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_missing_or_stale_input_is_refused(project: Path, fault: Callable[[Path], None], why: str) -> None:
    fault(project)
    with pytest.raises(BundleError, match=f"^{re.escape(why)}"):
        inputs_of(project)


HATCHLING = "pyproject.toml: hatchling cannot build the wheel: "


@pytest.mark.parametrize(
    ("path", "old", "new", "why"),
    [
        ("pyproject.toml", '"data" = ', '"seeds/dataset.yaml" = ', f"{WHEEL}: russia_dprk_claims/_data/data/"),
        ("pyproject.toml", "[project]", "[project", HATCHLING),
        ("seeds/dataset.yaml", 'version: "0.1.0"', "version: 0.1.0", HATCHLING),
    ],
)
def test_a_wheel_that_cannot_be_built_or_lacks_the_data_is_refused(
    small: Bundled, path: str, old: str, new: str, why: str
) -> None:
    inputs = inputs_of(small.root)
    assert old.encode() in inputs.program[path]
    changed = {**inputs.program, path: inputs.program[path].replace(old.encode(), new.encode(), 1)}
    with pytest.raises(BundleError, match=f"^{re.escape(why)}"):
        build_distributions(changed, inputs.package)


def test_an_error_is_one_line_and_the_old_bundle_stays(small: Bundled, project: Path) -> None:
    shutil.copytree(small.out, project / "dist")
    for fault, why in (
        (break_changelog, "CHANGELOG.md: No such file"),
        (break_contract, "claims.json: not a Table Schema of this project"),
    ):
        fault(project)
        done = bundle(project)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
        assert why in done.stderr
        assert content(project / "dist") == small.files


def test_a_missing_extra_is_one_line_that_says_what_to_install(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "curation.bundle.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = bundle(project)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and done.stderr.endswith(f'-m pip install -e "{REPOSITORY}[release]"\n')
    assert not (project / "dist").exists()


def test_a_version_or_bundle_only_is_required(small: Bundled) -> None:
    for words in ([], ["1.0.0", "--bundle-only"], ["--bundle-only", "--prepare"]):
        done = run_script("release", *words, "--project", small.root, cwd=small.root)
        assert done.returncode == 2
        assert "give a VERSION, or --bundle-only alone" in done.stderr


def test_an_impossible_output_folder_is_one_line(project: Path) -> None:
    done = bundle(project, "--out", project / "LICENSE" / "dist")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ") and "Not a directory" in done.stderr and done.stderr.count("\n") == 1


# --- the dataset itself -----------------------------------------------------------------------------------------------


def test_the_dataset_can_be_bundled(dataset_bundle: Bundled, contract: Contract) -> None:
    (database,) = dataset_bundle.out.glob("*.db")
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    counts = dict(connection.execute("SELECT table_name, row_count FROM _tables"))
    connection.close()
    assert {table.name: counts[table.name] for table in contract} == {
        table.name: len(rows(dataset_bundle.root, table.name)) for table in contract
    }
    for table in contract:
        (parquet,) = dataset_bundle.out.glob(f"*-{table.name}.parquet")
        read = pq.read_table(parquet)
        assert [_texts(row) for row in read.to_pylist()] == rows(dataset_bundle.root, table.name)


@pytest.mark.skipif(texts_folder() is None, reason="not all source texts are available")
def test_no_file_shares_eight_words_in_a_row_with_a_source(dataset_bundle: Bundled) -> None:
    folder = texts_folder()
    assert folder is not None
    index = ngram_index({path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}, 8)
    assert index
    shared = {
        place: run
        for name, data in dataset_bundle.files.items()
        for place, text in texts_in(name, data, dataset_bundle.out)
        if (run := shared_ngrams(text, index, 8))
    }
    assert shared == {}
