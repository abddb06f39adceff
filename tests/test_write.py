"""Files are written whole, and an output folder all or nothing, wherever the program is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY, Script

from curation.write import SUMS, UNFINISHED, ForeignFilesError, changed_paths, listed, sums, write_files, write_folder

OLD = {"data/a.csv": b"old a\n", "data/b.csv": b"old b\n", "datapackage.json": b"old\n"}
NEW = {"data/a.csv": b"new a\n", "data/c.csv": b"new c\n", "datapackage.json": b"new\n"}


def content(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def run_out_of_space(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    left = iter([*[None] * after, OSError(28, "No space left on device")])

    def fsync(_: int) -> None:
        if problem := next(left):
            raise problem

    monkeypatch.setattr(os, "fsync", fsync)


# --- files ------------------------------------------------------------------------------------------------------------


def test_only_changed_files_are_written_and_obsolete_ones_removed(tmp_path: Path) -> None:
    assert write_files(tmp_path, OLD) == ["data/a.csv", "data/b.csv", "datapackage.json"]
    assert write_files(tmp_path, OLD) == []
    newer = {**NEW, "data/a.csv": b"old a\n"}
    assert write_files(tmp_path, newer, ["data/b.csv"]) == ["data/c.csv", "datapackage.json"]
    assert content(tmp_path) == newer


def test_a_full_disk_leaves_the_old_files_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, OLD)
    run_out_of_space(monkeypatch, after=2)
    with pytest.raises(OSError, match="No space left"):
        write_files(tmp_path, NEW, ["data/b.csv"])
    assert content(tmp_path) == OLD


# Kills the program just before the rename of that number.
KILLED = """
import os, pathlib, signal, sys
rename, left = pathlib.Path.replace, int(sys.argv[1])
def replace(self, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)
pathlib.Path.replace = replace
sys.path.insert(0, sys.argv[2])
from test_write import NEW, new_bundle, write_files, write_folder
out = pathlib.Path(sys.argv[3])
if sys.argv[4] == "files":
    write_files(out, NEW, ["data/b.csv"])
else:
    write_folder(out, new_bundle(), "bundle")
