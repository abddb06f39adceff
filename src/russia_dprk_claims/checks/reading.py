"""Reads a package as tables, with the location of every cell in its CSV, and findings on what cannot be read.

`package.open_package` ensures that no path leaves the package and that only regular files are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.checks.tables import BYTE_ORDER_MARK, CsvLocations, TextTable, read_csv
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.package import DESCRIPTOR, Package, Source, data_path, open_package, path_problem

LONGEST_SHOWN = 80


def read_package(source: Source, contract: Contract) -> tuple[dict[str, TextTable], list[Finding]]:
    """Read the tables of a package.

    Parameters
    ----------
    source : pathlib.Path, bytes, binary file or mapping of str to bytes
        The folder that holds `datapackage.json`, a zip file, or the bytes of the files by path.
    contract : Contract
        The tables that are expected.

    Returns
    -------
    dict of TextTable, list of Finding
        Every table of the contract, empty if the package does not have it, and findings on the descriptor and files.
    """
    package = open_package(source, "")
    paths, findings = _table_paths(package, contract)
    tables: dict[str, TextTable] = {}
    for table in contract:
        tables[table.name] = TextTable(table.name, {name: [] for name in table.columns}, CsvLocations("", partial=True))
        if table.name not in paths:
            continue
        path = paths[table.name]
        try:
            data = package.read(path)
        except DamagedDataError as error:
            hint = "put the CSV of the table there"
            findings.append(finding("unreadable-file", Location(path), error.what, hint=hint))
            continue
        tables[table.name], found = read_csv(path, data, table)
        findings += found
    return tables, findings


def _table_paths(package: Package, contract: Contract) -> tuple[dict[str, str], list[Finding]]:
    """Return the path of the CSV of each table, without those that are unsafe, and findings on the descriptor."""
    resources, findings = _resources(package)
    unknown = sorted(set(resources) - set(contract.tables))
    # A resource with a wrong name or none may be the one that is missing.
    named = bool(resources) and not findings and not unknown
    paths: dict[str, str] = {}
    for table in contract:
        path = _text(resources.get(table.name), "path")
        if path is None:
            if named:
                hint = f"add it, as {data_path(table.name)}"
                findings.append(_on_descriptor("resource", f"the package has no resource {table.name!r}", hint))
            continue
        problem = path_problem(path)
        if problem:
            shown = f"{path[:LONGEST_SHOWN]!r}{'…' if len(path) > LONGEST_SHOWN else ''}"
            findings.append(_on_descriptor("resource-path", f"{table.name}: {shown}: {problem}"))
            continue
        paths[table.name] = path
        findings += _other_schema(package, table, resources[table.name])
    for name in unknown:
        message = f"the resource {name!r} is not a table of the dataset"
        findings.append(_on_descriptor("resource", message, did_you_mean(name, contract.tables)))
    return paths, findings


def _on_descriptor(rule: str, message: str, hint: str | None = None) -> Finding:
    return finding(rule, Location(DESCRIPTOR), message, hint=hint)


def _resources(package: Package) -> tuple[dict[str, Mapping[str, Any]], list[Finding]]:
    """Return the resources by name, the first of each name, and findings on a descriptor that does not list them."""
    try:
        content = json.loads(package.read(DESCRIPTOR).decode("utf-8"))
    except DamagedDataError as error:
        return {}, [_on_descriptor("descriptor-unreadable", error.what)]
    except (ValueError, RecursionError) as error:
        return {}, [_not_json(error)]
    resources = content.get("resources") if isinstance(content, Mapping) else None
    if not isinstance(resources, list) or not resources:
        return {}, [_on_descriptor("descriptor-resources", "the descriptor lists no resources")]
    by_name: dict[str, Mapping[str, Any]] = {}
    findings: list[Finding] = []
    for number, each in enumerate(resources, start=1):
        name, path = _text(each, "name"), _text(each, "path")
        if name is None or path is None or name in by_name:
            problem = "has the name of another" if name in by_name else "has no name" if name is None else "has no path"
            message = f"the resource {name!r} {problem}" if name else f"resource number {number} {problem}"
            findings.append(_on_descriptor("resource", message))
        if name is not None:
            by_name.setdefault(name, each)
    return by_name, findings


def _other_schema(package: Package, table: Table, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a warning if the schema of a table is not that of the contract.

    The table is checked against the contract anyway. Frictionless would use the schema of the package, which may have
    a pattern that takes forever to match.
    """
    schema = resource.get("schema")
    if isinstance(schema, str) and schema.endswith(".json"):
        try:
            schema = json.loads(package.read(schema))
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
    else:
        reason = "its nesting is too deep" if isinstance(error, RecursionError) else "a number is too long"
    return finding("descriptor-syntax", location, f"this is not JSON: {reason}")


def _text(resource: Any, key: str) -> str | None:
    """Return the value of a key of a resource, if it is a text."""
    value = resource.get(key) if isinstance(resource, Mapping) else None
    return value if isinstance(value, str) else None
