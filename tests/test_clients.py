"""The programs that people use read a release correctly. All of them read one bundle of the dataset, built once.

Every cell is compared with what Python's csv module reads, and so are the keys, one figure and one claim. Programs that
do not know the contract (pandas, Polars and DuckDB on CSV) may read a year as a number: there the texts are compared.
DuckDB, Datasette and the client for Node are in the second tier (`full`); mlcroissant is in test_metadata.
"""

from __future__ import annotations

import csv
import html
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import frictionless
import pandas as pd
import polars as pl
import pytest
from clients import NODE, client_python, node_command
from conftest import REPOSITORY
from test_bundle import Bundled

from russia_dprk_claims.contract import Field, ForeignKey, Table, read_contract

Rows = list[dict[str, Any]]

# A figure of the dataset: its words, and the values they stand for.
WORDS = "at least 3 million"
CONTAINERS = "SRC-0005-C017"
FIGURE = {"bound_type": "at_least", "value_low": 3_000_000, "value_best": None, "value_high": None, "unit": "{shell}"}

LIMIT = 120
TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
POLARS = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
CONTRACT = read_contract(REPOSITORY / "schemas")
TABLES = list(CONTRACT.tables)
KEYS = [(table, key) for table in CONTRACT for key in table.foreign_keys]
each_key = pytest.mark.parametrize(
    ("table", "key"), [pytest.param(table, key, id=key.describe(table.name)) for table, key in KEYS]
)
each_table = pytest.mark.parametrize("table", TABLES)
each_form = pytest.mark.parametrize("form", ["csv", "parquet"])


