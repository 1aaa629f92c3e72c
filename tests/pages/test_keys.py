"""The keys of the chat, and the switch that turns those of a single letter off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import DESKTOP
from tests.pages.test_chat import QUESTION, ask

pytestmark = pytest.mark.slow


@pytest.fixture
def viewport() -> object:
    """Keys are for a desk."""
    return DESKTOP


@pytest.fixture
def answered(page: Page) -> Page:
    """A page with an answer of several quotes, and the focus nowhere."""
    page.goto("/")
    ask(page, QUESTION)
    page.locator(".turn .took").wait_for()
    page.locator(".question").click()
    return page


def focused(page: Page) -> str:
    """Return the id of the quote whose source has the focus; empty if none has."""
    found: str = page.evaluate("document.activeElement.closest('.source')?.closest('.quote').id ?? ''")
    return found


def test_letters_step_through_quotes_that_are_not_folded(answered: Page) -> None:
    page, shown = answered, answered.locator(".quote:visible").evaluate_all("all => all.map(one => one.id)")
    assert len(shown) == 2
    reached = []
    for key in "jjjkk":
        page.keyboard.press(key)
        reached.append(focused(page))
    assert reached == [shown[0], shown[1], shown[1], shown[0], shown[0]]  # neither end leads to the other
    page.locator(".more > summary").click()
    page.keyboard.press("j")
    page.locator(".quote-first .source").focus()
    for _ in range(9):
        page.keyboard.press("j")
    every = page.locator(".quote").evaluate_all("all => all.map(one => one.id)")
    assert focused(page) == every[-1]
    expect(page.locator(".quote").last).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(".beside .article")).to_be_visible()
    page.keyboard.press("k")  # from the article, on to the quote before the one that it shows
    assert focused(page) == every[-2]


def test_slash_goes_to_the_question_and_is_a_letter_in_it(answered: Page) -> None:
    page, field = answered, answered.get_by_label("Your question")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("j/k?")
    expect(field).to_have_value("j/k?")
    expect(field).to_be_focused()
    expect(page.locator("#keys")).to_be_hidden()


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_with_a_modifier_are_the_browsers(answered: Page, modifier: str) -> None:
    for key in ("j", "/"):
        answered.keyboard.press(f"{modifier}+{key}")
    assert focused(answered) == ""
    expect(answered.get_by_label("Your question")).not_to_be_focused()


def test_question_mark_shows_the_keys_and_gives_the_focus_back(answered: Page) -> None:
    page, keys = answered, answered.get_by_role("dialog", name="Keys")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("next and previous quote")
    page.keyboard.press("k")  # does nothing behind it
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    assert focused(page).endswith("quote-1")
    button = page.get_by_role("button", name="Keys")
    button.click()
    keys.get_by_role("button", name="Close").click()
    expect(button).to_be_focused()
    button.click()
    place = keys.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 5, place["y"] + 5)  # its own edge is part of it
    expect(keys).to_be_visible()
    page.mouse.click(5, 500)
    expect(keys).to_be_hidden()


def test_keys_of_an_article_are_listed_and_turned_off_on_its_page(answered: Page) -> None:
    page, keys = answered, answered.get_by_role("dialog", name="Keys")
    page.goto(page.locator(".quote-first .source").get_attribute("href") or "")
    page.keyboard.press("?")
    expect(keys).to_contain_text("next and previous quote")
    expect(keys).not_to_contain_text("go to the question")
    page.get_by_label("Use single-letter keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_label("Use single-letter keys")).not_to_be_checked()


def test_keys_are_listed_where_quotations_are_verified(page: Page) -> None:
    page.goto("/verify")
    page.get_by_label("Paste a text").fill(QUESTION)
    page.get_by_role("button", name="Verify", exact=True).click()
    page.locator(".outcome").click()
    page.wait_for_load_state()  # its scripts listen from then on
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_single_letters_are_turned_off_and_stay_off(answered: Page) -> None:
    page = answered
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use single-letter keys").uncheck()
    page.keyboard.press("Escape")
    page.locator(".question").click()
    page.reload()
    page.locator(".question").click()
    for key in "j/?":
        page.keyboard.press(key)
    assert focused(page) == ""
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.get_by_role("button", name="Keys").click()
    switch = page.get_by_label("Use single-letter keys")
    expect(switch).not_to_be_checked()
    switch.check()
    page.keyboard.press("Escape")
    page.locator(".question").click()
    page.keyboard.press("j")
    assert focused(page).endswith("quote-1")


def test_escape_closes_menus_and_a_click_elsewhere_what_lies_over_the_page(answered: Page) -> None:
    page = answered
    cite = page.locator(".quote-first .cite")
    page.locator(".quote-first").hover()
    cite.locator("summary").click()
    page.locator(".quote-first .cite a").first.focus()
    page.keyboard.press("Escape")
    expect(cite).not_to_have_attribute("open", "")
    expect(cite.locator("summary")).to_be_focused()
    page.locator(".filters summary").click()
    page.get_by_label("From").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".filters")).not_to_have_attribute("open", "")
    expect(page.locator(".filters summary")).to_be_focused()
    page.locator(".more > summary").click()
    page.keyboard.press("Escape")
    expect(page.locator(".more")).to_have_attribute("open", "")  # this is no menu
    cite.locator("summary").click()
    page.locator(".question").click()
    expect(cite).not_to_have_attribute("open", "")
