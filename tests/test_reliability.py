"""The reliability of the blind codings: measures against figures worked out by hand, the page against the codings."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import REPOSITORY, run_script

from curation.reliability.codings import (
    ATTRIBUTES,
    CODERS,
    Attribute,
    Claim,
    Level,
    Value,
    read_coding,
    read_codings,
    units,
)
from curation.reliability.document import PATH, alphas, document
from curation.reliability.measures import (
    Codings,
    ac1,
    alpha,
    estimate,
    f1,
    number,
    package_alpha,
    percent_agreement,
    resample,
)
from curation.reliability.table import RELIABLE, SEED_FILE, Row, _together, reliability, seed_file, values_of
from curation.seeds.spans import Span
from russia_dprk_claims.contract import Contract

CODINGS = REPOSITORY / "seeds" / "codings"
Blind = tuple[Contract, list[Claim], list[Claim]]


@pytest.fixture(scope="module")
def blind() -> Blind:
    """The contract of the blind codings, and their claims."""
    return read_codings(REPOSITORY)


@pytest.fixture(scope="module")
def one_text(blind: Blind) -> Blind:
    """The same for one text."""
    contract, *codings = blind
    first, second = ([each for each in claims if each.source_id == "SRC-0003"] for claims in codings)
    return contract, first, second


@pytest.fixture(scope="module")
def rows(blind: Blind) -> list[Row]:
    """The table of the blind codings."""
    contract, first, second = blind
    return reliability(first, second, contract)


def value(*members: str) -> Value:
    return frozenset((each,) for each in members)


def coded(first: Sequence[str], second: Sequence[str], level: Level = "nominal", order: str = "") -> Codings:
    """Number the values of two coders; the characters of a value are the members of a set."""
    pairs = [(value(*one), value(*other)) for one, other in zip(first, second, strict=True)]
    return number(pairs, level, tuple(order))


def once(codings: Codings) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the weights that take each unit once."""
    return np.ones((1, len(codings.first)))


def claim(number: int, start: int, end: int, text: str = "") -> Claim:
    return Claim(f"SRC-0001-C{number:03}", "SRC-0001", Span(start, end), text, {})


def numbers(found: Sequence[tuple[Claim | None, Claim | None]]) -> set[tuple[int | None, ...]]:
    return {tuple(int(each.claim_id[-3:]) if each else None for each in unit) for unit in found}


# --- measures ---

# Worked out by hand: alpha is 1 - (n - 1) × observed / expected, n the number of values given, the sums those of the
# distances of the coders' values in each unit, and of any two of all values.
EXAMPLES: list[tuple[Codings, Fraction]] = [
    (coded("aabb", "abbb"), 1 - 7 * Fraction(1) / (3 * 5)),
    (coded("123", "133", "ordinal", "123"), 1 - 5 * Fraction(4) / 90),
    (coded("321", "311", "ordinal", "321"), 1 - 5 * Fraction(4) / 90),
    (coded(["ab", "c"], ["a", "c"], "set"), 1 - 3 * Fraction(1, 2) / (Fraction(1, 2) + 2 + 2)),
    (coded(["", "a"], ["", ""], "set"), Fraction(0)),
]


@pytest.mark.parametrize(("codings", "expected"), EXAMPLES)
def test_alpha_is_that_of_examples_worked_out_by_hand(codings: Codings, expected: Fraction) -> None:
    assert alpha(codings, once(codings)) == pytest.approx([float(expected)])
    assert package_alpha(codings, once(codings)[0]) == pytest.approx(float(expected))


def test_agreement_and_ac1_are_those_of_an_example_worked_out_by_hand() -> None:
    codings = coded("aabb", "abbb")
    chance = 2 * Fraction(3, 8) * Fraction(5, 8)
    assert percent_agreement(codings, once(codings)) == [0.75]
    assert ac1(codings, once(codings)) == pytest.approx([float((Fraction(3, 4) - chance) / (1 - chance))])


def test_f1_counts_what_both_coders_have_twice() -> None:
    codings = Codings(np.array([1, 1, 1, 0]), np.array([1, 1, 0, 1]), "unit", 1 - np.eye(2))
    assert f1(codings, once(codings)) == [2 * 2 / (3 + 3)]


def test_ids_of_each_coder_are_compared_by_the_claims_that_share_them() -> None:
    # One coder puts claims 1 and 2 together, and 3 and 4; the other 1, 2 and 3. Of six pairs one is together for both,
    # three for one coder only. Of the twelve answers five are "together".
    first = [value("a"), value("a", "x"), value("b"), value("b")]
    second = [value("k"), value("k"), value("k"), value()]
    claims = np.ones((1, 4))
    codings, (weights,) = _together(list(zip(first, second, strict=True)), [claims])
    assert weights.tolist() == [[1, 1, 2, 2]]
    assert alpha(codings, weights) == pytest.approx([1 - 11 * 3 / (5 * 7)])
    _, (twice,) = _together(list(zip(first, second, strict=True)), [np.array([[2.0, 1, 0, 0]])])
    assert twice.tolist() == [[2, 0, 0, 0]]


