"""axe-core finds nothing on any page, at three widths, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from index.articles import Article
from tests.pages.conftest import DESKTOP
from tests.pages.test_archive import read_quote
from tests.pages.test_chat import QUESTION, ask
from tests.pages.test_header import unfold
from tests.pages.test_listing import collect
from tests.pages.test_watches import watch

pytestmark = pytest.mark.slow
WIDTHS = (390, 768, 1440)
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
Violations = list[tuple[str, str, list[str]]]


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


def first(page: Page) -> None:
    page.goto("/")
    page.locator(".suggestions button").first.wait_for()


def unfolded(page: Page) -> None:
    page.goto("/")
    unfold(page)


def with_keys(page: Page) -> None:
    page.goto("/")
    page.locator(".keys-button").dispatch_event("click")
    page.get_by_role("dialog", name="Keys").wait_for()


def listed(page: Page) -> None:
    answered(page)
    page.goto("/chats")
    page.get_by_role("button", name="Pin").click()
    page.get_by_text("Rename").click()


def chats_found(page: Page) -> None:
    answered(page)
    page.goto("/chats?q=officials")
    page.locator(".match mark").wait_for()


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
    page.get_by_text("Where this quote is").click()


def stepping(page: Page) -> None:
    read_quote(page)
    page.get_by_role("link", name="Next").click()


def articles(page: Page) -> None:
    page.goto("/articles")


def found(page: Page) -> None:
    page.goto("/articles?q=soldiers")
    page.locator(".narrow summary").click()
    page.get_by_text("With the selected articles").click()


def collected(page: Page) -> None:
    collect(page)
    page.get_by_text("With the selected articles").click()
    page.get_by_text("Delete this collection").click()


def removing(page: Page) -> None:
    page.goto("/articles")
    page.get_by_role("checkbox", name="Select").first.check()
    page.get_by_text("With the selected articles").click()
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
    page.get_by_text("Stop watching").click()


def watches(page: Page) -> None:
    page.goto("/watches")
    page.get_by_text("Watch a question").click()


def docs(page: Page) -> None:
    page.goto("/api/docs")
    for opened in (".snippets summary", "summary:has-text('Response')", ".try summary"):
        page.locator(opened).first.click()


def disagreeing(page: Page) -> None:
    page.goto("/?q=How many North Korean soldiers were killed or wounded?")
    page.locator(".row").first.focus()


def collections(page: Page) -> None:
    page.goto("/collections")


def without_page(page: Page) -> None:
    page.goto("/nothing")


@pytest.fixture
def viewport() -> ViewportSize:
    """The screen on which a page is opened; it is then looked at on all."""
    return DESKTOP


@pytest.mark.parametrize(
    "visit",
    [
        first,
        unfolded,
        with_keys,
        answered,
        in_several_quotes,
        disagreeing,
        abstaining,
        listed,
        chats_found,
        checked,
        cited,
        stepping,
        articles,
        found,
        collections,
        collected,
        removing,
        uploading,
        signing_in,
        watched,
        watches,
        docs,
        without_page,
    ],
)
def test_axe_finds_nothing(page: Page, visit: Callable[[Page], None]) -> None:
    visit(page)
    assert findings(page) == []


def test_axe_finds_nothing_in_versions(page: Page, versions: list[Article]) -> None:
    for path in (f"/articles/{versions[0].id}?start=0&end=9", f"/articles/{versions[2].id}/changes"):
        page.goto(path)
        assert findings(page) == [], path


def findings(page: Page) -> list[tuple[int, str, Violations]]:
    """Return what axe finds at each width and in each colour scheme, in which something is found."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found.append((width, scheme, violations(page)))
    return [(width, scheme, wrong) for width, scheme, wrong in found if wrong]


def violations(page: Page) -> Violations:
    """Return what axe finds now: the rule, what it asks for, and where it is broken."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["help"], [node["html"] for node in v["nodes"]]) for v in found]
