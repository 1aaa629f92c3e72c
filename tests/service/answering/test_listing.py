from __future__ import annotations

from datetime import date

from index.articles import Article
from index.search.retriever import Query
from service.answering.answer import Answer, Kind
from service.wiring import Components

TODAY = date(2024, 12, 17)


def ask(components: Components, question: str, *texts: str) -> Answer:
    list(components.ingester.add([Article(text) for text in texts]))
    return components.answerer.answer(Query(question, TODAY), 5)


def texts(answer: Answer) -> list[tuple[str, int]]:
    return [(part.span.text, part.rank) for part in answer.parts]


def test_all_items_of_a_sentence_are_parts_and_marked(empty: Components) -> None:
    answer = ask(empty, "Which brigades were sent?", "The brigades sent were Amber, Birch and Cedar.")
    assert answer.kind is Kind.LIST
    assert texts(answer) == [("Amber", 1), ("Birch", 1), ("Cedar", 1)]
    assert answer.quotes[0].highlights == tuple(part.span for part in answer.parts)
    assert answer.short == answer.parts[0].span
    assert empty.guarantee.check(answer) is answer


def test_other_quotes_add_items_to_a_single_one(empty: Components) -> None:
    answer = ask(
        empty,
        "Which brigades were sent?",
        "The brigades sent: Amber.",
        "The brigades sent: Birch.",
        "Brigades sent: Amber.",
    )
    assert sorted(text for text, _ in texts(answer)) == ["Amber", "Birch"]
    assert len({rank for _, rank in texts(answer)}) == 2


def test_no_more_items_are_given_than_are_asked_for(empty: Components) -> None:
    answer = ask(empty, "Which two brigades were sent?", "The two brigades sent were Amber, Birch and Cedar.")
    assert texts(answer) == [("Amber", 1), ("Birch", 1)]


def test_list_of_one_is_a_span(empty: Components) -> None:
    answer = ask(empty, "Which brigades were sent?", "The brigades sent were Amber.")
    assert (answer.kind, texts(answer)) == (Kind.SPAN, [("Amber", 1)])


def test_sentence_that_lists_is_preferred_to_one_that_is_hardly_likelier(empty: Components) -> None:
    answer = ask(
        empty,
        "Which brigades were sent there?",
        "The brigades were sent there by Dorn.",
        "Brigades were sent there: Amber, Birch and Cedar.",
    )
    assert texts(answer) == [("Amber", 1), ("Birch", 1), ("Cedar", 1)]
    assert [quote.score for quote in answer.quotes] == sorted((q.score for q in answer.quotes), reverse=True)
