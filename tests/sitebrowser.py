"""The browser of the tests of the site: Chromium without a network, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clients import lacking
from conftest import REPOSITORY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Debian uses the first name; the others are the same browser elsewhere.
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENSHOTS = Path(os.environ.get("SITE_SCREENSHOTS") or REPOSITORY / "dist" / "screenshots")
THEMES = ("light", "dark")
# Less serious findings of axe-core are left to people.
SERIOUS = ("serious", "critical")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser, and close it at the end."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None) or lacking("Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page of the site opened from its folder, with its console messages and requests."""

    page: Page
    index: Path
    messages: list[str] = field(default_factory=list)
    all_requests: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> Page:
        """Load the page again with a view, and wait until it is shown."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.index.as_uri()}{'#' if address else ''}{address}")
        self.settle()
        return self.page

    def follow(self, address: str) -> Page:
        """Show another view in the open page."""
        self.page.evaluate("address => { location.hash = address; }", address)
        self.settle()
        return self.page

    def wait(self, expression: str) -> None:
        """Wait until an expression is true; Playwright's own wait compiles text, which the policy forbids."""
        deadline = time.monotonic() + PATIENCE
        while not self.page.evaluate(expression):
            assert time.monotonic() < deadline, f"never true: {expression}"
            self.page.wait_for_timeout(20)

    def settle(self) -> None:
        """Wait until the view of the address is shown."""
        self.wait("document.documentElement.dataset.shown === (location.hash || '#')")

    @property
    def requests(self) -> list[str]:
        """The requests for anything but the page itself."""
        return [url for url in self.all_requests if url.partition("#")[0] not in {self.index.as_uri(), "about:blank"}]

    def violations(self) -> list[Any]:
        """Return the serious findings of axe-core in the view."""
        from importlib.resources import files

        script = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
        # Through the developer tools, as the policy of the page allows no other script.
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": script})
        found = self.page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        session.detach()
        return [
            (each["id"], each["impact"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"])
            for each in found
            if each["impact"] in SERIOUS
        ]


@contextmanager
def visiting(browser: Browser, site: Path, theme: str = "light", width: int = 1280) -> Iterator[Visit]:
    """Yield a visit to a site in a new, offline browser context."""
    context = browser.new_context(
        offline=True, color_scheme="dark" if theme == "dark" else "light", viewport={"width": width, "height": 900}
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit = Visit(context.new_page(), site / "index.html")
    visit.page.on("console", lambda message: visit.messages.append(f"{message.type}: {message.text}"))
    visit.page.on("pageerror", lambda error: visit.messages.append(f"error: {error}"))
    visit.page.on("request", lambda request: visit.all_requests.append(request.url))
    try:
        yield visit
    finally:
        context.close()
