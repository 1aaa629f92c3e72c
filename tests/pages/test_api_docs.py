"""The API's page: snippets that are copied, and forms that send."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.slow
STARTER = "7a44c2a315da013b"


def operation(page: Page, method: str, path: str) -> Locator:
    heading = page.get_by_role("heading", name=f"{method} {path}", exact=True)
    return page.locator(".operation").filter(has=heading)


def test_question_is_asked_from_the_page(page: Page) -> None:
    page.goto("/api/docs")
    asking = operation(page, "POST", "/api/query")
    asking.get_by_text("Try it").click()
    asking.get_by_label("question").fill("How many were killed or wounded?")
    asking.get_by_role("button", name="Send").click()
    expect(asking.get_by_role("status")).to_have_text("200 OK")
    answer = json.loads(asking.locator(".sent code").inner_text())
    assert answer["question"] == "How many were killed or wounded?"
    assert answer["conversation_id"]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_request_that_reads_is_sent_with_what_is_filled_in_alone(page: Page) -> None:
    page.goto("/api/docs")
    reading = operation(page, "GET", "/api/articles")
    reading.get_by_text("Try it").click()
    reading.get_by_label("q", exact=True).fill("brigade")
    reading.get_by_label("limit").fill("1")
    with page.expect_response(lambda response: "/api/articles?" in response.url) as sent:
        reading.get_by_role("button", name="Send").click()
    assert sent.value.url.endswith("/api/articles?q=brigade&limit=1")
    expect(reading.get_by_role("status")).to_have_text("200 OK")
    one = operation(page, "GET", "/api/articles/{article_id}")
    one.get_by_text("Try it").click()
    one.get_by_label("article_id").fill("../x?y")
    one.get_by_role("button", name="Send").click()
    expect(one.get_by_role("status")).to_have_text("404 NOT FOUND")


def test_snippet_is_copied_as_it_stands(page: Page) -> None:
    page.goto("/api/docs")
    asking = operation(page, "POST", "/api/query")
    for language in ("curl", "Python", "JavaScript"):
        asking.locator("summary", has_text=language).click()
        asking.get_by_role("button", name=f"Copy the {language}").click()
        expect(asking.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == asking.locator("pre:visible code").first.text_content()
        assert page.url.removesuffix("api/docs") in copied
    answer = json.loads(asking.locator(".example code").text_content() or "")
    assert answer["quotes"][0]["article"]["id"] == STARTER


def test_forms_open_the_answers_without_javascript(plain_page: Page) -> None:
    plain_page.goto("/api/docs")
    asking = operation(plain_page, "POST", "/api/query")
    asking.get_by_text("Try it").click()
    asking.get_by_role("button", name="Send").click()
    assert json.loads(plain_page.locator("pre").inner_text())["outcome"] == "answered"
    plain_page.goto("/api/docs")
    reading = operation(plain_page, "GET", "/api/articles/{article_id}")
    reading.get_by_text("Try it").click()
    expect(reading.get_by_label("article_id")).to_be_hidden()
    reading.get_by_role("button", name="Send").click()
    assert json.loads(plain_page.locator("pre").inner_text())["id"] == STARTER
    plain_page.goto("/api/docs")
    expect(operation(plain_page, "GET", "/api/answers/{answer_id}").get_by_text("Try it")).to_be_hidden()
    expect(plain_page.get_by_role("button", name="Copy")).to_have_count(0)
