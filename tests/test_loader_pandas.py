"""The loader gives the same with the oldest and the newest pandas that it supports, each in an environment of its
own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from loadersite import make_site, run_there

# NumPy is pinned to one that the release of pandas was built for.
PANDAS = {"2.2": ("pandas==2.2.*", "numpy==2.2.*"), "3": ("pandas>=3,<4", "numpy>=2.3,<3")}
PROGRAM = """
import hashlib, json, pandas as pd, russia_dprk_claims as rdc

def told(rows):
    cells = [["" if pd.isna(cell) else str(cell) for cell in row] for row in rows.itertuples(index=False)]
    categories = {name: [str(each.categories.dtype), each.categories.tolist(), each.ordered]
                  for name, each in rows.dtypes.items() if str(each) == "category"}
    return [{name: str(dtype) for name, dtype in rows.dtypes.items()}, categories,
            hashlib.sha256(json.dumps(cells).encode()).hexdigest()]

found = rdc.agreement("AGR-arms-for-aid")
claims = rdc.load("claims")
answers = {name: told(rdc.load(name)) for name in rdc.tables()} | {
    "estimates": told(rdc.estimates()), "none": told(rdc.estimates("no such thing")),
    "about": told(rdc.claims_about("Moscow", subsidiaries=True)), "conflicts": told(rdc.conflicts()),
    **{name: told(getattr(found, name)) for name in ("parties", "terms", "claims", "by_source")},
    "likely": int((claims["modality"] >= "probable").sum()),
    "2024": int((claims["event_date_latest"].dt.year == 2024).sum()),
    "merged": told(claims.merge(rdc.load("quantities"), on="claim_id")),
}
print(json.dumps({"pandas": pd.__version__, "answers": answers}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The loader alone, as pip installs it."""
    return make_site(tmp_path_factory.mktemp("site"))


def answers(site: Path, python: str) -> dict[str, Any]:
    """Return what the loader says with the pandas of an interpreter."""
    done = run_there(site, PROGRAM, python)
    assert done.stderr == ""
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.mark.clients
@pytest.mark.parametrize("version", PANDAS)
def test_every_answer_is_the_same_with_every_pandas(site: Path, tmp_path: Path, version: str) -> None:
    python = str(tmp_path / "venv" / "bin" / "python")
    commands = (
        [sys.executable, "-m", "venv", str(tmp_path / "venv")],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PANDAS[version]],
    )
    for command in commands:
        made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if made.returncode != 0:
            pytest.skip(f"no environment with pandas {version} can be made here: {made.stderr.strip()[-200:]}")
    there, here = answers(site, python), answers(site, sys.executable)
    assert there["pandas"].startswith(f"{version}.")
    assert there["answers"] == here["answers"]
