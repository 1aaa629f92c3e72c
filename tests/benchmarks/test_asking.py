from __future__ import annotations

import pytest

from benchmarks.asking import Asked, Kind, asked
from index.articles import Article, Span

WINDOW = Article("Rain fell. The mayor closed two bridges. Nearly 40 people left.", "Flood")


def test_window_is_an_article_of_its_own_with_all_that_is_said_of_it() -> None:
    article = Article(f"Before. {WINDOW.text} After.", "Flood", "Gazette", url="https://example.org/flood")
    row = {
        "question": "How many left?",
        "answer": "Nearly 40",
        "url": article.url,
        "window_start": 8,
        "window_end": 8 + len(WINDOW.text),
    }
    found = asked(row, {"https://example.org/flood": article})
    assert (found.article.text, found.article.publisher, found.kind) == (WINDOW.text, "Gazette", Kind.ANSWERABLE)
    assert asked({**row, "answer": None}, {"https://example.org/flood": article}).kind is Kind.NEAR_MISS


@pytest.mark.parametrize(
    ("quote", "is_in"),
    [("The “Nearly 40” left", True), ("nearly, the 40", True), ("Nearly 400 left", False), ("40 nearly", False)],
)
def test_answer_is_found_as_whole_words_without_case_articles_and_marks(quote: str, is_in: bool) -> None:
    assert Asked("How many?", "nearly 40", WINDOW).is_in(Span(Article(quote), 0, len(quote))) is is_in


def test_answer_of_one_plain_word_must_stand_in_its_own_article() -> None:
    asked = Asked("What fell?", "Rain", WINDOW)
    assert asked.is_in(Span(WINDOW, 0, 10))
    assert not asked.is_in(Span(Article("Rain fell. Elsewhere."), 0, 10))


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Did it rain?", "yes or no"),
        ("Why did people leave?", "why and how"),
        ("How did people leave?", "why and how"),
        ("How many people left?", "facts"),
        ("By how much did it rise?", "facts"),
        ("Isabel won which prize?", "facts"),
    ],
)
def test_form_of_question(question: str, form: str) -> None:
    assert Asked(question, "x", WINDOW).form == form
