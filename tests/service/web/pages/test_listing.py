"""The archive page and the pages of collections."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from index.articles import Article
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.pages import paging
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.service.web.guards.test_security import client_with
from tests.service.web.pages.test_pages import EVIL, csrf, text_of

HEADINGS = {
    "Troops on the way": TROOPS,
    "The Moon covered the Sun.": ECLIPSE,
    "The prize went to two scientists.": PRIZE,
}


def listed(page: str) -> list[Article]:
    """Return the articles on the page, in order."""
    return [HEADINGS[html.unescape(found)] for found in re.findall(r'aria-label="Select “(.*?)”"', page)]


def sent(client: FlaskClient, address: str, do: str, *articles: Article, **more: str) -> str:
    """Send the selected articles, and return the page that this leads to."""
    form = {"csrf_token": csrf(client), "do": do, "article_id": [one.id for one in articles], **more}
    response = client.post(address, data=form, follow_redirects=True)
    return response.text


def test_page_finds_by_words_and_says_how_many(client: FlaskClient) -> None:
    page = client.get("/articles", query_string={"q": "Kyiv"}).text
    assert (listed(page), "1 article with “Kyiv”." in text_of(page)) == ([TROOPS], True)
    nothing = client.get("/articles", query_string={"q": "Kyiv eclipse"}).text
    assert "0 articles with “Kyiv eclipse”. Show all No articles match." in text_of(nothing)


def test_page_sorts_and_narrows_and_counts(client: FlaskClient) -> None:
    assert listed(client.get("/articles").text) == [TROOPS, ECLIPSE, PRIZE]
    assert listed(client.get("/articles?sort=oldest").text) == [ECLIPSE, TROOPS, PRIZE]
    page = client.get("/articles?publisher=The+Daily&month=2024-12&q=").text
    assert listed(page) == [TROOPS]
    assert "Filters · 2 set" in text_of(page)
    assert "The Daily (1)" in text_of(page)
    assert '<option value="2024-12" selected>December 2024 (1)</option>' in page
    assert '<details class="filters">' in page  # its summary says it all


@pytest.mark.parametrize("query", ["sort=worst", "month=2024-13", "collection=Nowhere", "page=0", "page=x", "q=?!"])
def test_page_names_what_is_wrong_in_its_address(client: FlaskClient, query: str) -> None:
    page = client.get(f"/articles?{query}")
    assert (page.status_code, query.partition("=")[0] in page.text) == (422, True)


def test_pages_of_the_list_keep_what_was_asked_for(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    page = client.get("/articles?q=the&publisher=The+Daily&sort=newest&page=1").text
    address = re.search(r'<a rel="next" href="([^"]*)"', page)
    assert address is not None
    following = client.get(html.unescape(address[1])).text
    assert (listed(page), listed(following)) == ([TROOPS], [PRIZE])
    assert "Page 2 of 2" in text_of(following)


def test_page_is_no_longer_than_the_settings_allow(settings: Settings, components: Components) -> None:
    page = client_with(settings, components, max_page_size=2).get("/articles").text
    assert (len(listed(page)), "Page 1 of 2" in text_of(page)) == (2, True)


def test_export_of_what_is_listed_is_one_click_away(client: FlaskClient) -> None:
    page = client.get("/articles?q=prize").text
    address = re.search(r'href="(/api/articles/export[^"]*)" download', page)
    assert address is not None
    assert client.get(html.unescape(address[1])).text.count("\n") == 1


def test_selected_articles_are_put_in_a_collection_that_may_be_new(client: FlaskClient, newsquote: Newsquote) -> None:
    page = sent(client, "/articles/selected?publisher=The+Daily&page=1", "put", TROOPS, PRIZE, collection=" Kursk ")
    assert "2 articles added to “Kursk”." in text_of(page)
    assert listed(page) == [TROOPS, PRIZE]  # the list as it was
    sent(client, "/articles/selected", "put", ECLIPSE, collection="Kursk")
    assert [(one.name, one.articles) for one in newsquote.collections.every()] == [("Kursk", 3)]


def test_selected_articles_are_moved_and_taken_out(client: FlaskClient, newsquote: Newsquote) -> None:
    war = newsquote.collections.make("War")
    newsquote.collections.put(war.id, [TROOPS.id, ECLIPSE.id, PRIZE.id])
    within = f"/articles/selected?within={war.id}&collection={war.id}"
    page = sent(client, within, "move", ECLIPSE, collection="Sky")
    assert "1 article added to “Sky” and taken out of “War”." in text_of(page)
    assert listed(page) == [TROOPS, PRIZE]
    assert "1 article taken out of “War”." in text_of(sent(client, within, "take_out", PRIZE))
    assert "added to “War”" in text_of(sent(client, within, "move", TROOPS, collection="War"))
    assert {one.name: one.articles for one in newsquote.collections.every()} == {"War": 1, "Sky": 1}


def test_removing_selected_articles_is_asked_about_first(client: FlaskClient, newsquote: Newsquote) -> None:
    asking = sent(client, "/articles/selected?q=the&sort=newest", "remove", TROOPS, PRIZE)
    assert "Remove 2 articles?" in text_of(asking)
    assert newsquote.archive.remove([]) == 0
    assert len(list(newsquote.every_article())) == 3
    address = re.search(r'<form action="(/articles/removed[^"]*)"', asking)
    assert address is not None
    ids = re.findall(r'name="article_id" value="(\w+)"', asking)
    form = {"csrf_token": csrf(client), "article_id": ids}
    page = client.post(html.unescape(address[1]), data=form, follow_redirects=True).text
    assert "2 articles removed." in text_of(page)
    assert listed(page) == [ECLIPSE]


@pytest.mark.parametrize("name", ["endpoint", "_external", "_scheme", "_anchor", "_method", "article_id"])
def test_address_of_a_list_may_say_anything(client: FlaskClient, name: str) -> None:
    asking = sent(client, f"/articles/selected?{name}=x%22y", "remove", TROOPS)
    assert f'action="/articles/removed?{name}=x%22y"' in asking


def test_nothing_selected_or_nothing_known_to_do(client: FlaskClient) -> None:
    assert "Select at least one article first." in text_of(sent(client, "/articles/selected", "put", collection="War"))
    for do in ("", "burn", "move", "take_out"):
        assert "must be put or remove" in sent(client, "/articles/selected", do, TROOPS)
    assert "name: missing" in text_of(sent(client, "/articles/selected", "put", TROOPS))


def test_changes_need_the_token_and_the_question_before_does_not(settings: Settings, components: Components) -> None:
    client = client_with(settings, components, admin_token="s3cret")
    token = csrf(client)
    form = {"csrf_token": token, "article_id": TROOPS.id}
    assert client.post("/articles/selected", data=form | {"do": "remove"}).status_code == 200
    assert client.post("/articles/selected", data=form | {"do": "put", "collection": "A"}).status_code == 401
    assert client.post("/articles/removed", data=form).status_code == 401
    for path in ("/collections", "/collections/x/rename", "/collections/x/delete"):
        assert client.post(path, data=form).status_code == 401
    assert client.post("/articles/removed", data=form | {"admin_token": "s3cret"}).status_code == 302
    assert client.post("/articles/selected", data={"do": "remove", "article_id": ECLIPSE.id}).status_code == 400


def test_collection_has_an_address_where_one_asks_within_it(client: FlaskClient, newsquote: Newsquote) -> None:
    made = client.post("/collections", data={"csrf_token": csrf(client), "name": "Sky"})
    address = made.headers["Location"]
    sky = address.rpartition("/")[2]
    newsquote.collections.put(sky, [ECLIPSE.id])
    page = client.get(address).text
    assert (listed(page), "Sky 1" in text_of(page)) == ([ECLIPSE], True)
    form = {"csrf_token": csrf(client), "q": "How long did the eclipse last?", "collection": sky}
    chat = client.post("/chat", data=form, follow_redirects=True).text
    assert "Searched only in articles in Sky." in text_of(chat)
    assert f'name="collection" value="{sky}" checked' in chat  # for the next question
    client.post(f"{address}/rename", data={"csrf_token": csrf(client), "name": "Moon"})
    assert "Moon 1 article" in text_of(client.get("/collections").text)
    gone = client.post(f"{address}/delete", data={"csrf_token": csrf(client)}, follow_redirects=True).text
    assert "Deleted “Moon”. Its articles are still in the archive." in text_of(gone)
    assert client.get(address).status_code == 404


def test_uploaded_articles_are_put_in_a_collection(client: FlaskClient, newsquote: Newsquote) -> None:
    form = {"csrf_token": csrf(client), "collection": "Rain", "files": (BytesIO(b"It rained in Lima."), "a.txt")}
    assert client.post("/articles", data=form).status_code == 200
    assert [(one.name, one.articles) for one in newsquote.collections.every()] == [("Rain", 1)]


def test_names_of_collections_are_shown_as_they_are(client: FlaskClient, newsquote: Newsquote) -> None:
    evil = newsquote.collections.make(EVIL[:100])
    newsquote.collections.put(evil.id, [TROOPS.id])
    for path in ("/articles", "/collections", f"/collections/{evil.id}", f"/articles/{TROOPS.id}", "/"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert html.escape(evil.name[:20]).replace("&#x27;", "&#39;") in page, path
