"""Scans the CSV of a table with Polars: the cells that keys and rules read are typed once and stored.

In the same pass, each row that may have an invalid cell is marked. `checks.structure` looks at these rows only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from russia_dprk_claims.checks.engine.guard import SIGNS, NotPlainError
from russia_dprk_claims.checks.frames import columns_read, hashed, mapped_cells, typed_cell
from russia_dprk_claims.checks.rule import ALWAYS, Count, Mapped, Summary
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.scanned import BREAKS
from russia_dprk_claims.checks.structure import NULL_WORDS, is_free_text, own_rules
from russia_dprk_claims.contract import Contract, Field, Table
from russia_dprk_claims.files import LIMITS

SUSPECT = "#suspect"
# Letters of Latin alphabets and common marks, without those that wrongly decoded text has, and `=+@-` at the beginning.
_LATER = r"!-~ÀÁÄ-ÎÒ-ÖØ-ßàáä-îñ-öø-ſ’‘“”–—"
_FIRST = _LATER.replace("!-~", r"!-*,./0-<>?A-~")
PLAIN_TEXT = rf"^[{_FIRST}][{_LATER}]*(?: [{_LATER}]+)*$"
"""Texts in which no rule on characters finds anything, unless they are one of the words for an empty cell."""
_NULL = f"^(?i:{'|'.join(NULL_WORDS)})$"


def unusual(column: Field) -> pl.Expr | None:
    """Return whether a text must be looked at, or has too many words; None if its pattern allows nothing unusual."""
    if is_code(column):
        return None
    cell, words = pl.col(column.name), column.max_words
    plain = PLAIN_TEXT.replace(")*$", f"){{0,{words - 1}}}$") if words else PLAIN_TEXT
    return ~cell.str.contains(plain) | cell.str.contains(_NULL)


def is_code(column: Field) -> bool:
    """Return whether a column has ids or hashes: its pattern allows letters, digits and hyphens only."""
    return re.fullmatch(r"\^(?:[A-Z]{3}-[A-Za-z0-9\[\]{},()*+-]*|\[0-9a-f\]\{64\})\$", column.pattern or "") is not None


def is_suspect(table: Table) -> pl.Expr:
    """Return whether a row may have an invalid cell."""
    own = (rule for column in table.fields for rule in own_rules(table, column))
    conditions = [broken for rule, broken in own if rule != "max-words"]
    inherited = table.nesting.columns if table.nesting else ()
    free = (each for each in table.fields if is_free_text(each) and each.name not in inherited)
    conditions += [each for each in map(unusual, free) if each is not None]
    return pl.any_horizontal(conditions).fill_null(value=False)


class StoredCells:
    """What is stored of the rows of a package: less than their texts, but equal where these are, in all tables.

    Rules that read texts of one row only are evaluated during the scan. `rules` are all rules, but these read their
    stored results; `read` are the stored columns of each table, and of which columns of the file each is made.
    """

    def __init__(self, contract: Contract) -> None:
        """Make one type for all vocabularies, as rules compare columns of different ones."""
        self._values = pl.Enum(sorted({value for table in contract for each in table.fields for value in each.enum}))
        self._on_texts = {
            f"#rule{number}": rule for number, rule in enumerate(RULES) if rule.reads_texts and rule.reads_one_row
        }
        others = [rule for rule in RULES if rule not in self._on_texts.values()]
        read = columns_read(contract, others)
        self.read: Mapping[str, dict[str, Sequence[str]]] = {
            name: {each: (each,) for each in read[name]} for name in read
        }
        self.rules = [*others]
        for name, rule in self._on_texts.items():
            self.read[rule.table][name] = rule.paths
            self.rules.append(replace(rule, holds=pl.col(name), computed=(), where=ALWAYS))
        self._as_texts = columns_read(contract, [rule for rule in others if rule.reads_texts])
        joined = [(rule, each) for rule in others for each in rule.computed if isinstance(each, Count | Summary)]
        for rule, each in joined:
            self._as_texts[each.table].update(theirs for theirs, _ in each.on)
            self._as_texts[rule.table].update(ours for _, ours in each.on)

    def cell(self, table: Table, column: Field) -> pl.Expr:
        """Return what is stored of a cell."""
        cell = pl.col(column.name)
        if column.enum:
            return cell.cast(self._values, strict=False)
        is_text = column.text and not column.is_edtf and column.name not in self._as_texts[table.name]
        return hashed(cell) if is_text or is_code(column) else typed_cell(column)

    def scan(self, table: Table, texts: pl.LazyFrame, signs: Iterable[pl.Expr]) -> pl.LazyFrame:
        """Return what is stored of a table, with some signs of each row and the results of rules on its texts."""
        rules = {name: rule for name, rule in self._on_texts.items() if rule.table == table.name}
        stored = [each for each in table.fields if each.name in self.read[table.name]]
        kept = {f"#{each.name}": self.cell(table, each) for each in stored}
        signs = [is_suspect(table).alias(SUSPECT), *signs]
        typed = [typed_cell(each) for each in table.fields if any(each.name in rule.paths for rule in rules.values())]
        mapped = {each for rule in rules.values() for each in rule.computed if isinstance(each, Mapped)}
        frame = texts.with_columns(*signs, **kept).with_columns(typed).with_columns(map(mapped_cells, mapped))
        cells = (pl.col(f"#{each.name}").alias(each.name) for each in stored)
        results = {name: rule.holds for name, rule in rules.items()}
        return frame.select(*(each.meta.output_name() for each in signs), *cells, **results)


def row_signs(table: Table, signs: Mapping[str, int] | None) -> list[pl.Expr]:
    """Return what the guard adds up: commas and quotes of the cells of a row as they are written, and line feeds."""
    # Only free texts need quotes or are long; a cell of another kind that does has an error.
    cells = [pl.col(each.name) for each in table.fields if is_free_text(each) and not (is_code(each) or each.is_edtf)]
    none = pl.lit(0, dtype=pl.UInt32)
    length = pl.sum_horizontal(none, *(each.str.len_bytes() for each in cells)).alias("#length")
    if not (signs and signs["#quotes"] and cells):
        return [*(none.alias(name) for name in SIGNS), length]
    needs = [each.str.contains('[",\n]') for each in cells]

    def total(sign: str) -> pl.Expr:
        pairs = zip(cells, needs, strict=True)
        return pl.sum_horizontal(pl.when(need).then(each.str.count_matches(sign, literal=True)) for each, need in pairs)

    totals = {name: total(sign) for name, sign in SIGNS.items()}
    totals["#quotes"] = 2 * (totals["#quotes"] + pl.sum_horizontal(needs))
    return [*(each.alias(name) for name, each in totals.items()), length]


SUMS = (
    pl.len().cast(pl.Int64).alias("rows"),
    *(pl.col(name).sum().cast(pl.Int64) for name in SIGNS),
    (pl.col("#length") > LIMITS.cell).sum().cast(pl.Int64).alias("too long"),
)
"""What `check_signs` needs to know of the stored rows of a file."""


def check_signs(columns: Sequence[str], sums: Mapping[str, int], signs: Mapping[str, int] | None) -> None:
    """Compare the signs of a CSV with those of its rows as `to_csv` writes them; `NotPlainError` if they differ."""
    lines = sums["rows"] + 1
    expected = {"#commas": sums["#commas"] + (len(columns) - 1) * lines, BREAKS: sums[BREAKS] + lines}
    if signs and signs != {"#quotes": sums["#quotes"], **expected}:
        raise NotPlainError("it has short rows, needless quotes or empty lines")
    if sums["too long"]:
        raise NotPlainError(f"it has a row of more than {LIMITS.cell:,} bytes")
