from __future__ import annotations

from datetime import date

import pytest

from index.articles import Article
from index.search.retriever import Query
from service.answering.answer import Answer, Kind, Outcome
from service.wiring import Components

TODAY = date(2024, 12, 17)
ASKED = Article("Did the troops leave the moon? No. The brigade said that it would stay there. It rained.")
HEADED = Article("Troops keep the moon\n\nThe troops keep the moon, officials said. It rained.")


def ask(components: Components, question: str) -> Answer:
    return components.answerer.answer(Query(question, TODAY), 3)


def test_yes_or_no_question_is_answered_with_a_whole_sentence(components: Components) -> None:
    answer = ask(components, "Were 10,000 troops sent?")
    sentence = "North Korea sent 10,000 troops, officials said."
    assert (answer.kind, answer.outcome) == (Kind.EVIDENCE, Outcome.ANSWERED)
    assert (answer.quotes[0].span.text, answer.quotes[0].answer.text) == (sentence, sentence)
    assert answer.quotes[0].highlights == ()
    assert [(part.span.text, part.rank, part.normalized) for part in answer.parts] == [(sentence, 1, None)]


@pytest.mark.parametrize(
    ("article", "question", "quoted"),
    [
        (
            ASKED,
            "Did the troops leave the moon?",
            "Did the troops leave the moon? No. The brigade said that it would stay there.",
        ),
        (HEADED, "Do the troops keep the moon?", "The troops keep the moon, officials said."),
    ],
    ids=["question", "headline"],
)
def test_what_only_raises_the_question_is_quoted_with_what_settles_it(
    empty: Components, article: Article, question: str, quoted: str
) -> None:
    list(empty.ingester.add([article]))
    answer = ask(empty, question)
    assert answer.quotes[0].span.text == quoted
    assert empty.guarantee.check(answer) is answer
    ends = [(quote.span.start, quote.span.end) for quote in answer.quotes]
    assert all(end <= start for (_, end), (start, _) in zip(sorted(ends), sorted(ends)[1:], strict=False))
    assert [quote.rank for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))


def test_what_is_not_in_the_articles_is_no_evidence(components: Components) -> None:
    answer = ask(components, "Did Brazil win the 1998 World Cup?")
    assert (answer.outcome, answer.parts) == (Outcome.NOT_IN_ARTICLES, ())
