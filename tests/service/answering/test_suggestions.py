from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.articles import Article, Hit, Sentence, Span
from service.answering.suggestions import MOST_READ, Suggester, candidates
from service.readers.calibration import Calibration
from service.readers.reader import ExtractedAnswer, Reader


class PointingReader:
    """Points at the first of the words that stands in a sentence, and is sure of it; of other sentences it is not."""

    calibration = Calibration.of({})

    def __init__(self, *words: str, log_odds: float = 3.0) -> None:
        self._words, self._log_odds = words, log_odds
        self.asked: list[str] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        self.asked.append(question)
        return [self._read(hit, sentence) for hit in hits for sentence in hit.passage.around]

    def _read(self, hit: Hit, sentence: Sentence) -> ExtractedAnswer:
        found = next((word for word in self._words if word in sentence.text), None)
        if found is None:
            return ExtractedAnswer(hit, sentence, sentence.span, -3.0, -3.0)
        start = sentence.span.start + sentence.text.index(found)
        return ExtractedAnswer(
            hit, sentence, Span(sentence.article, start, start + len(found)), self._log_odds, self._log_odds
        )


def test_candidate_knows_the_words_that_answer_it_and_their_neighbours() -> None:
    article = Article("It rained. Some 300 divers were rescued off Malta. They were fine. It rained again.")
    (candidate,) = candidates(article)
    assert candidate.answer == Span(article, 16, 19)
    assert candidate.passage.text == "It rained. Some 300 divers were rescued off Malta. They were fine."


DIVERS = Article("Some 300 divers were rescued off Malta. It rained.")
GAMES = Article("The next Summer Games will be held in Los Angeles. It rained.")


def test_question_is_kept_if_the_reader_finds_what_it_leaves_out() -> None:
    reader = PointingReader("300", "Los Angeles")
    assert Suggester(reader).first_questions([DIVERS, GAMES]) == (
        "How many divers were rescued off Malta?",
        "Where will the next Summer Games be held?",
    )


@pytest.mark.parametrize(
    "reader",
    [PointingReader("Malta"), PointingReader("rained"), PointingReader("300", log_odds=-0.1), PointingReader()],
    ids=["other words", "neighbour", "unlikely", "nothing"],
)
def test_question_is_dropped_where_the_reader_finds_something_else(reader: PointingReader) -> None:
    assert Suggester(reader).first_questions([DIVERS]) == ()


def test_only_one_question_comes_from_an_article_and_no_more_are_read_than_needed() -> None:
    both = Article(f"{DIVERS.text} {GAMES.text} Some 20 boats were lost near Gozo.")
    reader = PointingReader("300", "Los Angeles", "20")
    assert len(Suggester(reader).first_questions([both])) == 1
    assert len(Suggester(reader).first_questions([DIVERS, GAMES], most=1)) == 1
    assert len(reader.asked) == 2


def test_feature_that_opens_slowly_is_looked_into() -> None:
    slow = Article(f"{'It was a dark and stormy night. ' * 20}{DIVERS.text}", title="Rescue off Malta")
    assert Suggester(PointingReader("300")).first_questions([slow]) == ("How many divers were rescued off Malta?",)


def test_what_the_heading_is_about_comes_first() -> None:
    aside = Article("Some 20 boats were lost near Gozo. Near Gozo it rained.", title="Weather")
    found = Suggester(PointingReader("300", "20")).first_questions([aside, DIVERS])
    assert found == ("How many divers were rescued off Malta?", "How many boats were lost near Gozo?")


def test_second_question_about_the_same_comes_last() -> None:
    more = Article("Some 40 divers were lost off Malta. It rained.")
    found = Suggester(PointingReader("300", "40", "Los Angeles")).first_questions([DIVERS, more, GAMES])
    assert found[1:] == ("Where will the next Summer Games be held?", "How many divers were lost off Malta?")


def test_capital_that_only_begins_a_sentence_is_no_name_to_ask_about() -> None:
    article = Article("It rained. Officers seized the drugs on Friday. The officers left.")
    assert "When did Officers seize the drugs?" in [candidate.question for candidate in candidates(article)]
    assert Suggester(PointingReader("Friday")).first_questions([article]) == ()


def test_reader_is_asked_so_often_and_no_more() -> None:
    reader = PointingReader()
    many = [Article(f"Some 300 divers were rescued off Malta. It rained {n} times.") for n in range(2 * MOST_READ)]
    assert Suggester(reader).first_questions(many) == ()
    assert len(reader.asked) == MOST_READ


def test_there_is_no_question_where_none_can_be_made() -> None:
    dull = [Article(f"It rained {n} times.") for n in range(6)]
    suggester = Suggester(PointingReader("300"))
    assert suggester.first_questions(dull, most=2) == ()
    assert suggester.first_questions([*dull, DIVERS]) == ("How many divers were rescued off Malta?",)
    assert suggester.first_questions([]) == ()


@pytest.mark.slow
def test_trained_reader_finds_the_answers_too(reader: Reader) -> None:
    assert Suggester(reader).first_questions([DIVERS, GAMES]) == (
        "How many divers were rescued off Malta?",
        "Where will the next Summer Games be held?",
    )


def test_no_question_is_made_from_furniture() -> None:
    article = Article("It rained.\n\nMore:Some 300 divers were rescued off Malta.\n\nIt rained again.")
    assert list(candidates(article)) == []
