"""The loader alone as pip installs it: its modules and data, without the checks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from conftest import REPOSITORY

SOURCE = REPOSITORY / "src" / "russia_dprk_claims"
# Runs first in a program, so that it can download nothing.
OFFLINE = "import socket\ndef refuse(*_): raise OSError('this program is offline')\nsocket.socket.connect = refuse\n"


def make_site(folder: Path) -> Path:
    """Put the loader and its data in a folder as in `site-packages`, and return the folder."""
    package = folder / "russia_dprk_claims"
    package.mkdir(parents=True)
    for path in (*SOURCE.glob("*.*"), *SOURCE.glob("questions/*.py")):
        (package / path.relative_to(SOURCE)).parent.mkdir(exist_ok=True)
        shutil.copy(path, package / path.relative_to(SOURCE))
    for name in ("data", "schemas"):
        shutil.copytree(REPOSITORY / name, package / "_data" / name)
    shutil.copy(REPOSITORY / "datapackage.json", package / "_data")
    return folder


def run_there(site: Path, program: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run a program with the loader of a folder, far from the checkout."""
    return subprocess.run(
        [python, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(site)},
    )
