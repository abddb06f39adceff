"""Structure: what the contract alone demands of tables: values, vocabularies, patterns, keys and references.

One cell has at most one finding of its own; a reference is not looked up where one of its cells is already found wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from russia_dprk_claims.checks.cells import EXPECTED, INVISIBLE, LEXICAL, STANDS_FOR_NOTHING
from russia_dprk_claims.checks.findings import Finding, did_you_mean
from russia_dprk_claims.checks.tables import UNREAD, Cell, CsvLocations, TextTable, TextTables, cell_finding
from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table

ROW = "#row"
LONGEST_MESSAGE = 500
MOST_SUGGESTED = 10_000


@dataclass(frozen=True)
class Structure:
    """What is wrong with the structure of tables, and the cells that later checks leave alone for it."""

    findings: list[Finding]
    faulty: frozenset[Cell]


def check_structure(
    contract: Contract,
    tables: TextTables,
    faulty: frozenset[Cell] = frozenset(),
    sizes: Mapping[str, int] | None = None,
) -> Structure:
    """Check all tables against the contract.

    Parameters
    ----------
    contract
        What is demanded.
    tables
        Every table of the contract, as texts.
    faulty
        Cells that could not be read, and are not missing as well.
    sizes
        How many rows each table has, where the tables are an excerpt of larger ones.

    Returns
    -------
    Structure
        A finding for each wrong cell, each repeated key and each reference that leads nowhere.
    """
    frames = {table.name: text_frame(tables[table.name]) for table in contract}
    findings: list[Finding] = []
    all_faulty = {*faulty, *_unread(tables)}
    repeated: dict[str, list[str]] = {}
    for table in contract:
        raw, frame = tables[table.name], frames[table.name]
        doubtful = _faulty_parents(table, tables, all_faulty)
        for (name, index), rule in _wrong_cells(table, frame).items():
            all_faulty.add((table.name, index, name))
            # An id that is composed with one that was found wrong is not wrong once more.
            composed = (
                rule == "pattern"
                and index in doubtful
                and (table.by_name[name] == table.local_id or table.self_reference(name))
            )
            if (table.name, index, name) not in faulty and not composed:
                findings.append(_cell_finding(table, raw, name, index, rule))
        for columns in _unique_columns(table):
            again = _repeated(table, frame, columns, repeated)
            findings += [_repeated_finding(table, raw, columns, *each) for each in again.items()]
            if columns == table.primary_key:
                repeated[table.name] = sorted({raw.cells[columns[0]][index] or "" for index in again})
                all_faulty.update((table.name, index, name) for index in again for name in columns)
    all_faulty.update(_of_repeated(contract, frames, repeated))
    sizes = sizes or {name: len(raw) for name, raw in tables.items()}
    findings += _check_references(contract, tables, frames, all_faulty, sizes)
    return Structure(findings, frozenset(all_faulty))


def _unread(tables: TextTables) -> Iterator[Cell]:
    """Yield what stands for the missing rows of each table whose CSV could not be read whole."""
    for name, raw in tables.items():
        if isinstance(raw.locator, CsvLocations) and raw.locator.partial:
            yield name, UNREAD, ""


def text_frame(raw: TextTable) -> pl.DataFrame:
    """Return a table as a frame of texts with the number of each row in the column `#row`."""
    frame = pl.DataFrame(raw.cells, schema=dict.fromkeys(raw.cells, pl.String))
    return frame.with_row_index(ROW)


# --- single cells -------------------------------------------------------------------------------------------------


def is_real_day(cell: pl.Expr) -> pl.Expr:
    """Return whether a text is a day that exists."""
    return cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()


def _faults(column: Field) -> Iterator[tuple[str, pl.Expr]]:
    """Yield each rule on a cell with the condition under which it is broken, the first broken rule counting."""
    cell = pl.col(column.name)
    if column.required:
        yield "required", cell.is_null()
    if column.type in LEXICAL:
        well_formed = cell.str.contains(LEXICAL[column.type])
        # Kleene logic makes a null that is no day a fault, so an empty cell is excepted in words.
        real = well_formed & is_real_day(cell) if column.type == "date" else well_formed
        yield "type", cell.is_not_null() & ~real
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
    if column.type == "string" and not column.enum:
        yield from unclean(cell)
    if column.max_words is not None:
        yield "max-words", cell.str.split(" ").list.len() > column.max_words


def unclean(cell: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
    """Yield the rules on the cleanness of a text, in the order in which they count."""
    yield "text-null", cell.str.to_lowercase().is_in(list(STANDS_FOR_NOTHING))
    yield "text-invisible", cell.str.contains(INVISIBLE)
    yield "text-spaces", cell.str.contains(r"^\s|\s$|\s\s")
    yield "text-nfc", cell != cell.str.normalize("NFC")
    yield "text-formula", cell.str.contains(r"^[=+@\-]")


def _wrong_cells(table: Table, frame: pl.DataFrame) -> dict[tuple[str, int], str]:
    """Return the rule that each wrong cell breaks, by column and row."""
    verdicts = []
    inherited = table.nesting.columns if table.nesting else ()
    for column in table.fields:
        # The form of an inherited key is looked at where the key is given; here it is a reference that leads
        # somewhere or not.
        rules = [each for each in _faults(column) if column.name not in inherited or each[0] == "required"]
        verdict = pl.lit(None, dtype=pl.String)
        for rule, broken in reversed(rules):
            verdict = pl.when(broken).then(pl.lit(rule)).otherwise(verdict)
        verdicts.append(verdict.alias(column.name))
    found = frame.select(pl.col(ROW), *verdicts)
    found = found.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
    return {
        (name, index): rule
        for index, *rules in found.iter_rows()
        for name, rule in zip(table.columns, rules, strict=True)
        if rule is not None
    }


def _cell_finding(table: Table, raw: TextTable, name: str, index: int, rule: str) -> Finding:
    column, value = table.by_name[name], raw.cells[name][index] or ""
    message, hint = _WORDS[rule](column, value)
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[:LONGEST_MESSAGE]}…"
    return cell_finding(table, raw, index, name, rule=rule, message=message, hint=hint)


_WORDS: dict[str, Callable[[Field, str], tuple[str, str]]] = {
    "required": lambda column, _: (f"{column.name} is missing", column.description),
    "type": lambda column, value: (f"{column.name}: {value!r} is not {EXPECTED[column.type]}", _type_hint(value)),
    "vocabulary": lambda column, value: (
        f"{value!r} is not in the vocabulary of {column.name}",
        did_you_mean(value, column.enum),
    ),
    "pattern": lambda column, value: (
        f"{column.name}: {value!r} does not have the form {column.pattern}",
        f"for example {column.example}",
    ),
    "minimum": lambda column, value: (f"{column.name}: {value} is less than {column.minimum}", column.description),
    "pattern-by": lambda column, value: (
        f"{column.name}: {value!r} does not fit {column.patterns_by.column if column.patterns_by else ''}",
        column.description,
    ),
    "text-null": lambda column, value: (
        f"{column.name}: {value!r} stands for nothing",
        "leave the cell out",
    ),
    "text-invisible": lambda column, value: (
        f"{column.name} has a character that cannot be seen: {value!a}",
        "remove it",
    ),
    "text-spaces": lambda column, value: (
        f"{column.name}: {value!r} begins, ends or goes on with a space too many",
        "remove the space",
    ),
    "text-nfc": lambda column, value: (
        f"{column.name}: {value!a} has a letter that is put together from two characters",
        "write it as one character (Unicode NFC)",
    ),
    "text-formula": lambda column, value: (
        f"{column.name}: {value!r} begins as a formula does, and a spreadsheet would run it",
        "begin with a letter or a figure",
    ),
    "max-words": lambda column, value: (
        f"{column.name} has {len(value.split(' '))} words, at most {column.max_words} are allowed",
        "shorten it",
    ),
}


_TYPE_HINTS = (
    (r"(?i)yes|no|on|off|true|false", "write true or false"),
    (r"(?=.*\d).*[_, ].*", "write the number without separators or spaces"),
    (r"[-+]?0+[1-9][0-9]*", "write the number without leading zeros"),
    (r"-?[0-9]+\.[0-9]+", "write the number without zeros at its end"),
    (r"\W?[0-9]+", "write the number alone"),
    (r"\d+", "write the number with the digits 0 to 9"),
)


def _type_hint(value: str) -> str:
    return next((hint for form, hint in _TYPE_HINTS if re.fullmatch(form, value)), "")


# --- keys ---------------------------------------------------------------------------------------------------------


def _unique_columns(table: Table) -> list[tuple[str, ...]]:
    return [table.primary_key, *((each.name,) for each in table.fields if each.unique)]


def _repeated(
    table: Table, frame: pl.DataFrame, columns: Sequence[str], repeated: Mapping[str, list[str]]
) -> dict[int, int]:
    """Return each row whose key an earlier row has, with that row, but for what nests in two rows of one key."""
    if table.nesting:
        parents = repeated.get(table.nesting.table, [])
        frame = frame.filter(~pl.col(table.nesting.columns[0]).is_in(parents))
    keyed = frame.select(ROW, *columns).drop_nulls(list(columns))
    first = pl.col(ROW).min().over(list(columns))
    again = keyed.with_columns(first.alias("#first")).filter(pl.col("#first") < pl.col(ROW))
    return dict(again.select(ROW, "#first").iter_rows())


def _repeated_finding(table: Table, raw: TextTable, columns: Sequence[str], index: int, earlier: int) -> Finding:
    column, value = columns[-1], " ".join(raw.key(index, columns))
    message = f"{table.name}({', '.join(columns)}): {value!r} is already taken in {raw.locator.locate(earlier, column)}"
    rule = "primary-key" if columns == table.primary_key else "unique"
    hint = "take the next free number, or remove the second record" if table.local_id else "remove the second record"
    return replace(cell_finding(table, raw, index, column, rule=rule, message=message, hint=hint), value=value)


def _of_repeated(
    contract: Contract, frames: Mapping[str, pl.DataFrame], repeated: Mapping[str, list[str]]
) -> Iterator[Cell]:
    """Yield the keys of the rows that share a key and of what nests in them: nobody can say what belongs to which."""
    doubtful = {name: keys for name, keys in repeated.items() if keys and contract.children(name)}
    for table in contract:
        if table.nesting and table.nesting.table in doubtful:
            column = table.nesting.columns[0]
            rows = frames[table.name].filter(pl.col(column).is_in(doubtful[table.nesting.table]))
            yield from ((table.name, index, column) for index in rows[ROW])
            if len(table.primary_key) == 1:
                doubtful[table.name] = [*doubtful.get(table.name, ()), *rows[table.primary_key[0]].drop_nulls()]
        if table.name in doubtful:
            rows = frames[table.name].filter(pl.col(table.primary_key[0]).is_in(doubtful[table.name]))
            yield from ((table.name, index, table.primary_key[0]) for index in rows[ROW])


# --- references ---------------------------------------------------------------------------------------------------


def _check_references(
    contract: Contract,
    tables: TextTables,
    frames: Mapping[str, pl.DataFrame],
    faulty: set[Cell],
    sizes: Mapping[str, int],
) -> Iterator[Finding]:
    """Yield a finding for each reference that leads nowhere, and add its cell to the faulty ones.

    References of one column come first, as the longer ones are made of them.
    """
    keys = [(table, key) for table in contract for key in table.foreign_keys]
    for table, key in sorted(keys, key=lambda each: len(each[1].columns)):
        wrong = {(name, column) for name, _, column in faulty}
        # While a key that could be meant is not known, nobody can say that a reference leads nowhere.
        if (key.table, "") in wrong or any((key.table, each) in wrong for each in key.references):
            continue
        column = key.columns[-1] if len(key.columns) == 1 else _own_column(table, key)
        doubtful = _faulty_parents(table, tables, faulty)
        for index in _dangling(key, frames[table.name], frames[key.table]):
            if index not in doubtful and not any((table.name, index, each) in faulty for each in key.columns):
                # Among very many keys nobody can say which was meant.
                known = tables[key.table] if sizes[key.table] <= MOST_SUGGESTED else None
                yield _reference_finding(table, tables[table.name], key, index, known)
                faulty.add((table.name, index, column))


def _faulty_parents(table: Table, tables: TextTables, faulty: set[Cell]) -> set[int]:
    """Return the rows that nest in a row whose key was found wrong."""
    if not table.nesting:
        return set()
    parent, (key,) = tables[table.nesting.table], table.nesting.references
    wrong = {parent.cells[key][index] for name, index, column in faulty if (name, column) == (parent.name, key)}
    return {index for index, each in enumerate(tables[table.name].cells[table.nesting.columns[0]]) if each in wrong}


def _dangling(key: ForeignKey, frame: pl.DataFrame, target: pl.DataFrame) -> list[int]:
    """Return the rows whose reference leads nowhere."""
    child = frame.select(ROW, *key.columns).drop_nulls(list(key.columns))
    parents = target.select(key.references).unique()
    missing = child.join(parents, left_on=list(key.columns), right_on=list(key.references), how="anti")
    return sorted(missing[ROW].to_list())


def _reference_finding(table: Table, raw: TextTable, key: ForeignKey, index: int, target: TextTable | None) -> Finding:
    column = key.columns[-1] if len(key.columns) == 1 else _own_column(table, key)
    value = " ".join(raw.key(index, key.columns))
    known = [" ".join(target.key(each, key.references)) for each in range(len(target))] if target else []
    message, hint = f"{key.describe(table.name)}: there is no {value!r}", did_you_mean(value, known)
    return cell_finding(table, raw, index, column, rule="foreign-key", message=message, hint=hint)


def _own_column(table: Table, key: ForeignKey) -> str:
    """Return the column of a composite reference that the row states itself, rather than inherits."""
    inherited = table.nesting.columns[0] if table.nesting else None
    return next((name for name in key.columns if name != inherited), key.columns[0])
