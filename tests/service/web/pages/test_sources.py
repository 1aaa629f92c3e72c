from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.index.sources.site import Reply, Site, serving
from tests.service.application.test_sources import fetching, named, page


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def newsquote(site: Site, settings: Settings, components: Components) -> Newsquote:
    return fetching(site, settings, components)


@pytest.fixture
def client(newsquote: Newsquote) -> FlaskClient:
    app = create_app(newsquote)
    app.testing = False
    return app.test_client()


def post(client: FlaskClient, path: str, **fields: object) -> str:
    """Send a form as the page has it, and return the page that follows."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sources").text)
    assert token
    return client.post(path, data={"csrf_token": token[1], **fields}, follow_redirects=True).text


def test_feed_is_added_shown_read_tried_again_and_removed(
    client: FlaskClient, newsquote: Newsquote, site: Site
) -> None:
    assert "There are no sources yet" in client.get("/sources").text
    named(site, "Amber", "Birch")
    site.pages["/Birch"] = Reply(b"", 403)
    added = post(client, "/sources", url=site.url("/feed"), hours="2", keep_days="", keep_articles="9")
    assert "“The Daily” will be checked from now on. 2 articles are waiting to be fetched." in added
    (source,) = newsquote.sources.every()
    assert (source.wishes.interval_s, source.wishes.keep_days, source.wishes.keep_articles) == (7_200, None, 9)
    newsquote.sources.refresh(source.number)
    shown = client.get("/sources").text
    assert "<dd>1</dd>" in shown
    assert "1 could not be read" in shown
    assert "its server refuses it (403 Forbidden): it may be behind a login or a paywall" in shown
    assert "1 entry will be tried again in a moment" in post(client, f"/sources/{source.number}/retry")
    assert "will be checked in a moment" in post(client, f"/sources/{source.number}/refresh")
    site.pages["/feed"] = Reply(b"", 500)
    newsquote.sources.refresh(source.number)
    assert "The last attempt failed:</strong> <bdi>its server answers 500" in client.get("/sources").text
    assert "The articles it added stay" in post(client, f"/sources/{source.number}/remove")
    assert newsquote.sources.every() == []
    assert newsquote.articles(0, 50).total == 4


def test_what_cannot_be_added_says_why(client: FlaskClient, site: Site) -> None:
    site.pages["/"] = Reply(b"<html>A page.</html>")
    assert "names no other feed that can be read" in post(client, "/sources", url=site.url("/"))
    assert "neither on the public internet" in post(client, "/sources", url="http://10.0.0.1/feed")
    assert "there is no such page" in post(client, "/sources", url=site.url("/gone"))
    for bad in ("-1", "many", "123456", "²"):
        assert "must be a whole number" in post(client, "/sources", url=site.url("/feed"), hours=bad)
    assert "No source has the number 99" in post(client, "/sources/99/remove")


def test_foreign_words_of_a_feed_are_escaped_and_kept_apart(
    client: FlaskClient, newsquote: Newsquote, site: Site
) -> None:
    site.pages["/feed"] = Reply(
        '<rss version="2.0"><channel><title>&lt;script&gt;alert(1)&lt;/script&gt;\u202eevil</title>'
        "<item><link>/%3Cscript%3E</link></item></channel></rss>".encode()
    )
    number = newsquote.sources.add_feed(site.url("/feed")).number
    newsquote.sources.refresh(number)
    shown = client.get("/sources").text
    assert "<script>alert" not in shown
    assert "<bdi>alert(1)" in shown


def test_address_is_fetched_from_the_page(client: FlaskClient, newsquote: Newsquote, site: Site) -> None:
    site.pages["/a"] = page("Amber")
    added = post(client, "/articles/address", url=site.url("/a"))
    assert "1 article added" in added
    assert "there is no such page" in post(client, "/articles/address", url=site.url("/gone"))
    assert "only addresses that begin with http" in post(client, "/articles/address", url="file:///etc/passwd")
