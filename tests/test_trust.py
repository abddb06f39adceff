"""What SECURITY.md promises about links, limits, interrupted builds, disks and names of files."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import hostile
import pytest
from conftest import REPOSITORY, run_script
from faultcases import contract, copy_package, copy_seeds, valid_package
from torture import ODD_NAMES, TORTURES, main

from curation.project import read_project
from curation.site.content import read_content
from curation.write import UNFINISHED, locked, write_files
from russia_dprk_claims.checks import validate
from russia_dprk_claims.checks.reading import read_package
from russia_dprk_claims.contract import ContractError, read_contract
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.files import LIMITS, JsonError, parse_json, read_file
from russia_dprk_claims.frames import frame
from russia_dprk_claims.package import data_path, is_web_address, open_package

ENDLESS = "/dev/zero"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small project with its package, and its text in the default place."""
    monkeypatch.delenv("SEED_TEXTS", raising=False)
    root = tmp_path / "project"
    copy_package(root)
    copy_seeds(root)
    return root


def found(root: Path) -> list[str]:
    """Return the findings on a project, without its semantics."""
    return [str(each) for each in read_project(root).findings]


def move_out(path: Path) -> Path:
    """Move a file or folder out of the project and leave a link; return where it is now."""
    outside = path.parents[len(path.parts) - len(path.parts[: path.parts.index("project")]) - 1] / f"moved {path.name}"
    shutil.move(path, outside)
    path.symlink_to(outside)
    return outside


# --- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("seeds/dataset.yaml", "the link leads out of the seed folder"),
        ("seeds/actors.yaml", "the link leads out of the seed folder"),
        ("seeds/sources/SRC-0001.yaml", "the link leads out of the seed folder"),
        ("seeds/seals/SRC-0001.csv", "the link leads out of the seed folder"),
        ("seeds/texts/harbour.txt", "the link leads out of the seed folder"),
        ("seeds/texts", "the link leads out of the seed folder"),
        ("seeds/seals", "the link to a folder is not followed"),
        ("seeds/sources", "the link to a folder is not followed"),
        ("seeds", "the link to a folder is not followed"),
    ],
)
def test_no_link_leads_the_seeds_out_of_the_project(project: Path, path: str, message: str) -> None:
    move_out(project / path)
    assert f"{path}: outside-seeds: {message}" in "\n".join(found(project))
    assert read_project(project).texts.by_source == {} or "texts" not in path


@pytest.mark.parametrize("path", ["schemas/claims.json", "schemas"])
def test_no_link_leads_the_contract_out_of_the_project(project: Path, path: str) -> None:
    move_out(project / path)
    with pytest.raises(ContractError, match="the path points outside the package"):
        read_contract(project / "schemas")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("data/claims.csv", "data/claims.csv: unreadable-file: the path points outside the package"),
        ("data", "data/claims.csv: unreadable-file: the path points outside the package"),
        ("datapackage.json", "datapackage.json: descriptor-unreadable: the path points outside the package"),
    ],
)
def test_no_link_leads_a_package_out_of_its_folder(project: Path, path: str, message: str) -> None:
    move_out(project / path)
    assert message in "\n".join(str(each) for each in read_package(project, contract())[1])
    with pytest.raises(DamagedDataError, match="the path points outside the package"):
        open_package(project).read_table("claims")


@pytest.mark.parametrize("path", ["seeds/more.yaml", "seeds/seals/SRC-0002.csv", "seeds/texts/endless.txt"])
def test_a_link_to_an_endless_device_is_not_read(project: Path, path: str) -> None:
    (project / path).symlink_to(ENDLESS)
    assert f"{path}: outside-seeds: the link leads out of the seed folder" in "\n".join(found(project))


@pytest.mark.parametrize("path", ["schemas/more.json", "schemas/claims.json"])
def test_a_schema_is_no_endless_device(project: Path, path: str) -> None:
    (project / path).unlink(missing_ok=True)
    (project / path).symlink_to(ENDLESS)
    with pytest.raises(ContractError, match="the path points outside the package"):
        read_contract(project / "schemas")


