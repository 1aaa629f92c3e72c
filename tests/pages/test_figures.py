"""The chart of figures that differ, in a real browser: how it looks whatever it is given, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from flask import render_template_string
from flask_openapi3 import OpenAPI
from playwright.sync_api import FloatRect, Locator, Page, expect

from service.english.hedges import Hedge
from service.schemas.quotes import FigureBody
from tests.pages.conftest import DESKTOP
from tests.pages.test_accessibility import violations
from tests.pages.test_chat import ask
from tests.service.web.pages.test_figures import figure

pytestmark = pytest.mark.slow
QUESTION = "How many North Korean soldiers were killed or wounded?"
LONG = {"publisher": "The Very Long Named " * 8 + "Post", "title": "Unbreakable" * 20}
CASES = {
    "two": [figure(30, "at least 30", Hedge.AT_LEAST), figure(100, "up to 100", Hedge.AT_MOST)],
    "one": [figure(12)],
    "equal": [figure(5), figure(5), figure(5)],
    "zero": [figure(0), figure(0)],
    "orders": [figure(2), figure(700), figure(3_400_000, "about 3.4 million", Hedge.ABOUT)],
    "negative": [figure(-40), figure(60), figure(0)],
    "close": [figure(50.1, "50.1%", unit="%"), figure(50.3, "50.3%", unit="%")],
    "huge": [figure(1.25e12, "about $1.25 trillion", Hedge.ABOUT, unit="$"), figure(4e12, "$4 trillion", unit="$")],
    "long": [figure(31, "31 " + "elsewhere " * 3, None, **LONG), figure(1_000_000, "1,000,000" * 4, None, **LONG)],
    "markup": [figure(3, "<img src=x>", publisher="<b>A</b>"), figure(4, "שלום 4", publisher="צ")],
    "forty": [figure(n * n, hedge=list(Hedge)[n % 3]) for n in range(1, 41)],
}

Draw = Callable[[Sequence[FigureBody]], None]
_PAGE = """{% extends "base.html" %}{% from "chat/_figures.html" import figures with context %}{% block content %}
<div class="column"><h1>Drawn</h1><div class="answer">{{ figures(answer) }}</div></div>{% endblock %}"""


@pytest.fixture
def draw(page: Page, app: OpenAPI) -> Draw:
    """Open a page with a chart of these figures, under our policy and with our style sheet."""

    def drawn(figures: Sequence[FigureBody]) -> None:
        with app.test_request_context("/"):
            html = render_template_string(_PAGE, answer={"figures": figures, "turn": 1, "answer_id": "x"})
        policy = app.test_client().get("/").headers["Content-Security-Policy"]
        headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
        page.route("**/drawn", lambda route: route.fulfill(body=html, headers=headers))
        page.goto("/drawn")

    return drawn


@pytest.mark.parametrize("figures", CASES.values(), ids=CASES)
def test_chart_fits_and_can_be_read(page: Page, draw: Draw, figures: list[FigureBody]) -> None:
    draw(figures)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    column, chart = box(page.locator(".answer")), box(page.locator(".chart"))
    assert column["width"] == chart["width"]
    dots = page.locator(".dot circle").evaluate_all("dots => dots.map(dot => dot.getBoundingClientRect().toJSON())")
    assert len(dots) == len(figures)
    assert all(dot["left"] >= 0 and dot["right"] <= column["x"] + column["width"] for dot in dots)
    assert [dot["top"] for dot in dots] == sorted({dot["top"] for dot in dots})
    sizes = "found => found.map(one => parseFloat(getComputedStyle(one).fontSize))"
    assert min(page.locator(".chart :is(text, span, time, bdi, strong, figcaption, a)").evaluate_all(sizes)) >= 12
    targets = page.locator(".row" if page.viewport_size == DESKTOP else ".chart a")
    assert min(targets.evaluate_all("links => links.map(link => link.getBoundingClientRect().height)")) >= 44
    assert overlaps(page, ".axis text") == []
    assert violations(page) == []


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found is not None
    return found


def overlaps(page: Page, selector: str) -> list[str]:
    """Return the visible texts that reach into the next one."""
    found: list[str] = page.locator(selector).evaluate_all("""texts => texts
        .filter(text => text.getClientRects().length)
        .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }))
        .filter(({ box }, number, all) => number + 1 < all.length && box.right > all[number + 1].box.left)
        .map(({ text }) => text)""")
    return found


def test_rows_lead_to_their_quotes_and_the_dot_is_joined_to_its_row(page: Page, draw: Draw) -> None:
    draw(CASES["two"])
    row = page.get_by_role("link", name="at least 30 The Daily · 16 Dec 2024")
    expect(row).to_have_attribute("href", f"{CASES['two'][0].quote.permalink}&answer=x#quote")
    plot, line, dot, label = (box(row.locator(name)) for name in (".plot", "line", "circle", ".label"))
    before = row.locator(".plot").evaluate("plot => parseFloat(getComputedStyle(plot, '::before').width)")
    assert plot["x"] - before <= label["x"] + label["width"]
    assert line["x"] == pytest.approx(plot["x"], abs=1)
    assert line["x"] + line["width"] == pytest.approx(dot["x"] + dot["width"] / 2, abs=1)


def test_whisker_of_at_least_goes_to_more_and_of_at_most_to_less(page: Page, draw: Draw) -> None:
    draw(CASES["two"])
    reach = """whiskers => whiskers.map(path => {
        const dot = path.parentElement.querySelector("circle").getBoundingClientRect();
        const { left, right } = path.getBoundingClientRect();
        return [left < dot.left, right > dot.right];
    })"""
    assert page.locator(".dot path").evaluate_all(reach) == [[False, True], [True, False]]
    expect(page.locator(".chart figcaption")).to_have_text("→ at least ← at most Save as SVG Save as CSV")


def test_quote_is_shown_by_mouse_and_keyboard_until_escape(page: Page, draw: Draw) -> None:
    draw(CASES["two"])
    first, second = page.locator(".row").all()
    first.hover()
    expect(first.locator(".tip")).to_have_text("There were at least 30, officials said.")
    expect(first.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(first.locator(".tip")).to_be_hidden()
    page.mouse.move(0, 0)
    first.focus()
    page.keyboard.press("Tab")
    expect(second.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(second.locator(".tip")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    expect(first.locator(".tip")).to_be_visible()
    page.keyboard.press("Tab")
    expect(second.locator(".tip")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP], indirect=True, ids=["desktop"])
def test_mouse_goes_from_label_to_label_whatever_is_shown_beside_them(page: Page, draw: Draw) -> None:
    draw(CASES["two"])
    first, second = page.locator(".row").all()
    first.locator(".label").hover()
    expect(first.locator(".tip")).to_be_visible()
    place = box(second.locator(".label"))
    page.mouse.move(place["x"] + place["width"] - 5, place["y"] + 5, steps=10)
    expect(second.locator(".tip")).to_be_visible()
    expect(first.locator(".tip")).to_be_hidden()


def test_table_has_every_figure_and_is_folded_if_long(page: Page, draw: Draw) -> None:
    draw(CASES["forty"])
    table = page.get_by_role("table", name="Figures by day")
    expect(table).to_have_count(0)
    page.get_by_text("All 40 figures with their quotes").click()
    expect(table.get_by_role("rowheader")).to_have_count(40)
    expect(table.get_by_role("row").nth(1)).to_contain_text("There were 1, officials said.")


def test_row_opens_the_article_beside_and_the_chart_is_saved(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    row = page.get_by_role("link", name="At least 100 Starter Articles")
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".beside mark#quote")).to_contain_text("about 1,000 wounded")
    expect(row).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as SVG").click()
    written = saved.value.path().read_text(encoding="utf-8")
    assert written.startswith("<svg")
    assert f"<title>{QUESTION}</title>" in written
    page.goto(page.get_by_role("link", name="Save as SVG").get_attribute("href") or "")
    expect(page.locator("text").first).to_be_visible()


def test_chart_needs_no_javascript(plain_page: Page) -> None:
    plain_page.goto("/")
    ask(plain_page, QUESTION)
    row = plain_page.locator(".row").first
    row.focus()
    plain_page.keyboard.press("Tab")
    expect(plain_page.locator(".row").nth(1).locator(".tip")).to_be_visible()
    plain_page.keyboard.press("Enter")
    expect(plain_page.locator("mark#quote")).to_contain_text("about 1,000 wounded")
