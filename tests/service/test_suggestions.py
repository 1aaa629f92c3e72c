from __future__ import annotations

from datetime import date

import pytest

from index.articles import Article
from service.suggestions import questions
from service.wiring import Parts

TODAY = date(2024, 12, 17)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv said on Monday that at least 30 soldiers had been killed.", "How many soldiers had been killed?"),
        ("About 8,000 troops were in the Kursk region, he said.", "How many troops were in the Kursk region?"),
        ("Gukesh of India became world champion on Thursday.", "Who became world champion?"),
        ("The next Summer Games will be held in Los Angeles.", "Where will the next Summer Games be held?"),
        ("North Korea had sent about 10,000 soldiers to Russia.", "How many soldiers had North Korea sent to Russia?"),
        ("Oleksandr Syrskyi, the army's commander, said so.", "Who is Oleksandr Syrskyi?"),
        ("The mayor, Ann Lee, 56, resigned.", "How old is Ann Lee?"),
    ],
)
def test_question_is_made_of_what_the_article_says(text: str, expected: str) -> None:
    assert [question for _, question in questions(Article(text))] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "It rained in Lisbon.",
        "At least 30 of them were killed in their village.",
        "Some 12 people were hurt in the U.S. on Friday, and 40 were.",
        "Six days after it they left.",
        "At least 30 soldiers were killed and about 1,000 wounded.",
    ],
)
def test_question_that_would_not_stand_alone_is_not_made(text: str) -> None:
    assert [question for _, question in questions(Article(text))] == []


def test_question_that_another_article_answers_better_is_not_suggested(parts: Parts) -> None:
    article = Article("North Korea had sent 11,000 troops to the front. It rained.")
    assert [question for _, question in questions(article)] == ["How many troops had North Korea sent to the front?"]
    list(parts.ingester.add([article]))
    assert parts.suggester.questions(TODAY) == ()


def test_suggestions_follow_the_articles(parts: Parts) -> None:
    article = Article("Some 300 divers were rescued off Malta. It rained.")
    list(parts.ingester.add([article]))
    assert parts.suggester.questions(TODAY) == ("How many divers were rescued off Malta?",)
    assert parts.suggester.known() == ("How many divers were rescued off Malta?",)
    parts.store.remove(article.id)
    assert parts.suggester.known() == ()
    assert parts.suggester.questions(TODAY) == ()


def test_nothing_is_suggested_without_articles(empty: Parts) -> None:
    assert empty.suggester.questions(TODAY) == ()
