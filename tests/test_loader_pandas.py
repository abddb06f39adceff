"""The loader gives the same answers with the oldest pandas that it supports as with the newest (tier `full`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from clients import client_python
from loadersite import make_site, run_there

PROGRAM = """
import hashlib, json, pandas as pd, russia_dprk_claims as rdc

def summary(rows):
    cells = [["" if pd.isna(cell) else str(cell) for cell in row] for row in rows.itertuples(index=False)]
    categories = {name: [str(each.categories.dtype), each.categories.tolist(), each.ordered]
                  for name, each in rows.dtypes.items() if str(each) == "category"}
    return [{name: str(dtype) for name, dtype in rows.dtypes.items()}, categories,
            hashlib.sha256(json.dumps(cells).encode()).hexdigest()]

found = rdc.agreement("AGR-arms-for-aid")
claims = rdc.load("claims")
answers = {name: summary(rdc.load(name)) for name in rdc.tables()} | {
    "estimates": summary(rdc.estimates()), "about": summary(rdc.claims(actor="Moscow")),
    "transfers": summary(rdc.transfers()), "events": summary(rdc.events()), "conflicts": summary(rdc.conflicts()),
    **{name: summary(getattr(found, name)) for name in ("parties", "transfers", "claims", "by_source")},
    "likely": int((claims["modality"] >= "probable").sum()),
    "2024": int((claims["event_date_latest"].dt.year == 2024).sum()),
    "merged": summary(claims.merge(rdc.load("quantities"), on="claim_id")),
}
print(json.dumps({"pandas": pd.__version__, "answers": answers}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The loader alone, as pip installs it."""
    return make_site(tmp_path_factory.mktemp("site"))


def answers(site: Path, python: str) -> dict[str, Any]:
    """Return the answers of the loader with the pandas of an interpreter."""
    done = run_there(site, PROGRAM, python)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.full
def test_every_answer_is_the_same_with_the_oldest_pandas(site: Path) -> None:
    oldest, newest = answers(site, client_python("pandas-2.2")), answers(site, sys.executable)
    assert (oldest["pandas"][:4], newest["pandas"][:2]) == ("2.2.", "3.")
    assert oldest["answers"] == newest["answers"]