"""


def kill_at_rename(number: int, out: Path, what: str) -> None:
    command = [sys.executable, "-c", KILLED, str(number), str(Path(__file__).parent), str(out), what]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize("renames", [0, 2])
def test_after_a_kill_each_file_is_old_or_new_and_the_next_run_repairs_the_rest(tmp_path: Path, renames: int) -> None:
    write_files(tmp_path, OLD)
    kill_at_rename(renames, tmp_path, "files")
    left = {path: data for path, data in content(tmp_path).items() if not path.endswith(UNFINISHED)}
    assert all(data in (OLD.get(path), NEW.get(path)) for path, data in left.items())
    assert left["datapackage.json"] == OLD["datapackage.json"], "the descriptor comes last"
    write_files(tmp_path, NEW, ["data/b.csv"])
    assert content(tmp_path) == NEW


@pytest.mark.parametrize("moment", ["while files are prepared", "while files are renamed"])
def test_a_killed_build_leaves_whole_files_and_the_next_build_repairs_them(
    harbour: Path, record: Path, script: Script, moment: str
) -> None:
    assert script("build").returncode == 0
    old = content(harbour)
    record.write_text(record.read_text(encoding="utf-8").replace("was fish.", "was dried fish."), encoding="utf-8")
    function = "os.fsync" if moment == "while files are prepared" else "pathlib.Path.replace"
    program = (
        f"import os, pathlib, runpy, signal, sys; original = {function}\n"
        f"def killing(*arguments): {function} = lambda *_: os.kill(os.getpid(), signal.SIGKILL);"
        " return original(*arguments)\n"
        f"{function} = killing\n"
        f"sys.argv = ['build', '--project', {str(harbour)!r}]\n"
        f"runpy.run_path({str(REPOSITORY / 'scripts' / 'build.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    killed = {path: data for path, data in content(harbour).items() if not path.endswith(UNFINISHED)}
    assert script("build").returncode == 0
    new = content(harbour)
    assert not any(path.endswith(UNFINISHED) for path in new)
    assert killed.keys() == new.keys()
    assert all(data in (old[path], new[path]) for path, data in killed.items())
    assert killed["datapackage.json"] == old["datapackage.json"] != new["datapackage.json"]


def test_a_build_after_a_kill_reports_nothing_unusual(harbour: Path, script: Script) -> None:
    script("build")
    leftover = harbour / "data" / f".claims.csv{UNFINISHED}"
    leftover.write_bytes(b"half written")
    again = script("build")
    assert (again.returncode, again.stdout, again.stderr) == (0, "up to date: all 25 generated files\n", "")
    assert not leftover.exists()


# --- folders ----------------------------------------------------------------------------------------------------------


def old_bundle(out: Path) -> dict[str, bytes]:
    files = {"claims-1.zip": b"old zip", "claims.db": b"old database"}
    files[SUMS] = sums(files)
    write_folder(out, files, "bundle")
    return files


def new_bundle() -> dict[str, bytes]:
    files = {"claims-2.zip": b"new zip", "claims.db": b"new database"}
    return {**files, SUMS: sums(files)}


def test_a_new_bundle_replaces_the_old_one(tmp_path: Path) -> None:
    old_bundle(tmp_path)
    write_folder(tmp_path, new_bundle(), "bundle")
    assert content(tmp_path) == new_bundle()


def test_a_full_disk_leaves_the_old_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = old_bundle(tmp_path / "dist")
    run_out_of_space(monkeypatch, after=1)
    with pytest.raises(OSError, match="No space left"):
        write_folder(tmp_path / "dist", new_bundle(), "bundle")
    assert content(tmp_path) == {f"dist/{name}": data for name, data in old.items()}


@pytest.mark.parametrize("renames", [0, 1])
def test_a_killed_program_leaves_the_old_bundle_and_the_next_one_replaces_it(tmp_path: Path, renames: int) -> None:
    out = tmp_path / "dist"
    old = old_bundle(out)
    kill_at_rename(renames, out, "folder")
    assert content(out if renames == 0 else tmp_path / ".dist.replaced") == old
    write_folder(out, new_bundle(), "bundle")
    assert content(tmp_path) == {f"dist/{name}": data for name, data in new_bundle().items()}


def test_a_list_of_hashes_cannot_refer_to_files_outside_its_folder(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_bytes(b"precious")
    out = tmp_path / "dist"
    out.mkdir()
    (out / SUMS).write_text(f"{'0' * 64}  ../precious.txt\nnonsense\n{'0' * 64}  claims.db\n", encoding="utf-8")
    write_folder(out, new_bundle(), "bundle")
    assert precious.read_bytes() == b"precious"
    assert content(out) == new_bundle()


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_bytes(b"precious")
    with pytest.raises(ForeignFilesError, match=r"contains thesis\.odt, which no earlier bundle wrote"):
        write_folder(tmp_path, new_bundle(), "bundle")
    assert content(tmp_path) == {"thesis.odt": b"precious"}


@pytest.mark.parametrize(
    ("there", "foreign"),
    [
        ({"claims.db": b"precious"}, "claims.db"),
        ({"claims.db": b"precious", "claims-2.zip": b"precious"}, "claims-2.zip, claims.db"),
        ({SUMS: sums({"system.iso": b"precious"}), "system.iso": b"precious"}, f"{SUMS}, system.iso"),
        ({SUMS: b"my own list", "claims.db": b"precious"}, f"{SUMS}, claims.db"),
        ({f"{letter}.odt": b"precious" for letter in "abcde"}, "a.odt, b.odt, c.odt and 2 more"),
    ],
)
def test_a_foreign_file_is_neither_overwritten_nor_removed(
    tmp_path: Path, there: dict[str, bytes], foreign: str
) -> None:
    for name, data in there.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(ForeignFilesError) as caught:
        write_folder(tmp_path, new_bundle(), "bundle")
    why = f"contains {foreign}, which no earlier bundle wrote; choose a new or empty folder with --out"
    assert str(caught.value) == f"{tmp_path}: {why}"
    assert content(tmp_path) == there


def test_a_folder_with_the_name_of_a_file_is_one_line_and_left_alone(tmp_path: Path) -> None:
    old_bundle(tmp_path)
    (tmp_path / "claims.db").unlink()
    (tmp_path / "claims.db").mkdir()
    with pytest.raises(ForeignFilesError, match=r"contains claims\.db, which no earlier bundle wrote"):
        write_folder(tmp_path, new_bundle(), "bundle")
    assert (tmp_path / "claims-1.zip").read_bytes() == b"old zip"


def test_a_foreign_subfolder_is_left_alone(tmp_path: Path) -> None:
    old_bundle(tmp_path)
    (tmp_path / "notes").mkdir()
    with pytest.raises(ForeignFilesError, match=r"contains notes, which no earlier bundle wrote"):
        write_folder(tmp_path, new_bundle(), "bundle")


def test_the_files_of_a_removed_table_are_removed(tmp_path: Path) -> None:
    old = {"claims-1.0.0.zip": b"", "claims-ships.parquet": b"", "claims.jsonld": b""}
    write_folder(tmp_path, {**old, SUMS: sums(old)}, "bundle")
    new = {"claims-1.10.0.zip": b"new"}
    write_folder(tmp_path, {**new, SUMS: sums(new)}, "bundle")
    assert content(tmp_path) == {**new, SUMS: sums(new)}


def test_the_names_of_a_list_of_hashes_are_read_back() -> None:
    assert listed(sums({"b.zip": b"", "a-1.2.0.tar.gz": b"x"})) == {"b.zip", "a-1.2.0.tar.gz"}
    assert listed(b"\xff\nnot a list\n") == set()


def test_the_descriptor_is_replaced_last(tmp_path: Path) -> None:
    files = dict.fromkeys(("docs/CODEBOOK.md", "datapackage.json", "data/claims.csv"), b"new")
    assert changed_paths(tmp_path, files) == ["data/claims.csv", "docs/CODEBOOK.md", "datapackage.json"]
