"""A package is read in place, from a folder or a zip; nothing outside it, nothing unsafe and nothing huge is read."""

from __future__ import annotations

import io
import os
import pickle
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import REPOSITORY

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.files import Limits
from russia_dprk_claims.package import DESCRIPTOR, FOLDERS, Source, data_path, open_package

LINK = 0o120777 << 16


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The files of the dataset by path."""
    inside = [path for folder in FOLDERS for path in (REPOSITORY / folder).iterdir()]
    return {path.relative_to(REPOSITORY).as_posix(): path.read_bytes() for path in (REPOSITORY / DESCRIPTOR, *inside)}


@pytest.fixture
def folder(tmp_path: Path, files: Mapping[str, bytes]) -> Path:
    """The dataset in a folder of its own."""
    root = tmp_path / "package"
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return out.getvalue()


def test_a_folder_a_zip_and_files_in_memory_give_the_same(
    folder: Path, files: Mapping[str, bytes], tmp_path: Path, contract: Contract
) -> None:
    (tmp_path / "package.zip").write_bytes(zipped(files))
    sources: list[Source] = [folder, tmp_path / "package.zip", zipped(files), io.BytesIO(zipped(files)), files]
    for source in sources:
        package = open_package(source)
        assert package.paths == tuple(sorted(files))
        assert [each.schema for each in package.contract] == [each.schema for each in contract]
        assert package.contract is package.contract
        assert package.read(package.table_path("claims")) == files["data/claims.csv"]
        assert package.descriptor["name"] == "russia-dprk-claims"


def test_a_zip_may_have_entries_for_its_folders_and_other_files(files: Mapping[str, bytes]) -> None:
    package = open_package(zipped({"data/": b"", "schemas/": b"", "docs/CODING.md": b"x", "data/x.txt": b"", **files}))
    assert package.paths == tuple(sorted(files))
    assert package.read("docs/CODING.md") == b"x"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("../claims.csv", "the path points outside the package"),
        ("data/../../claims.csv", "the path points outside the package"),
        ("/etc/hostname", "this is not a relative path"),
        ("data\\claims.csv", "this is not a relative path"),
        ("", "this is not a relative path"),
        ("a\0b", "this is not a relative path"),
        ("https://example.org/claims.csv", "the path is a URL, which is not downloaded"),
        ("x" * 1001, "the path is too long"),
        ("data/nothing.csv", "the file is missing"),
    ],
)
def test_only_paths_inside_the_package_are_read(
    folder: Path, files: Mapping[str, bytes], path: str, problem: str
) -> None:
    for source in (folder, zipped(files), files):
        with pytest.raises(DamagedDataError) as caught:
            open_package(source, "here", "mend it").read(path)
        assert caught.value.what == problem
        assert str(caught.value).startswith("here: ") and str(caught.value).endswith("; mend it")


def outside(path: Path) -> None:
    path.rename(path.parents[2] / "claims.csv")
    path.symlink_to(path.parents[2] / "claims.csv")


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nothing.csv")


def subfolder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (outside, "the path points outside the package"),
        (pipe, "not a regular file"),
        (dangling, "not a regular file"),
        (subfolder, "not a regular file"),
        (loop, "the path is a loop of links"),
    ],
)
def test_only_regular_files_of_the_folder_are_read(
    folder: Path, change: Callable[[Path], object], problem: str
) -> None:
    change(folder / "data" / "claims.csv")
    with pytest.raises(DamagedDataError) as caught:
        open_package(folder).read("data/claims.csv")
    assert str(caught.value) == f"{folder}: data/claims.csv: {problem}; download it or build it again"


@pytest.mark.parametrize("path", ["../evil.csv", "data/../../evil.csv", "/etc/evil.csv", "data\\evil.csv", "../"])
def test_a_zip_with_an_unsafe_entry_is_refused(files: Mapping[str, bytes], path: str) -> None:
    with pytest.raises(DamagedDataError, match=re.escape(f"new.zip: {path!r}: ")):
        open_package(zipped({**files, path: b""}), "new.zip")


def test_a_zip_with_an_entry_twice_is_refused(files: Mapping[str, bytes]) -> None:
    out = io.BytesIO(zipped(files))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("data/actors.csv", b"")
    with pytest.raises(DamagedDataError, match=r"data/actors\.csv: the zip file has this entry twice"):
        open_package(out.getvalue())


def test_a_zip_with_a_link_is_refused(files: Mapping[str, bytes]) -> None:
    out = io.BytesIO(zipped({path: data for path, data in files.items() if path != "data/actors.csv"}))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("data/actors.csv")
        info.external_attr = LINK
        archive.writestr(info, "../../elsewhere.csv")
    with pytest.raises(DamagedDataError, match=r"data/actors\.csv: not a regular file"):
        open_package(out.getvalue())


def encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[data.index(sign) + offset] |= 1
    return bytes(changed)


def flipped(data: bytes) -> bytes:
    at = data.index(b"data/actors.csv") + 60
    return data[:at] + bytes(each ^ 0xFF for each in data[at : at + 20]) + data[at + 20 :]


@pytest.mark.parametrize(
    "change", [lambda data: data[: len(data) // 2], flipped, encrypted, lambda _: b"no zip", lambda _: b""]
)
def test_a_damaged_zip_is_refused(files: Mapping[str, bytes], change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DamagedDataError, match=r"^the package: not a valid zip file \(.*\); download it or build it"):
        open_package(change(zipped(files)))


def test_a_zip_with_a_rare_compression_is_refused(files: Mapping[str, bytes]) -> None:
    with pytest.raises(DamagedDataError, match="it is compressed with something else than deflate"):
        open_package(zipped(files, zipfile.ZIP_LZMA))


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        (Limits(entries=5), "it has more than 5 entries, which no release has"),
        (Limits(file=40), "bytes, more than the limit of 40"),
        (Limits(total=40_000), "its files have more than 40,000 bytes together"),
    ],
)
def test_a_package_above_the_limits_is_not_read(
    folder: Path, files: Mapping[str, bytes], tmp_path: Path, limits: Limits, problem: str
) -> None:
    (tmp_path / "package.zip").write_bytes(zipped(files))
    for source in (folder, tmp_path / "package.zip", zipped(files)):
        with pytest.raises(DamagedDataError, match=problem):
            package = open_package(source, limits=limits)
            assert [package.read(path) for path in package.paths]


def test_reading_a_file_again_does_not_count_again(folder: Path, files: Mapping[str, bytes]) -> None:
    package = open_package(folder, limits=Limits(total=sum(map(len, files.values()))))
    for _ in range(3):
        assert {path: package.read(path) for path in package.paths} == files


def test_a_zip_bomb_is_refused_before_it_is_decompressed(files: Mapping[str, bytes]) -> None:
    data = zipped({**files, "data/swollen.csv": b"0" * 50_000_000})
    assert len(data) < 1_000_000
    with pytest.raises(
        DamagedDataError, match=r"data/swollen\.csv: it has 50,000,000 bytes, more than the limit of 1,000"
    ):
        open_package(data, limits=Limits(file=1_000_000))


def test_a_missing_file_and_a_special_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, problem in (("nothing", "there is no such file or folder"), ("pipe", "not a regular file")):
        with pytest.raises(DamagedDataError) as caught:
            open_package(tmp_path / name)
        assert str(caught.value) == f"{tmp_path / name}: {problem}; download it or build it again"


@pytest.mark.parametrize("schema", [b"{", b"[]", b"[" * 100_000, b"\xff", b'{"name": "actors", "fields": ["x"]}'])
def test_a_broken_schema_is_refused_with_its_path(files: Mapping[str, bytes], schema: bytes) -> None:
    with pytest.raises(DamagedDataError, match=r"^old: schemas/actors\.json: not a Table Schema of this project: "):
        assert open_package({**files, "schemas/actors.json": schema}, "old").contract


def test_a_broken_descriptor_is_refused(files: Mapping[str, bytes]) -> None:
    for content in (b"{", b"[" * 100_000, b"\xff"):
        with pytest.raises(DamagedDataError, match=r"datapackage\.json: this is not JSON"):
            assert open_package({DESCRIPTOR: content}).descriptor
    with pytest.raises(DamagedDataError, match=r"datapackage\.json: it names no file for the table 'x'"):
        open_package(files).table_path("x")


def test_the_paths_of_the_tables_are_where_the_descriptor_has_them(files: Mapping[str, bytes]) -> None:
    package = open_package(files)
    assert all(package.table_path(table.name) == data_path(table.name) for table in package.contract)


def test_an_error_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(DamagedDataError("x.csv", "the file is missing", "build it")))  # noqa: S301
    assert str(error) == "x.csv: the file is missing; build it"
