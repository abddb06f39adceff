"""The summary for reviewers shows changes by table, removals first, with every cell escaped."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HARBOUR, REPOSITORY, Script, run_script

from curation.release.diff import Diff, Row, TableDiff
from curation.release.git import ReleaseError, merge_base
from curation.release.review import BYTES, ROWS, Review, write_review
from curation.report.escape import CELL_LIMIT, cell, table_lines
from curation.write import sha256
from russia_dprk_claims.checks.findings import Finding, Location, Severity
from russia_dprk_claims.package import DESCRIPTOR

WARNING = Finding(Location("seeds/actors.yaml", 3, 5), "lonely", "it is | alone", "", Severity.WARNING)
GAP = Finding(Location("seeds/sources/SRC-0001.yaml", 1, 1), "coverage", "a gap", row="SRC-0001")


def make_review(
    *tables: TableDiff, findings: tuple[Finding, ...] = (), missing: frozenset[str] = frozenset(), number: int = 1
) -> Review:
    return Review(Diff((), tables), [f"SRC-{each:04}" for each in range(1, number + 1)], missing, findings)


def actors(removed: int = 0, added: int = 0, cells: Mapping[str, tuple[str | None, str | None]] = {}) -> TableDiff:
    rows = [tuple(Row(f"ACT-{each}", {}) for each in range(number)) for number in (removed, added)]
    changed = (Row("ACT-b", cells),) if cells else ()
    return TableDiff("actors", True, removed + len(changed), added + len(changed), rows[0], changed, rows[1])


def of_coverage(review: Review) -> list[str]:
    return [line for line in write_review(review).splitlines() if line.startswith("| SRC")]


def test_the_summary_shows_removals_first_then_coverage_and_warnings() -> None:
    parties = replace(actors(removed=1), table="agreement_parties")
    summary = make_review(actors(1, 1, {"name": ("B", None)}), parties, findings=(WARNING,))
    assert write_review(summary) == (
        "## What changes in the data\n\n"
        "Released rows are withdrawn, never removed: explain each removal.\n\n"
        "| table | before | removed | changed | added | after |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| actors | 2 | 1 | 1 | 1 | 2 |\n| agreement\\_parties | 1 | 1 | 0 | 0 | 0 |\n\n"
        "### Removed\n\n| table | row |\n| --- | --- |\n| actors | ACT-0 |\n| agreement\\_parties | ACT-0 |\n\n"
        "### Changed\n\n| table | row | column | before | after |\n| --- | --- | --- | --- | --- |\n"
        "| actors | ACT-b | name | B | \\(empty\\) |\n\n"
        "### Added\n\n| table | row |\n| --- | --- |\n| actors | ACT-0 |\n\n"
        "### Coverage\n\n| source | coverage |\n| --- | --- |\n| SRC-0001 | complete |\n\n"
        "There are no errors.\n\n### Warnings\n\n| location | rule | finding |\n| --- | --- | --- |\n"
        "| seeds/actors\\.yaml\\:3\\:5 | lonely | it is \\| alone |\n"
    )


def test_the_summary_of_no_change_says_so() -> None:
    lines = write_review(make_review()).splitlines()
    assert lines[:3] == ["## What changes in the data", "", "No row is removed, changed or added."]
    assert lines[-1] == "There are no warnings."


def test_uncovered_passages_are_counted_for_their_source() -> None:
    assert of_coverage(make_review(findings=(GAP, GAP), number=2)) == [
        "| SRC-0001 | 2 passages neither coded nor set aside |",
        "| SRC-0002 | complete |",
    ]


def test_coverage_is_not_claimed_without_the_text_or_with_errors_in_the_records() -> None:
    error = Finding(Location("seeds/sources/SRC-0002.yaml", 1, 1), "syntax", "not YAML")
    summary = make_review(findings=(error,), missing=frozenset({"SRC-0001"}), number=2)
    assert of_coverage(summary) == [
        "| SRC-0001 | not verified, as the text is not available |",
        "| SRC-0002 | unknown, as the records have errors |",
    ]
    assert "\n### Errors\n\n| location | rule | finding |\n" in write_review(summary)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"),
        ("<img src=x>", "\\<img src=x\\>"),
        ("[x](http://y.z)", "\\[x\\]\\(http\\://y\\.z\\)"),
        ("two\nlines\r\n| and more", "two lines  \\| and more"),
        ("`code` **bold** ~~no~~", "\\`code\\` \\*\\*bold\\*\\* \\~\\~no\\~\\~"),
        ("\u202eright to left\u2066", " right to left "),
        ("a\\|b", "a\\\\\\|b"),
        ("$x$ #1 :tada: &amp;", "\\$x\\$ \\#1 \\:tada\\: \\&amp;"),
        ("@all", "&#64;<!---->all"),
    ],
)
def test_cells_are_escaped_in_markdown(text: str, shown: str) -> None:
    assert cell(text) == shown


def test_a_cell_cannot_add_a_row_or_a_column_to_the_summary() -> None:
    nasty = {"name": ("A", "x |\n| y | <b>\\| @all")}
    (line,) = [each for each in write_review(make_review(actors(cells=nasty))).splitlines() if "ACT-b" in each]
    assert len(re.findall(r"(?<!\\)\|", line.replace("\\\\", ""))) == 6


def test_long_cells_and_lists_are_truncated_visibly() -> None:
    assert len(cell("x" * 1000)) == CELL_LIMIT
    summary = write_review(make_review(actors(added=ROWS + 3), number=ROWS + 2))
    assert "\n\n… and 3 more.\n\n### Coverage" in summary
    assert "\n\n… and 2 more.\n\nThere are no errors." in summary
    assert f"| actors | 0 | 0 | 0 | {ROWS + 3} | {ROWS + 3} |" in summary


def test_every_finding_is_listed_and_each_added_claim_is_a_sentence() -> None:
    findings = (GAP, WARNING) * (ROWS + 1)
    sentence = f"A | says: {'long ' * 150}B. Figures: 40 crates."
    summary = write_review(replace(make_review(findings=findings), sentences={"SRC-0001-C009": sentence}))
    assert (summary.count("a gap"), summary.count("lonely")) == (ROWS + 1, ROWS + 1)
    assert f"| SRC-0001-C009 | A \\| says\\: {'long ' * 150}B\\. Figures\\: 40 crates\\. |" in summary


def test_the_summary_stays_below_the_limit_of_github_and_keeps_the_removals() -> None:
    long = {f"{number:03}{'name' * 99}": ("@" * 999, "@" * 999) for number in range(ROWS)}
    tables = [replace(actors(1, cells=long), table="@" * 99) for _ in range(9)]
    warnings = (replace(WARNING, rule="@" * 999, message="@" * 999),) * ROWS
    summary = write_review(make_review(*tables, findings=warnings))
    assert BYTES - 5_000 < len(summary.encode()) < 1 << 20
    assert summary.endswith("\n\n… and more, which does not fit here: run scripts/diff.py with --format review.\n")
    assert summary.count("| ACT-0 |") == 9


def test_columns_of_numbers_are_aligned_right() -> None:
    assert list(table_lines(("a", "b"), [("x", "1")], numbers=1)) == ["| a | b |", "| --- | ---: |", "| x | 1 |"]


# --- with git -----------------------------------------------------------------------------------------------------


def review(script: Script, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return script("diff", *words, "--format", "review")


def git(root: Path, *arguments: str) -> str:
    """Run git without any settings."""
    who = {f"GIT_{role}_{part}": "coder-1@example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
        env={**who, **settings},
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project as a repository: built and committed on main, with a branch checked out."""
    root = tmp_path_factory.mktemp("branch") / "harbour"
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    assert run_script("build", "--project", root, cwd=root).returncode == 0
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "The small project")
    git(root, "switch", "--quiet", "-c", "pier")
    return root


