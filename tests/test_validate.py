"""Validation finds what is wrong in seeds and packages, at its own line, and Frictionless runs last."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Script, record_hashes
from faultcases import lay, valid_package

from russia_dprk_claims.checks.frictionless_check import frictionless_findings
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.contract import Contract


@pytest.fixture
def package(harbour: Path) -> Path:
    """The small project with its package."""
    lay(harbour, valid_package())
    return harbour


def edit(path: Path, old: str, new: str) -> None:
    data = path.read_bytes().decode("utf-8")
    assert old in data
    path.write_bytes(data.replace(old, new, 1).encode("utf-8"))


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def test_a_valid_project_passes(package: Path, script: Script) -> None:
    done = script("validate")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "valid: 57 rows in 19 tables, confirmed by Frictionless\n"


def test_without_the_texts_one_line_lists_what_was_not_verified(package: Path, script: Script) -> None:
    (package / "seeds" / "texts" / "harbour.txt").unlink()
    done = script("validate")
    assert done.returncode == 0
    assert "not verified, as the text is not available: SRC-0001\n" in done.stdout


def test_an_error_is_reported_where_it_was_written(package: Path, record: Path, script: Script) -> None:
    edit(record, "value_low: 40, bound_type: at_least", "value_low: 40, bound_type: up_to")
    done = script("validate")
    assert done.returncode == 1
    assert done.stdout.startswith("seeds/sources/SRC-0001.yaml:40:133: quantity-bounds: bound_type 'up_to': ")


def test_an_edited_generated_file_is_reported(package: Path, script: Script) -> None:
    edit(package / "data" / "claims.csv", "was fish.", "was gold.")
    done = script("validate")
    assert (done.returncode, done.stdout) == (
        1,
        "data/claims.csv: stale: incomplete build or changed file: "
        "its hash is not the one that datapackage.json records (run scripts/build.py)\n",
    )


def validate_package(script: Script, package: Path, *options: str) -> list[str]:
    done = script("validate", package, *options)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()


def test_a_valid_package_passes(package: Path, script: Script) -> None:
    assert script("validate", package).returncode == 0


def test_an_error_in_a_package_is_reported_at_its_line_and_column(package: Path, script: Script) -> None:
    edit(
        package / "data" / "claims.csv",
        "transport,event,affirmed,certain,past,,,,,none",
        "transport,event,yes,certain,past,,,,,none",
    )
    lines = validate_package(script, package)
    text = (package / "data" / "claims.csv").read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(text, start=1) if ",yes,certain" in each)
    column = text[line - 1].index("yes,certain") + 1
    assert f"data/claims.csv:{line}:{column}: vocabulary: 'yes' is not in the vocabulary of polarity" in "\n".join(
        lines
    )


def test_the_line_is_right_after_line_breaks_inside_cells(package: Path, script: Script) -> None:
    path = package / "data" / "claims.csv"
    edit(path, "The cargo of the ferries was fish.", '"The cargo,\nof the ""ferries"",\nwas fish."')
    edit(path, "Three ferries left but not all at once.", '"Three ferries\n\nleft."')
    text = path.read_text(encoding="utf-8")
    edit(path, ',fish."'.replace(",", " "), ' fish."')
    edit(path, 'was fish.",transport,event', 'was fish.",transport,happening')
    (finding,) = [line for line in validate_package(script, package) if ": vocabulary: 'happening'" in line]
    line = text[: text.index('was fish.",transport')].count("\n") + 1
    column = len('was fish.",transport,') + 1
    assert finding.startswith(f"data/claims.csv:{line}:{column}: ")


def test_a_dangling_key_in_a_package_names_the_constraint(package: Path, script: Script) -> None:
    edit(package / "data" / "claim_relations.csv", "SRC-0001-C003,SRC-0001-C001", "SRC-0001-C003,SRC-0001-C099")
    assert (
        "data/claim_relations.csv:2:15: foreign-key: claim_relations(related_claim_id) → claims(claim_id): "
        "there is no 'SRC-0001-C099' (did you mean 'SRC-0001-C005'?)"
    ) in validate_package(script, package)


FAULTS: list[tuple[str, Callable[[Path], None], str]] = [
    (
        "ragged",
        lambda p: edit(p / "data/actors.csv", "ACT-sarn,Sarn,", "ACT-sarn,Sarn,,"),
        "data/actors.csv:5:1: csv-cells: the record has 10 cells, the header 9",
    ),
    (
        "header",
        lambda p: edit(p / "data/actors.csv", "actor_type", "actor_typ"),
        "data/actors.csv:1:15: csv-header: 'actor_typ' is not a column of actors (did you mean 'actor_type'?)",
    ),
    (
        "twice",
        lambda p: edit(p / "data/actors.csv", "actor_id,name", "actor_id,actor_id"),
        "data/actors.csv:1:1: csv-header: the column 'name' is missing",
    ),
    (
        "order",
        lambda p: edit(p / "data/actors.csv", "actor_id,name", "name,actor_id"),
        "csv-header: a column is repeated, or the columns are out of order",
    ),
    (
        "bom",
        lambda p: write(p / "data/actors.csv", b"\xef\xbb\xbf" + (p / "data/actors.csv").read_bytes()),
        "data/actors.csv:1:1: byte-order-mark: the file begins with a byte order mark",
    ),
    ("crlf", lambda p: edit(p / "data/actors.csv", "\n", "\r\n"), "line-end: the file has a carriage return"),
    ("nul", lambda p: edit(p / "data/actors.csv", "Sarn", "Sa\0rn"), "nul-byte: the file has a NUL byte"),
    (
        "latin",
        lambda p: write(p / "data/actors.csv", b"actor_id\n\xe9\n"),
        "data/actors.csv:2:1: not-utf-8: the byte 0xe9 is not UTF-8",
    ),
    ("empty", lambda p: write(p / "data/actors.csv", b""), "data/actors.csv: csv-header: the file is empty"),
    (
        "missing",
        lambda p: (p / "data/actors.csv").unlink(),
        "data/actors.csv: unreadable-file: the file is missing",
    ),
    ("quote", lambda p: edit(p / "data/actors.csv", "Sarn", '"Sarn'), "csv-syntax: "),
    (
        "huge",
        lambda p: edit(p / "data/actors.csv", "Sarn", "x" * 1_100_000),
        "csv-syntax: the record is not CSV: field larger",
    ),
    (
        "escape",
        lambda p: edit(p / "datapackage.json", "data/actors.csv", "../../../etc/passwd"),
        "resource-path: actors: '../../../etc/passwd': the path points outside the package",
    ),
    (
        "absolute",
        lambda p: edit(p / "datapackage.json", "data/actors.csv", "/etc/passwd"),
        "resource-path: actors: '/etc/passwd': this is not a relative path",
    ),
    (
        "url",
        lambda p: edit(p / "datapackage.json", "data/actors.csv", "http://127.0.0.1:9/a.csv"),
        "resource-path: actors: 'http://127.0.0.1:9/a.csv': the path is a URL, which is not downloaded",
    ),
    (
        "json",
        lambda p: write(p / "datapackage.json", b"{"),
        "datapackage.json:1:2: descriptor-syntax: this is not JSON: expecting property name",
    ),
    (
        "none",
        lambda p: (p / "datapackage.json").unlink(),
        "datapackage.json: descriptor-unreadable: the file is missing",
    ),
    (
        "list",
        lambda p: write(p / "datapackage.json", b"[]"),
        "datapackage.json: descriptor-resources: the descriptor lists no resources",
    ),
    (
        "deep",
        lambda p: write(p / "datapackage.json", b"[" * 100_000),
        "datapackage.json: descriptor-syntax: this is not JSON",
    ),
]


# Frictionless takes most of the time; the fault corpus has other cases for it.
@pytest.mark.parametrize("option", ["--no-frictionless", pytest.param("--frictionless", marks=pytest.mark.full)])
@pytest.mark.parametrize(("fault", "finding"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_a_broken_package_gives_findings_and_never_a_traceback(
    package: Path, script: Script, fault: Callable[[Path], None], finding: str, option: str
) -> None:
    fault(package)
    assert any(finding in line for line in validate_package(script, package, option))


def test_frictionless_agrees_on_the_structure(package: Path, contract: Contract) -> None:
    assert frictionless_findings(package) == []
    edit(package / "data" / "claims.csv", "transport,event,affirmed", "transport,event,yes")
    edit(package / "data" / "claim_relations.csv", "SRC-0001-C001", "SRC-0001-C099")
    edit(package / "data" / "quantities.csv", "SRC-0001-C002-Q1", "SRC-0001-C001-Q1")
    tables, _ = read_package(package, contract)
    found = [str(each).split(": ")[:2] for each in frictionless_findings(package, tables)]
    lines = (package / "data" / "claims.csv").read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(lines, start=1) if "event,yes" in each)
    column = lines[line - 1].index("yes") + 1
    assert [f"data/claims.csv:{line}:{column}", "frictionless:constraint-error"] in found
    assert ["data/claim_relations.csv:2:1", "frictionless:foreign-key"] in found
    assert any(rule == "frictionless:primary-key" for _, rule in found)


def test_a_warning_is_reported_and_the_exit_code_is_0(package: Path, record: Path, script: Script) -> None:
    edit(record, "note: The text prints a day of May 2021 and speaks of it as just past.\n", "")
    built, done = script("build"), script("validate")
    assert (built.returncode, done.returncode) == (0, 0)
    warning = "warning: seeds/sources/SRC-0001.yaml:6:18: published-inferred-note: published_basis 'inferred': "
    assert built.stdout.startswith(warning) and done.stdout.startswith(warning)
    assert (built.stderr, done.stderr) == ("0 errors, 1 warning\n",) * 2
    assert done.stdout.endswith("valid: 57 rows in 19 tables, confirmed by Frictionless\n")


def test_frictionless_does_not_run_with_the_pattern_of_a_package(package: Path, script: Script, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(package / "data", copied / "data")
    shutil.copytree(package / "schemas", copied / "schemas")
    shutil.copy(package / "datapackage.json", copied)
    # Python's matching of this pattern doubles its time with each letter, and would outlast the test.
    edit(copied / "schemas" / "sources.json", "^[A-Za-z0-9][A-Za-z0-9._-]*$", "^([a-z]+)+[0-9]$")
    edit(copied / "data" / "sources.csv", "harbour.txt", "a" * 60 + ".txt")
    record_hashes(copied)
    done = script("validate", copied)
    assert done.returncode == 0
    assert done.stdout.startswith("warning: datapackage.json: resource-schema: the schema of sources is not the one")
    assert done.stdout.endswith("valid: 57 rows in 19 tables, not checked by Frictionless\n")


def test_frictionless_follows_no_path_out_of_the_folder(package: Path) -> None:
    content = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    content["resources"][0]["path"] = "../secret.csv"
    (package / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    (package.parent / "secret.csv").write_text("secret\n1\n", encoding="utf-8")
    findings = frictionless_findings(package)
    assert findings and not any("secret\n" in each.value for each in findings)
