"""The spreadsheet: `claims_wide` first, then what must be known, the codebook, and a sheet for each table.

Identifiers and dates are texts, so that no program turns `2024-06` into a day, and no text becomes a formula.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

from xlsxwriter import Workbook

from curation.bundle.archive import EPOCH, stored
from curation.bundle.cards import FILTERS
from curation.bundle.inputs import BundleError
from curation.bundle.typed import TypedTable
from curation.dataset import Dataset
from curation.documents.codebook import Bands, type_in_words
from curation.documents.metadata import cite_as
from russia_dprk_claims.contract import Field, Value

ABOUT, CODEBOOK = "about", "codebook"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CODEBOOK = ("table", "column", "title", "type", "definition", "values", "reliability")
_WIDTHS = range(8, 71)
_LINE_HEIGHT, _TALLEST = 15, 405  # in points
_NOTE_WIDTH, _NOTE_LINE, _NOTE_LETTERS = 420, 18, 60  # in pixels, and the letters of a line


def xlsx_bytes(tables: Sequence[TypedTable], dataset: Dataset, bands: Bands) -> bytes:
    """Return the bytes of the workbook."""
    out = io.BytesIO()
    book = Workbook(out, _OPTIONS)
    properties = {"title": dataset.title, "subject": f"version {dataset.version}", "comments": cite_as(dataset)}
    book.set_properties({**properties, "created": EPOCH})
    sheets = _Sheets(book)
    for number, each in enumerate(tables):
        sheets.add(each.table.name, each.table.columns, each.rows(), [_note(field) for field in each.table.fields])
        if number == 0:
            sheets.add(ABOUT, ("property", "value"), _about(tables, dataset))
            sheets.add(CODEBOOK, _CODEBOOK, _codebook(tables, bands))
    book.close()
    # XlsxWriter compresses; what zlib makes of the same bytes differs between its versions.
    with zipfile.ZipFile(out) as archive:
        return stored({path: archive.read(path) for path in archive.namelist()})


class _Sheets:
    """The sheets of a workbook, all laid out alike."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.cell = book.add_format({"valign": "top"})
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True})

    def add(
        self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Value | None]], notes: Sequence[str] = ()
    ) -> None:
        """Add a sheet with a frozen header, a filter, and a note on each column."""
        sheet = self.book.add_worksheet(name)
        rows = list(rows)
        heights = [1] * len(rows)
        for column, title in enumerate(columns):
            texts = [str(row[column] or "") for row in rows]
            width = _width(title, texts)
            lines = [_lines(text, width) for text in texts]
            heights = [max(each) for each in zip(heights, lines, strict=True)]
            layout = self.wrapped if max(lines, default=1) > 1 else self.cell
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self.head)
            for number, row in enumerate(rows, start=1):
                _write(sheet, number, column, row[column], layout)
        # LibreOffice, unlike Excel, does not fit the heights to wrapped texts when it opens a file.
        for number, height in enumerate(heights, start=1):
            sheet.set_row(number, min(_LINE_HEIGHT * height, _TALLEST))
        for column, note in enumerate(notes):
            height = _NOTE_LINE * (_lines(note, _NOTE_LETTERS) + 1)
            sheet.write_comment(0, column, note, {"width": _NOTE_WIDTH, "height": height})
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        # No warning about texts such as `2024`, which are dates or figures in the words of a text.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(rows) + 1}"})


def _width(title: str, texts: Sequence[str]) -> int:
    """Return the width of a column in letters."""
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    # The button of the filter takes the width of three letters.
    return min(max(longest + 1, len(title) + 3, _WIDTHS[0]), _WIDTHS[-1])


def _lines(text: str, width: int) -> int:
    """Return the number of lines of a wrapped text."""
    return sum(len(wrap(line, width)) if len(line) > width else 1 for line in text.split("\n"))


def _write(sheet: Any, row: int, column: int, value: Value | None, layout: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, layout)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, layout)
    elif value is not None and sheet.write_string(row, column, str(value), layout) != 0:
        raise BundleError(f"sheet {sheet.name}, row {row + 1}: a text is longer than a spreadsheet holds; shorten it")


def _values(field: Field) -> list[str]:
    return [f"{value}: {field.definitions[value]}" for value in field.order or field.enum]


def _note(field: Field) -> str:
    return "\n".join([field.description, *_values(field)])


def _about(tables: Sequence[TypedTable], dataset: Dataset) -> Iterable[tuple[str, str]]:
    yield ("title", dataset.title)
    yield ("version", dataset.version)
    yield ("how to cite", cite_as(dataset))
    yield from (("license", f"{each['title']}: {each['path']}") for each in dataset.licenses)
    yield ("description", dataset.description)
    yield from (("limit", each) for each in dataset.limits)
    yield from ((f"to find {question}", answer.replace("`", "")) for question, answer in FILTERS.items())
    yield from ((f"sheet {each.table.name}", each.table.description) for each in tables)


def _codebook(tables: Sequence[TypedTable], bands: Bands) -> Iterable[tuple[str | None, ...]]:
    for each in tables:
        for field in each.table.fields:
            about = (field.title, type_in_words(field), field.description, "\n".join(_values(field)) or None)
            yield (each.table.name, field.name, *about, bands.get((each.table.name, field.name)))
