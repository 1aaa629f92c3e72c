from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.index.store.conftest import counted

QUESTION = "How many troops were sent?"


def problem(response: Any) -> tuple[int, list[str]]:
    """Return the status and the named fields, after checking the shape of the body."""
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert set(body) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert body["status"] == response.status_code
    assert body["detail"]
    for leak in ("Traceback", "/service/", "site-packages", ".py"):
        assert leak not in response.text
    return response.status_code, [error["field"] for error in body["errors"]]


def test_query_answers_as_designed(client: FlaskClient) -> None:
    body = client.post("/api/query", json={"question": QUESTION, "top_k": 1, "as_of": "2024-12-17"}).json
    assert body is not None
    assert 0 <= body.pop("took_ms") < 5_000
    assert [len(body.pop(name)) for name in ("answer_id", "conversation_id", "owner_key")] == [22, 22, 22]
    assert 0 < body.pop("confidence") == body["quotes"][0].pop("confidence") < 1
    assert 0 < body["quotes"][0].pop("score") < 1
    text = "North Korea sent 10,000 troops, officials said."
    assert body == {
        "question": QUESTION,
        "resolved_question": QUESTION,
        "carried": [],
        "without": [],
        "corrected_question": None,
        "without_correction": False,
        "filters": {"published_from": None, "published_to": None, "publisher": [], "article_id": [], "collection": []},
        "outcome": "answered",
        "answerable": True,
        "reason": None,
        "answer": {
            "text": "10,000",
            "kind": "span",
            "parts": [
                {
                    "text": "10,000",
                    "start": 17,
                    "end": 23,
                    "quote": 0,
                    "side": None,
                    "normalized": {"number": 10_000.0, "at_least": False, "unit": ""},
                }
            ],
            "quote": 0,
            "start": 17,
            "end": 23,
            "support": 1,
            "attribution": {"text": "officials said", "start": 32, "end": 46},
        },
        "quotes": [
            {
                "rank": 1,
                "text": text,
                "start": 0,
                "end": 47,
                "answer": {"text": "10,000", "start": 17, "end": 23},
                "attribution": {"text": "officials said", "start": 32, "end": 46},
                "support": 1,
                "highlights": [{"start": 17, "end": 23}],
                "before": "",
                "after": " The 94th brigade was among them.",
                "article": {
                    "id": TROOPS.id,
                    "title": "Troops on the way",
                    "publisher": "The Daily",
                    "author": None,
                    "published": "2024-12-16",
                    "url": "https://example.org/troops",
                    "sha256": TROOPS.sha256,
                },
                "place": None,
                "state": "current",
                "permalink": f"/articles/{TROOPS.id}?start=0&end=47",
                "copies": [],
                "report": None,
            }
        ],
        "groups": [[1]],
        "figures": [],
        "turn": 1,
    }


def test_quotes_can_be_checked_against_the_exact_text(client: FlaskClient) -> None:
    body = client.post("/api/query", json={"question": QUESTION}).json
    assert body is not None
    for quote in body["quotes"]:
        text = client.get(f"/api/articles/{quote['article']['id']}/text").text
        assert text[quote["start"] : quote["end"]] == quote["text"]


def test_abstention_says_so(client: FlaskClient) -> None:
    body = client.post("/api/query", json={"question": "Who won the 1998 World Cup?"}).json
    assert body is not None
    assert (body["answerable"], body["answer"], body["reason"]) == (False, None, "no_evidence")
    assert body["quotes"]


def test_get_asks_the_same(client: FlaskClient) -> None:
    by_get = client.get("/api/query", query_string={"q": QUESTION, "top_k": 2}).json
    by_post = client.post("/api/query", json={"question": QUESTION, "top_k": 2}).json
    assert by_get is not None
    assert by_post is not None
    kept = {"took_ms": 0, "turn": 0, "answer_id": None, "conversation_id": None, "owner_key": None}
    assert {**by_get, "took_ms": 0} == {**by_post, **kept}


