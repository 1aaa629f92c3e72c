from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Hit, Passage, Span
from index.text import sentences
from service.answering.disagreement import MIN_CONFIDENCE, differing
from service.answering.ranker import RankedAnswer
from service.readers.reader import ExtractedAnswer

QUESTION = "How many soldiers were killed in Kursk?"


def claim(text: str, answer: str, day: int | None = 1, confidence: float = 0.9) -> RankedAnswer:
    article = Article(text, published=(day and date(2024, 12, day)) or None)
    found = sentences.split(article)
    start = text.index(answer)
    span = Span(article, start, start + len(answer))
    sentence = next(s for s in found if s.span.holds(span))
    extracted = ExtractedAnswer(Hit(Passage(sentence, tuple(found)), 1.0, 1), sentence, span, 3.0, 3.0)
    return RankedAnswer(extracted, span, 0.9, confidence, 0.0, 1, 1.0)


KYIV = claim("At least 30 soldiers were killed in Kursk, Kyiv said.", "At least 30", 16)
SEOUL = claim("In Kursk 100 soldiers had been killed, Seoul said.", "100", 18)


def amounts(question: str, *ranked: RankedAnswer) -> list[str]:
    return [found.amount.text for found in differing(question, ranked)]


def test_different_figures_for_the_same_come_oldest_first() -> None:
    assert amounts(QUESTION, SEOUL, KYIV) == ["30", "100"]


def test_figure_without_a_day_comes_last() -> None:
    undated = claim("Some 50 soldiers were killed in Kursk.", "50", day=None)
    assert amounts(QUESTION, undated, KYIV, SEOUL) == ["30", "100", "50"]


def test_equal_figures_do_not_differ() -> None:
    same = claim("Some 30 soldiers were killed in Kursk.", "30")
    assert amounts(QUESTION, KYIV, same) == []
    assert amounts(QUESTION, KYIV, same, SEOUL) == ["30", "30", "100"]


@pytest.mark.parametrize(
    "other",
    [
        claim("In Kursk 400 soldiers were wounded, Seoul said.", "400"),
        claim("In Kursk 400 soldiers stood ready.", "400"),
        claim("In Kursk 400 soldiers were killed or captured.", "400"),
        claim("Sudzha saw 400 soldiers killed.", "400"),
        claim("In Kursk 40% of the soldiers were killed.", "40%"),
        claim("In Kursk soldiers were killed on 14 December.", "14"),
        claim("In Kursk many soldiers were killed.", "many"),
        claim("In Kursk 400 soldiers were killed.", "400", confidence=MIN_CONFIDENCE - 0.01),
    ],
    ids=["other fate", "no fate", "more fates", "other place", "other unit", "a day", "no amount", "not likely"],
)
def test_figures_for_something_else_are_left_out(other: RankedAnswer) -> None:
    assert amounts(QUESTION, KYIV, other) == []


def test_place_alone_does_not_make_figures_comparable() -> None:
    dead = claim("As many as 2,000 soldiers were feared dead in Kursk.", "As many as 2,000")
    home = claim("Kursk, a city of over 400,000, lies on the Tuskar.", "over 400,000")
    assert amounts(QUESTION, dead, home) == []


def test_place_may_stand_in_the_passage_or_the_title() -> None:
    beside = claim("The fighting in Kursk went on. Some 50 soldiers were killed.", "50", 18)
    assert amounts(QUESTION, KYIV, beside) == ["30", "50"]


@pytest.mark.parametrize(
    "question", ["Who said that soldiers were killed in Kursk?", "When were they killed in Kursk?"]
)
def test_question_for_no_amount_has_no_figures(question: str) -> None:
    assert amounts(question, KYIV, SEOUL) == []


def test_best_answer_that_is_no_amount_has_no_figures() -> None:
    vague = claim("Hundreds of soldiers were killed in Kursk.", "Hundreds")
    assert amounts(QUESTION, vague, KYIV, SEOUL) == []
    assert amounts(QUESTION) == []


def test_article_that_gives_an_amount_twice_counts_once() -> None:
    text = "At least 30 soldiers were killed in Kursk. In Kursk, too, 30 men were killed."
    one, other = claim(text, "At least 30", 16), claim(text, "30 men", 16)
    assert amounts(QUESTION, one, replace(other, confidence=0.5), SEOUL) == ["30", "100"]


@pytest.mark.parametrize(
    ("text", "answer", "differ"),
    [
        ("Nearly 32 soldiers were killed in Kursk, Minsk said.", "Nearly 32", False),
        ("About 29 soldiers were killed in Kursk, Minsk said.", "About 29", False),
        ("At least 32 soldiers were killed in Kursk, Minsk said.", "At least 32", True),
    ],
)
def test_figures_that_may_be_the_same_number_do_not_differ(text: str, answer: str, differ: bool) -> None:
    assert bool(amounts(QUESTION, KYIV, claim(text, answer, 17))) is differ


def test_toll_of_another_event_is_left_out_and_that_of_the_same_stays() -> None:
    question = "How many people were killed?"
    haiti = claim("In Haiti 40 people were killed by gangs.", "40", 16)
    later = claim("Gangs in Haiti killed 55 people.", "55", 17)
    ukraine = claim("In Ukraine 70 people were killed by shells.", "70", 16)
    assert amounts(question, haiti, ukraine) == []
    assert amounts(question, haiti, ukraine, later) == ["40", "55"]
