"""Independent sources are counted by report, whichever sentences of it were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask.testing import FlaskClient

from index.articles import Article, Filters
from service.conversing.turn import Question
from service.newsquote import Newsquote
from tests.index.store.test_copies import printed, wire
from tests.service.web.pages.test_pages import text_of

TODAY = date(2024, 12, 17)
BODY = wire(5)
SENT = "North Korea sent 10,000 troops."


def told(publisher: str, day: int, opening: str) -> Article:
    report = printed(BODY, publisher, day)
    return replace(report, text=f"{opening} {report.text}")


FIRST = told("The Daily", 3, SENT)
COPY = told("The Sun", 4, "It was 10,000 troops that were sent, and the North did so.")
ALONE = Article("The troops sent were 10,000, Kyiv said.", publisher="Post", published=date(2024, 12, 5))


def test_copies_that_say_it_in_other_sentences_are_one_source(newsquote: Newsquote) -> None:
    list(newsquote.add([FIRST, COPY, ALONE]))
    question = Question(
        "How many troops were sent?", as_of=TODAY, filters=Filters(date(2024, 12, 3), date(2024, 12, 5))
    )
    turn = newsquote.answer(question)
    given = {quote.span.article.publisher for quote in turn.answer.quotes if quote.answer.text == "10,000"}
    assert given == {"The Daily", "The Sun", "Post"}
    assert turn.answer.quotes[0].support == 2
    report = turn.reports[FIRST.id]
    assert (report.copies, report.first.publisher, ALONE.id in turn.reports) == (1, "The Daily", False)


def test_answer_names_copies_that_were_not_read_and_a_kept_one_those_of_today(
    client: FlaskClient, newsquote: Newsquote
) -> None:
    unread = printed([*BODY[:280], *SENT.split()], "Sky", 1)
    list(newsquote.add([FIRST, unread]))
    asked = {"question": "How many troops were sent?", "filters": {"article_id": [FIRST.id]}, "as_of": "2024-12-17"}
    body = client.post("/api/query", json=asked | {"top_k": 1}).json
    assert body is not None
    (quote,) = (quote for quote in body["quotes"] if quote["article"]["id"] in {FIRST.id})
    assert (quote["copies"], quote["report"]["copies"]) == ([], 1)
    assert quote["report"]["first"]["permalink"] == f"/articles/{unread.id}"
    shown = text_of(client.get(f"/answers/{body['answer_id']}").text)
    assert "1 report, 1 copy, first by Sky on 1 December 2024" in shown
    newsquote.remove(unread.id)
    assert "1 report" not in text_of(client.get(f"/answers/{body['answer_id']}").text)


def test_article_page_and_list_tell_of_copies(client: FlaskClient, newsquote: Newsquote) -> None:
    list(newsquote.add([FIRST, COPY]))
    told_there = "1 report, 1 copy, first by The Daily on 3 December 2024"
    assert f"Also published by The Sun: {told_there}" in text_of(client.get(f"/articles/{FIRST.id}").text)
    assert text_of(client.get("/articles").text).count(told_there) == 2
    info = client.get(f"/api/articles/{COPY.id}").json
    assert info is not None
    assert [one["publisher"] for one in info["report"]["others"]] == ["The Daily"]