def test_filters_are_taken(client: FlaskClient) -> None:
    filters = {"published_from": "2024-04-01", "published_to": "2024-04-30", "publisher": ["Sky"]}
    body = client.post("/api/query", json={"question": QUESTION, "filters": filters}).json
    assert body is not None
    assert {quote["article"]["id"] for quote in body["quotes"]} == {ECLIPSE.id}


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, ["question"]),
        ({"question": ""}, 422, ["question"]),
        ({"question": "   "}, 422, ["question"]),
        ({"question": "?!"}, 422, ["question"]),
        ({"question": 5}, 422, ["question"]),
        ({"question": None}, 422, ["question"]),
        ({"question": "a" * 501}, 422, ["question"]),
        ({"question": QUESTION, "top_k": 0}, 422, ["top_k"]),
        ({"question": QUESTION, "top_k": 21}, 422, ["top_k"]),
        ({"question": QUESTION, "top_k": "many"}, 422, ["top_k"]),
        ({"question": QUESTION, "top_k": "3"}, 422, ["top_k"]),
        ({"question": QUESTION, "as_of": 0}, 422, ["as_of"]),
        ({"question": QUESTION, "as_of": "yesterday"}, 422, ["as_of"]),
        ({"question": QUESTION, "filters": {"published_from": "2024-13-01"}}, 422, ["filters.published_from"]),
        ({"question": QUESTION, "filters": {"publisher": "Sky"}}, 422, ["filters.publisher"]),
        ({"question": QUESTION, "filters": {"article_id": ["x"]}}, 422, ["filters.article_id.0"]),
        ({"question": QUESTION, "filters": {"publisher": ["a"] * 101}}, 422, ["filters.publisher"]),
        ({"question": QUESTION, "filters": {"author": "a"}}, 422, ["filters.author"]),
        ({"question": QUESTION, "topk": 3}, 422, ["topk"]),
        ({"question": QUESTION, "conversation_id": "a" * 65}, 422, ["conversation_id"]),
        ({"question": QUESTION, "conversation_id": "a" * 22}, 404, []),
        ({"question": QUESTION, "without": ["a"] * 101}, 422, ["without"]),
        ({"topk": 3}, 422, ["question", "topk"]),
        (
            {"question": QUESTION, "filters": {"published_from": "2024-02-01", "published_to": "2024-01-31"}},
            422,
            ["filters.published_to"],
        ),
    ],
)
def test_bad_question_names_each_bad_field(
    client: FlaskClient, body: dict[str, Any], status: int, fields: list[str]
) -> None:
    assert problem(client.post("/api/query", json=body)) == (status, fields)


@pytest.mark.parametrize(
    ("data", "content_type", "status", "fields"),
    [
        (b"{", "application/json", 400, ["body"]),
        (b"", "application/json", 400, ["body"]),
        (b"[1]", "application/json", 400, ["body"]),
        (b'"a"', "application/json", 400, ["body"]),
        (b'{"question": "caf\xe9"}', "application/json", 400, ["body"]),
        (b"[" * 10_000, "application/json", 400, ["body"]),
        (b'{"question": "x", "top_k": ' + b"1" * 5_000 + b"}", "application/json", 400, ["body"]),
        ('{"question": "x"}'.encode("utf-16"), "application/json", 400, ["body"]),
        (b"question=a", "application/x-www-form-urlencoded", 415, []),
        (b'{"question": "a"}', "text/plain", 415, []),
    ],
)
def test_body_that_is_no_json_object_is_refused(
    client: FlaskClient, data: bytes, content_type: str, status: int, fields: list[str]
) -> None:
    assert problem(client.post("/api/query", data=data, content_type=content_type)) == (status, fields)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["q"]),
        ("q=", ["q"]),
        ("q=a&top_k=x", ["top_k"]),
        ("q=a&other=1", ["other"]),
    ],
)
def test_bad_query_string_names_its_fields(client: FlaskClient, query: str, fields: list[str]) -> None:
    assert problem(client.get(f"/api/query?{query}")) == (422, fields)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("PUT", "/api/query", 405),
        ("GET", "/api/articles/0000000000000000", 404),
        ("GET", "/api/articles/..%2F..%2Fetc%2Fpasswd", 404),
        ("GET", "/api/articles/' OR 1=1 --", 404),
        ("DELETE", "/api/articles/0000000000000000", 404),
        ("GET", "/api/articles/0000000000000000/text", 404),
        ("GET", "/api/articles?limit=201", 422),
        ("GET", "/api/articles?offset=-1", 422),
        ("GET", "/api/articles?limit=x", 422),
    ],
)
def test_every_error_has_the_one_body(client: FlaskClient, method: str, path: str, status: int) -> None:
    assert problem(client.open(path, method=method))[0] == status


