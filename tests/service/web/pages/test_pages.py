from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from index.articles import Article
from service.application.feedback import MAX_NOTE_CHARS
from service.newsquote import Newsquote
from service.web.errors import FRAGMENT_HEADER
from service.wiring import Components
from tests.conftest import TROOPS

FRAGMENT = {FRAGMENT_HEADER: "1"}
EVIL = "<script>alert('moon')</script> \"><img src=x onerror=alert(1)> {{ 7777*7 }} </mark>"


def text_of(page: str) -> str:
    """Return what a reader sees of the page, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def csrf(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/articles").text)
    assert found is not None
    return found[1]


def test_start_page_tells_how_many_articles_there_are(client: FlaskClient) -> None:
    assert "word for word from 3 articles" in text_of(client.get("/").text)


def test_answer_is_quoted_with_source_link_and_further_quotes(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "How many troops were sent?"}).text
    assert '<strong dir="auto">10,000</strong>' in page
    assert "North Korea sent <mark>10,000</mark> troops, officials said." in page
    assert f'href="/articles/{TROOPS.id}?start=0&amp;end=47#quote"' in page
    assert "The Daily · 16 December 2024 · Troops on the way" in text_of(page)
    assert re.search(r'<details class="more">\s*<summary>4 more quotes</summary>', page)
    assert " ms" not in text_of(page)


def test_title_that_the_quote_repeats_is_left_out(client: FlaskClient) -> None:
    shown = text_of(client.get("/", query_string={"q": "How long did the eclipse cover the Moon and Sun?"}).text)
    assert "The eclipse lasted four minutes. Sky · 8 April 2024 · The Moon covered the Sun. Copy" in shown
    assert "The Moon covered the Sun. Sky · 8 April 2024 Copy" in shown


def test_wire_copies_count_as_one_report(client: FlaskClient, components: Components) -> None:
    copies = [replace(TROOPS, text=f"{TROOPS.text}\n\n{n}", url=None, title=f"Copy {n}") for n in ("One.", "Two.")]
    list(components.ingester.add(copies))
    shown = text_of(client.get("/", query_string={"q": "How many troops were sent?"}).text)
    assert "1 report, 2 copies" in shown
    assert "in 3 independent articles" not in shown


def test_what_is_not_in_the_articles_has_one_nearest_quote_folded_away(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "Who won the 1998 World Cup?"}).text
    assert "This is not in the articles. The closest quote, which is not an answer" in text_of(page)
    assert page.count("<blockquote") == 1
    assert re.search(r'<details class="nearest">.*<blockquote', page, re.DOTALL)
    assert 'class="short"' not in page


def test_uncertain_answer_has_the_nearest_quotes_without_large_type(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "Which two scientists opened a school?"}).text
    assert "The articles may answer this. The closest they come:" in text_of(page)
    assert page.count("<blockquote") == 5
    assert page.split('<details class="more">')[0].count("<blockquote") == 1
    assert 'class="short"' not in page
    assert "certainty" not in page


@pytest.mark.parametrize(
    ("question", "word"),
    [("How many troops were sent?", "Sure"), ("Which two scientists opened a school?", "Probably")],
)
def test_answer_says_how_sure_it_is_in_a_word_and_in_size(
    client: FlaskClient, components: Components, question: str, word: str
) -> None:
    components.settings = components.settings.model_copy(update={"precision": 0.7})
    page = client.get("/", query_string={"q": question}).text
    assert re.search(rf'<span title="Confidence [01]\.\d\d">{word}</span>', page)
    assert f"Is this right? {word}" in text_of(page)
    assert ('<div class="answer sure">' in page) == (word == "Sure")  # which alone is in large type


def say(client: FlaskClient, question: str, conversation: str = "", **more: Any) -> Any:
    data = {"q": question, "conversation": conversation, "csrf_token": csrf(client)}
    return client.post("/chat", data=data, **more)


def begun(client: FlaskClient, question: str = "How many troops were sent?") -> str:
    """Ask, and return the conversation's id."""
    location: str = say(client, question).headers["Location"]
    found = re.fullmatch(r"/chat/([\w-]{22})#turn-1", location)
    assert found is not None
    return found[1]


def test_question_goes_to_its_answer_in_its_conversation(client: FlaskClient) -> None:
    conversation = begun(client)
    assert say(client, "Who said so?", conversation).headers["Location"] == f"/chat/{conversation}#turn-2"
    shown = text_of(client.get(f"/chat/{conversation}").text)
    assert "How many troops were sent? Is this right? Sure 10,000" in shown
    assert "Read as “Who said so: “10,000”?”" in shown
    assert "officials said" in shown


