"""A real browser, and pages that fail their test when something goes wrong on them."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from triage.running import browser as installed
from triage.settings import ROOT

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
# How long a person is given to see something: the longest promise is 5 s, and a test machine may be busy.
# Several times what anything takes alone: two workers, two engines and two browsers may share two cores.
PATIENCE_MS = 60_000
AA = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    # Only for a rule that AA does not have, and it would copy our style sheets into the page, which our policy forbids.
    "preload": False,
}
# Where "leave this site quickly" goes. Tests ask nothing of the world outside.
ELSEWHERE = "https://www.bbc.co.uk/weather"


@contextmanager
def started_browser(*more_flags: str) -> Iterator[Browser]:
    """An installed Chromium or Chrome, without a window; `more_flags` are of its command line."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed.ensure(ROOT), headless=True, args=[*FLAGS, *more_flags], env={**os.environ}
        )
        try:
            yield browser
        finally:
            browser.close()


def axe(page: Page, scripts: bool = True) -> None:
    """Fail when the page as it stands breaks a rule of WCAG 2.2 AA that can be checked by machine.

    `scripts` false: the page runs without scripts, so what it shows is checked on a copy that runs them.
    """
    if not scripts:
        _check_copy(page)
        return
    page.wait_for_load_state()
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def _check_copy(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    page.wait_for_load_state()
    # The scripts of the page itself are left out: the check's own is put in by the browser.
    html = re.sub(r"<script.*?</script>", "", page.content(), flags=re.DOTALL)
    context = browser.new_context(viewport=page.viewport_size, locale="en-GB")
    try:
        copy = context.new_page()
        copy.route(page.url.partition("#")[0], lambda route: route.fulfill(content_type="text/html", body=html))
        copy.goto(page.url)
        axe(copy)
    finally:
        context.close()


def fits(page: Page) -> None:
    """Fail when the page has to be scrolled sideways.

    A page can be measured before its style sheets are there: without them one of 320 px was 158 px too wide.
    """
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"


@dataclass
class Visitors:
    """Whoever visits during one test: each in a browser context of their own, watched for trouble."""

    browser: Browser
    address: str
    faults: list[str] = field(default_factory=list)
    _forgiven: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def page_of(self, who: str, **options: Any) -> Page:
        """A new page for somebody. `options` are those of a browser context; `forgive` lists faults that are meant.

        Any error in the console (a broken content security policy among them), any error of a script and any
        request to another site fails the test.
        """
        self._forgiven += options.pop("forgive", ())
        context = self.browser.new_context(
            base_url=self.address, locale="en-GB", timezone_id="Europe/London", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        context.route("**/*", lambda route: self._pass(who, route))
        context.on("console", lambda message: self._hear(who, message))
        context.on("weberror", lambda error: self.faults.append(f"{who}: {error.error}"))
        return context.new_page()

    def _pass(self, who: str, route: Route) -> None:
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        elif url == ELSEWHERE:
            route.fulfill(content_type="text/html", body="<title>Weather</title><h1>Weather</h1>")
        else:
            self.faults.append(f"{who}: asked for {url}")
            route.abort()

    def _hear(self, who: str, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{who}: {message.text} ({message.location.get('url', '')})")

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()

    def leave(self) -> None:
        """Close every page and fail if there was trouble on one."""
        self.close()
        left = [fault for fault in self.faults if not any(words in fault for words in self._forgiven)]
        assert not left, "trouble in the browser:\n" + "\n".join(left)
