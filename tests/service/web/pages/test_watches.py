from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from index.articles import Article
from service.application.keys import Scope
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import TROOPS
from tests.service.application.test_watches import HOW_MANY, add, later
from tests.service.web.pages.test_pages import EVIL, csrf, text_of

ATOM = {"a": "http://www.w3.org/2005/Atom", "h": "http://www.w3.org/1999/xhtml"}


def post(client: FlaskClient, path: str, **form: str) -> Any:
    return client.post(path, data={"csrf_token": csrf(client), **form}, follow_redirects=True)


def watch(newsquote: Newsquote, *news: Article) -> str:
    """Watch a question, let articles come in, and return the watch's id."""
    made = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, *news)
    newsquote.watches.check(made.id)
    return made.id


def feed_of(client: FlaskClient, newsquote: Newsquote, watch_id: str) -> ET.Element:
    key = newsquote.watches.one(watch_id).feed_key
    response = client.get(f"/watches/feed/{key}.atom")
    assert (response.status_code, response.content_type) == (200, "application/atom+xml; charset=utf-8")
    return ET.fromstring(response.data)  # our own


def test_question_is_watched_on_its_page_with_what_it_began_with(client: FlaskClient) -> None:
    page = post(client, "/watches", q="How many troops were sent?")
    shown = text_of(page.text)
    assert "This question is now being watched." in shown
    assert "Nothing new yet." in shown
    assert "At the start" in shown
    assert "North Korea sent <mark>10,000</mark> troops, officials said." in page.text
    assert "How many troops were sent?" in text_of(client.get("/watches").text)


def test_answer_can_be_watched_and_checked_and_given_up(client: FlaskClient, newsquote: Newsquote) -> None:
    answered = post(client, "/chat", q="How many troops were sent?").text
    answer_id = re.findall(r'name="answer_id" value="([^"]+)"', answered)[0]
    post(client, "/watches", answer_id=answer_id)
    (one,) = newsquote.watches.every()
    assert "Nothing new." in post(client, f"/watches/{one.id}/check").text
    add(newsquote, later("North Korea sent 12,000 troops, officials said."))
    checked = text_of(post(client, f"/watches/{one.id}/check").text)
    assert "1 new entry." in checked
    assert "Another figure" in checked
    assert "is no longer being watched" in post(client, f"/watches/{one.id}/delete").text
    assert newsquote.watches.every() == []


def test_figure_is_shown_beside_the_one_that_was_known(client: FlaskClient, newsquote: Newsquote) -> None:
    watch_id = watch(newsquote, later("North Korea sent 12,000 troops, officials said."))
    page = client.get(f"/watches/{watch_id}").text
    assert '<figure class="chart"' in page
    shown = text_of(page)
    assert shown.index("12,000") < shown.index("At the start")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)


def test_quoted_words_of_a_removed_article_are_gone_from_page_and_feed(
    client: FlaskClient, newsquote: Newsquote
) -> None:
    news = later("North Korea sent 12,000 troops, Seoul said.")
    watch_id = watch(newsquote, news)
    newsquote.remove(news.id)
    newsquote.watches.check(watch_id)
    page = text_of(client.get(f"/watches/{watch_id}").text)
    feed = ET.tostring(feed_of(client, newsquote, watch_id), encoding="unicode")
    for shown in (page, feed):
        assert "A quoted article was removed" in shown
        assert "has since been removed" in shown
        assert "Seoul" not in shown


def test_quiet_entry_is_on_the_page_and_not_in_the_feed(client: FlaskClient, newsquote: Newsquote) -> None:
    watch_id = watch(newsquote, later(f"{TROOPS.text}\n\nNobody said more.", url=TROOPS.url))
    page = text_of(client.get(f"/watches/{watch_id}").text)
    assert "The newer version still has the quoted words" in page
    assert feed_of(client, newsquote, watch_id).findall("a:entry", ATOM) == []


def test_secret_is_shown_once(client: FlaskClient, newsquote: Newsquote) -> None:
    page = post(client, "/watches", q="How many troops were sent?", webhook="https://example.org/hook").text
    secret = re.findall(r"whsec_[A-Za-z0-9+/=]+", page)[0]
    (one,) = newsquote.watches.every()
    again = client.get(f"/watches/{one.id}").text
    assert secret not in again
    assert "https://example.org/hook" in again