def test_one_value_everywhere_is_undefined() -> None:
    codings = coded("aaa", "aaa")
    drawn = [resample(range(3))]
    assert [estimate(each, codings, drawn) for each in ("krippendorff_alpha", "ac1")] == [None, None]
    assert estimate("percent_agreement", codings, drawn) == (1, 1, 1)


def test_draws_take_whole_groups_and_are_always_the_same() -> None:
    weights = resample(["x", "x", "y"])
    assert weights.shape == (2001, 3)
    assert weights[0].tolist() == [1, 1, 1]
    assert (weights[:, 0] == weights[:, 1]).all()
    assert {tuple(each) for each in weights[1:].tolist()} == {(2, 2, 0), (1, 1, 1), (0, 0, 2)}
    assert weights[1:, 2].sum() == 2007


def test_the_wider_interval_is_given() -> None:
    codings = coded("aabb" * 5, "abbb" * 5)
    narrow, wide = resample(range(20)), resample([number // 10 for number in range(20)])
    found = [
        estimate("percent_agreement", codings, each) for each in ([narrow], [wide], [narrow, wide], [wide, narrow])
    ]
    assert found[0] == found[2] == found[3] != found[1]


# --- matching ---


def test_the_pair_with_the_highest_iou_is_matched_first() -> None:
    found = units([claim(1, 0, 100), claim(2, 100, 150)], [claim(1, 0, 60), claim(2, 10, 100)], 0.5)
    assert numbers(found) == {(1, 2), (2, None), (None, 1)}


def test_claims_with_the_same_span_are_matched_by_the_words_of_their_texts() -> None:
    first = [claim(1, 0, 100, "Shells were sent."), claim(2, 0, 100, "Oil was sent.")]
    second = [claim(1, 0, 100, "Oil came."), claim(2, 0, 100, "Many shells came."), claim(3, 0, 100, "Nobody knows.")]
    assert numbers(units(first, second, 0.5)) == {(1, 2), (2, 1), (None, 3)}


def test_claims_with_the_same_span_and_no_word_in_common_are_matched_in_order() -> None:
    assert numbers(units([claim(1, 0, 9), claim(2, 0, 9)], [claim(5, 0, 9), claim(6, 0, 9)], 0.9)) == {(1, 5), (2, 6)}


@pytest.mark.parametrize(("threshold", "pairs"), [(0.5, 1), (0.51, 0)])
def test_a_pair_must_reach_the_threshold(threshold: float, pairs: int) -> None:
    found = units([claim(1, 0, 10)], [claim(1, 5, 10)], threshold)
    assert sum(all(unit) for unit in found) == pairs


# --- codings ---


def test_the_values_of_a_claim_come_from_its_rows(blind: Blind) -> None:
    record = {
        "source_id": "SRC-0001",
        "claims": [
            {
                "claim_id": "C001",
                "span": "0-10",
                "claim_text": "Shells were sent.",
                "hedge": "may",
                "claim_attributions": [
                    {"act": "reports", "stance": "doubts"},
                    {"act": "alleges", "actor_id": "ACT-a", "step": "1", "joint": "true"},
                    {"act": "alleges", "actor_id": "ACT-b", "step": "1", "joint": "true"},
                ],
                "transfers": [
                    {"transfer_id": "T1", "giver_id": "ACT-a", "item_id": "ITM-x", "realization": "occurred"}
                ],
            }
        ],
    }
    (read,) = read_coding({"coder-2/sources/SRC-0001.yaml": yaml.safe_dump(record).encode()}, blind[0])
    values = {(each.table, each.column): found for each, found in read.values.items()}
    assert values["claims", "hedge"] == value("present")
    assert values["claims", "event_date"] == value("")
    assert values["claims", "origin_id"] == value()
    assert values["claim_attributions", "act"] == value("alleges")
    assert values["claim_attributions", "actor_id"] == value("ACT-a", "ACT-b")
    assert values["claim_attributions", "stance"] == value("doubts")
    assert values["transfers", "transfer_id"] == {("ACT-a", "", "ITM-x", "occurred")}
    assert values["quantities", "quantity_id"] == value()


def test_a_coding_that_cannot_be_read_is_refused(blind: Blind) -> None:
    with pytest.raises(ValueError, match=re.escape("coder-2/sources/SRC-0001.yaml: 'claim' is not a column")):
        read_coding({"coder-2/sources/SRC-0001.yaml": b"claim: x\n"}, blind[0])


def test_every_attribute_is_a_column_of_the_contract(blind: Blind) -> None:
    assert [each for each in ATTRIBUTES if each.column not in blind[0][each.table].columns] == []
    assert {each.cells for each in ATTRIBUTES if not set(each.cells) <= set(blind[0][each.table].columns)} == set()


def test_the_order_of_the_records_changes_nothing(blind: Blind) -> None:
    def reversed_record(path: Path) -> bytes:
        record = yaml.safe_load(path.read_bytes())
        return yaml.safe_dump({**record, "claims": record["claims"][::-1]}).encode()

    paths = sorted((CODINGS / CODERS[0] / "sources").glob("*.yaml"), reverse=True)
    files = {path.relative_to(CODINGS).as_posix(): reversed_record(path) for path in paths}
    assert read_coding(files, blind[0]) == blind[1]


# --- the table and the page ---


def test_the_order_of_the_coders_changes_nothing(one_text: Blind) -> None:
    contract, first, second = one_text
    assert reliability(first, second, contract) == reliability(second, first, contract)


def test_a_coding_agrees_with_itself(one_text: Blind) -> None:
    contract, first, _ = one_text
    found = reliability(first, first, contract)
    assert {each.value for each in found} == {1, None}
    assert {each.band for each in found if each.value is None} == {"undefined"}


@pytest.mark.parametrize("attribute", [each for each in ATTRIBUTES if not each.shared], ids=lambda each: each.column)
def test_alpha_of_all_draws_is_that_of_the_package(attribute: Attribute, one_text: Blind) -> None:
    contract, first, second = one_text
    values = values_of(attribute, [unit for unit in units(first, second, 0.5) if all(unit)])
    codings = number(values, attribute.level, contract[attribute.table].by_name[attribute.column].order)
    draws = resample(range(len(values)))[:5]
    with np.errstate(invalid="ignore"):
        found = alpha(codings, draws)
    assert found == pytest.approx([package_alpha(codings, each) for each in draws], nan_ok=True)


def test_the_table_is_sorted_by_its_key_and_has_plain_numbers(rows: list[Row]) -> None:
    keys = [each[:5] for each in rows]
    assert keys == sorted(set(keys))
    lines = seed_file(rows).decode().splitlines()
    cells = [cell for line in lines for cell in re.findall(r"\b(?:n|value|low|high): ([^,}]*)", line)]
    assert [cell for cell in cells if not re.fullmatch(r"-?(0|[1-9][0-9]*|0\.[0-9]{0,2}[1-9])", cell)] == []
    assert (
        '- {table_name: claims, column_name: span, measure: f1, threshold: "0.5", unmatched: as_value, level: unit, '
        "n: 367, value: 0.917, low: 0.896, high: 0.938, band: reliable}"
    ) in lines


def test_the_table_of_the_dataset_is_that_of_the_codings(rows: list[Row]) -> None:
    assert (REPOSITORY / SEED_FILE).read_bytes() == seed_file(rows)


def test_every_value_lies_in_its_interval(rows: list[Row]) -> None:
    intervals = [(each.low or 0, each.value or 0, each.high or 0) for each in rows]
    assert [each for each in intervals if sorted(each) != list(each)] == []


def test_the_page_has_the_figures_of_the_codings(rows: list[Row], blind: Blind) -> None:
    assert (REPOSITORY / PATH).read_text(encoding="utf-8") == document(rows, *blind[1:])


def test_the_page_advises_on_each_column_that_is_not_reliable(rows: list[Row]) -> None:
    page = (REPOSITORY / PATH).read_text(encoding="utf-8")
    below = [f"{each.table_name}.{each.column_name}" for each in alphas(rows) if (each.value or 0) < RELIABLE]
    advice = page[page.index("## What is not reliable") : page.index("## Confusion matrices")]
    assert sorted(re.findall(r"^- `([\w.]+)`:", advice, re.MULTILINE)) == below


def test_the_command_writes_the_page_and_the_table_and_checks_both(tmp_path: Path) -> None:
    project = tmp_path / "project"
    codings = project / "seeds" / "codings"
    for part in ("contract", *(f"{coder}/sources" for coder in CODERS)):
        wanted = shutil.ignore_patterns("SRC-000[1245].yaml")
        shutil.copytree(CODINGS / part, codings / part, ignore=wanted)
    arguments = ("reliability", "--project", project)
    assert run_script(*arguments, "--check", cwd=tmp_path).returncode == 1
    assert run_script(*arguments, cwd=tmp_path).returncode == 0
    assert (project / SEED_FILE).is_file()
    assert (project / PATH).is_file()
    done = run_script(*arguments, "--check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "up to date\n")
    (project / SEED_FILE).write_text("")
    done = run_script(*arguments, "--check", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.endswith("out of date: run scripts/reliability.py\n")
