"""The spreadsheet and the CSV files in R answer the ten questions as `answers.yaml` expects, and the README is right.

The questions in R are in `programs/answers.R`, those of the spreadsheet are filters of its sheets.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from answers import all_expected, expected
from clients import lacking
from conftest import REPOSITORY

if TYPE_CHECKING:
    from test_bundle import Bundled

pytestmark = pytest.mark.full
PROGRAMS = Path(__file__).parent / "programs"
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
QUESTIONS = pytest.mark.parametrize("question", all_expected())

Found = dict[str, dict[str, set[str]]]
"""The ids that a door gives, by question and table."""


def check(question: str, found: Found) -> None:
    """Fail if an answer lacks an expected row, or has one that is excluded."""
    answer = expected(question)
    for table, rows in answer.expects.items():
        assert set(rows) - found[question][table] == set(), f"missing {table}"
    for table, ids in found[question].items():
        assert ids & set(answer.excludes.get(table, {})) == set(), f"excluded {table}"


def collected(rows: Iterable[tuple[str, str, str]]) -> Found:
    found: Found = defaultdict(lambda: defaultdict(set))
    for question, table, id_ in rows:
        found[question][table].add(id_)
    return found


def file_of(bundle: Bundled, end: str) -> bytes:
    """Return the bytes of the one file of a bundle whose name has this end."""
    (content,) = (content for name, content in bundle.files.items() if name.endswith(end))
    return content


# The database


@pytest.fixture(scope="module")
def database(dataset_bundle: Bundled) -> Iterator[sqlite3.Connection]:
    """The database of the dataset."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(file_of(dataset_bundle, ".db"))
    yield connection
    connection.close()


def test_the_queries_of_the_readme_give_what_the_loader_gives(database: sqlite3.Connection) -> None:
    (block,) = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
    shells, denials, received, seoul = (database.execute(each).fetchall() for each in block.split(";")[:4])
    assert {row[-1] for row in shells} == set(expected("shells").expects["claims"])
    assert sorted(row[0][-15:-2] for row in denials) == sorted(expected("denials").expects["claims"])
    answer = expected("received").expects["transfers"]
    happened = {row for row, cells in answer.items() if cells["realization"] in {"occurred", "ongoing"}}
    assert sorted(row[-1] for row in received) == sorted(row[:13] for row in happened)
    assert {row[0] for row in seoul} == set(expected("south-korea").expects["claims"])


# The spreadsheet


@pytest.fixture(scope="module")
def of_spreadsheet(dataset_bundle: Bundled) -> Found:
    """The answers of the workbook, by filters of its sheets."""
    book = io.BytesIO(file_of(dataset_bundle, ".xlsx"))
    sheets = pd.read_excel(book, sheet_name=None, dtype=str, keep_default_na=False, engine="openpyxl")
    return collected(in_sheets(sheets))


