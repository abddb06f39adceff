"""Two releases are compared by key, however they are stored, and nothing unsafe is read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import HARBOUR, REPOSITORY, Script, record_hashes
from hypothesis import given
from hypothesis import strategies as st

from curation.release.diff import Diff, Kind, Row, TableDiff, compare
from curation.release.diff_report import write
from curation.release.git import ReleaseError
from curation.release.policy import BUMPS, Bump, least_version, required_bump, required_bumps
from curation.release.snapshot import EMPTY, Snapshot, read_snapshot
from russia_dprk_claims.checks.tables import CsvLocations, TextTable
from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table
from russia_dprk_claims.releases import Version, VersionError

NAMES = ("v1.0.0", "here")
Rows = Sequence[tuple[str | None, ...]]

# --- a small contract ---------------------------------------------------------------------------------------------


def column(name: str, type_: str = "string", **more: Any) -> Field:
    return replace(Field(name, name.title(), f"The {name}.", type_), **more)


def vocabulary(name: str, *values: str, order: tuple[str, ...] = ()) -> Field:
    return column(name, enum=values, order=order, definitions={each: f"It is {each}." for each in values})


SHIP = (
    column("ship_id", required=True),
    column("name"),
    column("length", "number"),
    vocabulary("state", "afloat", "lost"),
)


def table(*columns: Field, name: str = "ships", key: tuple[str, ...] = ("ship_id",)) -> Table:
    return Table(name, name.title(), f"Some {name}.", columns, key, (), None, schema={})


def release(*tables: tuple[Table, Rows]) -> Snapshot:
    cells = {
        each.name: TextTable(
            each.name, {name: [row[index] for row in rows] for index, name in enumerate(each.columns)}, CsvLocations("")
        )
        for each, rows in tables
    }
    return Snapshot("r", None, Contract({each.name: each for each, _ in tables}), cells)


FLEET: Rows = [
    ("A", "Ann", "10", "afloat"),
    ("B", "Ben", "20.5", "afloat"),
    ("C", None, None, "lost"),
]
OLD = release((table(*SHIP), FLEET))


def changed_columns(*columns: Field, rows: Rows) -> Diff:
    return compare(OLD, release((table(*columns), rows)))


def changes(diff: Diff) -> list[str]:
    return [str(each) for each in diff.contract]


# --- rows and cells -----------------------------------------------------------------------------------------------


def test_a_release_equals_itself() -> None:
    diff = compare(OLD, OLD)
    assert diff.is_equal
    assert required_bump(diff) is Bump.NONE
    assert required_bumps(diff) == []


def test_rows_are_removed_changed_and_added_by_their_key() -> None:
    rows = [("D", "Dan", None, None), ("B", "Bea", "20.5", "lost"), ("A", "Ann", "10", "afloat")]
    (ships,) = compare(OLD, release((table(*SHIP), rows))).tables
    assert [(each.row, dict(each.cells)) for each in ships.removed] == [("C", {"ship_id": "C", "state": "lost"})]
    assert ships.changed == [Row("B", {"name": ("Ben", "Bea"), "state": ("afloat", "lost")})]
    assert [each.row for each in ships.added] == ["D"]
    assert (ships.before, ships.after) == (3, 3)


KEYS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["", "x", "1", "1.0"])), unique_by=lambda r: r[0]
)


@given(KEYS, KEYS)
def test_the_new_rows_are_the_old_ones_with_the_difference(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    columns = table(column("ship_id"), column("name"))
    old, new = ([(key, text or None) for key, text in rows] for rows in (before, after))
    (diff,) = compare(release((columns, list(old))), release((columns, list(new)))).tables
    rows: dict[str, str | None] = dict(old)
    for each in diff.removed:
        assert each.cells.get("name") == rows.pop(each.row)
    for changed in diff.changed:
        ((before_, after_),) = changed.cells.values()
        assert rows[changed.row] == before_
        rows[changed.row] = after_
    rows |= {each.row: each.cells.get("name") for each in diff.added}
    assert rows == dict(new)


# --- the contract -------------------------------------------------------------------------------------------------


def test_a_table_is_added_or_removed_with_all_its_rows() -> None:
    ports = table(column("port_id"), name="ports", key=("port_id",))
    more = release((table(*SHIP), FLEET), (ports, [("P",)]))
    added, removed = compare(OLD, more), compare(more, OLD)
    assert changes(added) == ["ports: table added"]
    assert changes(removed) == ["ports: table removed"]
    assert [len(each.added) for each in added.tables] == [0, 1]
    assert [len(each.removed) for each in removed.tables] == [0, 1]
    assert required_bump(added) is required_bump(removed) is Bump.MAJOR


def test_a_column_is_added_or_removed_once_and_not_in_every_row() -> None:
    flagged = [(*row, "SRN") for row in FLEET]
    added = changed_columns(*SHIP, column("flag"), rows=flagged)
    assert changes(added) == ["ships.flag: column added"]
    assert not added.changed_tables
    removed = compare(release((table(*SHIP, column("flag")), flagged)), OLD)
    assert changes(removed) == ["ships.flag: column removed"]


def test_reordered_columns_are_reported_and_change_no_cell() -> None:
    rows = [(key, length, name, state) for key, name, length, state in FLEET]
    diff = changed_columns(SHIP[0], SHIP[2], SHIP[1], SHIP[3], rows=rows)
    assert changes(diff) == ["ships: columns reordered: ship_id, name, length, state → ship_id, length, name, state"]
    assert not diff.changed_tables


def test_a_new_column_in_the_middle_does_not_reorder_the_others() -> None:
    rows = [(row[0], "SRN", *row[1:]) for row in FLEET]
    assert changes(changed_columns(SHIP[0], column("flag"), *SHIP[1:], rows=rows)) == ["ships.flag: column added"]


@pytest.mark.parametrize(
    ("new", "change"),
    [
        (column("length"), "number → string"),
        (column("length", "integer"), "number → integer"),
        (column("length", "number", required=True), "number → number, never empty"),
    ],
)
def test_a_changed_type_is_reported(new: Field, change: str) -> None:
    diff = changed_columns(SHIP[0], SHIP[1], new, SHIP[3], rows=FLEET)
    assert changes(diff) == [f"ships.length: column retyped: {change}"]
    assert required_bump(diff) is Bump.MAJOR


def test_a_changed_key_is_reported_and_rows_are_matched_by_the_one_that_identifies_them() -> None:
    twice = [*FLEET[:2], ("A", "Bob", None, None)]
    diff = compare(OLD, release((table(*SHIP, key=("ship_id", "name")), twice)))
    assert changes(diff) == ["ships: primary key changed: ship_id → ship_id, name"]
    (ships,) = diff.tables
    assert ([each.row for each in ships.removed], [each.row for each in ships.added]) == (["C"], ["A Bob"])


def test_rows_without_a_common_key_are_removed_and_added() -> None:
    new = table(*SHIP, column("flag"), key=("flag",))
    rows = [(key, *rest, f"F{key}") for key, *rest in [*FLEET, ("A", "Ann", "10", "afloat")][1:]]
    rows[0] = ("A", *rows[0][1:])
    (ships,) = compare(OLD, release((new, rows))).tables
    assert (len(ships.removed), len(ships.changed), len(ships.added)) == (3, 0, 3)


def test_values_of_a_vocabulary_are_added_and_removed() -> None:
    diff = changed_columns(*SHIP[:3], vocabulary("state", "afloat", "sunk"), rows=FLEET)
    assert changes(diff) == [
        "ships.state: vocabulary value removed: lost",
        "ships.state: vocabulary value added: sunk",
    ]
    assert [(str(each.bump), each.reason.split(": ")[1]) for each in required_bumps(diff)] == [
        ("major", "vocabulary value removed"),
        ("minor", "vocabulary value added"),
    ]


def test_only_the_order_of_ordered_values_matters() -> None:
    listed = changed_columns(*SHIP[:3], vocabulary("state", "lost", "afloat"), rows=FLEET)
    assert changes(listed) == []
    ordered = vocabulary("state", "afloat", "lost", order=("afloat", "lost"))
    turned = replace(ordered, order=("lost", "afloat"))
    diff = compare(release((table(*SHIP[:3], ordered), FLEET)), release((table(*SHIP[:3], turned), FLEET)))
    assert changes(diff) == ["ships.state: vocabulary reordered: afloat, lost → lost, afloat"]


def test_reworded_documentation_is_reported_and_requires_a_patch() -> None:
    meaning = replace(SHIP[3], definitions={"afloat": "It floats.", "lost": "It is lost."})
    named = replace(SHIP[1], title="Its name", pattern="^[A-Z]")
    new = replace(table(SHIP[0], named, SHIP[2], meaning), foreign_keys=(ForeignKey(("name",), "ships", ("ship_id",)),))
    diff = compare(OLD, release((new, FLEET)))
    assert changes(diff) == [
        "ships: contract reworded: foreign_keys",
        "ships.name: contract reworded: title, pattern",
        "ships.state: contract reworded: definitions",
    ]
    assert required_bump(diff) is Bump.PATCH


# --- required bumps ----------------------------------------------------------------------------------------------


def test_every_kind_of_change_has_its_bump() -> None:
    assert set(BUMPS) == set(Kind)
    minor_or_less = {kind for kind, level in BUMPS.items() if level < Bump.MAJOR}
    assert minor_or_less == {Kind.VALUE_ADDED, Kind.REWORDED}


LINKS = table(column("ship_id"), column("port_id"), column("note"), name="calls", key=("ship_id", "port_id"))


@pytest.mark.parametrize(
    ("rows", "level", "why"),
    [
        (FLEET[1:], "major", "ships: 1 id removed (A)"),
        ([*FLEET, ("D", None, None, None)], "minor", "ships: 1 row added (D)"),
        ([("A", "Anne", "10", "afloat"), *FLEET[1:]], "patch", "ships: 1 row corrected (A)"),
    ],
)
def test_a_change_of_rows_requires_a_bump(rows: Rows, level: str, why: str) -> None:
    (required,) = required_bumps(compare(OLD, release((table(*SHIP), rows))))
    assert (str(required.bump), required.reason) == (level, why)


def test_the_removal_of_a_link_row_is_a_correction() -> None:
    old, new = release((LINKS, [("A", "P", None), ("A", "Q", None)])), release((LINKS, [("A", "P", None)]))
    (required,) = required_bumps(compare(old, new))
    assert (str(required.bump), required.reason) == ("patch", "calls: 1 row removed (A Q)")


def test_a_withdrawn_id_requires_as_much_as_a_removed_one() -> None:
    claims = table(column("ship_id"), vocabulary("record_status", "active", "withdrawn"), column("note"))
    old = release((claims, [("A", "active", None), ("B", "active", None), ("C", "withdrawn", None)]))
    new = release((claims, [("A", "withdrawn", "why"), ("B", "active", "x"), ("C", "active", None)]))
    assert [(str(each.bump), each.reason) for each in required_bumps(compare(old, new))] == [
        ("major", "ships: 1 id withdrawn (A)"),
        ("patch", "ships: 2 rows corrected (B, C)"),
    ]


def test_many_rows_are_counted_and_some_named() -> None:
    rows: Rows = [(letter, None, None, None) for letter in "DEFGH"]
    (required,) = required_bumps(compare(OLD, release((table(*SHIP), [*FLEET, *rows]))))
    assert required.reason == "ships: 5 rows added (D, E, F and 2 more)"


def test_the_lowest_version_follows_from_the_last_one_and_the_bump() -> None:
    last = Version.of("1.2.3")
    assert [str(least_version(last, level)) for level in list(Bump)[1:]] == ["1.2.4", "1.3.0", "2.0.0"]


@pytest.mark.parametrize(
    "text", ["1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.3-rc1", "1.2.x", "", "1.2.3\n", "١.٢.٣"]
)
def test_an_invalid_version_is_refused(text: str) -> None:
    with pytest.raises(VersionError, match="^" + re.escape(f"{text!r} is not a version: write it as 1.2.0")):
        Version.of(text)


def test_versions_are_compared_by_number() -> None:
    assert max(map(Version.of, ["1.9.9", "1.10.0", "0.99.99"])) == Version(1, 10, 0)


# --- reports ------------------------------------------------------------------------------------------------------


NASTY = "x |\n| <b>\x1b[31m[y](z) @all"
MIXED = compare(
    OLD, release((table(*SHIP, column("flag")), [("A", NASTY, "10", "afloat", None), ("D", None, None, None, None)]))
)


def test_the_terminal_shows_the_counts_then_removals_first() -> None:
    assert write("terminal", MIXED, NAMES, 1) == (
        "from v1.0.0 to here\n\n"
        "table    before  removed  changed    added   after\n"
        "ships         3        2        1        1       2\n\n"
        "! ships.flag: column added\n"
        "- ships B\n"
        "- ships … and 1 more\n"
        "~ ships A  name: Ann → x |\\n| <b>\\x1b[31m[y](z) @all\n"
        "+ ships D\n\n"
        "this requires a major version:\n"
        "  major: ships.flag: column added\n"
        "  major: ships: 2 ids removed (B, C)\n"
        "  minor: ships: 1 row added (D)\n"
        "  patch: ships: 1 row corrected (A)\n"
    )


def test_markdown_begins_with_the_table_for_the_changelog() -> None:
    report = write("markdown", MIXED, NAMES, 1)
    assert report.startswith(
        "| table | before | removed | changed | added | after |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| ships | 3 | 2 | 1 | 1 | 2 |\n\n"
        "This requires a major version.\n\n### The contract\n"
    )
    assert "### Removed\n\n| table | row |\n| --- | --- |\n| ships | B |\n\n… and 1 more.\n" in report


def test_no_cell_can_break_a_markdown_table() -> None:
    (line,) = [line for line in write("markdown", MIXED, NAMES, None).splitlines() if "Ann" in line]
    assert len(re.findall(r"(?<!\\)\|", line)) == 6
    assert "\\<b\\>" in line and "&#64;<!---->all" in line and "\x1b" not in line


def test_json_has_every_cell() -> None:
    content = json.loads(write("json", MIXED, NAMES, None))
    assert (content["old"], content["new"], content["same"], content["demands"]) == (*NAMES, False, "major")
    (ships,) = content["tables"]
    assert ships["removed"] == {
        "count": 2,
        "rows": [
            {"row": "B", "cells": {"ship_id": "B", "name": "Ben", "length": "20.5", "state": "afloat"}},
            {"row": "C", "cells": {"ship_id": "C", "state": "lost"}},
        ],
    }
    assert ships["changed"]["rows"] == [{"row": "A", "cells": {"name": ["Ann", NASTY]}}]
    assert json.loads(write("json", MIXED, NAMES, 1))["tables"][0]["removed"]["count"] == 2


@pytest.mark.parametrize(
    ("format_", "report"),
    [("terminal", "v1.0.0 and here are equal\n"), ("markdown", "Nothing changed in the data.\n")],
)
def test_no_difference_is_one_sentence(format_: str, report: str) -> None:
    assert write(format_, compare(OLD, OLD), NAMES, 9) == report


def test_a_change_of_the_contract_alone_says_that_no_row_changed() -> None:
    diff = Diff(MIXED.contract, (TableDiff("ships", True, 3, 3, (), (), ()),))
    assert write("markdown", diff, NAMES, 9).startswith("No row is removed, changed or added.\n\nThis requires a major")


# --- zips, folders and revisions ----------------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> str:
    """Run git without any settings."""
    who = ("-c", "user.name=coder-1", "-c", "user.email=coder-1@example.org", "-c", "init.defaultBranch=main")
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["git", *who, "-C", str(root), *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
        env=settings,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the small project, built once."""
    root = tmp_path_factory.mktemp("built") / "harbour"
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    command = [sys.executable, str(REPOSITORY / "scripts" / "build.py"), "--project", str(root)]
    subprocess.run(command, check=True, capture_output=True)
    return root