@dataclass(frozen=True)
class Released:
    """The files of a bundle, and the zip among them unpacked."""

    folder: Path
    package: Path

    @cached_property
    def tables(self) -> dict[str, Rows]:
        """The rows of each table as Python's csv module reads them, with the types of the contract."""
        return {table.name: list(self._read(table)) for table in CONTRACT}

    def _read(self, table: Table) -> Iterator[dict[str, Any]]:
        with self.csv(table.name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {name: typed_value(table.by_name[name], text) for name, text in row.items()}

    @property
    def claim(self) -> dict[str, Any]:
        """The claim with the highest identifier."""
        return max(self.tables["claims"], key=lambda row: str(row["claim_id"]))

    @property
    def zip(self) -> Path:
        return self.one(r".*-[0-9.]+\.zip")

    @property
    def database(self) -> Path:
        return self.one(r".*\.db")

    def csv(self, table: str) -> Path:
        return self.package / "data" / f"{table}.csv"

    def parquet(self, table: str) -> Path:
        return self.one(rf"(.*-)?{table}\.parquet")

    def one(self, form: str) -> Path:
        """Return the one file of the bundle whose name has such a form."""
        (found,) = [path for path in self.folder.iterdir() if re.fullmatch(form, path.name)]
        return found


def typed_value(column: Field, text: str) -> Any:
    """Return the value of a cell; a date stays a text."""
    if text == "":
        return None
    return text if column.type in {"string", "date"} else json.loads(text)


def normalized(value: Any) -> Any:
    """Return a value that a client read as `typed_value` gives it."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return float(value) if isinstance(value, Decimal) else value


def as_text(value: Any) -> str:
    """Return the text of a value in CSV, whatever type a client inferred."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def compare(released: Released, table: str, read: Iterable[Mapping[str, Any]], typed: bool = True) -> None:
    """Compare the rows that a client read with the expected ones, in any order."""
    rows = [{name: normalized(value) for name, value in row.items()} for row in read]
    expected = released.tables[table]
    assert len(rows) == len(expected), table
    key = CONTRACT[table].primary_key
    in_order = [sorted(each, key=lambda row: [as_text(row[name]) for name in key]) for each in (rows, expected)]
    wrong = [
        (as_text([there[name] for name in key]), name, here.get(name, "no column"), there[name])
        for here, there in zip(*in_order, strict=True)
        for name in {**there, **here}
        if name not in here or (here[name] != there[name] if typed else as_text(here[name]) != as_text(there[name]))
    ]
    assert wrong == [], table
    assert list(rows[0]) == list(CONTRACT[table].columns)
    if table == "quantities":
        (figure,) = [row for row in rows if row["value_text"] == WORDS]
        assert {name: figure[name] for name in FIGURE} == FIGURE
    if table == "claims":
        assert max(as_text(row["claim_id"]) for row in rows) == released.claim["claim_id"]


@pytest.fixture(scope="module")
def released(dataset_bundle: Bundled, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The bundle of the dataset, with its zip unpacked."""
    found = Released(dataset_bundle.out, tmp_path_factory.mktemp("clients") / "unpacked")
    with zipfile.ZipFile(found.zip) as archive:
        archive.extractall(found.package)
    return found


def test_the_release_has_rows_to_read(released: Released) -> None:
    assert all(released.tables.values())
    assert len(KEYS) > len(TABLES) > 10


# --- frictionless-py --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zipped", [False, True], ids=["unpacked", "zip"])
def test_frictionless_finds_the_package_valid(released: Released, zipped: bool) -> None:
    place = released.zip if zipped else released.package / "datapackage.json"
    report = frictionless.Package(str(place)).validate()
    assert report.flatten(["type", "note"]) == [] and report.valid
    assert {task.name: task.stats["rows"] for task in report.tasks} == {
        name: len(rows) for name, rows in released.tables.items()
    }


@each_table
def test_frictionless_reads_the_rows_and_keys(released: Released, table: str) -> None:
    resource = frictionless.Package(str(released.package / "datapackage.json")).get_table_resource(table)
    compare(released, table, [row.to_dict() for row in resource.read_rows()])
    assert tuple(resource.schema.primary_key) == CONTRACT[table].primary_key
    assert [tuple(each["fields"]) for each in resource.schema.foreign_keys] == [
        each.columns for each in CONTRACT[table].foreign_keys
    ]


# --- pandas -----------------------------------------------------------------------------------------------------------


def records(frame: pd.DataFrame) -> Rows:
    found: Rows = frame.astype(object).to_dict("records")
    return found


@pytest.mark.parametrize("settings", [{}, {"keep_default_na": False, "na_values": [""]}], ids=["default", "documented"])
@each_table
def test_pandas_reads_the_csv(released: Released, table: str, settings: dict[str, Any]) -> None:
    frame = pd.read_csv(released.csv(table), **settings)
    compare(released, table, records(frame), typed=False)
    assert not frame.duplicated(list(CONTRACT[table].primary_key)).any()


@each_table
def test_pandas_reads_parquet(released: Released, table: str) -> None:
    compare(released, table, records(pd.read_parquet(released.parquet(table))))


@each_key
def test_pandas_follows_every_foreign_key(released: Released, table: Table, key: ForeignKey) -> None:
    here = pd.read_csv(released.csv(table.name))[list(key.columns)].dropna().astype(str)
    there = pd.read_csv(released.csv(key.table))[list(key.references)].astype(str)
    joined = here.merge(there, left_on=key.columns, right_on=key.references, indicator=True, validate="many_to_one")
    assert len(joined) == len(here)


# --- Polars -----------------------------------------------------------------------------------------------------------


@each_table
def test_polars_reads_the_csv(released: Released, table: str) -> None:
    frame = pl.read_csv(released.csv(table), try_parse_dates=True)
    compare(released, table, frame.to_dicts(), typed=False)
    assert not frame.select(CONTRACT[table].primary_key).is_duplicated().any()


@each_table
def test_polars_reads_parquet_with_the_types_of_the_contract(released: Released, table: str) -> None:
    frame = pl.read_parquet(released.parquet(table))
    compare(released, table, frame.to_dicts())
    assert dict(frame.schema) == {each.name: POLARS[each.type] for each in CONTRACT[table].fields}


@each_key
def test_polars_follows_every_foreign_key(released: Released, table: Table, key: ForeignKey) -> None:
    here = pl.read_parquet(released.parquet(table.name)).select(key.columns).drop_nulls()
    there = pl.read_parquet(released.parquet(key.table))
    assert here.join(there, left_on=key.columns, right_on=key.references, how="anti").height == 0
    assert here.join(there, left_on=key.columns, right_on=key.references, validate="m:1").height == here.height


# --- DuckDB -----------------------------------------------------------------------------------------------------------

# Run by the Python of the clients: queries by name in, their rows and types out.
ASK_DUCKDB = """
import duckdb, json, sys
def ask(query):
    found = duckdb.sql(query)
    rows = [dict(zip(found.columns, row)) for row in found.fetchall()]
    return {"types": dict(zip(found.columns, map(str, found.types))), "rows": rows}
answers = {name: ask(query) for name, query in json.load(sys.stdin).items()}
json.dump(answers, sys.stdout, default=lambda day: day.isoformat())
"""


def ask_duckdb(queries: Mapping[str, str]) -> dict[str, Any]:
    command = [client_python("python"), "-c", ASK_DUCKDB]
    asked = json.dumps(queries)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def listed(names: Iterable[str], of: str = "") -> str:
    return ", ".join(f"{of}.{name}" if of else name for name in names)


def orphans(files: Mapping[str, str], table: Table, key: ForeignKey) -> str:
    """Return a query that counts the rows whose foreign key matches no row or more than one."""
    pairs = zip(key.columns, key.references, strict=True)
    same = " AND ".join(f"there.{reference} = here.{column}" for column, reference in pairs)
    whole = " AND ".join(f"here.{column} IS NOT NULL" for column in key.columns)
    found = f"(SELECT count(*) FROM {files[key.table]} there WHERE {same})"  # noqa: S608
    return f"SELECT count(*) AS n FROM {files[table.name]} here WHERE {whole} AND {found} <> 1"  # noqa: S608


@pytest.mark.full
@each_form
def test_duckdb_reads_the_files_and_follows_every_foreign_key(released: Released, form: str) -> None:
    files = {name: f"'{getattr(released, form)(name)}'" for name in TABLES}
    queries = {name: f"SELECT * FROM {file}" for name, file in files.items()}  # noqa: S608
    for table in CONTRACT:
        key = listed(table.primary_key)
        queries[f"key {table.name}"] = f"SELECT count(*) AS n FROM (SELECT DISTINCT {key} FROM {files[table.name]})"  # noqa: S608
        for each in table.foreign_keys:
            queries[f"orphans {each.describe(table.name)}"] = orphans(files, table, each)
    answers = ask_duckdb(queries)
    for table in CONTRACT:
        compare(released, table.name, answers[table.name]["rows"], typed=form == "parquet")
        assert answers[f"key {table.name}"]["rows"] == [{"n": len(released.tables[table.name])}]
        for each in table.foreign_keys:
            assert answers[f"orphans {each.describe(table.name)}"]["rows"] == [{"n": 0}]
        if form == "parquet":
            assert answers[table.name]["types"] == {each.name: TYPES[each.type] for each in table.fields}


@pytest.mark.full
@each_form
def test_duckdb_joins_claims_to_their_sources(released: Released, form: str) -> None:
    claims, sources = (f"'{getattr(released, form)(name)}'" for name in ("claims", "sources"))
    query = f"SELECT source_id, label, count(*) AS n FROM {claims} JOIN {sources} USING (source_id) GROUP BY ALL"  # noqa: S608
    counted = {row["source_id"]: row["n"] for row in ask_duckdb({"joined": query})["joined"]["rows"]}
    assert counted.keys() == {row["source_id"] for row in released.tables["sources"]}
    assert sum(counted.values()) == len(released.tables["claims"])


# --- sqlite3 ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def database(released: Released) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{released.database.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def test_sqlite_finds_the_database_intact(database: sqlite3.Connection) -> None:
    assert [tuple(row) for row in database.execute("PRAGMA integrity_check")] == [("ok",)]
    assert list(database.execute("PRAGMA foreign_key_check")) == []


def without_ranks(table: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows without the columns of ranks, which only the database has."""
    ranks = {f"{each.name}_rank" for each in CONTRACT[table].fields if each.order}
    return ({name: value for name, value in row.items() if name not in ranks} for row in rows)


@each_table
def test_sqlite_reads_the_rows_and_keys(released: Released, database: sqlite3.Connection, table: str) -> None:
    compare(released, table, without_ranks(table, map(dict, database.execute(f"SELECT * FROM {table}"))))  # noqa: S608
    columns = database.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", [table])
    assert tuple(row["name"] for row in columns) == CONTRACT[table].primary_key
    keys: dict[int, list[sqlite3.Row]] = {}
    for row in database.execute("SELECT * FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq", [table]):
        keys.setdefault(row["id"], []).append(row)
    assert [
        ForeignKey(tuple(each["from"] for each in rows), rows[0]["table"], tuple(each["to"] for each in rows))
        for rows in keys.values()
    ] == list(CONTRACT[table].foreign_keys)


def word_of(claim: Mapping[str, Any]) -> str:
    """Return the longest word of a claim, to search for."""
    words: list[str] = re.findall(r"[A-Za-z]+", claim["claim_text"])
    return max(words, key=lambda word: (len(word), word))


def test_sqlite_finds_a_claim_by_a_word(released: Released, database: sqlite3.Connection) -> None:
    query = "SELECT claim_id FROM claims WHERE rowid IN (SELECT rowid FROM claims_fts WHERE claims_fts MATCH ?)"
    word = word_of(released.claim)
    found = {row["claim_id"] for row in database.execute(query, [word])}
    assert released.claim["claim_id"] in found
    having = {row["claim_id"] for row in released.tables["claims"] if re.search(rf"(?i)\b{word}\b", row["claim_text"])}
    assert having <= found
    assert len(found) < len(released.tables["claims"])


# --- Datasette --------------------------------------------------------------------------------------------------------

# Run by the Python of the clients: the address of the database, then for each path its status and text.
SERVE_DATASETTE = """
import asyncio, json, sys
from datasette.app import Datasette
async def serve(file):
    served = Datasette([file], settings={"max_returned_rows": 100_000})
    await served.invoke_startup()
    (name,) = [name for name in served.databases if not name.startswith("_")]
    print(served.urls.database(name), flush=True)
    for path in sys.stdin:
        answer = await served.client.get(path.strip())
        print(json.dumps([answer.status_code, answer.text]), flush=True)
asyncio.run(serve(sys.argv[1]))
"""


class Datasette:
    """The database as Datasette shows it, without a network: paths go in by a pipe, pages come out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin and process.stdout
        self._paths, self._pages = process.stdin, process.stdout
        self.path = self._pages.readline().strip()

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of a page."""
        self._paths.write(f"{path}\n")
        self._paths.flush()
        status, text = json.loads(self._pages.readline())
        return status, text

    def page(self, path: str) -> str:
        status, text = self.get(path)
        assert status == 200, f"{path}: {status}"
        return text

    def json(self, path: str) -> Any:
        return json.loads(self.page(path))


def links(page: str, table: str) -> list[str]:
    """Return the links of a page to rows of a table."""
    return [html.unescape(each) for each in re.findall(rf'href="(/[^"/]+/{table}(?:/[^"]+|\?[^"]+))"', page)]


@pytest.fixture(scope="module")
def datasette(released: Released) -> Iterator[Datasette]:
    command = [client_python("python"), "-c", SERVE_DATASETTE, str(released.database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Datasette(process)
        process.terminate()


@pytest.mark.full
@each_table
def test_datasette_serves_the_rows_and_keys(released: Released, datasette: Datasette, table: str) -> None:
    answer = datasette.json(f"{datasette.path}/{table}.json?_shape=objects&_size=max")
    assert tuple(answer["primary_keys"]) == CONTRACT[table].primary_key
    compare(released, table, without_ranks(table, answer["rows"]))


@pytest.mark.full
def test_datasette_links_a_claim_to_its_source(released: Released, datasette: Datasette) -> None:
    claim = released.claim
    (link,) = links(datasette.page(f"{datasette.path}/claims?claim_id={claim['claim_id']}"), "sources")
    assert link.endswith(f"/sources/{claim['source_id']}")
    (source,) = [row for row in released.tables["sources"] if row["source_id"] == claim["source_id"]]
    assert source["label"] in html.unescape(datasette.page(link))


def broken_link(released: Released, datasette: Datasette, table: Table, key: ForeignKey) -> str | None:
    """Return a description of the broken link of the first row that has this foreign key, or None."""
    column, name = key.columns[0], f"{datasette.path}/{table.name}"
    id_ = next((row[column] for row in released.tables[table.name] if row[column] is not None), None)
    if id_ is None:
        return None
    page = datasette.page(f"{name}?{column}={quote(id_)}&_size=1")
    found = [link for link in links(page, key.table) if link.endswith(f"/{id_}")]
    statuses = [datasette.get(link)[0] for link in found]
    return None if statuses and set(statuses) == {200} else f"{key.describe(table.name)}: {found} {statuses}"


@pytest.mark.full
def test_datasette_links_by_every_foreign_key_of_one_column(released: Released, datasette: Datasette) -> None:
    single = [(table, key) for table, key in KEYS if len(key.columns) == 1]
    assert len(single) > len(TABLES)
    assert [broken for each in single if (broken := broken_link(released, datasette, *each))] == []


@pytest.mark.full
def test_datasette_links_a_claim_to_the_rows_that_refer_to_it(released: Released, datasette: Datasette) -> None:
    (figure,) = [row for row in released.tables["quantities"] if row["value_text"] == WORDS]
    page = datasette.page(f"{datasette.path}/claims/{figure['claim_id']}")
    (link,) = links(page, "quantities")
    assert WORDS in datasette.page(link)


@pytest.mark.full
def test_datasette_searches_the_claims(released: Released, datasette: Datasette, database: sqlite3.Connection) -> None:
    word, id_ = word_of(released.claim), released.claim["claim_id"]
    assert f"{datasette.path}/claims/{id_}" in links(
        datasette.page(f"{datasette.path}/claims?_search={word}"), "claims"
    )
    found = datasette.json(f"{datasette.path}/claims.json?_search={word}&_size=0")["filtered_table_rows_count"]
    (expected,) = database.execute("SELECT count(*) FROM claims_fts WHERE claims_fts MATCH ?", [word]).fetchone()
    assert 0 < found == expected < len(released.tables["claims"])
    page = datasette.page(f"{datasette.path}/claims_wide?_search=containers")
    assert any(link.endswith(f"/claims_wide/{CONTAINERS}") for link in links(page, "claims_wide"))


@pytest.mark.full
@pytest.mark.parametrize("name", ["transfers_wide", "figures_wide", "relations_both_ways", "agreement_terms"])
def test_datasette_shows_what_is_derived(datasette: Datasette, name: str) -> None:
    assert datasette.json(f"{datasette.path}/{name}.json?_shape=objects&modality_rank__gte=2")["rows"]


# --- the npm client ---------------------------------------------------------------------------------------------------


def read_with_npm(place: Path, scratch: Path) -> dict[str, Any]:
    """Return what read.js prints; the client leaves temporary files, which go to `scratch`."""
    command = [*node_command("read.js"), str(place)]
    # East of Greenwich, local midnight is still the day before in UTC.
    environment = {**os.environ, "TMPDIR": str(scratch), "TZ": "Asia/Pyongyang"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT, env=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def with_npm(released: Released, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return read_with_npm(released.package / "datapackage.json", tmp_path_factory.mktemp("npm"))


@pytest.mark.full
def test_the_npm_client_finds_the_package_valid(with_npm: dict[str, Any]) -> None:
    assert (with_npm["valid"], with_npm["errors"]) == (True, [])
    assert list(with_npm["tables"]) == TABLES


@pytest.mark.full
@each_table
def test_the_npm_client_reads_the_rows_and_keys(released: Released, with_npm: dict[str, Any], table: str) -> None:
    read = with_npm["tables"][table]
    compare(released, table, read["rows"])
    assert tuple(read["primaryKey"]) == CONTRACT[table].primary_key
    assert read["oneByOne"] == [{"fields": list(each.columns), "says": None} for each in CONTRACT[table].foreign_keys]


def together(table: Table) -> Any:
    """Return a table as a parameter, expected to fail if two of its foreign keys share a column."""
    columns = [column for key in table.foreign_keys for column in key.columns]
    reason = "the npm client replaces the columns of a key with the row they refer to, so the next key finds no id"
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if len(columns) > len(set(columns)) else []
    return pytest.param(table.name, marks=marks)


@pytest.mark.full
@pytest.mark.parametrize("table", [together(each) for each in CONTRACT])
def test_the_npm_client_checks_the_foreign_keys_of_a_table_together(with_npm: dict[str, Any], table: str) -> None:
    assert with_npm["tables"][table]["together"] is None


@pytest.mark.full
def test_the_npm_client_finds_a_claim_without_its_source(released: Released, tmp_path: Path) -> None:
    shutil.copytree(released.package, tmp_path / "package")
    claims = tmp_path / "package" / "data" / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace(",SRC-0001,", ",SRC-9999,", 1), encoding="utf-8")
    read = read_with_npm(tmp_path / "package" / "datapackage.json", tmp_path)["tables"]["claims"]
    assert read["together"] == 'Foreign key "source_id" violation in row 2'


@pytest.mark.full
def test_the_npm_client_reads_the_zip(released: Released, with_npm: dict[str, Any], tmp_path: Path) -> None:
    assert read_with_npm(released.zip, tmp_path) == with_npm


def test_what_npm_installs_is_pinned_by_hash_and_names_no_registry() -> None:
    locked = json.loads((NODE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert locked[""]["dependencies"] == wanted
    assert locked["node_modules/datapackage"]["version"] == wanted["datapackage"]
    assert all("integrity" in each and "resolved" not in each for name, each in locked.items() if name)
