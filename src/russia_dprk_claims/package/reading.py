"""Any package folder read as tables, with the place of every cell in its CSV; nothing outside the folder is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.findings import Finding, Origin, did_you_mean
from russia_dprk_claims.package.csvfiles import BYTE_ORDER_MARK, CsvPlaces, read_csv
from russia_dprk_claims.package.descriptor import DESCRIPTOR, data_path
from russia_dprk_claims.raw_tables import RawTable

LONGEST_PATH = 1000
LONGEST_SHOWN = 80


def read_package(folder: Path, contract: Contract) -> tuple[dict[str, RawTable], list[Finding]]:
    """Read the tables of a package.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    contract
        The tables that are expected.

    Returns
    -------
    dict of RawTable, list of Finding
        Every table of the contract, empty where the package has it not, and findings on the descriptor and the files.
    """
    paths, findings = _resource_paths(folder)
    unknown = sorted(set(paths) - set(contract.tables))
    # Where a resource has a wrong name or none, nobody can say that another is missing.
    named = bool(paths) and not findings and not unknown
    tables: dict[str, RawTable] = {}
    for table in contract:
        path = paths.get(table.name)
        tables[table.name] = RawTable(table.name, {name: [] for name in table.columns}, CsvPlaces("", partial=True))
        if path is None:
            if named:
                message = f"the package has no resource {table.name!r}"
                findings.append(Finding(Origin(DESCRIPTOR), "resource", message, f"add it, as {data_path(table.name)}"))
            continue
        fault = _unsafe(folder, path)
        if fault:
            message = f"{table.name}: {fault}"
            findings.append(Finding(Origin(DESCRIPTOR), "resource-path", message, "keep it in the folder"))
            continue
        data = _read_bytes(folder / path)
        if isinstance(data, str):
            findings.append(Finding(Origin(path), "unreadable-file", data, "put the CSV of the table there"))
            continue
        tables[table.name], found = read_csv(path, data, table)
        findings += found
    for name in unknown:
        message = f"the resource {name!r} is no table of the dataset"
        findings.append(Finding(Origin(DESCRIPTOR), "resource", message, did_you_mean(name, contract.tables)))
    return tables, findings


def _read_bytes(path: Path) -> bytes | str:
    """Return the bytes of a file, or why it cannot be read; what is no file is not waited for."""
    try:
        return path.read_bytes() if path.is_file() or not path.exists() else "this is no file"
    except OSError as error:
        return os.strerror(error.errno or 0)


def _resource_paths(folder: Path) -> tuple[dict[str, str | None], list[Finding]]:
    """Return the path of each resource by name, None where it has none; a descriptor that is none gives a finding."""
    data = _read_bytes(folder / DESCRIPTOR)
    if isinstance(data, str):
        hint = "give the folder that holds it"
        return {}, [Finding(Origin(DESCRIPTOR), "descriptor-unreadable", data, hint)]
    try:
        content = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return {}, [Finding(*_not_json(error), "build it anew")]
    resources = content.get("resources") if isinstance(content, Mapping) else None
    if not isinstance(resources, list) or not resources:
        message = "the descriptor lists no resources"
        return {}, [Finding(Origin(DESCRIPTOR), "descriptor-resources", message, "build it anew")]
    paths: dict[str, str | None] = {}
    findings: list[Finding] = []
    for number, each in enumerate(resources, start=1):
        name, path = _named(each)
        fault = "is called as another is" if name in paths else "has no name" if name is None else "has no path"
        if name is None or path is None or name in paths:
            message = f"the resource {name!r} {fault}" if name else f"resource number {number} {fault}"
            findings.append(Finding(Origin(DESCRIPTOR), "resource", message, "give each one name and one path"))
        if name is not None:
            paths.setdefault(name, path)
    return paths, findings


def _not_json(error: ValueError | RecursionError) -> tuple[Origin, str, str]:
    """Return where and how a descriptor is not JSON."""
    origin = Origin(DESCRIPTOR)
    if isinstance(error, json.JSONDecodeError):
        origin = Origin(DESCRIPTOR, error.lineno, error.colno)
        is_mark = error.doc.startswith(BYTE_ORDER_MARK)
        reason = "it begins with a byte order mark" if is_mark else f"{error.msg[0].lower()}{error.msg[1:]}"
    elif isinstance(error, UnicodeDecodeError):
        origin = Origin(DESCRIPTOR, error.object[: error.start].count(b"\n") + 1)
        reason = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
    else:
        reason = "its nesting is too deep" if isinstance(error, RecursionError) else "a number is too long"
    return origin, "descriptor-syntax", f"this is not JSON: {reason}"


def _named(resource: Any) -> tuple[str | None, str | None]:
    if not isinstance(resource, Mapping):
        return None, None
    name, path = resource.get("name"), resource.get("path")
    return (name if isinstance(name, str) else None, path if isinstance(path, str) else None)


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
