"""Kinds of fault in the bytes of a file, with the true location by line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Spot = tuple[int, int]
"""The line and column, from 1, at which a finding must stand."""


@dataclass(frozen=True)
class WrittenKind:
    """A kind of fault in a seed file: which lines it can be done to, and the edit, which returns the place.

    The finding is of `rule`; `also` has the other rules that may be broken by it, each with the reason.
    """

    name: str
    rule: str
    line: re.Pattern[str]
    edit: Callable[[list[str], int], Spot]
    also: Mapping[str, str] = field(default_factory=dict)


WRITTEN: list[WrittenKind] = []

_TOPIC = r"^  topic: "


def _written(name: str, rule: str, line: str = _TOPIC, **also: str) -> Callable[[Callable[..., Spot]], None]:
    def register(edit: Callable[[list[str], int], Spot]) -> None:
        reasons = {each.replace("_", "-"): why for each, why in also.items()}
        WRITTEN.append(WrittenKind(name, rule, re.compile(line), edit, reasons))

    return register


def _value(value: str, column: int = 10) -> Callable[[list[str], int], Spot]:
    """Return the edit that writes another value behind the key of a line."""

    def edit(lines: list[str], index: int) -> Spot:
        lines[index] = f"{lines[index].partition(': ')[0]}: {value}"
        return index + 1, column

    return edit


def _added(line: str, column: int = 3) -> Callable[[list[str], int], Spot]:
    """Return the edit that adds a line behind another."""

    def edit(lines: list[str], index: int) -> Spot:
        lines.insert(index + 1, line)
        return index + 2, column

    return edit


@_written("a key is misspelt", "unknown-key")
def _(lines: list[str], index: int) -> Spot:
    lines[index] = lines[index].replace("topic", "topik")
    return index + 1, 3


@_written("a key stands twice", "duplicate-key")
def _(lines: list[str], index: int) -> Spot:
    lines.insert(index + 1, lines[index])
    return index + 2, 3


_written("a computed column is written", "computed-column")(_added("  event_date_latest: 2024-06-23"))
_written("a column holds a list", "wrong-type")(_value("[visit, treaty]"))
_written("a column holds a mapping", "wrong-type")(_value("{visit: treaty}"))
_written("a quote is not anchored", "unsealed-quote", r"^  span: ")(
    lambda lines, index: (lines.__setitem__(index, "  quote: some words … some more"), (index + 1, 3))[1]
)
_written("a candidate is not accepted", "unaccepted-draft")(_added("  draft: true"))
_written("a span has a dash", "span-form", r"^  span: ")(_value("12–34", 9))
_written("a value has an anchor", "yaml-alias")(_value("&here visit"))
_written("a value is an alias", "yaml-alias")(_value("*here"))
_written("a value has a tag", "yaml-tag")(_value("!visit visit"))
_written("a value is nested deeply", "yaml-depth")(_value("[" * 30 + "]" * 30, 10 + 17))
_written("a value has a colon", "yaml-syntax")(_value("visit: treaty", 15))
_written("a value begins with @", "yaml-syntax")(_value("@visit"))
_written("a quote is not closed", "yaml-syntax")(_value('"visit'))
_written("a key is a list", "yaml-key")(_added("  [visit]: treaty"))


@_written("a second document begins", "yaml-documents", r"^- claim_id: ")
def _(lines: list[str], index: int) -> Spot:
    lines.insert(index, "---")
    return index + 1, 1


@_written("a tab indents", "yaml-syntax")
def _(lines: list[str], index: int) -> Spot:
    lines[index] = "\t" + lines[index].lstrip()
    return index + 1, 1


@_written("a record is called otherwise than its file", "file-name", r"^source_id: ")
def _(lines: list[str], index: int) -> Spot:
    lines[index] = "source_id: SRC-0099"
    return index + 1, 12


@_written(
    "a value of a record in one line is wrong", "vocabulary", r"^  - \{actor_id: [^{]*role: (?!supplier|recipient|part)"
)
def _(lines: list[str], index: int) -> Spot:
    before, sign, after = lines[index].partition("role: ")
    lines[index] = f"{before}{sign}x{after}"
    return index + 1, len(before) + len(sign) + 1


# --- CSV -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CsvKind:
    """A kind of fault in the bytes of a CSV: the edit of the lines from the header on, which returns the place."""

    name: str
    rule: str
    edit: Callable[[list[bytes], int], Spot]
    header: bool = False


def _longer(lines: list[bytes], index: int) -> Spot:
    lines[index] += b",x"
    return index + 1, 1


def _shorter(lines: list[bytes], index: int) -> Spot:
    lines[index] = b"x,y"
    return index + 1, 1


def _blank(lines: list[bytes], index: int) -> Spot:
    lines.insert(index, b"")
    return index + 1, 1


def _carriage_return(lines: list[bytes], index: int) -> Spot:
    column = len(lines[index].decode("utf-8")) + 1
    lines[index] += b"\r"
    return index + 1, column


def _nul(lines: list[bytes], index: int) -> Spot:
    lines[index] = lines[index][:3] + b"\0" + lines[index][3:]
    return index + 1, 4


def _latin(lines: list[bytes], index: int) -> Spot:
    lines[index] = lines[index][:3] + b"\xe9" + lines[index][3:]
    return index + 1, 4


def _unclosed(lines: list[bytes], index: int) -> Spot:
    # What follows is without quotes, so that nothing closes this one.
    del lines[index + 1 :]
    lines[index] = b'"' + lines[index].replace(b'"', b"")
    lines += [b"x,y"] * 3
    return index + 1, 1


def _undoubled(lines: list[bytes], index: int) -> Spot:
    lines[index] = b'"a "word" here",' + lines[index].replace(b'"', b"")
    return index + 1, 1


def _header(lines: list[bytes], _: int) -> Spot:
    lines[0] = lines[0].replace(b"_id", b"_idd", 1)
    return 1, 1


def _mark(lines: list[bytes], _: int) -> Spot:
    lines[0] = b"\xef\xbb\xbf" + lines[0]
    return 1, 1


CSV = (
    CsvKind("a record has a cell too many", "csv-cells", _longer),
    CsvKind("a record has too few cells", "csv-cells", _shorter),
    CsvKind("a line is empty", "csv-cells", _blank),
    CsvKind("a line ends in a carriage return", "line-end", _carriage_return),
    CsvKind("a line has a NUL byte", "nul-byte", _nul),
    CsvKind("a line is not UTF-8", "not-utf-8", _latin),
    CsvKind("a quote of a cell is not closed", "csv-syntax", _unclosed),
    CsvKind("a quote in a cell is not doubled", "csv-syntax", _undoubled),
    CsvKind("a column is misspelt", "csv-header", _header, header=True),
    CsvKind("the file has a byte order mark", "byte-order-mark", _mark, header=True),
)
