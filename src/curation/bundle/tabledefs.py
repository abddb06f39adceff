"""The definition of a table in SQL, with its keys, vocabularies and, as comments, what its columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from russia_dprk_claims.contract import Contract, Field, ForeignKey, Table

_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "string": "TEXT", "date": "TEXT"}


def by_reference(contract: Contract) -> list[Table]:
    """Return the tables, each after those that it refers to."""
    done: dict[str, Table] = {}

    def add(table: Table) -> None:
        for key in table.foreign_keys:
            if key.table != table.name and key.table not in done:
                add(contract[key.table])
        done.setdefault(table.name, table)

    for table in contract:
        add(table)
    return list(done.values())


def create_sql(table: Table) -> str:
    """Return the `CREATE TABLE` of a table.

    SQLite keeps the text as it is, so that `.schema` shows the comments.
    """
    parts = [(_column(table, each), each.description) for each in table.fields]
    parts.append((f"PRIMARY KEY ({_names(table.primary_key)})", ""))
    parts += [(_foreign_key(key), "") for key in table.foreign_keys]
    return "\n".join(
        [
            f"CREATE TABLE {_name(table.name)} ( -- {_comment(table.description)}",
            *_lines(parts),
            ")",
        ]
    )


def _lines(parts: list[tuple[str, str]]) -> Iterator[str]:
    for number, (definition, comment) in enumerate(parts, start=1):
        comma = "," if number < len(parts) else ""
        yield f"  {definition}{comma}" + (f" -- {_comment(comment)}" if comment else "")


def _column(table: Table, column: Field) -> str:
    words = [_name(column.name), _TYPES[column.type]]
    if column.required or column.name in table.primary_key:
        words.append("NOT NULL")
    if column.unique:
        words.append("UNIQUE")
    allowed = ["0", "1"] if column.type == "boolean" else [_text(each) for each in column.enum]
    if allowed:
        words.append(f"CHECK ({_name(column.name)} IN ({', '.join(allowed)}))")
    return " ".join(words)


def _foreign_key(key: ForeignKey) -> str:
    return f"FOREIGN KEY ({_names(key.columns)}) REFERENCES {_name(key.table)} ({_names(key.references)})"


def _names(names: Iterable[str]) -> str:
    return ", ".join(_name(each) for each in names)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _comment(text: str) -> str:
    return " ".join(text.split())
