"""What people read the dataset with, installed apart: it is large, and some of it pins old versions of what we use.

Python's packages go into the folder that `CLIENTS_VENV` names, else `.venv-clients`, and Node's into
`tests/clients_node/node_modules`; each is made once and used again. A test that needs what cannot be had here is
skipped, with the reason.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import REPOSITORY

VARIABLE = "CLIENTS_VENV"
LIMIT = 900

NODE = Path(__file__).parent / "clients_node"
NODE_LIMIT = 120
# By what npm says, nobody was there to give the packages; every other failure is ours.
_UNREACHABLE = re.compile(
    r"npm error code (EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ENOTCACHED"
    r"|ERR_SOCKET_TIMEOUT|ETIMEDOUT|E401|E403|E5[0-9]{2})$",
    re.MULTILINE,
)

START_LIMIT = 60
STOP_LIMIT = 10
ANSWER_LIMIT = 30
_RUNNING = re.compile(r"running on http://127\.0\.0\.1:([0-9]+)")


def clients_python(*requirements: str) -> Path:
    """Return a Python that has the packages; the test is skipped where they cannot be installed."""
    place = Path(os.environ.get(VARIABLE) or REPOSITORY / ".venv-clients")
    python, ready = place / "bin" / "python", place / ".ready"
    wanted = [each for each in requirements if each not in (ready.read_text().splitlines() if ready.is_file() else [])]
    if wanted:
        if not ready.is_file():
            run([sys.executable, "-m", "venv", "--clear", str(place)])
        quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"]
        run([str(python), "-m", "pip", "install", *quiet, *wanted])
        with ready.open("a") as file:
            file.writelines(f"{each}\n" for each in wanted)
    return python


def run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the clients could not be installed in {LIMIT} seconds")
    if done.returncode:
        why = (done.stderr or done.stdout).strip().splitlines()
        pytest.skip(f"the clients cannot be installed here: {why[-1] if why else command[0]}")


def clients_node(place: Path = NODE) -> Path:
    """Return the folder of the programs for Node, with what they need installed exactly as locked.

    The test is skipped where Node or npm is missing or the registry cannot be reached; it fails where what is locked
    cannot be installed for any other reason, such as a wrong hash.
    """
    missing = [each for each in ("node", "npm") if shutil.which(each) is None]
    if missing:
        pytest.skip(f"not tested with the npm client: {' and '.join(missing)} cannot be found on this machine")
    locked = hashlib.sha256((place / "package-lock.json").read_bytes()).hexdigest()
    ready = place / "node_modules" / ".ready"
    if not ready.is_file() or ready.read_text() != locked:
        _npm_ci(place)
        ready.write_text(locked)
    return place


def _npm_ci(place: Path) -> None:
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"]
    command = [str(shutil.which("npm")), "ci", *quiet, *patience]
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=NODE_LIMIT)
    except subprocess.TimeoutExpired:
        pytest.skip(f"not tested with the npm client: npm could not install it in {NODE_LIMIT} seconds")
    if unreachable := _UNREACHABLE.search(done.stderr):
        pytest.skip(f"not tested with the npm client: the registry cannot be reached ({unreachable[1]})")
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Server:
    """A server on this machine."""

    port: int

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of the answer; redirections are not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_LIMIT)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8")
        finally:
            connection.close()


@contextmanager
def serving(command: list[str], log: Path) -> Iterator[Server]:
    """Give a server that tells in `log` where it runs, and stop it whatever happens."""
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        yield Server(_port(server, log))
    finally:
        server.terminate()
        try:
            server.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(STOP_LIMIT)


def _port(server: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        ended = server.poll() is not None
        said = log.read_text(encoding="utf-8", errors="replace")
        if running := _RUNNING.search(said):
            return int(running[1])
        assert not ended, f"the server ended: {said}"
        time.sleep(0.05)
    raise AssertionError(f"the server did not start in {START_LIMIT} seconds: {log.read_text(errors='replace')}")
