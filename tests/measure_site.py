"""Measures the site in the browser: how soon its views are drawn, and how fast it responds. It tests nothing.

Run it as `python tests/measure_site.py FOLDER` on a folder made by scripts/site.py. A view is drawn when its content
is laid out, measured from the start of the navigation. A response is the time from an event to the
next frame as reported by the browser (Event Timing), in steps of 8 ms. Each view is loaded five times from disk, in a
new page.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from sitebrowser import Visit, chromium, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REPEATS = 5
VIEWS = (
    "overview",
    "SRC-0001-C001",
    "tables/claims_wide",
    "transfers",
    "events",
    "contradictions",
    "agreements",
    "sources",
)
PAUSE = 400
WATCH = """
window.drawn = new Promise(drawn => {
  const look = () => document.documentElement && document.documentElement.dataset.shown
    ? requestAnimationFrame(() => setTimeout(() => drawn(performance.now()))) : setTimeout(look, 5);
  look();
});
window.events = [];
new PerformanceObserver(list => window.events.push(...list.getEntries().map(each => each.duration)))
  .observe({ type: "event", durationThreshold: 16 });
"""


def first_views(browser: Browser, site: Path) -> None:
    print("| view | first paint, ms | drawn, ms |\n|---|---|---|")
    for view in VIEWS:
        painted, drawn = [], []
        for _ in range(REPEATS):
            with visiting(browser, site) as visit:
                visit.page.add_init_script(WATCH)
                visit.open(view)
                drawn.append(visit.page.evaluate("window.drawn"))
                visit.wait("performance.getEntriesByName('first-contentful-paint').length > 0")
                painted.append(
                    visit.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                )
        print(f"| {view} | {median(painted):.0f} | {median(drawn):.0f} (at most {max(drawn):.0f}) |")


def responses(browser: Browser, site: Path) -> None:
    print("\n| what the reader does | slowest response, ms |\n|---|---|")
    with visiting(browser, site) as visit:
        visit.page.add_init_script(WATCH)
        page = visit.open("tables/claims_wide")
        page.wait_for_timeout(3 * PAUSE)
        search = page.locator("#table-search")
        column = page.get_by_role("button", name="Claim", exact=True)
        measure(visit, "types a search, letter by letter", lambda: search.press_sequentially("korea", delay=150))
        measure(visit, "clears it", lambda: search.fill(""))
        measure(visit, "sorts by a text", column.click)
        measure(visit, "sorts the other way", column.click)
        measure(visit, "sorts by a number", page.get_by_role("button", name="Span start").click)
        measure(visit, "goes to the next page", page.get_by_role("button", name="Next").click)
        measure(visit, "filters by topic", lambda: choose(page, "topic", "visit"))
        measure(visit, "opens a claim", page.locator("#other tbody a").first.click)
        visit.follow("#search")
        page.wait_for_timeout(3 * PAUSE)
        words = page.locator("#search-words")
        measure(
            visit, "searches everything, letter by letter", lambda: words.press_sequentially("pyongyang", delay=150)
        )
        visit.follow("#transfers")
        measure(visit, "chooses a receiver", lambda: choose(page, "receiver", "ACT-north-korea"))
        visit.follow("#contradictions")
        measure(visit, "chooses a kind of contradiction", lambda: choose(page, "relation", "denies"))


def choose(page: Page, column: str, value: str) -> None:
    """Choose with the keyboard, as the browser does not time what a program does to an element."""
    select = page.locator(f"select[data-column={column}]")
    select.focus()
    while select.input_value() != value:
        page.keyboard.press("ArrowDown")


def measure(visit: Visit, what: str, act: Callable[[], object]) -> None:
    visit.page.evaluate("window.events.length = 0")
    act()
    visit.page.wait_for_timeout(PAUSE)
    slowest = visit.page.evaluate("Math.max(0, ...window.events)")
    print(f"| {what} | {slowest:.0f} |" if slowest else f"| {what} | under 16 |")


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    with chromium() as found:
        first_views(found, folder)
        responses(found, folder)