def test_what_was_taken_over_can_be_taken_away(client: FlaskClient) -> None:
    conversation = begun(client)
    say(client, "Who said so?", conversation)
    data = {"q": "Who said so?", "conversation": conversation, "without": ["10,000"], "csrf_token": csrf(client)}
    assert client.post("/chat", data=data).headers["Location"] == f"/chat/{conversation}#turn-3"
    assert client.get(f"/chat/{conversation}").text.count("Read as “<bdi>Who said so: “10,000”?</bdi>”") == 1


def test_script_gets_the_turn_alone_and_where_it_belongs(client: FlaskClient) -> None:
    part = say(client, "troops", headers=FRAGMENT)
    assert part.text.lstrip().startswith("<section")
    assert re.fullmatch(r"/chat/[\w-]{22}#turn-1", part.headers["Content-Location"])


def test_script_gets_errors_as_a_part_and_others_as_a_page(client: FlaskClient) -> None:
    part = say(client, "?!", headers=FRAGMENT)
    assert (part.status_code, part.text.startswith('<div class="problem"')) == (422, True)
    page = say(client, "?!")
    assert (page.status_code, page.text.startswith("<!doctype html>")) == (422, True)
    assert say(client, "  ").status_code == 422
    assert say(client, "troops", "x" * 22).status_code == 404
    assert client.post("/chat", data={"q": "troops"}).status_code == 400  # without the form's token


def test_quotes_stay_as_they_were_until_their_article_is_removed(client: FlaskClient, components: Components) -> None:
    conversation = begun(client)
    answer_id = components.conversations.turns(conversation)[0].id
    newer = replace(TROOPS, text="North Korea sent 11,000 troops.", published=date(2024, 12, 20))
    list(components.ingester.add([newer]))
    assert "This article has been replaced by a newer version." in text_of(client.get(f"/chat/{conversation}").text)
    components.store.articles.remove(TROOPS.id)
    for address in (f"/chat/{conversation}", f"/answers/{answer_id}"):
        shown = client.get(address).text
        assert "officials said" not in shown
        assert "10,000" not in shown
        assert "The article quoted here has since been removed." in text_of(shown)


def test_link_to_an_answer_does_not_lead_to_its_conversation(client: FlaskClient, components: Components) -> None:
    conversation = begun(client)
    say(client, "Who said so?", conversation)
    last = components.conversations.turns(conversation)[-1]
    for address in (f"/answers/{last.id}", f"/api/answers/{last.id}"):
        shown = client.get(address).text
        assert "officials said" in shown
        assert conversation not in shown


def test_conversations_are_listed_and_deleted_only_where_they_began(client: FlaskClient, app: OpenAPI) -> None:
    first, second = begun(client), begun(client, "How long did the eclipse last?")
    stranger = app.test_client()
    assert "There are no conversations yet." in text_of(stranger.get("/chats").text)
    assert stranger.get(f"/chat/{first}").status_code == 200  # who has the address may read
    assert stranger.post(f"/chat/{first}/delete", data={"csrf_token": csrf(stranger)}).status_code == 403
    listed = text_of(client.get("/chats").text)
    assert listed.index("How long did the eclipse last?") < listed.index("How many troops were sent?")
    client.post(f"/chat/{first}/delete", data={"csrf_token": csrf(client)})
    assert client.get(f"/chat/{first}").status_code == 404
    shown = client.post("/chats/delete", data={"csrf_token": csrf(client)}, follow_redirects=True)
    assert "1 conversation deleted." in text_of(shown.text)
    assert client.get(f"/chat/{second}").status_code == 404


@pytest.mark.parametrize("question", ["a" * 501, "??"])
def test_bad_question_is_a_page_that_says_why(client: FlaskClient, question: str) -> None:
    page = client.get("/", query_string={"q": question})
    assert page.status_code == 422
    assert "question" in text_of(page.text).lower()