@pytest.fixture
def built(harbour: Path, tables: Path) -> Path:
    """The small project with its tables."""
    shutil.copytree(tables / "data", harbour / "data")
    shutil.copyfile(tables / "datapackage.json", harbour / "datapackage.json")
    return harbour


def zipped(root: Path, path: Path, extra: Mapping[str, bytes] = {}) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in [root / "datapackage.json", *(root / "data").iterdir(), *(root / "schemas").iterdir()]:
            archive.write(each, each.relative_to(root).as_posix())
        for name, data in extra.items():
            archive.writestr(name, data)
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_zip_a_folder_and_a_revision_of_one_release_are_the_same(built: Path, tmp_path: Path, script: Script) -> None:
    git(built, "init", "--quiet")
    git(built, "add", "data", "schemas", "datapackage.json")
    git(built, "commit", "--quiet", "-m", "One")
    git(built, "tag", "v0.1.0")
    archive = zipped(built, tmp_path / "release.zip")
    for old in (str(archive), "v0.1.0", "HEAD"):
        done = script("diff", old, built)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{old} and {built} are equal\n", "")
    snapshots = [read_snapshot(each, built) for each in (str(archive), str(built), "v0.1.0")]
    assert [each.version for each in snapshots] == [Version(0, 1, 0)] * 3


