from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.citing.citations import FORMATS
from service.settings import Settings
from service.wiring import Components
from tests.conftest import TROOPS
from tests.service.web.guards.test_security import client_with

QUESTION = "How many troops were sent?"


def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] | None = client.get("/api/openapi.json").json
    assert found is not None
    return found


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        yield from ((path, method, operation) for method, operation in item.items())


def test_every_error_is_a_problem(client: FlaskClient) -> None:
    for path, method, operation in operations(document(client)):
        errors = {status: one for status, one in operation["responses"].items() if status >= "400"}
        assert {"400", "429", "500", "503"} <= set(errors), path
        for status, one in errors.items():
            if (path, status) != ("/readyz", "503") and status != "431":  # how far it is; the server's own word
                assert list(one["content"]) == ["application/problem+json"], (path, method, status)


def test_descriptions_are_sentences_without_tags(client: FlaskClient) -> None:
    told = [operation.get("description", "") for _, _, operation in operations(document(client))]
    assert [one for one in told if "<" in one or one.strip() != one] == []
    assert any("\n\n" in one for one in told)


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/api/query", "post", "200 400 403 404 409 410 413 415 422 429 500 503"),
        ("/api/query", "get", "200 400 404 410 422 429 431 500 503"),
        ("/api/articles/{article_id}", "get", "200 400 404 410 422 429 500 503"),
        ("/api/articles/{article_id}", "delete", "204 400 401 403 404 410 422 429 500 503"),
    ],
)
def test_statuses_are_named(settings: Settings, components: Components, path: str, method: str, statuses: str) -> None:
    client = client_with(settings, components, admin_token="s3cret")
    assert list(document(client)["paths"][path][method]["responses"]) == statuses.split()


def test_limits_are_those_of_the_settings(settings: Settings, components: Components) -> None:
    limits = {"max_question_chars": 77, "max_top_k": 7, "max_batch": 3, "max_page_size": 9, "max_verify_chars": 99}
    spec = document(client_with(settings, components, **limits))
    body = {
        name: spec["components"]["schemas"][name]["properties"] for name in ("QueryBody", "BatchBody", "VerifyBody")
    }
    assert body["QueryBody"]["question"]["maxLength"] == 77
    assert body["QueryBody"]["top_k"]["maximum"] == 7
    assert body["QueryBody"]["without"]["items"]["maxLength"] == 77
    assert body["BatchBody"]["questions"]["maxItems"] == 3
    assert body["VerifyBody"]["quote"]["maxLength"] == 99
    assert spec["components"]["schemas"]["VerifyTextBody"]["properties"]["text"]["maxLength"] == 99
    assert "maxLength" not in spec["components"]["schemas"]["ArticleBody"]["properties"]["text"]
    fields = spec["components"]["schemas"]["FieldsBody"]["properties"]
    assert fields["publisher"]["anyOf"][0]["maxLength"] == 200
    query = {one["name"]: one["schema"] for one in spec["paths"]["/api/query"]["get"]["parameters"]}
    assert (query["q"]["maxLength"], query["top_k"]["maximum"], query["publisher"]["items"]["maxLength"]) == (77, 7, 77)
    (limit,) = (one for one in spec["paths"]["/api/articles"]["get"]["parameters"] if one["name"] == "limit")
    assert limit["schema"]["maximum"] == 9
    (form,) = (p for p in spec["paths"]["/api/answers/{answer_id}"]["get"]["parameters"] if p["name"] == "format")
    assert form["schema"]["enum"] == ["json", *FORMATS]


def test_token_is_asked_for_where_it_is_needed_alone(settings: Settings, components: Components) -> None:
    spec = document(client_with(settings, components, admin_token="s3cret"))
    secured = {(path, method) for path, method, operation in operations(spec) if operation.get("security")}
    article, collection = "/api/articles/{article_id}", "/api/collections/{collection_id}"
    inside = f"{collection}/articles/{{article_id}}"
    feeds, watches = (
        {(path, method) for path, method, _ in operations(spec) if path.startswith(f"/api/{kind}")}
        for kind in ("feeds", "watches")
    )
    assert (len(feeds), len(watches)) == (7, 5)
    assert secured == {
        *(("/api/articles", "post"), (article, "patch"), (article, "delete")),
        *(("/api/collections", "post"), (collection, "patch"), (collection, "delete")),
        *((inside, "put"), (inside, "delete")),
        *feeds,
        *watches,
    }


def test_server_without_a_token_asks_for_none(client: FlaskClient) -> None:
    spec = document(client)
    assert [path for path, _, operation in operations(spec) if "security" in operation] == []
    assert "securitySchemes" not in spec["components"]


def test_each_schema_is_of_one_model(client: FlaskClient) -> None:
    """Two models of one name would be described as one of them."""
    schemas = document(client)["components"]["schemas"]
    assert set(schemas["SpanBody"]["properties"]) == {"article_id", "start", "end"}
    assert set(schemas["PlaceBody"]["properties"]) == {
        "text",
        "start",
        "end",
        "article",
        "place",
        "permalink",
        "words_left_out",
        "left_out",
    }


def test_moments_have_a_zone(client: FlaskClient) -> None:
    info = client.get(f"/api/articles/{TROOPS.id}").json
    history = client.get(f"/api/articles/{TROOPS.id}/history").json
    assert info is not None
    assert history is not None
    assert info["added_at"].endswith("Z")
    assert history["versions"][0]["added_at"] == info["added_at"]


@pytest.mark.parametrize("day", ["86400", "2024-12-16T00:00:00", "2024-12-1", "٢٠٢٤-١٢-١٦", 20241216])
def test_day_is_written_in_one_way(client: FlaskClient, day: object) -> None:
    assert client.post("/api/query", json={"question": QUESTION, "as_of": day}).status_code == 422


@pytest.mark.parametrize(
    ("number", "status"), [(2, 200), (2.0, 200), (2.5, 422), ("2", 422), (True, 422), (1e300, 422)]
)
def test_number_is_whole_as_json_has_it(client: FlaskClient, number: object, status: int) -> None:
    assert client.post("/api/query", json={"question": QUESTION, "top_k": number}).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("TRACE", "/api/query", 405),
        ("PUT", "/api/articles", 405),
        ("HEAD", "/api/articles", 200),
        ("OPTIONS", "/api/articles", 200),
        ("DELETE", "/api/articles/%00", 404),
        ("GET", "/api/articles/%ED%A0%80", 404),
        ("GET", "/api/answers/%00", 404),
        ("GET", "/api/conversations/" + "9" * 5_000, 404),
        ("GET", "/api/articles?offset=" + "9" * 5_000, 422),
        ("GET", "/api/query?q=%00", 422),
        ("GET", "/api/query?q=%ED%A0%80", 200),
    ],
)
def test_strange_requests_have_their_status(client: FlaskClient, method: str, path: str, status: int) -> None:
    assert client.open(path, method=method).status_code == status


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b'{"question": "\\ud800"}', "application/json", 422),
        (b'{"question": "troops", "without": ["\\udfff"]}', "application/json", 422),
        (b'{"question": "troops", "filters": {"publisher": ["\\ud800"]}}', "application/json", 422),
        (b'{"question": "troops \\u0000"}', "application/json", 422),
        (b'{"question": "troops", "top_k": 1e999}', "application/json", 422),
        (b'{"question": "troops", "top_k": NaN}', "application/json", 422),
    ],
)
def test_strange_bodies_have_their_status(client: FlaskClient, body: bytes, content_type: str, status: int) -> None:
    response = client.post("/api/query", data=body, content_type=content_type)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
