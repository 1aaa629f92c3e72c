from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from index.articles import Article
from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.web.errors import FRAGMENT_HEADER
from service.web.guards import visitor
from service.wiring import Components
from tests.conftest import ECLIPSE, TROOPS
from tests.service.web.pages.test_pages import FRAGMENT, text_of

TODAY = date(2024, 12, 17)
BRIGADE = "The 94th brigade was among them."
CORRECTED = replace(TROOPS, text=TROOPS.text.replace("10,000", "11,000"), title="More troops on the way")


def source(client: FlaskClient, conversation: str, turn: int, article: Article = TROOPS) -> str:
    """Return where the quote from the article leads that was given in this turn."""
    shown = client.get(f"/chat/{conversation}").text
    section = shown.split('<section class="turn"')[turn]
    found = re.search(rf'<a class="source" href="(/articles/{article.id}[^"]*)"', section)
    assert found is not None
    return html.unescape(found[1])


@pytest.fixture
def conversation(client: FlaskClient, newsquote: Newsquote) -> str:
    """A conversation of this client, whose two turns quote two sentences of ``TROOPS``."""
    with client.session_transaction() as session:
        session[visitor.KEY] = ["me"]
    first = newsquote.ask(Question("How many troops were sent?", 1, as_of=TODAY), owner="me").place
    assert first is not None
    newsquote.ask(Question("Which 94th brigade was there?", 1, as_of=TODAY), first.conversation_id)
    return first.conversation_id


def marks(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<mark id="([^"]*)" tabindex="-1">([^<]*)</mark>', page)


def text_shown(page: str) -> str:
    shown = re.search(r'<div class="text" dir="auto">(.*?)</div>', page, re.DOTALL)
    assert shown is not None
    return html.unescape(re.sub(r"<[^>]*>", "", shown[1]))


def test_all_quotes_of_the_conversation_are_marked(client: FlaskClient, conversation: str) -> None:
    address = source(client, conversation, 2)
    assert re.fullmatch(rf"/articles/{TROOPS.id}\?start=48&end=80&answer=[\w-]{{22}}#quote", address)
    page = client.get(address)
    first = "North Korea sent 10,000 troops, officials said."
    assert marks(page.text) == [("quote-1", first), ("quote", BRIGADE)]
    assert text_shown(page.text) == TROOPS.text
    assert "Quote 1 Quote 2 Quote 2 of 2 ‹ Previous Next › Back to the conversation" in text_of(page.text)
    assert f'href="/chat/{conversation}#turn-2"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_others_see_the_quotes_of_the_answer_alone(client: FlaskClient, app: OpenAPI, conversation: str) -> None:
    page = app.test_client().get(source(client, conversation, 2))
    assert marks(page.text) == [("quote", BRIGADE)]
    assert conversation not in page.text
    assert "Back to the conversation" not in page.text


def test_script_gets_the_article_with_the_quotes_of_the_one_answer(client: FlaskClient, conversation: str) -> None:
    address = source(client, conversation, 2)
    part = client.get(address, headers=FRAGMENT)
    assert part.text.lstrip().startswith("<article")
    assert marks(part.text) == [("quote", BRIGADE)]
    assert text_shown(part.text) == TROOPS.text
    page = html.escape(address.removesuffix("#quote"))
    assert f'<a href="{page}#quote">open the article’s page</a>' in part.text
    assert f'<a href="{page}#quote" aria-current="true"><title>Quote 1</title>' in part.text
    assert conversation not in part.text
    assert part.headers["Cache-Control"] == "no-store"
    assert FRAGMENT_HEADER in part.headers["Vary"]
    assert FRAGMENT_HEADER in client.get(address).headers["Vary"]


def test_script_is_told_that_an_article_was_removed(client: FlaskClient, components: Components) -> None:
    components.store.articles.remove(TROOPS.id)
    part = client.get(f"/articles/{TROOPS.id}?start=48&end=80", headers=FRAGMENT)
    assert part.status_code == 410
    assert part.text.lstrip().startswith('<div class="problem" role="alert">')
    assert f"The article '{TROOPS.id}' has been removed." in text_of(part.text)


def test_script_is_told_what_became_of_the_article(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([CORRECTED]))
    part = client.get(f"/articles/{TROOPS.id}?start=48&end=80", headers=FRAGMENT).text
    assert "This article has been replaced by a newer version: More troops on the way." in text_of(part)
    assert f'<a href="/articles/{TROOPS.id}?start=48&amp;end=80#versions">2 versions</a>' in part


def test_dateline_is_apart_and_the_characters_are_folded(client: FlaskClient, components: Components) -> None:
    dated = Article("date 2024-12-16 (AFP- Sky) The barrage of Tove burst. It rained.", body_start=27)
    list(components.ingester.add([dated]))
    page = client.get(f"/articles/{dated.id}?start=27&end=53").text
    assert '<span class="dateline">date 2024-12-16 (AFP- Sky) </span><mark id="quote"' in page
    assert text_shown(page) == dated.text
    assert "Where this quote is Characters 27 to 53 · Link to this quote" in text_of(page)
    assert f'<a href="/articles/{dated.id}?start=27&amp;end=53#quote">Link to this quote</a>' in page
    plain = client.get(f"/articles/{dated.id}").text
    assert "Where this quote is" not in plain
    assert '<svg class="strip"' not in plain


