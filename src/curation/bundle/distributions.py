"""The wheel and the sdist, built by hatchling in a temporary folder that contains only their inputs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from curation.bundle.inputs import BundleError

# 1980-01-01, the earliest date in a zip file.
SOURCE_DATE_EPOCH = "315532800"
CARRIED = "russia_dprk_claims/_data/"
_TIMEOUT = 300


def build_distributions(program: Mapping[str, bytes], package: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the wheel and the sdist by file name; both carry the package."""
    with tempfile.TemporaryDirectory() as temporary:
        project, out = Path(temporary) / "project", Path(temporary) / "out"
        # Here hatchling stops looking for a .gitignore, so that no folder above can exclude files.
        (project / ".git").mkdir(parents=True)
        for path, content in {**program, **package}.items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_bytes(content)
            (project / path).chmod(0o644)
        _run_hatchling(project, out)
        wheels = list(out.glob("*.whl"))
        if len(wheels) != 1 or len(list(out.iterdir())) != 2:
            raise BundleError("pyproject.toml: hatchling did not build one wheel and one sdist; restore its settings")
        _check_data(wheels[0], package)
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def _run_hatchling(project: Path, out: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HATCH_")}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "hatchling", "build", "-d", str(out), "-t", "sdist", "-t", "wheel"],
        cwd=project,
        env={**environment, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH},
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT,
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no error message"]
        raise BundleError(f"pyproject.toml: hatchling cannot build the wheel: {lines[-1]}")


def _check_data(wheel: Path, package: Mapping[str, bytes]) -> None:
    """Refuse a wheel without the data, or with other data."""
    with zipfile.ZipFile(wheel) as archive:
        members = set(archive.namelist())
        for path, content in package.items():
            if CARRIED + path not in members or archive.read(CARRIED + path) != content:
                hint = "force-include datapackage.json, data and schemas in pyproject.toml"
                raise BundleError(f"{wheel.name}: {CARRIED}{path} is missing or differs; {hint}")
