"""The tables of the installed package or of another release, and what they mean.

The module is not called `load`: importing it would replace the function of that name.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from russia_dprk_claims.contract import Field, Table
from russia_dprk_claims.errors import unknown
from russia_dprk_claims.frames import read_rows
from russia_dprk_claims.package import Package, installed

if TYPE_CHECKING:
    import pandas as pd

RELEASED = "seeds/released.csv"

# A Literal cannot be computed; a test compares this one with the contract.
TableName = Literal[
    "actors",
    "agreements",
    "coders",
    "events",
    "items",
    "origins",
    "reliability",
    "sources",
    "actor_names",
    "agreement_parties",
    "claims",
    "set_asides",
    "claim_actors",
    "claim_agreements",
    "claim_attributions",
    "claim_events",
    "claim_relations",
    "quantities",
    "transfers",
]


def tables() -> tuple[TableName, ...]:
    """Return the names of the tables.

    Examples
    --------
    >>> "claims" in tables()
    True
    """
    return cast("tuple[TableName, ...]", tuple(installed().contract.tables))


def path(table: TableName) -> Path:
    """Return the path of the CSV of a table, for programs other than pandas.

    Parameters
    ----------
    table : str
        The name of the table.

    Returns
    -------
    pathlib.Path
        The path of the CSV in the installed package.

    Raises
    ------
    UnknownNameError
        If there is no such table.
    DamagedDataError
        If the file is missing or is not the one whose hash the descriptor records.

    Examples
    --------
    >>> path("claims").name
    'claims.csv'
    """
    package = installed()
    package.read_table(package.table(table).name)
    return package.locate(package.table_path(table))


def datapackage() -> dict[str, Any]:
    """Return the content of `datapackage.json`: title, version, licences, contributors, files and their hashes.

    Examples
    --------
    >>> datapackage()["name"]
    'russia-dprk-claims'
    """
    return deepcopy(installed().descriptor)


@overload
def load(table: TableName, version: None = None) -> pd.DataFrame: ...
@overload
def load(table: str, version: str) -> pd.DataFrame: ...
def load(table: str, version: str | None = None) -> pd.DataFrame:
    """Return a table as a pandas data frame.

    Text is `string`, numbers are `Int64` and `Float64`, booleans `boolean`, days `datetime64[s]`, and a column with a
    vocabulary is categorical, ordered where the vocabulary is. An EDTF date stays text. An empty cell is missing, and
    only an empty one: `NA` is a text.

    Parameters
    ----------
    table : str
        The name of the table; `tables()` lists them. Another release may have others.
    version : str, optional
        The release, if not the installed one; `versions()` lists them. It is downloaded once.

    Returns
    -------
    pandas.DataFrame
        The rows, sorted by primary key. Each call returns a new data frame, which you may change.

    Raises
    ------
    UnknownNameError
        If there is no such table or version.
    DownloadError
        If the release cannot be downloaded.
    DamagedDataError
        If the data do not fit their contract.
    MissingExtraError
        If the release has to be downloaded and the packages for that are not installed.

    Examples
    --------
    >>> claims = load("claims")
    >>> str(claims["modality"].cat.categories[0])
    'underspecified'
    """
    from russia_dprk_claims.frames import frame

    if version is None:
        return frame(installed(), table)
    from russia_dprk_claims.releases import open_release

    return frame(open_release(version), table)


@dataclass(frozen=True)
class Reliability:
    """How far two blind codings of a column agree: Krippendorff's alpha with its 95 % interval, None if undefined."""

    alpha: float | None
    low: float | None
    high: float | None
    band: str


@dataclass(frozen=True, repr=False)
class Column:
    """A column as the contract defines it. Print it for a short description."""

    table: str
    name: str
    title: str
    definition: str
    type: str  # that of the Table Schema, or "EDTF date"
    required: bool
    vocabulary: Mapping[str, str]  # the definition of every value, from least to most where `ordered`
    ordered: bool
    refers_to: str | None  # the table whose rows it names
    example: str
    reliability: Reliability | None  # None if the column was not compared

    def __repr__(self) -> str:
        traits = [self.type, *(word for word in ("required", "ordered") if getattr(self, word))]
        lines = [f"{self.table}.{self.name} ({', '.join(traits)})", self.definition]
        lines += [f"Refers to: {self.refers_to}"] if self.refers_to else []
        lines += [f"  {value}: {definition}" for value, definition in self.vocabulary.items()]
        lines += [f"Example: {self.example}"]
        if found := self.reliability:
            lines += [f"Reliability: {found.band} (alpha {found.alpha}, {found.low} to {found.high})"]
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class TableDescription:
    """A table as the contract defines it. Print it for a short description."""

    name: str
    title: str
    definition: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __repr__(self) -> str:
        lines = [f"{self.name} (key: {', '.join(self.primary_key)})", self.definition]
        return "\n".join([*lines, *(f"  {each.name}: {each.definition}" for each in self.columns)])


@dataclass(frozen=True, repr=False)
class DatasetDescription:
    """What the dataset is, and what must not be concluded from it. Print it for a short description."""

    title: str
    version: str
    description: str
    limits: tuple[str, ...]
    tables: Mapping[str, str]  # the definition of each table

    def __repr__(self) -> str:
        lines = [f"{self.title} {self.version}", self.description, "Limits:", *(f"  - {each}" for each in self.limits)]
        return "\n".join([*lines, "Tables:", *(f"  {name}: {about}" for name, about in self.tables.items())])


