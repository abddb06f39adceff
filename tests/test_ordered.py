"""Rows of many files come in the order of their keys, however they lie in the files, and few of them at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.package.tablefiles import in_order
from russia_dprk_claims.seeds.batches import Batch, FileRows
from russia_dprk_claims.seeds.kept import KeptBatch, keep_batch
from russia_dprk_claims.seeds.ordered import in_key_order
from russia_dprk_claims.seeds.pieces import Piece, Pieces, frames_with, rows_of

ROWS = 2000


@pytest.fixture
def table(contract: Contract) -> Table:
    """A table whose key has more than one column, so that a first cell stands in many rows."""
    return contract["claim_relations"]


def frame_of(table: Table, keys: Sequence[int]) -> pl.DataFrame:
    cells: dict[str, list[str | None]] = {name: [None] * len(keys) for name in table.columns}
    cells["claim_id"] = [f"SRC-{key // 3:04}-C001" for key in keys]
    cells["related_claim_id"] = [f"SRC-{key:04}-C002" for key in keys]
    return pl.DataFrame(cells, schema=dict.fromkeys(table.columns, pl.String))


def batch_of(contract: Contract, table: Table, keys: Sequence[int]) -> Batch:
    frames = {
        each.name: frame_of(table, keys)
        if each == table
        else pl.DataFrame(schema=dict.fromkeys(each.columns, pl.String))
        for each in contract
    }
    return Batch((FileRows("seeds/a.yaml", " ", {table.name: len(keys)}),), frames)


def pieces_of(contract: Contract, table: Table, folder: Path, parts: Sequence[Sequence[int]]) -> Pieces:
    """Return a piece for each part, kept on the disk and held in memory by turns."""
    batches = [batch_of(contract, table, part) for part in parts]
    kept = [keep_batch(folder, contract, each) if number % 2 else each for number, each in enumerate(batches)]
    return tuple(Piece(each, 0, 1) for each in kept)


def parts_of(order: str) -> list[list[int]]:
    keys = list(range(ROWS))
    if order == "scattered":
        random.Random(7).shuffle(keys)  # noqa: S311
    parts = [keys[start : start + 170] for start in range(0, ROWS, 170)]
    return parts[::-1] if order == "backwards" else parts


@pytest.mark.parametrize("order", ["in order", "backwards", "scattered"])
@pytest.mark.parametrize("most", [1, 300, 10**6])
def test_all_rows_come_in_order_and_no_more_at_once_than_wanted(
    contract: Contract, table: Table, tmp_path: Path, order: str, most: int
) -> None:
    pieces = pieces_of(contract, table, tmp_path, parts_of(order))
    given = list(in_key_order(table, pieces, most=most))
    assert pl.concat(given).equals(in_order(table, rows_of(pieces, table)))
    # A piece is read as one, and rows are cut where a sampled one stands.
    longest = {"in order": 170 * 2, "backwards": 170 * 2, "scattered": most + 300}
    assert max(map(len, given)) <= (longest[order] if most < ROWS else ROWS)


def test_some_columns_come_in_the_same_order(contract: Contract, table: Table, tmp_path: Path) -> None:
    pieces = pieces_of(contract, table, tmp_path, parts_of("scattered"))
    given = pl.concat(in_key_order(table, pieces, table.primary_key, most=300))
    assert given.equals(in_order(table, rows_of(pieces, table)).select(table.primary_key))


def test_a_table_without_rows_has_no_parts(contract: Contract, tmp_path: Path) -> None:
    pieces = pieces_of(contract, contract["claim_relations"], tmp_path, [[1, 2]])
    assert list(in_key_order(contract["claims"], pieces)) == []


def test_rows_without_a_key_come_first(contract: Contract, table: Table) -> None:
    batch = batch_of(contract, table, [5, 6, 7])
    nameless = batch.frames[table.name].with_columns(pl.lit(None, pl.String).alias("claim_id"))
    other = Batch(batch.files, {**batch.frames, table.name: nameless})
    given = pl.concat(in_key_order(table, (Piece(batch, 0, 1), Piece(other, 0, 1)), most=1))
    assert given["claim_id"].null_count() == 3
    assert given.head(3)["claim_id"].null_count() == 3


def test_numbers_come_by_value(contract: Contract, table: Table) -> None:
    terms = contract["agreement_terms"]
    cells: dict[str, list[str | None]] = {name: [None] * 3 for name in terms.columns}
    cells["agreement_id"], cells["term_no"] = ["AGR-A"] * 3, ["10", "9", "1"]
    frames = {
        **batch_of(contract, table, []).frames,
        terms.name: pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)),
    }
    batch = Batch((FileRows("seeds/a.yaml", " ", {terms.name: 3}),), frames)
    assert pl.concat(in_key_order(terms, (Piece(batch, 0, 1),)))["term_no"].to_list() == ["1", "9", "10"]


def test_rows_are_looked_for_only_where_they_can_be(
    contract: Contract, table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = pieces_of(contract, table, tmp_path, parts_of("in order"))
    read: list[Piece] = []
    frame = Piece.frame

    def noted(piece: Piece, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        read.append(piece)
        return frame(piece, table, columns)

    monkeypatch.setattr(Piece, "frame", noted)
    (place,) = [n for n, part in enumerate(parts_of("in order")) if 600 in part]
    keys = pl.DataFrame({"claim_id": ["SRC-0200-C001"]})
    found = pl.concat(frames_with(pieces, table, ["related_claim_id"], ["claim_id"], keys))
    assert found["related_claim_id"].to_list() == [f"SRC-{key:04}-C002" for key in (600, 601, 602)]
    kept = [piece for piece in read if isinstance(piece.batch, KeptBatch)]
    assert set(map(id, kept)) <= {id(pieces[place])}, "the others are told by the reach that is known of them"
    found = pl.concat(frames_with(pieces, table, ["claim_id"], ["related_claim_id"], found.head(1)))
    assert found["claim_id"].to_list() == ["SRC-0200-C001"]
    nothing = pl.DataFrame({"claim_id": []}, schema={"claim_id": pl.String})
    assert list(frames_with(pieces, table, ["claim_id"], ["claim_id"], nothing)) == []
