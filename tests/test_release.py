"""A release is checked for all problems at once, prepared as a whole or not at all, and then built.

The tests work on the small project in a real repository: prepared and committed once, and copied. Most of
them leave out the validation, and only one asks Frictionless.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from conftest import HARBOUR, REPOSITORY, run_script

from curation.bundle.inputs import DOCUMENTS, PROJECT_FILES, WHEEL_SOURCE
from curation.dataset import read_dataset
from curation.release import check
from curation.release.changelog import sections
from curation.release.check import ReleaseRequest, check_release
from curation.release.git import ReleaseError
from curation.release.prepare import prepare, with_version
from curation.validate import validate_project
from russia_dprk_claims.checks import ValidationResult
from russia_dprk_claims.releases import Version

DAY = "2030-04-05"
NO_SECTION = "no section 1.0.0: describe the changes under ## [1.0.0] - YYYY-MM-DD"
CHANGES = f"# Changelog\n\n## [1.0.0] - {DAY}\n\n### Added\n\n- One text about a harbour.\n"


def git(root: Path, *arguments: str) -> str:
    """Run git without any settings."""
    who = ("-c", "user.name=coder-1", "-c", "user.email=coder-1@example.org", "-c", "init.defaultBranch=main")
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
    command = ["git", *who, "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=settings).stdout.strip()


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", "A step")


def release(root: Path, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a project."""
    return run_script("release", *words, "--project", root, cwd=root, **environment)


