"""How figures look: restrained, legible in print and on both grounds, told apart without colour too."""

from __future__ import annotations

from typing import Any

import altair as alt

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
GROUNDS = {
    "light": {"ground": "#ffffff", "ink": "#1b1f24", "soft": "#57606a", "line": "#d8dee4", "mark": "#33475b"},
    "dark": {"ground": "#14181d", "ink": "#e8ecf0", "soft": "#a9b4bf", "line": "#343c45", "mark": "#b9c7d6"},
}
# Eight hues that keep a contrast of three to one with their ground, and differ in lightness for who sees no colour.
PALETTES = {
    "light": ["#1f6feb", "#b45309", "#15803d", "#7c3aed", "#be123c", "#0e7490", "#57534e", "#9d174d"],
    "dark": ["#79b8ff", "#f2a65a", "#6fd08c", "#c4b0ff", "#ff8fa3", "#5fd0e0", "#c9c2bb", "#f5a3cf"],
}


def config(theme: str) -> dict[str, Any]:
    """Return the Vega-Lite configuration for a ground, `light` or `dark`."""
    tone = GROUNDS[theme]
    words = {"labelColor": tone["soft"], "titleColor": tone["ink"], "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": tone["ground"],
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **words,
            "gridColor": tone["line"],
            "domainColor": tone["line"],
            "tickColor": tone["line"],
            "titleFontWeight": "normal",
            "labelLimit": 320,
        },
        "legend": {**words, "orient": "top", "symbolStrokeWidth": 2, "titleFontWeight": "bold", "labelLimit": 260},
        "title": {
            "color": tone["ink"],
            "subtitleColor": tone["soft"],
            "anchor": "start",
            "fontSize": 16,
            "subtitleFontSize": 12,
            "offset": 14,
            "frame": "group",
        },
        "range": {"category": PALETTES[theme]},
        "text": {"color": tone["ink"]},
        "rule": {"color": tone["mark"]},
        "point": {"color": tone["mark"]},
        "bar": {"color": tone["mark"]},
        "style": {
            "soft": {"color": tone["soft"], "fill": tone["soft"]},
            "ground": {"fill": tone["ground"], "stroke": tone["ground"]},
            "line": {"stroke": tone["line"], "fill": tone["line"]},
            "ink": {"fill": tone["ink"], "stroke": tone["ink"]},
        },
    }


Chart = alt.LayerChart | alt.FacetChart


def specification(chart: Chart) -> dict[str, Any]:
    """Return the specification of a chart, without data and without a look of its own."""
    spec: dict[str, Any] = chart.to_dict(validate=True)
    spec.pop("config", None)
    return spec


def links() -> dict[str, Any]:
    """Return the channels by which a mark leads to its rows, and says what it is to a pointer and a screen reader.

    The page shows what a row says together with its `more`, which is in no channel.
    """
    return {"href": alt.Href("href:N"), "tooltip": alt.Tooltip("said:N"), "description": alt.Description("said:N")}
