"""What stands at the top of every page: the menu, which a phone folds, and the choice of colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.pages.conftest import DESKTOP

pytestmark = pytest.mark.slow
LIGHT, DARK = "rgb(251, 250, 247)", "rgb(23, 22, 20)"
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_PX = 48
"""Height of the folded menu; what is touched in it has at least 44."""


def unfold(page: Page) -> None:
    """Open the menu, where it is folded."""
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()


def go_to(page: Page, name: str) -> None:
    """Follow a link of the menu."""
    unfold(page)
    page.get_by_role("navigation", name="Pages", exact=True).get_by_role("link", name=name).click()


def choose(page: Page, name: str) -> None:
    """Choose the colours."""
    unfold(page)
    page.get_by_role("form", name="Colours").get_by_role("button", name=name).click()


def paper(page: Page) -> str:
    """Return the page's own colour."""
    colour: str = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    return colour


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_menu_of_a_phone_closes_by_escape_or_a_click_elsewhere(
    browser: Browser, server: str, *, with_script: bool
) -> None:
    context = browser.new_context(base_url=server, viewport=PHONE, java_script_enabled=with_script)
    page = context.new_page()
    page.goto("/articles")
    menu, button = page.locator("#menu"), page.get_by_role("button", name="Menu")
    expect(menu).to_be_hidden()
    button.click()
    expect(menu).to_be_visible()
    page.mouse.click(200, 800)
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Ask", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    go_to(page, "Verify")
    expect(page).to_have_url(re.compile("/verify$"))
    context.close()


def test_menu_of_a_phone_takes_little_room_and_has_large_targets(browser: Browser, server: str) -> None:
    page = browser.new_context(base_url=server, viewport=PHONE).new_page()
    for path in ("/", "/articles", "/api/docs"):
        page.goto(path)
        assert page.locator(".top").evaluate("top => top.getBoundingClientRect().height") <= MOST_PX, path
    page.get_by_role("button", name="Menu").click()
    touched = page.locator(".top :is(a, button):visible")
    heights = touched.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert len(heights) == 12
    assert min(heights) >= 44
    page.set_viewport_size(DESKTOP)  # the phone is turned: what is open stays usable
    expect(page.locator("#menu")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Verify").first).to_be_visible()
    page.context.close()


def test_everything_in_the_menu_is_within_reach_on_a_phone_on_its_side(browser: Browser, server: str) -> None:
    page = browser.new_context(base_url=server, viewport={"width": 568, "height": 260}).new_page()
    page.goto("/articles")
    unfold(page)
    menu, last = page.locator("#menu"), page.locator("#menu button").last
    assert menu.evaluate("menu => menu.getBoundingClientRect().bottom <= innerHeight")
    menu.hover()
    page.mouse.wheel(0, 1000)
    expect(last).to_be_in_viewport(ratio=1)
    page.context.close()


def test_page_that_comes_back_as_it_was_left_has_the_colours_of_now(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/articles")
    with page.expect_response("**/theme"):
        choose(page, "Dark")
    page.evaluate("""() => {
        delete document.documentElement.dataset.theme;
        for (const one of document.querySelectorAll(".theme button")) one.setAttribute("aria-pressed", !one.value);
        window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }""")
    assert paper(page) == DARK
    assert page.locator(".theme [aria-pressed=true]").evaluate_all("all => all.map(one => one.value)") == ["dark"]


def test_colours_are_changed_at_once_and_stay_on_every_page(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/articles")
    assert paper(page) == LIGHT
    page.evaluate("window.stillHere = true")
    with page.expect_response("**/theme"):
        choose(page, "Dark")
    assert paper(page) == DARK
    assert page.evaluate("window.stillHere")
    assert page.locator(".theme [aria-pressed=true]").evaluate_all("all => all.map(one => one.value)") == ["dark"]
    page.goto("/verify")
    assert page.locator("html").get_attribute("data-theme") == "dark"  # from the server: nothing flashes
    assert paper(page) == DARK
    with page.expect_response("**/theme"):
        choose(page, "System")
    assert paper(page) == LIGHT
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert paper(page) == DARK
    with page.expect_response("**/theme"):
        choose(page, "Light")
    page.reload()
    assert paper(page) == LIGHT


def test_colours_are_chosen_without_javascript(plain_page: Page) -> None:
    plain_page.emulate_media(color_scheme="light")
    plain_page.goto("/articles?q=soldiers")
    choose(plain_page, "Dark")
    expect(plain_page.locator("html")).to_have_attribute("data-theme", "dark")
    assert plain_page.url.endswith("/articles?q=soldiers")
    assert paper(plain_page) == DARK
