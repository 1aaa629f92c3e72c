from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from werkzeug.test import TestResponse

from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.web.guards import visitor
from tests.service.web.pages.test_pages import csrf

QUESTION = "How many troops were sent?"


def ask(client: FlaskClient, question: str = QUESTION, **fields: str) -> TestResponse:
    return client.post("/chat", data={"q": question, "csrf_token": csrf(client), **fields})


def keys(client: FlaskClient) -> list[str]:
    with client.session_transaction() as session:
        found: list[str] = session.get(visitor.KEY, [])
    return found


def listed(client: FlaskClient) -> list[str]:
    return re.findall(r'href="/chat/[\w-]+"><bdi>([^<]*)</bdi></a>', client.get("/chats").text)


def copy_of(client: FlaskClient, app: OpenAPI) -> FlaskClient:
    """Return another browser with the same cookie."""
    cookie, other = client.get_cookie("newsquote"), app.test_client()
    assert cookie is not None
    other.set_cookie("newsquote", cookie.value)
    return other


def test_browser_gets_a_key_with_each_conversation_that_it_begins(client: FlaskClient) -> None:
    client.get("/")
    assert keys(client) == []
    first = ask(client).headers["Location"]
    assert re.fullmatch(r"[\w-]{22}", keys(client)[0])
    conversation_id = re.findall(r"/chat/([\w-]+)", first)[0]
    ask(client, conversation=conversation_id)
    assert len(keys(client)) == 1
    ask(client, "Which brigade was among them?")
    assert len(set(keys(client))) == 2
    assert listed(client) == ["Which brigade was among them?", QUESTION]


def test_planted_cookie_does_not_tell_its_owner_what_is_asked(app: OpenAPI) -> None:
    attacker = app.test_client()
    ask(attacker, "Is this planted?")
    victim = copy_of(attacker, app)
    mine = ask(victim).headers["Location"]
    assert listed(attacker) == ["Is this planted?"]
    assert listed(victim) == [QUESTION, "Is this planted?"]
    attacker.post(mine.partition("#")[0] + "/delete", data={"csrf_token": csrf(attacker)})
    attacker.post("/chats/delete", data={"csrf_token": csrf(attacker)})
    assert listed(victim) == [QUESTION]


def test_planted_cookie_tells_nothing_after_keys_were_joined(
    app: OpenAPI, newsquote: Newsquote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "MOST_KEYS", 4)
    attacker = app.test_client()
    for number in range(3):
        ask(attacker, f"Is this planted, {number}?")
    victim = copy_of(attacker, app)
    asked = [f"Were {number} troops sent?" for number in range(20)]
    for question in asked:
        ask(victim, question)
        assert len(keys(victim)) <= 4
    assert listed(victim) == [*asked[::-1], *(f"Is this planted, {number}?" for number in (2, 1, 0))]
    assert set(listed(attacker)) <= {f"Is this planted, {number}?" for number in range(3)}


def test_tab_that_began_at_the_same_time_as_keys_were_joined_loses_nothing_older(
    app: OpenAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "MOST_KEYS", 4)
    client = app.test_client()
    for number in range(4):
        ask(client, f"Were {number} troops sent?")
    tab = copy_of(client, app)
    ask(client, "Which brigade?")
    ask(tab, "Whose territory?")
    assert listed(tab) == ["Whose territory?", *(f"Were {number} troops sent?" for number in (3, 2, 1, 0))]


def test_page_that_loads_meanwhile_does_not_put_the_session_back(client: FlaskClient) -> None:
    ask(client)
    assert "Set-Cookie" not in client.get("/chats").headers


def test_cookie_of_an_earlier_version_keeps_its_list(client: FlaskClient, newsquote: Newsquote) -> None:
    with client.session_transaction() as session:
        session[visitor.KEY] = "the only one"
    newsquote.ask(Question(QUESTION), owner="the only one")
    ask(client, "Which brigade was among them?")
    assert listed(client) == ["Which brigade was among them?", QUESTION]


def test_browsers_are_different_visitors(app: OpenAPI) -> None:
    first, second = app.test_client(), app.test_client()
    ask(first)
    assert (listed(first), listed(second)) == ([QUESTION], [])


def test_cookie_that_is_not_ours_makes_nobody(app: OpenAPI, client: FlaskClient) -> None:
    ask(client)
    cookie = client.get_cookie("newsquote")
    assert cookie is not None
    forger = app.test_client()
    forger.set_cookie("newsquote", cookie.value[:-2] + ("aa" if not cookie.value.endswith("aa") else "bb"))
    assert "There are no conversations yet." in forger.get("/chats").text
    assert listed(client) == [QUESTION]
