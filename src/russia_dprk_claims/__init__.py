"""Claims about the Russia–North Korea partnership: `load` returns a table, `estimates` and others answer questions.

Each name is imported when it is first used, so that importing the package is quick and imports no pandas.

>>> import russia_dprk_claims as rdc
>>> rdc.attribution("SRC-0005-C002")
'The text reports that Mark Milley predicts'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from russia_dprk_claims.citation import cite as cite
    from russia_dprk_claims.loading import datapackage as datapackage
    from russia_dprk_claims.loading import describe as describe
    from russia_dprk_claims.loading import load as load
    from russia_dprk_claims.loading import path as path
    from russia_dprk_claims.loading import reliability as reliability
    from russia_dprk_claims.loading import resolve as resolve
    from russia_dprk_claims.loading import tables as tables
    from russia_dprk_claims.questions.agreements import agreement as agreement
    from russia_dprk_claims.questions.claims import claims as claims
    from russia_dprk_claims.questions.claims import conflicts as conflicts
    from russia_dprk_claims.questions.claims import related as related
    from russia_dprk_claims.questions.events import event as event
    from russia_dprk_claims.questions.events import events as events
    from russia_dprk_claims.questions.transfers import estimates as estimates
    from russia_dprk_claims.questions.transfers import transfers as transfers
    from russia_dprk_claims.releases import versions as versions
    from russia_dprk_claims.sentences import attribution as attribution
    from russia_dprk_claims.wide import sentence as sentence

    __version__: str

_NAMES = {
    "citation": ("cite",),
    "loading": ("datapackage", "describe", "load", "path", "reliability", "resolve", "tables"),
    "questions.agreements": ("agreement",),
    "questions.claims": ("claims", "conflicts", "related"),
    "questions.events": ("event", "events"),
    "questions.transfers": ("estimates", "transfers"),
    "releases": ("versions",),
    "sentences": ("attribution",),
    "wide": ("sentence",),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [  # noqa: PLE0604 the names are those of the table above
    "__version__",
    *_MODULES,
]


def _look_up(name: str) -> object:
    """Return a public name and cache it in this module."""
    if name == "__version__":
        from russia_dprk_claims.package import installed

        return installed().version
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:  # type checkers see only the names above
    __getattr__ = _look_up
