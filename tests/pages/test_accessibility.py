"""axe-core finds nothing serious on any page, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from index.articles import Article
from tests.pages.test_archive import read_quote
from tests.pages.test_chat import QUESTION, ask
from tests.pages.test_listing import collect
from tests.pages.test_watches import watch

pytestmark = pytest.mark.slow
SERIOUS = {"serious", "critical"}
EVERY = {"minor", "moderate"} | SERIOUS


def answered(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    ask(page, "And how many of them were killed?")
    page.locator(".turn .took").nth(1).wait_for()
    page.locator(".cite summary").first.click()
    page.get_by_text("more quotes").first.click()
    page.get_by_text("This is wrong").first.click()


def in_several_quotes(page: Page) -> None:
    for question in ("Which villages did the losses fall near?", "Were North Korean soldiers killed?"):
        page.goto(f"/?q={question}")
        page.get_by_text("more quotes").click()


def abstaining(page: Page) -> None:
    page.goto("/?q=Who wrote Hamlet?")
    page.locator(".nearest > summary").click()


def listed(page: Page) -> None:
    answered(page)
    page.goto("/chats")


def checked(page: Page) -> None:
    page.goto("/verify")
    page.get_by_label("Paste a text").fill(
        "“at least 40 North Korean soldiers had been killed or wounded” “I wept” “the villages of … and Martynovka”"
    )
    page.get_by_role("button", name="Verify", exact=True).click()
    page.locator(".outcome").first.wait_for()


def cited(page: Page) -> None:
    answered(page)
    page.goto(page.locator(".quote-first .source").first.get_attribute("href") or "")
    page.locator("mark#quote").wait_for()
    page.get_by_text("Where this quote stands").click()


def stepping(page: Page) -> None:
    read_quote(page)
    page.get_by_role("link", name="Next").click()


def articles(page: Page) -> None:
    page.goto("/articles")


def found(page: Page) -> None:
    page.goto("/articles?q=soldiers")
    page.locator(".narrow summary").click()
    page.get_by_text("With those selected").click()


def collected(page: Page) -> None:
    collect(page)
    page.get_by_text("With those selected").click()
    page.get_by_text("Delete this collection").click()


def removing(page: Page) -> None:
    page.goto("/articles")
    page.get_by_role("checkbox", name="Select").first.check()
    page.get_by_text("With those selected").click()
    page.get_by_role("button", name="Remove from the archive").click()
    page.get_by_role("button", name="Remove for good").wait_for()


def uploading(page: Page) -> None:
    page.goto("/articles")
    page.route("**/articles", lambda _: None)  # the server takes its time
    page.get_by_text("Add articles").click()
    page.locator("#files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"A moon."})
    page.get_by_role("button", name="Add").click()
    page.locator(".uploading progress").wait_for()


def signing_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Key").fill("nq_wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def watched(page: Page) -> None:
    watch(page)
    page.get_by_text("No longer watch").click()


def watches(page: Page) -> None:
    page.goto("/watches")
    page.get_by_text("Watch a question").click()


def docs(page: Page) -> None:
    page.goto("/api/docs")
    for opened in (".snippets summary", ".example summary", ".try summary"):
        page.locator(opened).first.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "visit",
    [
        answered,
        in_several_quotes,
        abstaining,
        listed,
        checked,
        cited,
        stepping,
        articles,
        found,
        collected,
        removing,
        uploading,
        signing_in,
        watched,
        watches,
        docs,
    ],
)
def test_axe_finds_nothing_serious(page: Page, visit: Callable[[Page], None], scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    visit(page)
    assert serious(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_versions(
    page: Page, versions: list[Article], scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in (f"/articles/{versions[0].id}?start=0&end=9", f"/articles/{versions[2].id}/changes"):
        page.goto(path)
        assert serious(page) == [], path


def serious(page: Page) -> list[tuple[str, str, list[str]]]:
    return violations(page, SERIOUS)


def violations(page: Page, impacts: Container[str] = EVERY) -> list[tuple[str, str, list[str]]]:
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["help"], [node["html"] for node in v["nodes"]]) for v in found if v["impact"] in impacts]
