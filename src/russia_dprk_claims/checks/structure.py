"""Checks the structure of tables against the contract: values, vocabularies, patterns, keys and references.

A cell has at most one finding. A reference is not looked up if one of its cells is invalid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

import polars as pl

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, did_you_mean, nearest
from russia_dprk_claims.checks.rule import ROW
from russia_dprk_claims.checks.scanned import ScannedTable
from russia_dprk_claims.checks.tables import CsvLocations, Invalid, TextTable, TextTables, cell_finding
from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table
from russia_dprk_claims.files import LIMITS

_TEXT = pl.col("text")
NULL_WORDS = ("nan", "none", "null", "n/a", "na", "-")
"""What programs write for an empty cell, in lower case; no cell may be one of these."""
# Controls, formats and fillers, whatever Unicode says to ignore, and the blank of Braille.
INVISIBLE = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]"
SPACES = r"^\s|\s$|\s\s|[\p{Zs}--\x20]"
# UTF-8 that was read as Windows-1252: "’" becomes "â€™", "é" becomes "Ã©".
_MOJIBAKE = r"â€|[ÂÃ][\u00a0-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|[ÐÑ][\u00a0-\u00bf€-™][ÐÑ]|ï[»¿]"
# Not signs that are no emoji, such as ™, № and →.
_EMOJI = r"[\p{Emoji_Presentation}\u20e3\U0001f000-\U0001faff]|[\p{Emoji}&&[\u2600-\u27bf]]"
GARBLED = rf"{_MOJIBAKE}|{_EMOJI}|[\ufffc\ufffd\p{{Co}}\p{{Noncharacter_Code_Point}}]|^\p{{M}}|\p{{M}}{{4}}"
_FOREIGN = r"[\p{L}--[\p{Latin}\p{Common}\p{Inherited}\p{Hangul}\p{Han}\p{Hiragana}\p{Katakana}]]"
_CYRILLIC, _GREEK, _LATIN = r"\p{Cyrillic}", r"\p{Greek}", r"\p{Latin}"
_PAIRS = ((_LATIN, _FOREIGN), (_FOREIGN, _LATIN), (_CYRILLIC, _GREEK), (_GREEK, _CYRILLIC))
_STYLED = r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]"
MIXED_SCRIPT = "|".join((_STYLED, *(rf"{one}[\p{{L}}\p{{M}}]*{other}" for one, other in _PAIRS)))
TEXT_RULES = (
    ("text-null", _TEXT.str.to_lowercase().is_in(list(NULL_WORDS))),
    ("text-invisible", _TEXT.str.contains(INVISIBLE)),
    ("text-spaces", _TEXT.str.contains(SPACES)),
    ("text-nfc", _TEXT.str.normalize("NFC") != _TEXT),
    ("text-formula", _TEXT.str.contains(r"^[=+@\-\uff1d\uff0b\uff20\uff0d]")),
    ("text-garbled", _TEXT.str.contains(GARBLED)),
    ("text-script", _TEXT.str.contains(MIXED_SCRIPT)),
)
"""The conditions on the characters of a text that break a rule, the most important rule first."""
_NOT_OF_TEXTS = {"text-garbled", "text-script"}  # what is copied from a text has what the text has
FIRST = "#first"
LONGEST_MESSAGE = 500
MOST_COMPARED, MOST_KEYS = 30_000, 100_000
"""The comparisons with existing keys by which suggestions for one foreign key are looked for, and the most keys."""

Collect = Callable[[list[pl.LazyFrame]], list[pl.DataFrame]]


@dataclass(frozen=True)
class Structure:
    """What is wrong with the structure of tables, and the cells and tables that later checks skip."""

    findings: list[Finding]
    invalid: Invalid


def in_memory(plans: list[pl.LazyFrame]) -> list[pl.DataFrame]:
    """Collect lazy frames of tables that fit in memory, in one call."""
    # On small frames the streaming engine, the default, takes four times as long.
    return pl.collect_all(plans, engine="in-memory")


def check_structure(
    contract: Contract, tables: TextTables, unread: Invalid | None = None, collect: Collect = in_memory
) -> Structure:
    """Check all tables against the contract.

    Parameters
    ----------
    contract : Contract
        The contract of the tables.
    tables : mapping of str to TextTable
        Every table of the contract, as texts.
    unread : Invalid, optional
        Cells and tables that could not be read: their cells are not reported as missing.
    collect : callable, optional
        Collects lazy frames; by default in memory.

    Returns
    -------
    Structure
        A finding for each invalid cell, each repeated key and each reference to a missing row.
    """
    unread = unread or Invalid()
    invalid = unread.copy()
    locators = {name: text.locator for name, text in tables.items()}
    partial = {name for name, each in locators.items() if isinstance(each, CsvLocations) and each.partial}
    invalid.incomplete.update(partial)
    texts = {name: text_frame(each) for name, each in tables.items()}
    frames = _key_frames(tables, texts)
    suspects = {name: _suspect_frame(tables[name], each) for name, each in texts.items()}
    wrong = _wrong_texts([_distinct_texts(table, suspects[table.name]) for table in contract], collect)
    keys = [(table, table.primary_key) for table in contract]
    keys += [(table, (each.name,)) for table in contract for each in table.fields if each.unique]
    # References of one column come first, as the longer ones are made of them.
    references = [(table, key) for table in contract for key in table.foreign_keys]
    references.sort(key=lambda each: len(each[1].columns))
    cells, repeated, dangling = _collect(
        collect,
        [_invalid_cells(table, suspects[table.name], wrong) for table in contract],
        [_repeated_keys(frames[table.name], columns) for table, columns in keys],
        [_dangling(key, frames[table.name], frames[key.table]) for table, key in references],
    )
    findings: list[Finding] = []
    for table, every in zip(contract, cells, strict=True):
        text = tables[table.name]
        found = _first_rows(every, "", table, text, invalid, findings)
        orphaned = _mark_orphaned(table, tables, invalid, collect)
        findings += _check_cells(contract, table, text, found, orphaned, unread, invalid)
        again = [
            (columns, _first_rows(rows, _key_rule(table, columns), table, text, invalid, findings))
            for (owner, columns), rows in zip(keys, repeated, strict=True)
            if owner is table
        ]
        findings += _check_keys(table, text, again, orphaned, invalid)
    for (table, key), every in zip(references if not invalid.too_many else (), dangling, strict=False):
        # A table that lacks rows, or has a row with an invalid key, may have the row that is missing.
        if key.table in invalid.incomplete or any(invalid.rows(key.table, each) for each in key.references):
            continue
        rows = _first_rows(every, "foreign-key", table, tables[table.name], invalid, findings)
        known = collect([_known_keys(key, texts[key.table])])[0].to_series() if rows.height else pl.Series()
        findings += _check_references(contract, table, key, tables, rows, known.to_list(), invalid)
    return Structure(findings, invalid)


def _first_rows(
    rows: pl.DataFrame, rule: str, table: Table, text: TextTable, invalid: Invalid, findings: list[Finding]
) -> pl.DataFrame:
    """Return the first of the rows that break a rule, or the rules named in their cells; add the number of the rest."""
    rows = rows.sort(ROW)
    if isinstance(text, ScannedTable):
        first = rows.head(LIMITS.findings + 1)
        text.fetch([row for name in (ROW, FIRST) if name in first.columns for row in first[name]])
    more = rows.height - LIMITS.findings
    if more <= 0:
        return rows
    invalid.too_many = True
    row, *rules = rows.row(LIMITS.findings)
    rule = rule or next(filter(None, rules))
    message, hint = f"{more:,} more rows of {table.name} have such errors", "correct those before; no more is checked"
    findings.append(finding(rule, text.locator.locate(row, None), message, hint=hint, table=table.name))
    return rows.head(LIMITS.findings)


def _collect(collect: Collect, *groups: list[pl.LazyFrame]) -> list[list[pl.DataFrame]]:
    """Collect the lazy frames of several groups in one call."""
    frames = iter(collect([plan for group in groups for plan in group]))
    return [list(islice(frames, len(group))) for group in groups]


def _mark_orphaned(table: Table, tables: TextTables, invalid: Invalid, collect: Collect) -> set[int]:
    """Return the rows that nest in a row whose key is invalid, and mark their keys as invalid too.

    Their parent is unknown, and an id that begins with an invalid one is not a second error.
    """
    if not table.nesting:
        return set()
    (column,), (key,) = table.nesting.columns, table.nesting.references
    parents, rows = tables[table.nesting.table], invalid.rows(table.nesting.table, key)
    if isinstance(parents, ScannedTable):
        parents.fetch(rows)
    wrong = {parents.cells[key][row] for row in rows} - {None}
    orphaned: set[int] = set()
    if wrong:
        plan = text_frame(tables[table.name]).filter(pl.col(column).is_in(list(wrong))).select(ROW)
        orphaned.update(collect([plan])[0][ROW])
    for row in orphaned:
        invalid.add(table.name, row, column)
        if table.local_id:
            invalid.add(table.name, row, table.local_id.name)
    return orphaned


def text_frame(table: TextTable) -> pl.LazyFrame:
    """Return a table as a frame of texts with the number of each row in the column `#row`."""
    if isinstance(table, ScannedTable):
        return table.texts
    return pl.LazyFrame(table.cells, schema=dict.fromkeys(table.cells, pl.String)).with_row_index(ROW)


def _key_frames(tables: TextTables, texts: Mapping[str, pl.LazyFrame]) -> Mapping[str, pl.LazyFrame]:
    """Return frames whose keys are equal where their texts are."""
    scanned = {name: each for name, each in tables.items() if isinstance(each, ScannedTable)}
    stored = {name: each.stored for name, each in scanned.items() if each.suspects.is_empty()}
    # What is stored of a key in one table cannot be compared with its text in another, nor of an ill-formed number.
    return stored if len(stored) == len(tables) else texts


def _suspect_frame(table: TextTable, texts: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows that may have an invalid cell: all, or those that a scan has found."""
    if not isinstance(table, ScannedTable):
        return texts
    # Without them, the file need not be scanned.
    is_clean = table.suspects.is_empty()
    return texts.clear() if is_clean else texts.filter(pl.col(ROW).is_in(table.suspects.implode()))


