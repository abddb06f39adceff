"""Reads a package as tables, with the location of every cell in its CSV, and findings on what cannot be read.

`package.open_package` ensures that no path leaves the package and that only regular files are read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.checks.tables import BYTE_ORDER_MARK, CsvLocations, TextTable, read_csv
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.files import LIMITS, JsonError, parse_json
from russia_dprk_claims.package import (
    DESCRIPTOR,
    Package,
    Source,
    data_path,
    is_web_address,
    mismatch,
    open_package,
    path_problem,
)
from russia_dprk_claims.releases import is_version

LONGEST_SHOWN = 80
# What a resource may have: what is checked one by one, what only describes, and what has one possible value.
_CHECKED = ("name", "path", "schema", "dialect", "encoding", "bytes", "hash", "homepage", "licenses", "sources")
_DESCRIPTIVE = ("title", "description", "mediatype", "$schema")
_FIXED = {"type": "table", "profile": "tabular-data-resource", "scheme": "file"}
# The dialect in which a CSV is read; what a descriptor says of it must be that, or nothing.
_DIALECT: Mapping[str, tuple[object, ...]] = {
    "delimiter": (",",),
    "lineTerminator": ("\n", "\r\n"),
    "quoteChar": ('"',),
    "doubleQuote": (True,),
    "header": (True,),
    "headerRows": ([1],),
    "skipInitialSpace": (False,),
    "commentRows": ([],),
}
_LINKED = ("licenses", "contributors", "sources")


ReadTable = Callable[[Package, str, Mapping[str, Any], Table], tuple[TextTable, list[Finding]]]


def read_strictly(
    package: Package, path: str, resource: Mapping[str, Any], table: Table
) -> tuple[TextTable, list[Finding]]:
    """Read the CSV of a table into memory; findings say what is no CSV, or not what its resource records."""
    data = package.read(path)
    text, findings = read_csv(path, data, table)
    # What is no CSV is the cause, or has the same cause.
    problem = None if findings else mismatch(resource, data)
    return text, findings if problem is None else [other_file(path, problem, text)]


def other_file(path: str, problem: str, text: TextTable) -> Finding:
    """Return the finding on a file that is not the one that its resource records; its table may lack rows."""
    if isinstance(text.locator, CsvLocations):
        text.locator.partial = True
    return finding("resource-hash", Location(path), problem, table=text.name)


def read_package(
    source: Source, contract: Contract, read_table: ReadTable = read_strictly, *, only_csv: bool = True
) -> tuple[dict[str, TextTable], list[Finding]]:
    """Read the tables of a package.

    Parameters
    ----------
    source : pathlib.Path, bytes, binary file or mapping of str to bytes
        The folder that holds `datapackage.json`, a zip file, or the bytes of the files by path.
    contract : Contract
        The tables that are expected.
    read_table : callable, optional
        Reads one table; by default into memory.
    only_csv : bool, default True
        Whether every table must be one CSV, and not a Parquet file or a folder of files.

    Returns
    -------
    dict of TextTable, list of Finding
        Every table of the contract, empty if the package does not have it, and findings on the descriptor and files.
    """
    package = open_package(source, "")
    resources, findings = _resources(package)
    paths = _table_paths(package, contract, resources, findings, only_csv=only_csv)
    tables: dict[str, TextTable] = {}
    for table in contract:
        tables[table.name] = TextTable(table.name, {name: [] for name in table.columns}, CsvLocations("", partial=True))
        if table.name not in paths:
            continue
        path = paths[table.name]
        try:
            tables[table.name], found = read_table(package, path, resources[table.name], table)
        except DamagedDataError as error:
            # A table may have several files.
            where = Location(error.where if error.where.startswith(f"{path}/") else path)
            found = [finding("unreadable-file", where, error.what, hint="put the CSV of the table there")]
        findings += found
    return tables, findings


def _table_paths(
    package: Package,
    contract: Contract,
    resources: Mapping[str, Mapping[str, Any]],
    findings: list[Finding],
    *,
    only_csv: bool,
) -> dict[str, str]:
    """Return the path of each table, without those that are unsafe; add findings on the resources."""
    unknown = sorted(set(resources) - set(contract.tables))
    # A resource with a wrong name or none may be the one that is missing.
    named = bool(resources) and not unknown and not any(each.rule == "resource" for each in findings)
    paths: dict[str, str] = {}
    for table in contract:
        path = _text(resources.get(table.name), "path")
        if path is None:
            if named:
                hint = f"add it, as {data_path(table.name)}"
                findings.append(_on_descriptor("resource", f"the package has no resource {table.name!r}", hint))
            continue
        problem, advice = path_problem(path), None
        # A Parquet file, or a folder of files.
        is_scannable = "." not in path.rpartition("/")[2].removesuffix(".parquet")
        if problem is None and not path.endswith(".csv") and (only_csv or not is_scannable):
            problem = "the path does not end in .csv"
            advice = "scan Parquet files and folders of files with --engine polars" if is_scannable else None
        if problem:
            findings.append(_on_descriptor("resource-path", f"{table.name}: {_shown(path)}: {problem}", advice))
            continue
        paths[table.name] = path
        findings += islice(_other_format(table, resources[table.name]), LIMITS.columns)
        findings += _other_schema(package, table, resources[table.name])
    for name in unknown:
        message = f"the resource {name!r} is not a table of the dataset"
        findings.append(_on_descriptor("resource", message, did_you_mean(name, contract.tables)))
    return paths


def _shown(text: object) -> str:
    """Return a value for a message, cut if it is long."""
    shown = repr(text)
    return shown if len(shown) <= LONGEST_SHOWN + 2 else f"{shown[: LONGEST_SHOWN + 1]}'…"


def _on_descriptor(rule: str, message: str, hint: str | None = None) -> Finding:
    return finding(rule, Location(DESCRIPTOR), message, hint=hint)


def _resources(package: Package) -> tuple[dict[str, Mapping[str, Any]], list[Finding]]:
    """Return the resources by name, the first of each name, and findings on a descriptor that does not list them."""
    try:
        content = parse_json(package.read(DESCRIPTOR))
    except DamagedDataError as error:
        return {}, [_on_descriptor("descriptor-unreadable", error.what)]
    except (ValueError, RecursionError) as error:
        return {}, [_not_json(error)]
    resources = content.get("resources") if isinstance(content, Mapping) else None
    if not isinstance(resources, list) or not 0 < len(resources) <= LIMITS.columns:
        listed = f"{len(resources):,} resources" if resources and isinstance(resources, list) else "no resources"
        return {}, [_on_descriptor("descriptor-resources", f"the descriptor lists {listed}")]
    by_name: dict[str, Mapping[str, Any]] = {}
    findings = [*_other_version(content), *islice(_other_links(content, "the package"), LIMITS.columns)]
    for number, each in enumerate(resources, start=1):
        name, path = _text(each, "name"), _text(each, "path")
        if name is None or path is None or name in by_name:
            problem = "has the name of another" if name in by_name else "has no name" if name is None else "has no path"
            message = f"the resource {name!r} {problem}" if name else f"resource number {number} {problem}"
            findings.append(_on_descriptor("resource", message))
        if name is not None:
            by_name.setdefault(name, each)
    return by_name, findings


def _other_version(content: Mapping[str, Any]) -> Iterator[Finding]:
    version = content.get("version")
    if version is None:
        yield _on_descriptor("descriptor-version", "the package has no version")
    elif not isinstance(version, str) or not is_version(version):
        yield _on_descriptor("descriptor-version", f"{_shown(version)} is not a version")


def _other_links(content: Mapping[str, Any], owner: str) -> Iterator[Finding]:
    """Yield a finding on each address that is not one of the web, for pages that make it a link."""
    for key in ("homepage", "repository"):
        if content.get(key) and not is_web_address(content[key]):
            yield _on_descriptor("link", f"{key} of {owner}: {_shown(content[key])}")
    for key in _LINKED:
        listed = content.get(key)
        for each in listed if isinstance(listed, list) else ():
            path = each.get("path") if isinstance(each, Mapping) else None
            # A licence may also be a file of the package.
            inside = isinstance(path, str) and not path_problem(path)
            if path is not None and not inside and not is_web_address(path):
                yield _on_descriptor("link", f"{key} of {owner}: {_shown(path)}")


def _other_format(table: Table, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding on each property by which another program would read the file differently."""
    yield from _other_links(resource, table.name)
    encoding, dialect = resource.get("encoding", "utf-8"), resource.get("dialect", {})
    problems = []
    if not isinstance(encoding, str) or encoding.lower() not in {"utf-8", "utf8"}:
        problems.append(f"the encoding {_shown(encoding)}")
    if isinstance(dialect, Mapping):
        wrong = (key for key, value in dialect.items() if not _is_one_of(value, _DIALECT.get(key, ())))
        problems += [f"the dialect {key!r}: {_shown(dialect[key])}" for key in wrong if key != "$schema"]
    else:
        problems.append("a dialect that is not an object")
    kind = "parquet" if str(resource.get("path")).endswith(".parquet") else "csv"
    for key, value in resource.items():
        if key not in (*_CHECKED, *_DESCRIPTIVE) and not _is_one_of(value, ({**_FIXED, "format": kind}.get(key),)):
            problems.append(f"an unexpected {key!r}")
    yield from (_on_descriptor("resource-format", f"{table.name} has {each}") for each in problems)


