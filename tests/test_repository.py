"""The repository itself: the committed data are built from the seeds, and it contains no source text."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
from clients import lacking
from conftest import REPOSITORY, run_script, texts_folder

from curation.dataset import read_dataset
from curation.generate import build
from curation.project import Project, read_project
from curation.reliability.codings import changed_codings
from curation.seeds.spans import ngram_index, shared_ngrams
from curation.write import differences


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project(REPOSITORY, texts_folder())


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "-C", str(REPOSITORY), "ls-files", "-z"],  # noqa: S607
        capture_output=True,
        check=True,
    ).stdout
    return [REPOSITORY / name for name in listed.decode("utf-8").split("\0") if name]


def test_the_seeds_are_valid(project: Project) -> None:
    assert project.findings == []


def test_the_committed_files_are_built_from_the_seeds(project: Project) -> None:
    built = build(project)
    assert built.findings == []
    assert [diff for _, diff in differences(REPOSITORY, built.files)] == []


@pytest.mark.skipif(texts_folder() is None, reason="not all source texts are available")
def test_every_text_is_present_and_verified(project: Project) -> None:
    assert project.texts.missing == ()


@pytest.mark.skipif(texts_folder() is None, reason="not all source texts are available")
def test_no_file_shares_eight_words_in_a_row_with_a_source(project: Project) -> None:
    index = ngram_index(project.texts.by_source, 8)
    shared = {
        path.relative_to(REPOSITORY).as_posix(): run
        for path in tracked_files()
        if path.is_file() and (run := shared_ngrams(path.read_text(encoding="utf-8", errors="replace"), index, 8))
    }
    assert shared == {}


def test_no_file_names_a_local_path_or_a_package_index() -> None:
    # Assembled, so that this file does not name them itself.
    words = [
        "/" + "work/",
        "/" + "root/",
        "/" + "home/",
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry.npmjs" + ".org",
    ]
    pattern = re.compile("|".join(re.escape(each) for each in words))
    named = {
        path.relative_to(REPOSITORY).as_posix(): match.group()
        for path in tracked_files()
        if path.is_file() and (match := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert named == {}


def test_a_missing_client_skips_a_test_locally_and_fails_it_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Chromium is not installed: run make setup-clients"):
        lacking("Chromium")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Chromium is not installed: run make setup-clients"):
        lacking("Chromium")


def test_a_folder_without_all_texts_skips_tests_locally_and_fails_them_in_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lund.txt").write_text("The text of somebody who has no other.", encoding="utf-8")
    monkeypatch.setenv("SEED_TEXTS", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    assert texts_folder() != tmp_path
    monkeypatch.setenv("CI", "true")
    assert texts_folder() == tmp_path


def pins(lock: str) -> set[str]:
    """Return the pinned packages of a lock, each with its hashes."""
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    return set(re.split(r"\n(?=\S)", text.strip()))


def test_make_installs_the_versions_that_the_tests_use() -> None:
    build, everything = pins("constraints-build.txt"), pins("constraints.txt")
    assert {each.split("==")[0] for each in build} >= {"frictionless", "pandas", "pandera", "polars", "hatchling"}
    assert build <= everything
    assert all("--hash=sha256:" in each for each in everything)


def test_the_readme_names_the_commands_that_the_gate_runs() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    gate = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = re.search(r"```\n(make\n.*?)```", readme, re.DOTALL)
    assert commands is not None
    assert [line for line in gate if line.startswith("make")] == commands.group(1).splitlines()


def test_the_readme_names_every_command() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    scripts = {path.name for path in (REPOSITORY / "scripts").glob("*.py")}
    assert scripts == set(re.findall(r"^\| `scripts/(\w+\.py)` \|", readme, re.MULTILINE))


def test_the_readme_has_the_limits_of_the_dataset() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    dataset, findings = read_dataset(REPOSITORY / "seeds")
    assert dataset is not None, findings
    section = readme.split("## Limits\n")[1].split("\n## ")[0]
    assert re.findall(r"^- (.+)$", section, re.MULTILINE) == dataset.limits


DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
# Paths that exist only in an example, or after a command.
NOT_COMMITTED = {"seeds/texts/", "seeds/texts/pier.txt", "seeds/sources/SRC-0002.yaml"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_refers_to_a_file_and_a_heading(path: Path) -> None:
    for name, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", path.read_text(encoding="utf-8")):
        target = path.parent / name if name else path
        assert target.exists(), name
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}, anchor


@pytest.mark.parametrize(
    "path", [each for each in DOCUMENTS if each.name != "CHANGELOG.md"], ids=lambda path: path.name
)
def test_every_path_and_option_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    folders = "schemas|seeds|data|scripts|src|docs|editor|tests|tools"
    named = set(re.findall(rf"`((?:{folders})/[\w./-]*)`", text)) - NOT_COMMITTED
    # A word in capitals, as in `schemas/TABLE.json`, is for any name.
    assert [each for each in named if not re.search("[A-Z]{4}[.]", each) and not (REPOSITORY / each).exists()] == []
    modules = {each.name for each in tracked_files() if each.suffix == ".py"}
    assert set(re.findall(r"\b[a-z]\w*\.py\b", text)) <= modules
    for script, options in re.findall(r"scripts/([a-z_]+)\.py((?: [^\s`|(]+)*)", text):
        source = (REPOSITORY / "scripts" / f"{script}.py").read_text("utf-8")
        shared = {"--project", "--texts", "--help", *re.findall(r"--[a-z-]+", source)}
        assert set(re.findall(r"--[a-z-]+", options)) <= shared, script


def test_the_map_of_the_program_names_every_module() -> None:
    page = (REPOSITORY / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = {each.name for each in (REPOSITORY / "src").rglob("*.py")} - {"__init__.py"}
    assert modules - set(re.findall(r"\b[a-z]\w*\.py\b", page)) == set()


def test_the_benchmark_runs_on_a_valid_project(tmp_path: Path) -> None:
    bench = runpy.run_path(str(REPOSITORY / "tools" / "bench.py"))
    bench["make_project"](tmp_path, 2)
    claims = (REPOSITORY / "data" / "claims.csv").read_bytes().count(b"\n") - 1
    assert (tmp_path / "data" / "claims.csv").read_bytes().count(b"\n") - 1 == 2 * claims
    found = run_script("validate", "--no-frictionless", "--project", tmp_path, cwd=tmp_path, SEED_TEXTS="")
    assert found.returncode == 0, found.stdout


def test_the_blind_codings_have_not_changed() -> None:
    assert changed_codings(REPOSITORY) == []


def test_a_changed_coding_is_named(tmp_path: Path) -> None:
    codings = tmp_path / "seeds" / "codings"
    shutil.copytree(REPOSITORY / "seeds" / "codings", codings)
    (codings / "coder-2" / "origins.yaml").write_text("origins: []\n", encoding="utf-8")
    (codings / "coder-3" / "sources" / "SRC-0001.yaml").unlink()
    (codings / "contract" / "more.json").write_text("{}", encoding="utf-8")
    assert changed_codings(tmp_path) == [
        "seeds/codings/coder-2/origins.yaml",
        "seeds/codings/coder-3/sources/SRC-0001.yaml",
        "seeds/codings/contract/more.json",
    ]
