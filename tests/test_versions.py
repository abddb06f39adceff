"""Other releases are downloaded once and checked by hash, here from a local server that fails in every way. The error
says what happened, and the cache never has part of a file.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY
from loadersite import make_site, run_there

import russia_dprk_claims as rdc
from curation.bundle.archive import zip_bytes
from russia_dprk_claims import releases
from russia_dprk_claims.errors import DamagedDataError, DownloadError, MissingExtraError, UnknownNameError
from russia_dprk_claims.package import open_package

pytest.importorskip("pooch", reason="the extra that fetches releases is not installed")

OLD = "0.0.9"
NAME = f"russia-dprk-claims-{OLD}.zip"


def bundle(**changed: bytes | None) -> bytes:
    """Return the bundle of an older release, in which Russia has its long name.

    `changed` has the bytes of further files by path, None for one that is left out.
    """
    descriptor = json.loads((REPOSITORY / "datapackage.json").read_text(encoding="utf-8")) | {"version": OLD}
    files: dict[str, bytes | None] = {}
    for folder in ("data", "schemas"):
        files |= {f"{folder}/{path.name}": path.read_bytes() for path in sorted((REPOSITORY / folder).iterdir())}
    actors = files["data/actors.csv"]
    assert actors is not None
    files["data/actors.csv"] = actors = actors.replace(b"ACT-russia,Russia,", b"ACT-russia,Russian Federation,")
    (resource,) = [each for each in descriptor["resources"] if each["name"] == "actors"]
    resource |= {"bytes": len(actors), "hash": f"sha256:{hashlib.sha256(actors).hexdigest()}"}
    files["datapackage.json"] = json.dumps(descriptor).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in (files | changed).items():
            if data is not None:
                archive.writestr(path, data)
    return buffer.getvalue()


GOOD = bundle()


class Server(ThreadingHTTPServer):
    """Serves a bundle, or fails as the path says, and records the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about clients that disconnect: the tests make them."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.server.asked.append(self.path)
        getattr(self, f"answer_{self.path.strip('/').partition('.')[0]}")()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is the library's
        """Keep the terminal clean."""

    def begin(self, status: int, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def answer_good(self) -> None:
        self.begin(200, len(GOOD))
        self.wfile.write(GOOD)

    def answer_moved(self) -> None:
        self.begin(302, 0, Location="/good.zip")

    def answer_wrong(self) -> None:
        self.begin(200, len(GOOD))
        self.wfile.write(GOOD[:-1] + b"!")

    def answer_cut(self) -> None:
        self.begin(200, len(GOOD))
        self.wfile.write(GOOD[: len(GOOD) // 2])

    def answer_short(self) -> None:
        """Send half without a length, so that only the hash shows it."""
        self.begin(200)
        self.wfile.write(GOOD[: len(GOOD) // 2])

    def answer_missing(self) -> None:
        self.begin(404, 0)

    def answer_broken(self) -> None:
        self.begin(500, 0)

    def answer_odd(self) -> None:
        self.begin(599, 0)

    def answer_loop(self) -> None:
        self.begin(302, 0, Location="/loop.zip")

    def answer_local(self) -> None:
        self.begin(302, 0, Location="file:///etc/hostname")

    def answer_silent(self) -> None:
        self.server.closing.wait(30)

    def answer_stuck(self) -> None:
        """Begin, and never continue."""
        self.begin(200, len(GOOD))
        self.wfile.write(GOOD[:100])
        self.wfile.flush()
        self.server.closing.wait(30)

    def answer_drip(self) -> None:
        """Send a byte now and then, and never finish."""
        self.begin(200, len(GOOD))
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def answer_slow_headers(self) -> None:
        """Send a byte of a header now and then, and never finish."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def answer_slow_redirects(self) -> None:
        """Redirect to itself, a little later each time."""
        self.server.closing.wait(0.3)
        self.begin(302, 0, Location="/slow_redirects.zip")

    def answer_endless(self) -> None:
        self.begin(200)
        while not self.server.closing.is_set():
            self.wfile.write(b"x" * 65536)

    def answer_garbage(self) -> None:
        self.wfile.write(b"this is not HTTP\r\n\r\n")

    def answer_hangup(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server() -> Iterator[Server]:
    """A local server."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield running
        running.closing.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no proxy."""
    monkeypatch.setenv("RUSSIA_DPRK_CLAIMS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(releases, "LIMITS", releases.Limits(silence=1.0, seconds=2.0, size=10_000_000))
    return tmp_path / "cache"


Index = Callable[..., str]


@pytest.fixture
def index(tmp_path: Path, server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """Write the index of the package, with one release on the server, and return its address."""

    def write(name: str, data: bytes = GOOD) -> str:
        url = name if "://" in name else f"http://127.0.0.1:{server.server_port}/{name}.zip"
        entry = {"version": OLD, "url": url, "sha256": hashlib.sha256(data).hexdigest()}
        (tmp_path / "releases.json").write_text(json.dumps({"releases": [entry]}), encoding="utf-8")
        monkeypatch.setattr(releases, "INDEX", tmp_path / "releases.json")
        return url

    return write


def held(cache: Path) -> list[str]:
    """Return the files of the cache."""
    return sorted(path.name for path in cache.iterdir()) if cache.is_dir() else []


def test_a_release_is_downloaded_once_and_read_with_its_own_contract(index: Index, server: Server, cache: Path) -> None:
    index("good")
    assert rdc.versions() == (OLD, rdc.__version__)
    actors = rdc.load("actors", version=OLD).set_index("actor_id")["name"]
    assert actors["ACT-russia"] == "Russian Federation"
    assert rdc.load("actors").set_index("actor_id")["name"]["ACT-russia"] == "Russia"
    claims = rdc.load("claims", version=OLD)
    assert claims.equals(rdc.load("claims")) and claims.dtypes.equals(rdc.load("claims").dtypes)
    assert server.asked == ["/good.zip"]
    assert held(cache) == [NAME]
    assert (cache / NAME).read_bytes() == GOOD


def test_a_release_whose_zip_has_entries_for_its_folders_is_read_the_same(index: Index, cache: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        data = zip_bytes({path: archive.read(path) for path in archive.namelist()})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [each for each in archive.namelist() if each.endswith("/")] == ["data/", "schemas/"]
    index("missing", data)
    cache.mkdir()
    (cache / NAME).write_bytes(data)
    assert rdc.load("actors", version=OLD).set_index("actor_id")["name"]["ACT-russia"] == "Russian Federation"
    assert rdc.load("claims", version=OLD).equals(rdc.load("claims"))


def test_a_release_that_has_moved_is_followed(index: Index, server: Server, cache: Path) -> None:
    index("moved")
    assert len(rdc.load("sources", version=OLD)) == len(rdc.load("sources"))
    assert server.asked == ["/moved.zip", "/good.zip"]


FAILURES = {
    "wrong": "the file does not have the SHA-256 of the index",
    "cut": "the download broke off",
    "short": "the file does not have the SHA-256 of the index",
    "missing": "the server answered 404 Not Found",
    "broken": "the server answered 500 Internal Server Error",
    "odd": "the server answered 599",
    "loop": "the server redirects without end",
    "local": "the request failed (InvalidSchema)",
    "silent": "the server did not answer in time",
    "stuck": "the server did not answer in time",
    "drip": "it took longer than 2 seconds",
    "slow_headers": "it took longer than 2 seconds",
    "slow_redirects": "it took longer than 2 seconds",
    "endless": "it is larger than 10000000 bytes",
    "garbage": "the server cannot be reached",
    "hangup": "the server cannot be reached",
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failed_download_is_explained_and_leaves_nothing_in_the_cache(index: Index, cache: Path, kind: str) -> None:
    url = index(kind)
    with pytest.raises(DownloadError) as caught:
        rdc.load("claims", version=OLD)
    assert str(caught.value) == (
        f"version {OLD} could not be downloaded from {url}: {FAILURES[kind]}; "
        f"try again, or save the file yourself as {cache / NAME}"
    )
    assert isinstance(caught.value, OSError)
    assert held(cache) == []
    index("good")
    assert len(rdc.load("claims", version=OLD)) == len(rdc.load("claims"))


def test_without_a_network_the_error_says_so(index: Index, server: Server, cache: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    index(f"http://127.0.0.1:{port}/good.zip")
    with pytest.raises(DownloadError, match="the server cannot be reached"):
        rdc.load("claims", version=OLD)
    assert (held(cache), server.asked) == ([], [])


def test_a_cached_release_needs_no_network(index: Index, server: Server) -> None:
    index("good")
    rdc.load("claims", version=OLD)
    index("http://127.0.0.1:9/good.zip")
    assert len(rdc.load("quantities", version=OLD)) == len(rdc.load("quantities"))
    assert server.asked == ["/good.zip"]


def test_a_corrupt_file_of_the_cache_is_downloaded_again(index: Index, server: Server, cache: Path) -> None:
    index("good")
    rdc.load("claims", version=OLD)
    (cache / NAME).write_bytes(GOOD[:1000])
    assert len(rdc.load("claims", version=OLD)) == len(rdc.load("claims"))
    assert server.asked == ["/good.zip", "/good.zip"]
    assert (cache / NAME).read_bytes() == GOOD


def test_a_corrupt_file_does_not_stay_when_the_download_fails(index: Index, cache: Path) -> None:
    index("missing")
    cache.mkdir()
    (cache / NAME).write_bytes(b"corrupt")
    with pytest.raises(DownloadError, match="404"):
        rdc.load("claims", version=OLD)
    assert held(cache) == []


def test_a_file_saved_by_hand_is_used(index: Index, server: Server, cache: Path) -> None:
    index("missing")
    cache.mkdir()
    (cache / NAME).write_bytes(GOOD)
    assert len(rdc.load("claims", version=OLD)) == len(rdc.load("claims"))
    assert server.asked == []


def test_an_interrupted_download_leaves_nothing(index: Index, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        assert len(held(cache)) == 1
        raise KeyboardInterrupt

    index("good")
    monkeypatch.setattr(releases, "_copy", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rdc.load("claims", version=OLD)
    assert held(cache) == []


def test_several_readers_at_once_get_the_whole_file(index: Index, cache: Path) -> None:
    index("good")
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(len(rdc.load("claims", version=OLD)))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert counts == [len(rdc.load("claims"))] * 4
    assert held(cache) == [NAME]


def test_a_cache_that_cannot_be_written_is_an_error(index: Index, cache: Path) -> None:
    index("good")
    cache.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(DownloadError, match="the cache cannot be written"):
        rdc.load("claims", version=OLD)


def test_the_cache_is_in_the_cache_folder_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("RUSSIA_DPRK_CLAIMS_CACHE", raising=False)
    assert releases.cache_folder().name == "russia-dprk-claims"
    monkeypatch.setenv("RUSSIA_DPRK_CLAIMS_CACHE", "~/mine")
    assert releases.cache_folder() == Path.home() / "mine"


def test_the_installed_version_is_never_downloaded(index: Index, server: Server, tmp_path: Path) -> None:
    index("missing")
    text = (tmp_path / "releases.json").read_text(encoding="utf-8").replace(OLD, rdc.__version__)
    (tmp_path / "releases.json").write_text(text, encoding="utf-8")
    assert rdc.versions() == (rdc.__version__,)
    assert rdc.load("claims", version=rdc.__version__).equals(rdc.load("claims"))
    assert server.asked == []


def test_an_unknown_version_gets_a_suggestion(index: Index, server: Server) -> None:
    index("good")
    with pytest.raises(UnknownNameError, match=rf"^there is no version '0\.0\.8' \(did you mean '{OLD}'"):
        rdc.load("claims", version="0.0.8")
    with pytest.raises(UnknownNameError, match=rf"\(one of: {OLD}, {rdc.__version__}\)$"):
        rdc.load("claims", version="latest")
    assert server.asked == []


def test_an_unknown_table_of_a_release_gets_a_suggestion(index: Index) -> None:
    index("good")
    with pytest.raises(UnknownNameError, match=r"^there is no table 'claim' \(did you mean 'claims'\?\)$"):
        rdc.load("claim", version=OLD)


def locked() -> bytes:
    """Return a bundle whose first file is marked as encrypted."""
    data = bytearray(GOOD)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    return bytes(data)


def descriptor_with(path: str) -> bytes:
    return json.dumps({"version": OLD, "resources": [{"name": "claims", "path": path}]}).encode()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"this is no zip file", f"{NAME}: not a valid zip file ("),
        (
            GOOD.replace(b"ACT-russia,Russian", b"ACT-russia,RUSSIAN"),
            f"{NAME}: not a valid zip file (",
        ),
        (locked(), f"{NAME}: not a valid zip file ("),
        (bundle(**{"datapackage.json": None}), f"{NAME}: datapackage.json: the file is missing"),
        (bundle(**{"datapackage.json": b"{"}), f"{NAME}: datapackage.json: this is not JSON"),
        (bundle(**{"data/claims.csv": None}), f"{NAME}: data/claims.csv: the file is missing"),
        (
            bundle(**{"datapackage.json": descriptor_with("../claims.csv")}),
            f"{NAME}: ../claims.csv: the path points outside the package",
        ),
        (
            bundle(**{"datapackage.json": descriptor_with("/etc/hostname")}),
            f"{NAME}: /etc/hostname: this is not a relative path",
        ),
        (
            bundle(**{"schemas/claims.json": b"[]"}),
            f"{NAME}: schemas/claims.json: not a Table Schema of this project",
        ),
    ],
)
def test_a_damaged_bundle_is_refused(index: Index, server: Server, cache: Path, data: bytes, what: str) -> None:
    index("good", data)
    cache.mkdir()
    (cache / NAME).write_bytes(data)
    with pytest.raises(DamagedDataError) as caught:
        rdc.load("claims", version=OLD)
    assert str(caught.value).startswith(what)
    assert str(caught.value).endswith(
        "; report it to the maintainers of the data, as version 0.0.9 was published like this"
    )
    assert server.asked == []


@pytest.mark.parametrize("path", ["../outside.csv", "/absolute.csv", "schemas/../../up.json"])
def test_a_bundle_with_an_unsafe_entry_is_refused_and_nothing_is_unpacked(
    index: Index, cache: Path, tmp_path: Path, path: str
) -> None:
    index("good", bundle(**{path: b"x"}))
    cache.mkdir()
    (cache / NAME).write_bytes(bundle(**{path: b"x"}))
    before = sorted(each for each in tmp_path.rglob("*"))
    with pytest.raises(DamagedDataError, match=rf"^{NAME}: '{path}': "):
        rdc.load("claims", version=OLD)
    assert sorted(each for each in tmp_path.rglob("*")) == before


GIVEN = {"version": "1.0.0", "url": "https://example.org/1.zip", "sha256": "0" * 64}


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", "{}", '{"releases": {}}x'),
        *(
            json.dumps({"releases": [GIVEN | each]})
            for each in ({"version": "1.0"}, {"version": "01.0.0"}, {"sha256": "0"}, {"url": "file:///x"})
        ),
        json.dumps({"releases": [{"version": "1.0.0"}]}),
        json.dumps({"releases": [GIVEN | {"version": 1}]}),
    ],
)
def test_a_damaged_index_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "releases.json").write_text(content, encoding="utf-8")
    with pytest.raises(DamagedDataError) as caught:
        releases.read_index(tmp_path / "releases.json")
    assert str(caught.value) == "releases.json: this is not an index of releases; reinstall the package"


def test_versions_are_sorted_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [GIVEN | {"version": each} for each in ("10.0.0", "9.10.0", "9.9.0")]
    (tmp_path / "releases.json").write_text(json.dumps({"releases": entries}), encoding="utf-8")
    monkeypatch.setattr(releases, "INDEX", tmp_path / "releases.json")
    assert rdc.versions()[-3:] == ("9.9.0", "9.10.0", "10.0.0")


def test_data_without_a_valid_version_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"version": "1.0"}', encoding="utf-8")
    monkeypatch.setattr(releases, "installed", lambda: open_package(tmp_path, "", "reinstall the package"))
    with pytest.raises(DamagedDataError) as caught:
        rdc.versions()
    assert str(caught.value) == "datapackage.json: '1.0' is not a valid version; reinstall the package"


@pytest.mark.parametrize("version", [1.0, 1, b"1.0.0", True])
def test_a_version_that_is_not_a_text_is_unknown(version: Any) -> None:
    with pytest.raises(UnknownNameError, match=f"^there is no version {re.escape(repr(str(version)))} "):
        rdc.load("claims", version=version)


def test_the_index_in_the_package_can_be_read() -> None:
    assert rdc.__version__ in rdc.versions()
    assert set(releases.read_index(releases.INDEX)) <= set(rdc.versions())


def test_without_the_extra_the_error_names_it(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    (site / "russia_dprk_claims" / "releases.json").write_text(json.dumps({"releases": [GIVEN | {"version": OLD}]}))
    program = (
        "import sys\nsys.modules['pooch'] = None\nimport russia_dprk_claims as rdc\nrdc.load('claims', version='0.0.9')"
    )
    done = run_there(site, program)
    assert done.stderr.splitlines()[-1] == (
        f"{MissingExtraError.__module__}.MissingExtraError: version 0.0.9 is not the installed one; "
        'to download it: pip install "russia-dprk-claims[versions]"'
    )
    installed = run_there(site, program.replace("'0.0.9'", "rdc.__version__"))
    assert (installed.returncode, installed.stderr) == (0, "")