def _is_one_of(value: object, allowed: tuple[object, ...]) -> bool:
    """Return whether a value is one of those allowed; in Python 1 equals True."""
    return any(value == each and type(value) is type(each) for each in allowed)


def _other_schema(package: Package, table: Table, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield an error if the schema of a table is not a file of the package, a warning if it is not the contract's.

    The table is checked against the contract anyway. Frictionless would use the schema of the package, which may have
    a pattern that takes forever to match.
    """
    schema = resource.get("schema")
    if isinstance(schema, str):
        if problem := path_problem(schema):
            yield _on_descriptor("resource-path", f"schema of {table.name}: {_shown(schema)}: {problem}")
            return
        try:
            schema = parse_json(package.read(schema))
        except (ValueError, RecursionError):
            schema = None
    if schema != table.schema:
        yield _on_descriptor("resource-schema", f"the schema of {table.name} is not the one in the contract")


def _not_json(error: ValueError | RecursionError) -> Finding:
    """Return where and how a descriptor is not JSON."""
    location = Location(DESCRIPTOR)
    if isinstance(error, json.JSONDecodeError):
        location = Location(DESCRIPTOR, error.lineno, error.colno)
        is_mark = error.doc.startswith(BYTE_ORDER_MARK)
        reason = "it begins with a byte order mark" if is_mark else f"{error.msg[0].lower()}{error.msg[1:]}"
    elif isinstance(error, UnicodeDecodeError):
        location = Location(DESCRIPTOR, error.object[: error.start].count(b"\n") + 1)
        reason = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
    elif isinstance(error, JsonError):
        return finding("descriptor-syntax", location, str(error))
    else:
        reason = "its nesting is too deep" if isinstance(error, RecursionError) else "a number is too long"
    return finding("descriptor-syntax", location, f"this is not JSON: {reason}")


def _text(resource: Any, key: str) -> str | None:
    """Return the value of a key of a resource, if it is a text."""
    value = resource.get(key) if isinstance(resource, Mapping) else None
    return value if isinstance(value, str) else None