# --- single cells -------------------------------------------------------------------------------------------------


WrongTexts = tuple[tuple[str, tuple[str, ...]], ...]
"""Each rule on the characters of a text that is broken, with the texts that break it; the most important rule first."""


def _distinct_texts(table: Table, texts: pl.LazyFrame) -> pl.LazyFrame:
    # One column below the other, so that a file is scanned once.
    columns = [each.name for each in table.fields if is_free_text(each)]
    return texts.select(columns).unpivot(value_name="text").select(pl.col("text").cast(pl.String)).unique()


def _wrong_texts(texts: list[pl.LazyFrame], collect: Collect) -> WrongTexts:
    """Find the texts that break a rule on their characters, in all tables at once.

    Evaluating these rules column by column takes longer than all others together.
    """
    distinct = pl.concat(collect(texts)).unique(maintain_order=True).drop_nulls()
    broken = distinct.select(pl.col("text").filter(condition).implode().alias(rule) for rule, condition in TEXT_RULES)
    return tuple((rule, tuple(texts)) for rule, texts in broken.row(0, named=True).items() if texts)


def is_free_text(column: Field) -> bool:
    """Return whether the characters of a column are checked."""
    return column.type == "string" and not column.enum


def cell_rules(column: Field, wrong: WrongTexts) -> Iterator[tuple[str, pl.Expr]]:
    """Yield each rule on a cell with the condition that breaks it; only the first broken rule counts."""
    cell = pl.col(column.name)
    if column.required:
        yield "required", cell.is_null()
    if pattern := column.cell_type.pattern:
        well_formed = cell.str.contains(pattern)
        if column.type == "date":
            well_formed &= cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        yield "type", cell.is_not_null() & ~well_formed
    if column.enum:
        yield "vocabulary", ~cell.is_in(list(column.enum))
    if column.pattern:
        yield "pattern", ~cell.str.contains(column.pattern)
    if column.minimum is not None:
        yield "minimum", cell.cast(pl.Int64, strict=False) < column.minimum
    if column.patterns_by is not None:
        other = pl.col(column.patterns_by.column)
        for value, pattern in column.patterns_by.patterns.items():
            yield "pattern-by", (other == value) & ~cell.str.contains(pattern)
    if is_free_text(column):
        is_copied = column.text in {"verbatim", "name"}
        yield from ((rule, cell.is_in(texts)) for rule, texts in wrong if not (is_copied and rule in _NOT_OF_TEXTS))
    if column.max_words is not None:
        yield "max-words", cell.str.count_matches(" ", literal=True) >= column.max_words


