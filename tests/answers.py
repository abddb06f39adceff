"""The expected answers of `answers.yaml`, for tests of whatever answers readers: loader, SQLite, xlsx, R, the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ANSWERS = Path(__file__).with_name("answers.yaml")
DESCRIPTOR = ANSWERS.parents[1] / "datapackage.json"

# A cell is text, or several texts in order, such as voices.
Cell = str | tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to one question: ids by table."""

    question: str
    # The cells that a right answer shows of each row.
    expects: dict[str, dict[str, dict[str, Cell]]]
    # Rows that an answer may show, if it marks them as what the reason says.
    apart: dict[str, dict[str, str]]
    # Rows that the answer must not show, each with the reason.
    excludes: dict[str, dict[str, str]]
    # Words that the answer contains.
    parts: tuple[str, ...]


def expected(question: str) -> Answer:
    """Return the expected answer to a question, by the id of the question."""
    answers = all_expected()
    if question not in answers:
        raise LookupError(f"answers.yaml has no question {question!r}, only {', '.join(answers)}")
    return answers[question]


def function_for(question: str, functions: Mapping[str, Any]) -> Callable[..., Any]:
    """Return the function that asks a question: it has the id of the question as its name."""
    found: Callable[..., Any] = functions[question.replace("-", "_")]
    return found


@cache
def all_expected() -> dict[str, Answer]:
    """Return every expected answer by the id of its question."""
    # The loader of plain text keeps 2023 and 2024-06-23 as they stand in the tables.
    records = yaml.load(ANSWERS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    version = json.loads(DESCRIPTOR.read_text(encoding="utf-8"))["version"]
    answers = {}
    for record in records:
        tables = dict(record["expects"])
        usual = tables.pop("usual", {})
        parts = tables.pop("parts", [])
        answers[record["id"]] = Answer(
            record["question"],
            {
                table: {row: _cells({**usual.get(table, {}), **cells}) for row, cells in rows.items()}
                for table, rows in tables.items()
            },
            record.get("apart", {}),
            record["excludes"],
            tuple(part.replace("{version}", version) for part in parts),
        )
    return answers


def _cells(cells: dict[str, str | list[str]]) -> dict[str, Cell]:
    """Return cells with tuples for lists."""
    return {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in cells.items()}
