"""Vega and Vega-Lite for the page, taken from the package that also draws the exported figures, and their licences."""

from __future__ import annotations

import hashlib
from pathlib import Path

import vl_convert

from curation.site.content import SiteError

ASSETS = Path(__file__).parent / "assets"
LICENCES = "THIRD-PARTY.txt"
# What is pinned: the version of vl-convert-python says which, the hash that it is so.
VEGA = "6.2.0"
SHA256 = "6a09929d02af64b8a333f728770056d52e067f01ad02ccdbc5bbf1c7d629425c"
# The libraries are given one name, and none of theirs reaches the page.
_SNIPPET = "window.rdcVega = vegaEmbed;"


def vega_script() -> str:
    """Return Vega, Vega-Lite and Vega-Embed with its interpreter of expressions, as one classic script.

    Raises
    ------
    SiteError
        If the installed package brings other libraries than the pinned ones.
    """
    bundle = str(vl_convert.javascript_bundle(_SNIPPET))
    found = hashlib.sha256(bundle.encode("utf-8")).hexdigest()
    if found != SHA256:
        raise SiteError(
            f"Vega {vl_convert.get_vega_version()} of vl-convert-python is not the pinned {VEGA} (SHA-256 {found}); "
            "install the packages of constraints.txt"
        )
    return f'(()=>{{"use strict";{bundle}}})();'


def licences() -> str:
    """Return the licences of what the page carries of others."""
    return (ASSETS / LICENCES).read_text(encoding="utf-8")
