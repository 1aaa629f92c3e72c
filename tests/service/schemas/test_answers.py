"""Every schema and page passes an answer's spans through unchanged."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from service.answering.answer import Outcome
from service.conversing.turn import Question, Turn
from service.newsquote import Newsquote
from service.schemas.answers import AnswerBody
from tests.conftest import ECLIPSE, PRIZE, TROOPS

WORDS = ("troops", "sent", "brigade", "eclipse", "prize", "moon", "territory", "How many", "Who", "Which", "last", "é")
ODD = Article(
    "\n\n“Seven” <b>brigades</b> were sent & killed,\tofficials\u00a0said. 😀 The prize stayed.\r\n", title="<i>"
)


@pytest.fixture
def asked(newsquote: Newsquote) -> Newsquote:
    list(newsquote.add([ODD]))
    return newsquote


@pytest.mark.soak
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), st.integers(1, 9))
def test_every_excerpt_is_its_article_at_its_offsets(
    asked: Newsquote, tally: Counter[str], question: str, top_k: int
) -> None:
    turn = asked.answer(Question(question, top_k))
    assert_excerpts(turn, {article.id: article.text for article in (TROOPS, ECLIPSE, PRIZE, ODD)})
    tally[turn.answer.outcome] += 1


def assert_excerpts(turn: Turn, texts: Mapping[str, str]) -> None:
    """Hold all words of the turn's body against its articles, given by id."""
    body = AnswerBody.of(turn).model_dump()
    assert [quote["rank"] for quote in body["quotes"]] == list(range(1, len(body["quotes"]) + 1))
    for quote, article_id in _excerpts(body):
        assert quote["text"] == texts[article_id][quote["start"] : quote["end"]]
    for quote, span in zip(body["quotes"], (quote.span for quote in turn.answer.quotes), strict=True):
        assert (quote["start"], quote["end"]) == (span.start, span.end)
        assert quote["before"] + quote["text"] + quote["after"] in texts[quote["article"]["id"]]
        marks = [(mark["start"], mark["end"]) for mark in quote["highlights"]]
        assert marks == [(m.start, m.end) for m in turn.answer.quotes[quote["rank"] - 1].highlights]
    if body["answer"]:
        first = body["quotes"][body["answer"]["quote"]]
        assert first["start"] <= body["answer"]["start"] < body["answer"]["end"] <= first["end"]


def _excerpts(body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    quotes = [*body["quotes"], *(figure["quote"] for figure in body["figures"])]
    for quote in quotes:
        article_id = quote["article"]["id"]
        yield quote, article_id
        yield from ((quote[name], article_id) for name in ("answer", "attribution") if quote[name])
    if body["answer"]:
        for part in (body["answer"], *body["answer"]["parts"]):
            yield part, body["quotes"][part["quote"]]["article"]["id"]


@pytest.mark.parametrize("question", ["How many troops were sent?", "Seven brigades?", "prize", "Who won in 1998?"])
def test_page_shows_every_quote_to_the_letter(client: FlaskClient, newsquote: Newsquote, question: str) -> None:
    list(newsquote.add([ODD]))
    answer = newsquote.answer(Question(question, 5)).answer
    quotes = answer.quotes[: 1 if answer.outcome is Outcome.NOT_IN_ARTICLES else None]
    page = client.get("/", query_string={"q": question}).text
    shown = [
        re.sub(r"<[^>]*>", "", found) for found in re.findall(r"<blockquote[^>]*><p[^>]*>(.*?)</p>", page, re.DOTALL)
    ]
    assert sorted(map(html.unescape, shown)) == sorted(quote.span.text for quote in quotes)
