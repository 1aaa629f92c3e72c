"""Text from outside: what is no text is refused wherever it comes in, and what acts stays where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from index.articles import Article
from service.wiring import Components
from tests.conftest import TROOPS
from tests.service.web.api.test_api import problem
from tests.service.web.pages.test_pages import csrf

QUESTION = "How many troops were sent?"
QUERY: dict[str, Any] = {"question": QUESTION}
ARTICLE = f"/api/articles/{TROOPS.id}"
TEXT_FIELDS = ("title", "publisher", "agency", "author", "url", "published")


ACTING = "Troops \u202e\u2066\x1b[31m move"


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/api/query", {"question": "{} troops"}, "question"),
        ("POST", "/api/query", QUERY | {"without": ["{}"]}, "without"),
        ("POST", "/api/query", QUERY | {"filters": {"publisher": ["Sky", "S{}"]}}, "filters.publisher"),
        ("POST", "/api/query", QUERY | {"filters": {"article_id": ["{}"]}}, "filters.article_id.0"),
        ("POST", "/api/query", QUERY | {"filters": {"published_from": "{}"}}, "filters.published_from"),
        ("POST", "/api/query", QUERY | {"conversation_id": "{}"}, "conversation_id"),
        ("POST", "/api/query", QUERY | {"as_of": "{}"}, "as_of"),
        ("POST", "/api/query", QUERY | {"{}": 1}, "body"),
        ("POST", "/api/verify", {"quote": "sent {} troops"}, "quote"),
        ("POST", "/api/verify", {"quote": "sent troops", "article_id": "{}"}, "article_id"),
        ("POST", "/api/feedback", {"question": "{}", "answer": None}, "question"),
        ("POST", "/api/feedback", {"question": QUESTION, "answer": None, "note": "{}"}, "note"),
        ("POST", "/api/feedback", {"answer_id": "{}"}, "answer_id"),
        ("POST", "/api/articles", {"text": "New. {}"}, "text"),
        ("POST", "/api/articles", {"text": "New.", "{}": "x"}, "body"),
        *(("POST", "/api/articles", {"text": "New.", name: "a{}"}, name) for name in TEXT_FIELDS),
        *(("PATCH", ARTICLE, {name: "a{}"}, name) for name in TEXT_FIELDS),
    ],
)
def test_half_of_a_surrogate_pair_is_refused_and_its_field_named(
    client: FlaskClient, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    assert problem(client.open(path, method=method, json=filled(body, "\ud800"))) == (422, [field])


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/query", {"question": "{} troops"}, "question"),
        ("/api/query", QUERY | {"without": ["{}"]}, "without"),
        ("/api/query", QUERY | {"filters": {"publisher": ["{}"]}}, "filters.publisher"),
        ("/api/verify", {"quote": "sent {} troops"}, "quote"),
        ("/api/feedback", {"question": QUESTION, "answer": None, "note": "{}"}, "note"),
        ("/api/articles", {"text": "New. {}"}, "text"),
    ],
)
def test_nul_is_refused_and_its_field_named(client: FlaskClient, path: str, body: dict[str, Any], field: str) -> None:
    assert problem(client.post(path, json=filled(body, "\0"))) == (422, [field])


def filled(value: Any, character: str) -> Any:
    """Return the body with the character in each place that is marked."""
    if isinstance(value, dict):
        return {key.replace("{}", character): filled(inner, character) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, character) for inner in value]
    return value.replace("{}", character) if isinstance(value, str) else value


def test_forms_replace_bytes_that_are_no_text(client: FlaskClient) -> None:
    form = f"csrf_token={csrf(client)}&q=How+many+troops%ED%A0%80%3F&publisher=%ED%A0%80&without=%ED%A0%80"
    response = client.post("/chat", data=form, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert client.get("/api/query?q=troops%ED%A0%80").status_code == 200


class _Reader(HTMLParser):
    """Finds foreign text that stands in one paragraph with ours, and is not isolated from it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.isolated = 0
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "input", "br"}:
            self.open.append(tag == "bdi" or dict(attrs).get("dir") == "auto")

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"meta", "link", "input", "br"}:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "\u202e" in data:
            self.isolated += any(self.open)
            if not any(self.open):
                self.bare.append(self.get_starttag_text() or "")


def test_foreign_text_is_isolated_on_every_page_and_stays_as_it_is(client: FlaskClient, components: Components) -> None:
    text = f"Officials said 10,000 troops {ACTING} were sent.\n\nMore followed."
    url = "https://example.org/acting"
    old = Article(text, title=f"Old {ACTING}", publisher=f"Sky {ACTING}", author=f"Ann {ACTING}", url=url)
    new = replace(old, text=text.replace("More", "Less"), title=f"New {ACTING}", published=date(2024, 12, 20))
    list(components.ingester.add([old, new]))
    asked = {"q": f"How many troops {ACTING} were sent?", "publisher": new.publisher, "csrf_token": csrf(client)}
    conversation = client.post("/chat", data=asked).headers["Location"].partition("#")[0]
    pages = [conversation, "/", "/chats", "/articles"]
    pages += [f"/articles/{new.id}?start=0&end=20", f"/articles/{old.id}", f"/articles/{new.id}/changes"]
    for page in pages:
        reader = _Reader()
        reader.feed(client.get(page).text)
        assert (reader.bare, reader.isolated > 0) == ([], True), page
    assert str(escape(new.text)) in client.get(f"/articles/{new.id}").text  # not a character more or less
    verified = _Reader()
    verified.feed(client.post("/verify", data={"text": f"“{text[:60]}”", "csrf_token": csrf(client)}).text)
    assert (verified.bare, verified.isolated > 0) == ([], True)
    removed = client.post(f"/articles/{new.id}/remove", data={"csrf_token": csrf(client)}, follow_redirects=True)
    assert r"Removed “New Troops \u202e\u2066\u001b[31m move”." in removed.text
