"""Fetching: the bundle of a release comes into the user's cache, once and whole, or not at all.

Pooch does the work: it downloads beside the place of the bundle, compares the hash, and only then renames. What is
in the cache with another hash is fetched anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from russia_dprk_claims.errors import DownloadError, MissingExtraError

if TYPE_CHECKING:
    from russia_dprk_claims.loader.versions import Pin

CACHE_VARIABLE = "RUSSIA_DPRK_CLAIMS_CACHE"
NAME = "russia-dprk-claims"
EXTRA = "versions"
CHUNK = 1 << 16


@dataclass(frozen=True)
class Limits:
    """How long a server may be silent, how long a download may take, and how large it may be."""

    silence: float = 30.0
    seconds: float = 600.0
    size: int = 1 << 30


LIMITS = Limits()


class _RefusedError(Exception):
    """A download that the limits cut off; the text says which."""


def cache_folder() -> Path:
    """Return where releases are kept: the folder that `RUSSIA_DPRK_CLAIMS_CACHE` names, else that of the system."""
    import pooch

    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).expanduser() if named else Path(pooch.os_cache(NAME))


def fetch(pin: Pin) -> Path:
    """Return the bundle of a release in the cache, downloaded if it is not there as it should be.

    Parameters
    ----------
    pin
        The release.

    Raises
    ------
    MissingExtraError
        If the packages that download are not installed.
    DownloadError
        If it cannot be downloaded whole and with the right hash, or not be kept.
    """
    try:
        import pooch
        import requests  # noqa: F401 what pooch downloads with
    except ImportError as error:
        how = f'pip install "{NAME}[{EXTRA}]"'
        raise MissingExtraError(f"version {pin.version} is not the installed one; to fetch it: {how}") from error
    folder = cache_folder()
    name = f"{NAME}-{pin.version}.zip"
    with _told(pin, folder / name):
        _drop_other(folder / name, pin.sha256)
        return Path(pooch.retrieve(pin.url, f"sha256:{pin.sha256}", name, folder, downloader=_download))


def _drop_other(bundle: Path, sha256: str) -> None:
    """Remove a bundle with another hash, so that the cache is sound also where it cannot be fetched anew."""
    import pooch

    if bundle.is_file() and pooch.file_hash(str(bundle), alg="sha256") != sha256:
        bundle.unlink()


def _download(url: str, target: str, _pooch: object) -> None:
    """Write what is at a URL into a file, within the limits.

    Pooch's own downloader waits for whole chunks, and so for ever on a server that sends a byte now and then.
    """
    import requests

    limits = LIMITS
    end = time.monotonic() + limits.seconds
    with (
        Path(target).open("wb") as file,
        requests.get(url, stream=True, timeout=limits.silence, headers={"Accept-Encoding": "identity"}) as response,
    ):
        response.raise_for_status()
        _copy(response.raw, file, limits, end)


def _copy(body: Any, file: BinaryIO, limits: Limits, end: float) -> None:
    """Copy what comes, as it comes, until it ends or a limit is passed."""
    size = 0
    while chunk := body.read1(CHUNK, decode_content=True):
        size += file.write(chunk)
        if size > limits.size:
            raise _RefusedError(f"it is larger than {limits.size} bytes")
        if time.monotonic() > end:
            raise _RefusedError(f"it took longer than {limits.seconds:g} seconds")


@contextmanager
def _told(pin: Pin, bundle: Path) -> Iterator[None]:
    """Turn whatever goes wrong into one error that says what and what to do."""
    try:
        yield
    except Exception as error:
        why = _why(error)
        if why is None:
            raise
        advice = f"try again, or put the file there yourself as {bundle}"
        raise DownloadError(f"version {pin.version} could not be fetched from {pin.url}: {why}; {advice}") from error


def _why(error: Exception) -> str | None:
    """Return why a download failed, or None where it did not fail by what can go wrong with one."""
    import requests
    import urllib3

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {_status(error.response.status_code)}"
    reasons: list[tuple[type[Exception] | tuple[type[Exception], ...], str]] = [
        (_RefusedError, str(error)),
        ((requests.Timeout, urllib3.exceptions.TimeoutError), "the server did not answer in time"),
        (requests.TooManyRedirects, "the server redirects without end"),
        ((requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError), "the download broke off"),
        (requests.ConnectionError, "the server cannot be reached"),
        ((requests.RequestException, urllib3.exceptions.HTTPError), f"the request failed ({type(error).__name__})"),
        (OSError, f"the cache cannot be written ({getattr(error, 'strerror', None) or error})"),
        (ValueError, "what came does not have the SHA-256 of the index"),
    ]
    return next((why for kind, why in reasons if isinstance(error, kind)), None)


def _status(code: int) -> str:
    known = code in set(HTTPStatus)
    return f"{code} {HTTPStatus(code).phrase}" if known else str(code)
