"""The database answers as the loader does, without withdrawn claims, and by ranks, names and words."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import REPOSITORY

import russia_dprk_claims as rdc
from curation.bundle.inputs import BundleInputs, inputs_of
from curation.bundle.sqlite import sqlite_bytes
from curation.bundle.typed import event_summary, typed_tables
from russia_dprk_claims.names import find_actors
from russia_dprk_claims.package import DESCRIPTOR, data_path, open_package

DERIVED = ("claims_wide", "transfers_wide", "figures_wide", "relations_both_ways", "agreement_terms")

RELATED = (
    *("direction", "relation", "related_claim_id", "aspect", "independence", "conditional", "note"),
    *("polarity", "modality", "event_date", "voice", "through", "source_id", "source", "published_on"),
)


@pytest.fixture(scope="module")
def inputs() -> BundleInputs:
    return inputs_of(REPOSITORY)


def opened(inputs: BundleInputs) -> sqlite3.Connection:
    package = open_package(inputs.package)
    connection = sqlite3.connect(":memory:")
    tables = [*typed_tables(inputs, package), event_summary(inputs, package)]
    connection.deserialize(sqlite_bytes(tables, inputs.dataset, package))
    return connection


@pytest.fixture(scope="module")
def database(inputs: BundleInputs) -> Iterator[sqlite3.Connection]:
    with closing(opened(inputs)) as connection:
        yield connection


def answer(database: sqlite3.Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return database.execute(query, values).fetchall()


def plain(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return the rows of an answer of the loader as SQLite has them."""
    rows = frame.astype(object).where(frame.notna(), None)
    return [*rows.itertuples(index=False, name=None)]


@pytest.mark.parametrize(
    ("table", "loader"),
    [("transfers_wide", rdc.transfers), ("figures_wide", rdc.estimates), ("event_summary", rdc.events)],
)
def test_a_table_has_the_answer_of_the_loader(database: sqlite3.Connection, table: str, loader: Any) -> None:
    expected = loader()
    columns = ", ".join(expected.columns)
    found = answer(database, f"SELECT {columns} FROM {table} ORDER BY rowid")  # noqa: S608
    assert found == plain(expected)
    assert len(found) > 40


def test_a_relation_is_found_from_either_side(database: sqlite3.Connection) -> None:
    sides = answer(database, "SELECT claim_id, direction FROM relations_both_ways")
    written, read = ({claim for claim, side in sides if side == direction} for direction in ("to", "from"))
    assert sum(direction == "to" for _, direction in sides) * 2 == len(sides) > 500
    query = f"SELECT {', '.join(RELATED)} FROM relations_both_ways WHERE claim_id = ?"  # noqa: S608
    for claim in [*sorted(written & read)[:5], *sorted(read - written)[:2]]:
        expected = plain(rdc.related(claim)[list(RELATED)])
        assert sorted(answer(database, query, claim), key=str) == sorted(expected, key=str)


def test_the_terms_of_an_agreement_are_the_transfers_of_its_claims(database: sqlite3.Connection) -> None:
    keys = [key for (key,) in answer(database, "SELECT agreement_id FROM agreements")]
    query = "SELECT transfer_id, transfer, modality FROM agreement_terms WHERE agreement_id = ? ORDER BY transfer_id"
    counts = []
    for key in keys:
        expected = plain(rdc.agreement(key).transfers[["transfer_id", "transfer", "modality"]])
        assert answer(database, query, key) == sorted(expected)
        counts.append(len(expected))
    assert sum(count > 0 for count in counts) > 3


Change = Callable[[dict[str, str]], dict[str, str] | None]


def changed(inputs: BundleInputs, table: str, change: Change) -> BundleInputs:
    """Return the inputs with a change to every row of a table, and without those that it returns as None."""
    path = data_path(table)
    rows = csv.DictReader(io.StringIO(inputs.package[path].decode("utf-8"), newline=""))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for each in rows if (row := change(each)))
    descriptor = json.loads(inputs.package[DESCRIPTOR])
    for resource in descriptor["resources"]:
        for recorded in ("bytes", "hash"):
            resource.pop(recorded, None)
    new = {path: text.getvalue().encode("utf-8"), DESCRIPTOR: json.dumps(descriptor).encode("utf-8")}
    return replace(inputs, package={**inputs.package, **new})


def test_no_derived_table_has_a_withdrawn_claim(inputs: BundleInputs, database: sqlite3.Connection) -> None:
    lists = [{claim for (claim,) in answer(database, f"SELECT claim_id FROM {name}")} for name in DERIVED]  # noqa: S608
    claim = min(set.intersection(*lists))

    def withdraw(row: dict[str, str]) -> dict[str, str]:
        return {**row, "record_status": "withdrawn"} if row["claim_id"] == claim else row

    with closing(opened(changed(inputs, "claims", withdraw))) as after:
        for name in DERIVED:
            assert answer(after, f"SELECT count(*) FROM {name} WHERE claim_id = ?", claim) == [(0,)], name  # noqa: S608
            assert answer(after, f"SELECT count(*) FROM {name}") != [(0,)], name  # noqa: S608
        query = "SELECT count(*) FROM relations_both_ways WHERE related_claim_id = ?"
        assert answer(after, query, claim) == [(0,)]


