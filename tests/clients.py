"""Clients that only `make test-all` installs: other Python environments in `.clients`, the client for Node, a browser.

A test that lacks one is skipped; under CI it fails instead, since the set-up should have installed it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from conftest import REPOSITORY

NODE = Path(__file__).parent / "programs" / "node"


def lacking(what: str) -> NoReturn:
    """Skip the test, or fail it under CI."""
    message = f"{what} is not installed: run make setup-clients"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def client_python(environment: str) -> str:
    """Return the Python of an environment in `.clients`."""
    python = REPOSITORY / ".clients" / environment / "bin" / "python"
    return str(python) if python.is_file() else lacking(f"the environment .clients/{environment}")


def node_command(script: str) -> list[str]:
    """Return the command that runs one of our scripts for Node."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules").is_dir():
        lacking("the client for Node")
    return [node, str(NODE / script)]