def test_unexpected_error_is_a_500_that_tells_nothing(components: Components, client: FlaskClient) -> None:
    class Broken:
        def answer(self, *_: object) -> None:
            raise RuntimeError("/secret/path.py")

    components.answerer = Broken()  # type: ignore[assignment]
    response = client.post("/api/query", json={"question": QUESTION})
    assert problem(response) == (500, [])
    assert "secret" not in response.text


def test_articles_are_listed_newest_first_in_pages(client: FlaskClient) -> None:
    body = client.get("/api/articles?limit=2").json
    assert body is not None
    assert [article["id"] for article in body["articles"]] == [TROOPS.id, ECLIPSE.id]
    assert (body["total"], body["offset"], body["limit"]) == (3, 0, 2)
    rest = client.get("/api/articles?limit=2&offset=2").json
    assert rest is not None
    assert [article["id"] for article in rest["articles"]] == [PRIZE.id]


def test_article_is_added_once_answered_and_removed(client: FlaskClient) -> None:
    sent = {"text": "date 2024-11-04 (A- B) The moon prize went to the 12th brigade.", "title": "Prize"}
    created = client.post("/api/articles", json=sent)
    assert created.status_code == 201
    assert created.json is not None
    assert (created.json["published"], created.json["publisher"], created.json["title"]) == ("2024-11-04", "B", "Prize")
    again = client.post("/api/articles", json=sent)
    assert (again.status_code, again.json) == (200, created.json)
    path = f"/api/articles/{created.json['id']}"
    assert client.get(path).json == created.json
    assert client.get(path + "/text").text == sent["text"]
    asked = client.post("/api/query", json={"question": "Which brigade got the moon prize?"}).json
    assert asked is not None
    assert asked["quotes"][0]["article"]["id"] == created.json["id"]
    assert client.delete(path).status_code == 204
    for gone in (client.get(path), client.get(path + "/text"), client.delete(path)):
        assert problem(gone) == (410, [])
    asked = client.post("/api/query", json={"question": "Which brigade got the moon prize?"}).json
    assert asked is not None
    assert all(quote["article"]["id"] != created.json["id"] for quote in asked["quotes"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": 5}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "a", "url": "javascript:alert(1)"}, "url"),
        ({"text": "a", "published": "soon"}, "published"),
        ({"text": "a", "title": "t" * 501}, "title"),
        ({"text": "a", "title": "a\0b"}, "title"),
        ({"text": "a", "id": "1"}, "id"),
    ],
)
def test_bad_article_names_its_field(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    assert problem(client.post("/api/articles", json=body)) == (422, [field])


def test_upload_takes_what_is_good_and_names_the_rest(client: FlaskClient) -> None:
    files = [
        (BytesIO(b"One moon."), "one.txt"),
        (BytesIO(TROOPS.text.encode()), "known.txt"),
        (BytesIO(b'{"text": "Two moons."}\n{\n'), "two.jsonl"),
        (BytesIO(b"\x89PNG\0"), "../../x.txt"),
    ]
    response = client.post("/api/articles", data={"files": files})
    assert response.status_code == 201
    assert response.json is not None
    assert [article["title"] for article in response.json["added"]] == ["One moon.", "Two moons."]
    assert [article["id"] for article in response.json["known"]] == [TROOPS.id]
    left_out = [(error["name"], error["line"]) for error in response.json["left_out"]]
    assert left_out == [("two.jsonl", 2), ("../../x.txt", None)]


def test_text_is_kept_exactly_however_it_comes(client: FlaskClient) -> None:
    text = "\n\n  Moons.\r\nSuns.\u00a0\r\n\n"
    by_json = client.post("/api/articles", json={"text": text})
    by_file = client.post("/api/articles", data={"files": [(BytesIO(text.encode()), "a.txt")]})
    by_line = client.post("/api/articles", data={"files": [(BytesIO(json.dumps({"text": text}).encode()), "a.jsonl")]})
    assert by_json.json is not None
    assert by_file.json is not None
    assert by_line.json is not None
    found = by_json.json["id"]
    assert (by_file.json["known"][0]["id"], by_line.json["known"][0]["id"]) == (found, found)
    assert client.get(f"/api/articles/{found}/text").data == text.encode()


def test_upload_of_nothing_readable_is_a_problem(client: FlaskClient) -> None:
    files = [(BytesIO(b""), "a.txt"), (BytesIO(b"{"), "b.jsonl")]
    assert problem(client.post("/api/articles", data={"files": files})) == (422, ["a.txt", "b.jsonl, line 1"])


def test_upload_without_files_or_with_too_many_is_refused(client: FlaskClient) -> None:
    none = client.post("/api/articles", data={"other": "1"}, content_type="multipart/form-data")
    assert problem(none) == (422, ["files"])
    many = [(BytesIO(b"a"), f"{n}.txt") for n in range(51)]
    assert problem(client.post("/api/articles", data={"files": many})) == (422, ["files"])


def test_body_over_the_limit_is_refused(settings: Settings, components: Components) -> None:
    components.settings = settings.model_copy(update={"max_request_bytes": 2_000})
    small = create_app(Newsquote(components)).test_client()
    assert problem(small.post("/api/articles", json={"text": "a" * 3_000}))[0] == 413
    assert problem(small.post("/api/query", json={"question": "a" * 3_000}))[0] == 413


def test_article_over_its_limit_is_refused(settings: Settings, components: Components) -> None:
    small = settings.model_copy(update={"max_article_bytes": 100})
    components.settings = small
    client = create_app(Newsquote(components)).test_client()
    assert problem(client.post("/api/articles", json={"text": "é" * 51})) == (422, ["text"])


def test_what_is_said_about_an_article_can_be_corrected(client: FlaskClient) -> None:
    path = f"/api/articles/{TROOPS.id}"
    before = client.get(path).json
    assert before is not None
    corrected = client.patch(path, json={"title": "Troops gone", "author": "A. Reporter", "url": None})
    assert corrected.status_code == 200
    assert corrected.json == before | {"title": "Troops gone", "author": "A. Reporter", "url": None}
    assert client.get(path).json == corrected.json
    assert client.get(path + "/text").text == TROOPS.text
    body = client.post("/api/query", json={"question": QUESTION}).json
    assert body is not None
    assert body["quotes"][0]["article"]["title"] == "Troops gone"
    assert client.patch(path, json={}).json == corrected.json


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"text": "Other."}, 422, ["text"]),
        ({"id": "0" * 16}, 422, ["id"]),
        ({"published": "soon"}, 422, ["published"]),
        ({"url": "javascript:alert(1)"}, 422, ["url"]),
        ({"title": "t" * 501}, 422, ["title"]),
        ({"title": 5}, 422, ["title"]),
    ],
)
def test_bad_correction_names_its_field(
    client: FlaskClient, body: dict[str, Any], status: int, fields: list[str]
) -> None:
    assert problem(client.patch(f"/api/articles/{TROOPS.id}", json=body)) == (status, fields)


