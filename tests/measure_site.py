"""Measures the site in the browser, and tests nothing: how soon its views stand, and how long its answers take.

Run it as `python tests/measure_site.py FOLDER` on a folder that scripts/site.py made. A view stands when its content
is in the page and laid out, charts drawn, counted from the start of the navigation; an answer is what the browser
itself reports from an event to the next frame (Event Timing), in steps of 8 ms. Each view is loaded five times, in a
fresh page, from disk.
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
    "tables/claims",
    "timeline",
    "estimates",
    "network",
    "contradictions",
    "agreements",
)
PAUSE = 400
WATCH = """
window.stood = new Promise(stood => {
  const chart = () => document.querySelector(".chart");
  const look = () => document.documentElement && document.documentElement.dataset.shown
    && (!chart() || chart().dataset.drawn)
    ? requestAnimationFrame(() => setTimeout(() => stood(performance.now()))) : setTimeout(look, 5);
  look();
});
window.events = [];
new PerformanceObserver(list => window.events.push(...list.getEntries().map(each => each.duration)))
  .observe({ type: "event", durationThreshold: 16 });
"""


def first_views(browser: Browser, site: Path) -> None:
    print("| view | first paint, ms | stands, ms |\n|---|---|---|")
    for view in VIEWS:
        painted, stood = [], []
        for _ in range(REPEATS):
            with visiting(browser, site) as visit:
                visit.page.add_init_script(WATCH)
                visit.open(view)
                stood.append(visit.page.evaluate("window.stood"))
                painted.append(
                    visit.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                )
        print(f"| {view} | {median(painted):.0f} | {median(stood):.0f} (at most {max(stood):.0f}) |")


def answers(browser: Browser, site: Path) -> None:
    print("\n| what the reader does | slowest answer, ms |\n|---|---|")
    with visiting(browser, site) as visit:
        visit.page.add_init_script(WATCH)
        page = visit.open("tables/claims")
        page.wait_for_timeout(3 * PAUSE)
        search = page.locator("#table-search")
        column = page.get_by_role("button", name="Claim", exact=True)
        told(visit, "types a search, letter by letter", lambda: search.press_sequentially("korea", delay=150))
        told(visit, "clears it", lambda: search.fill(""))
        told(visit, "sorts by a text", column.click)
        told(visit, "sorts the other way", column.click)
        told(visit, "sorts by a number", page.get_by_role("button", name="Span start").click)
        told(visit, "filters by topic", lambda: choose(page, "topic", "visit"))
        told(visit, "takes the next page", page.get_by_role("button", name="Next").click)
        told(visit, "opens a claim", page.locator("#other tbody a").first.click)
        visit.follow("#search")
        page.wait_for_timeout(3 * PAUSE)
        words = page.locator("#search-words")
        told(visit, "searches everything, letter by letter", lambda: words.press_sequentially("pyongyang", delay=150))
        visit.follow("#contradictions")
        told(visit, "chooses a kind of contradiction", lambda: choose(page, "relation", "denies"))


def choose(page: Page, column: str, value: str) -> None:
    """Choose with the keyboard, as the browser times nothing that a program does to an element."""
    select = page.locator(f"select[data-column={column}]")
    select.focus()
    while select.input_value() != value:
        page.keyboard.press("ArrowDown")


def told(visit: Visit, what: str, act: Callable[[], object]) -> None:
    visit.page.evaluate("window.events.length = 0")
    act()
    visit.page.wait_for_timeout(PAUSE)
    slowest = visit.page.evaluate("Math.max(0, ...window.events)")
    print(f"| {what} | {slowest:.0f} |" if slowest else f"| {what} | under 16 |")


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    with chromium() as found:
        first_views(found, folder)
        answers(found, folder)
