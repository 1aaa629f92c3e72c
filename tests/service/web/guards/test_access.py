"""Keys over HTTP: what each scope opens, and how a browser signs in with one."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from service.application.keys import Scope
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import TROOPS

QUERY = {"question": "How many troops were sent?"}
ARTICLE = f"/api/articles/{TROOPS.id}"

Call = Callable[[FlaskClient, dict[str, str]], TestResponse]


@pytest.fixture
def closed(settings: Settings, components: Components) -> Newsquote:
    """An archive for people who have a key."""
    components.settings = settings.model_copy(update={"ask_needs_key": True})
    return Newsquote(components)


@pytest.fixture
def browser(closed: Newsquote) -> FlaskClient:
    return create_app(closed).test_client()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def a_file() -> dict[str, tuple[BytesIO, str]]:
    return {"file": (BytesIO(b"They sent troops."), "said.txt")}


CALLS: list[tuple[str, Call, Scope]] = [
    ("query", lambda c, h: c.post("/api/query", json=QUERY, headers=h), Scope.ASK),
    ("get", lambda c, h: c.get("/api/query?q=troops", headers=h), Scope.ASK),
    ("verify", lambda c, h: c.post("/api/verify", json={"quote": "sent 10,000 troops"}, headers=h), Scope.ASK),
    ("verify a text", lambda c, h: c.post("/api/verify/text", json={"text": "sent troops"}, headers=h), Scope.ASK),
    ("verify a file", lambda c, h: c.post("/api/verify/file", data=a_file(), headers=h), Scope.ASK),
    ("articles", lambda c, h: c.get("/api/articles", headers=h), Scope.ASK),
    ("text", lambda c, h: c.get(f"{ARTICLE}/text", headers=h), Scope.ASK),
    ("add", lambda c, h: c.post("/api/articles", json={"text": "Something new."}, headers=h), Scope.ADD),
    ("correct", lambda c, h: c.patch(ARTICLE, json={"title": "Other"}, headers=h), Scope.ADMIN),
    ("remove", lambda c, h: c.delete(ARTICLE, headers=h), Scope.ADMIN),
]


@pytest.mark.parametrize("held", [None, *Scope])
def test_each_scope_opens_what_it_is_for(closed: Newsquote, browser: FlaskClient, held: Scope | None) -> None:
    # Whatever is done over HTTP by a program is asking or reading, too.
    scopes = [Scope.ASK, held] if held else []
    headers = bearer(closed.keys.make("ann", scopes)) if held else {}
    for name, call, wanted in CALLS:
        response = call(browser, headers)
        allowed = held is not None and (wanted in scopes or held is Scope.ADMIN)
        assert (response.status_code < 300) is allowed, (name, response.text)
        if not allowed:
            expected = (403, f'Bearer realm="Newsquote", error="insufficient_scope", scope="{wanted.value}"')
            if held is None:
                expected = (401, 'Bearer realm="Newsquote", scope="ask"')
            told = response.headers["WWW-Authenticate"]
            assert (response.status_code, re.sub(r"=(\w+)", r'="\1"', told)) == expected, name
            assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/static/style.css", "/sign-in"]
)
def test_health_and_what_says_how_to_ask_need_no_key(browser: FlaskClient, path: str) -> None:
    with browser.get(path) as response:
        assert response.status_code in {200, 503}


def test_every_other_address_needs_one(closed: Newsquote) -> None:
    app = create_app(closed)
    open_paths = {"/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/static/<path:filename>"}
    open_paths |= {"/sign-in", "/sign-out", "/articles/bring"}  # the last only shows what it was sent
    open_paths |= {"/theme"}  # which only says what colours a browser wants
    open_paths |= {"/watches/feed/<key>.atom"}  # whose key is a secret of its own
    for rule in app.url_map.iter_rules():
        if rule.rule in open_paths:
            continue
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            response = app.test_client().open(path, method=method, headers={"Sec-Fetch-Dest": "empty"})
            assert response.status_code in {400, 401}, (method, path)  # 400: a form without its own token


def test_wrong_key_is_told_from_none_and_noticed(closed: Newsquote, browser: FlaskClient) -> None:
    key = closed.keys.make("ann", [Scope.ASK])
    with capture_logs() as logs:
        wrong = browser.get("/api/articles", headers=bearer("nq_wrong"))
    assert wrong.status_code == 403
    assert "invalid_token" in wrong.headers["WWW-Authenticate"]
    assert [line["client"] for line in logs if line["event"] == "wrong key"] == ["127.0.0.1"]
    assert "nq_wrong" not in str(logs)
    assert browser.get("/api/articles", headers=bearer(key)).status_code == 200
    closed.keys.revoke("ann")
    assert browser.get("/api/articles", headers=bearer(key)).status_code == 403


def test_keys_count_beside_the_admin_token(settings: Settings, components: Components) -> None:
    components.settings = Settings.checked(**{**settings.model_dump(), "admin_token": "s3cret"})
    newsquote = Newsquote(components)
    client = create_app(newsquote).test_client()
    key = newsquote.keys.make("ann", [Scope.ADD])
    assert client.post("/api/query", json=QUERY).status_code == 200
    assert client.post("/api/articles", json={"text": "New."}, headers=bearer(key)).status_code == 201
    assert client.delete(ARTICLE, headers=bearer(key)).status_code == 403
    assert client.delete(ARTICLE, headers=bearer("s3cret")).status_code == 204


def test_server_with_keys_and_no_token_asks_for_a_key(settings: Settings, components: Components) -> None:
    components.settings = settings.model_copy(update={"host": "0.0.0.0"})
    newsquote = Newsquote(components)
    client = create_app(newsquote).test_client()
    assert client.delete(ARTICLE).status_code == 403
    key = newsquote.keys.make("ann", [Scope.ADMIN])
    assert client.delete(ARTICLE).status_code == 401
    assert client.delete(ARTICLE, headers=bearer(key)).status_code == 204


# In a browser


def csrf(page: str) -> str:
    return str(re.findall(r'name="csrf_token" value="([^"]+)"', page)[0])


def sign_in(browser: FlaskClient, key: str, target: str = "/") -> TestResponse:
    page = browser.get("/sign-in", query_string={"next": target}).text
    wanted = re.findall(r'name="next" value="([^"]*)"', page)[0]
    return browser.post("/sign-in", data={"key": key, "next": wanted, "csrf_token": csrf(page)})


def test_browser_signs_in_asks_and_signs_out(closed: Newsquote, browser: FlaskClient) -> None:
    key = closed.keys.make("ann", [Scope.ASK])
    sent = browser.get("/articles?page=1")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/sign-in?next=/articles?page%3D1")
    assert sign_in(browser, key, "/articles?page=1").headers["Location"] == "/articles?page=1"
    page = browser.get("/").text
    answered = browser.post("/chat", data={"q": QUERY["question"], "csrf_token": csrf(page)}, follow_redirects=True)
    assert "10,000" in answered.text
    assert browser.get(f"{ARTICLE}/text").status_code == 200  # a link on the page
    out = browser.post("/sign-out", data={"csrf_token": csrf(browser.get("/").text)})
    assert out.headers["Location"] == "/sign-in"
    assert browser.get("/").status_code == 303
    assert sign_in(browser, key).status_code == 303
    assert "There are no conversations yet." in browser.get("/chats").text


def test_key_is_not_in_the_cookie_and_a_revoked_one_ends_the_session_at_once(
    closed: Newsquote, browser: FlaskClient
) -> None:
    key = closed.keys.make("ann", [Scope.ASK])
    sign_in(browser, key)
    with browser.session_transaction() as session:
        assert key not in str(dict(session))
    assert browser.get("/").status_code == 200
    closed.keys.revoke("ann")
    assert browser.get("/").status_code == 303
    asked = browser.post("/chat", data={"q": "troops?", "csrf_token": csrf(browser.get("/sign-in").text)})
    assert (asked.status_code, "Sign in with a key" in asked.text) == (401, True)
    assert browser.post("/sign-out", data={"csrf_token": csrf(asked.text)}).status_code == 303


def test_wrong_key_does_not_sign_in_and_is_not_shown(browser: FlaskClient) -> None:
    with capture_logs() as logs:
        response = sign_in(browser, "nq_wrong")
    assert (response.status_code, "does not work here" in response.text) == (403, True)
    assert "nq_wrong" not in response.text + str(logs)
    assert [line for line in logs if line["event"] == "wrong key"]


def test_key_that_opens_no_page_does_not_sign_in(closed: Newsquote, browser: FlaskClient) -> None:
    response = sign_in(browser, closed.keys.make("ann", [Scope.ADD]))
    assert (response.status_code, "opens no pages" in response.text) == (403, True)


def test_nothing_that_needs_a_key_is_kept_in_a_cache(closed: Newsquote, browser: FlaskClient) -> None:
    sign_in(browser, closed.keys.make("ann", [Scope.ASK]))
    for path in ("/", "/articles", f"/articles/{TROOPS.id}", f"{ARTICLE}/text", "/verify"):
        assert browser.get(path).headers["Cache-Control"] == "no-store", path


def test_signing_in_needs_the_forms_token_and_changes_it(closed: Newsquote, browser: FlaskClient) -> None:
    key = closed.keys.make("ann", [Scope.ASK])
    assert browser.post("/sign-in", data={"key": key}).status_code == 400
    before = csrf(browser.get("/sign-in").text)
    with browser.session_transaction() as session:
        planted = session["csrf_token"]
    browser.post("/sign-in", data={"key": key, "csrf_token": before})
    browser.get("/")
    with browser.session_transaction() as session:
        assert session["csrf_token"] != planted


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/articles?page=2", "/articles?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("articles", "/"),
        ("", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
def test_only_own_paths_are_gone_to(closed: Newsquote, browser: FlaskClient, wanted: str, target: str) -> None:
    key = closed.keys.make("ann", [Scope.ASK])
    assert sign_in(browser, key, wanted).headers["Location"] == target
    page = browser.get("/sign-in").text
    forged = browser.post("/sign-in", data={"key": key, "next": wanted, "csrf_token": csrf(page)})
    assert forged.headers["Location"] == target


def test_admin_token_signs_in_until_it_changes(settings: Settings, components: Components) -> None:
    changed = {"admin_token": "s3cret", "ask_needs_key": True}
    components.settings = Settings.checked(**{**settings.model_dump(), **changed})
    browser = create_app(Newsquote(components)).test_client()
    sign_in(browser, "s3cret")
    page = browser.get(f"/articles/{TROOPS.id}").text
    assert 'name="admin_token"' not in page
    with browser.session_transaction() as session:
        kept = dict(session)
    assert "s3cret" not in str(kept)
    components.settings = Settings.checked(**{**settings.model_dump(), **changed, "admin_token": "other"})
    later = create_app(Newsquote(components)).test_client()
    with later.session_transaction() as session:
        session.update(kept)
    assert later.get("/").status_code == 303


def test_forms_take_a_key_or_none_if_signed_in_with_its_scope(closed: Newsquote, browser: FlaskClient) -> None:
    reader, admin = closed.keys.make("ann", [Scope.ASK]), closed.keys.make("bob", [Scope.ADMIN])
    sign_in(browser, reader)
    path = f"/articles/{TROOPS.id}"
    page = browser.get(path).text
    assert 'name="admin_token"' in page
    form = {"csrf_token": csrf(page)}
    assert browser.post(f"{path}/remove", data=form).status_code == 403
    assert browser.post(f"{path}/correct", data={**form, "title": "Other", "admin_token": admin}).status_code == 302
    sign_in(browser, admin)
    page = browser.get(path).text
    assert 'name="admin_token"' not in page
    assert browser.post(f"{path}/remove", data={"csrf_token": csrf(page)}).status_code == 302


def test_session_changes_nothing_over_the_api(closed: Newsquote, browser: FlaskClient) -> None:
    sign_in(browser, closed.keys.make("bob", [Scope.ADMIN]))
    assert browser.get(ARTICLE).status_code == 200
    assert browser.delete(ARTICLE).status_code == 401
    assert browser.post("/api/query", json=QUERY).status_code == 401
