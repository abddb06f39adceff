"""Stata and SPSS: one file for each table, with labels, and with vocabularies as numbers that have labels.

The number of a value is its rank, from 0, if its vocabulary is ordered, otherwise its place in the codebook.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from curation.bundle.archive import EPOCH
from curation.bundle.typed import TypedTable
from curation.dataset import Dataset
from russia_dprk_claims.contract import Field

_NUMBERS = {"integer": "Int64", "number": "Float64"}
# The date in the header of an SPSS file, and where it stands: writers put the time of the day there.
_SPSS_DATE, _SPSS_DATE_AT = b"01 Jan 80" + b"00:00:00", 92


def value_labels(column: Field) -> dict[int | float, str]:
    """Return the label of each number of a vocabulary or boolean; nothing for another column."""
    values = ("false", "true") if column.type == "boolean" else column.order or column.enum
    return dict(enumerate(values))


def _numbered(typed: TypedTable, column: Field) -> Any:
    """Return a column as both programs hold it: numbers with labels, numbers, texts, or days."""
    labels = value_labels(column)
    if labels:
        codes = {text: code for code, text in labels.items()}
        return pd.array([None if text is None else codes[text] for text in typed.cells[column.name]], dtype="Int8")
    if column.type in _NUMBERS:
        return pd.array(typed.values(column), dtype=_NUMBERS[column.type])
    return pd.Series(typed.values(column), dtype=object)


def _frame(typed: TypedTable) -> pd.DataFrame:
    return pd.DataFrame({each.name: _numbered(typed, each) for each in typed.table.fields})


def _file_label(typed: TypedTable, dataset: Dataset) -> str:
    return f"{dataset.name} {dataset.version}: {typed.table.name}"


def stata_bytes(typed: TypedTable, dataset: Dataset) -> bytes:
    """Return the bytes of a Stata file of format 118, which Stata 14 and later read."""
    frame = _frame(typed)
    fields = typed.table.fields
    days = [each.name for each in fields if each.type == "date"]
    for name in days:
        frame[name] = pd.to_datetime(frame[name])
    texts = [each.name for each in fields if each.type == "string" and not each.enum]
    frame[texts] = frame[texts].fillna("")
    out = io.BytesIO()
    frame.to_stata(
        out,
        write_index=False,
        version=118,
        byteorder="little",
        time_stamp=EPOCH,
        data_label=_file_label(typed, dataset),
        variable_labels={each.name: each.title for each in fields},
        value_labels={each.name: value_labels(each) for each in fields if value_labels(each)},
        convert_dates=dict.fromkeys(days, "td"),
    )
    return out.getvalue()


def spss_bytes(typed: TypedTable, dataset: Dataset) -> bytes:
    """Return the bytes of an SPSS file."""
    frame = _frame(typed)
    fields = typed.table.fields
    numeric = [each.name for each in fields if value_labels(each) or each.type in _NUMBERS]
    frame[numeric] = frame[numeric].astype("float64")
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "table.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=_file_label(typed, dataset),
            column_labels=[each.title for each in fields],
            row_compress=True,
            variable_value_labels={each.name: value_labels(each) for each in fields if value_labels(each)},
            variable_measure={each.name: _measure(each) for each in fields},
            variable_format={name: "F8.0" for name in numeric if typed.table.by_name[name].type != "number"},
        )
        written = path.read_bytes()
    end = _SPSS_DATE_AT + len(_SPSS_DATE)
    return written[:_SPSS_DATE_AT] + _SPSS_DATE + written[end:]


def _measure(column: Field) -> str:
    if column.order:
        return "ordinal"
    return "scale" if column.type in {*_NUMBERS, "date"} else "nominal"
