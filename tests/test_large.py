"""A large build gives what any build gives: the same bytes, cold or after a change, and no word where all is well."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from conftest import HARBOUR, REPOSITORY
from faultcases import SEEDS, Case, break_files, read_cases

import russia_dprk_claims.large as large_module
from russia_dprk_claims.build import Built, build, build_project, write
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.large import Large, Workplace, build_large
from russia_dprk_claims.package.publish import STAGE, begin
from russia_dprk_claims.project import read_project
from russia_dprk_claims.released import released_csv
from russia_dprk_claims.seeds import gathering, stamps
from russia_dprk_claims.seeds.cache import CACHE, STATE
from russia_dprk_claims.seeds.gathering import gather
from russia_dprk_claims.seeds.kept import KeptBatch
from russia_dprk_claims.seeds.records import seed_files

SOURCES = 6
# So many that the command reads them by many processes.
MANY = 1200
NEVER = 10**12


class Silent:
    """Shows no progress."""

    def __call__(self, stage: str) -> None:
        """Say nothing."""

    def advance(self, done: int, total: int) -> None:
        """Say nothing."""


def lay_port(root: Path, sources: int = SOURCES) -> Path:
    """Put a project of the small project's source, many times over and without its text, under `root`."""
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    seeds = root / "seeds"
    record = (seeds / "sources" / "SRC-0001.yaml").read_text(encoding="utf-8")
    relations = (seeds / "relations.yaml").read_text(encoding="utf-8")
    for number in range(2, sources + 1):
        id_ = f"SRC-{number:04}"
        text = re.sub("text_sha256: .*", f"text_sha256: {number:064x}", record.replace("SRC-0001", id_))
        (seeds / "sources" / f"{id_}.yaml").write_text(text, encoding="utf-8")
        (seeds / f"relations-{id_}.yaml").write_text(relations.replace("SRC-0001", id_), encoding="utf-8")
        shutil.copyfile(seeds / "seals" / "SRC-0001.csv", seeds / "seals" / f"{id_}.csv")
    return root


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of a few sources, none of whose texts is at hand."""
    monkeypatch.delenv("SEED_TEXTS", raising=False)
    return lay_port(tmp_path / "port")


def large(root: Path, contract: Contract) -> Large | None:
    files, findings = seed_files(root / "seeds", contract)
    place = Workplace.of(root, begin(root))
    made = None if findings else build_large(root, None, contract, files, place, Silent())
    return made if isinstance(made, Large) else None


def built(root: Path, at_least: int = 0) -> Built:
    """Build a project, the short way or the whole way, and put the files in place."""
    made = build_project(root, None, Silent(), at_least)
    if made.is_whole:
        write(root, made)
    return made


def outputs(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in [*(root / "data").glob("*"), root / "datapackage.json"]}


def whole_outputs(root: Path, folder: Path) -> dict[str, bytes]:
    """Return what a build that knows nothing of a cache makes of the same seeds."""
    shutil.copytree(root / "seeds", folder / "seeds")
    shutil.copytree(root / "schemas", folder / "schemas")
    assert built(folder, NEVER).findings == []
    return outputs(folder)


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "seeds" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_large_build_from_nothing_gives_the_bytes_of_any_other(port: Path, tmp_path: Path) -> None:
    made = built(port)
    assert (made.findings, made.summary[-1]) == ([], f"not verified, as no text is at hand: {SOURCES} sources")
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")


def test_a_change_of_much_is_judged_as_a_whole(
    port: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contract: Contract
) -> None:
    built(port)
    monkeypatch.setattr(large_module, "MOST_CHANGED", 0)
    reword(port)
    turn_relation(port)
    assert sorted(built(port).staged) == ["data/claim_relations.csv", "data/claims.csv"]
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")
    edit(port, "sources/SRC-0003.yaml", "topic: transport", "topic: shipping")
    assert large(port, contract) is None
    assert {finding.rule for finding in build_project(port, None, Silent(), 0).findings} == {"vocabulary"}


def test_no_rows_are_held_after_they_were_read(port: Path, contract: Contract, tmp_path: Path) -> None:
    files = seed_files(port / "seeds", contract)[0]
    gathered = gather(contract, port / "seeds", files, None, Silent().advance, tmp_path)
    assert gathered.pieces and all(isinstance(piece.batch, KeptBatch) for piece in gathered.pieces)
    assert {path.name for path in tmp_path.glob("*.rows")} == {
        piece.batch.place.name for piece in gathered.pieces if isinstance(piece.batch, KeptBatch)
    }
    for piece in gathered.pieces:
        piece.frame("claims")
        held = [each for each in vars(piece.batch).values() if isinstance(each, pl.DataFrame | bytes)]
        assert held == [], "what was read for one answer is not held for another"


def test_an_empty_text_is_found_as_ever(port: Path, contract: Contract) -> None:
    for cache in ("cold", "warm"):
        edit(port, "sources/SRC-0003.yaml", "- claim_id: C005\n", '- claim_id: C005\n  superseded_by: ""\n')
        whole = build(read_project(port, None, contract)).findings
        assert whole
        assert build_project(port, None, Silent(), 0).findings == whole, cache
        edit(port, "sources/SRC-0003.yaml", '  superseded_by: ""\n', "")
        assert built(port).findings == []


def test_what_was_released_stays_also_where_it_is_not_held(port: Path, contract: Contract) -> None:
    tables = read_project(port, None, contract).tables
    (port / "seeds" / "released.csv").write_bytes(released_csv(contract, tables))
    built(port)
    reword(port)
    assert large(port, contract) is not None
    edit(port, "sources/SRC-0003.yaml", "- claim_id: C005\n", "- claim_id: C055\n")
    for _ in range(2):
        assert large(port, contract) is None
        assert "released-ids" in {finding.rule for finding in build_project(port, None, Silent(), 0).findings}
        shutil.rmtree(port / CACHE)


def test_where_something_is_wrong_nothing_is_left_beside_the_package(port: Path) -> None:
    edit(port, "sources/SRC-0003.yaml", "topic: transport", "topic: shipping")
    assert build_project(port, None, Silent(), 0).findings
    assert not (port / STAGE).exists()
    assert list((port / CACHE).glob("*.rows*")) == []


def test_pieces_that_many_changes_leave_are_joined(port: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gathering, "SCATTERED", 2)
    for change in (None, reword, turn_relation, add_claim, withdraw):
        if change:
            change(port)
        built(port)
        assert len(json.loads((port / CACHE / STATE).read_bytes())["pieces"]) <= 2
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")


NEW_CLAIM = """- claim_id: C050
  span: 300-310
  claim_text: The quay was closed on the day after.
  topic: transport
  statement_kind: event
  temporal_status: past
  claim_attributions: [{act: asserts}]