def test_correction_of_nothing_and_bodies_that_are_no_object_are_refused(client: FlaskClient) -> None:
    assert problem(client.patch("/api/articles/0000000000000000", json={"title": "A"}))[0] == 404
    path = f"/api/articles/{TROOPS.id}"
    assert problem(client.patch(path, data=b"[]", content_type="application/json")) == (400, ["body"])
    assert problem(client.patch(path, data=b"title=A", content_type="text/plain")) == (415, [])
    client.delete(path)
    assert problem(client.patch(path, json={"title": "A"}))[0] == 410


def test_article_sent_again_with_other_fields_is_corrected(client: FlaskClient) -> None:
    sent = {"text": PRIZE.text, "title": "A prize for two", "published": "2024-10-08"}
    response = client.post("/api/articles", json=sent)
    assert response.status_code == 200
    assert response.json is not None
    assert (response.json["title"], response.json["published"]) == ("A prize for two", "2024-10-08")
    assert response.json["publisher"] == PRIZE.publisher  # what is not sent stays


def test_history_tells_the_versions_of_an_article(client: FlaskClient, components: Components) -> None:
    removed, newest = (replace(TROOPS, text=f"North Korea sent {n} troops.") for n in ("11,000", "12,000"))
    list(components.ingester.add([removed, newest]))
    components.store.articles.remove(removed.id)
    body = client.get(f"/api/articles/{TROOPS.id}/history").json
    assert body is not None
    added = {version.pop("added_at") for version in body["versions"]}
    assert len(added) == 3
    assert body["versions"] == [
        {"id": TROOPS.id, "title": "Troops on the way", "published": "2024-12-16", "state": "superseded"},
        {"id": removed.id, "title": None, "published": "2024-12-16", "state": "removed"},
        {"id": newest.id, "title": "Troops on the way", "published": "2024-12-16", "state": "current"},
    ]
    assert problem(client.get(f"/api/articles/{removed.id}/history"))[0] == 410
    assert problem(client.get("/api/articles/0000000000000000/history"))[0] == 404


