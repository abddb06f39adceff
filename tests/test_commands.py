"""The commands explain themselves, show rows with their passages, and start new records."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HARBOUR, REPOSITORY, TEXT, Script, read

SCRIPTS = sorted(path.stem for path in (REPOSITORY / "scripts").glob("*.py"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_has_an_example(name: str) -> None:
    command = [sys.executable, str(REPOSITORY / "scripts" / f"{name}.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    assert f"Example: python scripts/{name}.py" in " ".join(done.stdout.split())
    assert done.stdout.startswith(f"Usage: {name}.py [OPTIONS]")


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_imports_nothing_heavy(name: str) -> None:
    program = (
        f"import runpy, sys; sys.argv = ['{name}', '--help']\n"
        f"try: runpy.run_path({str(REPOSITORY / 'scripts' / name) + '.py'!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'polars', 'pandera', 'frictionless', 'narwhals', 'rich', 'yaml'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_show_prints_a_claim_with_what_nests_in_it_and_its_passage(script: Script) -> None:
    done = script("show", "SRC-0001-C003")
    lines = done.stdout.splitlines()
    assert lines[0] == "claims SRC-0001-C003  (seeds/sources/SRC-0001.yaml:60:3)"
    assert "  claim_text: Sarn did not receive any crate." in lines
    assert "passage 208-273 of SRC-0001:" in lines
    assert "»Sarn’s governor denied it: “We received nothing – not one crate.”«" in done.stdout
    assert (
        "claim_attributions: step: 1, voice_no: 1, actor_id: ACT-sarn-governor, specificity: unnamed_official, "
        "act: denies, evidence: none_stated, joint: false, stance: neutral"
    ) in lines
    assert any(line.startswith("quantities: quantity_id: SRC-0001-C003-Q1") for line in lines)
    assert "claim_events: event_id: EVT-crates, bearing: denies" in lines
    assert any(line.startswith("transfers: transfer_id: SRC-0001-C003-T1, giver_id: ACT-northport") for line in lines)
    assert (
        "claim_relations: related_claim_id: SRC-0001-C001, relation: denies, aspect: existence, "
        "independence: unknown, conditional: false"
    ) in lines
    assert (
        "referred to by claim_relations(related_claim_id): SRC-0001-C003 SRC-0001-C001 denies existence"
        in script("show", "SRC-0001-C001").stdout
    )


def test_show_without_the_text_says_so(harbour: Path, script: Script) -> None:
    (harbour / "seeds" / "texts" / "harbour.txt").unlink()
    assert "passage 67-78 of SRC-0001: the text is not available" in script("show", "SRC-0001-C001-Q1").stdout


def test_show_prints_an_actor_and_the_rows_that_refer_to_it(script: Script) -> None:
    done = script("show", "ACT-sarn-governor")
    assert "actor_names: name: Governor of Sarn, name_type: preferred" in done.stdout
    assert "referred to by claim_attributions(actor_id): SRC-0001-C003 1 1" in done.stdout


def test_show_suggests_a_similar_id(script: Script) -> None:
    done = script("show", "SRC-0001-C03")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: no row has the id 'SRC-0001-C03' (did you mean 'SRC-0001-C003'?)\n"


def test_show_reports_the_errors_that_may_hide_a_row(record: Path, script: Script) -> None:
    record.write_text(record.read_text("utf-8").replace("span: 20-157", "span: [", 1), "utf-8")
    done = script("show", "SRC-0001-C001")
    assert done.returncode == 2
    assert done.stdout.startswith("seeds/sources/SRC-0001.yaml:21:8: yaml-syntax: ")
    assert done.stderr.endswith("error: no row has the id 'SRC-0001-C001' (correct these errors first)\n")


def test_add_source_fills_in_what_follows_from_the_file(harbour: Path, script: Script, tmp_path: Path) -> None:
    text = tmp_path / "second.txt"
    text.write_text("Ünlike the first.\n", encoding="utf-8")
    done = script("add_source", text)
    assert done.returncode == 0
    assert done.stdout.startswith("written: seeds/sources/SRC-0002.yaml;")
    record = (harbour / "seeds" / "sources" / "SRC-0002.yaml").read_text(encoding="utf-8")
    assert "source_id: SRC-0002\n" in record
    assert f"text_sha256: {hashlib.sha256(text.read_bytes()).hexdigest()}\n" in record
    assert "text_length: 18\n" in record
    assert "\nlanguage:  # " in record and "\n# url:  # " in record
    findings = [each for each in read(harbour).findings if each.location.path.endswith("SRC-0002.yaml")]
    assert {each.rule for each in findings} == {"required"}


def test_add_source_refuses_a_text_that_has_a_record(harbour: Path, script: Script) -> None:
    again = harbour / "copy.txt"
    again.write_bytes((HARBOUR / "texts" / "harbour.txt").read_bytes())
    done = script("add_source", again)
    assert done.returncode == 2
    assert done.stderr == f"error: {again}: this text already has the record SRC-0001\n"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a b.txt", b"x", "rename it to letters, digits, '.', '_' and '-' without spaces"),
        ("a.txt", b"", "the text is empty"),
        ("a.txt", b"\xff", "the text is not UTF-8; save it with that encoding first"),
    ],
)
def test_add_source_refuses_a_file_that_cannot_be_a_text(
    harbour: Path, script: Script, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(data)
    done = script("add_source", tmp_path / name)
    assert (done.returncode, done.stderr) == (2, f"error: {tmp_path / name}: {why}\n")
    assert not (harbour / "seeds" / "sources" / "SRC-0002.yaml").exists()


def test_a_record_that_cannot_be_read_keeps_its_id(harbour: Path, record: Path, script: Script, tmp_path: Path) -> None:
    record.write_text("{", encoding="utf-8")
    (tmp_path / "new.txt").write_text(TEXT + "more", encoding="utf-8")
    assert "SRC-0002.yaml" in script("add_source", tmp_path / "new.txt").stdout


def test_the_texts_can_be_elsewhere(harbour: Path, script: Script, tmp_path: Path) -> None:
    (harbour / "seeds" / "texts").rename(tmp_path / "elsewhere")
    assert "not verified" in script("build").stdout
    assert "not verified" not in script("build", "--texts", tmp_path / "elsewhere").stdout
    assert "not verified" not in script("build", SEED_TEXTS=str(tmp_path / "elsewhere")).stdout


def test_commands_run_without_the_locks_and_the_encoding_that_windows_lacks(
    harbour: Path, record: Path, tmp_path: Path
) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "fcntl.py").write_text("raise ImportError", encoding="utf-8")
    command = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(harbour)]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "without"), "PYTHONIOENCODING": "cp1252"}
    built = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert (built.returncode, built.stdout[:6]) == (0, b"built:")
    record.write_text(record.read_text("utf-8").replace("ITM-shells", "ITM-shell"), encoding="utf-8")
    refused = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert (refused.returncode, "transfers(item_id) → items(item_id)" in refused.stdout.decode()) == (1, True)
