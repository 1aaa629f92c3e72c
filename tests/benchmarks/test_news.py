from __future__ import annotations

from datetime import date

import pytest

from benchmarks.news import Question, Week, plain
from benchmarks.quality import recall
from benchmarks.report import table
from index.articles import Article


def question(*answers: str) -> Question:
    return Question("1", "Which?", date(2024, 1, 1), answers, True)


@pytest.mark.parametrize(
    ("answer", "text", "expected"),
    [
        ("TikTok", "They banned “tiktok”.", True),
        ("13", "It cost 130.", False),
        ("Silicon Valley Bank & Signature Bank", "Silicon Valley Bank, Signature Bank", True),
        ("Everything Everywhere", "everywhere everything", False),
    ],
)
def test_answer_is_whole_words_case_and_punctuation_aside(answer: str, text: str, expected: bool) -> None:
    assert question("no such thing", answer).is_in(text) is expected


def test_plain_keeps_words_only() -> None:
    assert plain("The “U.S.” spent $1,500—twice_over") == "the u s spent 1 500 twice over"


def test_unanswered_questions_are_those_no_article_holds_an_answer_of() -> None:
    week = Week("w", (Article("They banned TikTok."),), ())
    asked = [question("tiktok"), question("Twitter")]
    assert week.unanswered(asked) == [asked[1]]


def test_recall_counts_hits_in_the_first_k() -> None:
    assert [share.mean for share in recall([1, 0, 4, 10])] == [0.25, 0.25, 0.5, 0.75]


def test_table_is_markdown() -> None:
    assert table(["a", "b"], [["x", 1]]) == "| a | b |\n| --- | ---: |\n| x | 1 |"
