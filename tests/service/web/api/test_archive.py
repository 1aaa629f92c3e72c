"""Articles listed, counted and exported over the API, and collections."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.store import collections
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.service.web.guards.test_security import client_with


def got(client: FlaskClient, path: str, **query: object) -> dict[str, Any]:
    response = client.get(path, query_string=query)
    found: dict[str, Any] | None = response.json
    assert (response.status_code, found is None) == (200, False), response.text
    return found or {}


def made(client: FlaskClient, name: str) -> str:
    response = client.post("/api/collections", json={"name": name})
    assert (response.status_code, response.json is None) == (201, False)
    return str((response.json or {})["id"])


def ids(body: dict[str, Any]) -> list[str]:
    return [article["id"] for article in body["articles"]]


def test_list_is_searched_narrowed_and_sorted(client: FlaskClient) -> None:
    path = "/api/articles"
    assert ids(got(client, path, q="troops kyiv")) == [TROOPS.id]
    assert ids(got(client, path, publisher=["The Daily", "Sky"], sort="oldest")) == [ECLIPSE.id, TROOPS.id, PRIZE.id]
    assert ids(got(client, path, month="2024-04")) == [ECLIPSE.id]
    assert got(client, path, q="the", sort="newest", limit=1, offset=1)["total"] == 3
    assert ids(got(client, path, sort="added")) == [PRIZE.id, ECLIPSE.id, TROOPS.id]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=worst", "sort"),
        ("sort=best", "sort"),
        ("month=2024-13", "month"),
        ("month=2024", "month"),
        ("month=0000-01", "month"),
        ("collection=Nowhere", "collection"),
        ("q=%00", "q"),
        ("q=?", "q"),
        ("publisher=%00", "filters.publisher"),
        ("source=x", "source.0"),
        ("colour=red", "colour"),
        ("offset=-1", "offset"),
    ],
)
@pytest.mark.parametrize("path", ["/api/articles", "/api/articles/counts", "/api/articles/export"])
def test_what_is_wrong_with_a_list_is_named(client: FlaskClient, path: str, query: str, field: str) -> None:
    if path != "/api/articles" and field in {"sort", "offset"}:
        field = query.partition("=")[0]  # which they do not have
    response = client.get(f"{path}?{query}")
    body = response.get_json(force=True)
    assert (response.status_code, [error["field"] for error in body["errors"]]) == (422, [field])


def test_counts_say_what_each_choice_would_leave(client: FlaskClient) -> None:
    sky = made(client, "Sky")
    client.put(f"/api/collections/{sky}/articles/{ECLIPSE.id}")
    assert got(client, "/api/articles/counts", publisher="Sky") == {
        "total": 1,
        "publishers": [{"value": "The Daily", "articles": 2}, {"value": "Sky", "articles": 1}],
        "months": [{"value": "2024-04", "articles": 1}],
        "collections": [{"id": sky, "name": "Sky", "articles": 1}],
        "sources": [],
    }
    assert got(client, "/api/articles/counts", q="troops")["publishers"] == [{"value": "The Daily", "articles": 1}]


def test_export_is_a_file_of_lines_that_can_be_sent_back(client: FlaskClient, newsquote: Newsquote) -> None:
    made(client, "Empty")
    response = client.get("/api/articles/export", query_string={"q": "prize"})
    assert response.content_type == "application/x-ndjson"
    assert response.headers["Content-Disposition"] == 'attachment; filename="newsquote-articles.jsonl"'
    (line,) = response.text.splitlines()
    assert json.loads(line)["text"] == PRIZE.text
    newsquote.remove(PRIZE.id)
    files = {"files": (BytesIO(response.data), "a.jsonl"), "collection": ["Prizes", "Found again"]}
    added = client.post("/api/articles", data=files).json
    assert added is not None
    assert [one["name"] for one in added["added"][0]["collections"]] == ["Found again", "Prizes"]


def test_collection_is_made_filled_renamed_and_deleted(client: FlaskClient) -> None:
    war = made(client, " War ")
    inside = f"/api/collections/{war}/articles/{TROOPS.id}"
    assert [client.put(inside).status_code for _ in range(2)] == [204, 204]
    told = got(client, f"/api/collections/{war}")
    assert (told["name"], told["articles"], told["made_at"][-1]) == ("War", 1, "Z")
    assert client.patch(f"/api/collections/{war}", json={"name": "Kursk"}).json == told | {"name": "Kursk"}
    assert ids(got(client, "/api/articles", collection="Kursk")) == [TROOPS.id]
    assert got(client, f"/api/articles/{TROOPS.id}")["collections"] == [{"id": war, "name": "Kursk"}]
    assert client.delete(inside).status_code == 204
    assert got(client, "/api/collections")["collections"] == [told | {"name": "Kursk", "articles": 0}]
    assert client.delete(f"/api/collections/{war}").status_code == 204
    assert client.get(f"/api/collections/{war}").status_code == 404
    assert client.get(f"/api/articles/{TROOPS.id}").status_code == 200


def test_question_is_asked_within_a_collection(client: FlaskClient) -> None:
    sky = made(client, "Sky")
    client.put(f"/api/collections/{sky}/articles/{ECLIPSE.id}")
    for asked in (
        client.post("/api/query", json={"question": "How many troops?", "filters": {"collection": ["Sky"]}}),
        client.get("/api/query", query_string={"q": "How many troops?", "collection": sky}),
    ):
        body = asked.json
        assert body is not None
        assert {quote["article"]["id"] for quote in body["quotes"]} == {ECLIPSE.id}
        assert body["filters"]["collection"] == [sky]
    wrong = client.post("/api/query", json={"question": "How many?", "filters": {"collection": ["Sea"]}})
    assert wrong.status_code == 422
    assert "no collection is called 'Sea'" in wrong.get_json(force=True)["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/collections", {"name": ""}, 422),
        ("POST", "/api/collections", {"name": "a" * 101}, 422),
        ("POST", "/api/collections", {"name": "War", "colour": "red"}, 422),
        ("POST", "/api/collections", {"name": "War"}, 422),
        ("PATCH", "/api/collections/nothing", {"name": "Sea"}, 404),
        ("DELETE", "/api/collections/%00", None, 404),
        ("PUT", "/api/collections/{war}/articles/0000000000000000", None, 404),
        ("PUT", "/api/collections/{war}/articles/%ED%A0%80", None, 404),
        ("DELETE", "/api/collections/nothing/articles/" + TROOPS.id, None, 404),
    ],
)
def test_collections_refuse(client: FlaskClient, method: str, path: str, body: object, status: int) -> None:
    war = made(client, "War")
    response = client.open(path.format(war=war), method=method, json=body)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_no_more_collections_can_be_made(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "MAX_COLLECTIONS", 1)
    made(client, "One")
    assert client.post("/api/collections", json={"name": "Two"}).status_code == 409
    text = {"text": "It rained.", "collections": ["Two"]}
    assert client.post("/api/articles", json=text).status_code == 409


def test_changing_collections_asks_for_the_token_and_reading_does_not(
    settings: Settings, components: Components
) -> None:
    war = components.store.collections.make("War")
    assert war is not None
    client = client_with(settings, components, admin_token="s3cret")
    inside = f"/api/collections/{war.id}/articles/{TROOPS.id}"
    changes: list[tuple[str, str, object]] = [
        ("POST", "/api/collections", {"name": "Sea"}),
        ("PATCH", f"/api/collections/{war.id}", {"name": "Sea"}),
        ("PUT", inside, None),
        ("DELETE", inside, None),
        ("DELETE", f"/api/collections/{war.id}", None),
    ]
    for method, path, body in changes:
        assert client.open(path, method=method, json=body).status_code == 401, (method, path)
    for path in ("/api/collections", f"/api/collections/{war.id}", "/api/articles/export", "/api/articles/counts"):
        assert client.get(path).status_code == 200


def test_lists_allow_only_reading(client: FlaskClient) -> None:
    for path in ("/api/articles/counts", "/api/articles/export"):
        assert set(client.options(path).headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("number", [0, -1, 2**31 + 1, 2**70])
def test_source_that_no_database_could_number_is_refused(client: FlaskClient, number: int) -> None:
    assert client.get("/api/articles", query_string={"source": number}).status_code == 422
    assert client.get("/articles", query_string={"source": number}).status_code == 422
