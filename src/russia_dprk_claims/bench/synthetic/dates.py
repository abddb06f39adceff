"""Dates: EDTF of many kinds for each month, with the days that each covers."""

from __future__ import annotations

from calendar import monthrange
from functools import cache

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic.draws import Numbers, below
from russia_dprk_claims.edtf import parse

FIRST_YEAR, LAST_YEAR = 2016, 2028
MONTHS = 12 * (LAST_YEAR - FIRST_YEAR)
_DAYS = 28
_SEASONS = (24, 24, 21, 21, 21, 22, 22, 22, 23, 23, 23, 23)


def _name(month: int) -> tuple[int, int]:
    month = min(max(month, 0), MONTHS - 1)
    return FIRST_YEAR + month // 12, month % 12 + 1


def _kinds(month: int) -> list[str]:
    """Return the dates of a month; none begins after it."""
    year, number = _name(month)
    before, after = ("{}-{:02}".format(*_name(month + step)) for step in (-4, 5))
    this = f"{year}-{number:02}"
    season = year - 1 if number <= 2 else year
    return [
        *(f"{this}-{day:02}" for day in range(1, _DAYS + 1)),
        this,
        f"{this}~",
        f"{this}?",
        f"{this}-XX",
        f"{year}",
        f"{year}~",
        f"{season}-{_SEASONS[number - 1]}",
        f"{year // 10}X",
        f"{before}/{this}",
        f"{this}/{after}",
        f"{this}-03/{this}-{monthrange(year, number)[1]}",
        f"../{this}",
        f"{this}/..",
        f"{this}~/",
    ]


WHOLE, APPROXIMATE = _DAYS, _DAYS + 1
KINDS = len(_kinds(0))


@cache
def calendar() -> pl.DataFrame:
    """Return every date, with its first and its last day as texts, the kinds of one month after the other."""
    texts = [text for month in range(MONTHS) for text in _kinds(month)]
    days = [parse(text) for text in texts]
    sides = {side: [day and day.isoformat() for each in days for day in [getattr(each, side)]] for side in _SIDES}
    return pl.DataFrame({"date": texts, **sides}, schema=dict.fromkeys(("date", *_SIDES), pl.String))


_SIDES = ("earliest", "latest")


def any_date(name: str, numbers: Numbers, month: Numbers) -> Numbers:
    """Return the row of `calendar` of a date in each month, a day as often as all other kinds together."""
    kind = below(name, numbers, 2 * (KINDS - _DAYS))
    day = below(f"{name} day", numbers, _DAYS)
    return _row(month, np.where(kind < KINDS - _DAYS, kind + _DAYS, day))


def printed_date(name: str, numbers: Numbers, month: Numbers) -> Numbers:
    """Return the row of `calendar` of a date in each month as publications have it: a day, or the month."""
    kind = below(name, numbers, 10)
    day = below(f"{name} day", numbers, _DAYS)
    return _row(month, np.where(kind == 0, WHOLE, np.where(kind == 1, APPROXIMATE, day)))


def _row(month: Numbers, kind: Numbers) -> Numbers:
    return np.clip(month, 0, MONTHS - 1) * KINDS + kind
