"""The catalogue of rules: every rule that a finding can name, in one sentence, with its severity and what to do.

The rules of meaning state themselves; those on files, records, structure and passages are stated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from russia_dprk_claims.checks.findings import Finding, Location, Severity


@dataclass(frozen=True)
class Entry:
    """One rule as readers see it: its id, what it is about, the rule in one sentence, and what to do about a break."""

    id: str
    group: str
    statement: str
    hint: str
    severity: Severity = Severity.ERROR
    tables: tuple[str, ...] = ()


_FILES = {
    "file-name": (
        "A seed file is named after its record, ends in .yaml, and lies in seeds/ or a folder of a table.",
        "rename or move it",
    ),
    "outside-seeds": ("No link leads out of the seed folder.", "copy the file itself"),
    "unreadable-file": ("Every file can be read.", "replace or remove it"),
    "file-size": ("A seed file has at most 32 MB.", "split it"),
    "not-utf-8": ("Every file is UTF-8.", "save it with the encoding UTF-8"),
    "empty-file": ("No file is empty.", "write a record or remove the file"),
    "no-mapping": ("A seed file is one mapping of keys to values.", "begin with 'key: value' lines"),
    "yaml-syntax": ("A seed file is YAML.", "look at the place that is named, and at the line above it"),
    "yaml-alias": (
        "Anchors and aliases are not used.",
        "write the value out; put a text that begins with & or * in quotes",
    ),
    "yaml-tag": ("Tags are not used.", "remove it; put a text that begins with ! in quotes"),
    "yaml-depth": ("Records nest three levels deep, and nothing nests deeper than 20.", "write the record flat"),
    "yaml-key": ("A key is one word.", "put a value that begins with { or [ in quotes"),
    "yaml-documents": ("A seed file is one document.", "remove the '---'"),
    "duplicate-key": ("No key is used twice in one record.", "remove one, or begin a new record with '- '"),
}
_RECORDS = {
    "unknown-key": (
        "Every key of a record is a column of its table or the name of a child table.",
        "look at the nearest key that is named",
    ),
    "wrong-type": (
        "A column holds one value, a child table a list of records.",
        "put a value that begins with [ or { in quotes",
    ),
    "computed-column": ("Computed columns are not written.", "leave it out"),
    "unsealed-quote": ("Every quote has been turned into a span.", "run scripts/seal.py"),
    "span-form": (
        "A span is two numbers with a hyphen, the first below the second.",
        "write start-end, as in 1650-1785, or a quote and run scripts/seal.py",
    ),
}
_STRUCTURE = {
    "required": ("A required cell has a value.", "write it"),
    "type": (
        "A cell has the one form of its type.",
        "write whole numbers as 12, numbers as 0.5, days as 2024-06-23, and true or false",
    ),
    "vocabulary": ("A cell with a vocabulary has one of its values.", "look at the nearest value that is named"),
    "pattern": ("A cell with a pattern has its form.", "look at the example"),
    "pattern-by": (
        "A unit fits the property: time in a, mo, wk, d or h, length in mm, m or km, counted things in braces.",
        "write a UCUM code that fits",
    ),
    "minimum": ("A number is not below its minimum.", "look for a slip"),
    "max-words": ("A text has at most as many words as its column allows.", "shorten it"),
    "text-null": ("No cell says nan, none, null or n/a.", "leave it out"),
    "text-invisible": ("No text has control, zero-width or bidirectional characters.", "remove the character"),
    "text-spaces": ("No text begins or ends with a space or has two in a row.", "remove the space"),
    "text-nfc": ("Every text is in Unicode's normal form C.", "write each letter as one character"),
    "text-formula": (
        "No text begins as a formula does, so that no spreadsheet runs it.",
        "begin with a letter or a figure",
    ),
    "primary-key": (
        "No two rows of a table have the same key.",
        "take the next free number, or remove the second record",
    ),
    "unique": ("No two rows have the same value in a column that is unique.", "remove the second record"),
    "foreign-key": ("Every reference leads to a row.", "look at the nearest id that is named"),
}
_PASSAGES = {
    "seal": ("Every long passage has its hash in seeds/seals/.", "run scripts/seal.py"),
    "text-identity": (
        "An available text is the one that was coded, byte for byte.",
        "use the text that was coded, or code the new one",
    ),
    "span-boundary": ("A span begins and ends at words, without spaces.", "write a quote and run scripts/seal.py"),
    "verbatim": (
        "Figures, hedges and names as stated are in the passage of their row.",
        "copy it from the passage, or correct the span",
    ),
    "own-words": (
        "No cell in the editors' words shares seven words in a row with a text.",
        "rephrase it in your own words",
    ),
    "coverage": (
        "Every part of a text is in the span of a claim or is set aside.",
        "code it, or set it aside with a reason",
    ),
    "set-aside-overlap": (
        "What is set aside is not also the passage of a claim.",
        "set aside only what no claim rests on",
    ),
    "name-in-text": ("Every name is in a text.", "write it as the text has it, or remove it"),
}
_PACKAGE = {
    "released-ids": (
        "Every id of the last release is still there.",
        "restore the row; withdraw a claim, never remove it",
    ),
    "stale": ("The files on disk are what the seeds give.", "run scripts/build.py"),
    "descriptor-unreadable": ("A package has a datapackage.json that can be read.", "give the folder that holds it"),
    "descriptor-syntax": ("The descriptor of a package is JSON.", "build it anew"),
    "descriptor-resources": ("The descriptor of a package lists its resources.", "build it anew"),
    "resource": ("A package has one resource with a name and a path for every table, and no other.", "build it anew"),
    "resource-path": ("The path of a resource leads to a file inside the package.", "keep it in the folder"),
    "resource-schema": (
        "The schemas of a package are those of the contract; it is by the contract that the tables are judged.",
        "put the schemas of the dataset there",
    ),
    "byte-order-mark": ("No CSV begins with a byte order mark.", "save it as UTF-8 without one"),
    "nul-byte": ("No CSV has a NUL byte.", "remove it"),
    "line-end": ("The lines of a CSV end in a line feed alone.", "save the file with the line ends of Unix"),
    "csv-syntax": (
        "A CSV closes and doubles its quotes, and no cell is larger than a million characters.",
        "look for a quote that is not closed",
    ),
    "csv-header": (
        "The header of a CSV has the columns of its table, each once and in order.",
        "begin with the columns of the table",
    ),
    "csv-cells": ("Every record of a CSV has as many cells as the header.", "look for a comma outside quotes"),
}
_GROUPS = {
    "files": _FILES,
    "records": _RECORDS,
    "structure": _STRUCTURE,
    "passages": _PASSAGES,
    "package": _PACKAGE,
}


_WARNINGS = frozenset({"resource-schema"})


STATED: Mapping[str, Entry] = {
    id_: Entry(id_, group, statement, hint, Severity.WARNING if id_ in _WARNINGS else Severity.ERROR)
    for group, rules in _GROUPS.items()
    for id_, (statement, hint) in rules.items()
}
"""The rules on files, records, structure, passages and packages, by id."""


def finding(
    rule: str,
    location: Location,
    message: str,
    *,
    hint: str | None = None,
    table: str = "",
    row: str = "",
    column: str = "",
    value: str = "",
) -> Finding:
    """Return a finding on a stated rule, with the severity and the hint that the catalogue gives it.

    Parameters
    ----------
    rule
        The id of a rule in `STATED`.
    location
        Where it is broken.
    message
        What is wrong there.
    hint
        What to do in this case, such as the nearest known word; by default what the catalogue says.
    table, row, column, value
        The cell, as far as there is one.
    """
    entry = STATED[rule]
    hint = entry.hint if hint is None else hint
    return Finding(location, rule, message, hint, entry.severity, table, row, column, value)


def catalogue() -> list[Entry]:
    """Return every rule once, by group: files, records, structure, meaning, passages, package."""
    from russia_dprk_claims.checks.rules import RULES  # Narwhals is imported only where rules are listed or run

    meaning: dict[str, Entry] = {}
    for rule in RULES:
        known = meaning.get(rule.id)
        tables = (*known.tables, rule.table) if known else (rule.table,)
        hint = rule.hint.replace("{definition}", "see the definition of the value")
        meaning[rule.id] = Entry(rule.id, "meaning", rule.statement, hint, rule.severity, tuple(dict.fromkeys(tables)))
    order = ["files", "records", "structure", "meaning", "passages", "package"]
    return sorted([*STATED.values(), *meaning.values()], key=lambda each: order.index(each.group))
