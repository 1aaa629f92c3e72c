from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from index.articles import Article
from tests.pages.test_chat import QUESTION, SENTENCE, ask

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
    expect(page.locator(".verdict")).to_have_text("This is not in the articles.")


def test_upload_ask_and_remove(page: Page) -> None:
    upload_ask_and_remove(page)


def test_upload_ask_and_remove_without_javascript(plain_page: Page) -> None:
    upload_ask_and_remove(plain_page)


def test_upload_says_what_it_leaves_out(page: Page) -> None:
    upload(page, "empty.txt", " ")
    expect(page.locator("main")).to_contain_text("empty.txt: empty")


def test_list_shows_titles_and_dates_newest_first(page: Page) -> None:
    page.goto("/articles?publisher=Starter+Articles")  # other tests add to the archive, too
    first = page.locator(".articles li").first
    expect(first).to_contain_text("27 December 2024")
    first.get_by_role("link").first.click()  # the others name its collections
    expect(page.get_by_role("heading", level=1)).to_contain_text("White House counts a week of North Korean losses")


BRIGADE = (
    "They were being made good with soldiers from the 94th separate brigade of North Korea's army, "
    "according to the same source."
)


def read_quote(page: Page) -> None:
    """Ask twice, and go to the page of the article that the second answer quotes first."""
    page.goto("/")
    ask(page, QUESTION)
    expect(page.locator(".turn .took")).to_have_count(1)
    ask(page, "Which brigade made good the losses?")
    page.goto(page.locator(".turn").nth(1).locator(".quote-first .source").get_attribute("href") or "")
    expect(page.locator("mark#quote")).to_have_text(BRIGADE)
    page.wait_for_load_state()  # by when the page's script has run


def test_quotes_of_the_conversation_are_stepped_through(page: Page) -> None:
    read_quote(page)
    address = page.url.partition("#")[0]
    where = page.get_by_role("status")
    marks = page.locator(".text mark")
    count = marks.count()
    expect(where).to_have_text(f"Quote 3 of {count}")
    expect(marks.nth(2)).to_be_focused()
    page.get_by_role("link", name="Next").click()
    expect(where).to_have_text(f"Quote 4 of {count}")
    expect(marks.nth(3)).to_have_text(SENTENCE)
    expect(marks.nth(3)).to_be_focused()
    expect(marks.nth(3)).to_be_in_viewport()
    expect(page).to_have_url(f"{address}#quote-4")
    for _ in range(count - 3):
        page.keyboard.press("n")
    expect(where).to_have_text(f"Quote 1 of {count}")
    for _ in range(count - 2):
        page.keyboard.press("p")
    expect(where).to_have_text(f"Quote 3 of {count}")
    expect(page).to_have_url(f"{address}#quote")
    page.get_by_role("link", name="Quote 2").click()
    expect(marks.nth(1)).to_be_focused()
    expect(page.locator(".strip [aria-current]")).to_have_text("Quote 2")
    page.reload()
    expect(where).to_have_text(f"Quote 2 of {count}")
    expect(marks.nth(1)).to_be_focused()
    page.go_back()
    expect(page.locator(".turn .took")).to_have_count(2)


def test_key_held_down_skips_no_quote(page: Page) -> None:
    read_quote(page)
    marks = page.locator(".text mark")
    for key in "nnnnnnnnnpppppp":
        page.keyboard.press(key)
    place = (2 + 9 - 6) % marks.count()
    expect(page.get_by_role("status")).to_have_text(f"Quote {place + 1} of {marks.count()}")
    expect(marks.nth(place)).to_be_focused()


def test_letters_typed_elsewhere_move_nothing(page: Page) -> None:
    read_quote(page)
    page.get_by_role("link", name="exact text").focus()
    page.keyboard.press("n")
    expect(page.get_by_role("status")).to_have_text(re.compile("Quote 3 of"))


def test_strip_shows_where_in_the_text_the_quotes_stand(page: Page) -> None:
    read_quote(page)
    text, marks = page.locator(".text").text_content() or "", page.locator(".text mark").all_text_contents()
    places = page.locator(".strip .place")
    lefts = [float((place.get_attribute("x") or "").rstrip("%")) for place in places.all()]
    assert lefts == pytest.approx([100 * text.index(mark) / len(text) for mark in marks], abs=0.01)
    strip, last = page.locator(".strip").bounding_box(), places.last.bounding_box()
    assert strip is not None
    assert last is not None
    assert last["x"] - strip["x"] == pytest.approx(strip["width"] * lefts[-1] / 100, abs=2)


def test_dateline_is_dimmed_and_the_text_stays_what_it_is(page: Page) -> None:
    read_quote(page)
    expect(page.locator(".dateline")).to_have_text("date 2024-12-16 (NEWSQUOTE- Starter Articles) ")
    dimmed, plain = (page.locator(one).evaluate("one => getComputedStyle(one).color") for one in (".dateline", ".text"))
    assert dimmed != plain
    exact = page.request.get(page.get_by_role("link", name="exact text").get_attribute("href") or "").text()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.text'))")
    assert page.evaluate("getSelection().toString()").strip() == exact.strip()
    assert page.locator(".text").text_content() == exact


def test_characters_of_the_quote_are_folded_with_its_address(page: Page) -> None:
    read_quote(page)
    link = page.get_by_role("link", name="Link to this quote")
    expect(link).to_be_hidden()
    page.get_by_text("Where this quote is").click()
    expect(page.locator("footer details[open]")).to_contain_text("Characters 285 to 408")
    link.click()
    expect(page).to_have_url(re.compile(r"/articles/[0-9a-f]{16}\?start=285&end=408#quote$"))
    expect(page.locator("mark#quote")).to_have_text(BRIGADE)


def test_way_back_leads_to_the_answer(page: Page) -> None:
    read_quote(page)
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page).to_have_url(re.compile(r"/chat/[\w-]{22}#turn-2$"))
    expect(page.locator(".question")).to_have_count(2)


def test_quotes_are_reached_without_javascript(plain_page: Page) -> None:
    page = plain_page
    read_quote(page)
    expect(page.locator("nav.quotes")).to_be_in_viewport()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("mark#quote-4")).to_have_text(SENTENCE)
    expect(page.locator("mark#quote-4")).to_be_in_viewport()
    page.get_by_role("link", name="Quote 1").click()
    expect(page.locator("mark#quote-1")).to_be_in_viewport()
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.locator(".question")).to_have_count(2)


def see_what_changed(page: Page, versions: list[Article]) -> None:
    page.goto(f"/articles/{versions[0].id}")
    listed = ["Green light this one, superseded", "Removed added", "Green at last current"]
    expect(page.locator(".versions li")).to_contain_text(listed)
    page.get_by_role("link", name="What changed").click()
    expect(page.locator(".text del")).to_have_text("Monday.")
    expect(page.locator(".text ins")).to_have_text(["Tuesday.", "Nobody else was."])
    expect(page.locator("h2")).to_contain_text("Green")
    page.get_by_role("link", name="the one added").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Green at last")


def test_versions_lead_to_what_changed(page: Page, versions: list[Article]) -> None:
    see_what_changed(page, versions)


def test_versions_lead_to_what_changed_without_javascript(plain_page: Page, versions: list[Article]) -> None:
    see_what_changed(plain_page, versions)


def test_article_and_its_changes_are_no_wider_than_the_screen(page: Page, versions: list[Article]) -> None:
    read_quote(page)
    for path in (page.url, f"/articles/{versions[0].id}?start=0&end=9", f"/articles/{versions[2].id}/changes"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
