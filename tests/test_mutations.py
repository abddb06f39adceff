"""Mutations: any cell of the real dataset, broken in a known way, gives its finding there and no other.

The kinds are in `mutations_structure`, `mutations_meaning`, `mutations_neighbours`, `mutations_passages` and
`mutations_files`. Every run draws the same places; each kind is done in several, in the tables as they were read from
the seeds and in the same tables as CSV, also after line breaks inside cells. The first tier does fewer of them than
the second (`full`). `MUTATIONS=20` draws twenty times as many.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import mutations_meaning
import mutations_neighbours
import mutations_structure
import pytest
from conftest import REPOSITORY, texts_folder
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from mutations import KINDS, CsvTable, Draft, Found, Kind, Place, Spot, break_line, found, is_key, to_csv_with_places
from mutations_files import CSV, WRITTEN, CsvKind, WrittenKind
from mutations_passages import PASSAGES, passage_findings

from curation.project import Project, read_project
from curation.released import released_csv
from curation.seeds.records import UNWRITTEN
from curation.seeds.tables import SeedLocations
from russia_dprk_claims.checks.findings import Finding, Location, in_order
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.run import run_rules
from russia_dprk_claims.checks.structure import check_structure
from russia_dprk_claims.checks.tables import TextTable, TextTables, read_csv
from russia_dprk_claims.contract import SPAN, Field, Table

assert mutations_structure and mutations_meaning and mutations_neighbours  # they register the kinds
NO_TEXTS = Path(__file__).parent / "no-such-folder"
STRUCTURE = {
    *("required", "type", "vocabulary", "pattern", "pattern-by", "minimum", "max-words", "primary-key", "unique"),
    *("text-null", "text-invisible", "text-spaces", "text-nfc", "text-formula", "foreign-key"),
    *("text-garbled", "text-script"),
}
TIMES = int(os.environ.get("MUTATIONS", "1"))


def examples(number: int) -> settings:
    """Return the settings for a number of examples, the same ones in every run; nothing is shrunk, they are small."""
    return settings(
        derandomize=True,
        max_examples=number * TIMES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@cache
def valid() -> Project:
    """The real project, read once, without texts."""
    return read_project(REPOSITORY, NO_TEXTS)


def draft() -> Draft:
    return Draft(valid().contract, valid().tables)


def findings_of(tables: TextTables) -> list[Finding]:
    structure = check_structure(valid().contract, tables)
    return in_order([*structure.findings, *run_rules(valid().contract, tables, structure.invalid)])


Package = tuple[CsvTable, TextTable]


def packaged(table: Table, raw: TextTable, quote_all: bool) -> Package:
    """Write a table as CSV and read it again, without findings."""
    written = to_csv_with_places(table, raw, quote_all=quote_all)
    read, findings = read_csv(f"data/{table.name}.csv", written.data, table)
    assert findings == []
    return written, read


@cache
def valid_package(table: str, quote_all: bool) -> Package:
    """The CSV of a valid table, and the rows read from it, once."""
    return packaged(valid().contract[table], valid().tables[table], quote_all)


class Packaged:
    """A draft as CSV files and read again, with the places of the cells as `to_csv_with_places` counts them."""

    def __init__(self, broken: Draft, *, quote_all: bool) -> None:
        """Write and read the changed tables; the others were read before."""
        package = {
            name: valid_package(name, quote_all)
            if raw is valid().tables[name]
            else packaged(broken.contract[name], raw, quote_all)
            for name, raw in broken.tables.items()
        }
        self.written = {name: written for name, (written, _) in package.items()}
        self.tables = {name: raw for name, (_, raw) in package.items()}
        self.broken = broken

    def found(self, spot: Spot) -> Found:
        """Return the expected finding at a spot in the files."""
        line, column = self.written[spot.place.table].places[spot.place.row, spot.place.column]
        return self.broken.found(spot)._replace(location=Location(f"data/{spot.place.table}.csv", line, column))


def assert_found(kind: Kind, findings: Iterable[Finding], expected: Iterable[Found]) -> None:
    """Assert that what is expected is found, and nothing else but what the kind explains."""
    got, wanted = {found(each) for each in findings}, set(expected)
    assert wanted <= got, f"{kind.name}: not found"
    unexplained = {each for each in got - wanted if each.rule not in kind.also}
    assert unexplained == set(), f"{kind.name}: found without cause"


# --- the valid dataset -----------------------------------------------------------------------------------------------


def test_the_valid_dataset_gives_no_finding() -> None:
    assert valid().findings == []
    assert findings_of(valid().tables) == []


@pytest.mark.parametrize("quote_all", [False, True])
def test_the_valid_dataset_as_csv_gives_no_finding(quote_all: bool) -> None:
    assert findings_of(Packaged(draft(), quote_all=quote_all).tables) == []


def _begins(there: str, value: str, column: str) -> bool:
    """Return whether a value is written in a record in one of its forms: whole, quoted, short, as a span or folded."""
    if column in SPAN:
        return re.fullmatch(r"\d+-\d+", there.partition(",")[0].rstrip("}")) is not None and value in there
    short = [value, value.rpartition("-")[2]] if value.startswith("SRC-") else [value]
    return there.startswith(">-") or any(there.lstrip("\"'").startswith(each[:60]) for each in short)


def test_every_written_cell_is_at_its_location() -> None:
    lines = {
        f"seeds/{path.relative_to(REPOSITORY / 'seeds').as_posix()}": path.read_text(encoding="utf-8").split("\n")
        for path in (REPOSITORY / "seeds").rglob("*.yaml")
    }
    misplaced = []
    for table in valid().contract:
        raw = valid().tables[table.name]
        assert isinstance(raw.locator, SeedLocations)
        for column, offsets in raw.locator.offsets.items():
            for index in (index for index, offset in enumerate(offsets) if offset != UNWRITTEN):
                location = raw.locator.locate(index, column)
                there = lines[location.path][location.line - 1][location.column - 1 :]
                if not _begins(there, raw.cells[column][index] or "", column):
                    misplaced.append((table.name, index, column, location, there))
    assert misplaced == []


# --- faults of cells and rows ----------------------------------------------------------------------------------------


def test_there_are_enough_kinds_and_each_has_its_name() -> None:
    names = [each.name for each in (*KINDS, *PASSAGES)]
    names += [*(each.name for each in WRITTEN), *(each.name for each in CSV)]
    assert len(KINDS) >= 100
    assert [name for name, number in Counter(names).items() if number > 1] == []


def is_free_text(column: Field) -> bool:
    return column.type == "string" and not (column.enum or column.pattern or column.patterns_by)


# A value that breaks a rule in every column to which the rule applies.
SPOILED: dict[str, tuple[Callable[[Field], bool], Callable[[Field], str | None]]] = {
    "required": (lambda column: column.required, lambda _: None),
    "type": (lambda column: column.cell_type.pattern is not None, lambda _: "1,5"),
    "vocabulary": (lambda column: bool(column.enum), lambda column: f"{column.enum[0]}s"),
    "pattern": (lambda column: column.pattern is not None, lambda _: "§"),
    "minimum": (lambda column: column.minimum is not None, lambda column: str((column.minimum or 0) - 1)),
    "max-words": (
        lambda column: column.max_words is not None,
        lambda column: "on" + " and on" * (column.max_words or 0),
    ),
    "text-null": (is_free_text, lambda _: "N/A"),
    "text-invisible": (is_free_text, lambda _: "a\u200bb"),
    "text-spaces": (is_free_text, lambda _: "a  b"),
    "text-nfc": (is_free_text, lambda _: "e\u0301"),
    "text-formula": (is_free_text, lambda _: "=1"),
}


@pytest.mark.parametrize("rule", SPOILED)
def test_a_rule_is_checked_in_every_column_to_which_it_applies(rule: str) -> None:
    applies, value = SPOILED[rule]
    broken = draft()
    spoiled = [
        Place(table.name, 0, column.name)
        for table in broken.contract
        for column in table.fields
        # Whatever refers to a broken key is not checked.
        if applies(column) and not is_key(table, column)
    ]
    for place in spoiled:
        broken.put(place, value(broken.contract[place.table].by_name[place.column]))
    findings = check_structure(broken.contract, broken.tables).findings
    assert {(each.table, each.column) for each in findings if each.rule == rule} == {
        (place.table, place.column) for place in spoiled
    }
    assert spoiled


def test_every_reference_is_looked_up() -> None:
    broken = draft()
    spoiled = []
    for table in broken.contract:
        for key in table.foreign_keys:
            column = key.columns[-1]
            cells = broken.tables[table.name].cells[column]
            row, value = next((row, value) for row, value in enumerate(cells) if value)
            # Of the same form, so that only the look-up can find it.
            missing = f"{value.rstrip('0123456789')}{'9' * 4}"[: len(value)] if value[-1].isdecimal() else f"{value}-x"
            broken.put(Place(table.name, row, column), missing)
            spoiled.append((table.name, column, missing))
    findings = check_structure(broken.contract, broken.tables).findings
    assert {(each.table, each.column, each.value) for each in findings if each.rule == "foreign-key"} == set(spoiled)


def test_every_rule_of_structure_and_meaning_has_a_kind() -> None:
    rules = set()
    for kind in KINDS:
        broken = draft()
        rules |= {spot.rule for spot in kind.edit(broken, kind.shuffled(broken)[0])}
    assert {*STRUCTURE, *(each.id for each in RULES)} <= rules


def each_kind(*, first_tier: int = 1) -> pytest.MarkDecorator:
    """Run a test on every kind; all but one in `first_tier` are left to the second tier."""

    def marks(number: int, kind: Kind) -> list[pytest.MarkDecorator]:
        later = [pytest.mark.full] if number % first_tier else []
        return [*later, pytest.mark.xfail(strict=True, reason=kind.bug)] if kind.bug else later

    return pytest.mark.parametrize(
        "kind", [pytest.param(each, id=each.name, marks=marks(number, each)) for number, each in enumerate(KINDS)]
    )


@each_kind(first_tier=4)
def test_a_fault_in_the_seeds_is_found_at_its_location_and_nothing_else(kind: Kind) -> None:
    places = kind.shuffled(draft())
    assert len(places) >= 2

    @examples(1)
    @given(place=st.sampled_from(places))
    def holds(place: Place) -> None:
        broken = draft()
        spots = kind.edit(broken, place)
        assert_found(kind, findings_of(broken.tables), map(broken.found, spots))

    holds()


@each_kind()
def test_a_fault_in_a_csv_is_found_at_its_location_and_nothing_else(kind: Kind) -> None:
    """Break lines in up to three records before the fault, do it, and look for it in the CSV files."""

    @examples(1)
    @given(
        # Not the place that is drawn first in the seeds.
        place=st.sampled_from(kind.shuffled(draft())[::-1]),
        breaks=st.sampled_from([2, 3, 1, 0]),
        quote_all=st.booleans(),
    )
    def holds(place: Place, breaks: int, quote_all: bool) -> None:
        broken = draft()
        spots = kind.edit(broken, place)
        first, *_ = spots
        before = [each for each in range(first.place.row) if _is_apart(broken, first.place, each)][-breaks or None :]
        spots += [break_line(broken, first.place.table, each) for each in before[:breaks]]
        package = Packaged(broken, quote_all=quote_all)
        assert_found(kind, findings_of(package.tables), map(package.found, spots))

    holds()


def _is_apart(broken: Draft, place: Place, row: int) -> bool:
    """Return whether the fault does not affect a row: it is unchanged and of another record."""
    table = place.table
    ours, theirs = broken.tables[table], valid().tables[table]
    key = broken.contract[table].primary_key[0]
    return row < len(theirs) and ours.row(row) == theirs.row(row) and ours.cells[key][row] != ours.cells[key][place.row]


@pytest.mark.skipif(texts_folder() is None, reason="not all source texts are available")
@pytest.mark.parametrize("kind", PASSAGES, ids=lambda kind: kind.name)
def test_a_fault_that_only_the_texts_show_is_found_and_nothing_else(kind: Kind) -> None:
    places = kind.shuffled(draft())[: 2 * TIMES]
    assert len(places) >= 2
    for place in places:
        broken = draft()
        spots = kind.edit(broken, place)
        assert_found(kind, passage_findings(broken), map(broken.found, spots))


def test_a_line_break_earlier_in_the_same_record_moves_the_line() -> None:
    broken = draft()
    place = Place("claims", 40, "claim_text")
    broken.put(place, "One line,\nand another,\n\nand a last.")
    broken.change(place, polarity="perhaps")
    package = Packaged(broken, quote_all=False)
    spots = [Spot("text-invisible", place), Spot("vocabulary", place._replace(column="polarity"))]
    expected = [package.found(each) for each in spots]
    assert [found(each) for each in findings_of(package.tables)] == expected
    assert expected[1].location.line == expected[0].location.line + 3


class SeveralFaults(RuleBasedStateMachine):
    """Faults are added and repaired one by one: none hides another one elsewhere, and a repair leaves no trace."""

    def __init__(self) -> None:
        """Begin with the valid dataset."""
        super().__init__()
        self.faults: dict[str, tuple[Kind, Place]] = {}

    def _found(self) -> set[Found]:
        broken = draft()
        spots = [spot for kind, place in self.faults.values() for spot in kind.edit(broken, place)]
        findings = {found(each) for each in findings_of(broken.tables)}
        assert {broken.found(each) for each in spots} <= findings
        return findings

    @precondition(lambda self: len(self.faults) < len(valid().tables["sources"]))
    @rule(number=st.integers(min_value=0, max_value=10_000), kind=st.sampled_from(KINDS))
    def break_somewhere(self, number: int, kind: Kind) -> None:
        """Break one more source, if the kind can be done to cells of it alone."""
        places = [each for each in kind.shuffled(draft()) if each.table in {"claims", "quantities"}]
        if not places:
            return
        place = places[number % len(places)]
        broken = draft()
        kind.edit(broken, place)
        source = (valid().tables[place.table].cells["claim_id"][place.row] or "")[:8]
        changed = [name for name, raw in broken.tables.items() if raw is not valid().tables[name]]
        if changed == [place.table] and len(broken.tables[place.table]) == len(valid().tables[place.table]):
            self.faults.setdefault(source, (kind, place))
            self._found()

    @precondition(lambda self: bool(self.faults))
    @rule(data=st.data())
    def mend(self, data: st.DataObject) -> None:
        """Repair one fault."""
        del self.faults[data.draw(st.sampled_from(sorted(self.faults)))]
        if not self.faults:
            assert self._found() == set()

    def teardown(self) -> None:
        """Repair what is left."""
        self.faults.clear()
        assert self._found() == set()


SeveralFaults.TestCase.settings = settings(examples(4), stateful_step_count=7)
TestSeveralFaults = SeveralFaults.TestCase


# --- faults in the bytes of files ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the seeds and the contract, to be broken and repaired file by file."""
    root = tmp_path_factory.mktemp("copy")
    for folder in ("schemas", "seeds"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("texts"))
    return root