def test_a_build_writes_and_removes_nothing_behind_a_link(project: Path) -> None:
    outside = move_out(project / "data")
    (outside / "thesis.csv").write_bytes(b"precious")
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    with pytest.raises(OSError, match="a link leads out of the project, so nothing was written"):
        write_files(project, {data_path("claims"): b"new"}, ["data/thesis.csv"])
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before


def test_a_build_replaces_a_link_in_the_place_of_a_table(project: Path) -> None:
    outside = move_out(project / "data" / "claims.csv")
    data = outside.read_bytes()
    assert write_files(project, {data_path("claims"): data}) == [data_path("claims")]
    assert not (project / "data" / "claims.csv").is_symlink()
    assert outside.read_bytes() == data


def test_links_inside_the_project_are_followed(project: Path) -> None:
    for path in ("seeds/actors.yaml", "seeds/seals/SRC-0001.csv", "seeds/texts/harbour.txt"):
        place = project / path
        shutil.move(place, place.with_name(f".{place.name}"))
        place.symlink_to(f".{place.name}")
    (project / "schemas" / "old").mkdir()
    shutil.move(project / "schemas" / "claims.json", project / "schemas" / "old")
    (project / "schemas" / "claims.json").symlink_to("old/claims.json")
    assert found(project) == []
    assert read_project(project).texts.by_source


def test_a_project_in_a_linked_folder_is_read(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project)
    assert found(tmp_path / "link") == []
    assert open_package(tmp_path / "link").read_table("claims")
    texts = tmp_path / "texts"
    texts.symlink_to(project / "seeds" / "texts")
    assert read_project(project, texts).texts.by_source


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_small_zip_does_not_expand_to_gigabytes() -> None:
    data = hostile.zip_of({**valid_package(), "data/claims.csv": b"," * 120_000_000})
    assert len(data) < 1_000_000
    with pytest.raises(DamagedDataError, match="more than a zip file may expand to"):
        open_package(data)


@pytest.mark.parametrize(
    ("size", "is_refused"), [(LIMITS.expanded + 1, True), (1_000_000, False), (LIMITS.ratio * 20_000, True)]
)
def test_a_zip_expands_to_a_limited_size_and_a_limited_ratio(size: int, is_refused: bool) -> None:
    data = hostile.zip_of({"data/claims.csv": b"x" * size})
    try:
        assert len(open_package(data).read("data/claims.csv")) == size
        refused = False
    except DamagedDataError:
        refused = True
    assert refused == is_refused


def test_a_zip_of_what_cannot_be_compressed_may_have_every_size_below_the_limit() -> None:
    data = os.urandom(3_000_000)
    assert open_package(hostile.zip_of({"data/claims.csv": data})).read("data/claims.csv") == data


@pytest.mark.parametrize(("columns", "findings"), [(LIMITS.columns, LIMITS.columns - 1), (LIMITS.columns + 1, 1)])
def test_a_header_has_a_limited_number_of_findings(columns: int, findings: int) -> None:
    names = ",".join(["actor_id", *(f"c{number}" for number in range(columns - 1))])
    _, wrong = read_package({**valid_package(), "data/actors.csv": f"{names}\n".encode()}, contract())
    unknown = [each for each in wrong if each.rule == "csv-header" and "is missing" not in each.message]
    assert len(unknown) == findings


@pytest.mark.parametrize(("rows", "lines"), [(LIMITS.findings, LIMITS.findings), (5_000, LIMITS.findings + 1)])
def test_a_thousand_findings_of_a_kind_are_enough(project: Path, rows: int, lines: int) -> None:
    relation = "- {claim_id: SRC-0001-C%d, related_claim_id: SRC-0001-C001, relation: qualifies, aspect: existence}\n"
    more = "claim_relations:\n" + "".join(relation % number for number in range(1000, 1000 + rows))
    (project / "seeds" / "more.yaml").write_text(more, encoding="utf-8")
    dangling = [each for each in read_project(project).findings if each.rule == "foreign-key"]
    assert len(dangling) == lines
    hidden = f"{rows - LIMITS.findings:,} more rows of claim_relations have such errors"
    assert (hidden in {each.message for each in dangling}) == (rows > LIMITS.findings)


