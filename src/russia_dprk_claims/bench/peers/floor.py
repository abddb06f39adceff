"""The floor: Polars parses every column of every CSV of a package as text, streaming, and does nothing else.

No validation of the same files with the same library can cost less.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

from russia_dprk_claims.package.descriptor import DESCRIPTOR


def parse(folder: Path) -> None:
    """Parse every cell; the empty ones are counted, because a lazy frame reads no column that nobody asks for."""
    for resource in json.loads((folder / DESCRIPTOR).read_bytes())["resources"]:
        frame = pl.scan_csv(folder / resource["path"], infer_schema=False)
        frame.select(pl.all().null_count()).collect(engine="streaming")


if __name__ == "__main__":
    parse(Path(sys.argv[1]))