def _invalid_cells(table: Table, frame: pl.LazyFrame, wrong: WrongTexts) -> pl.LazyFrame:
    """Return the rows that have an invalid cell, with the rule that each cell breaks."""
    return frame.select(ROW, *_broken_rules(table, wrong)).filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))


# Making these conditions takes as long as evaluating them on a small table.
@lru_cache(maxsize=100)
def _broken_rules(table: Table, wrong: WrongTexts) -> list[pl.Expr]:
    """Return for each column which rule a cell breaks first, or null."""
    broken = []
    for column in table.fields:
        rule = _literal(None)
        for id_, is_broken in reversed(list(own_rules(table, column, wrong))):
            rule = pl.when(is_broken).then(_literal(id_)).otherwise(rule)
        broken.append(rule.alias(column.name))
    return broken


def own_rules(table: Table, column: Field, wrong: WrongTexts = ()) -> Iterator[tuple[str, pl.Expr]]:
    """Yield the rules on a cell that are checked in its own row, with the condition that breaks each."""
    # The form of an inherited key is checked in the row that it comes from; here it is a reference.
    inherited = table.nesting.columns if table.nesting else ()
    yield from (each for each in cell_rules(column, wrong) if column.name not in inherited or each[0] == "required")


@cache
def _literal(rule: str | None) -> pl.Expr:
    return pl.lit(rule, dtype=pl.String)


