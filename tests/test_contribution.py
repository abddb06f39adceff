"""What a repository shows of a contribution without the source texts: committed texts, gaps, lost and clashing ids."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import HARBOUR, REPOSITORY, read, run_script

from curation.contribution import against_base, committed_texts, gaps_without_text
from curation.generate import build, write
from curation.project import read_project
from curation.release.git import ReleaseError
from curation.seeds.spans import text_folded_sha256

GIT = shutil.which("git") or "git"
TEXT = "A buoy was lost off Sarn, a pilot said."
RECORD = """source_id: {id}
label: Note on a buoy, {name}
source_type: news
published_basis: unknown
language: en
access: open
text_name: {name}.txt
text_sha256: {sha256}
text_folded_sha256: {folded}
text_length: {length}
coded_by: coder-1
coded_on: "2026-11-22"
codebook_version: "2.0.0"
claims:
- claim_id: C001
  span: 0-{length}
  claim_text: Off Sarn a sea mark went missing.
  topic: other
  statement_kind: event
  temporal_status: past
  claim_attributions:
  - {{act: reports}}
  - {{actor_id: ACT-{name}, specificity: named_person, act: asserts}}
  claim_actors:
  - {{actor_id: ACT-{name}, role: agent, name_as_stated: {name}}}
"""
ACTOR = """- actor_id: ACT-{name}
  name: {name}
  actor_type: person
  actor_names:
  - {{name: {name}, name_type: preferred}}
"""


def git(root: Path, *arguments: str) -> str:
    """Run git without any settings of the user."""
    who = ("-c", "user.name=coder-1", "-c", "user.email=coder-1@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run([GIT, *who, *arguments], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the small project, committed on main."""
    root = tmp_path / "clone"
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    rebuild(root)
    git(root, "init", "--quiet")
    commit(root)
    return root


def rebuild(root: Path) -> list[str]:
    """Build the project if it is valid, and return the findings."""
    result = build(read(root))
    if not result.findings:
        write(root, result.files)
    return [str(each) for each in result.findings]


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Work")


def add_source(root: Path, source_id: str, name: str, before: str) -> None:
    """Add a source, and its speaker among the actors."""
    text = TEXT.replace("pilot", name)
    sha256, folded = hashlib.sha256(text.encode()).hexdigest(), text_folded_sha256(text)
    record = RECORD.format(id=source_id, name=name, sha256=sha256, folded=folded, length=len(text))
    (root / "seeds" / "sources" / f"{source_id}.yaml").write_text(record, encoding="utf-8")
    actors = root / "seeds" / "actors.yaml"
    old = actors.read_text(encoding="utf-8")
    assert old.count(before) == 1
    actors.write_text(old.replace(before, ACTOR.format(name=name) + before), encoding="utf-8")


def two_branches(root: Path) -> None:
    """Let two branches each add a source and an actor; both take the next free id."""
    git(root, "switch", "--quiet", "--create", "pilot")
    add_source(root, "SRC-0002", "pilot", "- actor_id: ACT-sarn\n")
    assert rebuild(root) == []
    commit(root)
    git(root, "switch", "--quiet", "main")
    add_source(root, "SRC-0002", "diver", "- actor_id: ACT-harbour-master\n")
    assert rebuild(root) == []
    commit(root)
    git(root, "switch", "--quiet", "pilot")


def test_two_contributions_that_took_one_id_are_renumbered_and_merge(clone: Path) -> None:
    two_branches(clone)
    assert [str(each) for each in against_base(read_project(clone), "main")] == [
        "seeds/sources/SRC-0002.yaml:1:12: id-clash: SRC-0002 was given to another row on main meanwhile "
        "(run scripts/renumber.py SRC-0002 --base main)"
    ]
    done = run_script("renumber", "SRC-0002", "--base", "main", "--project", clone, cwd=clone)
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "SRC-0002 is now SRC-0003")
    assert rebuild(clone) == []
    commit(clone)
    assert list(against_base(read_project(clone), "main")) == []

    merged = subprocess.run([GIT, "merge", "main"], cwd=clone, capture_output=True, text=True, check=False)
    assert "CONFLICT" in merged.stdout
    conflicts = git(clone, "diff", "--name-only", "--diff-filter=U").split()
    assert all(path.startswith("data/") or path == "datapackage.json" for path in conflicts)
    assert rebuild(clone) == []
    commit(clone)
    sources = (clone / "data" / "sources.csv").read_text(encoding="utf-8")
    assert [line[:8] for line in sources.splitlines()[1:]] == ["SRC-0001", "SRC-0002", "SRC-0003"]
    assert "SRC-0003-C001,1,1,ACT-pilot" in (clone / "data" / "claim_attributions.csv").read_text(encoding="utf-8")


def test_a_released_record_is_not_renumbered(clone: Path) -> None:
    (clone / "seeds" / "released.csv").write_text("table,id,successor\nsources,SRC-0001,\n", encoding="utf-8")
    for source, problem in (("SRC-0001", "SRC-0001 was released"), ("SRC-0009", "there is no such record")):
        done = run_script("renumber", source, "--project", clone, cwd=clone)
        assert (done.returncode, problem in done.stderr) == (2, True)


