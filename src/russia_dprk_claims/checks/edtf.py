"""EDTF dates (ISO 8601-2): the subset of levels 0 and 1 that the dataset uses, and the days that a date covers.

A date is a day (`2024-06-23`), a month, a year or a season (`2024-21` spring to `2024-24` winter). It may have
unspecified digits (`202X`, `2024-XX`, `2024-06-XX`) and end in `?`, `~` or `%`. An interval joins two dates with `/`,
and has `..` for an open end or nothing for an unknown one. A day or month of no known year (`XXXX-03-12`) is a date
without first and last day. The `edtf` package reads more, but takes 13 ms for a date;
tests compare the two.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""The first and last day that a date of the dataset can cover."""

_DATE = re.compile(
    r"^(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?[?~%]?$", re.ASCII
)
YEARLESS = (
    r"^XXXX-(?:(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8]|XX))?|(?:0[1-9]|1[0-2])-29"
    r"|(?:0[13-9]|1[0-2])-30|(?:0[13578]|1[02])-31)[?~%]?$"
)
"""The pattern of a date whose year is not known."""
# Spring to winter of the northern hemisphere, as whole months; winter runs into the next year.
_SEASONS = {"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 2)}


@dataclass(frozen=True)
class Days:
    """The first and the last day that a date covers; None where the date is open or unknown on that side."""

    earliest: date | None
    latest: date | None


class EdtfError(ValueError):
    """A text that is not a date in the supported subset of EDTF, or names a day that does not exist."""


@lru_cache(maxsize=65536)
def parse(text: str) -> Days:
    """Return the days that an EDTF date covers.

    Parameters
    ----------
    text : str
        The date, such as `2024-06~` or `2023-11/..`.

    Returns
    -------
    Days
        The first and last day, with a season as its three months and an unspecified digit as every digit.

    Raises
    ------
    EdtfError
        If the text is not in the supported subset of EDTF, the day does not exist, or the interval runs backwards.

    Examples
    --------
    >>> parse("2024-02")
    Days(earliest=datetime.date(2024, 2, 1), latest=datetime.date(2024, 2, 29))
    """
    if re.fullmatch(YEARLESS, text):
        return Days(None, None)
    if "/" not in text:
        return _single(text)
    start, _, end = text.partition("/")
    if start in {"", ".."} and end in {"", ".."}:
        raise EdtfError(f"{text!r} has neither a beginning nor an end")
    earliest = None if start in {"", ".."} else _single(start).earliest
    latest = None if end in {"", ".."} else _single(end).latest
    if earliest and latest and earliest > latest:
        raise EdtfError(f"{text!r} ends before it begins")
    return Days(earliest, latest)


def _single(text: str) -> Days:
    match = _DATE.fullmatch(text)
    if not match:
        raise EdtfError(f"{text!r} is not a date such as 2024-06-23, 2024-06~ or 2023-11/2024-01")
    year, month, day = match.group("year", "month", "day")
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    try:
        if month in {None, "XX"} and day in {None, "XX"}:
            return Days(date(first, 1, 1), date(last, 12, 31))
        begin, end = _SEASONS[month] if month in _SEASONS and day is None else (int(month), int(month))
        if first < last:
            raise ValueError("a month of no year")
        last += end < begin
        length = monthrange(last, end)[1]
        days = (1, length) if day in {None, "XX"} else (int(day), int(day))
        return Days(date(first, begin, days[0]), date(last, end, days[1]))
    except ValueError as error:
        raise EdtfError(f"{text!r} names days that do not exist") from error


def day_range(text: str | None) -> Days | None:
    """Return the days that a date covers, or None if the text is empty or not a valid date."""
    if not text:
        return None
    try:
        return parse(text)
    except EdtfError:
        return None


def is_valid(text: str | None) -> bool:
    """Return whether a text is a date in the supported subset of EDTF, in the years of the dataset."""
    days = day_range(text)
    if days is None:
        return False
    return (days.earliest or FIRST_DAY) >= FIRST_DAY and (days.latest or LAST_DAY) <= LAST_DAY