def _check_cells(
    contract: Contract,
    table: Table,
    text: TextTable,
    found: pl.DataFrame,
    orphaned: set[int],
    unread: Invalid,
    invalid: Invalid,
) -> Iterator[Finding]:
    """Yield a finding for each invalid cell, and mark it."""
    for row, *rules in found.iter_rows():
        for column, rule in zip(table.fields, rules, strict=True):
            if rule is None:
                continue
            invalid.add(table.name, row, column.name)
            composed = rule == "pattern" and row in orphaned and contract.has_short_ids(table, column.name)
            if not composed and (table.name, row, column.name) not in unread:
                yield _cell_finding(table, text, column, row, rule)


def _cell_finding(table: Table, text: TextTable, column: Field, row: int, rule: str) -> Finding:
    value = text.cells[column.name][row] or ""
    by = column.patterns_by.column if column.patterns_by else column.name
    kind = text.cells[by][row] or ""
    message = _MESSAGES[rule].format(
        name=column.name,
        value=value,
        expected=column.cell_type.expected,
        column=column,
        by=f"{by} {kind}",
        words=len(value.split(" ")),
    )
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[:LONGEST_MESSAGE]}…"
    return cell_finding(
        table, text, row, column.name, rule=rule, message=message, hint=_hint(column, value, rule, kind)
    )