def test_a_released_id_whose_record_is_gone_is_not_given_again(clone: Path, tmp_path: Path) -> None:
    add_source(clone, "SRC-0002", "pilot", "- actor_id: ACT-sarn-governor")
    (clone / "seeds" / "released.csv").write_text("table,id,successor\nsources,SRC-0003,SRC-0001\n", encoding="utf-8")
    done = run_script("renumber", "SRC-0002", "--project", clone, cwd=clone)
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "SRC-0002 is now SRC-0004")
    (clone / "seeds" / "sources" / "SRC-0004.yaml").unlink()
    (tmp_path / "new.txt").write_text("A buoy was found.\n", encoding="utf-8")
    done = run_script("add_source", tmp_path / "new.txt", "--project", clone, cwd=clone)
    assert done.stdout.startswith("written: seeds/sources/SRC-0004.yaml"), done.stderr


@pytest.mark.parametrize("change", [str, lambda text: text.replace(" ", "\n\n"), lambda text: text + "\r\n"])
def test_a_text_is_found_under_any_name_before_it_is_committed(clone: Path, change: Callable[[str], str]) -> None:
    text = (HARBOUR / "texts" / "harbour.txt").read_text(encoding="utf-8")
    (clone / "notes.md").write_text(change(text), encoding="utf-8", newline="")
    for _ in ("before git knows it", "staged"):
        (found,) = committed_texts(read_project(clone))
        assert str(found).startswith("notes.md: committed-text: this is the text of SRC-0001 (move it to seeds/texts/")
        git(clone, "add", "notes.md")
    git(clone, "rm", "--quiet", "--cached", "notes.md")
    (clone / ".gitignore").write_text("/notes.md\n", encoding="utf-8")
    assert list(committed_texts(read_project(clone))) == []


def test_other_files_and_folders_without_git_have_no_committed_text(clone: Path, tmp_path: Path) -> None:
    text = (HARBOUR / "texts" / "harbour.txt").read_text(encoding="utf-8")
    (clone / "notes.md").write_text(text[:-30], encoding="utf-8")
    (clone / "link.md").symlink_to(HARBOUR / "texts" / "harbour.txt")
    git(clone, "add", "--all")
    assert list(committed_texts(read_project(clone))) == []
    shutil.rmtree(clone / ".git")
    (clone / "notes.md").write_text(text, encoding="utf-8")
    assert list(committed_texts(read_project(clone))) == []


def test_a_gap_between_passages_is_found_without_the_text(clone: Path) -> None:
    assert list(gaps_without_text(read_project(clone))) == []
    add_source(clone, "SRC-0002", "pilot", "- actor_id: ACT-sarn\n")
    path = clone / "seeds" / "sources" / "SRC-0002.yaml"
    record = path.read_text(encoding="utf-8")
    for span, gaps in (("0-39", []), ("8-31", []), ("0-30", ["30 to 39"]), ("9-30", ["0 to 9", "30 to 39"])):
        path.write_text(record.replace("span: 0-39", f"span: {span}"), encoding="utf-8")
        found = [str(each) for each in gaps_without_text(read_project(clone))]
        assert found == [
            f"seeds/sources/SRC-0002.yaml:10:14: coverage: no passage has the characters {gap} "
            "(code them, or set them aside with a reason)"
            for gap in gaps
        ]


@pytest.mark.parametrize("length", ["9" * 5_000, "-5", "n", "", "0"])
def test_gaps_are_not_looked_for_in_a_text_of_an_invalid_length(length: str, clone: Path) -> None:
    path = clone / "seeds" / "sources" / "SRC-0001.yaml"
    record = re.sub("text_length: [0-9]+", f"text_length: {length}", path.read_text(encoding="utf-8"))
    path.write_text(record, encoding="utf-8")
    project = read_project(clone, clone)
    assert [each.column for each in project.findings] == ["text_length"]
    assert list(gaps_without_text(project)) == []


def test_the_list_of_released_ids_keeps_the_lines_of_the_base(clone: Path) -> None:
    path = clone / "seeds" / "released.csv"
    path.write_text("table,id,successor\nactors,ACT-sarn,\nclaims,SRC-0001-C001,\n", encoding="utf-8")
    commit(clone)
    assert list(against_base(read_project(clone), "main")) == []
    path.write_text("table,id,successor\nclaims,SRC-0001-C001,\nclaims,SRC-0001-C002,\n", encoding="utf-8")
    (found,) = against_base(read_project(clone), "main")
    assert str(found) == (
        "seeds/released.csv: released-ids: lines that main has are gone or changed, the first of 1 is "
        "'actors,ACT-sarn,' (git checkout main -- seeds/released.csv)"
    )


def test_an_unknown_base_is_refused(clone: Path) -> None:
    with pytest.raises(ReleaseError, match="'trunk' is not a known revision"):
        list(against_base(read_project(clone), "trunk"))


def test_a_script_refuses_to_run_the_program_of_another_clone(tmp_path: Path) -> None:
    for name in ("scripts", "schemas"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    command = [sys.executable, str(tmp_path / "scripts" / "build.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {tmp_path} is not the clone that this Python is set up for, {REPOSITORY}")
