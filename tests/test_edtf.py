"""Dates cover the same days as in the `edtf` package, and invalid dates are refused."""

from __future__ import annotations

from datetime import date

import pytest
from edtf import parse_edtf, struct_time_to_date
from hypothesis import given
from hypothesis import strategies as st

from russia_dprk_claims.checks.edtf import Days, EdtfError, day_range, parse


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024-06-23", "2024-06-23", "2024-06-23"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02~", "2023-02-01", "2023-02-28"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024?", "2024-01-01", "2024-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2024-XX", "2024-01-01", "2024-12-31"),
        ("2024-06-XX", "2024-06-01", "2024-06-30"),
        ("2024-XX-XX", "2024-01-01", "2024-12-31"),
        ("2024-21", "2024-03-01", "2024-05-31"),
        ("2023-24", "2023-12-01", "2024-02-29"),
        ("2023-11/2024-01", "2023-11-01", "2024-01-31"),
        ("2022-02/..", "2022-02-01", None),
        ("../2022-02", None, "2022-02-28"),
        ("2022-02/", "2022-02-01", None),
        ("2023-09/2024-06~", "2023-09-01", "2024-06-30"),
        ("XXXX-03-12", None, None),
        ("XXXX-02-29~", None, None),
        ("XXXX-12-XX", None, None),
        ("XXXX-06", None, None),
    ],
)
def test_a_date_covers_its_days(text: str, earliest: str | None, latest: str | None) -> None:
    days = [date.fromisoformat(each) if each else None for each in (earliest, latest)]
    assert parse(text) == Days(*days)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024-13", "2024-00", "2023-02-29", "2024-06-31", "2024-6-23", "24-06-23", "June 2024", "2024/06"),
        *("2024-06-23T10:00", "2024-06/2024-05", "../..", "/", "2024-06-23 ", "²024", "2024-21-01", "202X-06", "0000"),
        *(
            "XXXX",
            "XXXX-02-30",
            "XXXX-04-31",
            "XXXX-13",
            "XXXX-21",
            "XXXX-03-12/2024",
            "2024/XXXX-03-12",
            "2024-XX-12",
            "2024-06-23\n",
            "2024//2025",
            "~2024",
            "2024-06-2X",
        ),
    ],
)
def test_an_invalid_date_is_refused(text: str) -> None:
    with pytest.raises(EdtfError):
        parse(text)
    assert day_range(text) is None


PRECISE = st.dates(date(1900, 1, 1), date(2100, 12, 31)).flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)


@given(PRECISE, st.one_of(st.none(), PRECISE))
def test_dates_cover_the_same_days_as_in_the_edtf_package(first: str, second: str | None) -> None:
    text = first if second is None else f"{first}/{second}"
    days = day_range(text)
    if days is None:
        assert second is not None and first[:4] >= second[:4]
        return
    theirs = parse_edtf(text)
    assert days.earliest == struct_time_to_date(theirs.lower_strict())
    assert days.latest == struct_time_to_date(theirs.upper_strict())


@given(st.text(max_size=20))
def test_no_text_breaks_the_parser(text: str) -> None:
    days = day_range(text)
    assert days is None or days.earliest is None or days.latest is None or days.earliest <= days.latest