def test_a_revision_of_a_project_in_a_folder_of_a_repository_is_read(built: Path) -> None:
    git(built.parent, "init", "--quiet")
    git(built.parent, "add", "harbour/data", "harbour/schemas", "harbour/datapackage.json")
    git(built.parent, "commit", "--quiet", "-m", "One")
    edit(built / "data" / "actors.csv", "Harbour master", "Master of the harbour")
    record_hashes(built)
    (actors,) = [
        each for each in compare(read_snapshot("HEAD", built), read_snapshot(str(built), built)).tables if each.changed
    ]
    assert actors.changed[0].cells == {"name": ("Harbour master", "Master of the harbour")}


def test_a_revision_has_the_committed_bytes_whatever_git_is_set_to(built: Path) -> None:
    git(built, "init", "--quiet")
    git(built, "add", "data", "schemas", "datapackage.json")
    git(built, "commit", "--quiet", "-m", "One")
    git(built, "config", "core.autocrlf", "true")
    assert compare(read_snapshot("HEAD", built), read_snapshot(str(built), built)).is_equal


def test_one_release_is_compared_with_the_project(built: Path, script: Script) -> None:
    done = script("diff", built)
    assert (done.returncode, done.stdout) == (0, f"{built} and {built} are equal\n")
    done = script("diff", "HEAD", built, "--format", "review")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--format review compares with the project: give OLD alone" in done.stderr


