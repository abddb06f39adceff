"""That no released id is gone is told as two lists go along; where it is not sure, the checks look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.released import RELEASED_FILE, keeps_released

PRESENT = {"sources": ["SRC-0001", "SRC-0002", "SRC-0003"], "claims": ["SRC-0001-C001", "SRC-0001-C002"]}


def ids(table: Table) -> Iterator[str]:
    return iter(PRESENT.get(table.name, []))


def keeps(folder: Path, contract: Contract, *lines: str) -> bool:
    (folder / RELEASED_FILE).write_text("\n".join(["table,id", *lines, ""]), encoding="utf-8")
    return keeps_released(folder, contract, ids)


def test_without_a_release_no_id_is_gone(tmp_path: Path, contract: Contract) -> None:
    assert keeps_released(tmp_path, contract, ids)
    assert keeps(tmp_path, contract)


def test_ids_that_are_there_are_kept_and_more_may_have_come(tmp_path: Path, contract: Contract) -> None:
    assert keeps(tmp_path, contract, "sources,SRC-0001", "sources,SRC-0003", "claims,SRC-0001-C002")


@pytest.mark.parametrize(
    "lines",
    [
        ["sources,SRC-0000"],
        ["sources,SRC-0004"],
        ["claims,SRC-0001-C001", "claims,SRC-0001-C0015"],
        ["actors,ACT-A"],
        ["claim_actors,SRC-0001"],
        ["ships,SRC-0001"],
        ["sources"],
        ["sources,SRC-0001,more"],
        [""],
        ["sources,SRC-0002", "sources,SRC-0001"],
    ],
)
def test_where_an_id_is_gone_or_it_is_not_sure_it_is_not_said_to_be_there(
    tmp_path: Path, contract: Contract, lines: list[str]
) -> None:
    assert not keeps(tmp_path, contract, *lines)


def test_a_list_that_cannot_be_read_is_not_sure(tmp_path: Path, contract: Contract) -> None:
    (tmp_path / RELEASED_FILE).write_bytes(b"\xff\xfe")
    assert not keeps_released(tmp_path, contract, ids)
    (tmp_path / RELEASED_FILE).unlink()
    (tmp_path / RELEASED_FILE).mkdir()
    assert not keeps_released(tmp_path, contract, ids)
