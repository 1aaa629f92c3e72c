from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow


def upload(page: Page, name: str, text: str) -> None:
    page.goto("/articles")
    page.get_by_text("Add articles").click()
    page.locator("#files").set_input_files({"name": name, "mimeType": "text/plain", "buffer": text.encode()})
    page.get_by_role("button", name="Add").click()


def remove(page: Page, title: str) -> None:
    page.goto("/articles")
    page.get_by_role("link", name=title).click()
    page.get_by_text("Remove this article").click()
    page.get_by_role("button", name="Remove for good").click()


def upload_ask_and_remove(page: Page) -> None:
    sentence = "The lighthouse of Brigg was painted green on Tuesday, its keeper said."
    upload(page, "brigg.txt", f"date 2024-12-30 (A- B) {sentence}")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 article added")
    page.goto("/?q=What colour was the lighthouse painted?")
    expect(page.locator(".quote-first blockquote p")).to_have_text(sentence)
    remove(page, sentence)
    expect(page.get_by_role("status")).to_contain_text("Removed")
    page.goto("/?q=What colour was the lighthouse painted?")
    expect(page.locator(".verdict")).to_contain_text("The articles do not say.")


def test_upload_ask_and_remove(page: Page) -> None:
    upload_ask_and_remove(page)


def test_upload_ask_and_remove_without_javascript(plain_page: Page) -> None:
    upload_ask_and_remove(plain_page)


def test_upload_says_what_it_leaves_out(page: Page) -> None:
    upload(page, "empty.txt", " ")
    expect(page.locator("main")).to_contain_text("empty.txt: is empty")


def test_list_shows_titles_and_dates_newest_first(page: Page) -> None:
    page.goto("/articles")
    first = page.locator(".articles li").first
    expect(first).to_contain_text("27 December 2024")
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("More than 1,000 North Korean soldiers")