def test_differences_give_exit_code_1_and_all_formats(built: Path, tmp_path: Path, script: Script) -> None:
    archive = zipped(built, tmp_path / "old.zip")
    edit(built / "data" / "actors.csv", "Harbour master", "Master of the harbour")
    record_hashes(built)
    outputs = {name: script("diff", archive, built, "--format", name) for name in ("terminal", "markdown", "json")}
    assert {each.returncode for each in outputs.values()} == {1}
    assert "~ actors ACT-harbour-master  name: Harbour master → Master of the harbour\n" in outputs["terminal"].stdout
    assert "| actors | 5 | 0 | 1 | 0 | 5 |\n" in outputs["markdown"].stdout
    assert json.loads(outputs["json"].stdout)["demands"] == "patch"
    again = script("diff", archive, built, "--format", "json", PYTHONHASHSEED="77", LC_ALL="C")
    assert again.stdout == outputs["json"].stdout


def test_the_first_release_is_compared_with_nothing(built: Path, script: Script) -> None:
    done = script("diff", "none", built, "--format", "markdown", "--limit", "0")
    assert "| claims | 0 | 0 | 0 | 5 | 5 |\n" in done.stdout
    assert read_snapshot("none", built) is EMPTY


def test_vocabulary_changes_are_reported(built: Path, tmp_path: Path, script: Script) -> None:
    archive = zipped(built, tmp_path / "old.zip")
    path = built / "schemas" / "agreement_parties.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    (role,) = [each for each in schema["fields"] if each["name"] == "party_role"]
    role["constraints"]["enum"].append("witness")
    role["definitions"]["witness"] = "Looks on."
    path.write_text(json.dumps(schema), encoding="utf-8")
    done = script("diff", archive, built)
    assert "! agreement_parties.party_role: vocabulary value added: witness\n" in done.stdout
    assert "this requires a minor version:\n" in done.stdout


