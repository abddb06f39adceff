"""The browser that the site is tested in: Chromium with the network off, driven by Playwright."""

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
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

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
# What axe-core finds and calls less than serious is left to judgement.
GRAVE = ("serious", "critical")


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
    """A page of the site opened from its folder, with everything that it said and asked for."""

    page: Page
    index: Path
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> Page:
        """Show a view, in a page that is loaded anew, and wait until it is there."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.index.as_uri()}{'#' if address else ''}{address}")
        self.settle()
        return self.page

    def follow(self, address: str) -> Page:
        """Show another view of the page that is open."""
        self.page.evaluate("address => { location.hash = address; }", address)
        self.settle()
        return self.page

    def wait(self, expression: str) -> None:
        """Wait until an expression holds; Playwright's own waiting compiles texts, which the policy forbids."""
        deadline = time.monotonic() + PATIENCE
        while not self.page.evaluate(expression):
            assert time.monotonic() < deadline, f"it never came true: {expression}"
            self.page.wait_for_timeout(20)

    def settle(self) -> None:
        """Wait until the view that the address asks for is there, and its chart, if it has one, is drawn."""
        self.wait("document.documentElement.dataset.shown === (location.hash || '#')")
        if self.page.locator(".chart").count():
            self.page.wait_for_selector(".chart[data-drawn] svg")

    def note(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text}")

    def noted(self, request: Request) -> None:
        self.asked.append(request.url)

    @property
    def strange(self) -> list[str]:
        """What was asked for beside the page itself."""
        return [url for url in self.asked if url.partition("#")[0] not in {self.index.as_uri(), "about:blank"}]

    def violations(self) -> list[Any]:
        """Return what axe-core finds grave in the view."""
        from importlib.resources import files

        script = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
        # Over the protocol of the developer tools, as the policy of the page lets no other script in.
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": script})
        found = self.page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        session.detach()
        return [
            (each["id"], each["impact"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"])
            for each in found
            if each["impact"] in GRAVE
        ]


@contextmanager
def visiting(browser: Browser, site: Path, theme: str = "light", width: int = 1280) -> Iterator[Visit]:
    """Give a visit to a site, with no network; nothing of an earlier visit is left."""
    context = browser.new_context(
        offline=True, color_scheme="dark" if theme == "dark" else "light", viewport={"width": width, "height": 900}
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit = Visit(context.new_page(), site / "index.html")
    visit.page.on("console", visit.note)
    visit.page.on("pageerror", lambda error: visit.said.append(f"error: {error}"))
    visit.page.on("request", visit.noted)
    try:
        yield visit
    finally:
        context.close()
