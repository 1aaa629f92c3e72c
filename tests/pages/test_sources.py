"""The page *Sources* in a real browser: what it shows, and that axe-core finds nothing on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from index.store.sources import Named, SourceKind, Wishes, now
from service.wiring import Components
from tests.pages.test_accessibility import findings

pytestmark = pytest.mark.slow
FEED = "https://feeds.news.example/world/latest/all-the-news-that-there-is-in-one-very-long-address.xml"


@pytest.fixture
def sources(seeded: Components) -> Iterator[list[int]]:
    """A feed that fares well, one that does not, and a folder; nothing of it is fetched."""
    kept = seeded.sources
    well = kept.add(SourceKind.FEED, "https://news.example/rss", "The Daily", Wishes())
    badly = kept.add(SourceKind.FEED, FEED, None, Wishes(3_600, 30, 0))
    folder = kept.add(SourceKind.FOLDER, "/srv/news/incoming", None, Wishes())
    names = [Named(f"https://news.example/story-{n}") for n in range(3)]
    kept.note_success(well, names, now() + timedelta(hours=1))
    done, gone, _ = kept.waiting(well, 3)
    kept.note_bringing(done, ["0" * 16])
    kept.note_done(done)
    kept.note_failed(gone, "its server refuses it (403 Forbidden): it may be behind a login or a paywall", None)
    for _ in range(2):
        kept.note_failure(badly, "its server answers 500 Internal Server Error", now() + timedelta(hours=2))
    kept.note_success(folder, [])
    numbers = [well, badly, folder]
    yield numbers
    for number in numbers:
        kept.delete(number)


def test_sources_say_how_they_fare(page: Page, sources: list[int]) -> None:
    page.goto("/sources")
    cards = page.locator(".source-card")
    assert cards.count() == 3
    first, second, folder = (cards.nth(number) for number in range(3))
    assert first.get_by_role("heading").inner_text() == "The Daily"
    assert first.locator("dd").first.inner_text() == "1"
    first.get_by_text("1 could not be read").click()
    assert first.get_by_text("403 Forbidden").is_visible()
    assert "The last 2 attempts failed: its server answers 500" in second.locator(".failing").inner_text()
    assert "whenever watch is running" in folder.inner_text()
    assert folder.get_by_role("button", name="Check now").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    first.get_by_role("button", name="Try these again").click()
    page.get_by_text("1 entry will be tried again in a moment.").wait_for()


def test_source_is_removed_without_a_script(plain_page: Page, sources: list[int], seeded: Components) -> None:
    plain_page.goto("/sources")
    plain_page.locator(".source-card").nth(2).get_by_role("button", name="Remove").click()
    plain_page.get_by_text("has been removed. The articles it added stay in the archive.").wait_for()
    assert plain_page.locator(".source-card").count() == 2
    seeded.sources.add(SourceKind.FOLDER, "/srv/news/incoming", None, Wishes())
    sources[2] = seeded.sources.every()[-1].number


def test_axe_finds_nothing(page: Page, sources: list[int]) -> None:
    page.goto("/sources")
    page.get_by_text("Add a feed").click()
    page.get_by_text("How often to check, and how much to keep").click()
    page.get_by_text("1 could not be read").click()
    assert findings(page) == []
    page.goto("/articles")
    page.get_by_text("Add an address").click()
    assert findings(page) == []
