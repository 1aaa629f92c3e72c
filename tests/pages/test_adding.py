"""Texts that are pasted, and the bookmarklet, run on a page of another site."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from urllib.parse import unquote

import pytest
import waitress
from playwright.sync_api import Browser, Page, ViewportSize, expect

from index.articles import Article
from service.wiring import Components
from tests.index.formats.reading import DATA
from tests.pages.test_accessibility import findings

pytestmark = pytest.mark.slow
OWL = "An owl thought extinct is heard again"


@pytest.fixture
def site() -> Iterator[str]:
    """Another site, with an article."""

    def respond(_: object, start: object) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])  # type: ignore[operator]
        return [(DATA / "pages" / "microdata.html").read_bytes()]

    server = waitress.create_server(respond, host="127.0.0.2", port=0)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.2:{server.effective_port}/science/owl"
    server.close()


@pytest.fixture
def page(browser: Browser, server: str, viewport: ViewportSize) -> Iterator[Page]:
    """A page that may go elsewhere, and whose scripts fail the test if they throw."""
    context = browser.new_context(base_url=server, viewport=viewport)
    context.set_default_timeout(15_000)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert problems == []


@pytest.fixture(autouse=True)
def only_seeds(seeded: Components) -> Iterator[None]:
    yield
    for record in seeded.store.articles.page(0, 9).records:
        if record.article.title in {OWL, "A moon for everyone"}:
            seeded.store.articles.remove(record.article.id)


def bring(page: Page, site: str) -> Page:
    """Click the bookmarklet on the other site's page, and return the tab that opens."""
    page.goto("/articles")
    page.get_by_text("Add the page you are reading").click()
    script = page.get_by_role("link", name="Add to Newsquote").get_attribute("href")
    assert script is not None
    page.goto(site)
    with page.context.expect_page() as opened:
        page.evaluate("script => { eval(script); }", unquote(script.removeprefix("javascript:")))
    return opened.value


def test_bookmarklet_shows_what_was_read_and_adds_it_then(page: Page, site: str) -> None:
    tab = bring(page, site)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Add this page?")
    expect(tab.get_by_label("Title")).to_have_value(OWL)
    expect(tab.get_by_label("Published")).to_have_value("2025-05-12")
    expect(tab.locator(".read")).to_contain_text("Biologists have heard the call")
    tab.get_by_label("Author").fill("D. Quist")
    tab.get_by_role("button", name="Add").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("1 article added")
    tab.get_by_role("link", name=OWL).click()
    expect(tab.locator("p.meta").first).to_have_text("Sarn Herald · D. Quist · 12 May 2025 · at the publisher")
    expect(tab.locator("footer")).to_contain_text("Original: web page · read with html (trafilatura)")
    tab.close()


def test_bookmarklet_works_where_no_script_of_ours_runs(page: Page, site: str) -> None:
    page.context.route("**/bring.js", lambda route: route.abort())
    tab = bring(page, site)
    expect(tab.get_by_role("heading", level=1)).to_have_text("A page for Newsquote")
    tab.get_by_role("button", name="Read this page").click()
    expect(tab.get_by_label("Title")).to_have_value(OWL)
    tab.close()


def test_axe_finds_nothing_where_articles_are_brought(page: Page, site: str) -> None:
    page.goto("/articles")
    for summary in ("Add articles", "Paste text", "Add the page you are reading"):
        page.get_by_text(summary, exact=True).click()
    assert findings(page) == []
    tab = bring(page, site)
    tab.get_by_role("heading", name="Add this page?").wait_for()
    assert findings(tab) == []
    tab.close()


def test_pasted_text_is_added(plain_page: Page) -> None:
    plain_page.goto("/articles")
    plain_page.get_by_text("Paste text").click()
    plain_page.get_by_label("Text", exact=True).fill("A moon for everyone\n\nIt rose on Monday.")
    plain_page.get_by_label("Publisher").fill("Sky")
    plain_page.get_by_role("button", name="Add text").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("1 article added")
    article = Article("A moon for everyone\n\nIt rose on Monday.")
    expect(plain_page.locator(".articles a")).to_have_attribute("href", f"/articles/{article.id}")
