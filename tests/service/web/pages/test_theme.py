"""The colours that a browser wants, kept in a cookie that the first paint already follows."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie

from service.web.errors import FRAGMENT_HEADER
from service.web.pages.theme import COOKIE


def choose(client: FlaskClient, theme: str, **more: object) -> tuple[int, str, str]:
    """Choose a theme; return the status, where it leads, and the cookie."""
    data = {"theme": theme, **more}
    response = client.post("/theme", data=data)
    return response.status_code, response.headers.get("Location", ""), response.headers.get("Set-Cookie", "")


def test_theme_is_in_the_first_line_of_every_page(client: FlaskClient) -> None:
    status, to, cookie = choose(client, "dark", back="/articles?q=troops")
    assert (status, to, parse_cookie(cookie)[COOKIE]) == (303, "/articles?q=troops", "dark")
    assert re.search(r"HttpOnly; Path=/; SameSite=Lax", cookie)
    for path in ("/", "/articles", "/verify", "/api/docs", "/nothing"):
        page = client.get(path).text
        assert page.startswith('<!doctype html>\n<html lang="en" data-theme="dark">'), path
        assert '<meta name="color-scheme" content="dark">' in page
        assert re.findall(r'value="(\w*)" title="\w+" aria-pressed="true"', page) == ["dark"]


def test_theme_of_the_system_is_no_cookie(client: FlaskClient) -> None:
    choose(client, "light")
    assert 'data-theme="light"' in client.get("/").text
    choose(client, "")
    assert client.get_cookie(COOKIE) is None
    page = client.get("/").text
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert '<meta name="color-scheme" content="light dark">' in page


def test_what_is_no_theme_is_refused_and_does_nothing(client: FlaskClient) -> None:
    assert choose(client, 'dark" onload="alert(1)')[0] == 422
    assert client.get_cookie(COOKIE) is None
    client.set_cookie(COOKIE, "purple")
    assert "data-theme" not in client.get("/").text


def test_another_site_cannot_choose(client: FlaskClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = client.post("/theme", data={"theme": "dark"}, headers=headers)
        assert (response.status_code, "Set-Cookie" in response.headers) == (403, False)


def test_choosing_begins_no_session(client: FlaskClient) -> None:
    choose(client, "dark")
    client.get("/api/docs")
    assert client.get_cookie("newsquote") is None


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/chat", "/nothing", "", "/a\r\nX: y"])
def test_way_back_leads_to_a_page_here(client: FlaskClient, wanted: str) -> None:
    assert choose(client, "dark", back=wanted)[:2] == (303, "/")


def test_way_back_and_cookie_stay_below_a_prefix(client: FlaskClient) -> None:
    data = {"theme": "dark", "back": "/verify"}
    response = client.post("/theme", data=data, environ_overrides={"SCRIPT_NAME": "/news"})
    assert response.headers["Location"] == "/news/verify"
    assert "Path=/news" in response.headers["Set-Cookie"]


def test_script_is_told_that_the_theme_is_kept_and_no_page(client: FlaskClient) -> None:
    data = {"theme": "dark"}
    response = client.post("/theme", data=data, headers={FRAGMENT_HEADER: "1"})
    assert (response.status_code, response.text) == (204, "")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value == "dark"


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", [("page", "Ask")]),
        ("/chats", [("page", "Chats")]),
        ("/articles", [("page", "Articles")]),
        ("/collections", [("true", "Articles")]),
        ("/verify", [("page", "Verify")]),
        ("/watches", [("page", "Watches")]),
        ("/sources", [("page", "Sources")]),
        ("/api/docs", [("page", "API")]),
        ("/nothing", []),
    ],
)
def test_menu_says_which_page_this_is(client: FlaskClient, path: str, current: list[tuple[str, str]]) -> None:
    assert re.findall(r'<a href="[^"]*" aria-current="(\w+)">(\w+)</a>', client.get(path).text) == current
