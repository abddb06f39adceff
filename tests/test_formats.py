"""Every file of a release gives the same cells to the programs that people open it with.

The files are those of the dataset, which has claims of several voices and withdrawn claims; a small table of hostile
texts is written and read as well. Where there is one, another library reads each format than the one that wrote it.
"""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from clients import lacking
from conftest import REPOSITORY

import russia_dprk_claims as rdc
from curation.bundle.files import data_files
from curation.bundle.inputs import BundleError, BundleInputs, inputs_of
from curation.bundle.parquet import parquet_bytes
from curation.bundle.statistics import spss_bytes, stata_bytes
from curation.bundle.typed import TypedTable
from curation.bundle.xlsx import xlsx_bytes
from curation.dataset import Dataset
from curation.documents.codebook import bands_of
from russia_dprk_claims.contract import WIDE, Field, Table, derived_table, read_contract

NAME = "russia-dprk-claims"
CONTRACT = read_contract(REPOSITORY / "schemas")
TABLES = [derived_table(CONTRACT, WIDE), *CONTRACT]
SUMMARY = derived_table(CONTRACT, "event_summary")
Rows = list[list[str]]


@pytest.fixture(scope="module")
def inputs() -> BundleInputs:
    return inputs_of(REPOSITORY)


@pytest.fixture(scope="module")
def files(inputs: BundleInputs) -> dict[str, bytes]:
    """The files of a release of the dataset that hold its tables, and the members of the zips among them."""
    found = {each.name: each.content for each in data_files(inputs, {})}
    for name in [name for name in found if name.endswith(".zip")]:
        with zipfile.ZipFile(io.BytesIO(found[name])) as archive:
            found |= {f"{name}/{path}": archive.read(path) for path in archive.namelist()}
    return found


@pytest.fixture(scope="module")
def written(files: dict[str, bytes]) -> dict[str, Rows]:
    """The cells of every table as the CSV files have them."""
    texts = {table.name: (REPOSITORY / "data" / f"{table.name}.csv").read_bytes() for table in CONTRACT}
    texts[WIDE] = files[f"{NAME}-claims_wide.csv"]
    found = {name: list(csv.reader(io.StringIO(text.decode("utf-8"), newline=""))) for name, text in texts.items()}
    assert {name: tuple(rows.pop(0)) for name, rows in found.items()} == {each.name: each.columns for each in TABLES}
    return found


@pytest.fixture(scope="module")
def database(files: dict[str, bytes]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[f"{NAME}.db"])
        yield connection


