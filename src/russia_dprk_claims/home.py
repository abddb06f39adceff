"""Home: where the schemas and the tables are, in a checkout or in an installed package."""

from __future__ import annotations

from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]
_PACKAGED = Path(__file__).resolve().parent / "_data"


def home() -> Path:
    """Return the folder that holds `schemas/`, `data/` and `datapackage.json`: the checkout first, else the package.

    An editable install copies packaged data once and lets it go stale; the checkout is always current.
    """
    return _CHECKOUT if (_CHECKOUT / "schemas" / "claims.json").is_file() else _PACKAGED
