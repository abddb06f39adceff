"""Records become rows: child rows inherit, short ids are completed, lists count, and defaults are filled in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from curation.project import read_project
from curation.registries import check_order
from curation.seeds.tables import SeedSet, read_seeds
from russia_dprk_claims.checks.tables import Invalid
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.files import LIMITS


def rows(contract: Contract, text: str, table: str | None = "sources", name: str = "SRC-0001") -> SeedSet:
    folder = f"seeds/{table}" if table else "seeds"
    return read_seeds({f"{folder}/{name}.yaml": text.encode("utf-8")}, contract)


def test_children_inherit_and_short_ids_are_completed(contract: Contract) -> None:
    seeds = rows(contract, "source_id: SRC-0001\nclaims:\n- claim_id: C007\n  quantities:\n  - {quantity_id: Q2}\n")
    quantity = seeds.tables["quantities"].row(0)
    assert (quantity["quantity_id"], quantity["claim_id"]) == ("SRC-0001-C007-Q2", "SRC-0001-C007")
    assert seeds.tables["claims"].row(0)["source_id"] == "SRC-0001"


def test_short_references_inside_a_record_are_completed_too(contract: Contract) -> None:
    text = "source_id: SRC-0001\nclaims:\n- claim_id: C001\n  superseded_by: C002\n  quantities:\n"
    seeds = rows(contract, text + "  - {quantity_id: Q1}\n  - {quantity_id: Q2, parent_quantity_id: Q1}\n")
    assert seeds.tables["claims"].row(0)["superseded_by"] == "SRC-0001-C002"
    assert seeds.tables["quantities"].row(1)["parent_quantity_id"] == "SRC-0001-C001-Q1"


def test_steps_count_from_zero_and_a_stated_step_is_shared(contract: Contract) -> None:
    chain = "- {act: reports}\n  - {act: alleges}\n  - {act: alleges, step: 1}\n  - {act: asserts}\n"
    seeds = rows(contract, f"source_id: SRC-0001\nclaims:\n- claim_id: C001\n  claim_attributions:\n  {chain}")
    chain_rows = list(seeds.tables["claim_attributions"].rows())
    assert [(each["step"], each["voice_no"]) for each in chain_rows] == [("0", "1"), ("1", "1"), ("1", "2"), ("2", "1")]


def test_each_claim_counts_its_own_chain(contract: Contract) -> None:
    claims = "".join(f"- claim_id: C00{n}\n  claim_attributions: [{{act: asserts}}]\n" for n in (1, 2))
    seeds = rows(contract, f"source_id: SRC-0001\nclaims:\n{claims}")
    assert seeds.tables["claim_attributions"].cells["step"] == ["0", "0"]


def test_a_missing_cell_takes_the_default_of_the_contract(contract: Contract) -> None:
    claim = rows(contract, "source_id: SRC-0001\nclaims:\n- claim_id: C001\n").tables["claims"].row(0)
    assert (claim["polarity"], claim["modality"], claim["record_status"]) == ("affirmed", "certain", "active")
    assert claim["hedge"] is None


@pytest.mark.parametrize("text", ["no", "0123", "12:30", "1_000", "2024-06-23", "Null Island", "y", "0x1F", ".5"])
def test_plain_scalars_are_read_as_texts(contract: Contract, text: str) -> None:
    seeds = rows(contract, f"source_id: SRC-0001\nlabel: {text}\n")
    assert seeds.tables["sources"].row(0)["label"] == text


@pytest.mark.parametrize("text", ["~", "null", "NULL", ""])
def test_null_is_an_empty_cell(contract: Contract, text: str) -> None:
    assert rows(contract, f"source_id: SRC-0001\nlabel: {text}\n").tables["sources"].row(0)["label"] is None


def test_a_quoted_null_is_a_text(contract: Contract) -> None:
    assert rows(contract, 'source_id: SRC-0001\nlabel: "null"\n').tables["sources"].row(0)["label"] == "null"


def test_every_cell_knows_its_line_and_column(contract: Contract) -> None:
    seeds = rows(contract, "source_id: SRC-0001\nclaims:\n- claim_id: C001\n  topic:   visit\n")
    place = seeds.tables["claims"].locator.locate(0, "topic")
    assert str(place) == "seeds/sources/SRC-0001.yaml:4:12"


def test_only_a_line_feed_begins_a_new_line(contract: Contract) -> None:
    text = "source_id: SRC-0001\ntitle: 'a\u2028 b'\nlabel: x\n"
    assert str(rows(contract, text).tables["sources"].locator.locate(0, "label")) == "seeds/sources/SRC-0001.yaml:3:8"


def test_a_row_can_be_in_a_file_of_its_table(contract: Contract) -> None:
    text = "claim_relations:\n- {claim_id: SRC-0001-C002, related_claim_id: SRC-0002-C001}\n"
    relation = rows(contract, text, None).tables["claim_relations"].row(0)
    assert (relation["claim_id"], relation["related_claim_id"]) == ("SRC-0001-C002", "SRC-0002-C001")


def folder_findings(harbour: Path, contract: Contract) -> list[str]:
    return [str(each) for each in read_project(harbour, harbour / "seeds" / "texts", contract).findings]


def test_a_link_out_of_the_folder_is_not_followed(harbour: Path, contract: Contract) -> None:
    secret = harbour / "secret.yaml"
    secret.write_text("label: secret\n", encoding="utf-8")
    (harbour / "seeds" / "sources" / "SRC-0002.yaml").symlink_to(secret)
    assert folder_findings(harbour, contract) == [
        "seeds/sources/SRC-0002.yaml: outside-seeds: the link leads out of the seed folder (copy the file itself)"
    ]


def test_a_link_inside_the_folder_is_followed(harbour: Path, contract: Contract) -> None:
    (harbour / "seeds" / "relations.yaml").rename(harbour / "seeds" / "texts" / "moved.yaml")
    (harbour / "seeds" / "relations.yaml").symlink_to(harbour / "seeds" / "texts" / "moved.yaml")
    assert folder_findings(harbour, contract) == []


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("relations.yml", "file-name: only files that end in .yaml are read (rename it to relations.yaml)"),
        ("claim/C1.yaml", "file-name: the folder 'claim' is not named after a table (did you mean 'claims'?)"),
    ],
)
def test_a_file_in_the_wrong_place_is_reported(harbour: Path, contract: Contract, name: str, finding: str) -> None:
    path = harbour / "seeds" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x: 1\n", encoding="utf-8")
    assert folder_findings(harbour, contract) == [f"seeds/{name}: {finding}"]


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (b"", "seeds/relations.yaml: empty-file: the file is empty (write a record or remove the file)"),
        (b" \n", "seeds/relations.yaml: empty-file: the file is empty (write a record or remove the file)"),
        (
            "claim_relations: []\n# caf\xe9\n".encode("latin-1"),
            "seeds/relations.yaml:2:6: not-utf-8: the byte 0xe9 is not UTF-8 (save the file with the encoding UTF-8)",
        ),
    ],
)
def test_a_file_that_is_not_text_is_reported(harbour: Path, contract: Contract, data: bytes, finding: str) -> None:
    (harbour / "seeds" / "relations.yaml").write_bytes(data)
    assert folder_findings(harbour, contract) == [finding]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to(path.parent / "nowhere.yaml")])
def test_a_special_file_is_reported_and_not_waited_for(
    harbour: Path, contract: Contract, make: Callable[[Path], None]
) -> None:
    make(harbour / "seeds" / "more.yaml")
    assert folder_findings(harbour, contract) == [
        "seeds/more.yaml: unreadable-file: this is not a file that can be read (replace or remove it)"
    ]


def test_the_order_of_files_does_not_matter(harbour: Path, contract: Contract) -> None:
    before = read_project(harbour, contract=contract).tables["actors"].cells["actor_id"]
    text = (harbour / "seeds" / "actors.yaml").read_text(encoding="utf-8")
    (harbour / "seeds" / "actors.yaml").unlink()
    (harbour / "seeds" / "zz-actors.yaml").write_text(text, encoding="utf-8")
    assert read_project(harbour, contract=contract).tables["actors"].cells["actor_id"] == before


def test_a_long_registry_in_reverse_order_has_findings_up_to_the_limit(contract: Contract) -> None:
    lines = (
        f"- {{item_id: ITM-{number:04}-x, name: item {number}, category: food}}\n" for number in range(1999, 0, -1)
    )
    tables = rows(contract, f"items:\n{''.join(lines)}", None, "items").tables
    found = [str(each) for each in check_order(contract, tables, Invalid())]
    assert len(found) == LIMITS.findings + 1
    assert found[-1] == (
        "seeds/items.yaml:1002:13: registry-order: 998 more rows are not in the order of the ids (sort the rows by id)"
    )


def test_words_after_a_comma_in_braces_are_no_cell_even_if_they_name_a_column(contract: Contract) -> None:
    seeds = rows(contract, "origins:\n- {origin_id: ORG-x, label: a port, note}\n", None, "origins")
    (found,) = seeds.findings
    assert (found.rule, found.hint) == ("unknown-key", "put a text that has a comma in quotation marks")
    assert ("origins", 0, "label") in seeds.unread
