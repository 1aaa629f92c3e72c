"""The first page and the list of chats in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from service.web.pages import paging
from tests.pages.conftest import DESKTOP
from tests.pages.test_chat import QUESTION, ask
from tests.pages.test_header import PHONE

pytestmark = pytest.mark.slow
MOST_BYTES = 60_000
"""Of the first page with everything that it loads, unpacked."""


def top(page: Page, selector: str) -> float:
    """Return how far the element is from the top of the screen, in pixels."""
    found: float = page.locator(selector).first.evaluate("one => one.getBoundingClientRect().top")
    return found


def test_field_goes_below_the_answers_once_something_is_asked(page: Page) -> None:
    page.goto("/")
    field = page.get_by_label("Your question")
    expect(field).to_be_focused()
    assert top(page, "h1") < top(page, "#ask") < top(page, "#home")
    expect(page.get_by_role("heading", name="Recent articles")).to_be_visible()
    ask(page, QUESTION)
    expect(page.locator("#home")).to_have_count(0)
    expect(field).to_be_focused()
    page.locator(".turn .took").wait_for()
    assert top(page, "#ask") > top(page, ".turn")
    expect(page.locator("#ask")).to_be_in_viewport()
    expect(page.locator("h1")).to_have_text("Ask the articles")
    ask(page, "Who said so?")
    expect(page.locator(".turn .took")).to_have_count(2)
    page.reload()
    expect(page.locator(".question")).to_have_count(2)
    assert top(page, "#ask") > top(page, ".turn")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_first_page_is_light_and_nothing_in_it_moves(browser: Browser, server: str, size: ViewportSize) -> None:
    page = browser.new_context(base_url=server, viewport=size).new_page()
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))  # noqa: PLW0108  # Playwright counts its arguments
    page.add_init_script(
        "window.shift = 0;"
        "const add = (list) => { for (const one of list.getEntries()) window.shift += one.value; };"
        "new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto("/", wait_until="networkidle")
    expect(page.locator(".suggestions button")).to_have_count(4)  # whether they came with the page or after it
    assert page.evaluate("window.shift") == 0
    assert sum(len(response.body()) for response in loaded) <= MOST_BYTES
    page.context.close()


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_no_room_is_left_where_no_questions_come(browser: Browser, server: str, *, with_script: bool) -> None:
    page = browser.new_context(base_url=server, viewport=PHONE, java_script_enabled=with_script).new_page()
    home = page.request.get("/").text()
    empty = '<div class="suggestions" data-from="/suggestions"></div>'
    home = re.sub(r'<div class="suggestions".*?</div>', empty, home, flags=re.DOTALL)
    page.route("**/suggestions", lambda route: route.abort())
    page.route(f"{server}/", lambda route: route.fulfill(body=home, content_type="text/html"))
    page.goto("/")
    expect(page.get_by_role("heading", name="Recent articles")).to_be_visible()
    expect(page.locator(".suggestions:visible")).to_have_count(0)
    page.context.close()


def test_recent_articles_and_publishers_lead_to_articles(page: Page) -> None:
    page.goto("/")
    headline = page.locator(".home .articles cite").first.inner_text()
    page.get_by_role("link", name=headline).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    page.goto("/")
    page.get_by_role("link", name="Starter Articles", exact=True).click()
    expect(page.locator(".found")).to_contain_text("20 articles")


def test_chats_are_named_pinned_and_found(page: Page) -> None:
    for question in (QUESTION, "Who became world chess champion?"):
        page.goto("/")
        ask(page, question)
        page.locator(".turn .took").wait_for()
    manage(page)


def test_chats_are_named_pinned_and_found_without_javascript(plain_page: Page) -> None:
    for question in (QUESTION, "Who became world chess champion?"):
        plain_page.goto("/")
        ask(plain_page, question)
        plain_page.locator(".turn .took").wait_for()
    manage(plain_page)


def test_pages_of_chats_lead_to_one_another(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    for question in (QUESTION, "Who became world chess champion?"):
        page.goto("/")
        ask(page, question)
        page.locator(".turn .took").wait_for()
    page.goto("/chats")
    chats, pager = page.locator(".kept > a"), page.get_by_role("navigation", name="Pages of the list")
    expect(chats).to_have_text(["Who became world chess champion?"])
    expect(pager).to_have_text(re.compile(r"^\s*Page 1 of 2\s*Next\s*$"))
    pager.get_by_role("link", name="Next").click()
    expect(chats).to_have_text([QUESTION])
    expect(pager).to_have_text(re.compile(r"^\s*Previous\s*Page 2 of 2\s*$"))
    page.get_by_role("button", name="Pin").click()
    expect(chats).to_have_text(["Who became world chess champion?"])  # still the second page, but no longer its chat
    page.get_by_role("button", name="Delete “Who").click()
    expect(page.get_by_role("status")).to_contain_text("The conversation has been deleted.")
    expect(chats).to_have_text([QUESTION])
    expect(pager).to_have_count(0)


def manage(page: Page) -> None:
    """Name the older one of two chats, pin it, and find it again."""
    page.goto("/chats")
    chats = page.locator(".kept > a")
    expect(chats).to_have_text(["Who became world chess champion?", QUESTION])
    page.get_by_text("Rename").last.click()
    page.get_by_label("Name (leave it empty").last.fill("Kursk")
    page.get_by_role("button", name="Save").last.click()
    expect(chats).to_have_text(["Who became world chess champion?", "Kursk"])
    page.get_by_role("button", name="Pin “Kursk”").click()
    expect(chats).to_have_text(["Kursk", "Who became world chess champion?"])
    page.get_by_label("Words of questions and quotes").fill("western officials")
    page.get_by_role("button", name="Find").click()
    expect(chats).to_have_text(["Kursk"])
    expect(page.locator(".match mark")).to_have_text(["Western officials"])
    page.locator(".match a").click()
    expect(page).to_have_title("Kursk · Newsquote")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kursk")
    page.goto("/chats")
    page.get_by_role("button", name="Unpin “Kursk”").click()
    expect(chats).to_have_text(["Who became world chess champion?", "Kursk"])
