from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.store.sources import Wishes
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.index.sources.site import Reply, Site, serving
from tests.service.application.test_sources import fetching, named, page, text
from tests.service.web.api.test_api import problem


@pytest.fixture
def newsquote(site: Site, settings: Settings, components: Components) -> Newsquote:
    return fetching(site, settings, components)


@pytest.fixture
def client(newsquote: Newsquote) -> FlaskClient:
    app = create_app(newsquote)
    app.testing = False
    return app.test_client()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def test_feed_is_added_listed_read_and_removed(client: FlaskClient, newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber", "Birch")
    site.pages["/Birch"] = Reply(b"", 404)
    added = client.post("/api/feeds", json={"url": site.url("/feed"), "interval_s": 600, "keep_days": 7})
    assert added.status_code == 201
    feed = added.get_json()
    told = {"address": site.url("/feed"), "kind": "feed", "title": "The Daily", "interval_s": 600, "keep_days": 7}
    assert told.items() <= feed.items()
    assert (feed["waiting"], feed["brought"], feed["error"], feed["keep_articles"]) == (2, 0, None, None)
    newsquote.sources.refresh(feed["number"])
    at = f"/api/feeds/{feed['number']}"
    (listed,) = client.get("/api/feeds").get_json()["feeds"]
    assert listed == client.get(at).get_json()
    assert (listed["waiting"], listed["brought"], listed["failed"]) == (0, 1, 1)
    (failed,) = client.get(f"{at}/failed").get_json()["failed"]
    assert (failed["name"], failed["error"]) == (site.url("/Birch"), "there is no such page (404 Not Found)")
    retried = client.post(f"{at}/retry", json={})
    assert (retried.status_code, retried.get_json()) == (202, {"retried": 1})
    assert client.post(f"{at}/refresh", json={}).status_code == 202
    assert client.delete(at).status_code == 204
    assert client.get("/api/feeds").get_json() == {"feeds": []}


def test_feed_that_is_none_is_a_problem(client: FlaskClient, site: Site) -> None:
    site.pages["/"] = Reply(b"<html>A page.</html>")
    assert problem(client.post("/api/feeds", json={"url": site.url()})) == (422, [])
    assert problem(client.post("/api/feeds", json={"url": site.url("/gone")})) == (422, ["url"])
    assert problem(client.post("/api/feeds", json={"url": "http://10.0.0.1/"})) == (422, ["url"])
    assert problem(client.post("/api/feeds", json={"url": "file:///etc/passwd"})) == (422, ["url"])
    assert problem(client.post("/api/feeds", json={"url": site.url(), "interval_s": 1})) == (422, ["interval_s"])
    assert problem(client.post("/api/feeds", json={})) == (422, ["url"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("GET", "/failed"), ("POST", "/refresh"), ("POST", "/retry")],
)
def test_unknown_feed_is_a_problem(client: FlaskClient, method: str, path: str) -> None:
    body: dict[str, Any] | None = {} if method == "POST" else None
    assert problem(client.open(f"/api/feeds/99{path}", method=method, json=body)) == (404, [])
    assert problem(client.open(f"/api/feeds/x{path}", method=method, json=body)) == (422, ["number"])


def test_everything_about_feeds_needs_the_token(newsquote: Newsquote, components: Components, site: Site) -> None:
    named(site, "Amber")
    number = newsquote.sources.add_feed(site.url("/feed"), Wishes()).number
    components.settings = Settings.checked(**components.settings.model_dump() | {"admin_token": "s3cret"})
    client = create_app(Newsquote(components)).test_client()
    calls = [("GET", "/api/feeds"), ("POST", "/api/feeds"), ("GET", f"/api/feeds/{number}"), ("GET", "/sources")]
    calls += [("DELETE", f"/api/feeds/{number}"), ("GET", f"/api/feeds/{number}/failed")]
    calls += [("POST", f"/api/feeds/{number}/{act}") for act in ("refresh", "retry")]
    for method, path in calls:
        body: dict[str, str] | None = None
        if method == "POST":
            body = {"url": site.url("/feed")} if path == "/api/feeds" else {}
        refused = client.open(path, method=method, json=body)
        assert refused.status_code == (303 if path == "/sources" else 401), path  # a page leads to where to sign in
        assert str(site.port) not in refused.text
    assert client.get("/api/feeds", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_address_is_added(client: FlaskClient, site: Site) -> None:
    site.pages["/a"] = page("Amber")
    url = site.url("/a?utm_source=x")
    first, again = client.post("/api/articles", json={"url": url}), client.post("/api/articles", json={"url": url})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["url"] == site.url("/a")
    assert client.get(f"/api/articles/{first.get_json()['id']}/text").text == text("Amber")
    lines = b'{"text": "One moon."}\nbroken\n'
    site.pages["/b"] = Reply(lines, headers={"Content-Type": "application/jsonl"})
    several = client.post("/api/articles", json={"url": site.url("/b")}).get_json()
    assert (len(several["added"]), several["left_out"][0]["line"]) == (1, 2)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"url": "http://127.0.0.1:9/"}, ["url"]),
        ({"url": "http://169.254.169.254/latest/"}, ["url"]),
        ({"url": "nowhere"}, ["url"]),
        ({"url": 7}, ["url"]),
        ({"url": "https://example.org/", "title": "No text"}, ["text"]),
    ],
)
def test_address_that_cannot_be_fetched_is_a_problem(
    client: FlaskClient, body: dict[str, object], fields: list[str]
) -> None:
    assert problem(client.post("/api/articles", json=body)) == (422, fields)
