"""Reporting: the table and the chart of results, written beside them and into a page."""

from __future__ import annotations

from pathlib import Path

from russia_dprk_claims.bench.chart import chart
from russia_dprk_claims.bench.results import read_results
from russia_dprk_claims.bench.tabulating import table

TABLE, CHART = "results.md", "results.svg"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"


class PageError(ValueError):
    """A page that has no place for the table."""


def write_report(folder: Path, page: Path | None = None) -> str:
    """Write the table and the chart of the results in a folder, and return the table.

    Parameters
    ----------
    folder
        The folder that holds the results.
    page
        A page in which the table takes the place of what stands between two marks.

    Raises
    ------
    ResultsError
        If there are no results.
    PageError
        If the page does not have the two marks.
    """
    results = read_results(folder)
    text = table(results)
    filled = _filled(page, text) if page else ""
    (folder / TABLE).write_text(text, encoding="utf-8")
    if any(each.size for each in results.measurements):
        (folder / CHART).write_text(chart(results), encoding="utf-8")
    if page:
        page.write_text(filled, encoding="utf-8")
    return text


def _filled(page: Path, text: str) -> str:
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise PageError(f"{page}: the marks {BEGIN.strip()} and {END.strip()} are not there; put them around the place")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"