def test_feed_tells_what_is_new_in_the_words_of_the_articles(client: FlaskClient, newsquote: Newsquote) -> None:
    url = "https://example.org/b"
    watch_id = watch(newsquote, later("North Korea sent 12,000 troops, Seoul said.", url=url, publisher="The Other"))
    feed = feed_of(client, newsquote, watch_id)
    one = newsquote.watches.one(watch_id)
    address = f"http://localhost/watches/feed/{one.feed_key}.atom"
    assert feed.findtext("a:id", None, ATOM) == address
    assert feed.findtext("a:title", None, ATOM) == "How many troops were sent?"
    (entry,) = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:id", None, ATOM) == f"urn:uuid:{one.entries[0].id}"
    assert entry.findtext("a:title", None, ATOM) == "Another figure: 12,000"
    quotes = ["".join(quote.itertext()) for quote in entry.iterfind(".//h:blockquote", ATOM)]
    assert quotes == ["North Korea sent 12,000 troops, Seoul said.", "North Korea sent 10,000 troops, officials said."]
    assert [link.get("href") for link in entry.iterfind(".//h:a", ATOM)] == [url, TROOPS.url]
    link = entry.find("a:link", ATOM)
    assert link is not None
    assert (link.get("href") or "").startswith("http://localhost/articles/")


def test_foreign_text_stays_text_in_page_and_feed(client: FlaskClient, newsquote: Newsquote) -> None:
    evil = Article(f"North Korea sent 12,000 troops {EVIL} \ufffe\x1b.", title=EVIL, publisher=EVIL)
    watch_id = watch(newsquote, evil)
    assert "<script>alert" not in client.get(f"/watches/{watch_id}").text
    feed = feed_of(client, newsquote, watch_id)
    assert not [element for element in feed.iter() if element.tag.endswith(("script", "img", "mark"))]
    assert "<script>alert('moon')</script>" in "".join(feed.itertext())


def test_feed_that_did_not_change_is_not_sent_again(client: FlaskClient, newsquote: Newsquote) -> None:
    watch_id = watch(newsquote)
    address = f"/watches/feed/{newsquote.watches.one(watch_id).feed_key}.atom"
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    add(newsquote, later("North Korea sent 12,000 troops, officials said."))
    newsquote.watches.check(watch_id)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("key", ["x", "x" * 43, "%00", "%ED%A0%80"])
def test_feed_without_its_key_is_not_found(client: FlaskClient, newsquote: Newsquote, key: str) -> None:
    watch(newsquote)
    assert client.get(f"/watches/feed/{key}.atom").status_code == 404


def test_feed_needs_its_address_alone_and_the_pages_a_key(settings: Settings, components: Components) -> None:
    components.settings = Settings.checked(**settings.model_dump() | {"ask_needs_key": True})
    newsquote = Newsquote(components)
    client = create_app(newsquote).test_client()
    watch_id = watch(newsquote)
    feed_of(client, newsquote, watch_id)
    for path in ("/watches", f"/watches/{watch_id}"):
        sent = client.get(path)
        assert (sent.status_code, sent.headers["Location"]) == (303, f"/sign-in?next={path}")
    reader = {"Authorization": f"Bearer {newsquote.keys.make('ann', [Scope.ASK])}"}
    admin = {"Authorization": f"Bearer {newsquote.keys.make('bob', [Scope.ASK, Scope.ADMIN])}"}
    assert client.get("/watches", headers=reader).status_code == 403
    assert client.get("/watches", headers=admin).status_code == 200


def test_visitors_who_may_not_watch_are_offered_nothing(settings: Settings, components: Components) -> None:
    components.settings = Settings.checked(**settings.model_dump() | {"admin_token": "s3cret"})
    client = create_app(Newsquote(components)).test_client()
    answered = post(client, "/chat", q="How many troops were sent?").text
    assert "Watch" not in text_of(answered)
    assert post(client, "/watches", q="How many troops were sent?").status_code == 401
    assert client.get("/watches").headers["Location"] == "/sign-in?next=/watches"


def test_empty_question_is_refused(client: FlaskClient) -> None:
    assert post(client, "/watches", q=" ").status_code == 422