def make_project(root: Path) -> None:
    """Make a project that can be released, with its own seeds and an empty Python package."""
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    (root / WHEEL_SOURCE).mkdir(parents=True)
    (root / WHEEL_SOURCE / "__init__.py").touch()
    for name in {*DOCUMENTS, *PROJECT_FILES, ".gitignore"} - {"seeds/dataset.yaml", "CHANGELOG.md"}:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(REPOSITORY / name, root / name)
    (root / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project, ready for release 1.0.0 and committed."""
    root = tmp_path_factory.mktemp("ready") / "harbour"
    root.mkdir()
    make_project(root)
    git(root, "init", "--quiet")
    commit(root)
    done = release(root, "1.0.0", "--prepare")
    assert done.returncode == 0, done.stdout + done.stderr
    commit(root)
    return root


@pytest.fixture
def ready(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it."""
    monkeypatch.delenv("SEED_TEXTS", raising=False)
    monkeypatch.setattr(check, "validate_project", lambda *_: ValidationResult([], {}, frictionless=False))
    return Path(shutil.copytree(template, tmp_path / "harbour"))


@pytest.fixture
def validating(ready: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that is validated, though not by Frictionless."""
    monkeypatch.setattr(check, "validate_project", partial(validate_project, frictionless=False))
    return ready


@pytest.fixture
def released(ready: Path) -> Path:
    """The small project just after release 1.0.0, with the next section begun."""
    git(ready, "tag", "v1.0.0")
    add_section(ready, "1.1.0")
    commit(ready)
    return ready


def add_section(root: Path, version: str, day: str = DAY) -> None:
    """Begin the changelog with another section."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    section = f"# Changelog\n\n## [{version}] - {day}\n\n- More.\n"
    (root / "CHANGELOG.md").write_text(text.replace("# Changelog\n", section, 1), encoding="utf-8")


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def correct(root: Path) -> None:
    edit(root, "seeds/actors.yaml", "role: governor, not named", "role: governor")


def add(root: Path) -> None:
    edit(root, "seeds/actors.yaml", "name: Harbour master\n", "name: Harbour master\n  parent_id: ACT-mayor\n")
    names = "actor_names: [{name: Mayor, name_type: preferred}]"
    mayor, after = (
        f"- {{actor_id: ACT-mayor, name: Mayor, actor_type: person, {names}}}\n",
        "- actor_id: ACT-northport\n",
    )
    edit(root, "seeds/actors.yaml", after, mayor + after)


def withdraw(root: Path) -> None:
    more = "  topic: transport\n  record_status: withdrawn\n  note: It was coded twice.\n"
    edit(root, "seeds/sources/SRC-0001.yaml", "  topic: transport\n", more)


def problems(root: Path, version: str = "1.0.0", previous: str | None = None, program: bool = False) -> list[str]:
    return check_release(ReleaseRequest(root, Version.of(version), None, previous, program), lambda _: None).problems


def prepared(root: Path, version: str, previous: str | None = None, program: bool = False) -> list[str]:
    return prepare(ReleaseRequest(root, Version.of(version), None, previous, program), lambda _: None).problems


def content(root: Path) -> dict[str, str]:
    paths = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


# --- a release without problems -----------------------------------------------------------------------------------


def test_a_release_is_built_and_nothing_is_tagged(ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "validate_project", validate_project)
    done = release(ready, "1.0.0", "--notes", tmp_path / "notes.md")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-2] == f"built: {len(lines) - 2} files in {ready / 'dist'}"
    assert lines[-1] == "next: git tag -a v1.0.0 -m 'Version 1.0.0' && git push origin v1.0.0"
    assert {path.name for path in (ready / "dist").iterdir()} == {line.split()[-1] for line in lines[:-2]}
    assert any(line.endswith("  harbour-claims-1.0.0.zip") for line in lines)
    assert (tmp_path / "notes.md").read_text(encoding="utf-8") == "### Added\n\n- One text about a harbour.\n"
    assert git(ready, "tag") == ""
    assert git(ready, "status", "--porcelain") == ""


def test_the_next_release_is_compared_with_the_files_of_the_last(ready: Path, tmp_path: Path) -> None:
    assert release(ready, "1.0.0").returncode == 0
    bundle = shutil.copy(ready / "dist" / "harbour-claims-1.0.0.zip", tmp_path)
    correct(ready)
    add_section(ready, "1.0.1")
    assert prepared(ready, "1.0.1", previous=str(bundle)) == []
    commit(ready)
    assert problems(ready, "1.0.1", previous=str(bundle)) == []
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert problems(ready, "1.0.1", previous=str(tmp_path / "unpacked")) == []


def test_a_release_is_checked_again_at_its_tag(ready: Path) -> None:
    git(ready, "tag", "-a", "v1.0.0", "-m", "Version 1.0.0")
    assert problems(ready) == []


def test_a_release_without_the_texts_lists_what_was_not_verified(validating: Path) -> None:
    shutil.rmtree(validating / "seeds" / "texts")
    answer = check_release(ReleaseRequest(validating, Version(1, 0, 0)), lambda _: None)
    assert answer.problems == []
    assert answer.unverified == "1 source not verified, as the text is not available: SRC-0001"


# --- problems -----------------------------------------------------------------------------------------------------


def test_uncommitted_changes_are_refused(ready: Path) -> None:
    for name in ("c.txt", "a b.txt", "d.txt", "e.txt"):
        (ready / name).touch()
    edit(ready, "LICENSE", "MIT", "mit")
    assert problems(ready) == ["uncommitted changes (LICENSE, a b.txt, c.txt and 2 more): commit or remove them"]


def test_ignored_files_are_not_changes(ready: Path) -> None:
    (ready / "dist").mkdir()
    (ready / "dist" / "old.zip").touch()
    assert problems(ready) == []


def test_a_project_outside_a_repository_is_refused(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(ready / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(ready.parent))
    with pytest.raises(ReleaseError, match="the project folder is not in a git repository with a commit"):
        problems(ready)


def test_a_failing_validation_is_refused(validating: Path) -> None:
    edit(validating, "seeds/sources/SRC-0001.yaml", "topic: transport", "topic: shipping")
    edit(validating, "seeds/sources/SRC-0001.yaml", "modality: possible", "modality: posible")
    commit(validating)
    (line,) = problems(validating)
    assert line.startswith(
        "validation fails with 2 errors, the first: seeds/sources/SRC-0001.yaml:46:13: "
        "vocabulary: 'posible' is not in the vocabulary of modality"
    )
    assert line.endswith(": run scripts/validate.py")


def test_data_that_differs_from_the_seeds_is_refused(validating: Path) -> None:
    correct(validating)
    commit(validating)
    why = "(data/actors.csv, datapackage.json): run scripts/build.py"
    assert problems(validating) == [f"the data differs from the seeds {why}"]


@pytest.mark.parametrize(
    "path",
    ["docs/CODEBOOK.md", "editor/sources.schema.json", "CITATION.cff", ".zenodo.json", "seeds/released.csv"],
)
def test_an_outdated_generated_file_is_refused(ready: Path, path: str) -> None:
    (ready / path).unlink()
    commit(ready)
    why = f"({path}): run scripts/release.py with --prepare"
    assert problems(ready) == [f"generated files are out of date {why}"]


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", "one"])
def test_an_invalid_version_is_refused(ready: Path, version: str) -> None:
    done = release(ready, version)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {version!r} is not a version: write it as 1.2.0\n"


def test_a_version_other_than_that_of_the_description_is_refused(ready: Path) -> None:
    add_section(ready, "1.2.0")
    commit(ready)
    why = "the version is 1.0.0, not 1.2.0: run scripts/release.py with --prepare"
    assert problems(ready, "1.2.0", previous="none") == [f"seeds/dataset.yaml: {why}"]


def test_a_date_other_than_that_of_the_changelog_is_refused(ready: Path) -> None:
    edit(ready, "CHANGELOG.md", DAY, "2030-04-06")
    commit(ready)
    why = f"released on {DAY}, but on 2030-04-06 in CHANGELOG.md: correct the changelog, then run scripts/release.py"
    assert problems(ready) == [f"seeds/dataset.yaml: {why} with --prepare"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# Changelog\n", NO_SECTION),
        ("## Unreleased\n\n- All.\n", NO_SECTION),
        (
            f"## [1.0.0] - {DAY}\n\n### Added\n\n[1.0.0]: x\n",
            "the section 1.0.0 is empty: describe the changes",
        ),
        (CHANGES + CHANGES, "2 sections 1.0.0: merge them"),
        (
            "## [1.0.0]\n\n- All.\n",
            "the section 1.0.0 has no valid date: write ## [1.0.0] - YYYY-MM-DD",
        ),
        (
            "## [1.0.0] - 2030-02-31\n\n- All.\n",
            "the section 1.0.0 has no valid date: write ## [1.0.0] - YYYY-MM-DD",
        ),
    ],
)
def test_a_changelog_without_the_release_is_refused(ready: Path, text: str, why: str) -> None:
    (ready / "CHANGELOG.md").write_text(text, encoding="utf-8")
    commit(ready)
    assert problems(ready) == [f"CHANGELOG.md: {why}"]


def test_a_changelog_that_cannot_be_read_is_refused(ready: Path) -> None:
    (ready / "CHANGELOG.md").write_bytes(b"\xff")
    commit(ready)
    assert problems(ready) == ["CHANGELOG.md: not readable as UTF-8: save it in that encoding"]
    (ready / "CHANGELOG.md").unlink()
    commit(ready)
    assert problems(ready) == ["CHANGELOG.md: missing: describe the changes in it"]


def test_all_problems_are_listed_at_once_and_nothing_is_built(validating: Path) -> None:
    (validating / "CHANGELOG.md").unlink()
    edit(validating, "seeds/sources/SRC-0001.yaml", "topic: transport", "topic: shipping")
    done = release(validating, "0.9.0")
    assert done.returncode == 1
    starts = [line.removeprefix("problem: ").split()[:3] for line in done.stdout.splitlines()]
    assert starts == [
        ["uncommitted", "changes", "(CHANGELOG.md,"],
        ["validation", "fails", "with"],
        ["seeds/dataset.yaml:", "the", "version"],
        ["CHANGELOG.md:", "missing:", "describe"],
        ["version", "0.9.0", "is"],
    ]
    assert done.stderr == "5 problems: nothing was built\n"
    assert not (validating / "dist").exists()


# --- the version and the change -----------------------------------------------------------------------------------


def test_the_first_release_may_have_any_version_from_1_0_0(ready: Path) -> None:
    assert "version 0.9.0 is too low: the first release is 1.0.0 or higher" in problems(ready, "0.9.0")
    assert "version 0.9.0 is too low: the first release is 1.0.0 or higher" in prepared(ready, "0.9.0")
    edit(ready, "CHANGELOG.md", "[1.0.0]", "[7.1.2]")
    assert prepared(ready, "7.1.2") == []
    commit(ready)
    assert problems(ready, "7.1.2") == []


Change = Callable[[Path], None]


@pytest.mark.parametrize(
    ("change", "why", "too_low", "least"),
    [
        (add, "actors: 1 row added (ACT-mayor) and 1 more", "1.0.1", "1.1.0"),
        (withdraw, "claims: 1 id withdrawn (SRC-0001-C004)", "1.1.0", "2.0.0"),
        (correct, "", "", "1.0.1"),
    ],
)
def test_a_version_too_low_for_the_change_is_refused(
    released: Path, change: Change, why: str, too_low: str, least: str
) -> None:
    change(released)
    if too_low:
        line = f"version {too_low} is too low for the changes since 1.0.0 ({why}): use {least} or higher"
        assert prepared(released, too_low) == [line]
        assert line in problems(released, too_low)
    edit(released, "CHANGELOG.md", "[1.1.0]", f"[{least}]")
    assert prepared(released, least) == []
    commit(released)
    assert problems(released, least) == []


def test_a_new_column_requires_a_major_version(released: Path) -> None:
    path = released / "schemas" / "actors.json"
    text = path.read_text(encoding="utf-8")
    field = '{"name": "flag", "title": "Flag", "description": "Its flag.", "type": "string", "example": "blue"},\n    '
    path.write_text(text.replace('"fields": [\n    ', f'"fields": [\n    {field}', 1), encoding="utf-8")
    (line,) = prepared(released, "1.1.0")
    assert line.startswith("version 1.1.0 is too low for the changes since 1.0.0 (actors.flag: column added")
    assert line.endswith("use 2.0.0 or higher")


@pytest.mark.parametrize("version", ["1.0.0", "0.9.0"])
def test_a_version_not_higher_than_the_last_is_refused(released: Path, version: str) -> None:
    correct(released)
    line = f"version {version} is not higher than 1.0.0, the last release: choose a higher one"
    assert prepared(released, version) == [line]
    assert line in problems(released, version)


def test_the_last_release_is_the_tag_with_the_highest_version(released: Path) -> None:
    for tag in ("v1.9.0", "v1.10.0", "vnext", "v2", "v3.0.0-rc1", "w9.0.0"):
        git(released, "tag", tag, "v1.0.0")
    correct(released)
    assert prepared(released, "1.9.1") == [
        "version 1.9.1 is not higher than 1.10.0, the last release: choose a higher one"
    ]
    assert prepared(released, "1.10.1") == []


def test_a_folder_with_the_name_of_the_tag_is_ignored(released: Path) -> None:
    for part in ("data", "schemas"):
        shutil.copytree(released / part, released / "refs" / "tags" / "v1.0.0" / part)
    edit(released, "refs/tags/v1.0.0/data/actors.csv", "Harbour master", "Master of the harbour")
    done = release(released, "1.1.0", "--prepare")
    assert done.stdout.startswith("problem: no data changed since 1.0.0: ")


def test_without_changed_data_only_the_program_is_released(released: Path) -> None:
    line = "no data changed since 1.0.0: use --program if the program or the documents changed"
    assert prepared(released, "1.1.0") == [line]
    assert line in problems(released, "1.1.0")
    assert prepared(released, "1.1.0", program=True) == []
    commit(released)
    assert problems(released, "1.1.0", program=True) == []
    assert "1.0.1 or higher" not in " ".join(problems(released, "1.1.0"))


def test_a_shallow_history_is_refused(released: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(released, "clone", "--quiet", "--depth", "1", f"file://{released}", str(shallow))
    done = release(shallow, "1.1.0")
    why = "the history is shallow: fetch the full history with its tags"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {why}\n")


def test_missing_tags_are_reported(released: Path) -> None:
    git(released, "tag", "--delete", "v1.0.0")
    why = "CHANGELOG.md has a section 1.0.0, but there is no tag v1.0.0: fetch the tags, or name the last release"
    with pytest.raises(ReleaseError, match=re.escape(why)):
        problems(released, "1.1.0")
    assert "is not higher" not in " ".join(problems(released, "1.1.0", previous="none"))


def test_a_last_release_without_a_version_is_refused(released: Path) -> None:
    edit(released, "datapackage.json", '"version": "1.0.0"', '"version": "soon"')
    with pytest.raises(ReleaseError, match="descriptor-version: 'soon' is not a version"):
        problems(released, "1.1.0", previous=str(released))


@pytest.mark.parametrize("name", ["nowhere", "--upload-pack=x"])
def test_an_unknown_last_release_is_one_line(ready: Path, name: str) -> None:
    done = release(ready, "1.0.0", f"--previous={name}")
    assert done.returncode == 2
    assert done.stderr.startswith(
        f"error: there is no zip file or folder {name!r}, and {name!r} is not a known revision"
    )


# --- preparing ----------------------------------------------------------------------------------------------------


def test_preparing_writes_the_version_and_prints_the_next_step(released: Path) -> None:
    add(released)
    before = content(released)
    done = release(released, "1.1.0", "--prepare")
    assert (done.returncode, done.stderr) == (0, "")
    changed = {path for path, hash_ in content(released).items() if before.get(path) != hash_}
    assert changed == {
        ".zenodo.json",
        "CITATION.cff",
        "data/actor_names.csv",
        "data/actors.csv",
        "datapackage.json",
        # Editors complete the new actor by its name.
        "editor/sources.schema.json",
        "editor/tables.schema.json",
        "seeds/dataset.yaml",
        "seeds/released.csv",
    }
    lines = [*(f"written: {path}" for path in sorted(changed)), "next: commit, then run scripts/release.py 1.1.0"]
    assert done.stdout.splitlines() == lines
    assert "actors,ACT-mayor,\n" in (released / "seeds" / "released.csv").read_text(encoding="utf-8")
    assert release(released, "1.1.0", "--prepare").stdout.splitlines() == [
        "unchanged: the project is prepared for 1.1.0",
        "next: commit, then run scripts/release.py 1.1.0",
    ]


def test_preparing_asks_for_a_missing_section_of_the_changelog(released: Path) -> None:
    correct(released)
    done = release(released, "1.2.0", "--prepare")
    assert done.returncode == 0
    why = "next: describe the changes in CHANGELOG.md under ## [1.2.0] - YYYY-MM-DD, and run this again"
    assert why in done.stdout.splitlines()
    assert "released" not in (released / "seeds" / "dataset.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("day", ["2030-02-31", "2030-13-40", "5 April 2030", ""])
def test_preparing_writes_no_invalid_date(released: Path, day: str) -> None:
    edit(released, "CHANGELOG.md", f"## [1.1.0] - {DAY}", f"## [1.1.0] - {day}")
    add(released)
    done = release(released, "1.1.0", "--prepare")
    assert (
        "next: describe the changes in CHANGELOG.md under ## [1.1.0] - YYYY-MM-DD, and run this again\n" in done.stdout
    )
    described, findings = read_dataset(released / "seeds")
    assert described is not None, findings
    assert (described.version, described.released) == ("1.1.0", "")


def test_preparing_removes_a_csv_file_without_a_table(released: Path) -> None:
    (released / "data" / "notes.csv").write_text("x\n", encoding="utf-8")
    correct(released)
    assert "removed: data/notes.csv" in release(released, "1.1.0", "--prepare").stdout.splitlines()


def test_preparing_writes_nothing_if_a_record_is_invalid(released: Path) -> None:
    edit(released, "seeds/sources/SRC-0001.yaml", "topic: transport", "topic: shipping")
    before = content(released)
    done = release(released, "1.1.0", "--prepare")
    assert (done.returncode, done.stderr) == (1, "1 problem: nothing was written\n")
    assert done.stdout.startswith("problem: the records are invalid: seeds/sources/SRC-0001.yaml:84:10: vocabulary: ")
    assert content(released) == before


def test_a_removed_id_is_found_while_preparing(released: Path) -> None:
    text = (released / "seeds" / "actors.yaml").read_text(encoding="utf-8")
    start, end = (text.index(f"- actor_id: {each}\n") for each in ("ACT-harbour-master", "ACT-northport"))
    (released / "seeds" / "actors.yaml").write_text(text[:start] + text[end:], "utf-8")
    edit(released, "seeds/sources/SRC-0001.yaml", "actor_id: ACT-harbour-master", "actor_id: ACT-sarn-governor")
    (line,) = prepared(released, "2.0.0")
    assert "'ACT-harbour-master' was released in actors and has been removed" in line


@pytest.mark.parametrize(
    ("old", "why"),
    [("{", "seeds/dataset.yaml:"), ('version: "1.0.0"', "seeds/dataset.yaml: required: version is missing")],
)
def test_an_unreadable_description_is_refused(released: Path, old: str, why: str) -> None:
    path = released / "seeds" / "dataset.yaml"
    path.write_text("{" if old == "{" else path.read_text("utf-8").replace(old, ""), encoding="utf-8")
    before = content(released)
    (line, *_) = prepared(released, "1.1.0")
    assert line.startswith(why) and line.endswith("run scripts/validate.py")
    assert content(released) == before


def test_only_the_lines_of_version_and_date_change() -> None:
    head, tail = "# About.\nname: n\n", 'title: "version: 1"\nsources:\n- version: x\n'
    text = f'{head}version: 1.0.0  # soon\n{tail}released: "2029-01-01"\n'
    changed = f'{head}version: "1.1.0"\nreleased: "2030-04-05"\n{tail}'
    assert with_version(text, Version(1, 1, 0), DAY) == changed
    assert with_version(changed, Version(1, 1, 0), DAY) == changed


@pytest.mark.parametrize(
    "text",
    [
        "{version: 1.0.0}\n",
        "version:\n  1.0.0\n",
        'version: "1.0\n  .0"\nname: n\n',
        "version: 1.0.0\nreleased:\n  2029-01-01\n",
        "version: 1.0.0\nreleased: >-\n  2029-01-01\n",
        '"released": 2029-01-01\nversion: 1.0.0\n',
        "released : 2029-01-01\nversion: 1.0.0\n",
    ],
)
def test_a_version_or_date_on_several_lines_is_not_replaced(text: str) -> None:
    assert with_version(text, Version(1, 1, 0), DAY) is None
    assert with_version(text, Version(1, 1, 0), "") is None


def test_a_version_that_is_written_otherwise_is_shown_as_it_should_be(released: Path) -> None:
    edit(released, "seeds/dataset.yaml", 'version: "1.0.0"', "version: '1.0.0'")
    why = 'seeds/dataset.yaml: version and released must each be on a line that is written like version: "1.0.0"'
    assert prepared(released, "1.1.0") == [f"{why}: correct them"]


def test_a_broken_contract_is_one_line(ready: Path) -> None:
    (ready / "schemas" / "claims.json").write_text("{", encoding="utf-8")
    for words in ([], ["--prepare"]):
        done = release(ready, "1.0.0", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1


def test_foreign_files_in_the_output_folder_are_left_alone(ready: Path) -> None:
    (ready / "dist").mkdir()
    (ready / "dist" / "thesis.doc").write_text("mine", encoding="utf-8")
    done = release(ready, "1.0.0", "--notes", "notes.md")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and "thesis.doc" in done.stderr and done.stderr.count("\n") == 1
    assert [path.name for path in (ready / "dist").iterdir()] == ["thesis.doc"]
    assert not (ready / "notes.md").exists()


def test_a_missing_folder_for_the_notes_is_refused_before_anything_is_built(ready: Path) -> None:
    done = release(ready, "1.0.0", "--notes", ready / "nowhere" / "notes.md")
    why = f"{ready}/nowhere/notes.md: the folder {ready}/nowhere does not exist"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {why}\n")
    assert not (ready / "dist").exists()


# --- the changelog ------------------------------------------------------------------------------------------------


def test_sections_are_found_in_every_usual_form() -> None:
    text = (
        "# Changelog\n\n## [Unreleased]\n- Soon.\n\n"
        "## [1.2.0] - 2030-04-05\n- A.\n\n## 1.1.0 – 2030-01-02 [YANKED]\n- B.\n"
        "## [1.0.1](https://example.org)\n### Fixed\n- C.\n"
        "## 1.0.0 - 2029-99-01 (2029-12-31)\n- E.\n"
        "## Notes\n- D.\n[1.2.0]: https://example.org\n"
    )
    found = [(str(each.version), each.day, each.body) for each in sections(text)]
    assert found == [
        ("1.2.0", "2030-04-05", "- A."),
        ("1.1.0", "2030-01-02", "- B."),
        ("1.0.1", "", "### Fixed\n- C."),
        ("1.0.0", "2029-12-31", "- E."),
    ]


@pytest.mark.parametrize("body", ["", "### Added\n\n", "[1.0.0]: https://example.org", "  \n\n"])
def test_a_section_without_content_is_empty(body: str) -> None:
    (section,) = sections(f"## 1.0.0\n{body}\n")
    assert section.is_empty


def test_the_changelog_of_the_dataset_can_be_read() -> None:
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "Keep a Changelog" in text
    assert all(not each.is_empty for each in sections(text))


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_on_releasing_names_the_options() -> None:
    page = (REPOSITORY / "docs" / "RELEASING.md").read_text(encoding="utf-8")
    helps = []
    for name in ("release", "diff"):
        command = [sys.executable, str(REPOSITORY / "scripts" / f"{name}.py"), "--help"]
        helps.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for line in page.splitlines():
        if line.strip().startswith("python scripts/"):
            assert all(each in "".join(helps) for each in re.findall(r"--[a-z-]+", line)), line
    offered = set(re.findall(r"^  (--[a-z-]+)", helps[0], re.MULTILINE))
    assert {each for each in offered if each not in page} == {"--out", "--notes", "--texts", "--project", "--help"}


def test_the_page_on_releasing_states_every_bump() -> None:
    page = (REPOSITORY / "docs" / "RELEASING.md").read_text(encoding="utf-8")
    bumps = [line.split("|")[2].split(",")[0].strip() for line in page.splitlines() if line.startswith("| ")][1:]
    assert bumps == ["major", "major", "major", "major", "minor", "patch", "patch", "patch", "no release"]