@overload
def describe(name: None = None) -> DatasetDescription: ...
@overload
def describe(name: str) -> TableDescription | Column: ...
def describe(name: str | None = None) -> DatasetDescription | TableDescription | Column:
    """Return what the dataset, a table or a column means.

    Parameters
    ----------
    name : str, optional
        A table, such as `claims`, or a column of a table, such as `claims.modality`; by default the whole dataset, with
        its limits.

    Returns
    -------
    DatasetDescription, TableDescription or Column
        The definition, whose parts are attributes; print it for a short text. A column that was compared in the blind
        codings has its reliability.

    Raises
    ------
    UnknownNameError
        If there is no such table or column; the message suggests similar names.

    Examples
    --------
    >>> describe("agreement_parties.party_role")
    agreement_parties.party_role (string, required)
    The role of the actor in the agreement.
      party: A party by the texts.
      guarantor: An actor that monitors or guarantees it.
      alleged_party: A party to something that is only alleged or hypothetical.
    Example: party
    """
    if name is None:
        about = installed().descriptor
        return DatasetDescription(
            title=about["title"],
            version=about["version"],
            description=about["description"],
            limits=tuple(about.get("limits", ())),
            tables={each.name: each.description for each in installed().contract},
        )
    table_name, dot, column_name = name.partition(".")
    table = installed().table(table_name)
    if not dot:
        columns = tuple(_describe_column(table, each) for each in table.fields)
        return TableDescription(table.name, table.title, table.description, table.primary_key, columns)
    if column_name not in table.by_name:
        raise unknown(f"column of {table.name}", column_name, table.columns)
    return _describe_column(table, table.by_name[column_name])


def _describe_column(table: Table, field: Field) -> Column:
    targets = (key.table for key in table.foreign_keys if key.columns == (field.name,))
    return Column(
        table=table.name,
        name=field.name,
        title=field.title,
        definition=field.description,
        type="EDTF date" if field.is_edtf else field.type,
        required=field.required,
        vocabulary={value: field.definitions[value] for value in field.order or field.enum},
        ordered=bool(field.order),
        refers_to=next(targets, None),
        example=field.example,
        reliability=_reliability(table.name, field.name),
    )


def _reliability(table: str, column: str) -> Reliability | None:
    """Return the agreement on a column over the claims that both coders found."""
    from russia_dprk_claims.frames import records

    rows = reliability()
    found = records(rows[(rows["table_name"] == table) & (rows["column_name"] == column)])
    return Reliability(*(found[0][name] for name in ("value", "low", "high", "band"))) if found else None


def reliability() -> pd.DataFrame:
    """Return how far two blind codings agree, one row per column that was compared.

    Returns
    -------
    pandas.DataFrame
        Krippendorff's alpha with its 95 % interval (`low`, `high`), the number of claims `n`, and the `band`:
        `reliable` from .80, `tentative` from .667, `caution` below, `undefined` where all values are the same.
        `load("reliability")` has the other measures.

    Examples
    --------
    >>> table = reliability()
    >>> table[table["column_name"] == "modality"]["band"].tolist()
    ['reliable']
    """
    from russia_dprk_claims.frames import frame

    rows = frame(installed(), "reliability")
    rows = rows[(rows["measure"] == "krippendorff_alpha") & (rows["unmatched"] == "excluded")]
    columns = ["table_name", "column_name", "level", "n", "value", "low", "high", "band"]
    return rows[columns].reset_index(drop=True)


@dataclass(frozen=True)
class Resolved:
    """What became of an identifier: `status` is `current`, `withdrawn` or `removed`."""

    id: str
    table: str
    status: str
    successor: str | None  # the identifier that takes its place, itself current where that is known
    label: str | None  # what it names, if it is in this version


def resolve(id_: str) -> Resolved:
    """Return what became of an identifier that was ever released.

    Parameters
    ----------
    id_ : str
        The identifier of a claim, event, actor, figure or other row.

    Returns
    -------
    Resolved
        Whether it is in this version, and what takes its place if it is not or is withdrawn.

    Raises
    ------
    UnknownNameError
        If no version has had this identifier.

    Examples
    --------
    >>> resolve("SRC-0005-C018").status
    'current'
    """
    found = _released(installed())
    if id_ not in found:
        raise unknown("identifier", id_, found)
    result, seen = found[id_], {id_}
    successor = result.successor
    while successor in found and found[successor].successor and successor not in seen:
        seen.add(successor)
        successor = found[successor].successor
    return replace(result, successor=successor)


@cache
def _released(package: Package) -> dict[str, Resolved]:
    """Return every identifier that was ever released, and those of the package."""
    # Before its first release, a checkout has no list.
    data = package.read(RELEASED) if RELEASED in package else b""
    listed = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
    found = {row["id"]: Resolved(row["id"], row["table"], "removed", row["successor"] or None, None) for row in listed}
    for table in package.contract:
        labels = [name for name in ("claim_text", "name", "label", "value_text") if name in table.by_name]
        for row in read_rows(package, table.name) if len(table.primary_key) == 1 else ():
            key = row[table.primary_key[0]]
            status = "withdrawn" if row.get("record_status") == "withdrawn" else "current"
            found[key] = Resolved(key, table.name, status, row.get("superseded_by"), row[labels[0]] if labels else None)
    return found