Spoil = Callable[[Path], object]


def write_csv(name: str, text: str) -> Spoil:
    return lambda root: (root / "data" / name).write_text(text, encoding="utf-8")


def out_of_the_folder(root: Path) -> None:
    (root / "data" / "actors.csv").rename(root.parent / "actors.csv")
    (root / "data" / "actors.csv").symlink_to(root.parent / "actors.csv")


def twice(root: Path) -> None:
    with (root / "data" / "actors.csv").open("a", encoding="utf-8") as file:
        file.write("ACT-sarn,,,,,,,,\n")
    record_hashes(root)


def pipe(root: Path) -> None:
    (root / "data" / "actors.csv").unlink()
    os.mkfifo(root / "data" / "actors.csv")


def schema(text: str) -> Spoil:
    return lambda root: (root / "schemas" / "actors.json").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda root: shutil.rmtree(root / "schemas"), "not a release of the data: it has no schemas/ at its root"),
        (
            lambda root: (root / "data" / "actors.csv").unlink(),
            "data/actors.csv: unreadable-file: the file is missing (put the CSV of the table there)",
        ),
        (write_csv("actors.csv", "actor_id\n"), "data/actors.csv:1:1: csv-header: "),
        (write_csv("actors.csv", '"'), "data/actors.csv:1:1: csv-syntax: "),
        (lambda root: (root / "data" / "actors.csv").write_bytes(b"\xff"), "data/actors.csv:1:1: not-utf-8: "),
        (twice, "data/actors.csv:7:1: primary-key: actors(actor_id): 'ACT-sarn' is already taken in "),
        (out_of_the_folder, "data/actors.csv: unreadable-file: the path points outside the package"),
        (pipe, "data/actors.csv: unreadable-file: not a regular file"),
        (schema("{"), "schemas/actors.json: not a Table Schema of this project"),
        (schema("[" * 100_000), "schemas/actors.json: not a Table Schema of this project"),
        (
            schema('{"name": "actors", "title": "", "description": "", "fields": ["x"]}'),
            "schemas/actors.json: not a Table Schema of this project",
        ),
    ],
)
def test_a_folder_that_is_not_a_release_is_refused_in_one_line(
    built: Path, script: Script, spoil: Spoil, why: str
) -> None:
    spoil(built)
    done = script("diff", "none", built)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert why in done.stderr


