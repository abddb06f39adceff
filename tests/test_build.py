"""A build gives the same bytes everywhere, writes nothing if there is an error, and reports what it finds."""

from __future__ import annotations

import csv
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY, Script

from curation.write import short_diff
from russia_dprk_claims.contract import Contract


def outputs(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in [*(root / "data").glob("*"), root / "datapackage.json"]}


def test_the_tables_have_the_values_of_the_record(harbour: Path, script: Script) -> None:
    assert script("build").returncode == 0
    with (harbour / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["claim_id"] == "SRC-0001-C001"
    assert (first["char_start"], first["char_end"]) == ("20", "157")
    assert (first["event_date_earliest"], first["event_date_latest"]) == ("2021-05-04", "2021-05-04")
    assert len(first["span_sha256"]) == 64


def test_every_table_has_its_columns_and_is_sorted_by_its_key(
    harbour: Path, script: Script, contract: Contract
) -> None:
    script("build")
    for table in contract:
        data = (harbour / "data" / f"{table.name}.csv").read_bytes()
        assert b"\r" not in data and data.endswith(b"\n")
        rows = list(csv.DictReader(data.decode("utf-8").splitlines()))
        assert data.decode("utf-8").split("\n")[0].split(",") == list(table.columns)
        keys = [
            tuple(int(row[name]) if table.by_name[name].type == "integer" else row[name] for name in table.primary_key)
            for row in rows
        ]
        assert keys == sorted(keys)


def test_without_the_texts_the_build_names_the_sources_and_gives_the_same(harbour: Path, script: Script) -> None:
    script("build")
    with_texts = outputs(harbour)
    shutil.rmtree(harbour / "data")
    shutil.rmtree(harbour / "seeds" / "texts")
    done = script("build")
    assert done.returncode == 0
    assert "\nbuilt: data/actor_names.csv, " in done.stdout
    assert done.stdout.count("not verified, as the text is not available: SRC-0001\n") == 1
    assert outputs(harbour) == with_texts


def test_an_error_leaves_the_old_files_untouched(harbour: Path, record: Path, script: Script) -> None:
    script("build")
    before = outputs(harbour)
    record.write_text(
        record.read_text(encoding="utf-8").replace("topic: transport", "topic: shipping", 1), encoding="utf-8"
    )
    done = script("build")
    assert done.returncode == 1
    assert "vocabulary: 'shipping' is not in the vocabulary of topic" in done.stdout
    assert done.stderr == "1 error, 0 warnings\nnothing was written\n"
    assert outputs(harbour) == before


def test_check_writes_nothing_and_shows_the_difference(harbour: Path, record: Path, script: Script) -> None:
    script("build")
    assert (script("build", "--check").stdout, script("build", "--check").returncode) == ("up to date\n", 0)
    before = outputs(harbour)
    record.write_text(record.read_text(encoding="utf-8").replace("was fish.", "was dried fish."), encoding="utf-8")
    done = script("build", "--check")
    assert done.returncode == 1
    assert "+SRC-0001-C005" in done.stdout and "was dried fish." in done.stdout
    assert done.stdout.endswith("out of date: run scripts/build.py\n")
    assert len(done.stdout.splitlines()) < 40
    assert outputs(harbour) == before


def test_check_names_missing_and_orphaned_files(harbour: Path, script: Script) -> None:
    script("build")
    (harbour / "data" / "claims.csv").unlink()
    (harbour / "data" / "notes.csv").write_text("x\n", encoding="utf-8")
    done = script("build", "--check")
    assert "data/claims.csv: missing\n" in done.stdout
    assert "data/notes.csv: no table has this file\n" in done.stdout
    assert script("build").stdout == "built: data/claims.csv; removed: data/notes.csv\n"
    assert script("build", "--check").returncode == 0


def build_elsewhere(root: Path, folder: Path, umask: int, **environment: str) -> dict[str, bytes]:
    """Build a copy of a project in another folder, with its files created in the opposite order."""
    target = folder / "a deeper" / "place"
    target.mkdir(parents=True)
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_file():
            (target / path.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path.relative_to(root))
    command = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(target)]
    done = subprocess.run(
        command, check=False, cwd="/", umask=umask, capture_output=True, env={"PATH": "/bin", **environment}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return outputs(target)


@pytest.mark.parametrize(
    ("umask", "environment"),
    [
        (0o077, {"PYTHONHASHSEED": "4242", "TZ": "America/New_York", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"}),
        pytest.param(
            0o000,
            {"PYTHONHASHSEED": "1", "TZ": "Asia/Pyongyang", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "0"},
            marks=pytest.mark.full,
        ),
    ],
    ids=["in Turkish", "in C"],
)
def test_the_bytes_are_the_same_everywhere(
    umask: int, environment: dict[str, str], harbour: Path, script: Script, tmp_path: Path
) -> None:
    script("build")
    here = outputs(harbour)
    shutil.rmtree(harbour / "data")
    (harbour / "datapackage.json").unlink()
    assert build_elsewhere(harbour, tmp_path / "elsewhere", umask, **environment) == here


def test_the_descriptor_has_what_clients_need(harbour: Path, script: Script, contract: Contract) -> None:
    script("build")
    content = json.loads((harbour / "datapackage.json").read_text(encoding="utf-8"))
    assert content["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert content["version"] == "0.1.0"
    assert [each["name"] for each in content["resources"]] == [each.name for each in contract]
    for each in content["resources"]:
        data = (harbour / each["path"]).read_bytes()
        assert (each["type"], each["profile"], each["bytes"]) == ("table", "tabular-data-resource", len(data))
        assert each["schema"] == f"schemas/{each['name']}.json"
        assert (harbour / each["schema"]).is_file()


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            'version: "0.1.0"',
            "version: 1",
            "seeds/dataset.yaml:4:10: pattern: '1' is not a valid version (write it as \"1.2.0\")",
        ),
        (
            "title: Claims about",
            "titel: Claims about",
            "seeds/dataset.yaml:2:1: unknown-key: 'titel' is not a property of",
        ),
        ("keywords: [harbour]", "keywords: harbour", "seeds/dataset.yaml:11:11: wrong-type: keywords must be a list"),
        ("name: harbour-claims\n", "", "seeds/dataset.yaml: required: name is missing"),
    ],
)
def test_an_invalid_description_is_reported(harbour: Path, script: Script, old: str, new: str, finding: str) -> None:
    path = harbour / "seeds" / "dataset.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    done = script("build")
    assert done.returncode == 1
    assert finding in done.stdout
    assert "Traceback" not in done.stderr


def test_a_broken_contract_is_one_line(harbour: Path, script: Script) -> None:
    (harbour / "schemas" / "claims.json").write_text("{", encoding="utf-8")
    done = script("build")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert "claims.json: not a Table Schema of this project" in done.stderr


def test_only_the_changed_lines_of_a_long_table_are_shown() -> None:
    lines = [f"row {number}" for number in range(1, 2001)]
    changed = [*lines[:999], "row 1000, changed", *lines[1000:]]
    shown = short_diff("data/claims.csv", "\n".join(lines).encode(), "\n".join(changed).encode())
    assert shown.split("\n") == [
        "--- data/claims.csv (on disk)",
        "+++ data/claims.csv (generated)",
        "@@ -1000 +1000 @@",
        "-row 1000",
        "+row 1000, changed",
    ]


def test_on_a_terminal_the_build_shows_what_it_does(harbour: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(harbour)]
    environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    assert done.returncode == 0
    assert b"reading the seed records" in os.read(ours, 100_000)
    os.close(ours)
