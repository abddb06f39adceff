"""Any package folder read as tables, with the place of every cell in its CSV; nothing outside the folder is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from russia_dprk_claims.contract import Contract
from russia_dprk_claims.findings import Finding, Origin, did_you_mean
from russia_dprk_claims.package.csvfiles import CsvPlaces, read_csv
from russia_dprk_claims.package.descriptor import DESCRIPTOR, data_path
from russia_dprk_claims.tables import RawTable


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
    tables: dict[str, RawTable] = {}
    for table in contract:
        path = paths.get(table.name)
        tables[table.name] = RawTable(table.name, {name: [] for name in table.columns}, CsvPlaces("", [], [], []))
        if path is None:
            if not any(each.rule.startswith("descriptor") for each in findings):
                message = f"the package has no resource {table.name!r}"
                findings.append(Finding(Origin(DESCRIPTOR), "resource", message, f"add it, as {data_path(table.name)}"))
            continue
        fault = _unsafe(folder, path)
        if fault:
            findings.append(
                Finding(Origin(DESCRIPTOR), "resource-path", f"{table.name}: {fault}", "keep it in the folder")
            )
            continue
        try:
            data = (folder / path).read_bytes()
        except OSError as error:
            findings.append(Finding(Origin(path), "unreadable-file", os.strerror(error.errno or 0)))
            continue
        tables[table.name], found = read_csv(path, data, table)
        findings += found
    for name in sorted(set(paths) - set(contract.tables)):
        message = f"the resource {name!r} is no table of the dataset"
        findings.append(Finding(Origin(DESCRIPTOR), "resource", message, did_you_mean(name, contract.tables)))
    return tables, findings


def _resource_paths(folder: Path) -> tuple[dict[str, str], list[Finding]]:
    """Return the path of each resource by name; a descriptor that is none gives a finding."""
    try:
        content = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [Finding(Origin(DESCRIPTOR), "descriptor-unreadable", os.strerror(error.errno or 0))]
    except (ValueError, RecursionError) as error:
        return {}, [Finding(Origin(DESCRIPTOR), "descriptor-syntax", f"this is not JSON: {error}")]
    resources = content.get("resources") if isinstance(content, Mapping) else None
    if not isinstance(resources, list) or not resources:
        return {}, [Finding(Origin(DESCRIPTOR), "descriptor-resources", "the descriptor lists no resources")]
    paths: dict[str, str] = {}
    findings: list[Finding] = []
    for each in resources:
        name, path = _named(each)
        if name is None or path is None or name in paths:
            message = "a resource has no name or path of its own"
            findings.append(Finding(Origin(DESCRIPTOR), "resource", message, "give each one name and one path"))
        else:
            paths[name] = path
    return paths, findings


def _named(resource: Any) -> tuple[str | None, str | None]:
    if not isinstance(resource, Mapping):
        return None, None
    name, path = resource.get("name"), resource.get("path")
    return (name if isinstance(name, str) else None, path if isinstance(path, str) else None)


def _unsafe(folder: Path, path: str) -> str | None:
    """Return why a path is not read: it is a URL, leads out of the folder, or is none."""
    if "://" in path:
        return f"{path!r} is a URL and is not fetched"
    if not path or "\0" in path or "\\" in path or PurePosixPath(path).is_absolute():
        return f"{path!r} is not a relative path"
    if not (folder / path).resolve().is_relative_to(folder.resolve()):
        return f"{path!r} leads out of the folder"
    return None