def test_strip_shows_the_share_of_each_quote(client: FlaskClient, conversation: str) -> None:
    page = client.get(source(client, conversation, 2)).text
    places = re.findall(r'<rect class="place" x="([\d.]+)%" y="7" width="([\d.]+)%"', page)
    assert places == [("0.0", "43.93"), ("44.86", "29.91")]  # 0 to 47 and 48 to 80 of 107 characters
    assert re.findall(r'<rect class="reach" x="([\d.]+)%" width="([\d.]+)%"', page) == [
        ("0.0", "44.39"),
        ("44.39", "55.61"),
    ]
    assert "style=" not in page


def test_deleted_answer_is_passed_over(client: FlaskClient, components: Components, conversation: str) -> None:
    address = source(client, conversation, 2)
    components.conversations.delete(conversation)
    page = client.get(address)
    assert (page.status_code, marks(page.text)) == (200, [("quote", BRIGADE)])


@pytest.mark.parametrize("answer", ["", "x", "x" * 22, "é" * 22, "%00" * 22, "a" * 5_000, "'; --"])
def test_answer_that_is_none_is_passed_over(client: FlaskClient, answer: str) -> None:
    page = client.get(f"/articles/{TROOPS.id}?start=48&end=80&answer={answer}")
    assert (page.status_code, marks(page.text)) == (200, [("quote", BRIGADE)])


def test_addresses_to_keep_do_not_name_the_answer(client: FlaskClient, conversation: str) -> None:
    shown = client.get(f"/chat/{conversation}").text
    assert f'<blockquote cite="/articles/{TROOPS.id}?start=48&amp;end=80">' in shown
    unkept = client.get("/", query_string={"q": "How many troops were sent?"}).text
    assert "answer=" not in unkept


def test_article_says_where_it_is_from_and_when_it_came(client: FlaskClient) -> None:
    shown = text_of(client.get(f"/articles/{TROOPS.id}").text)
    assert "Troops on the way The Daily · 16 December 2024 · at the publisher North Korea" in shown
    assert re.search(r"Added \d{1,2} \w+ 20\d\d · 107 characters", shown)
    assert "Versions" not in shown


def test_article_says_if_it_seems_not_to_be_in_english(client: FlaskClient, components: Components) -> None:
    german = Article("Die Regierung hat nach eigenen Angaben 10.000 Soldaten in den Osten des Landes geschickt.")
    list(components.ingester.add([german]))
    said = "This article appears to be in German. Newsquote reads only English"
    assert said in text_of(client.get(f"/articles/{german.id}").text)
    assert "appears to be in" not in client.get(f"/articles/{TROOPS.id}").text


def test_link_to_the_publisher_leads_to_the_marked_words(client: FlaskClient) -> None:
    assert 'href="https://example.org/troops"' in client.get(f"/articles/{TROOPS.id}").text
    marked = client.get(f"/articles/{TROOPS.id}?start=48&end=80").text
    assert 'href="https://example.org/troops#:~:text=The%2094th%20brigade%20was%20among%20them."' in marked


def test_versions_are_listed_with_what_became_of_them(client: FlaskClient, components: Components) -> None:
    gone = replace(TROOPS, text="Troops, troops.", title="Gone")
    list(components.ingester.add([gone, CORRECTED]))
    components.store.articles.remove(gone.id)
    page = client.get(f"/articles/{TROOPS.id}").text
    shown = re.sub(r"\d{1,2} \w+ 20\d\d, \d\d:\d\d UTC", "THEN", text_of(page))
    assert (
        "Versions Troops on the way this one, superseded, added THEN Removed added THEN "
        "More troops on the way current, added THEN · What changed"
    ) in shown
    assert page.count(f'href="/articles/{CORRECTED.id}"') == 2
    assert f'href="/articles/{CORRECTED.id}/changes"' in page
    assert f'href="/articles/{gone.id}' not in page


def test_changes_are_shown_word_by_word(client: FlaskClient, components: Components) -> None:
    gone = replace(TROOPS, text="Troops, troops.")
    list(components.ingester.add([gone, CORRECTED]))
    components.store.articles.remove(gone.id)
    page = client.get(f"/articles/{CORRECTED.id}/changes").text
    assert "North Korea sent <del>10,000</del> <ins>11,000</ins> troops, officials said." in page
    assert '<h2 dir="auto"><del>Troops</del><ins>More troops</ins> on the way</h2>' in page
    assert "…" not in page
    assert f'href="/articles/{TROOPS.id}"' in page


def test_long_unchanged_text_is_left_out(client: FlaskClient, components: Components) -> None:
    long = " ".join(f"Sentence {n} stands." for n in range(100))
    old, new = (Article(f"{long} It rained {day}.", url="https://example.org/long") for day in ("Monday", "Tuesday"))
    list(components.ingester.add([old, new]))
    shown = text_of(client.get(f"/articles/{new.id}/changes").text)
    assert "left out.stands. Sentence 97 stands. Sentence 98 stands. Sentence 99 stands. It rained Monday." in shown
    assert "Sentence 90" not in shown


@pytest.mark.parametrize("path", ["changes", "changes/", "history"])
def test_article_without_an_earlier_version_has_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    page = client.get(f"/articles/{ECLIPSE.id}/{path}")
    assert page.status_code == 404
    if path == "changes":
        assert f"The article '{ECLIPSE.id}' has no earlier version to compare" in text_of(page.text)


def test_changes_of_what_is_gone_or_never_was(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([CORRECTED]))
    components.store.articles.remove(TROOPS.id)
    assert client.get(f"/articles/{CORRECTED.id}/changes").status_code == 404  # what it replaced is gone
    assert client.get(f"/articles/{TROOPS.id}/changes").status_code == 410
    assert client.get("/articles/0000000000000000/changes").status_code == 404
