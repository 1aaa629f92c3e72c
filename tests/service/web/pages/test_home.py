"""The first page: the field, what to ask, what is new, and how much there is."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from index.articles import Article
from service.newsquote import Newsquote
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.index.store.conftest import counted
from tests.service.web.pages.test_pages import EVIL, begun, text_of


def test_field_stands_directly_under_the_heading_until_something_is_asked(client: FlaskClient) -> None:
    page = client.get("/").text
    assert re.search(r"<h1>Ask the articles</h1></div>\s*<form class=\"ask\"", page)
    assert page.index('id="home"') < page.index('id="conversation"')
    for path in (f"/chat/{begun(client)}", "/?q=troops"):
        page = client.get(path).text
        assert page.index('id="conversation"') < page.index('<form class="ask"')
        assert 'id="home"' not in page
        assert page.count('id="ask"') == 1


def test_first_page_shows_the_newest_articles_and_whose_they_are(client: FlaskClient) -> None:
    page = client.get("/").text
    recent = page[page.index("<h2>Recent") : page.index("<h2>Publishers")]
    assert re.findall(r'href="/articles/(\w{16})"', recent) == [TROOPS.id, ECLIPSE.id, PRIZE.id]
    assert "The Daily · 16 December 2024 · Troops on the way" in text_of(recent)
    assert "The Daily · The prize went to two scientists." in text_of(recent)
    assert re.findall(r'<a href="/articles\?publisher=([^"]*)"><bdi>([^<]*)</bdi></a> (\d+)', page) == [
        ("The+Daily", "The Daily", "2"),
        ("Sky", "Sky", "1"),
    ]
    assert "3 articles from 2 publishers, 8 April 2024 to 16 December 2024." in text_of(page)
    assert text_of(client.get("/articles?publisher=The+Daily").text).count("Troops on the way") == 1


def test_names_on_the_first_page_are_text(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([Article("The tide came in.", title=EVIL, publisher=EVIL)]))
    page = client.get("/").text
    assert text_of(page).count(EVIL) >= 3
    assert "<script>alert" not in page
    assert "<img" not in page


def test_first_page_of_an_empty_archive_says_how_to_fill_it(empty: Components) -> None:
    page = create_app(Newsquote(empty)).test_client().get("/").text
    assert "There are no articles yet, so there is nothing to quote. Add articles:" in text_of(page)
    assert '<a href="/articles">Add articles</a>' in page
    assert "Recent articles" not in page
    assert "In all" not in page


def test_first_page_reads_a_few_rows_and_nothing_of_the_articles_again(client: FlaskClient) -> None:
    client.get("/")
    with counted() as statements:
        client.get("/")
    assert not [one for one in statements if "FROM articles" in one or "sentences" in one]


def test_a_text_is_verified_from_the_first_page_with_one_click(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<a href="/verify">verify the quotations</a>' in page[page.index('id="home"') :]