def in_sheets(sheets: dict[str, pd.DataFrame]) -> Iterator[tuple[str, str, str]]:  # noqa: PLR0915 ten questions
    """Yield what filters of the sheets give."""
    wide, figures, transfers = sheets["claims_wide"], sheets["quantities"], sheets["transfers"]
    active = set(wide["claim_id"])
    relations = sheets["claim_relations"]
    relations = relations[relations["claim_id"].isin(active) & relations["related_claim_id"].isin(active)]
    on_events = sheets["claim_events"]
    affirms = on_events[on_events["claim_id"].isin(active) & (on_events["bearing"] == "affirms")]

    def has(column: str, words: str) -> list[str]:
        return list(wide[wide[column].str.contains(words)]["claim_id"])

    def give(question: str, table: str, rows: pd.DataFrame, column: str) -> Iterator[tuple[str, str, str]]:
        return ((question, table, id_) for id_ in rows[column])

    def of(question: str, claims: Iterable[str], *tables: str) -> Iterator[tuple[str, str, str]]:
        claims = set(claims) & active
        yield from ((question, "claims", claim) for claim in claims)
        if "quantities" in tables:
            yield from give(question, "quantities", figures[figures["claim_id"].isin(claims)], "quantity_id")
        if "transfers" in tables:
            yield from give(question, "transfers", transfers[transfers["claim_id"].isin(claims)], "transfer_id")

    def pairs(question: str, rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
        names = rows["claim_id"] + " " + rows["relation"] + " " + rows["related_claim_id"]
        return ((question, "relations", name) for name in names)

    happened = transfers[(transfers["realization"] == "occurred") & transfers["claim_id"].isin(active)]
    shells = figures[(figures["transfer_measure"] == "amount") & figures["item"].str.contains("shells")]
    shells = shells[shells["transfer_id"].isin(happened["transfer_id"])]
    yield from give("shells", "quantities", shells, "quantity_id")
    yield from of("shells", shells["claim_id"])

    yield from of("denials", has("attribution", "in denial"), "transfers")
    yield from pairs("denials", relations[relations["relation"] == "denies"])

    yield from of("south-korea", has("voice", "South Korea|Shin Wonsik"), "quantities", "transfers")
    yield from of("intelligence", has("voice", "US intelligence|Ukrainian intelligence"), "quantities")
    yield from of("citation", has("figures", "10,000"), "quantities")

    about = has("events", "(?i)satellite")
    both = relations["claim_id"].isin(about) & relations["related_claim_id"].isin(about)
    conflicts = relations[both & relations["relation"].isin(["contradicts", "denies"])]
    yield from pairs("satellites", conflicts)
    yield from of("satellites", [*conflicts["claim_id"], *conflicts["related_claim_id"]])

    received = transfers[transfers["receiver_id"].isin(["ACT-north-korea", "ACT-kim-jong-un"])]
    received = received[received["claim_id"].isin(active)]
    yield from give("received", "transfers", received, "transfer_id")
    yield from of("received", received["claim_id"])

    events = sheets["events"]
    visits = events[events["kind"] == "visit"]
    yield from give("visits", "events", visits, "event_id")
    visited = affirms[affirms["event_id"].isin(visits["event_id"])]["claim_id"]
    yield from of("visits", visited)
    yield from pairs("visits", relations[relations["claim_id"].isin(visited)])

    arms = happened["claim_id"]
    independent = relations[(relations["relation"] == "corroborates") & (relations["independence"] == "independent")]
    independent = independent[independent["claim_id"].isin(arms) & independent["related_claim_id"].isin(arms)]
    yield from pairs("corroborations", independent)
    weapons = events["label"].str.contains("weapons|rockets|missiles go|shells|ammunition")
    deliveries = events[(events["kind"] == "delivery") & weapons & events["event_id"].isin(affirms["event_id"])]
    yield from give("corroborations", "events", deliveries, "event_id")

    origins = affirms.merge(sheets["claims"][["claim_id", "origin_id"]], on="claim_id").groupby("event_id")["origin_id"]
    single = {event for event, each in origins if each.nunique() == 1 and (each != "").all()}
    yield from (("single-origin", "events", event) for event in single)
    yield from of("single-origin", affirms[affirms["event_id"].isin(single)]["claim_id"])


@QUESTIONS
def test_the_spreadsheet_answers(question: str, of_spreadsheet: Found) -> None:
    check(question, of_spreadsheet)


# R


@pytest.fixture(scope="module")
def r_folder(dataset_bundle: Bundled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked zip and the CSV of the claims."""
    folder = tmp_path_factory.mktemp("r")
    (name,) = (each for each in dataset_bundle.files if re.fullmatch(r".*-[0-9.]+\.zip", each))
    zipfile.ZipFile(io.BytesIO(dataset_bundle.files[name])).extractall(folder)
    (folder / "russia-dprk-claims-claims_wide.csv").write_bytes(file_of(dataset_bundle, "claims_wide.csv"))
    return folder


def run_r(folder: Path, program: str) -> str:
    """Run a program in R, and return what it prints."""
    rscript = shutil.which("Rscript") or lacking("R")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    (folder / "program.R").write_text(program, encoding="utf-8")
    command = [rscript, "--vanilla", "program.R"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def of_r(r_folder: Path) -> Found:
    """The answers of R."""
    printed = run_r(r_folder, (PROGRAMS / "answers.R").read_text(encoding="utf-8"))
    return collected(tuple(line.split("\t")) for line in printed.splitlines())  # type: ignore[misc]


@QUESTIONS
def test_r_answers(question: str, of_r: Found) -> None:
    check(question, of_r)


def test_the_program_in_r_of_the_readme_runs(r_folder: Path) -> None:
    (block,) = re.findall(r"```r\n(.*?)```", README, re.DOTALL)
    printed = run_r(r_folder, f"options(width = 10000)\n{block}")
    shown = set(re.findall(r"SRC-[0-9]{4}-C[0-9]{3}", printed))
    answer = expected("received").expects["transfers"]
    happened = {row[:13] for row, cells in answer.items() if cells["realization"] in {"occurred", "ongoing"}}
    listed = (expected(each).expects["claims"] for each in ("shells", "denials", "south-korea"))
    assert shown == happened.union(*listed)
    assert "stated as possible" in printed
    assert "in denial" in printed


def test_the_readme_lists_every_kind_of_file_with_its_size(dataset_bundle: Bundled) -> None:
    rows = re.findall(r"^\| (`[^|]+) \| [^|]+ \| ([^|]+) \|$", README, re.MULTILINE)
    listed = {}
    for names, sizes in rows:
        for name, size in zip(re.findall(r"`([^`]+)`", names), re.findall(r"[0-9.]+", sizes) * 2, strict=False):
            pattern = name.replace("…", "russia-dprk-claims").replace(".", r"\.")
            listed[pattern.replace("VERSION", "[0-9.]+").replace("TABLE", "[a-z_]+")] = (
                float(size),
                "or less" in sizes,
            )
    for pattern, (size, at_most) in listed.items():
        sizes = [len(content) / 1e6 for name, content in dataset_bundle.files.items() if re.fullmatch(pattern, name)]
        assert sizes, pattern
        assert max(sizes) < size * 1.2 + 0.05
        assert at_most or max(sizes) > size * 0.8 - 0.05
    known = re.compile("|".join([*listed, r".+\.tar\.gz", "SHA256SUMS", r"[a-z-]+-[0-9.]+\.jsonld", r"README\.md"]))
    assert [name for name in dataset_bundle.files if not known.fullmatch(name)] == []
