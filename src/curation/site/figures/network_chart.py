"""The drawing of a network: lines, arrows, nodes and names, at places that were computed before."""

from __future__ import annotations

import altair as alt

from curation.site.figures.style import Chart, links

MANNERS = ("stated", "hedged", "denied or open")
WIDTH = 860
HEIGHTS = {"ring": 700, "columns": 640}
# What is drawn reaches from -EDGE_X to EDGE_X, names included; the ring keeps its shape.
EDGE_X = 172.0
EDGES_Y = {"ring": EDGE_X * HEIGHTS["ring"] / WIDTH, "columns": 103.0}


def network_chart(colours: list[str], directed: bool, layout: str) -> Chart:
    """Return the chart of a network.

    Parameters
    ----------
    colours
        The ways in which actors are linked, each of which has a colour.
    directed
        Whether a link leads from one actor to the other.
    layout
        How the nodes stand: on a `ring`, or in two `columns`.
    """
    colour = alt.Color(
        "colour:N",
        scale=alt.Scale(domain=colours),
        legend=alt.Legend(title=None, symbolType="square", columns=8),
    )
    dash = alt.StrokeDash(
        "manner:N",
        scale=alt.Scale(domain=list(MANNERS), range=[[1, 0], [8, 5], [2, 4]]),
        legend=alt.Legend(title=None, symbolType="stroke", symbolSize=300),
    )
    edges = alt.Chart(alt.NamedData("edges")).encode(color=colour, **links())
    size = alt.StrokeWidth("count:Q", scale=alt.Scale(domainMin=1, range=[1.2, 7], type="sqrt"), legend=None)
    line = edges.mark_rule(opacity=0.72, strokeCap="butt")
    layers = [line.encode(_x("x"), _y("y", layout), alt.X2("x2"), alt.Y2("y2"), size, dash)]
    if directed:
        arrow = edges.mark_point(shape="triangle", filled=True, opacity=1, size=90)
        layers.append(arrow.encode(_x("x2"), _y("y2", layout), alt.Angle("turned:Q", scale=None)))
    return alt.layer(*layers, *_nodes(layout)).properties(width=WIDTH, height=HEIGHTS[layout])


def _nodes(layout: str) -> list[alt.Chart]:
    nodes = alt.Chart(alt.NamedData("nodes")).encode(**links())
    drawn = [nodes.mark_point(shape="circle", size=90, filled=True, opacity=1).encode(_x("x"), _y("y", layout))]
    for align in ("left", "right"):
        name = nodes.transform_filter(f"datum.align == '{align}'").mark_text(
            align=align, baseline="middle", fontSize=12, limit=320
        )
        turned = name.encode(angle=alt.Angle("angle:Q", scale=None)) if layout == "ring" else name
        drawn.append(turned.encode(_x("label_x"), _y("label_y", layout), text="name:N"))
    return drawn


def _x(column: str) -> alt.X:
    return alt.X(f"{column}:Q", scale=alt.Scale(domain=[-EDGE_X, EDGE_X], nice=False), axis=None)


def _y(column: str, layout: str) -> alt.Y:
    # Downwards, as on a screen.
    return alt.Y(f"{column}:Q", scale=alt.Scale(domain=[EDGES_Y[layout], -EDGES_Y[layout]], nice=False), axis=None)
