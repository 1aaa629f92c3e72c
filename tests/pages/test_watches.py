"""Watching a question in a real browser, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from index.articles import Article
from service.newsquote import Newsquote
from service.wiring import Components
from tests.pages.test_chat import QUESTION, ask

pytestmark = pytest.mark.slow
NEWS = Article(
    "At least 12,500 North Korean soldiers have been sent to Russia, Western officials said on Sunday.",
    title="More than was thought",
    publisher="The Brigg Echo",
    url="https://echo.example/troops",
    published=date(2025, 3, 2),
)


@pytest.fixture
def news(seeded: Components, request: pytest.FixtureRequest) -> Iterator[Article]:
    """An article to come in while a question is watched: another one for each test, as it is new only once."""
    article = replace(NEWS, text=f"{NEWS.text}\n\nThis was read in {request.node.name}.")
    yield article
    if article.id in seeded.store.articles:
        seeded.store.articles.remove(article.id)
    for watch in seeded.watches.every():
        seeded.watches.delete(watch.id)


def watch(page: Page) -> None:
    """Ask, and watch the question under its answer."""
    page.goto("/")
    ask(page, QUESTION)
    page.locator(".watch summary").click()
    page.get_by_role("button", name="Watch this question").click()
    page.get_by_text("This question is now being watched.").wait_for()


def test_question_is_watched_under_its_answer_and_tells_what_is_new(
    page: Page, seeded: Components, news: Article
) -> None:
    watch(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.get_by_text("Nothing new yet.")).to_be_visible()
    list(Newsquote(seeded).add([news]))
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("status")).to_have_text("1 new entry.")
    first = page.locator(".timeline-entries li").first
    expect(first).to_contain_text("12,500")
    expect(first).to_contain_text("The Brigg Echo · 2 March 2025 · More than was thought")
    quote = first.locator(".quote", has_text="12,500")
    quote.get_by_role("button", name="Copy").click()
    expect(quote.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").splitlines()[2] == news.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_it_works_without_javascript(plain_page: Page, news: Article) -> None:
    page = plain_page
    watch(page)
    page.get_by_text("Stop watching").click()
    page.get_by_role("button", name="Delete this watch").click()
    expect(page.get_by_text("The question is no longer being watched")).to_be_visible()
    assert news  # which takes the watches with it
