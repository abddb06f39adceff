"""Claims about the Russia–North Korea partnership: `load` gives a table, `estimates` and the others answer questions.

Names are looked up when they are first used, so that importing the package costs nothing and imports no pandas.

>>> import russia_dprk_claims as rdc
>>> rdc.attribution("SRC-0005-C002")
'The text reports that Mark Milley predicts'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from russia_dprk_claims.loader.actors import claims_about as claims_about
    from russia_dprk_claims.loader.agreements import agreement as agreement
    from russia_dprk_claims.loader.citing import cite as cite
    from russia_dprk_claims.loader.conflicts import conflicts as conflicts
    from russia_dprk_claims.loader.describing import describe as describe
    from russia_dprk_claims.loader.estimates import estimates as estimates
    from russia_dprk_claims.loader.installed import datapackage as datapackage
    from russia_dprk_claims.loader.installed import path as path
    from russia_dprk_claims.loader.installed import tables as tables
    from russia_dprk_claims.loader.loading import load as load
    from russia_dprk_claims.loader.versions import versions as versions
    from russia_dprk_claims.loader.voices import attribution as attribution

    __version__: str

_PLACES = {
    "agreement": "agreements",
    "attribution": "voices",
    "cite": "citing",
    "claims_about": "actors",
    "conflicts": "conflicts",
    "datapackage": "installed",
    "describe": "describing",
    "estimates": "estimates",
    "load": "loading",
    "path": "installed",
    "tables": "installed",
    "versions": "versions",
}

__all__ = [  # noqa: PLE0604 the names are those of the table above
    "__version__",
    *_PLACES,
]


def _look_up(name: str) -> object:
    """Return a public name, and keep it."""
    if name == "__version__":
        from russia_dprk_claims.loader.installed import installed

        return installed().version
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.loader.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:  # a type checker must know the names above, and no others
    __getattr__ = _look_up