def test_openapi_document_describes_every_route(app: OpenAPI, client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec is not None
    assert spec["openapi"].startswith("3.1")
    described = {
        (path.replace("{", "<").replace("}", ">"), method) for path, ways in spec["paths"].items() for method in ways
    }
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if (rule.rule.startswith("/api/") and rule.endpoint not in {"openapi_json", "api_docs"})
        or rule.endpoint.startswith("health.")
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    assert described == routes
    assert "top_k" in client.get("/api/docs").text
    content = spec["paths"]["/api/articles"]["post"]["requestBody"]["content"]
    either = [{"$ref": f"#/components/schemas/{name}"} for name in ("ArticleBody", "AddressBody")]
    assert content["application/json"]["schema"] == {"anyOf": either}
    assert "text" in spec["components"]["schemas"]["ArticleBody"]["required"]
    assert content["multipart/form-data"]["schema"]["properties"]["files"]["type"] == "array"
    lines = spec["paths"]["/api/articles"]["post"]["responses"]["200"]["content"]["application/x-ndjson"]["schema"]
    events = [line["properties"]["event"]["const"] for line in lines["anyOf"]]
    assert events == ["progress", "result", "result", "problem"]
    for line in lines["anyOf"]:
        assert line["$ref"].rpartition("/")[2] in spec["components"]["schemas"]


def test_health_and_readiness(client: FlaskClient, components: Components) -> None:
    assert client.get("/healthz").json == {"status": "alive", "broken_quotes": 0}
    assert client.get("/readyz").json == {"status": "ready", "broken_quotes": 0}
    components.store.articles.remove(PRIZE.id)
    assert components.engine.lag()
    assert client.get("/readyz").status_code == 200, "asking lets it take in what has changed"
    assert not components.engine.lag()


def test_verify_tells_where_a_quotation_stands(client: FlaskClient) -> None:
    body = client.post("/api/verify", json={"quote": "“sent 10,000 troops”", "article_id": TROOPS.id}).json
    assert body is not None
    (place,) = body.pop("places")
    assert body == {"quote": "“sent 10,000 troops”", "verdict": "verbatim", "elsewhere": False, "changes": []}
    assert (place["text"], place["start"], place["end"]) == ("sent 10,000 troops", 12, 30)
    assert place["permalink"] == f"/articles/{TROOPS.id}?start=12&end=30"


def test_verify_tells_what_differs(client: FlaskClient) -> None:
    body = client.post("/api/verify", json={"quote": "The Moon covered the Earth."}).json
    assert body is not None
    assert body["verdict"] == "altered"
    assert [change for change in body["changes"] if change["differs"]] == [
        {"quote": "Earth.", "article": "Sun.", "differs": True}
    ]


def test_verify_tells_what_a_quotation_leaves_out(client: FlaskClient) -> None:
    body = client.post("/api/verify", json={"quote": "North Korea sent … officials said"}).json
    assert body is not None
    assert (body["verdict"], body["changes"]) == ("words_left_out", [])
    told = [(one["text"], one["start"], one["words_left_out"], one["left_out"]) for one in body["places"]]
    assert told == [("North Korea sent", 0, None, None), ("officials said", 32, 2, " 10,000 troops, ")]
    assert [one["permalink"] for one in body["places"]] == [
        f"/articles/{TROOPS.id}?start=0&end=16",
        f"/articles/{TROOPS.id}?start=32&end=46",
    ]


TEXT = "“The Moon covered the Sun,” he said. “Fake news” was all that “The eclipse lasted ten minutes.” was."


def test_each_quotation_of_a_text_is_verified_with_a_count(client: FlaskClient) -> None:
    body = client.post("/api/verify/text", json={"text": TEXT}).json
    assert body is not None
    assert {verdict: count for verdict, count in body["counts"].items() if count} == {
        "verbatim": 1,
        "altered": 1,
        "too_short": 1,
    }
    assert len(body["counts"]) == 8
    assert [one["verdict"] for one in body["quotations"]] == ["verbatim", "too_short", "altered"]
    assert [TEXT[one["start"] : one["end"]] for one in body["quotations"]] == [
        one["quote"] for one in body["quotations"]
    ]


def test_article_that_a_text_says_it_quotes_is_looked_into_first(client: FlaskClient) -> None:
    body = client.post("/api/verify/text", json={"text": "The Moon covered the Sun", "article_id": TROOPS.id}).json
    assert body is not None
    (found,) = body["quotations"]
    assert (found["verdict"], found["elsewhere"]) == ("verbatim_elsewhere", True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("said.txt", TEXT.encode()),
        ("said.txt", TEXT.encode("windows-1252")),
        ("said.html", f"<article><p>{TEXT}</p><p>{'More was said. ' * 30}</p></article>".encode()),
        ("said.jsonl", json.dumps({"text": TEXT}).encode()),
    ],
)
def test_file_is_verified_and_nothing_of_it_is_kept(client: FlaskClient, name: str, content: bytes) -> None:
    before = client.get("/api/articles").json
    sent = client.post("/api/verify/file", data={"file": (BytesIO(content), name), "encoding": ""})
    assert sent.json is not None
    assert [one["verdict"] for one in sent.json["quotations"]] == ["verbatim", "too_short", "altered"]
    assert client.get("/api/articles").json == before


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"file": [(BytesIO(b"a"), "a.txt"), (BytesIO(b"b"), "b.txt")]}, ["file"]),
        ({"file": (BytesIO(b""), "empty.txt")}, ["empty.txt"]),
        ({"file": (BytesIO(b"MZ"), "said.exe")}, ["said.exe"]),
        ({"file": (BytesIO(b"a " * 10_001), "long.txt")}, ["file"]),
        ({"file": (BytesIO(b'"it rained" ' * 51), "many.txt")}, ["file"]),
        ({"file": (BytesIO(b"?!"), "said.txt")}, ["file"]),
        ({"file": (BytesIO(b'"it rained" '), "said.txt"), "encoding": "klingon"}, ["said.txt"]),
    ],
)
def test_file_that_cannot_be_verified_says_why(client: FlaskClient, data: dict[str, Any], fields: list[str]) -> None:
    assert problem(client.post("/api/verify/file", data=data)) == (422, fields)


