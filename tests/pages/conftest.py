"""A real browser on a real server with the real model and the articles of ``seeds/``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
import waitress
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from index.articles import Article
from service.newsquote import Newsquote
from service.web.app import create_app
from service.wiring import Components

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
_ARGUMENTS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def server(seeded: Components) -> Iterator[str]:
    server = waitress.create_server(create_app(Newsquote(seeded)), host="127.0.0.1", port=0)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium here: sudo apt-get install chromium")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses its sandbox to root
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS + sandbox)
        yield launched
        launched.close()


def _context(browser: Browser, server: str, **options: object) -> BrowserContext:
    context: BrowserContext = browser.new_context(base_url=server, **options)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    return context


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    size: ViewportSize = request.param
    return size


@pytest.fixture
def page(browser: Browser, server: str, viewport: ViewportSize) -> Iterator[Page]:
    """A page whose script fails the test if it throws, or if the browser refuses something it asks for."""
    context = _context(browser, server, viewport=viewport, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda request: None if request.url.startswith(server) else problems.append(request.url))
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def plain_page(browser: Browser, server: str) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    context = _context(browser, server, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def versions(seeded: Components) -> Iterator[list[Article]]:
    """Three articles of one address, the second removed; older than what other tests ask for."""
    first = Article(
        "The lighthouse of Brigg was painted green on Monday.\n\nIts keeper was pleased.",
        title="Green light",
        url="https://example.org/brigg",
        published=date(2023, 1, 2),
    )
    second = replace(first, text="The lighthouse of Brigg was painted.")
    third = replace(first, text=first.text.replace("Monday", "Tuesday") + " Nobody else was.", title="Green at last")
    list(seeded.ingester.add([first, second, third]))
    seeded.store.articles.remove(second.id)
    yield [first, second, third]
    for article in (first, third):
        seeded.store.articles.remove(article.id)