def test_a_dataset_without_transfers_has_the_tables_without_rows(inputs: BundleInputs) -> None:
    counted = changed(inputs, "quantities", lambda row: {**row, "transfer_id": "", "transfer_measure": ""})
    with closing(opened(changed(counted, "transfers", lambda _: None))) as database:
        assert answer(database, "SELECT * FROM transfers_wide") == []
        assert answer(database, "SELECT * FROM agreement_terms") == []
        assert answer(database, "SELECT row_count FROM _tables WHERE table_name = 'transfers_wide'") == [(0,)]


def test_an_actor_stands_for_its_parts(database: sqlite3.Connection) -> None:
    package = open_package(REPOSITORY)
    found: dict[str, set[str]] = {}
    for actor, part in answer(database, "SELECT actor_id, part_id FROM actor_parts"):
        found.setdefault(actor, set()).add(part)
    assert found == {actor: find_actors(package, actor) for actor in rdc.load("actors")["actor_id"]}
    assert {"ACT-south-korea", "ACT-shin-wonsik"} <= found["ACT-south-korea"]


def test_an_item_stands_for_its_kinds(database: sqlite3.Connection) -> None:
    kinds = {kind for (kind,) in answer(database, "SELECT kind FROM item_kinds WHERE item = 'artillery shells'")}
    assert kinds == {"artillery shells", "152 mm artillery shells"}


def test_ordered_values_compare_by_rank(database: sqlite3.Connection, inputs: BundleInputs) -> None:
    expected = {"certain", "probable"}
    for table in ("claims", "claims_wide", "figures_wide", "transfers_wide", "agreement_terms"):
        found = answer(database, f"SELECT DISTINCT modality FROM {table} WHERE modality_rank >= 2")  # noqa: S608
        assert {value for (value,) in found} <= expected
        assert found
    ranks = answer(database, "SELECT value FROM _values WHERE table_name = 'claims' AND rank IS NOT NULL ORDER BY rank")
    assert tuple(value for (value,) in ranks) == inputs.contract["claims"].by_name["modality"].order


def test_the_modality_of_a_figure_is_that_of_its_value(database: sqlite3.Connection) -> None:
    query = """
        SELECT figures_wide.modality, claims.modality FROM figures_wide JOIN claims USING (claim_id)
        WHERE figures_wide.modality <> claims.modality
    """
    assert ("possible", "certain") in answer(database, query)


@pytest.mark.parametrize(
    ("table", "words", "column", "expected"),
    [
        ("claims_wide", "Milley", "voice", "Mark Milley"),
        ("claims_wide", "containers", "claim_id", "SRC-0005-C017"),
        ("quantities", "million", "value_text", "at least 3 million"),
        ("actor_names", "Pyongyang", "actor_id", "ACT-north-korea"),
    ],
)
def test_names_figures_and_texts_are_found_by_their_words(
    database: sqlite3.Connection, table: str, words: str, column: str, expected: str
) -> None:
    query = f"SELECT {column} FROM {table} WHERE rowid IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)"  # noqa: S608
    found = answer(database, query, words)
    (total,) = answer(database, f"SELECT count(*) FROM {table}")[0]  # noqa: S608
    assert (expected,) in found
    assert len(found) < total / 2


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("claims_wide", {("claims", "claim_id"), ("sources", "source_id")}),
        ("transfers_wide", {("transfers", "transfer_id"), ("sources", "source_id"), ("items", "item_id")}),
        ("figures_wide", {("quantities", "quantity_id"), ("claims", "claim_id"), ("transfers", "transfer_id")}),
        ("event_summary", {("events", "event_id"), ("agreements", "agreement_id")}),
    ],
)
def test_a_derived_table_refers_to_the_tables(
    database: sqlite3.Connection, table: str, expected: set[tuple[str, str]]
) -> None:
    assert expected <= set(answer(database, 'SELECT "table", "from" FROM pragma_foreign_key_list(?)', table))
    assert answer(database, f"PRAGMA foreign_key_check({table})") == []


def queries() -> list[str]:
    text = Path(REPOSITORY / "docs" / "DATABASE.md").read_text(encoding="utf-8")
    return re.findall(r"```sql\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("query", queries(), ids=range(len(queries())))
def test_a_query_of_the_documentation_finds_something(database: sqlite3.Connection, query: str) -> None:
    assert answer(database, query)
