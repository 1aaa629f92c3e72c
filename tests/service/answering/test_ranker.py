from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Days, Hit, Passage, Span
from index.text import sentences
from service.answering.ranker import AnswerRanker, answer_key, features
from service.readers.calibration import Calibration, Weights, sigmoid
from service.readers.reader import ExtractedAnswer

RELEVANCE = Calibration(Weights(0, {"relevance": 1}), Weights(-1, {"relevance": 1}), Weights(-3, {"relevance": 1}))


def extracted(
    text: str,
    answer: str,
    relevance: float = 0.0,
    ordinal: int = 0,
    score: float = 1.0,
    published: date | None = None,
) -> ExtractedAnswer:
    article = Article(text, published=published)
    found = sentences.split(article)
    start = text.index(answer)
    sentence = next(s for s in found if s.span.start <= start < s.span.end)
    hit = Hit(Passage(found[ordinal], tuple(found)), score, 1, similarity=0.5, recency=0.25, overlap=0.75)
    return ExtractedAnswer(hit, sentence, Span(article, start, start + len(answer)), relevance, margin=1.5)


def test_best_comes_first_and_each_sentence_once() -> None:
    text = "At least 30 men were lost. It rained."
    given = [
        extracted(text, "30", 1.0),
        extracted("About 40 men were lost.", "40", 2.0),
        extracted(text, "30 men", 0.5),
    ]
    ranked = AnswerRanker(RELEVANCE).rank(given)
    assert [one.answer.text for one in ranked] == ["About 40", "At least 30"]
    assert ranked[0].score == pytest.approx(sigmoid(2.0))
    assert ranked[0].confidence == pytest.approx(sigmoid(1.0))
    assert ranked[0].further == pytest.approx(sigmoid(-1.0))


def test_article_that_the_question_is_about_comes_first_if_it_is_nearly_as_likely() -> None:
    given = [
        extracted("About 40 men were lost.", "40", 2.0),
        extracted("At least 30 men were lost.", "30", 1.5),
        extracted("Some 20 men were lost.", "20", 0.5),
    ]
    about = {one.sentence.article.id for one in given[1:]}
    ranked = AnswerRanker(RELEVANCE).rank(given, about=about)
    assert [one.extracted.answer.text for one in ranked] == ["30", "40", "20"]
    assert ranked[0].confidence == pytest.approx(sigmoid(0.5))  # as likely to be right as it was


def test_answer_of_another_time_is_unlikely_where_the_question_names_its_year() -> None:
    given = [
        extracted("Brigg won.", "Brigg", 2.0, published=date(2024, 5, 2)),
        extracted("Hull won.", "Hull", 1.0, published=date(2019, 5, 2)),
    ]
    asked, ranker = Days(date(2019, 5, 1), date(2019, 5, 31)), AnswerRanker(RELEVANCE, other_year=-4.0)
    brigg, hull = ranker.rank(given, asked, names_year=True)
    assert (brigg.answer.text, hull.answer.text) == ("Brigg", "Hull")
    assert brigg.confidence == pytest.approx(sigmoid(1.0 - 4.0))
    assert hull.confidence == pytest.approx(sigmoid(0.0))
    assert ranker.rank(given, asked)[0].confidence == pytest.approx(sigmoid(1.0))  # "in May" may be any May


def test_support_counts_other_articles_that_likely_say_the_same() -> None:
    given = [
        extracted("They sent 10,000 men.", "10,000", 3.0),
        extracted("It was 10,000, one heard.", "10,000", 1.0),
        extracted("It was 10000 in all.", "10000", 1.0),
        extracted("In 10,000 years, who knows?", "10,000", -3.0),
        extracted("Others say 12,000.", "12,000", 2.0),
    ]
    ranked = AnswerRanker(RELEVANCE).rank(given)
    assert {one.answer.text: one.support for one in ranked} == {"10,000": 3, "12,000": 1, "10000": 3}


def test_one_article_supports_itself_once() -> None:
    text = "They sent 10,000 men. The 10,000 men came by train."
    given = [extracted(text, "10,000", 3.0), replace(extracted(text, "10,000 men came", 2.0))]
    assert {one.support for one in AnswerRanker(RELEVANCE).rank(given)} == {1}


def test_wire_copies_are_one_quote_and_one_voice() -> None:
    wire = "Some 10,000 troops went east, the agency said."
    given = [
        extracted(f"{wire} It rained.", "10,000", 2.0),
        extracted(f"It was cold. {wire}", "10,000", 1.0),
        extracted("One counted 10,000 of them at the border.", "10,000", 0.5),
    ]
    first, second = AnswerRanker(RELEVANCE).rank(given)
    assert [copy.article for copy in first.copies] == [given[1].hit.passage.article]
    assert (first.support, second.support) == (2, 2)
    assert second.copies == ()


def test_features_are_what_they_say() -> None:
    first, second = features(
        [
            extracted("They sent 9 men. It rained.", "9", 0.5, score=1.0),
            extracted("It rained. Nine.", "Nine", 0, 1, 0.5),
        ],
    )
    assert first == pytest.approx(
        {
            "relevance": 0.5,
            "margin": 1.5,
            "similarity": 0.5,
            "recency": 0.25,
            "elsewhen": 0.0,
            "own": 1.0,
            "overlap": 0.75,
            "votes": 0.0,
            "support": 1.0,
        }
    )
    assert (second["own"], second["relevance"]) == (1.0, 0.0)


def test_equal_answers_have_equal_keys() -> None:
    assert answer_key("the 10,000 troops") == answer_key("10000 troop")
    assert answer_key("Kyiv's") == answer_key("Kyiv")
    assert answer_key("at least 10,000") == answer_key("10,000")
    assert answer_key("10,000") != answer_key("12,000")
    assert answer_key("?") != answer_key("…")