def test_a_zip_with_the_package_in_a_subfolder_is_refused(built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "new.zip", "w") as archive:
        archive.write(built / "schemas" / "actors.json", "harbour/schemas/actors.json")
    with pytest.raises(ReleaseError, match=r"not a release of the data: it has no schemas/ at its root"):
        read_snapshot(str(tmp_path / "new.zip"), built)


def test_a_damaged_zip_is_refused(built: Path, tmp_path: Path) -> None:
    archive = zipped(built, tmp_path / "new.zip")
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(ReleaseError, match=r"not a valid zip file .*; download it or build it again"):
        read_snapshot(str(archive), built)


def test_a_link_in_a_revision_is_refused(built: Path) -> None:
    (built / "data" / "actors.csv").unlink()
    (built / "data" / "actors.csv").symlink_to("../../elsewhere.csv")
    git(built, "init", "--quiet")
    git(built, "add", "data", "schemas", "datapackage.json")
    git(built, "commit", "--quiet", "-m", "One")
    with pytest.raises(ReleaseError, match=r"HEAD: data/actors\.csv: not a regular file"):
        read_snapshot("HEAD", built)


@pytest.mark.parametrize("name", ["--output=x", "-", "nowhere", "HEAD:data", "HEAD; touch x", "$(touch x)", "", "a\0b"])
def test_an_unknown_revision_is_refused(built: Path, name: str) -> None:
    git(built, "init", "--quiet")
    git(built, "add", "data", "schemas", "datapackage.json")
    git(built, "commit", "--quiet", "-m", "One")
    with pytest.raises(ReleaseError, match=r"is not a known revision"):
        read_snapshot(name, built)
    assert not (built / "x").exists()


def test_a_word_that_begins_with_a_dash_never_reaches_git(built: Path, script: Script) -> None:
    done = script("diff", "none", "--", "--output=x")
    assert done.returncode == 2
    assert not (built / "x").exists()


def test_without_a_repository_or_git_one_line_says_so(built: Path, script: Script) -> None:
    done = script("diff", "HEAD", built, GIT_CEILING_DIRECTORIES=str(built.parent))
    line = "error: there is no zip file or folder 'HEAD', and 'HEAD' is not a known revision: fetch it, or give a "
    assert (done.returncode, done.stderr) == (2, f"{line}branch, tag or commit\n")
    assert "git cannot be run: install it" in script("diff", "HEAD", built, PATH="/nowhere").stderr


def test_another_repository_in_the_environment_is_ignored(built: Path, tmp_path: Path, script: Script) -> None:
    git(built, "init", "--quiet")
    git(built, "add", "data", "schemas", "datapackage.json")
    git(built, "commit", "--quiet", "-m", "One")
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    assert script("diff", "HEAD", built, GIT_DIR=str(other / ".git")).returncode == 0


def test_a_name_that_is_too_long_is_one_line(built: Path, script: Script) -> None:
    done = script("diff", "x" * 5000, built)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no zip file or folder 'xxx")
    assert done.stderr.endswith("is not a known revision: fetch it, or give a branch, tag or commit\n")


def test_control_characters_in_a_name_are_shown_as_codes(built: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"odd\xff\n")
    shutil.copytree(built, odd)
    (odd / "data" / "actors.csv").unlink()
    command = [sys.executable, str(REPOSITORY / "scripts" / "diff.py"), "none", odd.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    why = "data/actors.csv: unreadable-file: the file is missing (put the CSV of the table there)"
    assert done.stderr == f"error: odd\\udcff\\n: {why}\n"


def test_the_command_knows_the_formats_of_the_report() -> None:
    from curation.release.diff_report import FORMATS

    command = [sys.executable, str(REPOSITORY / "scripts" / "diff.py"), "--help"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"[{'|'.join(FORMATS)}|review]" in printed