_MESSAGES = {
    "required": "{name} is missing",
    "type": "{name}: {value!r} is not {expected}",
    "vocabulary": "{value!r} is not in the vocabulary of {name}",
    "pattern": "{name}: {value!r} does not match {column.pattern}",
    "minimum": "{name}: {value} is less than {column.minimum}",
    "pattern-by": "{name}: {value!r} does not fit {by}",
    "text-null": "{name}: {value!r} means an empty cell",
    "text-invisible": "{name} has an invisible character: {value!a}",
    "text-spaces": "{name}: {value!r} has a space at its beginning or end, two in a row, or one that is not plain",
    "text-nfc": "{name}: {value!a} has a letter written as two characters",
    "text-garbled": "{name} has damaged characters or pictures: {value!a}",
    "text-script": "{name} has a word in two alphabets, or letters of another width: {value!a}",
    "text-formula": "{name}: {value!r} begins like a formula",
    "max-words": "{name} has {words} words, but at most {column.max_words} are allowed",
}


def _hint(column: Field, value: str, rule: str, kind: str) -> str | None:
    """Return what to do about a cell, or None if the hint of the catalogue is enough."""
    if rule == "pattern-by" and column.patterns_by:
        codes = re.fullmatch(r"\^\(?([^*+]+?)\)?\$", column.patterns_by.patterns[kind])
        return f"one of: {', '.join(codes[1].replace(chr(92), '').split('|'))}" if codes else column.description
    if rule in {"required", "minimum"}:
        example = f" For example: {column.example}" if column.type == "date" else ""
        return column.description + (f" One of: {', '.join(column.enum)}." if column.enum else example)
    if rule == "type":
        return next((hint for form, hint in _TYPE_HINTS if re.fullmatch(form, value)), None)
    if rule == "vocabulary":
        return did_you_mean(value, column.enum) or None
    return f"for example {column.example}" if rule == "pattern" else None


_TYPE_HINTS = (
    (r"(?i)yes|no|on|off|true|false", "write true or false"),
    (r"(?=.*\d).*[_, ].*", "write the number without separators or spaces"),
    (r"[-+]?0+[1-9][0-9]*", "write the number without leading zeros"),
    (r"-?[0-9]+\.[0-9]+", "write the number without trailing zeros"),
    (r"\W?[0-9]+", "write the number alone"),
    (r"\d+", "write the number with the digits 0 to 9"),
)


# --- keys ---------------------------------------------------------------------------------------------------------


def _repeated_keys(frame: pl.LazyFrame, columns: Sequence[str]) -> pl.LazyFrame:
    """Return each row whose key an earlier row has, with the first row that has it."""
    keyed = frame.select(ROW, *columns).drop_nulls(list(columns))
    # A window over all rows would take several times as long.
    first = keyed.group_by(columns).agg(pl.col(ROW).min().alias(FIRST), pl.len()).filter(pl.col("len") > 1)
    again = keyed.join(first, on=list(columns)).select(ROW, FIRST)
    return again.filter(pl.col(FIRST) < pl.col(ROW))


def _check_keys(
    table: Table,
    text: TextTable,
    repeated: Iterable[tuple[tuple[str, ...], pl.DataFrame]],
    orphaned: set[int],
    invalid: Invalid,
) -> Iterator[Finding]:
    """Yield a finding for each repeated key, and mark the key in all rows that share it, since any may be wrong."""
    for columns, rows in repeated:
        for row, first in rows.iter_rows():
            if row in orphaned:
                continue
            yield _repeated_finding(table, text, columns, row, first)
            if columns == table.primary_key:
                for column in columns:
                    invalid.add(table.name, row, column)
                    invalid.add(table.name, first, column)


def _key_rule(table: Table, columns: Sequence[str]) -> str:
    return "primary-key" if columns == table.primary_key else "unique"