def test_parts_of_a_file_that_cannot_be_read_are_named(client: FlaskClient) -> None:
    lines = (json.dumps({"text": TEXT}), "no JSON", json.dumps({"title": "No text"}))
    sent = client.post("/api/verify/file", data={"file": (BytesIO("\n".join(lines).encode()), "said.jsonl")}).json
    assert sent is not None
    assert [(one["name"], one["line"]) for one in sent["left_out"]] == [("said.jsonl", 2), ("said.jsonl", 3)]
    assert len(sent["quotations"]) == 3
    none = client.post("/api/verify/file", data={"file": (BytesIO(b"no JSON"), "said.jsonl")}).json
    assert none is not None
    assert none["detail"].startswith("No text could be read from this file. said.jsonl, line 1: ")


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, ["text"]),
        ({"text": " "}, 422, ["text"]),
        ({"text": "?!"}, 422, ["text"]),
        ({"text": "a " * 10_001}, 422, ["text"]),
        ({"text": "“it rained” " * 51}, 422, ["text"]),
        ({"text": "and … " * 51}, 422, ["text"]),
        ({"text": "it rained", "article_id": "0" * 16}, 404, []),
    ],
)
def test_bad_text_names_each_bad_field(
    client: FlaskClient, body: dict[str, Any], status: int, fields: list[str]
) -> None:
    assert problem(client.post("/api/verify/text", json=body)) == (status, fields)


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, ["quote"]),
        ({"quote": "?!"}, 422, ["quote"]),
        ({"quote": "a " * 10_001}, 422, ["quote"]),
        ({"quote": "moon", "article_id": "x"}, 422, ["article_id"]),
        ({"quote": "moon", "article_id": "0" * 16}, 404, []),
    ],
)
def test_bad_quotation_names_each_bad_field(
    client: FlaskClient, body: dict[str, Any], status: int, fields: list[str]
) -> None:
    assert problem(client.post("/api/verify", json=body)) == (status, fields)


