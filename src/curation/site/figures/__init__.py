"""The figures: Vega-Lite specifications made with Altair, and the rows that each of them draws.

The page and the exported files draw the same specifications. Nothing is drawn that the rows do not say: no midpoints,
no ends where the texts leave them open.
"""

from __future__ import annotations

from collections.abc import Callable

from curation.site.content import Content
from curation.site.figures.agreements import agreements
from curation.site.figures.conflicts import conflicts
from curation.site.figures.estimates import estimates
from curation.site.figures.figure import Figure
from curation.site.figures.network import network
from curation.site.figures.timeline import timeline

MAKERS: tuple[Callable[[Content], list[Figure]], ...] = (estimates, timeline, network, conflicts, agreements)


def all_figures(content: Content) -> list[Figure]:
    """Return every figure of a package, in the order in which the page shows them."""
    return [figure for make in MAKERS for figure in make(content)]
