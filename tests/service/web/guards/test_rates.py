from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from index.errors import SettingsError
from service.newsquote import Newsquote
from service.web.app import create_app
from service.web.guards.costs import ANSWERING, ANSWERING_IF_ASKED, WITH_FILES, WITH_TEXT
from service.wiring import Components
from tests.service.web.pages.test_pages import csrf

Client = Callable[..., FlaskClient]
QUESTION = {"question": "How many troops were sent?"}
ADDRESSES = {"HTTP_HOST": "localhost"}


@pytest.fixture
def client(components: Components) -> Client:
    """Makes a client of a server that others reach, too."""

    def make(**changes: object) -> FlaskClient:
        components.settings = components.settings.model_copy(update={"host": "0.0.0.0", **changes})
        return create_app(Newsquote(components)).test_client()

    return make


def ask(client: FlaskClient, address: str = "192.0.2.1") -> TestResponse:
    return client.post("/api/query", json=QUESTION, environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("workers", [1, 2])
def test_address_asks_so_many_questions_a_minute_and_another_is_not_hindered(client: Client, workers: int) -> None:
    given = client(questions_per_minute=2, workers=workers)
    assert [ask(given).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(given)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.get_json(force=True)["detail"].startswith("Too many questions from your address. Try again in ")
    assert ask(given, "192.0.2.2").status_code == HTTPStatus.OK


def test_workers_count_together(client: Client, components: Components) -> None:
    one = client(questions_per_minute=2, workers=2)
    other = create_app(Newsquote(components)).test_client()
    assert [ask(of).status_code for of in (one, other, one, other)] == [200, 200, 429, 429]


def test_addresses_of_one_network_of_ipv6_are_one_client(client: Client) -> None:
    given = client(questions_per_minute=1)
    assert ask(given, "2001:db8::1").status_code == HTTPStatus.OK
    assert ask(given, "2001:db8::ffff:2").status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert ask(given, "2001:db8:0:1::1").status_code == HTTPStatus.OK


def test_pages_and_verifying_count_as_questions_and_reading_does_not(client: Client) -> None:
    given = client(questions_per_minute=1)
    base = {"REMOTE_ADDR": "192.0.2.1"}
    assert given.post("/api/verify", json={"quote": "They share the prize."}, environ_base=base).status_code == 200
    assert ask(given).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert given.get("/api/articles", environ_base=base).status_code == HTTPStatus.OK
    assert given.get("/", environ_base=base).status_code == HTTPStatus.OK
    assert given.get("/chats", environ_base=base).status_code == HTTPStatus.OK


@pytest.mark.parametrize("limit", ["questions_per_minute", "uploads_per_minute"])
def test_file_to_verify_counts_as_a_question_and_as_an_upload(client: Client, limit: str) -> None:
    given = client(**{limit: 1})
    sent = [
        given.post(
            "/api/verify/file",
            data={"file": (BytesIO(b"They share the prize."), "a.txt")},
            environ_base={"REMOTE_ADDR": "192.0.2.1"},
        )
        for _ in range(2)
    ]
    assert [response.status_code for response in sent] == [HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS]


@pytest.mark.parametrize(
    "ask_on_page",
    [
        lambda given, base: given.get("/?q=How+many+troops%3F", environ_base=base),
        lambda given, base: given.get("/chats?q=troops", environ_base=base),
        lambda given, base: given.get(
            "/api/conversations?q=troops", headers={"Owner-Key": "a" * 22}, environ_base=base
        ),
        lambda given, base: given.post(
            "/chat", data={"q": "How many troops?", "csrf_token": csrf(given)}, environ_base=base
        ),
    ],
)
def test_question_on_a_page_counts_as_does_a_search_of_chats(
    client: Client, ask_on_page: Callable[..., TestResponse]
) -> None:
    given = client(questions_per_minute=1)
    base = {"REMOTE_ADDR": "192.0.2.1"}
    answered = [ask_on_page(given, base).status_code for _ in range(2)]
    assert answered[0] in {HTTPStatus.OK, HTTPStatus.SEE_OTHER}
    assert answered[1] == HTTPStatus.TOO_MANY_REQUESTS


def test_every_endpoint_that_costs_is_there(client: Client) -> None:
    assert client().application.view_functions.keys() >= ANSWERING | ANSWERING_IF_ASKED | WITH_FILES | WITH_TEXT


def test_batch_counts_as_its_questions(client: Client) -> None:
    given = client(questions_per_minute=3)
    base = {"REMOTE_ADDR": "192.0.2.1"}
    asked = [given.post("/api/query/batch", json={"questions": [QUESTION] * n}, environ_base=base) for n in (2, 2, 1)]
    assert [response.status_code for response in asked] == [200, 429, 200]


def test_uploads_are_counted_apart(client: Client) -> None:
    given = client(uploads_per_minute=1)
    base = {"REMOTE_ADDR": "192.0.2.1"}
    added = [given.post("/api/articles", json={"text": "A."}, environ_base=base).status_code for _ in range(2)]
    assert added == [403, 429]
    assert ask(given).status_code == HTTPStatus.OK


def test_nobody_is_limited_where_only_this_machine_asks_or_none_is_set(client: Client) -> None:
    for given in (client(host="127.0.0.1", questions_per_minute=1), client(questions_per_minute=0)):
        assert [ask(given).status_code for _ in range(3)] == [200, 200, 200]


def test_place_to_count_that_does_not_exist_stops_the_start(client: Client) -> None:
    with pytest.raises(SettingsError, match="NEWSQUOTE_COUNTS_URL='nowhere://x': "):
        client(counts_url="nowhere://x")


def test_guessing_keys_is_slowed_down_even_where_only_this_machine_asks(client: Client) -> None:
    given = client(host="127.0.0.1", admin_token=SecretStr("right"), wrong_keys_per_minute=3)

    def remove(token: str, address: str = "192.0.2.1") -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return given.delete("/api/articles/none", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code

    assert [remove(f"wrong {n}") for n in range(5)] == [403, 403, 403, 429, 429]
    assert remove("right") == HTTPStatus.TOO_MANY_REQUESTS
    assert remove("right", "192.0.2.2") == HTTPStatus.NOT_FOUND


def test_signing_in_with_guesses_is_slowed_down(client: Client) -> None:
    given = client(ask_needs_key=True, wrong_keys_per_minute=2)
    given.application.config["WTF_CSRF_ENABLED"] = False
    tried = [given.post("/sign-in", data={"key": f"nq_{n}"}).status_code for n in range(3)]
    assert tried[-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert HTTPStatus.TOO_MANY_REQUESTS not in tried[:2]
