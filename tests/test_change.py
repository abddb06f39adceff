"""A change is told by table, removals first, and nothing that a row says is read as Markdown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY, Script

from russia_dprk_claims.change import SHOWN_LETTERS, SHOWN_ROWS, ChangedCell, compare, escape, to_markdown
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.revisions import RevisionError, merge_base

ACTORS = [{"actor_id": "ACT-a", "name": "A"}, {"actor_id": "ACT-b", "name": "B"}]


def test_rows_are_the_same_where_their_key_is(contract: Contract) -> None:
    after = [{"actor_id": "ACT-b", "name": "Bee"}, {"actor_id": "ACT-c", "name": "C"}]
    (change,) = compare(contract, {"actors": ACTORS}, {"actors": after})
    assert (change.table, change.removed, change.added) == ("actors", ("ACT-a",), ("ACT-c",))
    assert change.changed == (ChangedCell("ACT-b", "name", "B", "Bee"),)


def test_a_key_of_several_columns_names_the_row(contract: Contract) -> None:
    chain = [{"claim_id": "SRC-0001-C001", "step": "0", "voice_no": "1", "act": "reports"}]
    (change,) = compare(contract, {"claim_attributions": chain}, {})
    assert change.removed == ("SRC-0001-C001 0 1",)


def test_the_order_of_rows_is_no_change(contract: Contract) -> None:
    assert compare(contract, {"actors": ACTORS}, {"actors": ACTORS[::-1]}) == []


def test_a_new_column_is_a_change_of_its_cells_and_an_empty_one_is_none(contract: Contract) -> None:
    after = [{**ACTORS[0], "country": ""}, {**ACTORS[1], "country": "PRK"}]
    (change,) = compare(contract, {"actors": ACTORS}, {"actors": after})
    assert change.changed == (ChangedCell("ACT-b", "country", "", "PRK"),)


def test_several_cells_of_one_row_are_one_changed_row(contract: Contract) -> None:
    after = [ACTORS[0], {"actor_id": "ACT-b", "name": "Bee", "country": "PRK"}]
    (change,) = compare(contract, {"actors": ACTORS}, {"actors": after})
    assert (len(change.changed), change.changed_rows) == (2, 1)


def test_a_table_that_the_contract_no_longer_has_is_removed_row_by_row(contract: Contract) -> None:
    (change,) = compare(contract, {"ships": [{"name": "x", "flag": ""}]}, {})
    assert (change.table, change.removed) == ("ships", ("x",))


def test_the_summary_tells_removals_first(contract: Contract) -> None:
    after = [{"actor_id": "ACT-b", "name": ""}, {"actor_id": "ACT-c", "name": "C"}]
    assert to_markdown(compare(contract, {"actors": ACTORS}, {"actors": after})) == (
        "## What changes in the data\n\n"
        "| table | removed | changed | added |\n| --- | ---: | ---: | ---: |\n| actors | 1 | 1 | 1 |\n\n"
        "A released row is withdrawn, never removed: each removal needs a reason.\n\n"
        "### Removed\n\n| table | row |\n| --- | --- |\n| actors | ACT-a |\n\n"
        "### Changed\n\n| table | row | column | before | after |\n| --- | --- | --- | --- | --- |\n"
        "| actors | ACT-b | name | B | \\(empty\\) |\n\n"
        "### Added\n\n| table | row |\n| --- | --- |\n| actors | ACT-c |\n"
    )


def test_the_summary_of_no_change_says_so() -> None:
    assert to_markdown([]) == "## What changes in the data\n\nNothing: no row is removed, changed or added.\n"


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
    ],
)
def test_no_mark_of_a_cell_is_read_as_markdown(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_a_cell_cannot_add_a_row_or_a_column_to_the_summary(contract: Contract) -> None:
    nasty = [{"actor_id": "ACT-a", "name": "x |\n| y | <b>\\| @all"}, ACTORS[1]]
    for line in to_markdown(compare(contract, {"actors": ACTORS}, {"actors": nasty})).splitlines():
        if "ACT-a" in line:
            assert len(re.findall(r"(?<!\\)\|", line.replace("\\\\", ""))) == 6


def test_long_cells_and_lists_are_cut_and_say_so(contract: Contract) -> None:
    assert len(escape("x" * 1000)) == SHOWN_LETTERS
    many = [{"actor_id": f"ACT-{number}"} for number in range(SHOWN_ROWS + 3)]
    summary = to_markdown(compare(contract, {}, {"actors": many}))
    assert summary.endswith("\n\n… and 3 more.\n")
    assert f"| actors | 0 | 0 | {SHOWN_ROWS + 3} |" in summary


# --- with git -----------------------------------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> str:
    """Run git as somebody without any settings."""
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


@pytest.fixture
def branch(harbour: Path, script: Script) -> Path:
    """The small project as a repository: built and committed on main, with a branch checked out."""
    script("build")
    git(harbour, "init", "--quiet", "--initial-branch", "main")
    git(harbour, "add", ".")
    git(harbour, "commit", "--quiet", "-m", "The small project")
    git(harbour, "switch", "--quiet", "-c", "pier")
    return harbour


def test_the_change_of_a_branch_is_told(branch: Path, script: Script) -> None:
    relations = branch / "seeds" / "relations.yaml"
    relations.write_text(relations.read_text("utf-8").replace("aspect: existence", "aspect: quantity"), "utf-8")
    actors = branch / "seeds" / "actors.yaml"
    actors.write_text(actors.read_text("utf-8").replace("role: governor, not named", "role: gover|nor"), "utf-8")
    assert script("build").returncode == 0
    done = script("summarize_change", "main")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[2:6] == [
        "| table | removed | changed | added |",
        "| --- | ---: | ---: | ---: |",
        "| actors | 0 | 1 | 0 |",
        "| claim\\_relations | 1 | 0 | 1 |",
    ]
    assert "| claim\\_relations | SRC-0001-C003 SRC-0001-C001 denies existence |" in lines
    assert "| actors | ACT-sarn-governor | role | governor, not named | gover\\|nor |" in lines


def test_what_main_gained_meanwhile_is_no_change_of_the_branch(branch: Path, script: Script) -> None:
    git(branch, "switch", "--quiet", "main")
    (branch / "data" / "actors.csv").write_text("actor_id,name\nACT-new,New\n", encoding="utf-8")
    git(branch, "commit", "--quiet", "-am", "Main goes on")
    git(branch, "switch", "--quiet", "pier")
    assert "Nothing: no row is removed" in script("summarize_change", "main").stdout


def test_the_merge_that_ci_checks_out_is_told_against_its_first_parent(branch: Path, script: Script) -> None:
    (branch / "data" / "actors.csv").write_text("actor_id,name\nACT-new,New\n", encoding="utf-8")
    git(branch, "commit", "--quiet", "-am", "The branch")
    git(branch, "switch", "--quiet", "main")
    (branch / "notes.txt").write_text("Main goes on.\n", encoding="utf-8")
    git(branch, "add", "notes.txt")
    git(branch, "commit", "--quiet", "-m", "Main goes on")
    git(branch, "merge", "--quiet", "--no-edit", "pier")
    shallow = branch.parent / "shallow"
    git(branch, "clone", "--quiet", "--depth", "2", f"file://{branch}", str(shallow))
    script_of = [sys.executable, str(REPOSITORY / "scripts" / "summarize_change.py"), "HEAD^1", "--project"]
    done = subprocess.run([*script_of, str(shallow)], capture_output=True, text=True, check=True)
    assert "| actors | 5 | 0 | 1 |" in done.stdout


def test_a_table_without_a_file_at_the_base_is_added(branch: Path, script: Script) -> None:
    git(branch, "rm", "--quiet", "--cached", "data/set_asides.csv")
    git(branch, "commit", "--quiet", "-m", "Without one table")
    assert "| set\\_asides | 0 | 0 | 2 |" in script("summarize_change", "HEAD").stdout


@pytest.mark.parametrize(
    ("revision", "why"),
    [
        ("--output=x", "'--output=x' is no revision: name a branch, tag or commit"),
        ("", "'' is no revision: name a branch, tag or commit"),
        ("nowhere", "'nowhere' is no revision here: fetch it, or name a branch, tag or commit"),
        ("HEAD:data", "'HEAD:data' is no revision here: fetch it, or name a branch, tag or commit"),
        ("main; touch x", "'main; touch x' is no revision here: fetch it, or name a branch, tag or commit"),
    ],
)
def test_what_is_no_revision_is_refused(branch: Path, revision: str, why: str) -> None:
    with pytest.raises(RevisionError, match=f"^{re.escape(why)}$"):
        merge_base(branch, revision)
    assert not (branch / "x").exists()


def test_the_command_says_why_it_could_not_run(branch: Path, script: Script) -> None:
    done = script("summarize_change", "nowhere")
    why = "'nowhere' is no revision here: fetch it, or name a branch, tag or commit"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {why}\n")


def test_a_history_without_a_common_commit_is_told(branch: Path, script: Script) -> None:
    git(branch, "switch", "--quiet", "--orphan", "other")
    git(branch, "commit", "--quiet", "--allow-empty", "-m", "Another beginning")
    shutil.copytree(REPOSITORY / "schemas", branch / "schemas", dirs_exist_ok=True)
    done = script("summarize_change", "main")
    assert done.stderr == "error: 'main' and HEAD share no commit here: fetch the whole history\n"


def test_a_file_that_is_no_csv_is_told(branch: Path, script: Script) -> None:
    (branch / "data" / "actors.csv").write_text(f"actor_id\n{'x' * 200_000}\n", encoding="utf-8")
    done = script("summarize_change", "main")
    assert done.returncode == 2
    assert done.stderr.startswith("error: actors.csv: not CSV: ")
