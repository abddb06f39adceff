"""Versions: the releases that can be loaded, from the index that the package carries, and each of them opened.

The index is `releases.json`: `{"releases": [{"version": "1.0.0", "url": "https://…", "sha256": "…"}]}`, where `url`
leads to the bundle of the release, a zip file with `datapackage.json` at its root, and `sha256` is the hash of its
bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from russia_dprk_claims.errors import DamagedDataError, unknown
from russia_dprk_claims.loader.installed import installed
from russia_dprk_claims.loader.semver import Version, is_version
from russia_dprk_claims.package import DESCRIPTOR, Package, open_package

INDEX = Path(__file__).resolve().parents[1] / "releases.json"
_FORMS = {"url": r"https?://\S+", "sha256": r"[0-9a-f]{64}"}


@dataclass(frozen=True)
class Pin:
    """A release as the index pins it: its version, where its bundle is, and the SHA-256 of the bundle."""

    version: str
    url: str
    sha256: str


def versions() -> tuple[str, ...]:
    """Return the versions that can be loaded, the oldest first: the installed one and those of the index.

    Raises
    ------
    DamagedDataError
        If the index is none, or the installed data state no version.

    Examples
    --------
    >>> installed().version in versions()
    True
    """
    own = installed()
    if not is_version(own.version):
        raise own.damaged(DESCRIPTOR, f"{own.version!r} is not a valid version")
    return tuple(sorted({own.version, *read_index(INDEX)}, key=Version.of))


def read_index(path: Path) -> Mapping[str, Pin]:
    """Return the releases of an index by version.

    Parameters
    ----------
    path
        The file of the index.

    Raises
    ------
    DamagedDataError
        If it is missing or no index.
    """
    try:
        return {pin.version: pin for pin in map(_pin, json.loads(path.read_bytes())["releases"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedDataError(path.name, "this is not an index of releases", "reinstall the package") from error


def _pin(entry: Mapping[str, Any]) -> Pin:
    version = Version.of(entry["version"])
    for name, form in _FORMS.items():
        if not re.fullmatch(form, entry[name]):
            raise ValueError(f"{name}: {entry[name]!r}")
    return Pin(str(version), *(entry[name] for name in _FORMS))


def release_of(version: str) -> Package:
    """Return a release: the installed one where it is that, else the one in the cache, fetched if it is not there.

    Parameters
    ----------
    version
        Such as `1.0.0`.

    Raises
    ------
    UnknownNameError
        If the index does not have it.
    MissingExtraError, DownloadError, DamagedDataError
        If it cannot be fetched or read.
    """
    own = installed()
    if version == own.version:
        return own
    pins = read_index(INDEX)
    if version not in pins:
        raise unknown("version", str(version), {own.version, *pins})
    from russia_dprk_claims.loader.fetching import fetch

    pin = pins[version]
    bundle = fetch(pin)
    hint = f"report it to the maintainers of the data, as version {pin.version} was published like this"
    return open_package(bundle, bundle.name, hint)