def test_nothing_of_a_question_or_an_article_is_markup(client: FlaskClient, components: Components) -> None:
    evil = Article(
        f"The moon said {EVIL} yesterday.", title=EVIL, publisher=EVIL, author=EVIL, agency=EVIL, url="https://e.org/"
    )
    newer = replace(evil, text=f"The moon says {EVIL} today {EVIL}.", title=f"{EVIL} {EVIL}")
    list(components.ingester.add([evil, newer]))
    pages = [
        client.get("/", query_string={"q": f"moon {EVIL}"}).text,
        say(client, f"moon {EVIL}", headers=FRAGMENT).text,
        say(client, f"moon {EVIL}", follow_redirects=True).text,
        client.get("/chats").text,
        client.post("/verify", data={"text": f"The moon said {EVIL} today.", "csrf_token": csrf(client)}).text,
        client.get(f"/articles/{evil.id}?start=4&end=9").text,
        client.get(f"/articles/{newer.id}").text,
        client.get(f"/articles/{newer.id}/changes").text,
        client.get("/articles").text,
        client.get(f"/articles/{EVIL}").text,
        client.get("/", query_string={"q": EVIL + "?" * 500}).text,
        client.post(
            "/articles",
            data={
                "csrf_token": csrf(client),
                "files": [(BytesIO(b"\0"), f"{EVIL}.txt".replace("/", "")), (BytesIO(EVIL.encode()), "a.txt")],
            },
        ).text,
    ]
    for page in pages:
        assert "<script>" not in page
        assert "<img" not in page
        assert "54439" not in page


