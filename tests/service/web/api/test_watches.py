from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.application.keys import Scope
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import TROOPS
from tests.service.application.test_watches import add, later

QUESTION = "How many troops were sent?"


def make(client: FlaskClient, **body: object) -> Any:
    response = client.post("/api/watches", json={"question": QUESTION} | body)
    assert response.status_code == 201, response.text
    return response.json


def test_watch_is_made_listed_shown_checked_and_deleted(client: FlaskClient, newsquote: Newsquote) -> None:
    made = make(client, filters={"publisher": ["The Daily"]})
    assert made.pop("secret") is None
    assert (made["question"], made["filters"]["publisher"], made["entries"]) == (QUESTION, ["The Daily"], 0)
    assert client.get("/api/watches").json == {"watches": [made]}
    add(newsquote, later("North Korea sent 12,000 troops, officials said.", publisher="The Daily"))
    address = f"/api/watches/{made['id']}"
    assert client.post(f"{address}/check", json={}).json == {"entries": 1}
    shown: Any = client.get(address).json
    assert (shown["entries"], shown["checked_at"][-1], shown["beginning"]["answer"]["text"]) == (1, "Z", "10,000")
    (entry,) = shown["timeline"]
    assert (entry["kind"], entry["label"], entry["delivery"]) == ("figure", "Another figure", "none")
    assert (entry["answer"]["answer"]["text"], entry["answer"]["answer_id"]) == ("12,000", None)
    assert [figure["amount"] for figure in entry["answer"]["figures"]] == ["10,000", "12,000"]
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.get("/api/watches").json == {"watches": []}


def test_offsets_of_an_entry_are_those_of_the_exact_text(client: FlaskClient, newsquote: Newsquote) -> None:
    made = make(client)
    add(newsquote, later("It rained. North Korea sent 12,000 troops, officials said."))
    client.post(f"/api/watches/{made['id']}/check", json={})
    shown: Any = client.get(f"/api/watches/{made['id']}").json
    (quote,) = shown["timeline"][0]["answer"]["quotes"]
    text = client.get(f"/api/articles/{quote['article']['id']}/text").text
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert text[quote["answer"]["start"] : quote["answer"]["end"]] == "12,000"


def test_answer_is_watched_by_its_id(client: FlaskClient) -> None:
    answer: Any = client.post("/api/query", json={"question": QUESTION}).json
    response = client.post("/api/watches", json={"answer_id": answer["answer_id"]})
    assert response.status_code == 201
    assert response.json is not None
    assert response.json["question"] == QUESTION
    for unknown in ("x" * 22, ""):
        assert client.post("/api/watches", json={"answer_id": unknown}).status_code == 404


def test_secret_of_a_webhook_is_told_once(client: FlaskClient) -> None:
    made = make(client, webhook="https://example.org/hook")
    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in client.get(f"/api/watches/{made['id']}").text
    assert made["secret"] not in client.get("/api/watches").text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"question": QUESTION, "answer_id": "x" * 22}, "body"),
        ({"answer_id": "x" * 22, "filters": {"publisher": ["The Daily"]}}, "body"),
        ({"question": " "}, "question"),
        ({"question": "?"}, "question"),
        ({"question": QUESTION, "webhook": "gopher://example.org"}, "webhook"),
        ({"question": QUESTION, "webhook": "https://example.org/" + "a" * 2_000}, "webhook"),
        ({"question": QUESTION, "filters": {"article_id": [TROOPS.id]}}, "filters.article_id"),
        ({"question": QUESTION, "colour": "red"}, "colour"),
    ],
)
def test_bad_body_is_refused_by_name(client: FlaskClient, body: dict[str, object], field: str) -> None:
    response = client.post("/api/watches", json=body)
    assert response.status_code == 422
    assert response.json is not None
    assert [error["field"] for error in response.json["errors"]] == [field]


def test_too_many_watches_are_a_conflict(settings: Settings, components: Components) -> None:
    components.settings = settings.model_copy(update={"max_watches": 1})
    client = create_app(Newsquote(components)).test_client()
    make(client)
    assert client.post("/api/watches", json={"question": QUESTION}).status_code == 409


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/watches"),
        ("POST", "/api/watches"),
        ("GET", "/api/watches/x"),
        ("DELETE", "/api/watches/x"),
        ("POST", "/api/watches/x/check"),
    ],
)
def test_all_of_it_needs_an_admin(settings: Settings, components: Components, method: str, path: str) -> None:
    components.settings = Settings.checked(**settings.model_dump() | {"admin_token": "s3cret"})
    newsquote = Newsquote(components)
    client = create_app(newsquote).test_client()
    body = None if method in {"GET", "DELETE"} else {"question": QUESTION}
    key = newsquote.keys.make("ann", [Scope.ASK, Scope.ADD])
    assert client.open(path, method=method, json=body).status_code == 401
    for shown in (key, "wrong"):
        headers = {"Authorization": f"Bearer {shown}"}
        assert client.open(path, method=method, json=body, headers=headers).status_code == 403
    allowed = client.open(path, method=method, json=body, headers={"Authorization": "Bearer s3cret"})
    assert allowed.status_code in {200, 201, 404}
