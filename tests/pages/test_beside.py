"""The article of a quote beside the answers or, on smaller screens, in a sheet over them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from index.articles import Article
from index.errors import RemovedArticle
from service.wiring import Components
from tests.pages.test_accessibility import violations
from tests.pages.test_archive import BRIGADE
from tests.pages.test_chat import ask

WIDTHS: list[ViewportSize] = [
    {"width": 390, "height": 844},
    {"width": 768, "height": 1024},
    {"width": 1440, "height": 900},
]
pytestmark = pytest.mark.slow


def at_widths(sizes: list[ViewportSize]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("viewport", sizes, ids=lambda size: str(size["width"]), indirect=True)


at_every_width, in_a_sheet, at_a_desk = at_widths(WIDTHS), at_widths(WIDTHS[:2]), at_widths(WIDTHS[2:])

LOSSES = "Which brigade made good the losses?"
"""The answer quotes one article three times; the first quote is the second in its text."""


def answered(page: Page, question: str = LOSSES) -> Locator:
    """Ask, and return the link to the source of the first quote."""
    page.goto("/")
    ask(page, question)
    expect(page.locator(".turn .took")).to_be_visible()
    return page.locator(".quote-first .source")


def opened(page: Page) -> Locator:
    """Open the article of the first quote, and return where it is shown."""
    answered(page).click()
    shown = beside(page)
    expect(shown.locator("mark#quote")).to_be_focused()
    return shown


def beside(page: Page) -> Locator:
    """Return where an article is shown: a region beside the answers, or a dialog."""
    return page.locator("section.beside" if is_wide(page) else "dialog.beside")


def is_wide(page: Page) -> bool:
    size = page.viewport_size
    assert size is not None
    return size["width"] >= 1200


@at_every_width
def test_source_opens_its_article_without_leaving_the_chat(page: Page) -> None:
    source = answered(page)
    address = page.url
    page.evaluate("window.stillHere = true")
    source.click()
    shown = beside(page)
    mark = shown.locator("mark#quote")
    expect(mark).to_have_text(BRIGADE)
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport(ratio=1)
    title = shown.get_by_role("heading", level=2).text_content() or ""
    assert title
    expect(page.get_by_role("region" if is_wide(page) else "dialog", name=title)).to_be_visible()
    expect(shown.get_by_role("link", name="open the article’s page")).to_have_attribute(
        "href", source.get_attribute("href") or ""
    )
    assert (page.url, page.evaluate("window.stillHere")) == (address, True)
    shown.get_by_role("button", name="Close").click()
    expect(shown).to_be_hidden()
    expect(source).to_be_focused()
    assert page.url == address


@at_every_width
def test_answer_keeps_its_width_and_height_beside_the_article(page: Page) -> None:
    source = answered(page)
    source.scroll_into_view_if_needed()
    quote = page.locator(".quote-first")
    before, scrolled = quote.bounding_box(), page.evaluate("scrollY")
    source.click()
    expect(beside(page).locator("mark#quote")).to_be_focused()
    after = quote.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["y"], after["width"], after["height"]) == (before["y"], before["width"], before["height"])
    assert page.evaluate("scrollY") == scrolled
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if is_wide(page):
        panel = beside(page).bounding_box()
        assert panel is not None
        assert after["x"] + after["width"] <= panel["x"]
        expect(page.get_by_label("Your question")).to_be_in_viewport(ratio=1)


@at_every_width
def test_quotes_of_the_answer_are_stepped_through(page: Page) -> None:
    shown = opened(page)
    address = page.url
    where, marks = shown.get_by_role("status"), shown.locator(".text mark")
    expect(where).to_have_text("Quote 2 of 3")
    shown.get_by_role("link", name="Next").click()
    expect(where).to_have_text("Quote 3 of 3")
    expect(marks.nth(2)).to_be_focused()
    expect(marks.nth(2)).to_be_in_viewport()
    page.keyboard.press("n")
    expect(where).to_have_text("Quote 1 of 3")
    page.keyboard.press("p")
    page.keyboard.press("p")
    expect(where).to_have_text("Quote 2 of 3")
    shown.get_by_role("link", name="Quote 1").click()
    expect(marks.first).to_be_focused()
    expect(shown.locator(".strip [aria-current]")).to_have_text("Quote 1")
    expect(shown.locator("mark[aria-current]")).to_have_count(1)
    assert page.url == address


@at_every_width
def test_back_closes_it_and_forward_and_a_reload_open_it_again(page: Page) -> None:
    shown = opened(page)
    page.go_back()
    expect(shown).to_be_hidden()
    expect(page.locator(".quote-first .source")).to_be_focused()
    page.go_forward()
    expect(shown.locator("mark#quote")).to_have_text(BRIGADE)
    page.reload()
    expect(shown.locator("mark#quote")).to_have_text(BRIGADE)
    shown.get_by_role("button", name="Close").click()
    expect(shown).to_be_hidden()
    page.reload()
    expect(page.locator(".quote-first")).to_be_visible()
    expect(page.locator(".beside:visible")).to_have_count(0)


@at_a_desk
def test_chat_stays_where_it_was_scrolled_to_when_the_article_is_closed(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 320})
    shown = opened(page)
    page.evaluate("scrollTo(0, 150)")
    shown.get_by_role("button", name="Close").click()
    expect(shown).to_be_hidden()
    assert page.evaluate("scrollY") == 150


@at_a_desk
def test_one_step_back_closes_it_however_many_articles_were_opened(page: Page) -> None:
    shown = opened(page)
    ask(page, "Who became world chess champion?")
    other = page.locator(".turn").nth(1).locator(".quote-first .source")
    other.click()
    expect(shown.locator("mark#quote")).to_contain_text("chess")
    expect(page.locator(".source[aria-current]")).to_have_count(1)
    page.go_back()
    expect(shown).to_be_hidden()
    expect(other).to_be_focused()
    expect(page.locator(".question")).to_have_count(2)


@at_a_desk
def test_jump_within_the_page_leaves_the_article_open(page: Page) -> None:
    shown = opened(page)
    page.get_by_role("link", name="Skip to the content").press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    expect(shown.locator("mark#quote")).to_be_visible()
    shown.get_by_role("button", name="Close").click()
    expect(shown).to_be_hidden()
    page.go_back()
    expect(shown.locator("mark#quote")).to_be_visible()
    page.go_back()
    expect(shown).to_be_hidden()


@pytest.mark.parametrize(
    "how", [{"modifiers": ["ControlOrMeta"]}, {"modifiers": ["Shift"]}, {"button": "middle"}], ids=str
)
@at_every_width
def test_click_that_asks_for_a_new_page_gets_it(page: Page, how: dict[str, Any]) -> None:
    source = answered(page)
    with page.context.expect_page() as other:
        source.click(**how)
    expect(other.value.get_by_role("heading", level=1)).to_be_visible()
    expect(other.value.locator("mark#quote")).to_have_text(BRIGADE)
    expect(page.locator(".beside:visible")).to_have_count(0)


@at_every_width
def test_keyboard_alone_opens_it_moves_in_it_and_closes_it(page: Page) -> None:
    source = answered(page)
    source.focus()
    page.keyboard.press("Enter")
    shown = beside(page)
    expect(shown.locator("mark#quote")).to_be_focused()
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        if not is_wide(page):  # the chat below a sheet is out of reach
            assert page.evaluate("document.activeElement.matches('body, dialog, dialog *')"), reached
    assert {"Quote 1", "Quote 2", "Quote 3"} <= set(reached)
    shown.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    expect(shown.locator(".text mark").nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(source).to_be_focused()


@at_a_desk
def test_escape_closes_the_article_wherever_the_focus_is_but_menus_first(page: Page) -> None:
    shown, field = opened(page), page.get_by_label("Your question")
    page.locator(".filters summary").click()
    page.keyboard.press("Escape")
    expect(page.locator(".filters")).not_to_have_attribute("open", "")
    expect(shown).to_be_visible()
    field.fill("Who")
    page.keyboard.press("Escape")  # empties the field
    expect(field).to_have_value("")
    expect(shown).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


@in_a_sheet
def test_sheet_closes_by_a_click_beside_it_not_at_its_own_edge(page: Page) -> None:
    place = opened(page).bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 4, place["y"] + place["height"] / 2)
    expect(beside(page)).to_be_visible()
    page.mouse.click(place["x"] + 40, place["y"] - 20)
    expect(beside(page)).to_be_hidden()


@at_every_width
def test_article_stays_open_when_the_window_changes_its_width(page: Page) -> None:
    opened(page)
    page.set_viewport_size({"width": 700 if is_wide(page) else 1300, "height": 900})
    expect(beside(page).locator("mark#quote")).to_have_text(BRIGADE)
    expect(beside(page).locator("mark#quote")).to_be_in_viewport(ratio=1)
    expect(page.locator(".beside:visible")).to_have_count(1)
    beside(page).get_by_role("button", name="Close").click()
    expect(page.locator(".beside:visible")).to_have_count(0)
    expect(page.locator(".quote-first")).to_be_visible()


@pytest.fixture
def tower(seeded: Components) -> Iterator[Article]:
    """An article that a test may remove."""
    article = Article("The tower of Corfield was painted blue on Friday.", "Blue tower", published=date(2023, 2, 3))
    list(seeded.ingester.add([article]))
    yield article
    with suppress(RemovedArticle):
        seeded.store.articles.remove(article.id)


@at_every_width
def test_removed_article_is_said_to_be_removed(page: Page, tower: Article, seeded: Components) -> None:
    source = answered(page, "What colour was the tower of Corfield painted?")
    seeded.store.articles.remove(tower.id)
    source.click()
    expect(beside(page).get_by_role("alert")).to_contain_text("has been removed")
    assert violations(page) == []
    beside(page).get_by_role("button", name="Close").click()
    expect(source).to_be_focused()


@at_every_width
def test_server_that_is_away_is_said_to_be_and_tried_again(page: Page) -> None:
    source = answered(page)
    page.route("**/articles/**", lambda route: route.abort())
    source.click()
    alert = beside(page).get_by_role("alert")
    expect(alert).to_contain_text("The server cannot be reached.")
    beside(page).get_by_role("button", name="Try again").click()
    expect(alert).to_contain_text("The server cannot be reached.")
    expect(beside(page).get_by_role("button", name="Try again")).to_be_focused()
    page.unroute("**/articles/**")
    page.keyboard.press("Enter")
    expect(beside(page).locator("mark#quote")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@at_every_width
def test_axe_finds_nothing_while_it_is_open_or_closed(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    shown = opened(page)
    assert violations(page) == []
    shown.get_by_role("button", name="Close").click()
    expect(shown).to_be_hidden()
    assert violations(page) == []


@in_a_sheet
def test_nothing_moves_for_those_who_do_not_want_it(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    expect(opened(page)).to_have_css("animation-name", "none")
    page.emulate_media(reduced_motion="no-preference")
    expect(beside(page)).to_have_css("animation-name", "rise")
