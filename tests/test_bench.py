"""The benchmark: generated datasets are valid, always the same and like the real one; what a process costs is told."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import polars as pl
import psutil
import pytest
from conftest import REPOSITORY

from russia_dprk_claims.bench.chart import chart
from russia_dprk_claims.bench.faults import FAULTS, FaultError, put_fault
from russia_dprk_claims.bench.measuring import DONE, FAILED, TIMED_OUT, Cost, measure
from russia_dprk_claims.bench.package import FolderError, read_outline, write_package
from russia_dprk_claims.bench.peers.csvw import METADATA, metadata
from russia_dprk_claims.bench.peers.floor import parse
from russia_dprk_claims.bench.peers.pandera_pandas import validate as validate_by_pandas
from russia_dprk_claims.bench.reporting import BEGIN, END, PageError, write_report
from russia_dprk_claims.bench.results import (
    NOT_TRIED,
    Measurement,
    Results,
    ResultsError,
    growth,
    medians,
    ratio,
    read_results,
    write_results,
)
from russia_dprk_claims.bench.running import Plan, run
from russia_dprk_claims.bench.seedfolder import write_seeds
from russia_dprk_claims.bench.subjects import Kind, Subject, SubjectError, chosen, subjects
from russia_dprk_claims.bench.synthetic.draws import SEED, below, gathered, popular, spread, words
from russia_dprk_claims.bench.synthetic.outline import Outline, SizeError
from russia_dprk_claims.bench.synthetic.passages import OBJECTS, claim_rows, passages
from russia_dprk_claims.bench.synthetic.profile import ProfileError, read_profile
from russia_dprk_claims.bench.synthetic.tables import parts
from russia_dprk_claims.build import build
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.verdicts import run_rules
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package.csvfiles import read_csv
from russia_dprk_claims.package.descriptor import DESCRIPTOR, data_path
from russia_dprk_claims.package.reading import read_package
from russia_dprk_claims.project import read_project
from russia_dprk_claims.raw_tables import to_csv
from russia_dprk_claims.validate import validate_package

CLAIMS = 1_000


def outlined(claims: int) -> Outline:
    return read_outline(REPOSITORY, claims)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "package"
    write_package(outlined(CLAIMS), REPOSITORY, folder)
    return folder


@pytest.fixture(scope="module")
def many() -> dict[str, pl.DataFrame]:
    """The tables of a dataset that is large enough to have everything."""
    made = list(parts(outlined(20_000)))
    return {name: pl.concat([each[name] for each in made if name in each]) for name in made[0] | made[1] | made[-1]}


@pytest.fixture
def copied(package: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(package, tmp_path / "package"))


def real(table: str) -> pl.DataFrame:
    return pl.read_csv(REPOSITORY / data_path(table), infer_schema=False)


# --- generated datasets -------------------------------------------------------------------------------------------


def test_a_generated_package_passes_every_check_and_frictionless(package: Path) -> None:
    verdict = validate_package(package, REPOSITORY, lambda _: None)
    assert [str(each) for each in verdict.findings] == []
    assert verdict.rows["claims"] == CLAIMS


@pytest.mark.parametrize("claims", [100, 131, 2_345])
def test_datasets_of_odd_sizes_pass_every_check(claims: int, tmp_path: Path, contract: Contract) -> None:
    write_package(outlined(claims), REPOSITORY, tmp_path / "package")
    tables, findings = read_package(tmp_path / "package", contract)
    structure = check_structure(contract, tables)
    findings += [*structure.findings, *run_rules(contract, tables, structure.faulty)]
    assert [str(each) for each in findings] == []
    assert len(tables["claims"]) == claims


def test_the_build_of_a_generated_seed_folder_gives_the_generated_package(package: Path, tmp_path: Path) -> None:
    write_seeds(outlined(CLAIMS), REPOSITORY, tmp_path / "project")
    built = build(read_project(tmp_path / "project"))
    assert [str(each) for each in built.findings] == []
    written = {path.relative_to(package).as_posix(): path for path in package.rglob("*") if path.is_file()}
    differing = [path for path, content in built.files.items() if written[path].read_bytes() != content]
    assert differing == []
    assert len(built.files) == len(list((package / "data").iterdir())) + 1


def test_the_same_number_of_claims_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    write_package(outlined(CLAIMS), REPOSITORY, tmp_path / "again")
    for path in (each for each in package.rglob("*") if each.is_file()):
        assert (tmp_path / "again" / path.relative_to(package)).read_bytes() == path.read_bytes(), path


def test_the_rows_do_not_depend_on_how_many_are_made_at_a_time() -> None:
    outline = outlined(3_000)
    at_once, in_parts = (list(parts(outline, size)) for size in (10_000, 150))
    assert len(in_parts) > len(at_once)
    for name in at_once[-1]:
        pieces = pl.concat([each[name] for each in in_parts if name in each])
        assert pieces.equals(at_once[-1][name]), name


def test_the_csv_files_are_exactly_what_the_writer_of_packages_makes(package: Path, contract: Contract) -> None:
    for table in contract:
        data = (package / data_path(table.name)).read_bytes()
        raw, findings = read_csv(table.name, data, table)
        assert findings == []
        assert to_csv(table, raw) == data, table.name


def test_source_ids_of_more_than_four_figures_are_in_the_order_of_their_code_points() -> None:
    outline = outlined(800_000)
    ids = outline.source_ids.to_list()
    assert ids == sorted(ids)
    assert {"SRC-0001", "SRC-1000", "SRC-10000", f"SRC-{outline.sources}"} <= set(ids)
    assert outline.claim_ids(np.array([0, 799_999])).to_list() == ["SRC-0001-C001", f"{ids[-1]}-C{_last(outline):03}"]


def _last(outline: Outline) -> int:
    return int(outline.begins[-1] - outline.begins[-2])


def test_tables_have_the_proportions_of_the_real_dataset(many: dict[str, pl.DataFrame], contract: Contract) -> None:
    share = len(many["claims"]) / len(real("claims"))
    for table in contract:
        assert len(many[table.name]) == pytest.approx(len(real(table.name)) * share, rel=0.1), table.name


def test_every_value_of_every_vocabulary_occurs(many: dict[str, pl.DataFrame], contract: Contract) -> None:
    missing = {
        f"{table.name}.{column.name}": unused
        for table in contract
        for column in table.fields
        if (unused := set(column.enum) - set(many[table.name][column.name]))
    }
    assert missing == {}


def test_cells_are_empty_about_as_often_as_in_the_real_dataset(
    many: dict[str, pl.DataFrame], contract: Contract
) -> None:
    for table in contract:
        known = real(table.name)
        for column in table.columns:
            share, expected = (each[column].null_count() / len(each) for each in (many[table.name], known))
            assert share == pytest.approx(expected, abs=0.16), f"{table.name}.{column}"
            assert share < 1, f"{table.name}.{column} is never filled"


def test_texts_have_what_programs_stumble_over(many: dict[str, pl.DataFrame]) -> None:
    for cells in (many["claims"]["claim_text"], many["claims"]["note"].drop_nulls()):
        for sign in (",", '"', "“", ";"):
            assert cells.str.contains(sign, literal=True).sum() > 100, sign
        assert int(cells.str.contains(r"[^\x00-\x7f]").sum()) > len(cells) / 10
    assert many["claims"].group_by("source_id").agg(pl.col("claim_text").is_duplicated().any())["claim_text"].sum() == 0


def test_figures_are_varied(many: dict[str, pl.DataFrame]) -> None:
    figures = many["quantities"]
    assert figures["value_text"].n_unique() > len(figures) / 4
    for form in (
        r"^about [0-9,]+$",
        r"^[0-9]+\.[0-9] million$",
        "^two$",
        "^between .* and ",
        "^dozens$",
        "^at least",
    ):
        assert figures["value_text"].str.contains(form).any(), form


def test_relations_lead_inside_a_source_to_neighbours_and_far_away(many: dict[str, pl.DataFrame]) -> None:
    claims = many["claims"]["claim_id"]
    place = pl.DataFrame({"claim_id": claims, "place": range(len(claims))})
    rows = (
        many["claim_relations"]
        .join(place, on="claim_id")
        .join(place.rename({"claim_id": "related_claim_id", "place": "other"}), on="related_claim_id")
    )
    inside = rows["claim_id"].str.slice(0, 8) == rows["related_claim_id"].str.slice(0, 8)
    distance = (rows["place"] - rows["other"]).abs()
    assert 0.3 * len(rows) < int(inside.sum()) < 0.5 * len(rows)
    assert (~inside & (distance <= 2_000)).any()
    assert (distance > 4_000).any()


def test_withdrawn_claims_shared_origins_hierarchies_and_misspelt_names_occur(many: dict[str, pl.DataFrame]) -> None:
    claims, actors = many["claims"], many["actors"]
    assert claims["superseded_by"].drop_nulls().is_in(claims.filter(record_status="active")["claim_id"].to_list()).all()
    assert claims["superseded_by"].count() > 10
    shared = claims.drop_nulls("origin_id").group_by("origin_id").agg(pl.col("source_id").n_unique())
    assert (shared["source_id"] > 1).any()
    parents = dict(actors.select("actor_id", "parent_id").iter_rows())
    assert any(parents.get(parents.get(parent)) for parent in parents.values() if parent)
    assert (many["claim_actors"]["resolution"] == "misspelling").any()


def test_too_few_or_too_many_claims_are_refused_in_words() -> None:
    with pytest.raises(SizeError, match=r"^99 claims: choose a number from 100 to 50000000$"):
        outlined(99)


def test_a_project_without_tables_gives_no_pattern(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "schemas", tmp_path / "schemas")
    with pytest.raises(ProfileError, match=r"^data/actors\.csv: cannot be read; run scripts/build\.py$"):
        read_outline(tmp_path, 100)


class Crowded(Outline):
    """An outline of which all claims are in one source."""

    @property
    def sources(self) -> int:
        return 1


def test_a_source_of_more_claims_than_there_are_objects_has_no_text_twice(contract: Contract) -> None:
    made = passages(Crowded(read_profile(REPOSITORY, contract), 900), 0, 1)
    texts = claim_rows(made)["claim_text"]
    assert len(texts) == 900 > OBJECTS
    assert texts.n_unique() == 900


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="is there already; name another folder or remove it"):
        write_package(outlined(100), REPOSITORY, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


# --- draws --------------------------------------------------------------------------------------------------------


def test_draws_are_the_numbers_of_splitmix64() -> None:
    def splitmix64(state: int) -> int:
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB % 2**64
        return state ^ (state >> 31)

    key = int.from_bytes(hashlib.sha256(f"{SEED} figures".encode()).digest()[:8], "big")
    drawn = words("figures", np.arange(1_000, dtype=np.int64)).tolist()
    assert drawn == [splitmix64((number * 0x9E3779B97F4A7C15 + key) % 2**64) for number in range(1_000)]
    # What they are must never change, or generated datasets would.
    assert below("pinned", np.arange(6, dtype=np.int64), 1_000).tolist() == [621, 743, 445, 950, 257, 392]


def test_spreading_popular_ranks_hits_every_place_once_and_can_be_undone() -> None:
    for size in (1, 2, 27, 1_000):
        ranks = np.arange(size, dtype=np.int64)
        places = spread(ranks, size)
        assert sorted(places.tolist()) == ranks.tolist()
        assert gathered(places, size).tolist() == ranks.tolist()
    drawn = popular("rank", np.arange(10_000, dtype=np.int64), 1_000)
    assert int((drawn == 0).sum()) > 20 * int((drawn == 500).sum())


# --- faults -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("share", [0.0, 0.47, 1.0])
def test_one_bad_cell_is_found_where_it_was_put_and_nothing_else(
    name: str, share: float, copied: Path, contract: Contract
) -> None:
    try:
        broken = put_fault(contract, copied, FAULTS[name], share)
    except FaultError as error:
        assert share == 1.0
        assert str(error).endswith(f"takes the fault {name!r}")
        return
    tables, findings = read_package(copied, contract)
    structure = check_structure(contract, tables)
    findings += [*structure.findings, *run_rules(contract, tables, structure.faulty)]
    assert [(each.origin.path, each.origin.line, each.rule) for each in findings] == [
        (broken.origin.path, broken.origin.line, FAULTS[name].rule)
    ]
    resource = next(
        each
        for each in json.loads((copied / DESCRIPTOR).read_bytes())["resources"]
        if each["path"] == broken.origin.path
    )
    assert resource["bytes"] == (copied / broken.origin.path).stat().st_size


def test_a_folder_that_is_no_package_takes_no_fault(tmp_path: Path, contract: Contract) -> None:
    with pytest.raises(FaultError, match="not a generated package"):
        put_fault(contract, tmp_path, FAULTS["vocabulary"], 0.5)
    assert list(tmp_path.iterdir()) == []


# --- peers --------------------------------------------------------------------------------------------------------


def test_the_floor_parses_every_table_and_trips_over_what_is_no_csv(copied: Path) -> None:
    parse(copied)
    (copied / "data" / "claims.csv").write_text("claim_id\na,b\n", encoding="utf-8")
    with pytest.raises(pl.exceptions.ComputeError):
        parse(copied)


@pytest.mark.parametrize("name", ["vocabulary", "dangling", "repeated-key"])
def test_the_peers_accept_the_package_and_refuse_a_broken_one(name: str, copied: Path, contract: Contract) -> None:
    (copied / METADATA).write_text(metadata(contract), encoding="utf-8")
    peers: dict[str, Callable[[], bool]] = {
        "pandera-pandas": lambda: validate_by_pandas(contract, copied) == 0,
        "csvw": lambda: _runs(str(Path(sys.executable).with_name("csvwvalidate")), "--lax", str(copied / METADATA)),
    }
    assert {peer: accepts() for peer, accepts in peers.items()} == dict.fromkeys(peers, True)
    put_fault(contract, copied, FAULTS[name], 0.5)
    assert {peer: accepts() for peer, accepts in peers.items()} == dict.fromkeys(peers, False)


def _runs(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


# --- measuring ----------------------------------------------------------------------------------------------------


def python(program: str, limit: float = 60) -> Cost:
    return measure([sys.executable, "-c", program], REPOSITORY, limit)


def test_the_memory_of_all_processes_of_a_tree_counts_together() -> None:
    child = "import time; held = b'x' * 60_000_000; time.sleep(0.6)"
    program = f"import subprocess, sys; a = [subprocess.Popen([sys.executable, '-c', {child!r}]) for _ in range(2)]"
    cost = python(f"{program}\nfor each in a: each.wait()")
    assert cost.outcome == DONE
    assert cost.peak > 120_000_000


def test_the_processor_time_of_what_a_process_starts_counts() -> None:
    busy = "import time\nwhile time.process_time() < 0.4: pass"
    cost = python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])")
    assert cost.cpu >= 0.4


def test_a_process_that_fails_is_told_with_its_last_words() -> None:
    cost = python("import sys; sys.exit('no such table')")
    assert (cost.outcome, cost.error) == (FAILED, "exit code 1: no such table")


def test_a_program_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    cost = measure([str(tmp_path / "csvwvalidate"), "any"], tmp_path, 60)
    assert (cost.outcome, cost.error) == (FAILED, "csvwvalidate is not installed")


def test_a_process_that_takes_too_long_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    child = f"import os, pathlib, time; pathlib.Path({str(told)!r}).write_text(str(os.getpid())); time.sleep(600)"
    cost = python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])", limit=1.5)
    assert cost.outcome == TIMED_OUT
    # Whoever inherits the child may take a moment to bury it.
    with suppress(psutil.NoSuchProcess):
        started = psutil.Process(int(told.read_text(encoding="utf-8")))
        assert started.status() == psutil.STATUS_ZOMBIE or started.wait(10) is None


def test_subjects_run_in_turn_and_one_that_was_stopped_is_not_tried_again() -> None:
    def subject(name: str, program: str) -> Subject:
        return Subject(name, "", Kind.PROJECT, lambda _, __: [sys.executable, "-c", program])

    told: list[str] = []
    plan = Plan(REPOSITORY, [], [subject("a", "pass"), subject("b", "import time; time.sleep(60)")], 2, 1.0)
    made = list(run(plan, None, told.append))
    assert [(each.subject, each.number, each.outcome) for each in made] == [
        ("a", 1, DONE),
        ("b", 1, TIMED_OUT),
        ("a", 2, DONE),
    ]
    assert len(told) == 3


def test_a_name_that_no_subject_has_is_told_with_those_that_there_are() -> None:
    with pytest.raises(SubjectError, match=r"^there is no subject 'flor'; one of: floor, ours, .*, start$"):
        chosen(REPOSITORY, "ours,flor")


def test_the_starts_of_all_scripts_are_subjects() -> None:
    scripts = {f"help-{path.stem}" for path in (REPOSITORY / "scripts").glob("*.py")}
    assert {each.name for each in chosen(REPOSITORY, "start")} == {"validate-real", "check-real", *scripts}


# --- results ------------------------------------------------------------------------------------------------------


def results(*measurements: Measurement) -> Results:
    words = {each.subject: f"what {each.subject} does" for each in measurements}
    return Results({"cores": "2"}, {"python": "3.11.0"}, 60.0, words, list(measurements))


def done(subject: str, size: int, wall: float, number: int = 1) -> Measurement:
    return Measurement(subject, size, number, DONE, wall, 2 * wall, int(wall * 1e8))


MADE = results(
    *(done("floor", size, size / 10_000) for size in (10_000, 100_000)),
    *(done("ours", 10_000, wall, number) for number, wall in enumerate((9.0, 2.0, 3.0), start=1)),
    done("ours", 100_000, 30.0),
    Measurement("slow", 10_000, 1, TIMED_OUT, 60.0, 60.0, 10),
    Measurement("slow", 100_000, 1, NOT_TRIED, error="it was stopped at 10000 claims"),
    done("help-build", 0, 0.07),
)


def test_medians_and_ratios_are_of_the_same_size() -> None:
    costs = medians(MADE.measurements)
    assert costs["ours", 10_000].wall == 3.0
    assert ratio(costs, "ours", "floor", 10_000) == 3.0
    assert math.isnan(ratio(costs, "slow", "floor", 10_000))


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.37, 2.0])
def test_growth_is_the_exponent_of_a_power_law(exponent: float) -> None:
    costs = medians(done("any", size, 1e-6 * size**exponent) for size in (1_000, 10_000, 250_000, 1_000_000))
    assert growth(costs, "any") == pytest.approx(exponent)
    assert math.isnan(growth(costs, "any", smallest=1_000_000))


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_results(MADE, tmp_path)
    assert read_results(tmp_path) == MADE


def test_a_file_that_holds_no_results_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"results\.json: No such file or directory; run scripts/bench\.py"):
        read_results(tmp_path)
    (tmp_path / "results.json").write_text('{"measurements": [{"size": 1}]}', encoding="utf-8")
    with pytest.raises(ResultsError, match="these are not results of this program"):
        read_results(tmp_path)


TABLE = """\
Medians of 3 runs in turn, each stopped after 60 s. Machine: cores 2. Versions: python 3.11.0.

