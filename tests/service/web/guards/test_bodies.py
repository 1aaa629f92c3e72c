from __future__ import annotations

import json
import time
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.newsquote import Newsquote
from service.schemas.problems import MAX_NAMED
from service.settings import Settings
from service.web.app import create_app
from service.web.errors import BadJson
from service.web.guards.bodies import MAX_DEPTH, MAX_PARTS, parsed
from service.wiring import Components
from tests.service.web.pages.test_pages import csrf

QUESTION = "How many troops were sent?"


def post(client: FlaskClient, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    response = client.post(path, data=body, content_type="application/json")
    return response.status_code, json.loads(response.data)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"question": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}", "nested more than 8 levels deep"),
        (b'{"question": ' + b"[" * 100_000, "nested more than 8 levels deep"),
        (b'{"a": [' + b"1," * MAX_PARTS + b"1]}", "more than 1,000 keys and values"),
        (b"{" + b'"a":1,' * (MAX_PARTS // 2) + b'"b":1}', "more than 1,000 keys and values"),
        (b'{"question": "[[[', "broken JSON: Unterminated string"),
        (b'{"question": ' + b"9" * 5_000 + b"}", "Exceeds the limit"),
        (b'{"question": "\xff"}', "not UTF-8"),
        (b"[1]", "JSON, but not an object"),
    ],
)
def test_body_that_holds_too_much_or_is_no_json_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(BadJson, match=message.replace(",", ".?")):
        parsed(body)


def test_marks_inside_of_strings_are_text() -> None:
    text = '[{,:"\\' * 2_000
    assert parsed(json.dumps({"text": text, "title": "a"}).encode()) == {"text": text, "title": "a"}


def test_million_unknown_keys_cost_nothing(client: FlaskClient) -> None:
    body = b"{" + b",".join(b'"k%d":1' % n for n in range(1_200_000)) + b"}"
    started = time.process_time()
    status, problem = post(client, "/api/articles", body)
    assert (status, [error["field"] for error in problem["errors"]]) == (400, ["body"])
    assert time.process_time() - started < 1.0  # parsed and named one by one, they took 43 s


def test_problem_names_some_fields_and_counts_the_others(client: FlaskClient) -> None:
    unknown = {f"{n}{'x' * 500}": 1 for n in range(50)}
    status, problem = post(client, "/api/query", json.dumps({"question": QUESTION, **unknown}).encode())
    assert (status, len(problem["errors"])) == (422, MAX_NAMED)
    assert problem["detail"].endswith("and 30 more")
    assert max(len(error["field"]) for error in problem["errors"]) < 110


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/api/query", 60_000, 422),
        ("/api/query", 70_000, 413),
        ("/api/feedback", 70_000, 413),
        ("/api/verify", 200_000, 422),
        ("/api/verify", 400_000, 413),
        ("/api/verify/text", 200_000, 422),
        ("/api/verify/text", 400_000, 413),
        ("/api/articles", 400_000, 201),
    ],
)
def test_body_may_be_as_large_as_what_it_is_for(client: FlaskClient, path: str, size: int, status: int) -> None:
    field = {"/api/articles": "text", "/api/verify": "quote", "/api/verify/text": "text"}.get(path, "question")
    assert post(client, path, json.dumps({field: "a " * (size // 2)}).encode())[0] == status


def test_form_may_be_as_large_as_what_it_is_for(client: FlaskClient) -> None:
    assert client.post("/chat", data={"q": "a" * 70_000}).status_code == 413
    assert client.post("/verify", data={"text": "a" * 70_000}).status_code != 413


@pytest.mark.parametrize("path", ["/api/verify/file", "/verify/file"])
def test_file_that_is_verified_may_be_as_large_as_one_that_is_added(
    settings: Settings, components: Components, path: str
) -> None:
    components.settings = settings.model_copy(update={"max_request_bytes": 420_000})  # over what a text may have
    client = create_app(Newsquote(components)).test_client()
    for size, is_refused in ((400_000, False), (430_000, True)):
        sent = client.post(path, data={"file": (BytesIO(b"a" * size), "a.txt"), "csrf_token": csrf(client)})
        assert (sent.status_code == 413) is is_refused, size


def test_limits_of_bodies_are_settings(settings: Settings, components: Components) -> None:
    components.settings = settings.model_copy(update={"max_question_bytes": 2_000})
    small = create_app(Newsquote(components)).test_client()
    status, problem = post(small, "/api/query", json.dumps({"question": "a" * 2_000}).encode())
    assert (status, problem["detail"]) == (413, "This request is too large: its body may have at most 2,000 bytes.")


@pytest.mark.parametrize(
    ("field", "value"), [("without", ["x" * 501]), ("filters", {"publisher": ["x" * 501]}), ("without", ["\ud800"])]
)
def test_words_beside_the_question_are_short_and_text(client: FlaskClient, field: str, value: object) -> None:
    status, problem = post(client, "/api/query", json.dumps({"question": QUESTION, field: value}).encode())
    assert status == 422
    assert problem["errors"][0]["field"].startswith(field)