"""


def reword(root: Path) -> None:
    edit(root, "sources/SRC-0003.yaml", "may contain as many as", "can hold as many as")


def withdraw(root: Path) -> None:
    edit(
        root, "sources/SRC-0002.yaml", "- claim_id: C005\n", "- claim_id: C005\n  record_status: withdrawn\n  note: n\n"
    )


def add_claim(root: Path) -> None:
    path = root / "seeds" / "sources" / "SRC-0004.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("claims:\n", f"claims:\n{NEW_CLAIM}", 1), encoding="utf-8")


def add_source(root: Path) -> None:
    lay_port(root.parent / "more", SOURCES + 1)
    new = f"SRC-{SOURCES + 1:04}"
    for name in (f"sources/{new}.yaml", f"relations-{new}.yaml", f"seals/{new}.csv"):
        shutil.copyfile(root.parent / "more" / "seeds" / name, root / "seeds" / name)


def remove_source(root: Path) -> None:
    for name in ("sources/SRC-0004.yaml", "relations-SRC-0004.yaml", "seals/SRC-0004.csv"):
        (root / "seeds" / name).unlink()


def rename_actor(root: Path) -> None:
    edit(root, "actors.yaml", "role: governor, not named", "role: governor")


def turn_relation(root: Path) -> None:
    edit(root, "relations-SRC-0005.yaml", "aspect: existence", "aspect: quantity")


def move_relations(root: Path) -> None:
    (root / "seeds" / "relations-SRC-0005.yaml").rename(root / "seeds" / "aaa.yaml")


def comment(root: Path) -> None:
    edit(root, "actors.yaml", "actors:", "# People and places.\nactors:")


def describe(root: Path) -> None:
    edit(root, "dataset.yaml", "title: Claims about", "title: More claims about")


CHANGES = [reword, withdraw, add_claim, add_source, remove_source, rename_actor, turn_relation, move_relations]
CHANGES += [comment, describe]


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_bytes_are_those_of_a_build_from_nothing(
    port: Path, contract: Contract, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    built(port)
    change(port)
    assert large(port, contract) is not None, "the short way is taken"
    built(port)
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")


def test_changes_one_after_the_other_leave_the_bytes_of_a_build_from_nothing(port: Path, tmp_path: Path) -> None:
    for change in (None, reword, add_source, turn_relation, add_claim, comment, remove_source):
        if change:
            change(port)
        assert built(port).findings == []
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")
    wanted = {f"{name}.rows" for name, *_ in json.loads((port / CACHE / STATE).read_bytes())["batches"]}
    assert {path.name for path in (port / CACHE).glob("*.rows*")} == wanted, "nothing is left of what is of no use"
    assert not (port / STAGE).exists()


def test_the_command_builds_many_sources_by_many_processes_and_then_what_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEED_TEXTS", raising=False)
    root = lay_port(tmp_path / "port", MANY)
    command = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(root)]

    def run(*options: str) -> tuple[int, list[str], str]:
        done = subprocess.run([*command, *options], check=False, capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines(), done.stderr

    code, lines, errors = run()
    assert (code, lines[-1], errors) == (0, "written: data/ and datapackage.json", "")
    assert f"sources             {MANY:>8}" in lines
    reword(root)
    shutil.rmtree(root / CACHE)
    code, lines, errors = run("--check")
    assert not (root / CACHE).exists() and not (root / STAGE).exists(), "a check writes nothing"
    assert (code, lines[-1], errors) == (1, "not up to date: run scripts/build.py", "")
    assert run()[1][-1] == "written: data/ and datapackage.json"
    assert run("--check") == (0, ["up to date"], "")
    assert outputs(root) == whole_outputs(root, tmp_path / "whole")
    edit(root, "sources/SRC-0700.yaml", "topic: transport", "topic: shipping")
    code, lines, errors = run()
    assert (code, errors) == (1, "1 error, 0 warnings\nnothing was built\n")
    assert lines[0].startswith("seeds/sources/SRC-0700.yaml:") and "'shipping' is not in the vocabulary" in lines[0]


def test_where_the_disk_does_not_take_the_package_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEED_TEXTS", raising=False)
    root = lay_port(tmp_path / "port", MANY)
    (root / STAGE).write_bytes(b"in the way")
    command = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(root)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and len(done.stderr.splitlines()) == 1


# --- what is wrong --------------------------------------------------------------------------------------------------

CASES = [case for case in read_cases(SEEDS) if "texts" not in str(case)]


@pytest.fixture(scope="module")
def built_harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project without its text, built the short way, so that its cache is there."""
    root = tmp_path_factory.mktemp("built") / "harbour"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SEED_TEXTS", raising=False)
        built(lay_port(root, 1))
    assert (root / CACHE / STATE).is_file()
    return root


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_after_a_change_everything_is_found_at_its_place_and_nothing_else(
    built_harbour: Path, contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    monkeypatch.delenv("SEED_TEXTS", raising=False)
    root = tmp_path / "harbour"
    shutil.copytree(built_harbour, root)
    break_files(case, root / "seeds")
    short = build_project(root, None, Silent(), 0)
    whole = build(read_project(root, None, contract))
    assert short.findings == whole.findings
    assert bool(short.kept) == (not whole.findings), "the short way is taken exactly where nothing is found"


# --- the cache ------------------------------------------------------------------------------------------------------


def spoil_rows(folder: Path) -> None:
    for path in folder.glob("*.rows"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)


def cut_rows(folder: Path) -> None:
    for path in folder.glob("*.rows"):
        path.write_bytes(path.read_bytes()[:1000])


def remove_rows(folder: Path) -> None:
    for path in folder.glob("*.rows"):
        path.unlink()


def foreign_program(folder: Path) -> None:
    text = (folder / STATE).read_text(encoding="utf-8")
    (folder / STATE).write_text(re.sub('"program":"[0-9a-f]+"', '"program":"0"', text), encoding="utf-8")


def lead_outside(folder: Path) -> None:
    text = (folder / STATE).read_text(encoding="utf-8")
    (folder / STATE).write_text(
        re.sub(r'"batches":\[\["[0-9a-f]+"', '"batches":[["../../secret"', text), encoding="utf-8"
    )


def no_json(folder: Path) -> None:
    (folder / STATE).write_text("[" * 100_000, encoding="utf-8")


def other_json(folder: Path) -> None:
    (folder / STATE).write_text('{"program": 1}', encoding="utf-8")


SPOILT = [spoil_rows, cut_rows, remove_rows, foreign_program, lead_outside, no_json, other_json, shutil.rmtree]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_cache_that_is_not_as_it_was_written_changes_nothing(
    port: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    built(port)
    (port / CACHE).with_name("copy").mkdir()
    spoil(port / CACHE)
    reword(port)
    assert built(port).findings == []
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")
    assert built(port).contents == {}, "the cache was written anew"


def age(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be as good as old, so that they have stamps."""
    monkeypatch.setattr(stamps, "RECENT", 0)
    time.sleep(0.05)


def test_a_change_that_keeps_the_size_and_puts_back_the_time_is_seen(
    port: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(monkeypatch)
    built(port)
    path = port / "seeds" / "sources" / "SRC-0003.yaml"
    before = path.stat()
    edit(port, "sources/SRC-0003.yaml", "as many as 600", "as many as 700")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert sorted(built(port).contents) == ["data/claims.csv", "datapackage.json"]
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")


def test_a_change_of_seals_is_seen(port: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    age(monkeypatch)
    built(port)
    (port / "seeds" / "seals" / "SRC-0002.csv").unlink()
    assert large(port, contract) is None
    assert {finding.rule for finding in build_project(port, None, Silent(), 0).findings} == {"seal"}


def test_a_file_with_its_old_stamp_is_not_read(port: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    age(monkeypatch)
    built(port)
    state = json.loads((port / CACHE / STATE).read_bytes())
    assert state["names"] == [file.name for file in seed_files(port / "seeds", contract)[0]]
    assert all(state["stamps"])
    for path in (port / "seeds" / "sources").iterdir():
        path.touch()
    assert built(port).contents == {}, "what was only touched is read, and found as it was"


def test_a_file_that_was_only_just_changed_has_no_stamp(port: Path, contract: Contract) -> None:
    files = seed_files(port / "seeds", contract)[0]
    changed = (port / "seeds" / "actors.yaml").stat().st_ctime_ns
    actors = next(file for file in files if file.path.name == "actors.yaml")
    assert stamps.stamp_of(actors, port / "seeds", changed + stamps.RECENT - 1) == ""
    assert stamps.stamp_of(actors, port / "seeds", changed + stamps.RECENT) != ""


def test_a_file_of_data_that_somebody_changed_is_written_anew(port: Path, tmp_path: Path) -> None:
    built(port)
    (port / "data" / "claims.csv").write_bytes(b"claim_id\n")
    (port / "data" / "sources.csv").unlink()
    (port / "data" / "more.csv").write_bytes(b"x\n")
    reword(port)
    assert sorted(built(port).contents) == ["data/claims.csv", "data/sources.csv", "datapackage.json"]
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")


def test_a_cache_that_cannot_be_written_is_none(port: Path, tmp_path: Path) -> None:
    (port / ".cache").write_bytes(b"in the way")
    assert built(port).findings == []
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")


@pytest.mark.parametrize("link", [".cache", CACHE])
def test_a_link_in_the_place_of_the_cache_is_not_followed(port: Path, tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.rows").write_bytes(b"precious")
    (port / link).parent.mkdir(exist_ok=True)
    (port / link).symlink_to(elsewhere)
    for _ in range(2):
        assert built(port).findings == []
    assert [path.name for path in elsewhere.rglob("*.*")] == ["a.rows"]
    assert outputs(port) == whole_outputs(port, tmp_path / "whole")


def test_git_does_not_see_the_cache(port: Path) -> None:
    built(port)
    assert (port / CACHE).parent.joinpath(".gitignore").read_text(encoding="utf-8") == "*\n"


def test_the_cache_holds_no_text_that_the_seeds_do_not(port: Path) -> None:
    built(port)
    assert {path.suffix for path in (port / CACHE).iterdir()} == {".rows", ".json"}


def test_where_a_text_is_at_hand_the_records_are_held_against_it(port: Path, contract: Contract) -> None:
    built(port)
    shutil.copytree(HARBOUR / "texts", port / "seeds" / "texts")
    assert large(port, contract) is None
