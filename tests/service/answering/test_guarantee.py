from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from index.articles import Article, Span
from index.errors import BrokenQuote, DamagedArticle, RemovedArticle
from index.search.retriever import Query
from service.answering.answer import Answer, AnswerPart, Quote
from service.answering.guarantee import Guarantee
from service.wiring import Components
from tests.conftest import TROOPS

STRANGER = Article("An article that the archive does not hold.")


@pytest.fixture
def answer(components: Components) -> Answer:
    return components.answerer.answer(Query("How many troops were sent?", date(2024, 12, 17)), 5)


@pytest.fixture
def guarantee(components: Components) -> Guarantee:
    return Guarantee(components.store)


def moved(span: Span, start: int = 0, end: int = 0) -> Span:
    return Span(span.article, span.start + start, span.end + end)


def test_true_quotes_pass(guarantee: Guarantee, answer: Answer) -> None:
    assert guarantee.check(answer) is answer
    assert guarantee.broken == 0


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        (lambda q: replace(q, span=moved(q.span, start=-1)), "has no characters -1 to 47"),
        (lambda q: replace(q, span=Span(q.span.article, 0, 1_000)), "has no characters 0 to 1000"),
        (lambda q: replace(q, answer=moved(q.answer, end=40)), "The answer at 17 to 63 lies outside its quote"),
        (lambda q: replace(q, highlights=(moved(q.span, end=1),)), "A highlight at 0 to 48 lies outside its quote"),
        (lambda q: replace(q, attribution=moved(q.span, 50, 60)), "The attribution at 50 to 107 lies outside"),
        (lambda q: replace(q, copies=(moved(q.span, 5, -47),)), "has no characters 5 to 0"),
        (lambda q: replace(q, context=moved(q.span, end=10_000)), "has no characters 0 to 10047"),
    ],
    ids=["span before", "span behind", "answer", "highlight", "attribution", "copy", "context"],
)
def test_forged_quote_is_refused_and_counted(
    guarantee: Guarantee, answer: Answer, forge: Callable[[Quote], Quote], message: str
) -> None:
    forged = replace(answer, quotes=(forge(answer.quotes[0]), *answer.quotes[1:]))
    with pytest.raises(BrokenQuote, match=message):
        guarantee.check(forged)
    assert guarantee.broken == 1


def test_short_answer_outside_its_quote_is_refused(guarantee: Guarantee, answer: Answer) -> None:
    elsewhere = AnswerPart(answer.quotes[1].answer, 1)
    with pytest.raises(BrokenQuote, match="The short answer at"):
        guarantee.check(replace(answer, parts=(*answer.parts, elsewhere)))


def test_short_answer_in_a_quote_that_is_not_there_is_refused(guarantee: Guarantee, answer: Answer) -> None:
    nowhere = replace(answer.parts[0], rank=9)
    with pytest.raises(BrokenQuote, match="names quote 9"):
        guarantee.check(replace(answer, parts=(*answer.parts, nowhere)))
    assert guarantee.broken == 1


def test_article_whose_text_was_changed_behind_its_back_is_refused(
    components: Components, guarantee: Guarantee, answer: Answer
) -> None:
    with components.store.database.write() as connection:
        changed = {"text": TROOPS.text.replace("10,000", "90,000"), "id": TROOPS.id}
        connection.execute(sa.text("UPDATE articles SET text = :text WHERE id = :id"), changed)
    with pytest.raises(DamagedArticle, match=r"was changed outside Newsquote, so it is not shown"):
        guarantee.check(answer)


def test_article_that_is_not_there_is_refused(components: Components, guarantee: Guarantee, answer: Answer) -> None:
    strange = Span(STRANGER, 0, len(STRANGER.text))
    forged = replace(answer, quotes=(replace(answer.quotes[0], copies=(strange,)), *answer.quotes[1:]))
    with pytest.raises(RemovedArticle, match=STRANGER.id):
        guarantee.check(forged)
    components.store.articles.remove(TROOPS.id)
    with pytest.raises(RemovedArticle, match=TROOPS.id):
        guarantee.check(answer)
    assert guarantee.broken == 0
