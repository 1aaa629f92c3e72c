from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Filters
from index.errors import BrokenQuote, UnknownArticle
from index.retriever import Query
from service.answerer import Answer, Reason
from service.bodies import AnswerBody, Excerpt, Offsets
from service.conversation import Interpreter
from service.guarantee import Guarantee
from service.wiring import Parts
from tests.conftest import TROOPS

TODAY = date(2024, 12, 17)
QUESTIONS = [
    "How many troops were sent?",
    "Which brigade?",
    "Who holds the territory?",
    "How long did the eclipse last?",
    "Who shares the prize?",
    "Who won the 1998 World Cup?",
    "??? prize ???",
    "<script>alert(1)</script>",
    "é" * 400,
]


def ask(parts: Parts, question: str, filters: Filters | None = None) -> Answer:
    return parts.answerer.answer(Query(question, TODAY, filters or Filters()), 5)


def test_answer_is_the_sentence_that_says_it(parts: Parts) -> None:
    answer = ask(parts, "How many troops were sent?")
    assert answer.answerable
    assert answer.quotes[0].span.text == "North Korea sent 10,000 troops, officials said."
    assert answer.span is not None
    assert answer.span.text == "10,000"
    assert answer.quotes[0].highlights == (answer.span,)
    assert answer.quotes[0].attribution is not None
    assert answer.quotes[0].attribution.text == "officials said"
    assert (
        answer.quotes[0].context.text
        == "North Korea sent 10,000 troops, officials said. The 94th brigade was among them."
    )


@pytest.mark.parametrize(
    ("question", "filters", "reason"),
    [
        ("Who won the 1998 World Cup?", Filters(), Reason.NO_EVIDENCE),
        ("Which scientists opened a school of dance in Lima?", Filters(), Reason.LOW_CONFIDENCE),
        ("How many troops were sent?", Filters(publishers=("nobody",)), Reason.NO_ARTICLES),
    ],
)
def test_abstention_says_why_and_has_no_answer(parts: Parts, question: str, filters: Filters, reason: Reason) -> None:
    answer = ask(parts, question, filters)
    assert (answer.reason, answer.answerable, answer.span) == (reason, False, None)
    assert bool(answer.quotes) is (reason is not Reason.NO_ARTICLES)


def test_nothing_to_search_in_is_no_articles(empty: Parts) -> None:
    assert ask(empty, "How many troops were sent?") == Answer("How many troops were sent?", (), 0.0, Reason.NO_ARTICLES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_whole_sentences_at_its_offsets(parts: Parts, question: str) -> None:
    answer = ask(parts, question)
    assert [quote.rank for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    assert [quote.score for quote in answer.quotes] == sorted((q.score for q in answer.quotes), reverse=True)
    for quote in answer.quotes:
        stored = parts.store.record(quote.span.article.id).article
        assert stored.text[quote.span.start : quote.span.end] == quote.span.text
        assert quote.context.holds(quote.span)
        assert quote.span.holds(quote.answer)
        assert all(quote.span.holds(mark) for mark in quote.highlights)
        assert quote.attribution is None or quote.span.holds(quote.attribution)
        assert quote.support >= 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gives_the_same_answer(parts: Parts, question: str) -> None:
    assert ask(parts, question) == ask(parts, question)


def body(parts: Parts) -> AnswerBody:
    return AnswerBody.of(ask(parts, "How many troops were sent?"), 0)


def test_guarantee_lets_true_quotes_pass(parts: Parts) -> None:
    guarantee = Guarantee(parts.store)
    assert guarantee.check(body(parts)) == body(parts)
    assert guarantee.broken == 0


def test_guarantee_refuses_and_counts_what_is_not_the_article(parts: Parts) -> None:
    guarantee, true = Guarantee(parts.store), body(parts)
    first = true.quotes[0]
    assert true.answer is not None
    forged = [
        first.model_copy(update={"text": first.text.replace("10,000", "90,000")}),
        first.model_copy(update={"start": first.start + 1, "end": first.end + 1}),
        first.model_copy(update={"highlights": [Offsets(start=first.start, end=first.end + 1)]}),
        first.model_copy(update={"article": first.article.model_copy(update={"sha256": "0" * 64})}),
        first.model_copy(update={"answer": Excerpt(text="12,000", start=true.answer.start, end=true.answer.end)}),
        first.model_copy(update={"attribution": Excerpt(text="nobody said", start=0, end=11)}),
    ]
    bodies = [true.model_copy(update={"quotes": [quote, *true.quotes[1:]]}) for quote in forged]
    bodies.append(true.model_copy(update={"answer": true.answer.model_copy(update={"text": "at least 90,000"})}))
    for number, forgery in enumerate(bodies, start=1):
        with pytest.raises(BrokenQuote):
            guarantee.check(forgery)
        assert guarantee.broken == number


def test_question_is_answered_again_when_an_article_goes_meanwhile(parts: Parts) -> None:
    class Removing:
        def answer(self, query: Query, top_k: int) -> Answer:
            answer = parts.answerer.answer(query, top_k)
            if TROOPS.id in parts.store:
                parts.store.remove(TROOPS.id)
            return answer

    guarantee, interpreter = Guarantee(parts.store), Interpreter(Removing(), parts.store)  # type: ignore[arg-type]
    answered = guarantee.ask(interpreter, Query("How many troops were sent?", TODAY), 5)
    assert answered.quotes
    assert TROOPS.id not in {quote.article.id for quote in answered.quotes}
    assert guarantee.broken == 0


def test_guarantee_refuses_an_article_that_is_not_there(parts: Parts) -> None:
    true = body(parts)
    stranger = true.quotes[0].article.model_copy(update={"id": "0" * 16})
    forged = true.model_copy(update={"quotes": [true.quotes[0].model_copy(update={"article": stranger})]})
    with pytest.raises(UnknownArticle):
        Guarantee(parts.store).check(forged)


def test_newer_quotes_rank_higher_where_both_say_it(empty: Parts) -> None:
    old = Article("The troops were sent by sea.", published=date(2023, 1, 1))
    new = replace(old, text="The troops were sent by air.", published=date(2024, 12, 16))
    list(empty.ingester.add([old, new]))
    assert [quote.span.article for quote in ask(empty, "Were troops sent?").quotes] == [new, old]


def test_quotes_that_say_the_same_are_grouped_and_unlikely_ones_left_out(parts: Parts) -> None:
    answer = ask(parts, "How many troops were sent?")
    first = answer.quotes[0]
    likely = replace(first, rank=2, confidence=0.9)
    other = replace(first, rank=3, confidence=0.9, answer=first.context)
    unlikely = replace(first, rank=4, confidence=0.1)
    grouped = replace(answer, quotes=(replace(first, confidence=0.1), other, likely, unlikely))
    assert [[quote.rank for quote in group] for group in grouped.groups] == [[1, 2], [3]]
    assert replace(grouped, reason=Reason.LOW_CONFIDENCE).groups == ()