| claims | subject | wall, s | CPU, s | peak, MB | claims a second | × floor | × ours |
|--:|---|--:|--:|--:|--:|--:|--:|
| 10 000 | floor | 1.00 | 2.00 | 100 | 10 000 | 1.00 | 0.33 |
| 100 000 | floor | 10.00 | 20.00 | 1 000 | 10 000 | 1.00 | 0.33 |
| 10 000 | ours | 3.00 | 6.00 | 300 | 3 333 | 3.00 | 1.00 |
| 100 000 | ours | 30.00 | 60.00 | 3 000 | 3 333 | 3.00 | 1.00 |
| 10 000 | slow | > 60 |  |  |  |  |  |
| 100 000 | slow | not tried |  |  |  |  |  |

| subject | growth exponent | of the last step |
|---|--:|--:|
| floor | 1.00 | 1.00 |
| ours | 1.00 | 1.00 |
| slow |  |  |

| subject | wall, s | CPU, s | peak, MB |
|---|--:|--:|--:|
| help-build | 0.07 | 0.14 | 7 |

- `floor`: what floor does
- `help-build`: what help-build does
- `ours`: what ours does
- `slow`: what slow does

`slow` at 100 000 claims: not tried: it was stopped at 10000 claims
"""


def test_the_table_tells_times_ratios_growth_and_who_was_stopped(tmp_path: Path) -> None:
    write_results(MADE, tmp_path)
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n{BEGIN}old\n{END}After.\n", encoding="utf-8")
    assert write_report(tmp_path, page) == TABLE
    assert (tmp_path / "results.md").read_text(encoding="utf-8") == TABLE
    assert page.read_text(encoding="utf-8") == f"Before.\n{BEGIN}\n{TABLE}\n{END}After.\n"


def test_a_page_without_a_place_for_the_table_is_left_alone(tmp_path: Path) -> None:
    write_results(MADE, tmp_path)
    page = tmp_path / "page.md"
    page.write_text("Nothing.\n", encoding="utf-8")
    with pytest.raises(PageError, match="are not there; put them around the place"):
        write_report(tmp_path, page)
    assert page.read_text(encoding="utf-8") == "Nothing.\n"
    assert not (tmp_path / "results.md").exists()


def test_the_chart_is_the_same_in_every_run_and_names_what_came_to_its_end() -> None:
    svg = chart(MADE)
    assert svg == chart(MADE)
    assert svg.startswith("<svg")
    assert all(f">{each}</text>" in svg for each in ("floor", "ours", "100,000", "seconds on the clock"))
    assert ">slow</text>" not in svg


# --- the command --------------------------------------------------------------------------------------------------


def bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "scripts" / "bench.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_a_run_generates_measures_and_reports(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    out = tmp_path / "out"
    names = "floor,build,build-again,help-build"
    done = bench(
        "run", "--sizes", "100,200", "--subjects", names, "--repeat", "1", "--out", out, "--work", tmp_path / "work"
    )
    assert done.returncode == 0, done.stderr
    made = read_results(out).measurements
    assert [(each.subject, each.size, each.outcome) for each in made] == [
        ("help-build", 0, DONE),
        *((subject, size, DONE) for size in (100, 200) for subject in ("floor", "build", "build-again")),
    ]
    assert all(each.wall > 0 and each.cpu > 0 and each.peak > 1_000_000 for each in made)
    assert done.stdout == (out / "results.md").read_text(encoding="utf-8")
    assert sorted(each.name for each in out.iterdir()) == ["results.json", "results.md", "results.svg"]
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("generate", "package", "7", "{}/new"), "error: 7 claims: choose a number from 100 to 50000000"),
        (
            ("generate", "package", "100", "{}/new", "--project", str(REPOSITORY / "tests" / "harbour")),
            f"error: {REPOSITORY / 'tests' / 'harbour' / 'schemas'}: there is no schema in this folder",
        ),
        (("generate", "seeds", "100", "{}"), "error: {}: is there already; name another folder or remove it"),
        (("break", "{}", "--fault", "x"), f"error: there is no fault 'x'; one of: {', '.join(FAULTS)}"),
        (("break", "{}"), "error: {}: not a generated package"),
        (("report", "{}"), "error: {}/results.json: No such file or directory; run scripts/bench.py run --out {}"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(arguments: tuple[str, ...], error: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = bench(*(each.format(tmp_path) for each in arguments))
    assert (done.returncode, done.stdout, done.stderr) == (2, "", error.format(tmp_path, tmp_path) + "\n")
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_break_says_where_the_bad_cell_is(copied: Path) -> None:
    done = bench("break", copied, "--fault", "dangling", "--at", "0.5")
    path, line, *_ = done.stdout.split(":")
    with (copied / path).open(encoding="utf-8", newline="") as file:
        row = list(csv.reader(file))[int(line) - 1]
    assert row[1] == "SRC-0001-C999"
    assert done.stdout.endswith("is now 'SRC-0001-C999'\n")


def test_the_page_on_performance_tells_every_subject_and_every_fault() -> None:
    page = (REPOSITORY / "docs" / "PERFORMANCE.md").read_text(encoding="utf-8")
    told = [each.name for each in subjects(REPOSITORY).values() if not each.name.startswith("help-")]
    assert [name for name in (*told, *FAULTS) if f"`{name}`" not in page] == []
    assert page.count(BEGIN) == page.count(END) == 1
