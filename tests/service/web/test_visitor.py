from __future__ import annotations

import re

from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from service.web import visitor
from tests.service.web.test_pages import csrf


def ask(client: FlaskClient) -> str:
    """Ask a question, and return the visitor that the browser is then."""
    client.post("/chat", data={"q": "How many troops were sent?", "csrf_token": csrf(client)})
    with client.session_transaction() as session:
        found: str = session[visitor.KEY]
    return found


def test_browser_becomes_a_visitor_with_its_first_question_and_stays_one(client: FlaskClient) -> None:
    client.get("/")
    with client.session_transaction() as session:
        assert visitor.KEY not in session
    first = ask(client)
    assert re.fullmatch(r"[\w-]{22}", first)
    assert ask(client) == first


def test_browsers_are_different_visitors(app: OpenAPI) -> None:
    assert ask(app.test_client()) != ask(app.test_client())


def test_cookie_that_is_not_ours_makes_nobody(app: OpenAPI, client: FlaskClient) -> None:
    ask(client)
    cookie = client.get_cookie("newsquote")
    assert cookie is not None
    forger = app.test_client()
    forger.set_cookie("newsquote", cookie.value[:-2] + ("aa" if not cookie.value.endswith("aa") else "bb"))
    assert "There are none yet." in forger.get("/chats").text
    assert "How many troops were sent?" in client.get("/chats").text