def text_of(column: Field, value: Any) -> str:
    """Return the text that a CSV has for a value which a program has read."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124 - NaN
        return ""
    if column.type == "boolean":
        return str(value in {True, "true"}).lower()
    if isinstance(value, date):
        return value.isoformat()[:10]
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def texts_of(table: Table, rows: Sequence[Mapping[str, Any]]) -> Rows:
    """Return the texts of the rows that a program has read; it must give exactly the columns of the table."""
    assert not rows or tuple(rows[0]) == table.columns
    return [[text_of(column, row[column.name]) for column in table.fields] for row in rows]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = frame.astype(object).to_dict("records")
    return found


# --- each format, read as a whole -------------------------------------------------------------------------------------


def read_parquet(data: bytes, _: Table, __: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(io.BytesIO(data)).to_pylist()
    return found


@cache
def workbook(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def read_xlsx(data: bytes, table: Table, _: Path) -> list[dict[str, Any]]:
    # The sheet of transfers has one more column, which has a test of its own.
    last = len(table.columns) if table.name == "transfers" else None
    head, *rows = workbook(data)[table.name].iter_rows(values_only=True, max_col=last)
    return [dict(zip(head, row, strict=True)) for row in rows]


def read_stata_with_pandas(data: bytes, _: Table, __: Path) -> list[dict[str, Any]]:
    return records(pd.read_stata(io.BytesIO(data)))


def read_with_readstat(data: bytes, _: Table, folder: Path) -> list[dict[str, Any]]:
    path = folder / ("a.sav" if data.startswith(b"$FL2") else "a.dta")
    path.write_bytes(data)
    read = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
    return records(read(path, apply_value_formats=True)[0])


FORMATS: dict[str, tuple[str, Callable[[bytes, Table, Path], list[dict[str, Any]]]]] = {
    "parquet": (f"{NAME}-TABLE.parquet", read_parquet),
    "xlsx": (f"{NAME}.xlsx", read_xlsx),
    "stata, pandas": (f"{NAME}-stata.zip/TABLE.dta", read_stata_with_pandas),
    "stata, ReadStat": (f"{NAME}-stata.zip/TABLE.dta", read_with_readstat),
    "spss, ReadStat": (f"{NAME}-spss.zip/TABLE.sav", read_with_readstat),
}


@pytest.mark.parametrize("form", FORMATS)
def test_a_program_reads_the_cells_of_the_csv_files(
    files: dict[str, bytes], written: dict[str, Rows], form: str, tmp_path: Path
) -> None:
    name, read = FORMATS[form]
    for table in TABLES:
        found = texts_of(table, read(files[name.replace("TABLE", table.name)], table, tmp_path))
        assert found == written[table.name], table.name


def test_the_database_has_the_cells_of_the_csv_files(database: sqlite3.Connection, written: dict[str, Rows]) -> None:
    for table in TABLES:
        found = database.execute(f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY rowid")  # noqa: S608
        rows = [dict(zip(table.columns, row, strict=True)) for row in found]
        assert texts_of(table, rows) == written[table.name], table.name


def test_claims_wide_has_each_active_claim_with_all_its_voices(
    files: dict[str, bytes], written: dict[str, Rows], inputs: BundleInputs
) -> None:
    claims = inputs.tables["claims"]
    active = [row["claim_id"] for row in claims.rows() if row["record_status"] == "active"]
    assert len(active) < len(claims)
    assert [row[0] for row in written[WIDE]] == active
    assert texts_of(TABLES[0], records(rdc.claims())) == written[WIDE]
    voice = dict(zip(active, (row[TABLES[0].columns.index("voice")] for row in written[WIDE]), strict=True))
    names = {row["actor_id"]: row["name"] for row in inputs.tables["actors"].rows()}
    steps: dict[str, list[dict[str, str | None]]] = {}
    for row in inputs.tables["claim_attributions"].rows():
        steps.setdefault(row["claim_id"] or "", []).append(row)
    joint = [(claim, [each for each in rows if each["step"] == rows[-1]["step"]]) for claim, rows in steps.items()]
    joint = [(claim, rows) for claim, rows in joint if len(rows) > 1 and claim in voice]
    assert len(joint) > 5
    for claim, rows in joint:
        assert all((names.get(each["actor_id"]) or "") in voice[claim] for each in rows), claim
    (zipped,) = [name for name in files if name.endswith(".zip/claims_wide.csv")]
    assert files[zipped] == files[f"{NAME}-claims_wide.csv"]


# --- texts that programs change ---------------------------------------------------------------------------------------

TEXTS = (
    *("=1+1", "+7", "-3", "@SUM(A1)", '=HYPERLINK("x")', "2024-06", "1/2", "007", "1e5", "true", "NA", "None", "."),
    *(
        " space",
        "two\nlines",
        'a "quote", a comma; a tab\t',
        "한국어 «ё»",
        "🚢",
        "https://example.org/",
        "_x0041_",
        "'",
    ),
    *("'", "x" * 3000, "조" * 3000, "file:///C:/a", "mailto:a@example.org", "\u202etxt", "<b>&amp;</b>"),
)
LEVELS = {"a": "Little.", "b": "Much."}
HOSTILE = Table(
    "hostile",
    "Hostile",
    "Texts that programs change.",
    (
        Field("text_id", "Id", "A number.", "integer", required=True),
        Field("words", "Words", "Any text.", "string"),
        Field(
            "level", "Level", "How much.", "string", enum=("b", "a"), order=("a", "b"), definitions={"a": "A", "b": "B"}
        ),
        Field("value", "Value", "A number.", "number"),
        Field("large", "Large", "A large number.", "integer"),
        Field("flag", "Flag", "Yes or no.", "boolean"),
        Field("day", "Day", "A day.", "date"),
    ),
    ("text_id",),
    (),
    None,
    {},
)
HOSTILE_ROWS = [
    [str(number), text, "ab"[number % 2], "0.1", "4800000000", ("true", "false")[number % 2], "0987-01-02"]
    for number, text in enumerate(TEXTS)
] + [["99", *[""] * 6]]


def hostile() -> TypedTable:
    columns = zip(*HOSTILE_ROWS, strict=True)
    cells = {name: [text or None for text in column] for name, column in zip(HOSTILE.columns, columns, strict=True)}
    return TypedTable(HOSTILE, cells)


WRITERS: dict[str, Callable[[TypedTable, Dataset], bytes]] = {
    "parquet": parquet_bytes,
    "xlsx": lambda typed, dataset: xlsx_bytes([typed], dataset, {}),
    "stata": stata_bytes,
    "spss": spss_bytes,
}


@pytest.mark.parametrize("form", FORMATS)
def test_no_text_number_or_day_is_changed(inputs: BundleInputs, form: str, tmp_path: Path) -> None:
    data = WRITERS[form.partition(",")[0]](hostile(), inputs.dataset)
    assert texts_of(HOSTILE, FORMATS[form][1](data, HOSTILE, tmp_path)) == HOSTILE_ROWS


@pytest.mark.parametrize("form", FORMATS)
def test_a_table_without_rows_keeps_its_columns(inputs: BundleInputs, form: str, tmp_path: Path) -> None:
    empty = TypedTable(HOSTILE, {name: [] for name in HOSTILE.columns})
    assert FORMATS[form][1](WRITERS[form.partition(",")[0]](empty, inputs.dataset), HOSTILE, tmp_path) == []


def test_a_text_that_a_spreadsheet_would_cut_is_an_error(inputs: BundleInputs) -> None:
    typed = TypedTable(HOSTILE, {name: ["조" * 32768 if name == "words" else None] for name in HOSTILE.columns})
    with pytest.raises(BundleError, match="longer than a spreadsheet holds"):
        WRITERS["xlsx"](typed, inputs.dataset)


# --- the spreadsheet --------------------------------------------------------------------------------------------------


def test_the_first_sheet_is_claims_wide_and_every_table_has_one(files: dict[str, bytes], inputs: BundleInputs) -> None:
    book = workbook(files[f"{NAME}.xlsx"])
    assert book.sheetnames == [WIDE, "about", "codebook", SUMMARY.name, *(table.name for table in CONTRACT)]
    assert book.active.title == WIDE
    assert (book.properties.title, book.properties.created.year) == (inputs.dataset.title, 1980)
    about = [tuple(each.value for each in row) for row in book["about"].iter_rows(min_row=2)]
    assert [text for name, text in about if name == "limit"] == inputs.dataset.limits
    assert inputs.dataset.version in dict(about)["how to cite"]


def test_the_summary_of_events_is_that_of_the_loader(files: dict[str, bytes]) -> None:
    sheet = list(workbook(files[f"{NAME}.xlsx"])[SUMMARY.name].iter_rows(values_only=True))
    events = rdc.events()
    assert sheet[0] == SUMMARY.columns == tuple(events.columns)
    assert sheet[1:] == list(events.astype(object).where(events.notna(), None).itertuples(index=False, name=None))
    (zipped,) = [name for name in files if name.endswith(".zip/event_summary.csv")]
    rows = list(csv.reader(io.StringIO(files[zipped].decode("utf-8"), newline="")))
    assert rows == [["" if cell is None else str(cell) for cell in row] for row in sheet]
    about = dict(each[:2] for each in workbook(files[f"{NAME}.xlsx"])["about"].iter_rows(values_only=True))
    assert "word_of" in about["to find what rests on somebody's word"]


def test_a_sheet_has_a_frozen_header_a_filter_and_notes_on_its_columns(files: dict[str, bytes]) -> None:
    book = workbook(files[f"{NAME}.xlsx"])
    for table in TABLES:
        sheet = book[table.name]
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", sheet.dimensions)
        for column, cell in zip(table.fields, sheet[1], strict=table.name != "transfers"):
            assert cell.comment.text.startswith(column.description)
            assert all(f"{value}: {column.definitions[value]}" in cell.comment.text for value in column.enum)
            assert 8 <= sheet.column_dimensions[cell.column_letter].width <= 71
    sentence = TABLES[0].columns.index("sentence")
    assert book[WIDE].cell(2, sentence + 1).alignment.wrap_text
    assert not book[WIDE].cell(2, 1).alignment.wrap_text
    assert book[WIDE].row_dimensions[2].height > 15


def test_a_filter_of_the_sheet_of_transfers_finds_what_is_denied(files: dict[str, bytes]) -> None:
    sheet = workbook(files[f"{NAME}.xlsx"])["transfers"]
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(1, head.index("polarity") + 1).comment.text.startswith("Whether")
    found = {row[0]: row[head.index("polarity")] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert found == rdc.transfers().set_index("transfer_id")["polarity"].astype(str).to_dict()
    assert {"denied", "affirmed"} < set(found.values())


def test_a_cell_of_a_spreadsheet_is_of_its_type_and_never_a_formula(inputs: BundleInputs) -> None:
    types = {"string": "s", "date": "s", "integer": "n", "number": "n", "boolean": "b"}
    sheet = workbook(WRITERS["xlsx"](hostile(), inputs.dataset))[HOSTILE.name]
    for row in sheet.iter_rows(min_row=2, max_row=len(TEXTS) + 1):
        assert [cell.data_type for cell in row] == [types[each.type] for each in HOSTILE.fields]
        assert not any(cell.hyperlink for cell in row)


def test_the_codebook_of_the_spreadsheet_defines_every_column(files: dict[str, bytes], inputs: BundleInputs) -> None:
    rows = list(workbook(files[f"{NAME}.xlsx"])["codebook"].iter_rows(min_row=2, values_only=True))
    assert [row[:3] for row in rows] == [
        (table.name, each.name, each.title) for table in (TABLES[0], SUMMARY, *CONTRACT) for each in table.fields
    ] + [("transfers", "polarity", "Polarity")]
    modality = next(row for row in rows if row[:2] == ("claims", "modality"))
    field = CONTRACT["claims"].by_name["modality"]
    assert modality[4] == field.description
    assert modality[5].split("\n") == [f"{value}: {field.definitions[value]}" for value in field.order]
    assert modality[6] == bands_of(inputs.tables)["claims", "modality"]


LIBREOFFICE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.mark.full
def test_libreoffice_shows_the_cells_of_the_csv_files(
    files: dict[str, bytes], written: dict[str, Rows], tmp_path: Path
) -> None:
    program = shutil.which("soffice") or lacking("LibreOffice")
    (tmp_path / "book.xlsx").write_bytes(files[f"{NAME}.xlsx"])
    command = [program, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--convert-to", LIBREOFFICE, "--outdir", str(tmp_path), str(tmp_path / "book.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    for table in TABLES:
        with (tmp_path / f"book-{table.name}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        number = len(table.columns)
        assert tuple(head[:number]) == table.columns
        flags = [each.type == "boolean" for each in table.fields]
        shown = [
            [text.lower() if flag else text for text, flag in zip(row[:number], flags, strict=True)] for row in rows
        ]
        assert shown == written[table.name], table.name


# --- Stata and SPSS ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["stata, ReadStat", "spss, ReadStat"])
def test_a_file_of_statistics_has_labels_and_ranks(files: dict[str, bytes], form: str, tmp_path: Path) -> None:
    for table in TABLES:
        path = tmp_path / f"a.{'dta' if form.startswith('stata') else 'sav'}"
        path.write_bytes(files[FORMATS[form][0].replace("TABLE", table.name)])
        read = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
        frame, about = read(path)
        assert about.column_names_to_labels == {each.name: each.title for each in table.fields}
        for each in table.fields:
            labels = ("false", "true") if each.type == "boolean" else each.order or each.enum
            assert about.variable_value_labels.get(each.name, {}) == dict(enumerate(labels)), each.name
        if "modality" in table.columns:
            ranks = {"underspecified": 0, "possible": 1, "probable": 2, "certain": 3}
            assert {text: code for code, text in about.variable_value_labels["modality"].items()} == ranks
            assert frame["modality"].max() == 3


def shown_by_pspp(column: Field, text: str) -> str:
    """Return the text that a CSV has for a cell as PSPP writes it: a missing number as a space, a day as 06/23/2024."""
    if column.type == "date" and text.strip():
        month, day, year = text.split("/")
        return f"{year}-{month}-{day}"
    return text if column.type == "string" and not column.enum else text.strip()


@pytest.mark.full
def test_pspp_reads_the_cells_of_the_csv_files(
    files: dict[str, bytes], written: dict[str, Rows], tmp_path: Path
) -> None:
    program = shutil.which("pspp-convert") or lacking("PSPP")
    for table in TABLES:
        (tmp_path / "a.sav").write_bytes(files[f"{NAME}-spss.zip/{table.name}.sav"])
        command = [program, "--labels", str(tmp_path / "a.sav"), str(tmp_path / "a.csv")]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        assert tuple(head) == table.columns
        read = [[shown_by_pspp(*each) for each in zip(table.fields, row, strict=True)] for row in rows]
        assert read == written[table.name], table.name


def test_spss_is_told_which_columns_are_ordered(files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "a.sav").write_bytes(files[f"{NAME}-spss.zip/claims.sav"])
    measures = pyreadstat.read_sav(tmp_path / "a.sav")[1].variable_measure
    assert (measures["modality"], measures["topic"], measures["char_start"]) == ("ordinal", "nominal", "scale")


def test_no_header_has_the_time_of_the_day(files: dict[str, bytes]) -> None:
    for table in TABLES:
        assert files[f"{NAME}-spss.zip/{table.name}.sav"][92:109] == b"01 Jan 8000:00:00"
        assert b"<timestamp>\x1101 Jan 1980 00:00</timestamp>" in files[f"{NAME}-stata.zip/{table.name}.dta"]


def test_the_zips_for_statistics_have_the_codebook_and_the_license(files: dict[str, bytes]) -> None:
    for program in ("stata", "spss"):
        inside = {name.partition("/")[2] for name in files if name.startswith(f"{NAME}-{program}.zip/")}
        assert {name for name in inside if not name.endswith((".dta", ".sav"))} == {"CODEBOOK.md", "LICENSE-DATA"}
