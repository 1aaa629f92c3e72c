"""How far an upload is, shown by a server whose embedder waits for the test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from service.listening import listen
from service.newsquote import Newsquote
from service.readers.reader import Reader
from service.settings import Settings
from service.web.app import create_app
from service.web.serving.server import Server
from service.wiring import Components
from tests.conftest import GatedEmbedder

pytestmark = pytest.mark.slow


@pytest.fixture
def embedder() -> GatedEmbedder:
    return GatedEmbedder()


@pytest.fixture
def server(settings: Settings, embedder: GatedEmbedder, reader: Reader) -> Iterator[str]:
    components = Components(settings.model_copy(update={"port": 0}), embedder, reader)
    server = Server(create_app(Newsquote(components)), listen("127.0.0.1", 0, "port"), components.settings)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    embedder.gate.release(100)
    server.task_dispatcher.shutdown(timeout=60)
    server.stop()
    thread.join(timeout=60)
    components.close()


def upload(page: Page, count: int = 3) -> None:
    """Send articles that are each a batch of its own, with one text to embed."""
    lines = [json.dumps({"text": f"Report {n} came. " * 256, "title": f"Report {n}"}) for n in range(count)]
    page.goto("/articles")
    content = "\n".join(lines).encode()
    page.locator("#files").set_input_files({"name": "a.jsonl", "mimeType": "text/plain", "buffer": content})
    page.get_by_role("button", name="Add").click()


def test_upload_shows_how_far_it_is_and_then_the_result(page: Page, embedder: GatedEmbedder) -> None:
    upload(page)
    bar = page.get_by_role("progressbar", name="0 of 3 articles")
    expect(bar).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    embedder.gate.release()
    bar = page.get_by_role("progressbar", name="1 of 3 articles")
    expect(bar).to_have_js_property("value", 1)
    expect(bar).to_have_js_property("max", 3)
    embedder.gate.release(2)
    expect(page.get_by_role("heading", level=1)).to_have_text("3 articles added")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".articles a")).to_have_text(["Report 0", "Report 1", "Report 2"])
    expect(page).to_have_title("Added · Newsquote")


def test_screen_reader_is_not_told_of_every_article(page: Page, embedder: GatedEmbedder) -> None:
    page.clock.install(time=datetime(2025, 1, 1, tzinfo=UTC))
    page.clock.pause_at(datetime(2025, 1, 2, tzinfo=UTC))
    upload(page)
    told = page.get_by_role("status")
    expect(page.locator(".uploading label")).to_have_text("0 of 3 articles")
    expect(told).to_have_text("Sending the files")
    page.clock.fast_forward(5_000)
    embedder.gate.release()
    expect(told).to_have_text("1 of 3 articles")


def test_cancelled_upload_keeps_what_is_stored_and_goes_on(page: Page, embedder: GatedEmbedder) -> None:
    upload(page)
    embedder.gate.release()
    expect(page.locator(".uploading label")).to_have_text("1 of 3 articles")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("Cancelled at 1 of 3 articles. Articles already added stay;")
    expect(page.get_by_role("link", name="See the articles")).to_be_visible()
    expect(page.get_by_role("button", name="Add")).to_be_focused()
    embedder.gate.release(100)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Already here")).to_be_visible()
    expect(page.locator(".articles a")).to_have_count(3)


def test_upload_that_cannot_be_sent_says_so(page: Page) -> None:
    page.route("**/articles", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    upload(page)
    expect(page.get_by_role("alert")).to_contain_text("The connection to the server was lost.")


def test_upload_that_is_refused_says_why(page: Page) -> None:
    page.goto("/articles")
    page.locator("#files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"\xff"})
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("a.txt: not UTF-8")
    expect(page.get_by_role("button", name="Add")).to_be_visible()
