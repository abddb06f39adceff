"""The CSV of a frame is that of its rows, and mending it is writing it anew."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from conftest import REPOSITORY
from hypothesis import given
from hypothesis import strategies as st

from russia_dprk_claims.checks.structure import text_frame
from russia_dprk_claims.contract import Contract, Table, read_contract
from russia_dprk_claims.package import hashed, tablefiles
from russia_dprk_claims.package.tablefiles import frame_csv, mended
from russia_dprk_claims.raw_tables import RawTable, to_csv
from russia_dprk_claims.seeds.records import SeedFile, read_record, read_seeds

CONTRACT = read_contract(REPOSITORY / "schemas")
# No cell that is sound has a control character; all else may be in one.
TEXTS = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5)
MARKS = st.none() | st.text(st.sampled_from(list("a,;\"'#-=é한 \u2028")), max_size=4)


def frame_of(raw: RawTable) -> pl.DataFrame:
    return text_frame(raw).drop("#row")


def test_the_real_tables_are_written_alike_in_whatever_order_they_come(contract: Contract) -> None:
    tables = read_seeds(REPOSITORY / "seeds", contract).tables
    for table in contract:
        raw = tables[table.name]
        order = random.Random(7).sample(range(len(raw)), len(raw))  # noqa: S311
        assert frame_csv(table, frame_of(raw)[order]) == to_csv(table, raw), table.name


@given(st.lists(st.tuples(TEXTS | MARKS, TEXTS | MARKS, st.none() | st.integers(-30, 300).map(str)), max_size=6))
def test_any_cell_is_written_as_the_csv_module_writes_it(rows: list[tuple[str | None, str | None, str | None]]) -> None:
    table = CONTRACT["agreement_terms"]
    cells: dict[str, list[str | None]] = {name: [None] * len(rows) for name in table.columns}
    cells["agreement_id"], cells["item"], cells["term_no"] = ([row[n] for row in rows] for n in range(3))
    raw = RawTable(table.name, cells, read_record(EMPTY, b"actors: []\n", CONTRACT).tables["actors"].locator)
    assert frame_csv(table, frame_of(raw)) == to_csv(table, raw)


EMPTY = SeedFile("seeds/actors.yaml", REPOSITORY / "seeds" / "actors.yaml", None)


def quantities(*rows: tuple[str, str]) -> pl.DataFrame:
    table = CONTRACT["quantities"]
    cells: dict[str, list[str | None]] = {name: [None] * len(rows) for name in table.columns}
    cells["quantity_id"], cells["note"] = [row[0] for row in rows], [row[1] for row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(table.columns, pl.String))


TABLE: Table = CONTRACT["quantities"]
FIRST, SECOND, THIRD = ("SRC-0001-C001-Q1", "one"), ("SRC-0002-C001-Q1", "two"), ("SRC-0003-C001-Q1", "three")


def csv(*rows: tuple[str, str]) -> bytes:
    return frame_csv(TABLE, quantities(*rows))


def mended_csv(folder: Path, before: bytes, old: pl.DataFrame, new: pl.DataFrame) -> bytes | None:
    path = folder / "quantities.csv"
    path.write_bytes(before)
    parts = mended(TABLE, path, old, new)
    return None if parts is None else b"".join(parts)


def test_rows_that_stand_together_are_replaced_where_they_stand(tmp_path: Path) -> None:
    more = [("SRC-0002-C000-Q1", "a, b"), ("SRC-0002-C009-Q1", 'say "so"')]
    for others in ([FIRST, THIRD], [FIRST], [THIRD], []):
        old, new = quantities(SECOND), quantities(*more)
        assert mended_csv(tmp_path, csv(SECOND, *others), old, new) == csv(*more, *others)


def test_rows_that_come_to_another_place_are_not_mended(tmp_path: Path) -> None:
    late, early = ("SRC-0009-C001-Q1", "late"), ("SRC-0000-C001-Q1", "early")
    for other in (late, early):
        assert mended_csv(tmp_path, csv(FIRST, SECOND, THIRD), quantities(SECOND), quantities(other)) is None


def test_rows_that_do_not_stand_together_are_not_mended(tmp_path: Path) -> None:
    assert mended_csv(tmp_path, csv(FIRST, SECOND, THIRD), quantities(FIRST, THIRD), quantities(FIRST)) is None


def test_rows_that_are_not_there_or_come_to_nothing_are_not_mended(tmp_path: Path) -> None:
    assert mended_csv(tmp_path, csv(FIRST), quantities(SECOND), quantities(SECOND)) is None
    assert mended_csv(tmp_path, csv(FIRST), quantities(), quantities(SECOND)) is None
    assert mended_csv(tmp_path, csv(FIRST), quantities(FIRST), quantities()) is None


@pytest.mark.parametrize("chunk", [1, 2, 7, 50, 1000])
def test_rows_are_found_wherever_a_part_of_the_file_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(hashed, "CHUNK", chunk)
    late = ("SRC-0002-C002-Q1", "later")
    before, after = csv(FIRST, SECOND, THIRD), csv(FIRST, late, THIRD)
    assert mended_csv(tmp_path, before, quantities(SECOND), quantities(late)) == after


def test_beside_a_very_long_row_nothing_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long, late = ("SRC-0001-C001-Q1", "x" * 100), ("SRC-0002-C002-Q1", "later")
    monkeypatch.setattr(tablefiles, "LONGEST", 90)
    assert mended_csv(tmp_path, csv(FIRST, long, SECOND), quantities(SECOND), quantities(late)) is None