def _repeated_finding(table: Table, text: TextTable, columns: Sequence[str], row: int, first: int) -> Finding:
    column, value = columns[-1], " ".join(text.key(row, columns))
    message = f"{table.name}({', '.join(columns)}): {value!r} is already taken in {text.locator.locate(first, column)}"
    rule = _key_rule(table, columns)
    hint = "take the next free number, or remove the second record" if table.local_id else None
    return replace(cell_finding(table, text, row, column, rule=rule, message=message, hint=hint), value=value)


# --- references ---------------------------------------------------------------------------------------------------


def _dangling(key: ForeignKey, frame: pl.LazyFrame, target: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows that refer to a missing row."""
    child = frame.select(ROW, *key.columns).drop_nulls(list(key.columns))
    return child.join(target, left_on=list(key.columns), right_on=list(key.references), how="anti").select(ROW)


def _known_keys(key: ForeignKey, target: pl.LazyFrame) -> pl.LazyFrame:
    """Return the keys that a reference may name, their parts joined by spaces."""
    return target.select(pl.concat_str(pl.col(key.references).cast(pl.String).fill_null(""), separator=" "))


def _check_references(
    contract: Contract,
    table: Table,
    key: ForeignKey,
    tables: TextTables,
    rows: pl.DataFrame,
    known: Sequence[str],
    invalid: Invalid,
) -> Iterator[Finding]:
    """Yield a finding for each reference to a missing row, and mark its cell."""
    column = key.columns[-1] if len(key.columns) == 1 else _own_column(table, key)
    text = tables[table.name]
    hints: dict[str, str] = {}
    for row in rows[ROW]:
        if any((table.name, row, each) in invalid for each in key.columns):
            continue
        value = " ".join(text.key(row, key.columns))
        if value not in hints:
            is_suggested = len(hints) * len(known) < MOST_COMPARED and len(known) <= MOST_KEYS
            hints[value] = _reference_hint(contract[key.table], text, value, known) if is_suggested else ""
        message = f"{key.describe(table.name)}: there is no {value!r}"
        hint = hints[value] or None
        yield cell_finding(table, text, row, column, rule="foreign-key", message=message, hint=hint)
        invalid.add(table.name, row, column)


def _reference_hint(owner: Table, text: TextTable, value: str, known: Sequence[str]) -> str:
    """Return the id that is probably meant, and how to add a row that is new."""
    new = "" if isinstance(text.locator, CsvLocations) else _new_row(owner, value, known)
    # Every number resembles another one, and a list of all ids says less than the row to add.
    is_like = not new or (value[:6] != "coder-" and nearest(value, known))
    return " Or, ".join(filter(None, [did_you_mean(value, known) if is_like else "", new]))


def _new_row(table: Table, key: str, known: Sequence[str]) -> str:
    """Return how to add a row whose id is in words, such as ACT-coast-guard; empty for other tables and ids."""
    column = table.by_name[table.primary_key[0]]
    if table.nesting or not re.fullmatch(column.pattern or "", key) or not re.match("[A-Z]{3}-[a-z]|coder-", key):
        return ""
    # What is left blank is reported as missing; a name made of the id would have wrong capital letters.
    cells = {each.name: "" for each in table.fields if _is_needed(each)} | {column.name: key}
    names = ", actor_names: [{name: , name_type: preferred}]" if table.name == "actors" else ""
    row = ", ".join(f"{each}: {value}" for each, value in cells.items())
    following = min((each for each in known if each > key), default="")
    where = f" before {following}" if following else ""
    return f"if it is new, add it to seeds/{table.name}.yaml{where}: - {{{row}{names}}}"


def _is_needed(column: Field) -> bool:
    return column.required and column.default is None and column.derived is None


def _own_column(table: Table, key: ForeignKey) -> str:
    """Return the column of a composite reference that the row states itself, rather than inherits."""
    inherited = table.nesting.columns[0] if table.nesting else None
    return next((name for name in key.columns if name != inherited), key.columns[0])
