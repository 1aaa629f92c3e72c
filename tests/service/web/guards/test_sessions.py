from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import pytest
from flask_openapi3 import OpenAPI

from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.service.web.guards.test_security import token_of


def cookie(app: OpenAPI, scheme: str, headers: dict[str, str] | None = None) -> Morsel[str]:
    response = app.test_client().get("/", base_url=f"{scheme}://localhost", headers=headers)
    (found,) = SimpleCookie(response.headers["Set-Cookie"]).values()
    return found


def test_cookie_that_was_set_over_https_comes_from_this_host_over_https_only(app: OpenAPI) -> None:
    secure = cookie(app, "https")
    assert (secure.key, secure["secure"], secure["path"], secure["domain"]) == ("__Host-newsquote", True, "/", "")
    plain = cookie(app, "http")
    assert (plain.key, plain["secure"]) == ("newsquote", "")
    assert (plain["httponly"], plain["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(("scheme", "name"), [("http", "newsquote"), ("https", "__Secure-newsquote")])
def test_cookie_below_a_prefix_is_for_this_prefix(
    settings: Settings, components: Components, scheme: str, name: str
) -> None:
    components.settings = settings.model_copy(
        update={"trusted_proxies": Settings.checked(trusted_proxies="127.0.0.1").trusted_proxies}
    )
    headers = {"X-Forwarded-Prefix": "/news", "X-Forwarded-Proto": scheme}
    found = cookie(create_app(Newsquote(components)), "http", headers)
    assert (found.key, found["path"], bool(found["secure"])) == (name, "/news", scheme == "https")


def test_planted_cookie_without_the_prefix_is_not_taken_over_https(app: OpenAPI) -> None:
    client = app.test_client()
    client.set_cookie("newsquote", cookie(app, "http").value)
    client.get("/", base_url="https://localhost")
    with client.session_transaction(base_url="https://localhost") as session:
        mine = session["csrf_token"]
    with client.session_transaction(base_url="http://localhost") as session:
        assert session["csrf_token"] != mine


def test_form_that_a_browser_sends_over_https_is_taken(app: OpenAPI) -> None:
    client, base = app.test_client(), "https://localhost"
    page = client.get("/", base_url=base).text
    form = {"q": "How many troops were sent?", "csrf_token": token_of(page)}
    headers = {"Origin": base, "Referer": f"{base}/", "Sec-Fetch-Site": "same-origin"}
    asked = client.post("/chat", data=form, base_url=base, headers=headers)
    assert asked.status_code == 303
    assert "How many troops were sent?" in client.get("/chats", base_url=base).text