def test_only_regular_files_within_the_limit_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1234")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    assert read_file(tmp_path / "file", tmp_path, 4) == b"1234"
    for name, limit, reason in (
        ("file", 3, "it has 4 bytes, more than the limit of 3"),
        ("pipe", 9, "not a regular file"),
        ("", 9, "not a regular file"),
        ("none", 9, "the file is missing"),
        ("loop", 9, "the path is a loop of links"),
    ):
        with pytest.raises(OSError, match=re.escape(reason)) as caught:
            read_file(tmp_path / name, tmp_path, limit)
        assert (caught.value.strerror, caught.value.filename) == (reason, str(tmp_path / name))


@pytest.mark.full
@pytest.mark.parametrize("case", [*hostile.SEEDS, *hostile.PACKAGES])
def test_ten_megabytes_of_anything_end_within_thirty_seconds_and_a_gigabyte(case: str, tmp_path: Path) -> None:
    done = hostile.validate(case, tmp_path / "project")
    assert done.returncode == 1, done.printed[-500:]
    assert "Traceback" not in done.printed


@pytest.mark.full
@pytest.mark.parametrize(
    ("size", "reason"),
    [(250_000_000, "more than the limit of"), (100_000_000, "bytes together"), (20_000_000, "expand")],
)
def test_a_zip_bomb_is_refused_within_limits(size: int, reason: str, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(hostile.zip_of({f"data/x{number}.csv": b"0" * size for number in range(4)}))
    done = hostile.bounded(REPOSITORY / "scripts" / "diff.py", "none", bomb)
    assert (done.returncode, reason in done.printed) == (2, True), done.printed
    assert done.peak < hostile.GIGABYTE


@pytest.mark.parametrize(
    "text", ["NaN", "[Infinity]", '{"a": -Infinity}', '{"a": 1, "a": 1}', '[{"b": {"a": 1, "\\u0061": 2}}]', "1e999"]
)
def test_json_that_programs_read_in_different_ways_is_refused(text: str) -> None:
    with pytest.raises(JsonError):
        parse_json(text.encode())


@pytest.mark.parametrize("text", ['"NaN"', "[1e300, -0.0, 1E-999]", '{"a": {"a": 1}, "A": 2}', '{"": 0}'])
def test_json_that_only_looks_odd_is_read(text: str) -> None:
    assert parse_json(text.encode()) is not None


# --- links that are shown ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.org", True),
        ("http://example.org/a?b=c#d", True),
        ("https://[2001:db8::1]/", True),
        ("https://例え.jp/", True),
        ("javascript:alert(1)", False),
        (" https://example.org", False),
        ("https://example.org/\n", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
        (["https://example.org"], False),
    ],
)
def test_only_addresses_of_the_web_become_links(address: object, is_one: bool) -> None:
    assert is_web_address(address) == is_one


@pytest.mark.parametrize("key", ["licenses", "contributors", "sources"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "https://x y"])
def test_the_description_links_to_the_web_alone(project: Path, key: str, address: str) -> None:
    path = project / "seeds" / "dataset.yaml"
    whole = path.read_text(encoding="utf-8")
    whole = re.sub(rf"(?ms)^{key}:.*?(?=^\w)", f'{key}: [{{name: x, title: x, path: "{address}"}}]\n', whole)
    path.write_text(whole, encoding="utf-8")
    assert [each.split(": ")[1] for each in found(project)] == ["pattern"]
    path.write_text(whole.replace(address, "http://example.org/x"), encoding="utf-8")
    assert found(project) == []


# --- interrupted builds -----------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(project: Path) -> Path:
    """The small project, after a build that was killed before it replaced the descriptor."""
    record = project / "seeds" / "sources" / "SRC-0001.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace("was fish.", "was cod."), encoding="utf-8")
    table = project / "data" / "claims.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("was fish.", "was cod."), encoding="utf-8")
    return project


def test_no_reader_takes_an_interrupted_build_for_a_dataset(mixed: Path) -> None:
    with pytest.raises(DamagedDataError, match=r"data/claims\.csv: incomplete build or changed file"):
        frame(open_package(mixed), "claims")
    assert len(frame(open_package(mixed), "actors"))
    with pytest.raises(DamagedDataError, match=r"^data/claims\.csv: resource-hash: incomplete build or changed file"):
        read_content(mixed)
    assert [each.rule for each in validate(mixed).findings] == ["resource-hash"]


