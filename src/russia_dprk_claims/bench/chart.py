"""The chart: time and memory against the number of claims, both on logarithmic axes, as SVG."""

from __future__ import annotations

from typing import Any

from russia_dprk_claims.bench.measuring import DONE
from russia_dprk_claims.bench.results import Results, medians

_PANELS = (("wall", "seconds on the clock"), ("peak", "peak memory, MB"))


def chart(results: Results) -> str:
    """Return the chart as SVG; the same results give the same bytes."""
    import altair as alt
    import vl_convert

    costs = [each for each in medians(results.measurements).values() if each.size and each.outcome == DONE]
    rows = [
        {"subject": each.subject, "claims": each.size, "wall": each.wall, "peak": each.peak / 1e6} for each in costs
    ]
    order = list(dict.fromkeys(each.subject for each in costs))
    sizes = sorted({each.size for each in costs})
    # One legend for colours and shapes: whoever cannot tell the colours apart goes by the shapes.
    legend = alt.Legend(title="subject")
    base = alt.Chart(alt.InlineData(values=rows)).mark_line(point=True)
    panels = [
        base.encode(
            x=alt.X("claims:Q", scale=alt.Scale(type="log"), title="claims", axis=alt.Axis(values=sizes, format=",d")),
            y=alt.Y(f"{name}:Q", scale=alt.Scale(type="log"), title=title),
            color=alt.Color("subject:N", scale=alt.Scale(domain=order), legend=legend),
            shape=alt.Shape("subject:N", scale=alt.Scale(domain=order), legend=legend),
        ).properties(width=340, height=320)
        for name, title in _PANELS
    ]
    spec: dict[str, Any] = alt.hconcat(*panels).configure(background="white").to_dict()
    return str(vl_convert.vegalite_to_svg(spec)) + "\n"
