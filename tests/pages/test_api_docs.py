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


def opened(page: Page, method: str, path: str) -> Locator:
    page.goto("/api/docs")
    found = operation(page, method, path)
    found.get_by_text("Try it").click()
    return found


def send(asking: Locator) -> None:
    asking.get_by_role("button", name="Send").click()


def test_question_is_asked_from_the_page_and_kept_nowhere(page: Page) -> None:
    asking = opened(page, "GET", "/api/query")
    asking.get_by_label("q", exact=True).fill("How many were killed or wounded?")
    send(asking)
    expect(asking.get_by_role("status")).to_have_text("200 OK")
    answer = json.loads(asking.locator(".sent code").inner_text())
    assert answer["question"] == "How many were killed or wounded?"
    assert answer["conversation_id"] is None
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    expect(operation(page, "POST", "/api/query").get_by_text("Try it")).to_have_count(0)


def test_descriptions_are_paragraphs_with_code(page: Page) -> None:
    page.goto("/api/docs")
    listing = operation(page, "GET", "/api/conversations")
    expect(listing.get_by_text("Yours are those whose").locator("code")).to_have_text("Owner-Key")
    expect(listing.get_by_role("row", name="limit")).to_contain_text("integer, 1 to 200, by default 50")
    shown = page.locator(".docs").evaluate("(all) => all.innerText")
    assert [sign for sign in ("<br", "`") if sign in shown] == []


def test_no_more_is_read_than_is_shown(page: Page) -> None:
    reading = opened(page, "GET", "/api/articles/export")
    page.evaluate("""() => { window.fetch = async () => new Response(new ReadableStream({
        pull(stream) { stream.enqueue(new TextEncoder().encode("Brigg ".repeat(1000))); },
        cancel() { window.isCancelled = true; },
    })); }""")
    send(reading)
    expect(reading.get_by_role("status")).to_have_text("200")
    assert (reading.locator(".sent code").text_content() or "").endswith("… and more")
    assert page.evaluate("window.isCancelled")


def test_one_request_is_sent_at_a_time_and_what_is_not_json_is_shown_as_it_is(page: Page) -> None:
    reading = opened(page, "GET", "/api/articles")
    page.evaluate("""() => { window.sent = 0; window.fetch = () => {
        window.sent += 1;
        return new Promise((answer) => { window.answer = () => answer(
            new Response("{no JSON", { headers: { "Content-Type": "application/json" } })); });
    }; }""")
    send(reading)
    reading.get_by_label("limit").press("Enter")
    expect(reading.get_by_role("status")).to_have_text("Sending")
    assert page.evaluate("window.sent") == 1
    page.evaluate("window.answer()")
    expect(reading.locator(".sent code")).to_have_text("{no JSON")
    expect(reading.get_by_role("status")).to_have_text("200")
    send(reading)
    assert page.evaluate("window.sent") == 2


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
    for name in ("curl command", "Python code", "JavaScript code"):
        asking.locator("summary", has_text=name.split()[0]).click()
        asking.get_by_role("button", name=f"Copy the {name}").click()
        expect(asking.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == asking.locator("pre:visible code").first.text_content()
        assert page.url.removesuffix("api/docs") in copied
    asking.get_by_text("Response (200)").click()
    answer = json.loads(asking.get_by_role("group", name="Response").locator("code").text_content() or "")
    assert answer["quotes"][0]["article"]["id"] == STARTER


def test_button_that_copies_has_its_own_label_again_after_two_clicks(page: Page) -> None:
    page.goto("/api/docs")
    asking = operation(page, "POST", "/api/query")
    asking.locator("summary", has_text="curl").click()
    button = asking.locator(".copy-code:visible")
    button.click()
    expect(button).to_have_text("Copied")
    button.click()
    expect(button).to_have_text("Copy the curl command")


def test_button_that_cannot_copy_says_so(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")  # as on plain HTTP
    page.goto("/api/docs")
    asking = operation(page, "POST", "/api/query")
    asking.locator("summary", has_text="curl").click()
    asking.get_by_role("button", name="Copy the curl").click()
    expect(asking.get_by_role("button", name="Could not copy")).to_be_visible()


def test_forms_open_the_answers_without_javascript(plain_page: Page) -> None:
    plain_page.goto("/api/docs")
    asking = operation(plain_page, "GET", "/api/query")
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