def read_broken(root: Path, path: str, data: bytes) -> list[Finding]:
    """Return the findings on a copy of the project with one file broken, and repair it."""
    whole = (root / path).read_bytes()
    (root / path).write_bytes(data)
    try:
        project = read_project(root, NO_TEXTS, valid().contract)
    finally:
        (root / path).write_bytes(whole)
    return in_order([*project.findings, *run_rules(project.contract, project.tables, project.invalid)])


@pytest.mark.parametrize("times", [1, pytest.param(4, marks=pytest.mark.full)], ids=["once", "four times"])
@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.name)
def test_a_fault_in_a_record_is_found_where_it_was_written(kind: WrittenKind, times: int, copy: Path) -> None:
    records = {each: (copy / each).read_text(encoding="utf-8").split("\n") for each in _records(copy)}
    places = [(path, n) for path, lines in records.items() for n, line in enumerate(lines) if kind.line.search(line)]

    @examples(times)
    @given(place=st.sampled_from(places))
    def holds(place: tuple[str, int]) -> None:
        path, index = place
        lines = list(records[path])
        line, column = kind.edit(lines, index)
        findings = read_broken(copy, path, "\n".join(lines).encode("utf-8"))
        assert_only(kind.rule, Location(path, line, column), findings, kind.also)

    assert len(places) >= 2
    holds()


