"""Drives Chromium against the running server; any console error, script error or policy violation fails the test."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from indicators.models import User
from tests import builders
from tests.conftest import FIXTURES, IS_SOAK, chromium_path

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # no rule that is asked reads style sheets
}
# Contrast takes two thirds of the time: it is measured of text whose colours, size and weight no page had before. The
# soak measures all text.
WITHOUT_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}
FINDS = """([rules, known]) => axe.run(document, rules).then(async found => {
    const looks = new Map(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const behind = element => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const style = getComputedStyle(at);
            const layer = [style.opacity, style.backgroundImage, style.backgroundColor].join();
            if (layer !== "1,none,rgba(0, 0, 0, 0)") layers.push(layer);
            if (style.backgroundColor.startsWith("rgb(")) break;
        }
        return layers;
    };
    const holders = new Set(document.querySelectorAll("input, select, textarea"));
    while (texts.nextNode()) if (texts.currentNode.textContent.trim()) holders.add(texts.currentNode.parentElement);
    for (const holder of known ? holders : []) {
        if (!holder.checkVisibility()) continue;
        const {color, fill, fontSize, fontWeight} = getComputedStyle(holder);
        const look = [color, fill, fontSize, fontWeight, ...behind(holder)].join();
        if (!known.includes(look)) looks.set(look, [...looks.get(look) || [], holder]);
    }
    const contrast = {runOnly: {type: "rule", values: ["color-contrast"]}, resultTypes: ["violations"], preload: false};
    const more = looks.size ? await axe.run({include: [...looks.values()].flat()}, contrast) : {violations: []};
    return [[...found.violations, ...more.violations].map(
        one => [one.id, one.nodes.slice(0, 3).map(node => node.target)]), [...looks.keys()]];
})"""
looks_measured: set[str] = set()
LIES_UNDER = """selector => {
    const box = document.querySelector(selector).getBoundingClientRect(), found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode, words = text.textContent.trim(), holder = text.parentElement;
        if (!words || holder.closest(`${selector}, .vh, .govuk-skip-link`) || !holder.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        if ([...range.getClientRects()].some(line => line.left < box.right && line.right > box.left
            && line.top < box.bottom && line.bottom > box.top)) found.push(words);
    }
    return found;
}"""
PASSWORD = "a-long-enough-password"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 800}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """A person at a browser; `page` is their tab."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.complaints: list[str] = []
        self.going: set[Page] = set()
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        """Another tab of the same browser."""
        page = self.context.new_page()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.goes(page, request))
        for arrived in ("requestfailed", "download", "domcontentloaded"):
            page.on(arrived, lambda what: self.stays(page, what))
        return page

    def goes(self, page: Page, request: Request) -> None:
        """Takes note that the tab is on its way to another page."""
        if request.is_navigation_request() and request.frame == page.main_frame:
            self.going.add(page)

    def stays(self, page: Page, what: Any) -> None:
        """Takes note that the tab has arrived, or that what it asked for was a file."""
        if not isinstance(what, Request) or what.is_navigation_request():
            self.going.discard(page)

    def arrive(self, seconds: float = 10) -> None:
        """Returns when the page that a click asked for is there: a click does not wait for it."""
        until = time.monotonic() + seconds
        while self.page in self.going and time.monotonic() < until:
            self.page.wait_for_timeout(10)
        self.page.wait_for_load_state()

    def open(self, path: str) -> Page:
        """Goes to an address of the service."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, user: User) -> "Visitor":
        """Through the sign-in page, as people do."""
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        page = self.open("/sign-in/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        return self

    def signed_in(self, user: User) -> "Visitor":
        """At once, with what a sign-in leaves in a browser."""
        for cookie in builders.a_browser(user).cookies.values():
            self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        return self

    def axe(self, width: int = 1280) -> list[str]:
        """What axe finds on the page at that width, as readable lines."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.arrive()
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        asked = [RULES, None] if IS_SOAK else [RULES | WITHOUT_CONTRAST, sorted(looks_measured)]
        found, looks = self.page.evaluate(FINDS, asked)
        if not found:
            looks_measured.update(looks)
        return [f"{rule}: {targets}" for rule, targets in found]

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than its window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def lies_under(self, selector: str) -> list[str]:
        """Other words of the page that stand where that element stands."""
        found: list[str] = self.page.evaluate(LIES_UNDER, selector)
        return found

    def reads(self, words: str) -> bool:
        """Whether the page says these words, now or within a few seconds."""
        self.page.wait_for_function(
            "words => document.body && document.body.innerText.replace(/\\s+/g, ' ').includes(words)",
            arg=words,
            timeout=8_000,
        )
        return True

    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(self.page.locator("body").inner_text().split())


class Traffic:
    """Counts the requests that the server has begun and ended, so that a test can wait for the last one."""

    def __init__(self) -> None:
        self.begun = self.ended = 0

    def begin(self, **_: Any) -> None:
        self.begun += 1

    def end(self, **_: Any) -> None:
        self.ended += 1

    def wait(self, seconds: float = 15) -> None:
        """Returns when no request is under way: none must write while the tables are being emptied."""
        until = time.monotonic() + seconds
        while self.begun != self.ended and time.monotonic() < until:
            time.sleep(0.02)
        assert self.begun == self.ended, "a request is still under way"


@pytest.fixture
def traffic(live_server: Any) -> Iterator[Traffic]:
    """Listens to the server."""
    counted = Traffic()
    request_started.connect(counted.begin)
    request_finished.connect(counted.end)
    yield counted
    request_started.disconnect(counted.begin)
    request_finished.disconnect(counted.end)


@pytest.fixture
def visit(chromium: Browser, live_server: Any, traffic: Traffic) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors: visit(), visit(user), visit(user, javascript=False)."""
    visitors: list[Visitor] = []

    def make(user: User | None = None, *, javascript: bool = True, viewport: dict[str, int] | None = None) -> Visitor:
        context = chromium.new_context(
            viewport=viewport or DESKTOP, java_script_enabled=javascript, accept_downloads=True, locale="en-GB"
        )
        visitor = Visitor(context, live_server.url)
        visitors.append(visitor)
        return visitor.signed_in(user) if user else visitor

    yield make
    complaints = [c for v in visitors for c in v.complaints if "status of 4" not in c]
    for visitor in visitors:
        visitor.context.close()
    traffic.wait()
    assert complaints == []


@pytest.fixture
def real_figures(transactional_db: None) -> Any:
    """The figures of the source reports, committed so that the server sees them."""
    return builders.the_real_figures(FIXTURES / "doncaster")
