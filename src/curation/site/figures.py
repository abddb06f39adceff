"""What the figures share: their parts, their look, and the channels that link a mark to its row.

The page and the exported files draw the same specification from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt

from curation.site.content import Row

# An axis label shows the parts of a text between these as lines.
LINE_SEPARATOR = "\u2028"
# More rows than this cannot be read in one drawing.
MOST_DRAWN = 120

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
GROUNDS = {
    "light": {"ground": "#ffffff", "ink": "#1b1f24", "soft": "#57606a", "line": "#d8dee4", "mark": "#33475b"},
    "dark": {"ground": "#14181d", "ink": "#e8ecf0", "soft": "#a9b4bf", "line": "#343c45", "mark": "#b9c7d6"},
}
# Each has a contrast of at least three to one with its ground; they also differ in lightness.
PALETTES = {
    "light": ["#1f6feb", "#b45309", "#15803d", "#7c3aed", "#be123c", "#0e7490", "#57534e", "#9d174d"],
    "dark": ["#79b8ff", "#f2a65a", "#6fd08c", "#c4b0ff", "#ff8fa3", "#5fd0e0", "#c9c2bb", "#f5a3cf"],
}

Chart = alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Figure:
    """A figure: a Vega-Lite specification, the rows that it draws, and the text around it."""

    name: str  # of its files
    view: str  # the view of the page that shows it
    choice: str  # its name among the figures of the view
    title: str
    caption: str
    spec: Mapping[str, Any]
    rows: Sequence[Row]
    columns: Mapping[str, str]  # the headings of the table below it, by key of the rows
    params: Mapping[str, float] = field(default_factory=dict)
    note: str = ""  # what is not drawn, and why


def config(theme: str) -> dict[str, Any]:
    """Return the Vega-Lite configuration of a theme, `light` or `dark`."""
    tone = GROUNDS[theme]
    words = {"labelColor": tone["soft"], "titleColor": tone["ink"], "labelFontSize": 12, "titleFontSize": 12}
    lines = {"gridColor": tone["line"], "domainColor": tone["line"], "tickColor": tone["line"]}
    title = {"color": tone["ink"], "subtitleColor": tone["soft"], "fontSize": 16, "subtitleFontSize": 12}
    legend = {"orient": "top", "symbolStrokeWidth": 2, "titleFontWeight": "bold", "labelLimit": 260}
    return {
        "background": tone["ground"],
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**words, **lines, "titleFontWeight": "normal", "labelLimit": 320},
        "legend": {**words, **legend},
        "title": {**title, "anchor": "start", "offset": 14, "frame": "group"},
        "range": {"category": PALETTES[theme]},
        "text": {"color": tone["ink"]},
        "rule": {"color": tone["mark"]},
        "point": {"color": tone["mark"]},
        "bar": {"color": tone["mark"]},
    }


def specification(chart: Chart) -> dict[str, Any]:
    """Return the specification of a chart without data and configuration, which are added where it is drawn."""
    spec: dict[str, Any] = chart.to_dict(validate=True)
    spec.pop("config", None)
    return spec


def link_channels() -> dict[str, Any]:
    """Return the channels that link a mark to its row and describe it to a pointer and a screen reader."""
    return {"href": alt.Href("href:N"), "tooltip": alt.Tooltip("label:N"), "description": alt.Description("label:N")}


def points(chart: alt.Chart, condition: str, x: alt.X, **mark: Any) -> alt.Chart:
    """Return a layer with a point for each row that meets a condition."""
    layer: alt.Chart = (
        chart.transform_filter(condition).mark_point(**{"filled": True, "opacity": 1, **mark}).encode(x=x)
    )
    return layer


def label_lines(*parts: str) -> str:
    """Return one text that an axis label shows as lines."""
    return LINE_SEPARATOR.join(part.replace(LINE_SEPARATOR, " ") for part in parts)


def truncate(text: str, length: int) -> str:
    """Return a text of at most `length` characters, cut between words.

    Examples
    --------
    >>> truncate("shells from North Korea that reached Russia", 24)
    'shells from North Korea…'
    """
    return text if len(text) <= length else f"{text[: length + 1].rsplit(' ', 1)[0][:length]}…"


def humanize(value: str) -> str:
    """Return a vocabulary value or a unit in braces as words.

    Examples
    --------
    >>> humanize("arms_transfer"), humanize("{shell}")
    ('arms transfer', 'shell')
    """
    return value.strip("{}").replace("_", " ")


def certainty(modality: str, polarity: str) -> str:
    """Return how firmly something is claimed, in words: the modality, and the polarity unless it is affirmed."""
    return ", ".join(humanize(each) for each in (modality, polarity) if each != "affirmed")
