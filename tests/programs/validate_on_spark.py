"""Validates packages on Spark, in one session, and prints what is found as JSON.

    python validate_on_spark.py SCHEMAS PIECE SMALL PACKAGE...

Workers read PIECE bytes of a file at once, and tables of fewer than SMALL bytes are sent to all of them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from russia_dprk_claims.checks import validate
from russia_dprk_claims.checks.engine import guard, spark, sparkframe
from russia_dprk_claims.contract import read_contract


def main(schemas: str, piece: str, small: str, *packages: str) -> None:
    """Print a JSON object with the result for each package."""
    guard.BLOCK = spark.PIECE = int(piece)
    sparkframe.SMALL = int(small)
    contract = read_contract(Path(schemas))
    results = {}
    with TemporaryDirectory() as folder:
        session = spark.start(Path(folder))
        for package in packages:
            result = validate(package, contract=contract, engine="spark", frictionless=False)
            results[package] = asdict(result)
        session.stop()
    print(json.dumps(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