@pytest.mark.parametrize(
    ("command", "arguments", "code"),
    [("build", ("--check",), 1), ("validate", (), 1), ("diff", ("none",), 2), ("validate", (".",), 1)],
)
def test_every_command_says_that_a_build_is_incomplete(
    mixed: Path, command: str, arguments: list[str], code: int
) -> None:
    done = run_script(command, *arguments, "--project", mixed, cwd=mixed)
    assert done.returncode == code
    assert "incomplete build" in done.stdout + done.stderr


def test_a_build_repairs_an_interrupted_one(mixed: Path) -> None:
    assert run_script("build", "--project", mixed, cwd=mixed).returncode == 0
    assert len(frame(open_package(mixed), "claims"))


def test_a_table_is_compared_with_its_hash_however_large_it_is(project: Path) -> None:
    path = project / "data" / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b"was fish.", b"was cod!."))
    for frictionless in (True, False, None):
        assert "resource-hash" in {each.rule for each in validate(project, frictionless=frictionless).findings}


def test_a_second_writer_waits_for_the_first(project: Path) -> None:
    waited: list[str] = []
    program = "import sys; from pathlib import Path; from curation.write import locked\n"
    program += "with locked(Path(sys.argv[1]), lambda: print('waiting', flush=True)): print('done')"
    with locked(project, lambda: waited.append("first")):
        second = subprocess.Popen([sys.executable, "-c", program, str(project)], stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert second.stdout.readline() == "waiting\n"
    assert second.communicate()[0] == "done\n"
    assert waited == []


def test_a_killed_writer_blocks_nobody(project: Path) -> None:
    program = "import os, signal, sys; from pathlib import Path; from curation.write import locked\n"
    program += "with locked(Path(sys.argv[1]), print): os.kill(os.getpid(), signal.SIGKILL)"
    assert subprocess.run([sys.executable, "-c", program, str(project)], check=False).returncode == -signal.SIGKILL
    with locked(project, lambda: pytest.fail("it waits")):
        pass


# --- findings ---------------------------------------------------------------------------------------------------------


def test_one_wrong_header_hides_what_follows_from_it(project: Path) -> None:
    path = project / "data" / "actors.csv"
    path.write_bytes(path.read_bytes().replace(b"actor_id,name", b"id,name"))
    result = validate(project)
    assert [each.rule for each in result.findings] == ["csv-header", "csv-header"]
    assert not result.frictionless


def test_frictionless_is_not_asked_about_what_is_known_to_be_wrong(project: Path) -> None:
    path = project / "data" / "actors.csv"
    path.write_bytes(path.read_bytes().replace(b",state,", b",stade,"))
    result = validate(project, frictionless=True)
    assert not result.frictionless
    assert not any(each.rule.startswith("frictionless") for each in result.findings)


@pytest.mark.parametrize("name", [b"\xff.yaml", b"\xff", b"sources/SRC-\xe9.yaml", b"actors\xed\xa0\x80.yaml"])
def test_a_name_that_is_not_utf_8_is_a_finding(project: Path, name: bytes) -> None:
    (project / "seeds" / os.fsdecode(name)).write_bytes(b"x: 1\n")
    done = run_script("validate", "--project", project, cwd=project)
    assert done.returncode == 1
    assert ": file-name: the name is not UTF-8 (rename or move it)\n" in done.stdout


def test_a_stray_table_whose_name_is_not_utf_8_is_named_and_removed(project: Path) -> None:
    stray = project / "data" / os.fsdecode(b"a\xffb.csv")
    stray.write_bytes(b"x\n")
    assert (
        "data/a\\udcffb.csv: no table has this file"
        in run_script("build", "--check", "--project", project, cwd=project).stdout
    )
    assert "removed: data/a\\udcffb.csv" in run_script("build", "--project", project, cwd=project).stdout
    assert not stray.exists()


@pytest.mark.parametrize("name", ["текст.txt", "a b.txt", "é.txt"])
def test_other_scripts_in_the_names_of_other_files_are_no_finding(project: Path, name: str) -> None:
    (project / "seeds" / "texts" / name).write_bytes(b"x")
    (project / "seeds" / f"{name}.md").write_bytes(b"x")
    assert found(project) == []


# --- disks ------------------------------------------------------------------------------------------------------------


def drop_privileges() -> None:
    """Give up the rights of root to read and write everything (CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH)."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def unprivileged(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a Python program that obeys the modes of files."""
    line = [sys.executable, *map(str, command)]
    return subprocess.run(line, check=False, capture_output=True, text=True, preexec_fn=drop_privileges)


@pytest.mark.full
@pytest.mark.parametrize(
    ("closed", "mode", "command", "message"),
    [
        ("seeds/sources", 0, "validate", "seeds/sources: unreadable-file: the folder cannot be read"),
        ("seeds/actors.yaml", 0, "validate", "seeds/actors.yaml: unreadable-file: "),
        ("data", 0o555, "build", "error: Permission denied: "),
        ("schemas/claims.json", 0, "validate", "claims.json: the file cannot be read (Permission denied)"),
    ],
)
def test_what_may_not_be_read_or_written_is_named(
    project: Path, closed: str, mode: int, command: str, message: str
) -> None:
    (project / "data" / "claims.csv").write_bytes(b"x\n")
    (project / closed).chmod(0)
    opened = unprivileged("-c", f"import os; os.close(os.open({str(project / closed)!r}, os.O_RDONLY))")
    if opened.returncode == 0:
        pytest.skip("the modes of files are not obeyed here")
    (project / closed).chmod(mode)
    done = unprivileged(REPOSITORY / "scripts" / f"{command}.py", "--project", project)
    (project / closed).chmod(0o755)
    assert done.returncode == (2 if "error: " in message or "schemas" in closed else 1)
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_disk_that_is_full_is_reported_with_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (project / "data" / "claims.csv").write_bytes(b"x\n")
    done = run_script("build", "--project", project, cwd=project)
    assert done.returncode == 2
    assert re.fullmatch(rf"error: No space left on device: \S+{UNFINISHED}\n", done.stderr.replace(str(project), ""))
    assert not list(project.rglob(f"*{UNFINISHED}"))


# --- paths ------------------------------------------------------------------------------------------------------------


def build_and_validate(root: Path) -> None:
    copy_seeds(root)
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    for name, *arguments in (("build",), ("build", "--check"), ("validate",), ("validate", "--", str(root))):
        done = run_script(name, "--project", root, *arguments, cwd=root.parent)
        assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("confirmed by Frictionless\n")


def test_a_project_works_in_a_folder_with_every_odd_character_in_its_name(tmp_path: Path) -> None:
    build_and_validate(tmp_path / "-[1]?*#%20'\"\n {b}$~é" / "project")


@pytest.mark.full
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_project_works_in_a_folder_with_an_odd_name(tmp_path: Path, name: str) -> None:
    build_and_validate(tmp_path / name / "project")


# --- the page of promises ---------------------------------------------------------------------------------------------


def test_every_test_that_the_promises_name_exists() -> None:
    page = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)\.py::(test_\w+)`", page)
    promises = page.partition("## Limits")[0].splitlines()
    rows = [line for line in promises if line.startswith("| ") and not line.startswith(("| Promise", "| ---"))]
    assert len(rows) >= 25
    assert [row for row in rows if "`test_" not in row] == []
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", (REPOSITORY / "tests" / f"{file}.py").read_text(encoding="utf-8"), re.M)
    ]
    assert missing == []


def test_the_page_states_the_limits_of_the_program() -> None:
    page = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
    stated = {name: number.replace(",", "") for name, number in re.findall(r"\| `(\w+)` \| ([\d,]+) \|", page)}
    assert stated == {name: str(value) for name, value in vars(LIMITS).items()}


@pytest.mark.full
def test_the_tortures_end_well_in_short_form(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(short=True)
    printed = capsys.readouterr().out
    assert (code, "BROKEN" in printed) == (0, False), printed
    assert printed.count("\n  (") == len(TORTURES)