def test_plain_question_takes_few_statements(client: FlaskClient) -> None:
    question = {"question": "How many troops were sent?"}
    client.post("/api/query", json=question)
    with counted() as statements:
        body = client.post("/api/query", json=question).json
    assert body
    assert body["answerable"]
    assert len(statements) <= 15, statements


def test_answer_can_be_called_wrong_by_id_or_by_question(client: FlaskClient, newsquote: Newsquote) -> None:
    answer_id = client.post("/api/query", json={"question": QUESTION}).get_json()["answer_id"]
    place = {"article_id": ECLIPSE.id, "start": 45, "end": 49}
    for body in (
        {"answer_id": answer_id, "note": "It was twelve."},
        {"question": "How long did it last?", "answer": place},
        {"question": "Who won?", "answer": None},
    ):
        assert client.post("/api/feedback", json=body).status_code == 204, body
    told = [(one.turn.question.text, one.turn.answer.outcome, one.note) for one in newsquote.feedback.every()]
    assert told == [
        (QUESTION, "answered", "It was twelve."),
        ("How long did it last?", "answered", ""),
        ("Who won?", "not_in_articles", ""),
    ]


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, ["body"]),
        ({"note": "x"}, 422, ["body"]),
        ({"answer_id": "a" * 22, "question": "Who?"}, 422, ["body"]),
        ({"answer_id": "a" * 22, "answer": {"article_id": ECLIPSE.id, "start": 0, "end": 3}}, 422, ["body"]),
        ({"answer_id": "a" * 22}, 404, []),
        ({"answer_id": "a" * 65}, 422, ["answer_id"]),
        ({"question": " "}, 422, ["question"]),
        ({"question": "a" * 501}, 422, ["question"]),
        ({"question": "Who?", "note": "a" * 1_001}, 422, ["note"]),
        ({"question": "Who?", "note": None}, 422, ["note"]),
        ({"question": "Who?", "answer": {"article_id": "x", "start": 0, "end": 3}}, 422, ["answer.article_id"]),
        ({"question": "Who?", "answer": {"article_id": ECLIPSE.id, "start": -1, "end": 3}}, 422, ["answer.start"]),
        ({"question": "Who?", "answer": {"article_id": ECLIPSE.id, "start": 3, "end": 3}}, 422, []),
        ({"question": "Who?", "answer": {"article_id": "0" * 16, "start": 0, "end": 3}}, 404, []),
        ({"question": "Who?", "vote": 1}, 422, ["vote"]),
    ],
)
def test_bad_feedback_names_each_bad_field(
    client: FlaskClient, body: dict[str, Any], status: int, fields: list[str]
) -> None:
    assert problem(client.post("/api/feedback", json=body)) == (status, fields)


@pytest.mark.parametrize("question", ["Which two scientists opened a school?", "Who won the 1998 World Cup?"])
def test_what_is_not_answered_has_all_quotes_with_what_was_read_in_them(client: FlaskClient, question: str) -> None:
    body = client.post("/api/query", json={"question": question, "top_k": 4}).get_json()
    assert (body["answer"], body["groups"], len(body["quotes"])) == (None, [], 4)
    for quote in body["quotes"]:
        assert quote["start"] <= quote["answer"]["start"] < quote["answer"]["end"] <= quote["end"]


