"""Any package folder read as tables, with the place of every cell in its CSV; nothing outside the folder is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from russia_dprk_claims.checks.findings import Finding, Location, Severity, did_you_mean
from russia_dprk_claims.checks.tables import BYTE_ORDER_MARK, CsvLocations, TextTable, read_csv
from russia_dprk_claims.contract import Contract, Table
from russia_dprk_claims.package import DESCRIPTOR, data_path

LONGEST_PATH = 1000
LONGEST_SHOWN = 80


def read_package(folder: Path, contract: Contract) -> tuple[dict[str, TextTable], list[Finding]]:
    """Read the tables of a package.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    contract
        The tables that are expected.

    Returns
    -------
    dict of TextTable, list of Finding
        Every table of the contract, empty where the package has it not, and findings on the descriptor and the files.
    """
    paths, findings = table_files(folder, contract)
    tables: dict[str, TextTable] = {}
    for table in contract:
        tables[table.name] = TextTable(table.name, {name: [] for name in table.columns}, CsvLocations("", partial=True))
        if table.name not in paths:
            continue
        path = paths[table.name]
        data = _read_bytes(folder / path)
        if isinstance(data, str):
            findings.append(Finding(Location(path), "unreadable-file", data, "put the CSV of the table there"))
            continue
        tables[table.name], found = read_csv(path, data, table)
        findings += found
    return tables, findings


def table_files(folder: Path, contract: Contract) -> tuple[dict[str, str], list[Finding]]:
    """Return where the CSV of each table is, from the folder of a package, and findings on its descriptor.

    A table that the descriptor does not lead to safely has no path; that a file is there is not said.
    """
    resources, findings = _resources(folder)
    unknown = sorted(set(resources) - set(contract.tables))
    # Where a resource has a wrong name or none, nobody can say that another is missing.
    named = bool(resources) and not findings and not unknown
    paths: dict[str, str] = {}
    for table in contract:
        path = _text(resources.get(table.name), "path")
        if path is None:
            if named:
                message = f"the package has no resource {table.name!r}"
                findings.append(
                    Finding(Location(DESCRIPTOR), "resource", message, f"add it, as {data_path(table.name)}")
                )
            continue
        fault = _unsafe(folder, path)
        if fault:
            message = f"{table.name}: {fault}"
            findings.append(Finding(Location(DESCRIPTOR), "resource-path", message, "keep it in the folder"))
            continue
        paths[table.name] = path
        findings += _strange_schema(folder, table, resources[table.name])
    for name in unknown:
        message = f"the resource {name!r} is no table of the dataset"
        findings.append(Finding(Location(DESCRIPTOR), "resource", message, did_you_mean(name, contract.tables)))
    return paths, findings


def _read_bytes(path: Path) -> bytes | str:
    """Return the bytes of a file, or why it cannot be read; what is no file is not waited for."""
    try:
        return path.read_bytes() if path.is_file() or not path.exists() else "this is no file"
    except OSError as error:
        return os.strerror(error.errno or 0)


def _resources(folder: Path) -> tuple[dict[str, Mapping[str, Any]], list[Finding]]:
    """Return the resources by name, the first of each name; a descriptor that is none gives a finding."""
    data = _read_bytes(folder / DESCRIPTOR)
    if isinstance(data, str):
        hint = "give the folder that holds it"
        return {}, [Finding(Location(DESCRIPTOR), "descriptor-unreadable", data, hint)]
    try:
        content = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return {}, [Finding(*_not_json(error), "build it anew")]
    resources = content.get("resources") if isinstance(content, Mapping) else None
    if not isinstance(resources, list) or not resources:
        message = "the descriptor lists no resources"
        return {}, [Finding(Location(DESCRIPTOR), "descriptor-resources", message, "build it anew")]
    by_name: dict[str, Mapping[str, Any]] = {}
    findings: list[Finding] = []
    for number, each in enumerate(resources, start=1):
        name, path = _text(each, "name"), _text(each, "path")
        fault = "is called as another is" if name in by_name else "has no name" if name is None else "has no path"
        if name is None or path is None or name in by_name:
            message = f"the resource {name!r} {fault}" if name else f"resource number {number} {fault}"
            findings.append(Finding(Location(DESCRIPTOR), "resource", message, "give each one name and one path"))
        if name is not None:
            by_name.setdefault(name, each)
    return by_name, findings


def _strange_schema(folder: Path, table: Table, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a warning where the package has another schema for a table than the contract.

    The table is judged by the contract all the same; but Frictionless would go by what the package says, down to a
    pattern that it never finishes.
    """
    schema = resource.get("schema")
    if isinstance(schema, str) and schema.endswith(".json") and not _unsafe(folder, schema):
        try:
            data = _read_bytes(folder / schema)
            schema = json.loads(data) if isinstance(data, bytes) else None
        except (ValueError, RecursionError):
            schema = None
    if schema != table.schema:
        message = f"the schema of {table.name} is not the one in the contract, by which the table is judged"
        hint = "put the schema of the dataset there, or validate with the contract of that release"
        yield Finding(Location(DESCRIPTOR), "resource-schema", message, hint, Severity.WARNING)


def _not_json(error: ValueError | RecursionError) -> tuple[Location, str, str]:
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
    return location, "descriptor-syntax", f"this is not JSON: {reason}"


def _text(resource: Any, key: str) -> str | None:
    """Return what a resource says under a key, if it is a text."""
    value = resource.get(key) if isinstance(resource, Mapping) else None
    return value if isinstance(value, str) else None


def _unsafe(folder: Path, path: str) -> str | None:
    """Return why a path is not read: it is a URL, leads out of the folder, or is none."""
    if len(path) > LONGEST_PATH:
        return f"{path[:LONGEST_SHOWN]!r}… is too long"
    if "://" in path:
        return f"{path!r} is a URL and is not fetched"
    if not path or "\0" in path or "\\" in path or PurePosixPath(path).is_absolute():
        return f"{path!r} is not a relative path"
    try:
        if not (folder / path).resolve().is_relative_to(folder.resolve()):
            return f"{path!r} leads out of the folder"
        # A folder cannot be read, and a pipe would be waited for; that there is nothing is told when it is read.
        return f"{path!r} is no file" if (folder / path).exists() and not (folder / path).is_file() else None
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that is too long or no text
        return f"{path!r} leads nowhere"
