"""The archive page and collections in a real browser, with and without JavaScript."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow
_numbers = count(1)


def collect(page: Page) -> str:
    """Put what is found for some words in a new collection, go there, and return its name."""
    name = f"Losses {next(_numbers)}"
    page.goto("/articles")
    page.get_by_label("Words in title or text").fill("killed wounded soldiers")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".found")).to_contain_text("with “killed wounded soldiers”")
    for box in page.get_by_role("checkbox", name=re.compile("^Select")).all():
        box.check()
    page.get_by_text("With the selected articles").click()
    page.get_by_label("Collection (a new name makes a new one)").fill(name)
    page.get_by_role("button", name="Add to the collection").click()
    expect(page.get_by_role("status").first).to_contain_text(f"added to “{name}”")
    page.locator(".articles .meta a", has_text=re.compile(f"^{name}$")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return name


def collect_and_ask(page: Page) -> None:
    name = collect(page)
    address = page.url
    page.get_by_label("Your question").fill("Who was awarded the Nobel Prize in Physics?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".searched")).to_contain_text(f"Searched only in articles in {name}.")
    expect(page.locator(".verdict").first).to_contain_text("not in the articles")
    page.goto(address)
    page.get_by_text("Delete this collection").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("still in the archive")


def test_found_articles_are_collected_and_asked(page: Page) -> None:
    collect_and_ask(page)


def test_found_articles_are_collected_and_asked_without_javascript(plain_page: Page) -> None:
    collect_and_ask(plain_page)


def test_collection_chosen_stays_for_the_next_question(page: Page) -> None:
    name = collect(page)
    page.get_by_label("Your question").fill("How many soldiers were killed or wounded?")
    page.get_by_role("button", name="Ask").click()
    page.locator(".turn .took").wait_for()
    expect(page.locator("#filters summary")).to_contain_text("1 set")
    page.get_by_label("Your question").fill("Who won the Nobel Prize?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".searched").nth(1)).to_contain_text(name)


def test_lists_are_no_wider_than_the_screen(page: Page) -> None:
    collect(page)
    for address in (page.url, "/articles?q=soldiers", "/collections"):
        page.goto(address)
        for summary in page.locator("main summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