def test_batch_answers_in_order_and_names_what_is_wrong_with_each(client: FlaskClient) -> None:
    questions: list[dict[str, Any]] = [
        {"question": QUESTION, "top_k": 1},
        {"question": "x" * 501},
        {"question": "?"},
        {"question": QUESTION, "filters": {"published_from": "Monday"}, "conversation_id": "a"},
        {"question": "How many scientists share the prize?", "filters": {"publisher": ["The Daily"]}},
    ]
    response = client.post("/api/query/batch", json={"questions": questions})
    assert response.status_code == 200
    assert response.json is not None
    first, long, empty, wrong, last = response.json["answers"]
    alone = client.get("/api/query", query_string={"q": QUESTION, "top_k": 1}).json
    assert alone is not None
    assert {**first, "took_ms": 0} == {**alone, "took_ms": 0}
    assert (first["answer_id"], first["turn"]) == (None, 0)
    assert [(one["status"], [e["field"] for e in one["errors"]]) for one in (long, empty, wrong)] == [
        (422, ["question"]),
        (422, ["question"]),
        (422, ["filters.published_from", "conversation_id"]),
    ]
    assert last["answer"]["text"] == "two"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"questions": []}, ["questions"]),
        ({"questions": [{"question": QUESTION}] * 21}, ["questions"]),
        ({"questions": ["What?"]}, ["questions.0"]),
        ({"questions": {"question": QUESTION}}, ["questions"]),
        ({}, ["questions"]),
    ],
)
def test_batch_that_is_none_or_too_long_is_refused(client: FlaskClient, body: Any, fields: list[str]) -> None:
    assert problem(client.post("/api/query/batch", json=body)) == (422, fields)


def test_failure_at_one_question_of_a_batch_leaves_the_others(
    client: FlaskClient, newsquote: Newsquote, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = newsquote.answer

    def fails_at_moons(question: Any, *turns: Any) -> Any:
        if "moon" in question.text:
            raise RuntimeError("secret")
        return answer(question, *turns)

    monkeypatch.setattr(newsquote, "answer", fails_at_moons)
    questions = [{"question": "Which moon?"}, {"question": QUESTION}]
    body = client.post("/api/query/batch", json={"questions": questions}).json
    assert body is not None
    assert (body["answers"][0]["status"], body["answers"][1]["outcome"]) == (500, "answered")
    assert "secret" not in str(body)


def test_get_takes_the_filters_of_post(client: FlaskClient) -> None:
    filters = {"published_from": "2024-01-01", "publisher": ["The Daily", "Sky"], "article_id": [TROOPS.id, ECLIPSE.id]}
    asked = {"question": QUESTION, "top_k": 2, "filters": filters, "as_of": "2024-12-17", "without_correction": True}
    address = {"q": QUESTION, "top_k": 2, **filters, "as_of": "2024-12-17", "without_correction": "true"}
    posted, got = client.post("/api/query", json=asked).json, client.get("/api/query", query_string=address).json
    assert posted is not None
    assert got is not None
    kept = {"took_ms": 0, "answer_id": None, "conversation_id": None, "owner_key": None, "turn": 0}
    assert got | kept == posted | kept
    assert got["filters"] == filters | {"published_to": None, "collection": []}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"publisher": ["a"] * 101}, "publisher"),
        ({"publisher": "x" * 501}, "filters.publisher"),
        ({"article_id": "secret"}, "article_id.0"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "86400"}, "as_of"),
        ({"without_correction": "1"}, "without_correction"),
        ({"published_from": "2024-02-01", "published_to": "2024-01-01"}, "filters.published_to"),
        ({"conversation_id": "a"}, "conversation_id"),
    ],
)
def test_get_refuses_what_post_refuses(client: FlaskClient, more: dict[str, Any], field: str) -> None:
    assert problem(client.get("/api/query", query_string={"q": QUESTION, **more})) == (422, [field])


@pytest.mark.parametrize(
    ("path", "field", "limit"),
    [("/api/query", "question", 500), ("/api/verify", "quote", 20_000), ("/api/collections", "name", 100)],
)
def test_text_is_held_to_its_length_as_it_was_sent(client: FlaskClient, path: str, field: str, limit: int) -> None:
    sent = [client.post(path, json={field: text}).status_code for text in (" " + "a" * limit, " " + "a" * (limit - 1))]
    assert (sent[0], sent[1] < 300) == (422, True)
    assert problem(client.post(path, json={field: " "}))[0] == 422
