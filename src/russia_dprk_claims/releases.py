"""The releases that can be loaded, and their download into the user's cache.

The index is `releases.json`: `{"releases": [{"version": "1.0.0", "url": "https://…", "sha256": "…"}]}`, where `url` is
the address of the bundle of the release, a zip file with `datapackage.json` at its root, and `sha256` the hash of its
bytes. Pooch downloads to a temporary name, compares the hash and only then renames, so that the cache never has part of
a bundle; a cached file with another hash is downloaded again.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO

from russia_dprk_claims.errors import DamagedDataError, DownloadError, MissingExtraError, unknown
from russia_dprk_claims.files import parse_json
from russia_dprk_claims.package import DESCRIPTOR, Package, installed, open_package

INDEX = Path(__file__).resolve().parent / "releases.json"
CACHE_VARIABLE = "RUSSIA_DPRK_CLAIMS_CACHE"
NAME = "russia-dprk-claims"
EXTRA = "versions"
CHUNK = 1 << 16
_FORMS = {"url": r"https?://\S+", "sha256": r"[0-9a-f]{64}"}
# Nine digits are more than a release will ever need, and few enough for the integers of other programs.
_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


class VersionError(ValueError):
    """A text that is not a valid version."""


@dataclass(frozen=True, order=True)
class Version:
    """A version by the rules of Semantic Versioning, without pre-release labels.

    Examples
    --------
    >>> Version.of("1.10.0") > Version.of("1.9.3")
    True
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def of(cls, text: str) -> Version:
        """Return the version that a text states; `VersionError` unless it is three numbers without leading zeros."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise VersionError(f"{text!r} is not a version: write it as 1.2.0")
        return cls(*map(int, match.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def tag(self) -> str:
        """The name of the tag of the release."""
        return f"v{self}"


def is_version(text: str) -> bool:
    """Return whether a text is a valid version: `1.2.0`, but not `1.02.0`."""
    return _VERSION.fullmatch(text) is not None


@dataclass(frozen=True)
class Pin:
    """A release as the index pins it: its version, the address of its bundle, and the SHA-256 of the bundle."""

    version: str
    url: str
    sha256: str


@dataclass(frozen=True)
class Limits:
    """Limits of a download: seconds without an answer, seconds in total with headers and redirects, and bytes."""

    silence: float = 30.0
    seconds: float = 600.0
    size: int = 1 << 30


LIMITS = Limits()


class _LimitError(Exception):
    """A download that exceeds a limit; the text says which."""


def versions() -> tuple[str, ...]:
    """Return the versions that can be loaded: the installed one and those of the index.

    Returns
    -------
    tuple of str
        The versions, the oldest first.

    Raises
    ------
    DamagedDataError
        If the index is damaged, or the installed data have no valid version.

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
    """Return the releases of an index file by version."""
    try:
        return {pin.version: pin for pin in map(_pin, parse_json(path.read_bytes())["releases"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedDataError(path.name, "this is not an index of releases", "reinstall the package") from error


def _pin(entry: Mapping[str, Any]) -> Pin:
    version = Version.of(entry["version"])
    for name, form in _FORMS.items():
        if not re.fullmatch(form, entry[name]):
            raise ValueError(f"{name}: {entry[name]!r}")
    return Pin(str(version), entry["url"], entry["sha256"])


def open_release(version: str) -> Package:
    """Return a release: the installed one, or one from the cache, into which it is downloaded if necessary."""
    own = installed()
    if version == own.version:
        return own
    pins = read_index(INDEX)
    if version not in pins:
        raise unknown("version", str(version), {own.version, *pins})
    bundle = fetch(pins[version])
    hint = f"report it to the maintainers of the data, as version {version} was published like this"
    return open_package(bundle, bundle.name, hint)


def cache_folder() -> Path:
    """Return the cache folder: that in `RUSSIA_DPRK_CLAIMS_CACHE`, else the default of the operating system."""
    import pooch

    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).expanduser() if named else Path(pooch.os_cache(NAME))


def fetch(pin: Pin) -> Path:
    """Return the path of a bundle in the cache; download it if it is missing or its hash differs."""
    try:
        import pooch
        import requests  # noqa: F401 what pooch downloads with
    except ImportError as error:
        command = f'pip install "{NAME}[{EXTRA}]"'
        raise MissingExtraError(f"version {pin.version} is not the installed one; to download it: {command}") from error
    bundle = cache_folder() / f"{NAME}-{pin.version}.zip"
    try:
        if bundle.is_file() and pooch.file_hash(str(bundle), alg="sha256") != pin.sha256:
            bundle.unlink()  # so that it does not stay if the download fails
        pooch.retrieve(pin.url, f"sha256:{pin.sha256}", bundle.name, bundle.parent, downloader=_download)
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            raise
        what = f"version {pin.version} could not be downloaded from {pin.url}: {reason}"
        raise DownloadError(f"{what}; try again, or save the file yourself as {bundle}") from error
    return bundle


def _download(url: str, target: str, _pooch: object) -> None:
    """Write the content of a URL into a file, within the limits.

    Time limits of sockets begin again with each byte, header and redirect. So another thread waits for the server, and
    this one for that thread; if the server never ends, the thread ends with the program.
    """
    end = time.monotonic() + LIMITS.seconds
    ended: Queue[BaseException | None] = Queue()

    def receive() -> None:
        try:
            _receive(url, target, end)
            ended.put(None)
        except BaseException as error:
            ended.put(error)

    Thread(target=receive, daemon=True).start()
    try:
        error = ended.get(timeout=LIMITS.seconds)
    except Empty:
        error = _late()
    if error is not None:
        raise error


def _receive(url: str, target: str, end: float) -> None:
    import requests

    with (
        Path(target).open("wb") as file,
        requests.get(url, stream=True, timeout=LIMITS.silence, headers={"Accept-Encoding": "identity"}) as response,
    ):
        response.raise_for_status()
        _copy(response.raw, file, end)


def _late() -> _LimitError:
    return _LimitError(f"it took longer than {LIMITS.seconds:g} seconds")


def _copy(body: Any, file: BinaryIO, end: float) -> None:
    """Copy the body as it arrives, until it ends or exceeds a limit."""
    while chunk := body.read1(CHUNK, decode_content=True):
        file.write(chunk)
        if file.tell() > LIMITS.size:
            raise _LimitError(f"it is larger than {LIMITS.size} bytes")
        if time.monotonic() > end:
            raise _late()


def _reason(error: Exception) -> str | None:
    """Return why a download failed, or None for an error that is not one of a download."""
    import requests
    import urllib3

    if isinstance(error, requests.HTTPError) and error.response is not None:
        code = error.response.status_code
        return f"the server answered {code} {HTTPStatus(code).phrase if code in set(HTTPStatus) else ''}".rstrip()
    reasons: list[tuple[type[Exception] | tuple[type[Exception], ...], str]] = [
        (_LimitError, str(error)),
        ((requests.Timeout, urllib3.exceptions.TimeoutError), "the server did not answer in time"),
        (requests.TooManyRedirects, "the server redirects without end"),
        ((requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError), "the download broke off"),
        (requests.ConnectionError, "the server cannot be reached"),
        ((requests.RequestException, urllib3.exceptions.HTTPError), f"the request failed ({type(error).__name__})"),
        (OSError, f"the cache cannot be written ({getattr(error, 'strerror', None) or error})"),
        (ValueError, "the file does not have the SHA-256 of the index"),
    ]
    return next((reason for kind, reason in reasons if isinstance(error, kind)), None)
