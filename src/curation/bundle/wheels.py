"""Wheel and sdist, built by hatchling in a folder of its own that holds nothing but what is meant to be in them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from curation.bundle.ingredients import BundleError

# 1980-01-01, the first day that a zip can hold.
SOURCE_DATE_EPOCH = "315532800"
CARRIED = "russia_dprk_claims/_data/"
_TIMEOUT = 300


def build_distributions(program: Mapping[str, bytes], package: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the bytes of the wheel and of the sdist by their names.

    Parameters
    ----------
    program
        The files that they are built from, by path; `pyproject.toml` among them.
    package
        The descriptor, tables and schemas, which the wheel must carry.

    Raises
    ------
    BundleError
        If hatchling fails, or builds a wheel without the data.
    """
    with tempfile.TemporaryDirectory() as place:
        stage, out = Path(place) / "project", Path(place) / "out"
        _lay_out(stage, {**program, **package})
        _run_hatchling(stage, out)
        built = {path.name: path.read_bytes() for path in sorted(out.iterdir())}
    wheels = [name for name in built if name.endswith(".whl")]
    if len(wheels) != 1 or len(built) != 2:
        raise BundleError(
            f"pyproject.toml: hatchling built {', '.join(built) or 'nothing'}, not one wheel and one sdist"
        )
    _refuse_without_data(wheels[0], built[wheels[0]], package)
    return built


def _lay_out(stage: Path, files: Mapping[str, bytes]) -> None:
    # Here hatchling's search for a .gitignore ends, so that no file above the folder can leave out anything.
    (stage / ".git").mkdir(parents=True)
    for path, content in files.items():
        place = stage / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o644)


def _run_hatchling(stage: Path, out: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out), "-t", "sdist", "-t", "wheel"]
    own = {name: text for name, text in os.environ.items() if not name.startswith("HATCH_")}
    done = subprocess.run(  # noqa: S603
        command,
        cwd=stage,
        env={**own, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH},
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT,
    )
    if done.returncode != 0:
        why = (done.stderr or done.stdout).strip().splitlines()
        raise BundleError(
            f"pyproject.toml: hatchling cannot build the wheel: {why[-1] if why else 'it does not say why'}"
        )


def _refuse_without_data(name: str, wheel: bytes, package: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        members = set(archive.namelist())
        for path, content in package.items():
            if CARRIED + path not in members or archive.read(CARRIED + path) != content:
                hint = "force-include datapackage.json, data and schemas in pyproject.toml"
                raise BundleError(f"{name}: {CARRIED}{path} is missing or another file; {hint}")
