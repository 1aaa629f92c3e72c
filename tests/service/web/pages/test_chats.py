"""The page that lists the conversations of a browser: found by words, named, pinned."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from werkzeug.test import TestResponse

from service.application.chats import MAX_NAME_CHARS
from service.english.dates import written_short
from service.web.pages import paging
from tests.service.web.pages.test_pages import EVIL, begun, csrf, say, text_of

TROOPS_ASKED, ECLIPSE_ASKED = "How many troops were sent?", "How long did the eclipse last?"


def listed(page: str) -> list[str]:
    """Return what the chats on the page are called."""
    return re.findall(r'<li class="kept">\s*<a href="/chat/[\w-]{22}"><bdi>(.*?)</bdi>', page)


def change(client: FlaskClient, conversation: str, act: str, **fields: str) -> TestResponse:
    return client.post(f"/chat/{conversation}/{act}", data={"csrf_token": csrf(client), **fields})


def test_chats_are_found_by_words_of_questions_and_quotes(client: FlaskClient) -> None:
    first, second = begun(client, TROOPS_ASKED), begun(client, ECLIPSE_ASKED)
    say(client, "Who said so?", first)
    assert listed(client.get("/chats").text) == [TROOPS_ASKED, ECLIPSE_ASKED]
    page = client.get("/chats?q=Officials").text
    assert listed(page) == [TROOPS_ASKED]
    assert "1 chat mentions “Officials” in a name, question or quote" in text_of(page)
    assert "2 questions" in text_of(page)
    match = re.search(r'<p class="match"><a href="([^"]*)"><bdi>(.*?)</bdi>', page)
    assert match is not None
    assert match.groups() == (
        f"/chat/{first}#turn-1",
        "North Korea sent 10,000 troops, <mark>officials</mark> said.",
    )
    assert second not in page
    assert "Delete all" not in page  # it would delete what is not shown
    page = client.get("/chats?q=volcano").text
    assert "0 chats mention “volcano”" in text_of(page)
    assert 'action="/chats"' in page


@pytest.mark.parametrize(("words", "status"), [("a" * 501, 422), ("?!", 422), ("  ", 200), ("%", 422), ("\0", 422)])
def test_words_that_are_none_are_refused(client: FlaskClient, words: str, status: int) -> None:
    assert client.get("/chats", query_string={"q": words}).status_code == status


def test_chat_is_called_by_its_name_on_the_list_and_on_its_page(client: FlaskClient, app: OpenAPI) -> None:
    first = begun(client, TROOPS_ASKED)
    assert f"<title>{TROOPS_ASKED} · Newsquote</title>" in client.get(f"/chat/{first}").text
    said = change(client, first, "rename", name=" The  losses ", q="troops")
    assert (said.status_code, said.headers["Location"]) == (303, "/chats?q=troops")
    page = client.get("/chats").text
    assert listed(page) == ["The losses"]
    assert f"“{TROOPS_ASKED}” · Answered" in text_of(page)
    page = client.get(f"/chat/{first}").text
    assert "<title>The losses · Newsquote</title>" in page
    assert '<h1 class="column name" dir="auto">The losses</h1>' in page
    assert page.count("<h1") == 1
    elsewhere = app.test_client().get(f"/chat/{first}").text  # who has the address reads what was asked, not its name
    assert "losses" not in elsewhere
    change(client, first, "rename", name="")
    assert listed(client.get("/chats").text) == [TROOPS_ASKED]
    assert change(client, first, "rename", name="a" * (MAX_NAME_CHARS + 1)).status_code == 422


def test_name_is_no_markup(client: FlaskClient) -> None:
    first = begun(client)
    change(client, first, "rename", name=EVIL)
    for path in ("/chats", "/chats?q=alert", f"/chat/{first}"):
        page = client.get(path).text
        assert EVIL in text_of(page).replace("  ", " ") or EVIL in text_of(page)
        assert "<script>alert" not in page
        assert "<img" not in page


def test_pinned_chats_come_first(client: FlaskClient) -> None:
    first, _ = begun(client, TROOPS_ASKED), begun(client, ECLIPSE_ASKED)
    assert listed(client.get("/chats").text) == [ECLIPSE_ASKED, TROOPS_ASKED]
    assert change(client, first, "pin", pinned="on").headers["Location"] == "/chats"
    page = client.get("/chats").text
    assert listed(page) == [TROOPS_ASKED, ECLIPSE_ASKED]
    assert text_of(page).count("Pinned · ") == 1
    assert text_of(page).count(written_short(datetime.now(UTC).date())) == 2  # each says of which day it is
    change(client, first, "pin")
    assert listed(client.get("/chats").text) == [ECLIPSE_ASKED, TROOPS_ASKED]


def test_pages_of_the_list_keep_the_words_and_the_pinned_ones_first(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    first, _, third = (begun(client, f"Were {n} troops sent?") for n in range(3))
    begun(client, ECLIPSE_ASKED)
    change(client, first, "pin", pinned="on")
    assert listed(client.get("/chats").text) == ["Were 0 troops sent?", ECLIPSE_ASKED]
    page = client.get("/chats?page=2").text
    assert listed(page) == ["Were 2 troops sent?", "Were 1 troops sent?"]
    assert '<a rel="prev" href="/chats?page=1">Previous</a>' in page
    assert "Page 2 of 2" in text_of(page)
    page = client.get("/chats?q=troops").text
    assert listed(page) == ["Were 0 troops sent?", "Were 2 troops sent?"]
    assert "3 chats mention “troops”" in text_of(page)
    assert '<a rel="next" href="/chats?q=troops&amp;page=2">Next</a>' in page
    page = client.get("/chats?q=troops&page=2").text
    assert listed(page) == ["Were 1 troops sent?"]
    assert '<input type="hidden" name="page" value="2">' in page
    said = change(client, third, "delete", q="troops", page="2")
    assert said.headers["Location"] == "/chats?q=troops&page=2"
    assert client.get(said.headers["Location"]).headers["Location"] == "/chats?q=troops&page=1"  # there is no second
    assert 'class="pages"' not in client.get("/chats?q=troops").text


@pytest.mark.parametrize("page", ["0", "-1", "x"])
def test_page_that_is_none_is_refused(client: FlaskClient, page: str) -> None:
    assert client.get("/chats", query_string={"page": page}).status_code == 422


def test_only_the_browser_that_began_a_chat_changes_it(client: FlaskClient, app: OpenAPI) -> None:
    first = begun(client, TROOPS_ASKED)
    stranger = app.test_client()
    for act, fields in (("rename", {"name": "Mine"}), ("pin", {"pinned": "on"}), ("delete", {})):
        assert change(stranger, first, act, **fields).status_code == 403
        assert client.post(f"/chat/{first}/{act}", data=fields).status_code == 400  # without the form's token
        assert change(client, "x" * 22, act, **fields).status_code == 403
        assert change(client, "x", act, **fields).status_code == 404
    page = client.get("/chats").text
    assert listed(page) == [TROOPS_ASKED]
    assert "Pinned" not in page
    assert "There are no conversations yet." in text_of(stranger.get("/chats?q=").text)
    assert "0 chats mention “troops”" in text_of(stranger.get("/chats?q=troops").text)