def _records(root: Path) -> list[str]:
    return sorted(each.relative_to(root).as_posix() for each in (root / "seeds" / "sources").glob("*.yaml"))


def assert_only(rule_: str, location: Location, findings: Sequence[Finding], also: Iterable[str] = ()) -> None:
    """Assert that a rule has one finding at a location, and that no other rule is broken."""
    ours = [each for each in findings if each.rule == rule_]
    assert [each.location for each in ours] == [location]
    assert [str(each) for each in findings if each.rule != rule_ and each.rule not in also] == []


def test_a_missing_passage_hash_is_reported_at_its_passage(copy: Path) -> None:
    for path in sorted((copy / "seeds" / "seals").glob("*.csv"))[:2]:
        lines = path.read_text(encoding="utf-8").split("\n")
        span, _, _ = lines.pop(len(lines) // 2).partition(",")
        findings = read_broken(copy, path.relative_to(copy).as_posix(), "\n".join(lines).encode("utf-8"))
        record = (copy / "seeds" / "sources" / f"{path.stem}.yaml").read_text(encoding="utf-8").split("\n")
        places = {Location(f"seeds/sources/{path.stem}.yaml", record.index(f"  span: {span}") + 1, 9)}
        assert {each.location for each in findings if each.rule == "seal"} == places
        assert {each.rule for each in findings} == {"seal"}


def test_a_removed_released_id_is_reported_at_its_line(copy: Path) -> None:
    path = copy / "seeds" / "released.csv"
    released = released_csv(valid().contract, valid().tables).decode("utf-8").split("\n")

    @examples(3)
    @given(index=st.integers(min_value=1, max_value=len(released) - 2))
    def holds(index: int) -> None:
        table, id_, _ = released[index].split(",")
        gone = f"{table},{id_[:-1]}{(int(id_[-1]) + 1) % 10 if id_[-1].isdecimal() else 'z'}{id_[-1]},"
        lines = [*released[:index], gone, *released[index:]]
        findings = read_broken(copy, "seeds/released.csv", "\n".join(lines).encode("utf-8"))
        assert_only("released-ids", Location("seeds/released.csv", index + 1, len(table) + 2), findings)

    path.write_text("\n".join(released), encoding="utf-8")
    try:
        holds()
    finally:
        path.unlink()


@pytest.mark.parametrize("kind", CSV, ids=lambda kind: kind.name)
def test_a_fault_in_the_bytes_of_a_csv_is_found_at_its_line(kind: CsvKind) -> None:
    tables = list(valid().contract)

    @examples(4)
    @given(table=st.sampled_from(tables), number=st.integers(min_value=0, max_value=10_000))
    def holds(table: Table, number: int) -> None:
        broken = draft()
        break_line(broken, table.name, 0)
        written = to_csv_with_places(table, broken.tables[table.name])
        header, *rest = written.data.split(b"\n")
        skipped = written.places[1, table.columns[0]][0] - 2
        safe = [n for n, line in enumerate(rest) if n >= skipped and line]
        lines = [header, *rest]
        line, column = kind.edit(lines, safe[number % len(safe)] + 1)
        _, findings = read_csv("data/x.csv", b"\n".join(lines), table)
        assert {(each.rule, each.location) for each in findings} == {(kind.rule, Location("data/x.csv", line, column))}

    holds()
