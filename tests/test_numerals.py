"""Numbers are read as texts write them, and equal the numbers that people code."""

from __future__ import annotations

import pytest

from russia_dprk_claims.checks.numerals import read_numbers


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("8.2 million", (8_200_000.0,)),  # less than that where it is multiplied in binary
        ("about 4.1 million", (4_100_000.0,)),
        ("8.3 trillion", (8_300_000_000_000.0,)),
        ("4,800", (4800.0,)),
        ("3 to 5 million", (3_000_000.0, 5_000_000.0)),
        ("two and a half thousand", (2500.0,)),
        ("two million and a half", (2_500_000.0,)),
        ("a year and a half", (1.5,)),
        ("twenty-one", (21.0,)),
        ("not one", (0.0,)),
        ("several", ()),
    ],
)
def test_numbers_are_read_as_texts_write_them(words: str, numbers: tuple[float, ...]) -> None:
    assert read_numbers(words) == numbers