@pytest.fixture
def branch(template: Path, harbour: Path) -> Path:
    """A copy of it."""
    shutil.rmtree(harbour)
    return Path(shutil.copytree(template, harbour))


def test_the_changes_of_a_branch_are_shown(branch: Path, script: Script) -> None:
    relations = branch / "seeds" / "relations.yaml"
    relations.write_text(relations.read_text("utf-8").replace("aspect: existence", "aspect: quantity"), "utf-8")
    actors = branch / "seeds" / "actors.yaml"
    actors.write_text(actors.read_text("utf-8").replace("role: governor, not named", "role: gover|nor"), "utf-8")
    assert script("build").returncode == 0
    done = review(script, "main")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[2:8] == [
        "Released rows are withdrawn, never removed: explain each removal.",
        "",
        "| table | before | removed | changed | added | after |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| actors | 5 | 0 | 1 | 0 | 5 |",
        "| claim\\_relations | 1 | 1 | 0 | 1 | 1 |",
    ]
    assert "| claim\\_relations | SRC-0001-C003 SRC-0001-C001 denies existence |" in lines
    assert "| actors | ACT-sarn-governor | role | governor, not named | gover\\|nor |" in lines


def only_one_actor(root: Path) -> None:
    path = root / "data" / "actors.csv"
    header, first, *_ = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text(header + first.replace("ACT-", "ACT-new-", 1), "utf-8")
    descriptor = json.loads((root / DESCRIPTOR).read_bytes())
    (actors,) = [each for each in descriptor["resources"] if each["name"] == "actors"]
    actors |= {"bytes": path.stat().st_size, "hash": f"sha256:{sha256(path.read_bytes())}"}
    (root / DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")


def test_later_commits_on_main_are_not_changes_of_the_branch(branch: Path, script: Script) -> None:
    git(branch, "switch", "--quiet", "main")
    only_one_actor(branch)
    git(branch, "commit", "--quiet", "-am", "Main goes on")
    git(branch, "switch", "--quiet", "pier")
    assert "\nNo row is removed" in review(script, "main").stdout


def test_a_merge_in_a_shallow_clone_is_compared_with_its_first_parent(branch: Path, script: Script) -> None:
    only_one_actor(branch)
    git(branch, "commit", "--quiet", "-am", "The branch")
    git(branch, "switch", "--quiet", "main")
    (branch / "notes.txt").write_text("Main goes on.\n", encoding="utf-8")
    git(branch, "add", "notes.txt")
    git(branch, "commit", "--quiet", "-m", "Main goes on")
    git(branch, "merge", "--quiet", "--no-edit", "pier")
    shallow = branch.parent / "shallow"
    git(branch, "clone", "--quiet", "--depth", "2", f"file://{branch}", str(shallow))
    done = run_script("diff", "HEAD^1", "--format", "review", "--project", shallow, cwd=shallow)
    assert "| actors | 5 | 5 | 0 | 1 | 1 |" in done.stdout


def test_the_coverage_and_the_warnings_of_the_branch_are_shown(branch: Path, script: Script) -> None:
    lines = review(script, "main").stdout.splitlines()
    assert "| SRC-0001 | complete |" in lines
    (branch / "seeds" / "texts" / "harbour.txt").rename(branch.parent / "harbour.txt")
    assert "| SRC-0001 | not verified, as the text is not available |" in review(script, "main").stdout
    there = review(script, "main", "--texts", branch.parent).stdout.splitlines()
    assert there == lines


def test_a_change_of_the_contract_is_shown_before_the_rows(branch: Path, script: Script) -> None:
    path = branch / "schemas" / "agreement_parties.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    (role,) = [each for each in schema["fields"] if each["name"] == "party_role"]
    role["constraints"]["enum"].append("witness")
    role["definitions"]["witness"] = "Looks on."
    path.write_text(json.dumps(schema), encoding="utf-8")
    done = review(script, "main")
    assert "| agreement\\_parties | party\\_role | vocabulary value added |  | witness |" in done.stdout
    assert done.stdout.index("### The contract") < done.stdout.index("### Coverage")


def test_a_folder_with_the_name_of_the_base_is_ignored(branch: Path, script: Script) -> None:
    only_one_actor(branch)
    summary = review(script, "main").stdout
    assert "| actors | 5 | 5 | 0 | 1 | 1 |" in summary
    for name in ("main", git(branch, "rev-parse", "main")):
        for part in ("data", "schemas"):
            shutil.copytree(branch / part, branch / name / part)
    assert review(script, "main").stdout == summary


def test_a_base_without_the_file_of_a_table_is_one_line(branch: Path, script: Script) -> None:
    git(branch, "rm", "--quiet", "--cached", "data/set_asides.csv")
    git(branch, "commit", "--quiet", "-m", "Without one table")
    done = review(script, "HEAD")
    why = "HEAD: data/set_asides.csv: unreadable-file: the file is missing (put the CSV of the table there)"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {why}\n")


def test_records_that_cannot_be_read_do_not_hide_what_changed(branch: Path, script: Script) -> None:
    only_one_actor(branch)
    (branch / "seeds" / "relations.yaml").write_text("{", encoding="utf-8")
    done = review(script, "main")
    assert done.returncode == 0
    assert "| actors | 5 | 5 | 0 | 1 | 1 |" in done.stdout
    assert "### Errors" in done.stdout


@pytest.mark.parametrize("revision", ["--output=x", "", "nowhere", "HEAD:data", "main; touch x", "main\0"])
def test_an_unknown_revision_is_refused(branch: Path, revision: str) -> None:
    with pytest.raises(ReleaseError) as caught:
        merge_base(branch, revision)
    assert str(caught.value) == f"{revision!r} is not a known revision: fetch it, or give a branch, tag or commit"
    assert not (branch / "x").exists()


def test_the_command_says_why_it_could_not_run(branch: Path, script: Script) -> None:
    done = review(script, "nowhere")
    why = "'nowhere' is not a known revision: fetch it, or give a branch, tag or commit"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {why}\n")


def test_a_history_without_a_common_commit_is_one_line(branch: Path, script: Script) -> None:
    git(branch, "switch", "--quiet", "--orphan", "other")
    git(branch, "commit", "--quiet", "--allow-empty", "-m", "Another beginning")
    shutil.copytree(REPOSITORY / "schemas", branch / "schemas", dirs_exist_ok=True)
    done = review(script, "main")
    assert done.stderr == "error: 'main' and HEAD have no common commit: fetch the full history\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (f"actor_id\n{'x' * 2_000_000}\n", "data/actors.csv:1:1: csv-header: "),
        ("", "data/actors.csv: csv-header: the file is empty"),
        ("\0", "data/actors.csv:1:1: nul-byte: the file has a NUL byte (remove it)\n"),
    ],
)
def test_a_file_that_is_not_csv_is_one_line(branch: Path, script: Script, data: str, why: str) -> None:
    (branch / "data" / "actors.csv").write_text(data, encoding="utf-8")
    done = review(script, "main")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"error: {branch}: {why}")
