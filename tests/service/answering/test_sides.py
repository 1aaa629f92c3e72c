from __future__ import annotations

from datetime import date

import pytest

from index.articles import Article
from index.search.retriever import Query
from service.answering.answer import Answer, Kind
from service.wiring import Components

TODAY = date(2024, 12, 17)
QUESTION = "How many troops were sent by Turkey and Syria?"


def ask(components: Components, question: str, *texts: str) -> Answer:
    list(components.ingester.add([Article(text) for text in texts]))
    answer = components.answerer.answer(Query(question, TODAY), 5)
    assert components.guarantee.check(answer) is answer
    assert [quote.rank for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    assert [quote.score for quote in answer.quotes] == sorted((q.score for q in answer.quotes), reverse=True)
    return answer


def parts(answer: Answer) -> list[tuple[str, str]]:
    return [(part.side, part.span.text) for part in answer.parts]


def test_each_side_is_answered_by_its_own_quote(empty: Components) -> None:
    answer = ask(empty, QUESTION, "Turkey sent 300 troops.", "Syria sent 40 troops.", "The moon rose.")
    assert answer.kind is Kind.COMPARISON
    assert parts(answer) == [("Turkey", "300"), ("Syria", "40")]
    quotes = {quote.rank: quote for quote in answer.quotes}
    assert [quotes[part.rank].span.text for part in answer.parts] == [
        "Turkey sent 300 troops.",
        "Syria sent 40 troops.",
    ]
    assert {quote.rank for quote in answer.quotes[:2]} == {part.rank for part in answer.parts}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Troops were sent: 300 by Turkey, and 40 by Syria.", [("Turkey", "300"), ("Syria", "40")]),
        ("Troops were sent: 40 by Syria, and 300 by Turkey.", [("Turkey", "300"), ("Syria", "40")]),
        ("Turkey and Syria sent 300 and 40 troops, respectively.", [("Turkey", "300"), ("Syria", "40")]),
    ],
)
def test_sentence_that_names_both_sides_gives_each_its_amount(
    empty: Components, sentence: str, expected: list[tuple[str, str]]
) -> None:
    answer = ask(empty, QUESTION, sentence)
    assert (answer.kind, parts(answer)) == (Kind.COMPARISON, expected)
    assert {part.rank for part in answer.parts} == {1}
    assert len(answer.quotes[0].highlights) == 2


@pytest.mark.parametrize(
    "texts",
    [("Turkey and Syria sent 300 troops.",), ("Turkey sent 300 troops.",), ("The moon rose.",)],
    ids=["joint", "one side only", "neither"],
)
def test_without_an_answer_for_each_side_nothing_is_compared(empty: Components, texts: tuple[str, ...]) -> None:
    assert ask(empty, QUESTION, *texts).kind is Kind.SPAN


def test_sides_without_words_are_not_compared(empty: Components) -> None:
    assert ask(empty, "How many troops were sent in & and in %?", "Troops sent: 300 and 40.").kind is Kind.SPAN