def test_article_page_shows_every_character_with_the_span_marked(client: FlaskClient) -> None:
    page = client.get(f"/articles/{TROOPS.id}?start=24&end=30").text
    shown = re.search(r'<div class="text" dir="auto">(.*?)</div>', page, re.DOTALL)
    assert shown is not None
    assert '<mark id="quote" tabindex="-1">troops</mark>' in shown[1]
    assert html.unescape(re.sub(r"<[^>]*>", "", shown[1])) == TROOPS.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start=1&end=5", 200),
        ("", 200),
        ("start=5", 422),
        ("end=5", 422),
        ("start=5&end=5", 422),
        ("start=0&end=100000", 422),
        ("start=-1&end=5", 422),
        ("start=a&end=5", 422),
        ("start=1&end=99999999999999999999", 422),
        ("start=¹&end=5", 422),
    ],
)
def test_article_page_refuses_offsets_that_are_none(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/articles/{TROOPS.id}?{query}").status_code == status


def test_superseded_article_still_opens_and_names_its_successor(client: FlaskClient, components: Components) -> None:
    newer = Article("North Korea sent 11,000 troops.", title="More troops", url=TROOPS.url)
    list(components.ingester.add([newer]))
    page = client.get(f"/articles/{TROOPS.id}?start=0&end=47").text
    assert "This article has been replaced by a newer version: More troops" in text_of(page)
    assert f'href="/articles/{newer.id}"' in page
    components.store.articles.remove(newer.id)
    assert "This article has been replaced by a newer version." in text_of(client.get(f"/articles/{TROOPS.id}").text)


def test_removed_and_unknown_articles_have_a_page_that_says_so(client: FlaskClient, components: Components) -> None:
    components.store.articles.remove(TROOPS.id)
    gone = client.get(f"/articles/{TROOPS.id}")
    assert (gone.status_code, "has been removed" in gone.text) == (410, True)
    assert client.get("/articles/0000000000000000").status_code == 404
    assert client.get("/nothing").status_code == 404


def test_list_is_paged(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add(Article(f"Report number {n}.") for n in range(60)))
    first, second = client.get("/articles").text, client.get("/articles?page=2").text
    assert first.count("<li>") == 50
    assert second.count("<li>") == 13
    assert "Page 1 of 2" in first
    assert client.get("/articles?page=0").status_code == 422
    assert "There are no articles on this page." in client.get("/articles?page=9").text


def test_upload_form_says_what_became_of_each_file(client: FlaskClient) -> None:
    files = [
        (BytesIO(b"One moon."), "one.txt"),
        (BytesIO(b"\xff"), "two.txt"),
        (BytesIO(TROOPS.text.encode()), "x.txt"),
    ]
    page = client.post("/articles", data={"csrf_token": csrf(client), "files": files}).text
    shown = text_of(page)
    assert "1 article added One moon." in shown
    assert "Already here Troops on the way" in shown
    assert "two.txt: not UTF-8 (byte 0xff at line 1)" in shown


def test_upload_form_s_script_is_told_how_far_it_is_and_given_the_same_page(client: FlaskClient) -> None:
    data = {"csrf_token": csrf(client)}
    asked = {"headers": {"Accept": "application/x-ndjson"}}
    assert client.post("/articles", data={"files": [(BytesIO(b"Moon."), "a.txt")]}, **asked).status_code == 400
    lines = client.post("/articles", data=data | {"files": [(BytesIO(EVIL.encode()), "a.txt")]}, **asked).text
    *progress, last = map(json.loads, lines.splitlines())
    assert [(line["done"], line["total"]) for line in progress] == [(0, 1), (1, 1)]
    assert (last["event"], "<script>" in last["html"]) == ("result", False)
    again = client.post("/articles", data=data | {"files": [(BytesIO(EVIL.encode()), "a.txt")]}).text
    assert last["html"].partition("<ul")[2].partition("</ul>")[0] in again


def test_correction_form_shows_what_is_known_and_corrects_it(client: FlaskClient) -> None:
    page = client.get(f"/articles/{TROOPS.id}").text
    for name, value in (
        ("title", TROOPS.title),
        ("publisher", "The Daily"),
        ("published", "2024-12-16"),
        ("author", ""),
    ):
        assert re.search(rf'name="{name}" value="{value}"', page), name
    form = {"title": EVIL, "publisher": "", "published": "2024-12-15", "csrf_token": csrf(client)}
    shown = client.post(f"/articles/{TROOPS.id}/correct", data=form, follow_redirects=True).text
    assert "Corrections saved." in shown
    assert "<script>" not in shown
    assert EVIL in text_of(shown)
    assert "15 December 2024" in text_of(shown)
    assert "The Daily" not in text_of(shown)
    assert TROOPS.url is not None
    assert TROOPS.url in shown  # a field that the form does not send stays
    assert client.post(f"/articles/{TROOPS.id}/correct", data=form | {"published": "x"}).status_code == 422


def test_removal_form_removes_and_says_so(client: FlaskClient) -> None:
    response = client.post(f"/articles/{TROOPS.id}/remove", data={"csrf_token": csrf(client)}, follow_redirects=True)
    assert "Removed “Troops on the way”." in response.text
    assert client.get(f"/articles/{TROOPS.id}").status_code == 410


def test_empty_archive_invites_to_add_some(empty: Components) -> None:
    from service.web.app import create_app  # noqa: PLC0415

    client = create_app(Newsquote(empty)).test_client()
    assert "There are no articles to search." in text_of(client.get("/?q=troops").text)
    assert "There are no articles yet." in text_of(client.get("/articles").text)


def test_pages_ask_for_nothing_from_elsewhere(app: OpenAPI, client: FlaskClient) -> None:
    for path in ("/", "/?q=troops", "/articles", f"/articles/{TROOPS.id}", "/api/docs"):
        links = re.findall(r'(?:src|href|action)="([^"]*)"', client.get(path).text)
        elsewhere = {link.partition("#")[0] for link in links if not link.startswith(("/", "#", "javascript:(()"))}
        assert elsewhere <= {TROOPS.url}, path  # a link that the reader may follow


def test_each_quotation_of_a_text_is_looked_up(client: FlaskClient) -> None:
    text = 'He wrote “The Moon covered the Sun.” and «The eclipse lasted five minutes.» and "Nobody saw this."'
    shown = text_of(client.post("/verify", data={"text": text, "csrf_token": csrf(client)}).text)
    assert "Word for word in the articles The Moon covered the Sun." in shown
    assert "Altered The eclipse lasted five four minutes." in shown
    assert "Not found in the articles Nobody saw this." in shown


def test_words_left_out_are_shown_between_the_pieces_that_lead_to_their_places(client: FlaskClient) -> None:
    text = "“North Korea sent … officials said” and “The 94th brigade … the Moon covered the Sun”"
    page = client.post("/verify", data={"text": text, "csrf_token": csrf(client)}).text
    shown = text_of(page)
    assert "Word for word, with words left out North Korea sent … officials said" in shown
    assert "North Korea sent 10,000 troops, officials said The Daily" in shown
    for start, end in ((0, 16), (32, 46)):
        assert f'<a href="/articles/{TROOPS.id}?start={start}&amp;end={end}#quote">' in page


def test_file_is_verified_on_the_page_and_its_name_shown(client: FlaskClient) -> None:
    file = (BytesIO(b'"The Moon covered the Sun," and "fake news" <b>'), "a<b>.txt")
    page = client.post("/verify/file", data={"file": file, "csrf_token": csrf(client)}).text
    shown = text_of(page)
    assert "2 quotations" in shown
    assert "1 word for word, 1 too short to certify" in shown
    assert "A phrase this short occurs in almost any archive, so finding it proves nothing." in shown
    assert "<b>" not in page


def test_parts_of_a_file_that_cannot_be_verified_are_named_on_the_page(client: FlaskClient) -> None:
    file = (BytesIO(b'{"text": "The Moon covered the Sun"}\n<i>'), "a<b>.jsonl")
    page = client.post("/verify/file", data={"file": file, "csrf_token": csrf(client)}).text
    assert "1 quotation 1 word for word Part of this file could not be read: a<b>.jsonl, line 2: " in text_of(page)
    assert "<i>" not in page
    whole = client.post("/verify", data={"text": "The Moon covered the Sun", "csrf_token": csrf(client)}).text
    assert "could not be read" not in whole


def test_long_text_can_be_pasted_whole_so_that_none_of_it_is_cut_unsaid(client: FlaskClient) -> None:
    assert "maxlength" not in client.get("/verify").text


def test_file_to_verify_needs_the_token_of_the_form(client: FlaskClient) -> None:
    assert client.post("/verify/file", data={"file": (BytesIO(b"a"), "a.txt")}).status_code == 400


@pytest.mark.parametrize("text", ["", "   ", "a " * 10_001, "“a quote” " * 51])
def test_text_to_verify_has_limits(client: FlaskClient, text: str) -> None:
    assert client.post("/verify", data={"text": text, "csrf_token": csrf(client)}).status_code == 422


def test_filter_that_is_no_day_is_named(client: FlaskClient) -> None:
    data = {"q": "troops", "published_from": "yesterday", "csrf_token": csrf(client)}
    response = client.post("/chat", data=data)
    assert response.status_code == 422
    assert "published_from" in text_of(response.text)


def test_publishers_to_choose_from_are_text(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([Article("The tide came in. It went out.", publisher=EVIL)]))
    assert EVIL in text_of(client.get("/").text)


def wrong(client: FlaskClient, answer_id: str, **more: Any) -> Any:
    data = {"csrf_token": csrf(client), **more.pop("data", {})}
    return client.post(f"/answers/{answer_id}/wrong", data=data, **more)


def test_line_ends_of_a_form_do_not_count_twice(client: FlaskClient, newsquote: Newsquote) -> None:
    (turn,) = newsquote.conversation(begun(client))
    assert turn.place is not None
    wrong(client, turn.place.turn_id, data={"note": "a\r\n" * (MAX_NOTE_CHARS // 2 - 1) + "ab"})
    (complaint,) = newsquote.feedback.every()
    assert len(complaint.note) == MAX_NOTE_CHARS


def test_answer_can_be_called_wrong_where_it_stands(client: FlaskClient, newsquote: Newsquote) -> None:
    conversation = begun(client)
    (turn,) = newsquote.conversation(conversation)
    assert turn.place is not None
    answer_id = turn.place.turn_id
    page = client.get(f"/chat/{conversation}").text
    assert f'action="/answers/{answer_id}/wrong"' in page
    assert "This is wrong What is wrong? (optional)" in text_of(page)
    said = wrong(client, answer_id, data={"conversation": conversation, "note": EVIL})
    assert (said.status_code, said.headers["Location"]) == (303, f"/chat/{conversation}")
    assert "Thank you. Your report has been recorded." in text_of(client.get(f"/chat/{conversation}").text)
    (complaint,) = newsquote.feedback.every()
    assert (complaint.note, complaint.turn.question.text) == (EVIL, "How many troops were sent?")


def test_shared_answer_can_be_called_wrong_without_leading_to_its_conversation(
    client: FlaskClient, newsquote: Newsquote, app: OpenAPI
) -> None:
    (turn,) = newsquote.conversation(begun(client))
    assert turn.place is not None
    said = wrong(app.test_client(), turn.place.turn_id)
    assert (said.status_code, said.headers["Location"]) == (303, f"/answers/{turn.place.turn_id}")
    assert len(list(newsquote.feedback.every())) == 1


def test_script_gets_thanks_or_what_is_wrong_with_the_complaint(client: FlaskClient, newsquote: Newsquote) -> None:
    (turn,) = newsquote.conversation(begun(client))
    assert turn.place is not None
    part = wrong(client, turn.place.turn_id, headers=FRAGMENT)
    assert (part.status_code, part.text.startswith('<p class="thanks"')) == (200, True)
    assert part.headers["Cache-Control"] == "no-store"
    long = wrong(client, turn.place.turn_id, headers=FRAGMENT, data={"note": "a" * 1_001})
    assert (long.status_code, long.text.startswith('<div class="problem"')) == (422, True)
    assert wrong(client, "a" * 22, headers=FRAGMENT).status_code == 404
    assert client.post(f"/answers/{turn.place.turn_id}/wrong").status_code == 400  # without the form's token
    assert len(list(newsquote.feedback.every())) == 1


def test_answer_that_is_not_kept_has_no_form_to_call_it_wrong(client: FlaskClient) -> None:
    assert "This is wrong" not in client.get("/", query_string={"q": "How many troops were sent?"}).text


def test_conversations_are_listed_with_what_became_of_their_first_question(client: FlaskClient) -> None:
    for question in ("How many troops were sent?", "Which two scientists opened a school?", "Who won in 1998?"):
        begun(client, question)
    shown = text_of(client.get("/chats").text)
    for line in (
        "How many troops were sent? Answered",
        "Which two scientists opened a school? Uncertain",
        "Who won in 1998? Not in the articles",
    ):
        assert line in shown


DATED = Article("The 94th brigade left Lima on Monday.", title="Brigade leaves", published=date(2024, 12, 18))


def test_computed_day_is_shown_as_computed_and_not_as_quoted(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([DATED]))
    page = client.get("/", query_string={"q": "When was it that the 94th brigade left Lima?"}).text
    assert '<strong dir="auto">Monday</strong>' in page
    assert '<span class="computed">computed: Monday 16 December 2024</span>' in page
    list(components.ingester.add([replace(DATED, text="The dancers danced on Monday and Tuesday.")]))
    page = client.get("/", query_string={"q": "On which days did the dancers dance?"}).text
    items = re.findall(r'<li><strong dir="auto">(.*?)</strong> <span class="computed">computed: (.*?)</span>', page)
    assert items == [("Monday", "Monday 16 December 2024"), ("Tuesday", "Tuesday 17 December 2024")]


def test_mended_question_is_said_and_can_be_asked_as_written(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "How many tropps were sent?"}).text
    assert "Showing results for “How many troops were sent?”. Ask exactly as written" in text_of(page)
    plain = client.get("/", query_string={"q": "How many tropps were sent?", "without_correction": "on"}).text
    assert "Showing results" not in plain


def test_mended_question_in_a_conversation_is_undone_by_its_button(client: FlaskClient) -> None:
    data = {"q": "How many tropps were sent?", "csrf_token": csrf(client)}
    page = client.post("/chat", data=data, headers=FRAGMENT).text
    assert '<button type="submit" name="without_correction" value="on">Ask exactly as written</button>' in page
    again = client.post("/chat", data={**data, "without_correction": "on"}, headers=FRAGMENT).text
    assert "Showing results" not in again


def test_question_in_another_language_is_told_why_nothing_is_found(client: FlaskClient) -> None:
    page = client.get("/", query_string={"q": "Wie viele Soldaten hat die Regierung geschickt?"}).text
    assert "This question does not appear to be in English, the only language Newsquote reads." in text_of(page)


def test_list_comparison_and_evidence_are_shown_in_their_own_form(client: FlaskClient, newsquote: Newsquote) -> None:
    texts = (
        "The brigades that keep the lighthouse are <Amber>, Birch and Cedar.",
        "Off Java, 12 sailors were killed.",
        "Off Bali, 7 sailors were killed.",
    )
    list(newsquote.add([Article(text) for text in texts]))
    page = client.get("/", query_string={"q": "Which brigades keep the lighthouse?"}).text
    assert re.findall(r"<li><strong dir=\"auto\">(.*?)</strong></li>\s*", page)[1:] == ["Birch", "Cedar"]
    assert "<Amber" not in page
    page = client.get("/", query_string={"q": "How many sailors were killed off Java and Bali?"}).text
    found = re.findall(
        r'"side" dir="auto">(.*?)</span> <strong dir="auto">(.*?)</strong></p>\s*<figure.*?Off (\w+)', page, re.S
    )
    assert found == [("Java", "12", "Java"), ("Bali", "7", "Bali")]
    page = client.get("/", query_string={"q": "Were sailors killed?"}).text
    assert 'class="short"' not in page
